import { describe, expect, test } from 'vitest';
import { fakeWorld, type FakeIoOptions } from '../../helpers/fake-io.ts';

const config = '/home/me/.config/wechat-mp';
const [flagId, envId, profileId, otherId] = [
  'wx1111111111111111',
  'wx2222222222222222',
  'wx3333333333333333',
  'wx4444444444444444',
] as const;
const base = 'https://api.weixin.qq.com';

/** Nothing of the simulator's account; the named settings in a profile that is the default. */
function world(
  profile: Readonly<Record<string, string>> | undefined,
  more: FakeIoOptions & { readonly secrets?: Readonly<Record<string, string>> } = {},
) {
  const accountless = {
    WECHAT_MP_API_BASE: undefined,
    WECHAT_MP_APPID: undefined,
    WECHAT_MP_APPSECRET: undefined,
    WECHAT_MP_CALLBACK_TOKEN: undefined,
    WECHAT_MP_AES_KEY: undefined,
  };
  const key = `${profile?.['apiBase'] ?? base} ${profile?.['appid']}`;
  return fakeWorld({
    ...more,
    environment: { ...accountless, ...more.environment },
    files: {
      ...(profile && {
        [`${config}/config.json`]: JSON.stringify({ profiles: { shop: profile }, default: 'shop' }),
      }),
      ...(more.secrets && { [`${config}/secrets.json`]: JSON.stringify({ [key]: more.secrets }) }),
      ...more.files,
    },
  });
}

/** What `profile show` says about a setting. */
async function shown(setting: string, words: readonly string[], ...of: Parameters<typeof world>) {
  const run = await world(...of).run('profile', 'show', '--json', ...words);
  if (run.code !== 0)
    return { error: (JSON.parse(run.stderr.trim().split('\n').at(-1) ?? '') as Failed).error.type };
  return (JSON.parse(run.stdout) as Record<string, unknown>)[setting];
}

interface Failed {
  readonly error: { readonly code: number; readonly type: string; readonly message: string };
}

test.each([
  ['en', 'profile            shop  (the default here; another one: profile use)\n'],
  ['zh', 'profile            shop  (本机默认；更换：profile use)\n'],
])('profile show names the default of the machine as one, in %s', async (lang, line) => {
  const { stdout } = await world({ appid: profileId }).run('profile', 'show', '--lang', lang);
  expect(stdout).toContain(line);
});

