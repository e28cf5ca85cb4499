import { describe, expect, test } from 'vitest';
import { choice } from '../../../src/cli/frame/command.ts';
import { terminalWidth } from '../../../src/core/text/terminal-width.ts';
import { Printer, renderHelp } from '../../../src/cli/frame/help.ts';
import { scanArguments } from '../../../src/cli/frame/arguments.ts';
import { noPaint } from '../../../src/cli/frame/output.ts';
import { topics } from '../../../src/cli/commands/help/topics.ts';
import { fakeWorld } from '../../helpers/fake-io.ts';

describe('Printer', () => {
  const printed = (fill: (printer: Printer) => void, language: 'en' | 'zh' = 'en') => {
    const printer = new Printer(language, noPaint);
    fill(printer);
    return printer.toString();
  };

  test('table() folds the second column under itself', () => {
    const text = { en: 'word '.repeat(20).trim(), zh: '' };
    expect(
      printed((printer) =>
        printer.table([
          ['a', text],
          ['bb', { en: 'x', zh: '' }],
        ]),
      ),
    ).toBe(`  a   ${'word '.repeat(14).trim()}\n      ${'word '.repeat(6).trim()}\n  bb  x\n`);
  });

  test('table() aligns Chinese names by their columns', () => {
    const rows = [
      ['菜单', { en: '', zh: '一' }],
      ['abc', { en: '', zh: '二' }],
    ] as const;
    expect(printed((printer) => printer.table(rows), 'zh')).toBe('  菜单  一\n  abc   二\n');
  });

  test('table() gives a name of more than 34 columns a line of its own', () => {
    const name = 'x'.repeat(35);
    expect(printed((printer) => printer.table([[name, { en: 'y', zh: '' }]]))).toBe(
      `  ${name}\n${' '.repeat(38)}y\n`,
    );
    expect(printed((printer) => printer.table([['x'.repeat(34), { en: 'y', zh: '' }]]))).toBe(
      `  ${'x'.repeat(34)}  y\n`,
    );
  });

  test('options() puts the choices in brackets behind the text', () => {
    const mode = choice('--mode <name>', { en: 'plain by default', zh: '默认 plain' }, ['plain', 'safe']);
    const print = (printer: Printer): void => printer.options([mode]);
    expect(printed(print)).toBe('      --mode <name>  plain by default (plain, safe)\n');
    expect(printed(print, 'zh')).toBe('      --mode <name>  默认 plain（plain、safe）\n');
  });

  test('paragraph() folds Chinese text between characters, and no line begins with a closing mark', () => {
    const lines = printed((printer) => printer.paragraph({ en: '', zh: '微信公众号，'.repeat(20) }), 'zh')
      .trimEnd()
      .split('\n');
    expect(lines.length).toBe(4);
    for (const line of lines) {
      expect(terminalWidth(line)).toBeLessThanOrEqual(80);
      expect(line.trim()).not.toMatch(/^[，。]/);
    }
    expect(lines.map((line) => line.trim()).join('')).toBe('微信公众号，'.repeat(20));
  });
});

describe('renderHelp()', () => {
  const render = (words: string, language: 'en' | 'zh' = 'en') =>
    renderHelp(scanArguments(words.split(' ').filter(Boolean)), language, noPaint);

  test('of everything has the sections in their order', async () => {
    const text = await render('');
    const titles = text.split('\n').filter((line) => /^[A-Z]/.test(line));
    expect(titles).toEqual([
      'Usage',
      'Start here',
      'Account',
      'Publish',
      'Message server',
      'Everything else',
      'Examples',
      'Options',
      'More',
    ]);
    expect(await render('', 'zh')).toContain('从这里开始');
  });

  test('of a group names its verbs and the way on', async () => {
    expect(await render('profile')).toBe(
      [
        'Accounts this machine knows',
        '',
        'Usage',
        '  wechat-mp profile {add | list | use | show | remove}',
        '',
        'Commands',
        '  profile add     Save an account after proving it',
        '  profile list    Show the saved accounts',
        '  profile use     Choose the default account',
        '  profile show    Show the settings in force and where each comes from',
        '  profile remove  Forget an account and its secrets',
        '',
        'More',
        '  wechat-mp profile add --help',
        '',
      ].join('\n'),
    );
  });

  test('of a command goes from usage and examples to output and exit codes', async () => {
    const text = await render('menu push');
    const titles = text
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
      .slice(1);
    expect(titles).toEqual([
      'Usage',
      'Examples',
      'Arguments',
      'Options',
      'Global options',
      'Output',
      'Exit codes',
    ]);
    expect(text).toContain('\n  wechat-mp menu push [file] [options]\n');
    expect(text).toContain('      --dry-run');
    expect(text).toContain('  -p/--profile <name>  --json  -q/--quiet');
  });
});

