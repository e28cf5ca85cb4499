import { describe, expect, test } from 'vitest';
import { findProjectFile } from '../../../src/cli/settings/project-file.ts';
import { WechatMpError } from '../../../src/core/errors.ts';
import { createMemoryFiles } from '../../helpers/memory-files.ts';
import { fakeWorld } from '../../helpers/fake-io.ts';

const find = (files: Readonly<Record<string, string>>, directory: string) =>
  findProjectFile(createMemoryFiles(files, directory), directory);

async function refusal(text: string) {
  const error = await find({ '/r/wechat-mp.json': text }, '/r').catch((caught: unknown) => caught);
  if (!(error instanceof WechatMpError)) throw new Error('accepted');
  return { family: error.family, type: error.type, en: error.text.en, zh: error.text.zh };
}

describe('findProjectFile() looks upwards', () => {
  test('and takes the nearest', async () => {
    const files = { '/r/wechat-mp.json': '{"profile":"far"}', '/r/a/wechat-mp.json': '{"profile":"near"}' };
    expect(await find(files, '/r/a/b')).toEqual({ path: '/r/a/wechat-mp.json', profile: 'near' });
    expect(await find(files, '/r/c')).toEqual({ path: '/r/wechat-mp.json', profile: 'far' });
  });

  test('as far as the root of the repository, whose own file counts', async () => {
    const repository = { '/r/.git/HEAD': '', '/wechat-mp.json': '{}' };
    expect(await find(repository, '/r/a/b')).toBeUndefined();
    expect(await find({ ...repository, '/r/wechat-mp.json': '{}' }, '/r/a/b')).toEqual({
      path: '/r/wechat-mp.json',
    });
    // A worktree and a submodule have a file there.
    expect(await find({ '/r/.git': 'gitdir: x', '/wechat-mp.json': '{}' }, '/r/a')).toBeUndefined();
  });

  test('to the root of the file system where there is no repository', async () => {
    expect(await find({ '/wechat-mp.json': '{}' }, '/r/a')).toEqual({ path: '/wechat-mp.json' });
    expect(await find({}, '/r/a')).toBeUndefined();
  });

  test('past a folder of that name and folders that it may not look into', async () => {
    expect(await find({ '/r/a/wechat-mp.json/x': '', '/r/wechat-mp.json': '{}' }, '/r/a')).toEqual({
      path: '/r/wechat-mp.json',
    });
    const files = createMemoryFiles({ '/wechat-mp.json': '{}' }, '/r/a');
    for (const name of ['/r/wechat-mp.json', '/r/.git']) files.fail('stat', name, 'EACCES');
    expect(await findProjectFile(files, '/r/a')).toEqual({ path: '/wechat-mp.json' });
  });

  test('but not past a file that it may not read', async () => {
    const files = createMemoryFiles({ '/r/wechat-mp.json': '{}' }, '/r');
    files.fail('read', '/r/wechat-mp.json', 'EACCES');
    await expect(findProjectFile(files, '/r')).rejects.toThrow('Cannot read "/r/wechat-mp.json": EACCES');
  });
});