describe('settings: flag > environment > profile > default', () => {
  const rows = [
    {
      setting: 'timeout_ms',
      flag: { words: ['--timeout', '1s'], value: 1000, name: '--timeout' },
      variable: { name: 'WECHAT_MP_TIMEOUT', text: '2s', value: 2000 },
      profile: { key: 'timeout', text: '3s', value: 3000 },
      fallback: { value: 10_000, source: 'default', name: '' },
    },
    {
      setting: 'api_base',
      flag: { words: ['--api-base', 'http://127.0.0.1:1'], value: 'http://127.0.0.1:1', name: '--api-base' },
      variable: { name: 'WECHAT_MP_API_BASE', text: 'http://127.0.0.1:2/', value: 'http://127.0.0.1:2' },
      profile: { key: 'apiBase', text: 'http://127.0.0.1:3', value: 'http://127.0.0.1:3' },
      fallback: { value: base, source: 'default', name: '' },
    },
    {
      setting: 'token_endpoint',
      flag: { words: ['--stable'], value: 'stable', name: '--stable' },
      variable: { name: 'WECHAT_MP_TOKEN_ENDPOINT', text: 'classic', value: 'classic' },
      profile: { key: 'tokenEndpoint', text: 'classic', value: 'classic' },
      fallback: { value: 'stable', source: 'default', name: '' },
    },
    {
      setting: 'appid',
      flag: { words: ['--appid', flagId], value: flagId, name: '--appid' },
      variable: { name: 'WECHAT_MP_APPID', text: envId, value: envId },
      profile: { key: 'appid', text: profileId, value: profileId },
      fallback: null,
    },
  ];

  for (const { setting, flag, variable, profile, fallback } of rows) {
    const inProfile = { [profile.key]: profile.text };
    const environment = { [variable.name]: variable.text };
    const fromProfile = { value: profile.value, source: 'profile', name: 'shop' };

    test(`${setting}, one level after another`, async () => {
      expect(await shown(setting, [], undefined)).toEqual(fallback);
      expect(await shown(setting, [], inProfile)).toEqual(fromProfile);
      expect(await shown(setting, [], inProfile, { environment })).toEqual({
        value: variable.value,
        source: 'environment',
        name: variable.name,
      });
      expect(await shown(setting, flag.words, inProfile, { environment })).toEqual({
        value: flag.value,
        source: 'flag',
        name: flag.name,
      });
    });

    test(`${setting}: an empty variable is not set`, async () => {
      const empty = { environment: { [variable.name]: '' } };
      expect(await shown(setting, [], inProfile, empty)).toEqual(fromProfile);
    });
  }

  test('the proxy: flag, then profile, and never its password', async () => {
    expect(await shown('proxy', [], undefined)).toBeNull();
    expect(await shown('proxy', [], { proxy: 'http://p:1' })).toMatchObject({
      value: 'http://p:1',
      name: 'shop',
    });
    expect(await shown('proxy', ['--proxy', 'http://me:pass@q:2'], { proxy: 'http://p:1' })).toEqual({
      value: 'http://***@q:2',
      source: 'flag',
      name: '--proxy',
    });
  });

  test('the language: flag, own variable, profile, locale', async () => {
    const environment = { LANG: 'zh_CN.UTF-8' };
    expect(await shown('lang', [], undefined)).toEqual({ value: 'en', source: 'default', name: '' });
    expect(await shown('lang', [], undefined, { environment })).toEqual({
      value: 'zh',
      source: 'environment',
      name: 'LANG',
    });
    expect(await shown('lang', [], { lang: 'en' }, { environment })).toEqual({
      value: 'en',
      source: 'profile',
      name: 'shop',
    });
    const own = { environment: { ...environment, WECHAT_MP_LANG: 'zh' } };
    expect(await shown('lang', [], { lang: 'en' }, own)).toMatchObject({
      value: 'zh',
      name: 'WECHAT_MP_LANG',
    });
    expect(await shown('lang', ['--lang', 'en'], { lang: 'zh' }, own)).toEqual({
      value: 'en',
      source: 'flag',
      name: '--lang',
    });
  });

  const secrets = [
    ['secret', 'WECHAT_MP_APPSECRET', '--secret-stdin', 'secret'],
    ['callback_token', 'WECHAT_MP_CALLBACK_TOKEN', '--callback-token-stdin', 'callbackToken'],
    ['aes_key', 'WECHAT_MP_AES_KEY', '--aes-key-stdin', 'aesKey'],
  ] as const;
  for (const [setting, variable, flag, key] of secrets) {
    test(`${setting} is told by its source and length only`, async () => {
      const profile = { appid: profileId };
      const stored = { secrets: { [key]: 'p'.repeat(3) } };
      const environment = { [variable]: 'e'.repeat(4) };
      expect(await shown(setting, [], profile)).toEqual({ set: false });
      expect(await shown(setting, [], profile, stored)).toEqual({
        set: true,
        characters: 3,
        source: 'profile',
        name: 'shop',
      });
      expect(await shown(setting, [], profile, { ...stored, environment })).toMatchObject({
        characters: 4,
        source: 'environment',
        name: variable,
      });
      expect(
        await shown(setting, [flag], profile, { ...stored, environment, stdin: 'f'.repeat(5) }),
      ).toMatchObject({ characters: 5, source: 'flag', name: flag });
      expect(
        await shown(setting, [], profile, { ...stored, environment: { [variable]: ' ' } }),
      ).toMatchObject({
        characters: 3,
      });
    });
  }

  test('stored secrets stay with the API base that they were stored for', async () => {
    const stored = { secrets: { secret: 'x' } };
    const profile = { appid: profileId, apiBase: 'http://127.0.0.1:3' };
    expect(await shown('secret', [], profile, stored)).toMatchObject({ set: true });
    expect(await shown('secret', ['--api-base', 'http://127.0.0.1:4'], profile, stored)).toEqual({
      set: false,
    });
    expect(
      await shown('secret', [], profile, { ...stored, environment: { WECHAT_MP_API_BASE: base } }),
    ).toEqual({
      set: false,
    });
  });

  test.each([
    ['a timeout of nothing', ['--timeout', '0s'], 'timeout_invalid'],
    ['a timeout that no timer holds', ['--timeout', '25d'], 'duration_invalid'],
    ['a timeout without unit', ['--timeout', '10'], 'duration_invalid'],
    ['both endpoints', ['--stable', '--classic'], 'flags_conflict'],
    ['http to another machine', ['--api-base', 'http://example.com'], 'api_base_invalid'],
    ['an AppID that is none', ['--appid', 'wx123'], 'appid_invalid'],
    ['a profile that is none', ['--profile', 'nobody'], 'profile_unknown'],
  ])('%s is refused', async (_, words, type) => {
    expect(await shown('timeout_ms', words, { appid: profileId })).toEqual({ error: type });
  });
});

