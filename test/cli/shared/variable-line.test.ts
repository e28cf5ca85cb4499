import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { parse } from 'dotenv';
import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../src/core/errors.ts';
import { formatVariable, variableRisk, type VariableFormat } from '../../../src/cli/shared/variable-line.ts';
import { needs } from '../../e2e/project.ts';
import { cleanEnvironment, temporaryFolder } from '../../helpers/command.ts';

/** Everything that a token may hold: printable ASCII without blanks. */
const alphabet = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
const values = [
  '50_Im7-xx_ABC',
  '$(id)',
  '`id`',
  '${HOME}',
  '$HOME',
  'a"b',
  "a'b",
  '\\',
  'a\\',
  '\\\\x\\n\\r',
  'a#b',
  '#',
  '!ls',
  'a!b!',
  '%PATH%',
  '%%',
  'a=b',
  '~',
  '=~',
  ';id',
  '&id',
  '|id',
  '>x',
  '^',
  '(',
  '{a,b}',
  '*',
  "'",
  '"',
  `"'`,
  "'#'",
  alphabet.filter((each) => each !== "'").join(''),
  ...alphabet,
  // Each neighbours each: a fixed walk through all pairs.
  ...alphabet.map((_, step) => alphabet.map((__, index) => alphabet[(index * (step + 1)) % 94]).join('')),
];

function linesFor(format: VariableFormat): { readonly lines: string[]; readonly kept: string[] } {
  const [lines, kept]: [string[], string[]] = [[], []];
  for (const value of values) {
    try {
      lines.push(formatVariable(format, `T${kept.length}`, value));
      kept.push(value);
    } catch (error) {
      if (!(error instanceof WechatMpError && error.type === 'format_cannot_hold')) throw error;
    }
  }
  return { lines, kept };
}

function has(program: string): boolean {
  return spawnSync(program, ['-c', 'exit']).status === 0;
}

/** What a program says each variable holds after it has read the lines. */
function readWith(
  program: string,
  lines: readonly string[],
  count: number,
  print = 'printf "%s\\n"',
): string[] {
  const script = Array.from({ length: count }, (_, index) => `${print} "$T${index}"`);
  const result = spawnSync(program, ['-s'], {
    input: [...lines, ...script, ''].join('\n'),
    encoding: 'utf8',
    env: cleanEnvironment(),
    cwd: temporaryFolder(),
  });
  expect(result.stderr).toBe('');
  return result.stdout.split('\n').slice(0, -1);
}

describe('formatVariable() in its readers', () => {
  for (const format of ['shell', 'dotenv'] as const) {
    for (const shell of ['sh', 'bash', 'dash', 'zsh']) {
      test(`${shell} gets each value of ${format} back and runs nothing`, (context) => {
        needs(context, has(shell), `${shell} is not installed`);
        const { lines, kept } = linesFor(format);
        expect(readWith(shell, lines, kept.length)).toEqual(kept);
      });
    }
  }

  test('fish gets each value back', (context) => {
    needs(context, has('fish'), 'fish is not installed');
    const { lines, kept } = linesFor('fish');
    // fish does not read a script from the socket that stands for standard input here.
    const script = path.join(temporaryFolder(), 'script.fish');
    writeFileSync(script, [...lines, ...kept.map((_, index) => `printf '%s\\n' "$T${index}"`)].join('\n'));
    const result = spawnSync('fish', [script], { encoding: 'utf8', env: cleanEnvironment() });
    expect(result.stderr).toBe('');
    expect(result.stdout.split('\n').slice(0, -1)).toEqual(kept);
  });

  test.each([
    ['dotenv', (text: string) => parse(text)],
    ['util.parseEnv', (text: string) => parseEnv(text)],
  ])('%s gets each value back, alone and among the others', (_, read) => {
    const { lines, kept } = linesFor('dotenv');
    expect(kept.length).toBeGreaterThan(120);
    const wanted = Object.fromEntries(kept.map((value, index) => [`T${index}`, value]));
    expect({ ...read(lines.join('\n')) }).toEqual(wanted);
    for (const [index, line] of lines.entries())
      expect({ ...read(line) }).toEqual({ [`T${index}`]: kept[index] });
  });

  test('node --env-file gets each value back', () => {
    const { lines, kept } = linesFor('dotenv');
    const file = path.join(temporaryFolder(), '.env');
    writeFileSync(file, lines.join('\n'));
    const print = 'console.log(JSON.stringify(process.env))';
    const result = spawnSync(process.execPath, [`--env-file=${file}`, '-e', print], { encoding: 'utf8' });
    const environment = JSON.parse(result.stdout) as Record<string, string>;
    expect(kept.map((_, index) => environment[`T${index}`])).toEqual(kept);
  });
});

describe('formatVariable()', () => {
  test.each<[VariableFormat, string, string]>([
    ['shell', `a'b\\c%d"e`, `export T='a'\\''b\\c%d"e'`],
    ['fish', `a'b\\c%d"e`, `set -gx T 'a\\'b\\\\c%d"e'`],
    ['powershell', `a'b\\c%d"e`, `$env:T = 'a''b\\c%d"e'`],
    ['cmd', `a'b\\c&d|e<f>g^h(i)`, `set "T=a'b\\c&d|e<f>g^h(i)"`],
    ['dotenv', '50_Im7-xx', 'T=50_Im7-xx'],
    ['dotenv', '$(id)', `T='$(id)'`],
    ['dotenv', "a'#b", `T="a'#b"`],
  ])('writes for %s %s as %s', (format, value, line) => {
    expect(formatVariable(format, 'T', value)).toBe(line);
  });

  test.each<[VariableFormat, string, string]>([
    ['cmd', 'a"b', 'it holds "'],
    ['cmd', 'a%b', 'it holds %'],
    ['cmd', 'a!b', 'it holds !'],
    ['dotenv', `'"`, "it holds '"],
    ['dotenv', `'$`, "it holds '"],
    ['dotenv', "'`", "it holds '"],
    ['dotenv', `'\\`, "it holds '"],
  ])('refuses for %s what no spelling brings through: %s', (format, value, reason) => {
    expect(() => formatVariable(format, 'T', value)).toThrow(reason);
  });

  test.each<VariableFormat>(['shell', 'fish', 'powershell'])('refuses nothing for %s', (format) => {
    expect(linesFor(format).kept).toHaveLength(values.length);
  });
});

describe('variableRisk()', () => {
  test.each([
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'DYLD_INSERT_LIBRARIES',
    'PATH',
    'Path',
    'NODE_OPTIONS',
    'BASH_ENV',
    'ENV',
    'IFS',
    'PYTHONPATH',
    'PERL5OPT',
    'RUBYOPT',
    'JAVA_TOOL_OPTIONS',
    'GIT_SSH_COMMAND',
    'GITHUB_ENV',
    'https_proxy',
    'npm_config_registry',
    'HOME',
    'ComSpec',
    'PSModulePath',
    '_',
  ])('refuses %s', (name) => {
    expect(variableRisk(name)?.en).toMatch(/^shells and programs take/);
  });

  test.each([
    'WECHAT_MP_ACCESS_TOKEN',
    'TOKEN',
    'token',
    'GITHUB_TOKEN',
    'NODE_AUTH_TOKEN',
    'PATHS',
    'MY_PATH',
  ])('accepts %s', (name) => {
    expect(variableRisk(name)).toBeUndefined();
  });
});