describe('help, --help and no words at all', () => {
  const run = (...words: readonly string[]) => fakeWorld().run(...words);

  test('say the same of the same', async () => {
    const root = await run();
    expect(root).toMatchObject({ code: 0, stderr: '' });
    for (const words of [['--help'], ['-h'], ['help'], ['--quiet'], ['--no-color', '-q']])
      expect(await run(...words)).toEqual(root);
    const push = await run('help', 'menu', 'push');
    expect(push.stdout).toContain('wechat-mp menu push [file] [options]');
    for (const words of [
      ['menu', 'push', '--help'],
      ['menu', '-h', 'push'],
      ['menu', 'push', 'x', '-qh'],
      ['help', 'menu', 'push', '-q'],
    ])
      expect(await run(...words)).toEqual(push);
    expect(await run('menu', '--help')).toEqual(await run('help', 'menu'));
  });

  test.each(Object.keys(topics))('explain %s in both languages', async (topic) => {
    for (const lang of ['en', 'zh'] as const) {
      const { code, stdout } = await run('help', topic, '--lang', lang);
      expect([code, stdout.split('\n')[0]]).toEqual([0, topics[topic]?.title[lang]]);
    }
  });

  test.each([
    [
      ['help', 'confg'],
      '✗ There is no topic "confg"\n  Fix: Did you mean: wechat-mp help config\n  More: wechat-mp help --help\n',
    ],
    [
      ['help', 'nonsense'],
      '✗ There is no command "nonsense"\n  Fix: Run: wechat-mp --help\n  More: wechat-mp help --help\n',
    ],
    [
      ['help', 'constructor'],
      '✗ There is no command "constructor"\n  Fix: Run: wechat-mp --help\n  More: wechat-mp help --help\n',
    ],
    [
      ['help', 'menu', 'pul'],
      '✗ There is no command "menu pul"\n  Fix: Did you mean: wechat-mp menu pull\n  More: wechat-mp help --help\n',
    ],
    [
      ['help', 'token', 'more'],
      '✗ Command "token" has no "more"\n  Fix: Run: wechat-mp help token\n  More: wechat-mp help --help\n',
    ],
    [
      ['tokn', '--help'],
      '✗ There is no command "tokn"\n  Fix: Did you mean: wechat-mp token\n  More: wechat-mp --help\n',
    ],
    [
      ['--bogus'],
      '✗ There is no option --bogus here\n  Fix: Run: wechat-mp --help\n  More: wechat-mp explain option_unknown\n',
    ],
    [
      ['--profile'],
      '✗ Option --profile <name> needs a value\n  Fix: Run: wechat-mp --help\n  More: wechat-mp explain option_value_missing\n',
    ],
    [
      ['--', 'token'],
      '✗ There are too many arguments\n  Fix: Run: wechat-mp --help\n  More: wechat-mp explain argument_unexpected\n',
    ],
  ])('%j is exit 2', async (words, stderr) => {
    expect(await run(...words)).toEqual({ code: 2, stdout: '', stderr });
  });

  test('are coloured where stdout is a terminal, unless --no-color says no', async () => {
    const colored = async (...words: readonly string[]) =>
      (await fakeWorld({ tty: ['stdout'] }).run(...words)).stdout.includes('\u{1b}[1m');
    expect(await Promise.all([colored('--help'), colored('help'), colored('help', 'ci')])).toEqual([
      true,
      true,
      true,
    ]);
    expect(
      await Promise.all([
        colored('--help', '--no-color'),
        colored('help', '--no-color'),
        colored('--help', '--json'),
      ]),
    ).toEqual([false, false, false]);
    expect((await fakeWorld().run('--help', '--color')).stdout).toContain('\u{1b}[1m');
  });

  test('say the version, also as JSON, wherever it is asked', async () => {
    const { stdout } = await run('--version');
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    for (const words of [['-V'], ['token', '-V'], ['token', '-qV']])
      expect((await run(...words)).stdout).toBe(stdout);
    expect(JSON.parse((await run('-V', '--json')).stdout)).toEqual({ version: stdout.trim() });
  });
});