describe('findProjectFile() reads', () => {
  test('comments, a byte order mark and a comma at the end', async () => {
    const text = '\u{feff}{\n  // ours\n  "profile": "shop", /* pin */ "appid": "wx1234567890abcdef",\n}';
    expect(await find({ '/r/wechat-mp.json': text }, '/r')).toEqual({
      path: '/r/wechat-mp.json',
      profile: 'shop',
      appid: 'wx1234567890abcdef',
    });
  });

  test('keys of other versions without complaint, and texts only', async () => {
    const text =
      '{"$schema":"x","later":"https://t","profile":7,"appid":"","serve":{"path":7,"x":"y"},"trigger":"to"}';
    expect(await find({ '/r/wechat-mp.json': text }, '/r')).toEqual({ path: '/r/wechat-mp.json' });
  });

  test.each(['9000', '"9000"'])('where the local servers are, with the port %s', async (port) => {
    const text = `{"serve":{"port":${port},"path":"/mp"},"trigger":{"to":"http://localhost:3000/mp"}}`;
    expect(await find({ '/r/wechat-mp.json': text }, '/r')).toEqual({
      path: '/r/wechat-mp.json',
      servePort: '9000',
      servePath: '/mp',
      triggerTo: 'http://localhost:3000/mp',
    });
  });

  test.each([
    'secret',
    'appSecret',
    'APPSECRET',
    'app_secret',
    'token',
    'access_token',
    'accessToken',
    'callbackToken',
    'callback-token',
    'aesKey',
    'encodingAESKey',
    'previousAesKey',
    'jsapi_ticket',
    'apiBase',
    'api_base',
    'proxy',
    'store',
    'tokenUrl',
    'via',
  ])('%s as a mistake, without its value', async (key) => {
    const found = await refusal(JSON.stringify({ profile: 'shop', [key]: 'canary-4711' }));
    expect(found).toEqual({
      family: 'input',
      type: 'project_file_forbidden_key',
      en: `Cannot use "/r/wechat-mp.json": "${key}" does not belong in a file that is checked in`,
      zh: `"/r/wechat-mp.json" 中不能有 "${key}"：这个文件会进入版本库`,
    });
  });

  test.each([
    ['{"profile" "shop"}', 1, 12],
    ['{\n  "profile": "shop"\n  "appid": 1\n}', 3, 3],
    ['{"a": [1, 2}', 1, 12],
    ['{"profile": "sh', 1, 13],
    ['', 1, 1],
  ])('%j as broken, with line and column', async (text, line, column) => {
    const found = await refusal(text);
    expect(found.type).toBe('json_invalid');
    expect(found.en).toMatch(
      new RegExp(`^Cannot read "/r/wechat-mp.json" as JSON: .+ at line ${line}, column ${column}$`),
    );
    expect(found.zh).toContain(`第 ${line} 行第 ${column} 列`);
  });

  test.each([
    [
      '{\n  "__proto__": {"appid": "wx1234567890abcdef"}\n}',
      '__proto__',
      'must not be a key',
      '不能用作键名',
      2,
      3,
    ],
    ['{"serve": {"__proto__": {"port": 9000}}}', '__proto__', 'must not be a key', '不能用作键名', 1, 12],
    ['{"profile": "a", "profile": "b"}', 'profile', 'is here twice', '重复出现', 1, 18],
  ])('%j as misleading, with the key and its place', async (text, key, en, zh, line, column) => {
    expect(await refusal(text)).toEqual({
      family: 'input',
      type: 'project_file_misleading_key',
      en: `Cannot use "/r/wechat-mp.json": "${key}" ${en}, at line ${line}, column ${column}`,
      zh: `无法使用 "/r/wechat-mp.json"：第 ${line} 行第 ${column} 列："${key}" ${zh}`,
    });
  });

  test.each(['[]', '"shop"', 'null', '7'])('%s as no object', async (text) => {
    expect((await refusal(text)).type).toBe('project_file_invalid');
  });

  test('a file that is nested without end as a mistake of the file', async () => {
    expect((await refusal('['.repeat(300_000))).type).toBe('json_too_deep');
  });
});

describe('a broken project file', () => {
  const files = { '/desk/wechat-mp.json': '{' };

  test('does not keep help from helping', async () => {
    expect((await fakeWorld({ files }).run('help', 'config')).code).toBe(0);
    expect((await fakeWorld({ files }).run('help', 'menu', 'push')).code).toBe(0);
    expect((await fakeWorld({ files }).run('token', '--help')).code).toBe(0);
  });

  test.each([['token'], ['menu', 'pull'], ['qr', 'create', '--scene', '1'], ['profile', 'show']])(
    'stops %s',
    async (...words) => {
      const run = await fakeWorld({ files }).run(...words);
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toContain('✗ Cannot read "/desk/wechat-mp.json" as JSON');
    },
  );
});
