import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../helpers/fake-io.ts';

const other = 'wx2222222222222222';

describe('--dotenv', () => {
  const files = {
    '.env': `# ours\nWECHAT_MP_APPID=${other}\nWECHAT_MP_TIMEOUT="3s"\nexport WECHAT_MP_LANG=zh\n`,
  };

  async function shown(words: readonly string[], environment = {}) {
    const { code, stdout, stderr } = await fakeWorld({ files, environment }).run(
      'profile',
      'show',
      '--json',
      ...words,
    );
    if (code !== 0) return stderr;
    const { appid, timeout_ms: timeout } = JSON.parse(stdout) as Record<string, { value: unknown } | null>;
    return [appid?.value, timeout?.value];
  }

  test('stands below real variables that are not empty', async () => {
    const { simulator } = fakeWorld();
    expect(await shown(['--dotenv', '.env'])).toEqual([simulator.account.appId, 3000]);
    expect(await shown(['--dotenv', '.env'], { WECHAT_MP_APPID: undefined })).toEqual([other, 3000]);
    expect(await shown(['--dotenv=.env'], { WECHAT_MP_APPID: '' })).toEqual([other, 3000]);
  });

  test('is the source that profile show names, of settings and of secrets', async () => {
    const secrets = {
      '.env': 'WECHAT_MP_APPSECRET=0123456789abcdef0123456789abcdef\nWECHAT_MP_TIMEOUT=3s\n',
    };
    const world = fakeWorld({ files: secrets, environment: { WECHAT_MP_APPSECRET: undefined } });
    const json = await world.run('profile', 'show', '--json', '--dotenv', '.env');
    const found = JSON.parse(json.stdout) as Record<string, unknown>;
    expect(found['timeout_ms']).toEqual({
      value: 3000,
      source: 'environment',
      name: 'WECHAT_MP_TIMEOUT',
      file: '.env',
    });
    expect(found['secret']).toEqual({
      set: true,
      characters: 32,
      source: 'environment',
      name: 'WECHAT_MP_APPSECRET',
      file: '.env',
    });
    expect(found['appid']).not.toHaveProperty('file');
    const { stdout } = await world.run('profile', 'show', '--dotenv', '.env');
    expect(stdout).toContain('3000  (the variable WECHAT_MP_TIMEOUT in .env)\n');
    const zh = await world.run('profile', 'show', '--dotenv', '.env', '--lang', 'zh');
    expect(zh.stdout).toContain('(.env 中的变量 WECHAT_MP_TIMEOUT');
  });

  test.each([
    ['UTF-16 with its mark', Buffer.from('\ufeffWECHAT_MP_TIMEOUT=3s\n', 'utf16le'), 'UTF-16'],
    ['UTF-16 without its mark', Buffer.from('WECHAT_MP_TIMEOUT=3s\n', 'utf16le'), 'UTF-16'],
    ['GBK', Buffer.from('# \xb9\xab\xcb\xbe\nWECHAT_MP_TIMEOUT=3s\n', 'latin1'), 'GBK'],
  ])('is refused in %s, which is named', async (_, content, encoding) => {
    const run = await fakeWorld({ files: { '.env': content } }).run('token', '--json', '--dotenv', '.env');
    expect([run.code, JSON.parse(run.stderr)]).toEqual([
      2,
      { error: expect.objectContaining({ type: 'not_utf8', file: '.env', encoding }) },
    ]);
  });

  test('may begin with a byte order mark', async () => {
    const world = fakeWorld({ files: { '.env': '\ufeffWECHAT_MP_LANG=zh\n' } });
    expect((await world.run('profile', 'list', '--dotenv', '.env')).stderr).toMatch(/^还没有配置档案/);
  });

  test('is read only where it is named', async () => {
    expect(await shown([], { WECHAT_MP_APPID: undefined })).toEqual([undefined, 10_000]);
  });

  test('chooses the language, too', async () => {
    const run = await fakeWorld({ files }).run('profile', 'list', '--dotenv', '.env');
    expect(run.stderr).toBe('还没有配置档案。运行：wechat-mp profile add <名称>\n');
  });

  test('that is missing or a folder is a mistake', async () => {
    const refusal = async (file: string): Promise<unknown> =>
      JSON.parse((await shown(['--dotenv', file])) as string);
    expect(await refusal('nowhere')).toEqual({
      error: {
        code: 2,
        type: 'file_unreadable',
        file: 'nowhere',
        message: 'Cannot read "nowhere" for --dotenv: no such file',
        hint: 'Check the path',
        retryable: false,
        next: [{ command: 'wechat-mp explain file_unreadable', why: expect.any(String) }],
      },
    });
    expect(await refusal('/desk')).toMatchObject({
      error: { message: 'Cannot read "/desk" for --dotenv: it is a directory' },
    });
  });
});

describe('--env-file', () => {
  test.each([
    [['token', '--env-file', '.env']],
    [['token', '--env-file=.env']],
    [['--env-file', '.env', 'token']],
    [['menu', '--env-file-if-exists=.env', 'push']],
  ])('%j is refused with the flag that does it', async (words) => {
    const run = await fakeWorld({ files: { '.env': '' } }).run(...words, '--json');
    expect([run.code, JSON.parse(run.stderr)]).toMatchObject([
      2,
      { error: { type: 'option_of_node', hint: 'Use --dotenv <file>' } },
    ]);
  });

  test('is explained by help environment', async () => {
    const { stdout } = await fakeWorld().run('help', 'environment');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'The flag is not called --env-file because Node.js takes that one itself',
    );
  });

  test('belongs to the program behind --', async () => {
    const run = await fakeWorld().run('token', '--json', '--', '--env-file');
    expect(JSON.parse(run.stderr)).toMatchObject({ error: { type: 'argument_unexpected' } });
  });
});
