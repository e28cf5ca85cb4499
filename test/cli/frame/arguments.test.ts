import { describe, expect, test } from 'vitest';
import { scanArguments } from '../../../src/cli/frame/arguments.ts';

/** The interesting half of a scan. */
function scan(...words: readonly string[]) {
  const { path, rest, unknown, misplaced } = scanArguments(words);
  return { path, rest, ...(unknown && { unknown }), ...(misplaced && { misplaced }) };
}

describe('scanArguments() finds the command', () => {
  test.each([
    ['a leaf', ['token'], ['token'], []],
    ['a verb', ['menu', 'push', 'menu.json'], ['menu', 'push'], ['menu.json']],
    ['a group alone', ['menu'], ['menu'], []],
    ['flags before', ['--json', '-p', 'shop', 'menu', 'push'], ['menu', 'push'], ['--json', '-p', 'shop']],
    ['flags between', ['menu', '--quiet', 'push'], ['menu', 'push'], ['--quiet']],
    ['flags after', ['menu', 'push', '--json'], ['menu', 'push'], ['--json']],
    [
      'a value that is a command',
      ['--profile', 'token', 'menu', 'push'],
      ['menu', 'push'],
      ['--profile', 'token'],
    ],
    ['the same with =', ['--profile=token', 'menu', 'push'], ['menu', 'push'], ['--profile=token']],
    [
      'a setting before',
      ['--secret-file', 'token', 'qr', 'create'],
      ['qr', 'create'],
      ['--secret-file', 'token'],
    ],
    ['a command that is an argument', ['menu', 'push', 'token'], ['menu', 'push'], ['token']],
    ['a file called -', ['menu', 'push', '-'], ['menu', 'push'], ['-']],
    ['a verb of a command', ['simulator', 'wait', 'u'], ['simulator', 'wait'], ['u']],
    [
      'a verb behind a global flag',
      ['simulator', '--lang', 'zh', 'wait'],
      ['simulator', 'wait'],
      ['--lang', 'zh'],
    ],
    ['no verb in the value of a flag', ['simulator', '--state', 'wait'], ['simulator'], ['--state', 'wait']],
    ['no verb behind --', ['simulator', '--', 'wait'], ['simulator'], ['--', 'wait']],
    ['words behind --', ['simulator', '--', 'menu', 'push'], ['simulator'], ['--', 'menu', 'push']],
    ['nothing before --', ['--', 'token'], [], ['--', 'token']],
    ['a flag without its value', ['--profile'], [], ['--profile']],
  ])('%s', (_, words, path, rest) => {
    expect(scan(...words)).toEqual({ path, rest });
  });

  test('a word that is none is told, with what came before it', () => {
    expect(scan('menu', 'psuh', '--json')).toEqual({ path: ['menu'], rest: ['--json'], unknown: 'psuh' });
    expect(scan('tokn')).toEqual({ path: [], rest: [], unknown: 'tokn' });
  });

  test('names of object members are no commands', () => {
    expect(scan('constructor').unknown).toBe('constructor');
    expect(scan('menu', '__proto__').unknown).toBe('__proto__');
  });

  test("a command's own flag before the command is told, one behind it is not", () => {
    expect(scan('--format', 'json', 'token').misplaced).toBe('--format');
    expect(scan('menu', '--out=x', 'pull').misplaced).toBe('--out');
    expect(scan('token', '--format', 'json').misplaced).toBeUndefined();
    expect(scan('--json', '--timeout=5s', 'token').misplaced).toBeUndefined();
  });
});

describe('scanArguments() sees global flags in front of --', () => {
  test.each([
    ['json', ['token', '--json'], ['token', '--', '--json']],
    ['help', ['token', '--help'], ['simulator', '--', '--help']],
    ['help', ['-h'], ['--', '-h']],
    ['version', ['-V'], ['token', '--', '-V']],
    ['quiet', ['-q', 'token'], ['token', '--', '-q']],
  ] as const)('%s %j', (name, there, notThere) => {
    expect(scanArguments(there)[name]).toBe(true);
    expect(scanArguments(notThere)[name]).toBe(false);
  });

  test.each([
    [['--lang', 'zh', 'token'], 'zh'],
    [['token', '--lang=zh'], 'zh'],
    [['token'], undefined],
    [['simulator', '--', '--lang', 'zh'], undefined],
  ])('the language of %j is %s', (words, lang) => {
    expect(scanArguments(words).lang).toBe(lang);
  });

  test.each([
    [['--color'], true],
    [['--no-color'], false],
    [['--no-color', '--color'], true],
    [['--color', '--no-color'], false],
    [[], undefined],
  ])('the colour of %j is %s', (words, color) => {
    expect(scanArguments(words).color).toBe(color);
  });
});
