import { describe, expect, test } from 'vitest';
import {
  checkOutput,
  unwritable,
  writeOutput,
  type OutputOptions,
} from '../../../src/cli/files/output-file.ts';
import type { Context } from '../../../src/cli/context.ts';
import { WechatMpError } from '../../../src/core/errors.ts';
import { fakeWorld, type FakeIoOptions } from '../../helpers/fake-io.ts';

function world(options: FakeIoOptions = {}, json = false) {
  const { io, files } = fakeWorld({
    files: { 'same.json': 'new', 'other.json': 'old', 'folder/x': '' },
    ...options,
  });
  const written: (string | Uint8Array)[] = [];
  const terminal = { ...io.terminal, writeStdout: (data: string | Uint8Array) => void written.push(data) };
  const context = {
    io: { ...io, terminal },
    options: { json },
    settings: { stateDirectory: '/state' },
    verbose: () => {},
  } as unknown as Context;
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
      return 'fine';
    } catch (error) {
      return error instanceof WechatMpError ? `${error.family} ${error.type}: ${error.text.en}` : error;
    }
  };
  return {
    files,
    written,
    check: (path: string, options_: OutputOptions = { force: false }) =>
      attempt(() => checkOutput(context, path, options_)),
    write: (path: string, options_: OutputOptions = { force: false }, data: string | Uint8Array = 'new') =>
      attempt(() => writeOutput(context, path, data, options_)),
  };
}

const taken = 'usage file_exists: Cannot write "other.json": it exists already';

describe('writeOutput()', () => {
  test('makes a new file and says fine to one with the same content', async () => {
    const { write, files } = world();
    expect([await write('fresh.json'), await write('same.json')]).toEqual(['fine', 'fine']);
    expect(files.contents.get('/desk/fresh.json')?.toString()).toBe('new');
  });

  test('leaves other content alone without force, and replaces it with', async () => {
    const { write, files } = world();
    expect(await write('other.json')).toBe(taken);
    expect(files.contents.get('/desk/other.json')?.toString()).toBe('old');
    expect(await write('other.json', { force: true })).toBe('fine');
    expect(files.contents.get('/desk/other.json')?.toString()).toBe('new');
  });

  test.each([
    ['ENOSPC', 'local disk_full: Cannot write "x": the disk is full'],
    ['EDQUOT', 'local disk_full: Cannot write "x": the disk is full'],
    ['EACCES', 'local file_not_writable: Cannot write "x": permission denied (EACCES)'],
    ['EEXIST', 'local file_not_writable: Cannot write "x": something else has that name (EEXIST)'],
    ['EROFS', 'local file_not_writable: Cannot write "x": the file system is read-only (EROFS)'],
  ])('%s is a failure of this machine', async (code, wanted) => {
    const { write, files } = world();
    files.fail('write', 'x', code);
    expect(await write('x')).toBe(wanted);
  });

  test.each(['-', '/dev/stdout'])('%s is stdout', async (path) => {
    const { write, written, files } = world();
    const before = files.contents.size;
    expect(await write(path)).toBe('fine');
    expect([written, files.contents.size]).toEqual([['new'], before]);
  });
});

const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1]);
const otherJpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 2]);
const picture = { force: false, picture: true, differs: () => true };
const text = { force: false };

describe('a picture', () => {
  test.each([
    ['another JPEG', otherJpeg],
    ['a PNG', Buffer.from('\x89PNG\r\n\x1a\n…', 'latin1')],
    ['a GIF', 'GIF89a…'],
    ['a WebP', 'RIFF....WEBPVP8 '],
    ['an empty file', ''],
  ])('replaces %s', async (_, old) => {
    const { check, write, files } = world({ files: { 'qr.jpg': old } });
    expect([await check('qr.jpg', picture), await write('qr.jpg', picture, jpeg)]).toEqual(['fine', 'fine']);
    expect(files.contents.get('/desk/qr.jpg')).toEqual(jpeg);
  });

  test.each([
    ['text', '{}'],
    ['bytes of another kind', Buffer.from([0xff, 0xd8, 0xfe])],
    ['a RIFF that is a sound', 'RIFF....WAVEfmt '],
  ])('does not replace %s', async (_, old) => {
    const { check, write } = world({ files: { 'other.json': old } });
    const words = `${taken} and is no picture`;
    expect([await check('other.json', picture), await write('other.json', picture, jpeg)]).toEqual([
      words,
      words,
    ]);
  });

  test('does not replace a text either that this tool wrote', async () => {
    const { write } = world();
    await write('other.json', { force: true });
    expect(await write('other.json', picture, jpeg)).toBe(`${taken} and is no picture`);
  });
});

