import { createHash } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { systemCode, WechatMpError } from '../../../src/core/errors.ts';
import { thisSystem, type RawFiles } from '../../../src/io/files/steps.ts';
import { createFiles } from '../../../src/io/files/files.ts';
import { temporaryFolder } from '../../helpers/command.ts';
import { buildWorker, startWorker } from '../../helpers/workers.ts';

const windows = process.platform === 'win32';

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** `node:fs` with some functions replaced. */
function changedFiles(changes: Partial<RawFiles>): RawFiles {
  return { ...nodeFs, ...changes };
}

/** `node:fs` whose nth call fails; tells whether it came so far. */
function failingFiles(failAt: number): { readonly fs: RawFiles; reached(): string | undefined } {
  let calls = 0;
  let reached: string | undefined;
  const fs = new Proxy(nodeFs, {
    get(target, name: keyof typeof nodeFs) {
      return (...values: unknown[]): unknown => {
        calls += 1;
        if (calls === failAt) {
          reached = name;
          // A failing close still closes.
          if (name === 'closeSync') target.closeSync(values[0] as number);
          throw systemError('EIO');
        }
        return (target[name] as (...each: unknown[]) => unknown)(...values);
      };
    },
  });
  return { fs, reached: () => reached };
}

/** `node:fs` that meets so many names that are taken. */
function takenNames(times: number): RawFiles {
  let left = times;
  const openSync = ((path: string, flags: string, mode: number) => {
    if (flags === 'wx' && left-- > 0) throw systemError('EEXIST');
    return nodeFs.openSync(path, flags, mode);
  }) as RawFiles['openSync'];
  return changedFiles({ openSync });
}

/** The code of the error that the work ends with. */
function failureOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return systemCode(error);
  }
}

function modeOf(path: string): string {
  return (nodeFs.statSync(path).mode & 0o777).toString(8);
}

function underUmask<T>(mask: number, work: () => T): T {
  const before = process.umask(mask);
  try {
    return work();
  } finally {
    process.umask(before);
  }
}

describe('Files.read()', () => {
  test('hands back a file whole, and nothing where there is none', () => {
    const folder = temporaryFolder();
    const files = createFiles();
    for (const size of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
      const bytes = Buffer.alloc(size, 'abc');
      files.write(join(folder, 'a'), bytes);
      expect(files.read(join(folder, 'a'))?.equals(bytes)).toBe(true);
    }
    expect(files.read(join(folder, 'b'))).toBeUndefined();
    expect(failureOf(() => files.read(folder))).toBe('EISDIR');
  });

  test('takes as many bytes as it may, and refuses one more', () => {
    const file = join(temporaryFolder(), 'a');
    const files = createFiles();
    files.write(file, 'x'.repeat(2048));
    expect(files.read(file, 2048)?.length).toBe(2048);
    expect(() => files.read(file, 1024)).toThrow(
      `Cannot read "${file}": it is longer than 1 KiB, the most that is read here`,
    );
  });

  test('reads on where a file grows, and where the system takes it in pieces', () => {
    const file = join(temporaryFolder(), 'a');
    nodeFs.writeFileSync(file, '0123456789');
    const statSync = (() => ({
      size: 3,
      isFile: () => true,
      isFIFO: () => false,
    })) as unknown as RawFiles['statSync'];
    const readSync = ((descriptor: number, into: Buffer, at: number) =>
      nodeFs.readSync(descriptor, into, at, 1, null)) as RawFiles['readSync'];
    const files = createFiles(changedFiles({ statSync, readSync }));
    expect(files.read(file, 10)?.toString()).toBe('0123456789');
    expect(() => files.read(file, 9)).toThrow(WechatMpError);
  });

  test.skipIf(windows)('refuses a device and a pipe that never end, and takes one that does', () => {
    const files = createFiles();
    expect(() => files.read('/dev/zero', 1 << 20)).toThrow(
      'Cannot read "/dev/zero": it is longer than 1 MiB',
    );
    expect(files.read('/dev/null')?.length).toBe(0);
    const pipe = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const feed = (script: string) => {
      const child = spawn('sh', ['-c', `${script} > "${pipe}" 2>/dev/null`], { stdio: 'ignore' });
      onTestFinished(() => void child.kill());
    };
    feed('printf whole');
    expect(files.read(pipe, 5)?.toString()).toBe('whole');
    feed('cat /dev/zero');
    expect(() => files.read(pipe, 1 << 20)).toThrow(`Cannot read "${pipe}": it is longer than 1 MiB`);
  });
});

