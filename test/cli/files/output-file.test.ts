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
  const context = { io: { ...io, terminal }, options: { json } } as unknown as Context;
  const attempt = (work: () => void) => {
    try {
      work();
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
    write: (path: string, options_: OutputOptions = { force: false }) =>
      attempt(() => writeOutput(context, path, 'new', options_)),
  };
}

const taken = 'local file_exists: Cannot write "other.json": it exists already';

describe('writeOutput()', () => {
  test('makes a new file and says fine to one with the same content', () => {
    const { write, files } = world();
    expect([write('fresh.json'), write('same.json')]).toEqual(['fine', 'fine']);
    expect(files.contents.get('/desk/fresh.json')?.toString()).toBe('new');
  });

  test('leaves other content alone without force, and replaces it with', () => {
    const { write, files } = world();
    expect(write('other.json')).toBe(taken);
    expect(files.contents.get('/desk/other.json')?.toString()).toBe('old');
    expect(write('other.json', { force: true })).toBe('fine');
    expect(files.contents.get('/desk/other.json')?.toString()).toBe('new');
  });

  test.each([
    ['ENOSPC', 'local disk_full: Cannot write "x": the disk is full'],
    ['EDQUOT', 'local disk_full: Cannot write "x": the disk is full'],
    ['EACCES', 'local file_not_writable: Cannot write "x": permission denied (EACCES)'],
    ['EROFS', 'local file_not_writable: Cannot write "x": the file system is read-only (EROFS)'],
  ])('%s is a failure of this machine', (code, wanted) => {
    const { write, files } = world();
    files.fail('write', 'x', code);
    expect(write('x')).toBe(wanted);
  });

  test.each(['-', '/dev/stdout'])('%s is stdout', (path) => {
    const { write, written, files } = world();
    const before = files.contents.size;
    expect(write(path)).toBe('fine');
    expect([written, files.contents.size]).toEqual([['new'], before]);
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
    ['a file that cannot have the same content', 'other.json', { force: false, fresh: true }, taken],
    [
      'a device, which would be replaced',
      '/dev/null',
      { force: true },
      'usage out_is_a_device: Cannot write "/dev/null": it is no ordinary file',
    ],
  ])('%s', (_, path, options, wanted) => {
    expect(world().check(path, options)).toBe(wanted);
  });

  test.each([
    ['a new file', 'x', { force: false, fresh: true }],
    ['one below a folder', 'folder/y', { force: false }],
    ['one below the root', '/x', { force: false }],
    ['an existing file by force', 'other.json', { force: true, fresh: true }],
    ['an existing file whose content may be the same', 'other.json', { force: false }],
    ['text on a terminal', '-', { force: false }],
  ])('not %s', (_, path, options) => {
    expect(world({ tty: ['stdout'] }).check(path, options)).toBe('fine');
  });

  test('bytes on a terminal, and not into a pipe', () => {
    const bytes = { force: false, binary: true };
    expect(world({ tty: ['stdout'] }).check('-', bytes)).toBe(
      'usage binary_on_terminal: Cannot print an image on a terminal',
    );
    expect(world({ tty: ['stdin', 'stderr'] }).check('-', bytes)).toBe('fine');
    expect(world({}, true).check('-', bytes)).toBe(
      'usage flags_conflict: Flags --out - and --json exclude each other: both want stdout',
    );
  });

  test('what may not be looked at', () => {
    const { check, files } = world();
    files.fail('stat', 'x', 'EACCES');
    expect(check('x')).toBe('local file_not_writable: Cannot write "x": permission denied (EACCES)');
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
    const found = unwritable('no/x.json', Object.assign(new Error(code), { code }));
    expect(found).toMatchObject({
      family: 'local',
      type,
      text: { en: `Cannot write "no/x.json": ${why}` },
      hint: { en: hint },
    });
  });
});