describe('a text', () => {
  test('replaces what this tool wrote, until somebody touches it', async () => {
    const { check, write, files } = world();
    expect(await write('menu.json', text, 'first')).toBe('fine');
    expect(await check('menu.json', { ...text, differs: () => true })).toBe('fine');
    expect(await write('menu.json', text, 'second')).toBe('fine');
    files.write('menu.json', 'by hand');
    expect([await check('menu.json', { ...text, differs: () => true }), await write('menu.json')]).toEqual([
      'usage file_exists: Cannot write "menu.json": it exists already',
      'usage file_exists: Cannot write "menu.json": it exists already',
    ]);
    files.write('menu.json', 'second');
    expect(await write('menu.json', text, 'third')).toBe('fine');
  });

  test('replaces an empty file, and no picture', async () => {
    const { write } = world({ files: { 'empty.json': '', 'other.json': jpeg } });
    expect([await write('empty.json'), await write('other.json')]).toEqual(['fine', taken]);
  });

  test('that somebody else wrote stays theirs, also where it is the same', async () => {
    const { write } = world({ files: { 'other.json': 'new' } });
    expect([await write('other.json'), await write('other.json', text, 'newer')]).toEqual(['fine', taken]);
  });

  test('is known by its absolute place', async () => {
    const { write, files } = world();
    await write('folder/../menu.json');
    expect(await write('/desk/menu.json', text, 'second')).toBe('fine');
    const record: unknown = JSON.parse(String(files.contents.get('/state/written/files.json')));
    expect(record).toEqual([{ file: '/desk/menu.json', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  test('is remembered for the newest five hundred files', async () => {
    const { write } = world();
    for (let index = 0; index <= 500; index += 1) await write(`menu-${index}.json`);
    expect([await write('menu-0.json', text, 'x'), await write('menu-1.json', text, 'x')]).toEqual([
      'usage file_exists: Cannot write "menu-0.json": it exists already',
      'fine',
    ]);
  });

  test('is written where it cannot be remembered, and then needs force', async () => {
    const { write, files } = world();
    files.fail('write', '/state/written/files.json', 'EROFS');
    expect([await write('menu.json'), await write('menu.json', text, 'second')]).toEqual([
      'fine',
      'usage file_exists: Cannot write "menu.json": it exists already',
    ]);
  });

  test('is not taken for ours by a torn record', async () => {
    const { write, files } = world();
    await write('menu.json');
    files.write('/state/written/files.json', '[{"file":');
    expect(await write('menu.json', text, 'second')).toBe(
      'usage file_exists: Cannot write "menu.json": it exists already',
    );
  });
});

describe('checkOutput() refuses beforehand', () => {
  test.each([
    [
      'a folder',
      'folder',
      { force: true },
      'local file_not_writable: Cannot write "folder": it is a directory',
    ],
    [
      'a missing folder',
      'no/x',
      { force: true },
      'local file_not_writable: Cannot write "no/x": there is no folder "no"',
    ],
    [
      'a missing folder at the root',
      '/no/x',
      { force: true },
      'local file_not_writable: Cannot write "/no/x": there is no folder "/no"',
    ],
    ['a file that cannot have the same content', 'other.json', { force: false, differs: () => true }, taken],
    [
      'a device, which would be replaced',
      '/dev/null',
      { force: true },
      'usage out_is_a_device: Cannot write "/dev/null": it is no ordinary file',
    ],
  ])('%s', async (_, path, options, wanted) => {
    expect(await world().check(path, options)).toBe(wanted);
  });

  test.each([
    ['a new file', 'x', { force: false, differs: () => true }],
    ['one below a folder', 'folder/y', { force: false }],
    ['one below the root', '/x', { force: false }],
    ['an existing file by force', 'other.json', { force: true, differs: () => true }],
    ['an existing file whose content may be the same', 'other.json', { force: false }],
    ['text on a terminal', '-', { force: false }],
  ])('not %s', async (_, path, options) => {
    expect(await world({ tty: ['stdout'] }).check(path, options)).toBe('fine');
  });

  test('bytes on a terminal, and not into a pipe', async () => {
    const bytes = { force: false, picture: true };
    expect(await world({ tty: ['stdout'] }).check('-', bytes)).toBe(
      'usage binary_on_terminal: Cannot print an image on a terminal',
    );
    expect(await world({ tty: ['stdin', 'stderr'] }).check('-', bytes)).toBe('fine');
    expect(await world({}, true).check('-', bytes)).toBe(
      'usage flags_conflict: Flags --out - and --json exclude each other: both want stdout',
    );
  });

  test('what may not be looked at', async () => {
    const { check, files } = world();
    files.fail('stat', 'x', 'EACCES');
    expect(await check('x')).toBe('local file_not_writable: Cannot write "x": permission denied (EACCES)');
  });
});

describe('unwritable()', () => {
  test.each([
    ['ENOENT', 'file_not_writable', 'there is no folder "no"', 'Make it first: mkdir -p no'],
    ['ENOSPC', 'disk_full', 'the disk is full', 'Free some space; nothing was half written'],
    ['EDQUOT', 'disk_full', 'the disk is full', 'Free some space; nothing was half written'],
    [
      'EACCES',
      'file_not_writable',
      'permission denied (EACCES)',
      'Check the permissions, or choose another place',
    ],
  ])('says what %s means for a file', (code, type, why, hint) => {
    const found = unwritable(fakeWorld().files, 'no/x.json', Object.assign(new Error(code), { code }));
    expect(found).toMatchObject({
      family: 'local',
      type,
      text: { en: `Cannot write "no/x.json": ${why}` },
      hint: { en: hint },
    });
  });

  test.each([
    ['x', 'open', undefined, 'nothing can be made in "." (ENOENT)', 'Choose another place'],
    ['/desk/x', 'open', '/desk/x.abc.tmp', 'nothing can be made in "/desk" (ENOENT)', 'Choose another place'],
    ['/desk/no/x', 'mkdir', '/desk/no', 'nothing can be made in "/desk" (ENOENT)', 'Choose another place'],
    ['no/x', 'open', 'no/x.abc.tmp', 'there is no folder "no"', 'Make it first: mkdir -p no'],
    ['no/x', 'scandir', 'no', 'there is no folder "no"', 'Make it first: mkdir -p no'],
  ])('calls no folder of %j missing that is there, after %s', (path, syscall, refused, why, hint) => {
    const error = Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall, path: refused });
    expect(unwritable(fakeWorld().files, path, error)).toMatchObject({
      text: { en: `Cannot write "${path}": ${why}` },
      hint: { en: hint },
    });
  });
});