test.each([
  ['is used for its own account', {}, [], 'https://t.example.com/'],
  ['is not asked for an account of the environment', { WECHAT_MP_APPID: envId }, [], undefined],
  ['is not asked for an account of a flag', {}, ['--appid', flagId], undefined],
  [
    'is asked where the profile is chosen by hand',
    { WECHAT_MP_APPID: envId },
    ['-p', 'shop'],
    'https://t.example.com/',
  ],
] as const)('the token service of a profile %s', async (_what, environment, words, url) => {
  const profile = { appid: profileId, tokenUrl: 'https://t.example.com/' };
  const found = (await shown('token_url', words, profile, { environment })) as { value?: string } | null;
  expect(found?.value).toBe(url);
});

describe('settings: what was pasted is read wherever it enters', () => {
  const pasted = `\u{200b}"${envId.toUpperCase()}"`;
  const notes = (place: string) => [
    `! Took the AppID in ${place} out of invisible characters and quotes`,
    `! Wrote the AppID in ${place} in small letters, as WeChat does`,
  ];

  test.each([
    ['--appid', 'appid', ['--appid', pasted], undefined, {}],
    ['WECHAT_MP_APPID', 'appid', [], undefined, { environment: { WECHAT_MP_APPID: pasted } }],
    ['config.json', 'appid', [], { appid: pasted }, {}],
    [
      '/desk/wechat-mp.json',
      'project_appid',
      [],
      undefined,
      { files: { '/desk/wechat-mp.json': JSON.stringify({ appid: pasted }) } },
    ],
  ] as const)('an AppID in %s', async (place, setting, words, profile, more) => {
    const run = await world(profile, more).run('profile', 'show', '--json', ...words);
    expect((JSON.parse(run.stdout) as Record<string, unknown>)[setting]).toMatchObject({ value: envId });
    expect(run.stderr.trim().split('\n')).toEqual(notes(place));
  });

  test.each([
    ['secret', 'WECHAT_MP_APPSECRET', '--secret-stdin', 'secret', 'AppSecret'],
    ['callback_token', 'WECHAT_MP_CALLBACK_TOKEN', '--callback-token-stdin', 'callbackToken', 'Token'],
    ['aes_key', 'WECHAT_MP_AES_KEY', '--aes-key-stdin', 'aesKey', 'EncodingAESKey'],
  ] as const)('a secret in variable, pipe and profile: %s', async (setting, variable, flag, key, name) => {
    const text = JSON.stringify({ appid: envId, [name]: `'${'s'.repeat(31)}'` });
    const show = async (
      words: readonly string[],
      more: FakeIoOptions & { secrets?: Record<string, string> },
    ) => {
      const run = await world({ appid: profileId }, more).run('profile', 'show', '--json', ...words);
      return [(JSON.parse(run.stdout) as Record<string, unknown>)[setting], run.stderr];
    };
    const [wanted, out] = [expect.objectContaining({ characters: 31 }), 'out of a JSON answer and quotes'];
    expect(await show([], { environment: { [variable]: text } })).toEqual([
      wanted,
      `! Took the ${name} in ${variable} ${out}\n`,
    ]);
    expect(await show([flag], { stdin: text })).toEqual([wanted, `! Took the ${name} in ${flag} ${out}\n`]);
    expect(await show([], { secrets: { [key]: text } })).toEqual([
      wanted,
      `! Took the ${name} in secrets.json ${out}\n`,
    ]);
  });

  test('secrets are found for an AppID that was written by hand in config.json', async () => {
    const secrets = JSON.stringify({ [`${base} ${profileId}`]: { secret: 'x' } });
    const files = { [`${config}/secrets.json`]: secrets };
    expect(await shown('secret', [], { appid: `${profileId}\u{200b}` }, { files })).toMatchObject({
      set: true,
    });
  });

  test('a pin written with an invisible character pins all the same', async () => {
    const environment = { WECHAT_MP_APPID: envId, WECHAT_MP_APPSECRET: 's'.repeat(32) };
    const pin = (appid: string) => ({ files: { '/desk/wechat-mp.json': JSON.stringify({ appid }) } });
    const tried = async (appid: string) =>
      (await world(undefined, { environment, ...pin(appid) }).run('token', '--status')).code;
    expect(await tried(`${envId}\u{200b}`)).toBe(1);
    expect(await tried(`${otherId}\u{200b}`)).toBe(3);
  });
});

