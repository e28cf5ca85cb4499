import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allLeaves, isGroup, sections } from '../../../src/cli/commands/index.ts';
import { topics } from '../../../src/cli/commands/help/topics.ts';
import { expectedTypes } from '../../../src/cli/commands/trigger/options.ts';
import { readKnownCalls } from '../../../src/core/catalogue/index.ts';
import { scenarioNames } from '../../../src/simulator/account/scenarios.ts';
import { sampleSummaries } from '../../../src/simulator/push/index.ts';
import { tableName } from '../../../src/cli/completion/complete.ts';
import { shippedTexts } from '../../tools/shipped.ts';
import { fakeWorld, type FakeWorld } from '../../helpers/fake-io.ts';

const config = JSON.stringify({
  default: 'shop',
  profiles: { shop: { appid: 'wx0123456789abcdef' }, test: {} },
});
const world = (environment: Readonly<Record<string, string>> = {}): FakeWorld =>
  fakeWorld({ files: { '/home/me/.config/wechat-mp/config.json': config }, environment });

/** What is offered, and what the shell adds by itself. */
async function ask(...words: readonly string[]) {
  const { code, stdout, stderr } = await world().run('__complete', 'zsh', ...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [part, ...lines] = stdout.trimEnd().split('\n');
  return { part, values: lines.map((line) => line.split('\t')[0]) };
}

const values = async (...words: readonly string[]) => (await ask(...words)).values;
const globals = (await values('help', 'ci', '--')).filter((name) => name !== '');

describe('commands', () => {
  test('all of them come first, and the verbs of a group behind it', async () => {
    const entries = sections.flatMap((section) => section.entries);
    expect(await values('')).toEqual(entries.map(({ name }) => name));
    for (const entry of entries.filter(isGroup)) {
      expect(await values(entry.name, '')).toEqual(entry.verbs.map(({ name }) => name));
    }
    const [first, second, third] = await values('simulator', '');
    expect([first, second, third?.slice(0, 2)]).toEqual(['wait', 'compare', '--']);
    expect(await values('simulator', '--port', '1', 'w')).toEqual([]);
    expect(await values('menu', 'pu')).toEqual(['push', 'pull']);
  });

  test('are found behind flags of all commands and their values', async () => {
    expect(await values('--profile', 'shop', '--json', 'menu', 'dif')).toEqual(['diff']);
    expect(await values('--lang=zh', 'tok')).toEqual(['token']);
  });

  test('nothing is offered behind a word that is no command', async () => {
    expect(await ask('nothing', '')).toEqual({ part: 'none', values: [] });
    expect(await ask('menu', 'nothing', '--')).toEqual({ part: 'none', values: [] });
  });

  test('what help explains are commands and topics', async () => {
    expect(await values('help', '')).toEqual([...(await values('')), ...Object.keys(topics)]);
    expect(await values('help', 'menu', 'l')).toEqual(['lint']);
    expect(await values('help', 'menu', 'lint', '')).toEqual([]);
    expect(await values('help', 'token', '')).toEqual([]);
  });
});

describe('flags', () => {
  test('are those of the command, of its settings and of all commands', async () => {
    const offered = await values('menu', 'push', '--');
    expect(offered).toEqual(
      expect.arrayContaining(['--prune', '--secret-file', '--classic', '--json', '--help']),
    );
    expect(offered).not.toContain('--callback-token-file');
    expect(await values('menu', 'push', '--expect')).toEqual(['--expect-remote']);
  });

  test('before a command are those of all commands', async () => {
    expect(await values('--')).toEqual(globals);
    expect(globals).toContain('--profile');
  });

  test('are not offered twice, except where they may be given twice', async () => {
    expect(await values('menu', 'push', '--prune', '--pr')).toEqual(['--profile', '--proxy']);
    expect(await values('token', '-q', '--qu')).toEqual([]);
    expect(await values('trigger', 'text', '--set', 'a=b', '--se')).toEqual(['--set']);
  });

  test('come where no argument can', async () => {
    expect(await values('token', '')).toEqual(await values('token', '--'));
    expect(await values('menu', 'try', 'someone', '')).toEqual(await values('menu', 'try', 'someone', '--'));
  });

  test('behind "--" are another program’s own', async () => {
    expect(await ask('simulator', '--', 'npm', '--')).toEqual({ part: 'program', values: [] });
    expect(await ask('token', '--', '')).toEqual({ part: 'none', values: [] });
  });
});

describe('values', () => {
  test('are the choices of a flag, with "=" or without', async () => {
    expect(await values('serve', '--mode', '')).toEqual(['auto', 'plain', 'compat', 'safe']);
    expect(await values('serve', '--mode=s')).toEqual(['--mode=safe']);
    expect(await values('token', '--lang', '')).toEqual(['en', 'zh']);
    expect(await values('trigger', '--expect', '')).toEqual(expectedTypes);
  });

  test('are the profiles of this machine, and the simulator that runs', async () => {
    expect(await values('profile', 'use', '')).toEqual(['shop', 'test', 'simulator']);
    expect(await values('-p', 's')).toEqual(['shop', 'simulator']);
  });

  test('are types of messages and events, and scenarios', async () => {
    expect(await values('trigger', '')).toEqual(sampleSummaries.map(({ id }) => id));
    expect(await values('simulator', '--scenario', '')).toEqual(scenarioNames);
  });

  test('are paths of the platform’s calls', async () => {
    const paths = new Set((await readKnownCalls()).map(({ path }) => path));
    expect(await values('quota', '')).toEqual([...paths]);
    expect(await values('api', '')).toEqual(['GET', 'POST', ...paths]);
    expect(await values('api', 'POST', '/cgi-bin/tags/cr')).toEqual(['/cgi-bin/tags/create']);
    expect(paths.size).toBeGreaterThan(400);
  });

  test('are files and folders, which the shell lists', async () => {
    expect((await ask('menu', 'lint', 'm')).part).toBe('files');
    expect((await ask('menu', 'pull', '--out', '')).part).toBe('files');
    expect((await ask('qr', 'batch', 'a.csv', '--out-dir', '')).part).toBe('folders');
    expect(await ask('serve', '--reply', '')).toEqual({ part: 'files', values: ['echo', 'success', 'none'] });
    expect(await ask('qr', 'create', '--scene', '')).toEqual({ part: 'none', values: [] });
  });
});

describe('the answer', () => {
  test('says what each word means, in the language of the environment', async () => {
    const { stdout } = await world({ LANG: 'zh_CN.UTF-8' }).run('__complete', 'fish', 'menu', 'lin');
    expect(stdout).toBe('none\nlint\t离线检查菜单文件，与微信规则一致\n');
  });

  test('is empty where a file of the tool is broken, and nothing is said', async () => {
    const broken = fakeWorld({ files: { '/home/me/.config/wechat-mp/config.json': '{' } });
    expect(await broken.run('__complete', 'zsh', '--profile', '')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(await broken.run('__complete')).toMatchObject({ code: 0, stderr: '' });
  });

  test.each([
    ['wechat-mp menu pu', ['push', 'pull']],
    ['wechat-mp token --format=gi', ['github']],
    [
      'wechat-mp token --format=',
      ['plain', 'json', 'shell', 'fish', 'powershell', 'cmd', 'dotenv', 'github'],
    ],
    ['wechat-mp trigger text --to http://127.0.0.1:80/a --tam', ['--tamper']],
    [String.raw`wechat-mp --profile "my shop" --dotenv 'a b' --proxy a\ b menu tr`, ['try']],
    ['wechat-mp profile use "te', ['test']],
    [String.raw`wechat-mp qr batch a\ `, []],
  ])('for bash is read out of the line: %s', async (line, offered) => {
    const { stdout } = await world().run('__complete', 'bash', line);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((each) => each.split('\t')[0]),
    ).toEqual(offered);
  });

  test('for PowerShell has a way to ask behind a blank', async () => {
    const answer = async (...words: readonly string[]) => (await world().run('__complete', ...words)).stdout;
    expect(await answer('powershell-next', 'menu')).toBe(await answer('powershell', 'menu', ''));
    expect(await answer('powershell', 'menu')).toContain('menu\t');
  });
});

describe('the table of the build', () => {
  const place = resolve(import.meta.dirname, '../../../src/cli/completion', tableName);

  test('says of every command what its definition says', async () => {
    const table = (await shippedTexts())[tableName] ?? '';
    const withTable = fakeWorld({
      files: { [place]: table, '/home/me/.config/wechat-mp/config.json': config },
    });
    const leaves = allLeaves().map(({ words }) => words);
    expect(Object.keys(JSON.parse(table) as object)).toEqual(leaves.map((words) => words.join(' ')));
    for (const words of leaves) {
      for (const current of ['--', '']) {
        const { stdout } = await withTable.run('__complete', 'zsh', ...words, current);
        expect(stdout).toBe((await world().run('__complete', 'zsh', ...words, current)).stdout);
      }
    }
  });

  test('is asked first, and does without where it is broken', async () => {
    const table = {
      token: { arguments: [], settings: [], options: { a: { flags: '--made-up', text: {} } } },
    };
    const offered = async (text: string) =>
      (await fakeWorld({ files: { [place]: text } }).run('__complete', 'zsh', 'token', '--m')).stdout;
    expect(await offered(JSON.stringify(table))).toBe('none\n--made-up\t\n');
    for (const broken of ['{', '{}', 'null']) expect(await offered(broken)).toContain('--min-ttl');
  });
});

describe('completion', () => {
  test('prints a script, as text or in JSON', async () => {
    for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
      const { stdout } = await world().run('completion', shell);
      expect(stdout).toContain('__complete');
      const { stdout: json } = await world().run('completion', shell, '--json');
      expect(JSON.parse(json)).toEqual({ shell, script: stdout });
    }
  });

  test('names the shell that was meant', async () => {
    const { code, stderr } = await world().run('completion', 'fihs');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(
        '✗ There is no completion for "fihs"\n  Fix: Did you mean: wechat-mp completion fish\n',
      ),
    ]);
    expect((await world().run('completion', 'tcsh', '--lang', 'zh')).stderr).toContain(
      '✗ 不支持 "tcsh" 的补全\n  解决：可用：bash、zsh、fish、powershell\n',
    );
    expect((await world().run('completion')).code).toBe(2);
  });
});