describe('Files.write()', () => {
  test('writes text and bytes whole and replaces what was there', () => {
    const file = join(temporaryFolder(), 'a');
    const files = createFiles();
    files.write(file, 'old and longer');
    files.write(file, '令牌');
    expect(files.read(file)?.toString()).toBe('令牌');
    files.write(file, new Uint8Array([0, 255]));
    expect(files.read(file)).toEqual(Buffer.from([0, 255]));
    files.write(file, '');
    expect(files.read(file)).toEqual(Buffer.alloc(0));
  });

  test.skipIf(windows).each([0o000, 0o022, 0o077])('makes a private file under umask %o', (mask) => {
    const file = join(temporaryFolder(), 'a');
    underUmask(mask, () => {
      createFiles().write(file, 'x');
    });
    expect(modeOf(file)).toBe('600');
  });

  test.skipIf(windows)('makes a file private that was readable by all', () => {
    const file = join(temporaryFolder(), 'a');
    nodeFs.writeFileSync(file, 'old', { mode: 0o644 });
    createFiles().write(file, 'new');
    expect(modeOf(file)).toBe('600');
  });

  test.skipIf(windows)('leaves another mode to the umask', () => {
    const file = join(temporaryFolder(), 'a');
    underUmask(0o027, () => {
      createFiles().write(file, 'x', 0o666);
    });
    expect(modeOf(file)).toBe('640');
  });

  test('leaves the old file and no temporary one, whichever call fails', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'a');
    const failed: string[] = [];
    for (let n = 1; ; n += 1) {
      nodeFs.writeFileSync(file, 'old');
      const { fs, reached } = failingFiles(n);
      let error: unknown;
      try {
        createFiles(fs).write(file, 'new');
      } catch (caught) {
        error = caught;
      }
      const name = reached();
      if (name === undefined) break;
      failed.push(name);
      expect(nodeFs.readdirSync(folder)).toEqual(['a']);
      expect(nodeFs.readFileSync(file, 'utf8')).toBe(error === undefined ? 'new' : 'old');
    }
    // Nothing but the last three, the directory's, may fail without an error.
    expect(failed.join(' ')).toBe(
      'openSync writeSync fsyncSync fstatSync closeSync renameSync openSync fsyncSync closeSync',
    );
  });

  test('throws the system error before the rename and none after it', () => {
    const file = join(temporaryFolder(), 'a');
    for (let n = 1; n <= 6; n += 1) {
      expect(() => createFiles(failingFiles(n).fs).write(file, 'x')).toThrow('EIO');
    }
    for (let n = 7; n <= 9; n += 1) createFiles(failingFiles(n).fs).write(file, `x${n}`);
    expect(nodeFs.readFileSync(file, 'utf8')).toBe('x9');
  });

  test('goes on after a short write', () => {
    const file = join(temporaryFolder(), 'a');
    const writeSync = ((descriptor: number, bytes: Uint8Array, offset: number, length: number) =>
      nodeFs.writeSync(descriptor, bytes, offset, Math.min(3, length))) as RawFiles['writeSync'];
    createFiles(changedFiles({ writeSync })).write(file, '0123456789');
    expect(nodeFs.readFileSync(file, 'utf8')).toBe('0123456789');
  });

  test.each<[string, Partial<RawFiles>]>([
    ['a write that writes nothing', { writeSync: (() => 0) as RawFiles['writeSync'] }],
    [
      'a write that lies about its count',
      {
        writeSync: ((descriptor: number, bytes: Uint8Array, offset: number, length: number) => {
          nodeFs.writeSync(descriptor, bytes, offset, 1);
          return length;
        }) as RawFiles['writeSync'],
      },
    ],
  ])('takes %s for a failure', (_, changes) => {
    const folder = temporaryFolder();
    const file = join(folder, 'a');
    nodeFs.writeFileSync(file, 'old');
    expect(() => createFiles(changedFiles(changes)).write(file, '0123456789')).toThrow('EIO');
    expect(nodeFs.readdirSync(folder)).toEqual(['a']);
    expect(nodeFs.readFileSync(file, 'utf8')).toBe('old');
  });

  test('draws another name when the temporary one exists, five times at most', () => {
    const file = join(temporaryFolder(), 'a');
    createFiles(takenNames(4)).write(file, 'x');
    expect(() => createFiles(takenNames(5)).write(file, 'y')).toThrow('EEXIST');
    expect(nodeFs.readFileSync(file, 'utf8')).toBe('x');
  });

  test.each([
    ['win32', 'EPERM', 6, undefined],
    ['win32', 'EBUSY', 7, 'EBUSY'],
    ['win32', 'ENOSPC', 1, 'ENOSPC'],
    ['linux', 'EPERM', 1, 'EPERM'],
  ])('on %s, a rename that meets %s %d times ends with %s', (platform, code, times, failure) => {
    const folder = temporaryFolder();
    const file = join(folder, 'a');
    let left = times;
    let pausedMs = 0;
    const renameSync = ((from: string, to: string) => {
      if (left-- > 0) throw systemError(code);
      nodeFs.renameSync(from, to);
    }) as RawFiles['renameSync'];
    const system = { ...thisSystem, platform, pause: (ms: number) => void (pausedMs += ms) };
    const write = (): void => createFiles(changedFiles({ renameSync }), system).write(file, 'x');
    expect(failureOf(write)).toBe(failure);
    expect(nodeFs.readdirSync(folder)).toEqual(failure === undefined ? ['a'] : []);
    expect(pausedMs).toBeLessThanOrEqual(1000);
  });

  const tmpfs = canMount();
  test.skipIf(!tmpfs)('leaves the old file when the disk is full', () => {
    for (const pages of [0, 1, 2, 4]) {
      for (const size of [512, 20_480]) {
        const { folder, release } = mountSmall(256);
        try {
          const file = join(folder, 'a');
          nodeFs.writeFileSync(file, 'old '.repeat(8));
          fillUp(folder, pages);
          const fits = size <= pages * 4096;
          const write = (): void => createFiles().write(file, 'n'.repeat(size));
          expect(failureOf(write)).toBe(fits ? undefined : 'ENOSPC');
          expect(nodeFs.readdirSync(folder)).toEqual(['a', 'filler']);
          expect(nodeFs.readFileSync(file, 'utf8')).toBe(fits ? 'n'.repeat(size) : 'old '.repeat(8));
        } finally {
          release();
        }
      }
    }
  });
});

