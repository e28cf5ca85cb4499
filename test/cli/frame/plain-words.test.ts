import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  choice,
  defineCommand,
  flag,
  parsed,
  value,
  type OptionSpec,
} from '../../../src/cli/frame/command.ts';
import { parseDuration } from '../../../src/cli/frame/duration.ts';
import { allLeaves } from '../../../src/cli/commands/index.ts';
import { globalOptions } from '../../../src/cli/frame/global-options.ts';
import { parseWords } from '../../../src/cli/frame/parse-words.ts';
import { keyOf, readPlainWords } from '../../../src/cli/frame/plain-words.ts';
import { settingsFlags } from '../../../src/cli/settings/settings-flags.ts';

const text = { en: 'Something', zh: '某项' };
const define = (...names: readonly string[]) =>
  defineCommand({
    effect: 'none',
    arguments: names.map((name) => ({ name, text })),
    examples: [],
    output: text,
    run: async () => 0,
  });
const header: OptionSpec<readonly string[]> = { flags: '--set <k=v>', text, repeatable: true };
const specs: readonly OptionSpec<unknown>[] = [
  value('--out <file>', text),
  flag('-f, --force', text),
  value('--backup <file>', text),
  flag('--no-backup', text),
  parsed('--wait <duration>', text, parseDuration),
  choice('--format <name>', text, ['plain', 'json']),
  header,
  ...Object.values(globalOptions),
];
const read = (...words: readonly string[]) => readPlainWords(define('<file>'), specs, words);

describe('readPlainWords()', () => {
  test('takes a negative number for an argument, as commander does', async () => {
    for (const word of ['-1', '-40001']) {
      expect(read(word)).toEqual({ arguments: [word], options: {} });
      expect((await parseWords(['x'], define('<file>'), specs, [word])).arguments).toEqual([word]);
    }
    for (const word of ['-1a', '--1', '-']) expect(read(word)?.arguments).not.toEqual([]);
  });

  test('readPlainWords() reads whole flags with their values, wherever they stand', () => {
    expect(read('--out', 'a', 'm', '-f', '--wait', '2s', '--format', 'json', '-p', '')).toEqual({
      arguments: ['m'],
      options: { out: 'a', force: true, wait: 2000, format: 'json', profile: '' },
    });
    expect(read('m', '--set', 'a=1', '--set', 'b=2')?.options).toEqual({ set: ['a=1', 'b=2'] });
    expect(read('m', '--out', 'a', '--out', 'b')?.options).toEqual({ out: 'b' });
    expect(read('m', '--no-backup', '--backup', 'b')?.options).toEqual({ noBackup: true, backup: 'b' });
    expect(read('m', '--color', '--no-color', '--no-input')?.options).toEqual({
      color: false,
      noInput: true,
    });
  });

  test.each([
    ['letters behind one dash', ['m', '-fq']],
    ['a value behind =', ['m', '--out=a']],
    ['a value with a dash', ['m', '--out', '-a']],
    ['a missing value', ['m', '--out']],
    ['a word that is no choice', ['m', '--format', 'xml']],
    ['an unknown flag', ['m', '--frce']],
    ['a single dash', ['-']],
    ['two dashes', ['--', 'm']],
    ['too few arguments', ['--force']],
    ['too many arguments', ['m', 'n']],
  ])('readPlainWords() leaves %s to commander', (_, words) => {
    expect(read(...words)).toBeUndefined();
  });

  test.each([
    [[], [0], [1]],
    [['<a>'], [1], [0, 2]],
    [['[a]'], [0, 1], [2]],
    [
      ['<a>', '[b]'],
      [1, 2],
      [0, 3],
    ],
    [['<a...>'], [1, 2, 9], [0]],
    [['[a...]'], [0, 1, 9], []],
  ])('readPlainWords() counts what %j takes', (names, taken, refused) => {
    const count = (length: number) => readPlainWords(define(...names), [], Array<string>(length).fill('x'));
    expect(taken.map((length) => count(length)?.arguments.length)).toEqual(taken);
    expect(refused.map(count)).toEqual(refused.map(() => undefined));
  });

  test('readPlainWords() refuses a value as commander would, with the error of the option', () => {
    expect(() => read('m', '--wait', '5')).toThrow('Cannot use "5" for --wait');
  });

  test('readPlainWords() reads as commander does, whatever the words', async () => {
    const names = specs.flatMap((spec) => spec.flags.replace(/ <.*/, '').split(', '));
    const word = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom('m', 'json', '2s', 'a=1', '', '-', '--', '-1', '--out=x', '-fq'),
      },
      { weight: 4, arbitrary: fc.constantFrom(...names) },
      { weight: 1, arbitrary: fc.string() },
    );
    const shape = fc.constantFrom<readonly string[]>(['[a]'], ['<a>'], ['<a...>'], ['<a>', '[b]'], []);
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(shape, fc.array(word, { maxLength: 7 }), async (argumentNames, words) => {
        const command = define(...argumentNames);
        const outcome = await attempt(() => readPlainWords(command, specs, words));
        if (outcome === undefined) return;
        plain += 1;
        expect(outcome).toEqual(await attempt(() => parseWords(['x'], command, specs, words)));
      }),
      { numRuns: 200 },
    );
    expect(plain).toBeGreaterThan(20);
  });
});

describe('keyOf()', () => {
  test('keyOf() is the name under which every option is declared', async () => {
    const commands = await Promise.all(
      allLeaves().map(async ({ leaf }) => (await leaf.load()).command.options),
    );
    const declared = [...commands, ...Object.values(settingsFlags), globalOptions].flatMap((set) =>
      Object.entries(set),
    );
    expect(declared.length).toBeGreaterThan(100);
    expect(declared.map(([key]) => key)).toEqual(declared.map(([, spec]) => keyOf(spec)));
  });
});

/** The outcome, or the message of what was thrown. */
async function attempt<T>(work: () => T | Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    return String(error);
  }
}