describe('settings: which profile', () => {
  const files = {
    [`${config}/config.json`]: JSON.stringify({
      default: 'one',
      profiles: {
        one: { appid: flagId },
        two: { appid: envId },
        three: { appid: profileId },
        four: { appid: otherId },
      },
    }),
  };
  const project = { ...files, '/desk/wechat-mp.json': '{"profile":"two"}' };

  test.each([
    ['the default of this machine', [], { files }, { value: 'one', source: 'profile', name: 'profile use' }],
    [
      'the project',
      [],
      { files: project },
      { value: 'two', source: 'project', name: '/desk/wechat-mp.json' },
    ],
    [
      'the variable',
      [],
      { files: project, environment: { WECHAT_MP_PROFILE: 'three' } },
      { value: 'three', source: 'environment', name: 'WECHAT_MP_PROFILE' },
    ],
    [
      'the flag',
      ['--profile', 'four'],
      { files: project, environment: { WECHAT_MP_PROFILE: 'three' } },
      { value: 'four', source: 'flag', name: '--profile' },
    ],
  ] as const)('%s', async (_, words, more, wanted) => {
    expect(await shown('profile', words, undefined, more)).toEqual(wanted);
  });

  test('an explicit --profile sets aside AppID, AppSecret and token of the environment, and nothing else', async () => {
    const environment = {
      WECHAT_MP_APPID: envId,
      WECHAT_MP_APPSECRET: 'secret-of-env',
      WECHAT_MP_ACCESS_TOKEN: 'token-of-env',
      WECHAT_MP_TIMEOUT: '2s',
    };
    const more = { files, environment };
    expect(await shown('appid', ['-p', 'one'], undefined, more)).toMatchObject({ value: flagId });
    expect(await shown('secret', ['-p', 'one'], undefined, more)).toEqual({ set: false });
    expect(await shown('access_token', ['-p', 'one'], undefined, more)).toEqual({ set: false });
    expect(await shown('timeout_ms', ['-p', 'one'], undefined, more)).toMatchObject({ value: 2000 });
    // Chosen by a variable it is not explicit.
    const byVariable = { files, environment: { ...environment, WECHAT_MP_PROFILE: 'one' } };
    expect(await shown('appid', [], undefined, byVariable)).toMatchObject({ value: envId });
    expect(await shown('access_token', [], undefined, byVariable)).toMatchObject({ set: true });
  });

  test("a project's unknown profile gives way to the environment", async () => {
    const lacking = { '/desk/wechat-mp.json': '{"profile":"team"}' };
    const environment = { WECHAT_MP_APPID: envId };
    expect(await shown('appid', [], undefined, { files: lacking, environment })).toMatchObject({
      value: envId,
    });
    expect(await shown('appid', [], undefined, { files: lacking })).toEqual({ error: 'profile_unknown' });
  });
});

