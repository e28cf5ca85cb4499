import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../src/core/errors.ts';
import { choice, defineCommand, flag, parsed, value } from '../../../src/cli/frame/command.ts';
import { parseDuration } from '../../../src/cli/frame/duration.ts';
import { parseCommand } from '../../../src/cli/frame/parse.ts';

const command = defineCommand({
  effect: 'none',
  arguments: [{ name: '<file>', text: { en: 'A file', zh: '文件' } }],
  settings: ['account'],
  options: {
    out: value('--out <file>', { en: 'Out', zh: '输出' }),
    force: flag('-f, --force', { en: 'Force', zh: '强制' }),
    backup: value('--backup <file>', { en: 'Backup', zh: '备份' }),
    noBackup: flag('--no-backup', { en: 'None', zh: '不备份' }),
    noVerify: flag('--no-verify', { en: 'Do not', zh: '不校验' }),
    wait: parsed('--wait <duration>', { en: 'Wait', zh: '等待' }, parseDuration),
    format: choice('--format <name>', { en: 'Format', zh: '格式' }, ['plain', 'json']),
  },
  examples: [],
  output: { en: 'Nothing', zh: '无' },
  run: async () => 0,
});

const parse = (...words: readonly string[]) => parseCommand(['menu', 'push'], command, words);

async function refusal(...words: readonly string[]) {
  const error = await parse(...words).catch((caught: unknown) => caught);
  if (!(error instanceof WechatMpError)) throw new Error(`accepted: ${words.join(' ')}`);
  return {
    family: error.family,
    type: error.type,
    en: error.text.en,
    zh: error.text.zh,
    hint: error.hint?.en,
  };
}

describe('parseCommand() hands over', () => {
  test('arguments, values and switches, wherever they stand', async () => {
    const { arguments: words, options } = await parse(
      '--out',
      'a.json',
      'menu.json',
      '-f',
      '--json',
      '-p',
      'shop',
    );
    expect(words).toEqual(['menu.json']);
    expect(options).toMatchObject({ out: 'a.json', force: true, json: true, profile: 'shop' });
  });

  test('false for every switch that was not given, and nothing for a value', async () => {
    const { options } = await parse('m');
    expect(options).toMatchObject({
      force: false,
      noBackup: false,
      noVerify: false,
      json: false,
      quiet: false,
      yes: false,
    });
    expect([options['out'], options['backup'], options.color, options.profile]).toEqual(
      Array(4).fill(undefined),
    );
    expect(options.noInput).toBe(false);
  });

  test('--no-backup as noBackup, beside what --backup says', async () => {
    const { options } = await parse('m', '--no-backup', '--backup', 'b.json', '--no-verify');
    expect(options).toMatchObject({ noBackup: true, backup: 'b.json', noVerify: true });
    expect((await parse('m', '--backup', 'b.json', '--no-backup')).options['backup']).toBe('b.json');
  });

  test('--no-input as a switch of its own, --color and --no-color as color', async () => {
    expect((await parse('m', '--no-input')).options.noInput).toBe(true);
    expect((await parse('m', '--no-color')).options.color).toBe(false);
    expect((await parse('m', '--color')).options.color).toBe(true);
    expect((await parse('m', '--color', '--no-color')).options.color).toBe(false);
  });

  test('values with =, empty, with a leading dash, and letters behind one dash', async () => {
    expect((await parse('m', '--out=-x', '--backup', '-y')).options).toMatchObject({
      out: '-x',
      backup: '-y',
    });
    expect((await parse('m', '--out=')).options['out']).toBe('');
    expect((await parse('m', '-fqpshop')).options).toMatchObject({
      force: true,
      quiet: true,
      profile: 'shop',
    });
  });

  test('what means something, parsed', async () => {
    expect((await parse('m', '--wait', '2s')).options['wait']).toBe(2000);
    expect((await parse('m', '--format', 'json')).options['format']).toBe('json');
  });

  test('words behind -- as arguments', async () => {
    expect((await parse('--', '--out')).arguments).toEqual(['--out']);
  });
});

