import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fakeWorld, type FakeIoOptions, type FakeWorld, startMs } from '../../helpers/fake-io.ts';
import { simulatorBase, throughSimulator } from '../../helpers/through-simulator.ts';

const folder = '/home/me/.local/state/wechat-mp/simulators';
const noAccount = {
  WECHAT_MP_API_BASE: undefined,
  WECHAT_MP_APPID: undefined,
  WECHAT_MP_APPSECRET: undefined,
  WECHAT_MP_CALLBACK_TOKEN: undefined,
  WECHAT_MP_AES_KEY: undefined,
};
const ready = {
  url: simulatorBase,
  appid: fakeWorld().simulator.account.appId,
  host: 'test-host',
  started_ms: startMs,
};

function world(located: readonly object[], options: FakeIoOptions = {}) {
  const files = Object.fromEntries(
    located.map((entry, index) => [`${folder}/${index}.json`, JSON.stringify(entry)]),
  );
  const made = fakeWorld({
    ...options,
    files: { ...files, ...options.files },
    environment: { ...noAccount, ...options.environment },
    fetch: async (request) => {
      if (request.url.startsWith(gone)) throw new Error('refused');
      return await throughSimulator(made.simulator)(request);
    },
  });
  return made;
}

const gone = 'http://127.0.0.1:1';

/** What somebody does on its page. */
async function control(
  { simulator }: FakeWorld,
  call: string,
  body: unknown,
): Promise<Record<string, string>> {
  const init = { method: 'POST', body: JSON.stringify(body) };
  const response = await simulator.fetch(new Request(`${simulatorBase}/_ctl/${call}`, init));
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, string>;
}

const token = ['token', '--profile', 'simulator'] as const;