describe('Files.write() of processes that are killed', () => {
  let program: string;
  beforeAll(() => {
    program = buildWorker('writer-worker');
  });

  test('never shows a bad file: 2 writers, 12 kills', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a');
    createFiles().write(path, sealed('first'));
    let kills = 0;
    let reads = 0;
    const keepKilling = async (): Promise<void> => {
      while (kills < 12) {
        kills += 1;
        const worker = startWorker(program, { path });
        await worker.ready;
        for (let turn = 0; turn < 3 + ((kills * 7) % 20); turn += 1) {
          await new Promise((resolve) => setImmediate(resolve));
          reads += 1;
          expect(isWhole(readText(path))).toBe(true);
        }
        worker.child.kill('SIGKILL');
        expect((await worker.ended).signal).toBe('SIGKILL');
      }
    };
    await Promise.all([keepKilling(), keepKilling()]);
    expect(reads).toBeGreaterThan(80);
    expect(nodeFs.readdirSync(folder).filter((name) => name !== 'a' && !name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('Files.makePrivate()', () => {
  test.skipIf(windows).each([0o000, 0o022, 0o077])(
    'makes directories with mode 0700 under umask %o',
    (mask) => {
      const folder = join(temporaryFolder(), 'a', 'b');
      expect(underUmask(mask, () => createFiles().makePrivate(folder))).toEqual([]);
      expect([modeOf(folder), modeOf(join(folder, '..'))]).toEqual(['700', '700']);
    },
  );

  test.skipIf(windows)('repairs a directory that others may write to and a file that others may read', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'secrets.json');
    nodeFs.writeFileSync(file, '{}');
    nodeFs.chmodSync(file, 0o644);
    nodeFs.chmodSync(folder, 0o777);
    expect(createFiles().makePrivate(folder)).toEqual([
      {
        en: `Repaired the mode of "${folder}": it was 0777 and is now 0700`,
        zh: `已修正 "${folder}" 的权限：原为 0777，现为 0700`,
      },
      {
        en: `Repaired the mode of "${file}": it was 0644 and is now 0600`,
        zh: `已修正 "${file}" 的权限：原为 0644，现为 0600`,
      },
    ]);
    expect([modeOf(folder), modeOf(file)]).toEqual(['700', '600']);
    expect(createFiles().makePrivate(folder)).toEqual([]);
  });

  test.skipIf(windows)('leaves files alone that are not ours', () => {
    const folder = temporaryFolder();
    const [ours, theirs] = [join(folder, 'secrets.json'), join(folder, 'index.html')];
    for (const file of [ours, theirs]) {
      nodeFs.writeFileSync(file, '{}');
      nodeFs.chmodSync(file, 0o644);
    }
    expect(createFiles().makePrivate(folder, (name) => name === 'secrets.json')).toHaveLength(1);
    expect([modeOf(ours), modeOf(theirs)]).toEqual(['600', '644']);
  });

  test.skipIf(windows)('does not follow a symbolic link out of the directory', () => {
    const folder = temporaryFolder();
    const outside = join(temporaryFolder(), 'outside');
    nodeFs.writeFileSync(outside, '');
    nodeFs.chmodSync(outside, 0o644);
    nodeFs.symlinkSync(outside, join(folder, 'link'));
    expect(createFiles().makePrivate(folder)).toEqual([]);
    expect(modeOf(outside)).toBe('644');
  });

  test.skipIf(windows)('says so when the file system keeps no modes', () => {
    const folder = temporaryFolder();
    nodeFs.chmodSync(folder, 0o755);
    const chmodSync = (() => undefined) as RawFiles['chmodSync'];
    expect(
      createFiles(changedFiles({ chmodSync }))
        .makePrivate(folder)
        .map((text) => text.en),
    ).toEqual([`Cannot make "${folder}" private: its mode is 0755 and the file system keeps it`]);
  });

  test('does not mind another process that makes the same directories at the same moment', () => {
    for (const rival of ['a', 'a/b', 'a/b/c']) {
      const root = temporaryFolder();
      let calls = 0;
      // Whichever call the rival comes before.
      for (let before = 1; before <= 6; before += 1) {
        nodeFs.rmSync(join(root, 'a'), { recursive: true, force: true });
        calls = 0;
        const mkdirSync = ((path: string, options: object) => {
          calls += 1;
          if (calls === before) nodeFs.mkdirSync(join(root, rival), { recursive: true, mode: 0o700 });
          return nodeFs.mkdirSync(path, options);
        }) as RawFiles['mkdirSync'];
        expect(createFiles(changedFiles({ mkdirSync })).makePrivate(join(root, 'a/b/c'))).toEqual([]);
        expect(modeOf(join(root, 'a/b/c'))).toBe('700');
      }
    }
  });

  test.skipIf(process.platform !== 'linux')(
    'ends where no directory can be made although the parent is there',
    () => {
      expect(() => createFiles().makePrivate('/proc/none/tokens')).toThrow('ENOENT');
    },
  );

  test('throws when a part of the path is a file', () => {
    const file = join(temporaryFolder(), 'file');
    nodeFs.writeFileSync(file, '');
    expect(() => createFiles().makePrivate(join(file, 'tokens'))).toThrow('ENOTDIR');
    expect(() => createFiles().makePrivate(file)).toThrow('EEXIST');
  });

  test('refuses the directory of another user', () => {
    const folder = temporaryFolder();
    const userId = nodeFs.statSync(folder).uid + 1;
    const files = createFiles(nodeFs, { ...thisSystem, userId });
    expect(() => files.makePrivate(folder)).toThrow(WechatMpError);
    expect(() => files.makePrivate(folder)).toThrow(`"${folder}": it must belong to user ${userId}`);
  });
});

describe('Files', () => {
  test('read(), stat(), list() and remove() take a missing file for nothing', () => {
    const missing = join(temporaryFolder(), 'missing');
    const files = createFiles();
    expect([files.read(missing), files.stat(missing), files.list(missing)]).toEqual([
      undefined,
      undefined,
      [],
    ]);
    files.remove(missing);
  });

  test('read() throws what is not a missing file', () => {
    expect(() => createFiles().read(temporaryFolder())).toThrow('EISDIR');
  });
});

function readText(path: string): string {
  return nodeFs.readFileSync(path, 'utf8');
}

function sealed(body: string): string {
  return createHash('sha256').update(body).digest('hex') + body;
}

function isWhole(text: string): boolean {
  return sealed(text.slice(64)) === text;
}

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    mountSmall(64).release();
    return true;
  } catch {
    return false;
  }
}

function mountSmall(kibibytes: number): { readonly folder: string; release(): void } {
  const folder = nodeFs.mkdtempSync('/tmp/wechat-mp-tmpfs-');
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', folder], { stdio: 'ignore' });
  return {
    folder,
    release: () => {
      execFileSync('umount', ['-l', folder]);
      nodeFs.rmdirSync(folder);
    },
  };
}

/** Fills the disk and then frees that many pages. */
function fillUp(folder: string, freePages: number): void {
  const filler = nodeFs.openSync(join(folder, 'filler'), 'w');
  const page = Buffer.alloc(4096);
  let pages = 0;
  try {
    for (; ; pages += 1) nodeFs.writeSync(filler, page);
  } catch {
    nodeFs.ftruncateSync(filler, (pages - freePages) * 4096);
  }
  nodeFs.closeSync(filler);
}

describe.skipIf(windows)('a named pipe', () => {
  function pipe(): string {
    const file = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [file]);
    return file;
  }

  /** The files of this machine with a clock of their own; something happens in a certain pause. */
  function waiting(happen: (pausesBefore: number) => void = () => {}) {
    let pauses = 0;
    const files = createFiles(nodeFs, { ...thisSystem, pause: () => happen(pauses++) });
    return { files, pauses: () => pauses };
  }

  test('without a writer is an input error after 10 s', () => {
    const file = pipe();
    const { files, pauses } = waiting();
    expect(() => files.read(file)).toThrow(
      expect.objectContaining({ family: 'input', type: 'pipe_without_writer', facts: { file } }),
    );
    expect(pauses()).toBe(501);
  });

  test('is read to its end, however late its writer comes and writes', () => {
    const file = pipe();
    let writer = -1;
    const { files } = waiting((pause) => {
      if (pause === 400) writer = nodeFs.openSync(file, nodeFs.constants.O_WRONLY);
      if (pause === 2000) nodeFs.writeSync(writer, 'late ');
      if (pause === 2001) nodeFs.writeSync(writer, 'words');
      if (pause === 2002) nodeFs.closeSync(writer);
    });
    expect(String(files.read(file))).toBe('late words');
  });

  test('whose writer goes without a word is empty', () => {
    const file = pipe();
    let writer = -1;
    const { files } = waiting((pause) => {
      if (pause === 0) writer = nodeFs.openSync(file, nodeFs.constants.O_WRONLY);
      if (pause === 5) nodeFs.closeSync(writer);
    });
    expect(files.read(file)).toHaveLength(0);
  });

  test('that never ends is refused at the limit', () => {
    const file = pipe();
    let writer = -1;
    const { files } = waiting((pause) => {
      if (pause === 0) writer = nodeFs.openSync(file, nodeFs.constants.O_WRONLY);
      nodeFs.writeSync(writer, 'x'.repeat(1000));
    });
    expect(() => files.read(file, 5000)).toThrow(expect.objectContaining({ type: 'file_too_large' }));
    nodeFs.closeSync(writer);
  });
});
