import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createManyFiles } from '../../../src/io/files/many-files.ts';
import type { RawFiles } from '../../../src/io/files/steps.ts';
import { temporaryFolder } from '../../helpers/command.ts';
import { failingFiles } from '../../helpers/failing-files.ts';

describe('ManyFiles.writeParts()', () => {
  const parts = ['菜', '单'.repeat(100_000), 'z'];
  const going = new AbortController().signal;

  test('leaves the old file whole, whichever call fails, and then the private new one', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'a');
    nodeFs.writeFileSync(file, 'old', { mode: 0o644 });
    const failed: (string | undefined)[] = [];
    for (let n = 1; ; n += 1) {
      const disk = failingFiles(n, 'ENOSPC', 'once');
      const ended = await createManyFiles(disk.fs)
        .writeParts(file, parts, going)
        .catch((error: NodeJS.ErrnoException) => error.code);
      expect(nodeFs.readdirSync(folder)).toEqual(['a']);
      const call = disk.failed()?.split(' ')[0];
      failed.push(call);
      if (nodeFs.readFileSync(file, 'utf8') !== 'old') break;
      expect(ended).toBe('ENOSPC');
    }
    const write = parts.map(() => 'write');
    // The last one is that of the directory, without which the file is good.
    expect(failed).toEqual([
      'openSync',
      ...write,
      'fsync',
      'fstatSync',
      'closeSync',
      'renameSync',
      'openSync',
    ]);
    expect(nodeFs.readFileSync(file, 'utf8')).toBe(parts.join(''));
    if (process.platform !== 'win32') expect(nodeFs.statSync(file).mode & 0o777).toBe(0o600);
  });

  test('goes on where the system has taken a part, and takes nothing for a failure', async () => {
    const file = join(temporaryFolder(), 'a');
    const most = (limit: number) =>
      ((descriptor: number, data: Buffer, offset: number, length: number, _: null, tell: () => void) =>
        nodeFs.write(descriptor, data, offset, Math.min(limit, length), null, tell)) as RawFiles['write'];
    await createManyFiles({ ...nodeFs, write: most(50_001) }).writeParts(file, parts, going);
    expect(nodeFs.readFileSync(file, 'utf8')).toBe(parts.join(''));
    const none = createManyFiles({ ...nodeFs, write: most(0) }).writeParts(file, ['new'], going);
    await expect(none).rejects.toThrow('EIO: the system wrote nothing');
    expect(nodeFs.readFileSync(file, 'utf8')).toBe(parts.join(''));
  });

  test('stops at the signal, and leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const stop = new AbortController();
    const writing = createManyFiles().writeParts(join(folder, 'a'), parts, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(writing).rejects.toThrow('stopped');
    expect(nodeFs.readdirSync(folder)).toEqual([]);
  });
});

describe('ManyFiles.create()', () => {
  test('refuses a name that is taken, and adds whole lines or nothing', async () => {
    const file = join(temporaryFolder(), 'a');
    // Opening is the first call, the second line's write the third.
    const disk = failingFiles(3, 'ENOSPC', 'once');
    const growing = createManyFiles(disk.fs).create(file);
    growing.add('one\n');
    expect(() => growing.add('two\n')).toThrow('ENOSPC');
    growing.add('three\n');
    await growing.sync();
    growing.close();
    expect(nodeFs.readFileSync(file, 'utf8')).toBe('one\nthree\n');
    expect(() => createManyFiles().create(file)).toThrow('EEXIST');
  });

  test('tells of a disk that keeps nothing', async () => {
    const disk = failingFiles(2, 'EIO', 'once');
    const growing = createManyFiles(disk.fs).create(join(temporaryFolder(), 'a'));
    await expect(growing.sync()).rejects.toThrow('EIO');
    growing.close();
  });
});