describe('--profile simulator', () => {
  test('uses the simulator that runs, and says so', async () => {
    const run = await world([ready]).run(...token);
    expect([run.code, run.stdout]).toEqual([0, expect.stringMatching(/^SIM_\S+\n$/)]);
    expect(run.stderr).toContain(`Using the simulator at ${simulatorBase}`);
  });

  test.each([['WECHAT_MP_PROFILE'], ['the project']])('may be said by %s', async (place) => {
    const found = world(
      [ready],
      place === 'the project'
        ? { files: { 'wechat-mp.json': '{"profile":"simulator"}' } }
        : { environment: { WECHAT_MP_PROFILE: 'simulator' } },
    );
    expect((await found.run('token')).stdout).toMatch(/^SIM_/);
  });

  test('sets aside the account and the address of the environment', async () => {
    const { run, requests } = world([ready], {
      environment: {
        WECHAT_MP_API_BASE: 'https://api.weixin.qq.com',
        WECHAT_MP_APPID: 'wx1234567890abcdef',
        WECHAT_MP_APPSECRET: '0123456789abcdef0123456789abcdef',
        WECHAT_MP_ACCESS_TOKEN: 'given-by-hand',
        WECHAT_MP_PROFILE: 'simulator',
      },
    });
    expect((await run('token')).stdout).toMatch(/^SIM_/);
    const host = new URL(simulatorBase).host;
    expect(new Set(requests.map((line) => line.replace(/^\S+ ([^/]+).*/, '$1')))).toEqual(new Set([host]));
  });

  test.each([
    ['the project', { '/desk/wechat-mp.json': '{"profile":"simulator"}' }],
    ['the default', { '/home/me/.config/wechat-mp/config.json': '{"profiles":{},"default":"simulator"}' }],
  ])('yields to the account of the environment where %s names it', async (_, files) => {
    const account = { WECHAT_MP_APPID: 'wx1234567890abcdef', WECHAT_MP_APPSECRET: 'e'.repeat(32) };
    const there = 'http://127.0.0.1:7';
    const callback = { WECHAT_MP_CALLBACK_TOKEN: 'OfEnv', WECHAT_MP_AES_KEY: 'a'.repeat(42) + 'E' };
    const environment = { ...account, ...callback, WECHAT_MP_API_BASE: there };
    const { run, requests } = world([ready], { files, environment });
    const show = async (...words: readonly string[]) => await run('profile', 'show', '--json', ...words);
    const { stdout, stderr } = await show();
    expect([JSON.parse(stdout), stderr, requests]).toEqual([
      expect.objectContaining({
        api_base: { value: there, source: 'environment', name: 'WECHAT_MP_API_BASE' },
        appid: { value: account.WECHAT_MP_APPID, source: 'environment', name: 'WECHAT_MP_APPID' },
      }),
      '',
      [],
    ]);
    const sign = ['handshake', 'sign', '--timestamp', '1714036504', '--nonce', '7'] as const;
    const signature = createHash('sha1').update('17140365047OfEnv').digest('hex');
    expect((await run(...sign)).stdout).toBe(`${signature}\n`);
    const explicit = JSON.parse((await show('-p', 'simulator')).stdout) as object;
    expect(explicit).toMatchObject({ api_base: { value: simulatorBase }, appid: { value: ready.appid } });
    // Without an address the account is one of the real platform, and that is told.
    const real = world([ready], { files, environment: account });
    expect((await real.run('profile', 'show')).stderr).toContain(
      'Using the account in the environment variables, not the simulator',
    );
  });

  test.each([
    ['none', []],
    ['one that is gone', [{ ...ready, url: gone }]],
    ['one whose place another has taken', [{ ...ready, appid: 'wx0000000000000000' }]],
    ['one of another machine', [{ ...ready, host: 'elsewhere' }]],
    ['an address that is not of this machine', [{ ...ready, url: 'https://api.weixin.qq.com' }]],
    ['a file with a part missing', [{ ...ready, started_ms: undefined }]],
  ])('is exit 3 with %s, and asks no other platform', async (_, located) => {
    const { run, requests } = world(located, {
      environment: {
        WECHAT_MP_APPID: 'wx1234567890abcdef',
        WECHAT_MP_APPSECRET: '0123456789abcdef0123456789abcdef',
      },
    });
    const ended = await run(...token, '--json');
    expect([ended.code, ended.stdout]).toEqual([3, '']);
    expect(JSON.parse(ended.stderr)).toMatchObject({
      error: {
        type: 'simulator_not_running',
        message: 'No running simulator was found',
        hint: expect.stringMatching(
          /^Start one in another terminal: .* another user or HOME, .*WECHAT_MP_API_BASE/,
        ),
      },
    });
    expect(requests.filter((line) => !line.endsWith('/_ctl/accounts'))).toEqual([]);
  });

  test('takes the newest that answers', async () => {
    const older = { ...ready, url: 'http://127.0.0.1:2', started_ms: startMs - 1 };
    const newerGone = { ...ready, url: gone, started_ms: startMs + 1 };
    const { run, requests } = world([older, ready, newerGone]);
    expect((await run(...token)).code).toBe(0);
    expect(requests.slice(0, 2)).toEqual([
      'GET 127.0.0.1:1/_ctl/accounts',
      `GET ${new URL(simulatorBase).host}/_ctl/accounts`,
    ]);
  });

  test('takes a further account by its AppID', async () => {
    const found = world([ready]);
    const { appid, secret } = await control(found, 'accounts', {});
    const run = await found.run('token', '-p', 'simulator', '--appid', appid ?? '', '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({ appid, access_token: expect.stringMatching(/^SIM_/) });
    const shown = await found.run('profile', 'show', '-p', 'simulator', '--appid', appid ?? '', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      api_base: { value: simulatorBase },
      secret: { set: true, characters: secret?.length },
    });
  });

  test('takes the Token that is set now, not the one of the start', async () => {
    const found = world([ready]);
    const sign = [
      'handshake',
      'sign',
      '--timestamp',
      '1714036504',
      '--nonce',
      '7',
      '-p',
      'simulator',
    ] as const;
    const signature = (key: string) =>
      `${createHash('sha1').update(['1714036504', '7', key].toSorted().join('')).digest('hex')}\n`;
    expect((await found.run(...sign)).stdout).toBe(signature(found.simulator.account.callbackToken));
    await control(found, 'callback', { token: 'Changed1', check: false });
    expect((await found.run(...sign)).stdout).toBe(signature('Changed1'));
    await control(found, 'reset', {});
    expect((await found.run(...sign)).stdout).toBe(signature(found.simulator.account.callbackToken));
  });

  test.each([
    ['plain', /^<xml><ToUserName>/m, 'Plain mode, as the simulator pushes now'],
    ['compat', /<ToUserName>.*<MsgType>.*<Encrypt>/s, 'Compatible mode, as the simulator pushes now'],
    ['safe', /^<xml><ToUserName>[^M]*<Encrypt>/m, 'Safe mode, as the simulator pushes now'],
  ])('has trigger send in the mode of its pushes: %s', async (mode, sent, said) => {
    const found = world([ready]);
    await control(found, 'callback', { mode, check: false });
    const trigger = ['trigger', 'text', '--dry-run', '-v', '-p', 'simulator'] as const;
    const { stdout, stderr } = await found.run(...trigger);
    expect([stdout, stderr]).toEqual([expect.stringMatching(sent), expect.stringContaining(said)]);
    // What is named by hand wins.
    expect((await found.run(...trigger, '--mode', 'plain')).stdout).not.toContain('<Encrypt>');
  });

  test('is a saved profile where there is one', async () => {
    const saved = {
      '/home/me/.config/wechat-mp/config.json': `{"profiles":{"simulator":{"appid":"wx00000000000000bb"}}}`,
    };
    const shown = await world([ready], { files: saved }).run('profile', 'show', '-p', 'simulator');
    expect(shown.stdout).toContain('wx00000000000000bb');
    expect(shown.stderr).toContain('Using the saved profile "simulator", not the simulator');
    expect((await world([], { files: saved }).run('profile', 'show', '-p', 'simulator')).stderr).toBe('');
  });

  test('does not stop a command that needs no account', async () => {
    expect((await world([]).run('crypto', 'key', '-p', 'simulator')).code).toBe(0);
  });
});