describe('parseCommand() refuses, in both languages', () => {
  test.each([
    [
      'a missing argument',
      [],
      {
        type: 'argument_missing',
        en: 'Argument <file> is missing',
        zh: '缺少参数 <file>',
        hint: 'Run: wechat-mp menu push --help',
      },
    ],
    [
      'an argument too many',
      ['m', 'n'],
      {
        type: 'argument_unexpected',
        en: 'There are too many arguments',
        zh: '参数太多',
        hint: 'Run: wechat-mp menu push --help',
      },
    ],
    [
      'a missing value',
      ['m', '--out'],
      {
        type: 'option_value_missing',
        en: 'Option --out <file> needs a value',
        zh: '选项 --out <file> 后面要有值',
        hint: 'Run: wechat-mp menu push --help',
      },
    ],
    [
      'an unknown flag that is close to a known one',
      ['m', '--frce'],
      {
        type: 'option_unknown',
        en: 'There is no option --frce here',
        zh: '这里没有 --frce 这个选项',
        hint: 'Did you mean --force?',
      },
    ],
    [
      'an unknown flag that is close to none',
      ['m', '--deploy'],
      {
        type: 'option_unknown',
        en: 'There is no option --deploy here',
        zh: '这里没有 --deploy 这个选项',
        hint: 'Run: wechat-mp menu push --help',
      },
    ],
    [
      'an unknown letter, without guessing',
      ['m', '-x'],
      {
        type: 'option_unknown',
        en: 'There is no option -x here',
        zh: '这里没有 -x 这个选项',
        hint: 'Run: wechat-mp menu push --help',
      },
    ],
    [
      'a word that is no choice',
      ['m', '--format', "it's"],
      {
        type: 'option_value_invalid',
        en: `Cannot use "it's" for --format <name>: allowed are plain, json`,
        zh: `--format <name> 不能用 "it's"：可选值为 plain, json`,
        hint: 'Run: wechat-mp menu push --help',
      },
    ],
    [
      'a value that means nothing',
      ['m', '--wait', '5'],
      {
        type: 'duration_invalid',
        en: 'Cannot use "5" for --wait: a duration is a number with its unit: 500ms, 10s, 5m, 1.5h, 7d',
        zh: '--wait 不能用 "5"：时长要写成数字加单位，如 500ms、10s、5m、1.5h、7d',
      },
    ],
  ])('%s', async (_, words, wanted) => {
    expect(await refusal(...words)).toEqual({ family: 'usage', ...wanted });
  });

  test('an unknown flag without the value behind its =', async () => {
    expect((await refusal('m', '--appsecert=c4f1e09b7a2d4c6e')).en).toBe(
      'There is no option --appsecert here',
    );
  });
});

describe('parseCommand() refuses a secret on the command line', () => {
  const secret = 'c4f1e09b7a2d4c6e8f0a1b2c3d4e5f60';

  test.each([
    '--secret',
    '--app-secret',
    '--appsecret',
    '--appSecret',
    '--access-token',
    '--access_token',
    '--token',
    '--callback-token',
    '--aes-key',
    '--encoding-aes-key',
    '--EncodingAESKey',
    '--ticket',
  ])('%s, with a blank or with =, and never repeats it', async (name) => {
    for (const words of [[name, secret], [`${name}=${secret}`]]) {
      const found = await refusal(...words);
      expect(found).toMatchObject({ family: 'usage', type: 'secret_on_command_line' });
      expect(found.en).toBe(
        `Cannot take a secret from ${name}: the command line is visible in "ps" and in the shell history`,
      );
      expect(JSON.stringify(found)).not.toContain(secret);
    }
  });

  test('and names the ways that the command has for just this secret', async () => {
    expect((await refusal('--secret', 'x')).hint).toBe(
      'Use --secret-stdin, --secret-file, an environment variable or a profile',
    );
    expect((await refusal('--aes-key', 'x')).hint).toBe('Use an environment variable or a profile');
  });

  test('but takes --secret-file, words behind --, and values that look so', async () => {
    expect((await parse('m', '--secret-file', 'f')).options['secretFile']).toBe('f');
    expect((await parse('--', '--secret')).arguments).toEqual(['--secret']);
    expect((await parse('secret')).arguments).toEqual(['secret']);
  });
});