describe('settings: AppID and AppSecret belong together', () => {
  const secrets = { secret: 'p'.repeat(32) };
  const profile = { appid: profileId };

  async function tried(words: readonly string[], ...of: Parameters<typeof world>) {
    const run = await world(...of).run('token', '--status', '--json', ...words);
    return run.code === 1 ? 'fine' : (JSON.parse(run.stderr.trim().split('\n').at(-1) ?? '') as Failed).error;
  }

  test.each([
    ['both flags', ['--appid', flagId, '--secret-stdin'], undefined, { stdin: 's'.repeat(32) }],
    [
      'both variables',
      [],
      undefined,
      { environment: { WECHAT_MP_APPID: envId, WECHAT_MP_APPSECRET: 's'.repeat(32) } },
    ],
    ['both in the profile', [], profile, { secrets }],
    ['the same AppID again by flag', ['--appid', profileId], profile, { secrets }],
  ] as const)('%s is fine', async (_, words, inProfile, more) => {
    expect(await tried(words, inProfile, more)).toBe('fine');
  });

  test.each([
    ['flag and profile', ['--appid', flagId], profile, { secrets }],
    [
      'flag and variable',
      ['--appid', flagId],
      undefined,
      { environment: { WECHAT_MP_APPSECRET: 's'.repeat(32) } },
    ],
    [
      'variable and flag',
      ['--secret-stdin'],
      undefined,
      { environment: { WECHAT_MP_APPID: envId }, stdin: 's'.repeat(32) },
    ],
    ['variable and profile', [], profile, { secrets, environment: { WECHAT_MP_APPID: envId } }],
    ['profile and variable', [], profile, { environment: { WECHAT_MP_APPSECRET: 's'.repeat(32) } }],
  ] as const)('%s is a mix', async (_, words, inProfile, more) => {
    expect(await tried(words, inProfile, more)).toMatchObject({ code: 3, type: 'account_mixed' });
  });

  test('what is missing is named with the next step', async () => {
    expect(await tried([], undefined)).toMatchObject({ code: 3, type: 'no_account' });
    expect(await tried([], profile)).toEqual({
      code: 3,
      type: 'no_secret',
      message: `There is no AppSecret for ${profileId} (AppID from profile "shop")`,
      hint: 'Set WECHAT_MP_APPSECRET, use --secret-stdin or --secret-file, or run "wechat-mp profile add <name>"',
      retryable: false,
      next: [
        { command: 'wechat-mp profile show', why: expect.any(String) },
        { command: 'wechat-mp explain no_secret', why: expect.any(String) },
      ],
    });
    expect(await tried(['--api-base', 'http://127.0.0.1:9'], profile, { secrets })).toMatchObject({
      code: 3,
      type: 'secret_bound_elsewhere',
    });
  });

  test('a pin lets its AppID pass and no other', async () => {
    const pin = (appid: string) => ({
      secrets,
      files: { '/desk/wechat-mp.json': JSON.stringify({ appid }) },
    });
    expect(await tried([], profile, pin(profileId))).toBe('fine');
    expect(await tried([], profile, pin(otherId))).toMatchObject({
      code: 3,
      type: 'appid_pinned',
      message: `This project belongs to ${otherId}, but profile "shop" says ${profileId}`,
    });
  });
});

describe('settings: files that cannot be used', () => {
  test.each(['{', '[]', '"x"', '', '\u{feff}{}'])(
    'a config.json of %j is never taken for an empty one',
    async (text) => {
      const files = { [`${config}/config.json`]: text };
      const run = await world(undefined, { files }).run('profile', 'list', '--json');
      expect(run).toMatchObject({ code: 7, stdout: '' });
      expect((JSON.parse(run.stderr) as Failed).error.type).toBe('config_broken');
    },
  );

  test('secrets.json that is broken is told without a word of its content', async () => {
    const files = { [`${config}/secrets.json`]: '{"canary-4711' };
    const run = await world({ appid: profileId }, { files }).run('token', '--debug');
    expect(run.code).toBe(7);
    expect(run.stderr).not.toContain('canary');
    expect(run.stderr).toContain(`✗ Cannot understand "${config}/secrets.json": it is not a JSON object`);
  });

  test('one that may not be read is told with the reason', async () => {
    const there = world({ appid: profileId });
    there.files.fail('read', `${config}/config.json`, 'EACCES');
    expect(await there.run('profile', 'list')).toMatchObject({
      code: 7,
      stderr: `✗ Cannot read "${config}/config.json": EACCES\n  Fix: Check the permissions of the file\n  More: wechat-mp explain config_unreadable\n`,
    });
  });

  test('a path through a file, as in HOME=/dev/null, is a place without profiles', async () => {
    const there = world(undefined);
    there.files.fail('read', `${config}/config.json`, 'ENOTDIR');
    expect(await there.run('profile', 'list', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
  });

  test('values of another kind in a profile are not settings', async () => {
    const text = JSON.stringify({ default: 7, profiles: { shop: { appid: 1, timeout: null }, list: [] } });
    const run = await world(undefined, { files: { [`${config}/config.json`]: text } }).run(
      'profile',
      'list',
      '--json',
    );
    expect(JSON.parse(run.stdout)).toMatchObject([
      { name: 'shop', appid: null, default: false },
      { name: 'list', appid: null },
    ]);
  });
});
