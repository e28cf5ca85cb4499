/** Set-ups with one thing broken: `doctor` names that thing, and nothing beside it. */
import http from 'node:http';
import https from 'node:https';
import { mkdirSync, chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WechatMpError } from '../../../../src/core/errors.ts';
import { createFiles } from '../../../../src/io/files/files.ts';
import { createFetch } from '../../../../src/io/net/fetch.ts';
import { describeFailure } from '../../../../src/io/net/fetch-errors.ts';
import { openRedis } from '../../../../src/io/net/redis.ts';
import { ExchangeFailure } from '../../../../src/io/net/exchange.ts';
import type { Fetch, HttpResponse } from '../../../../src/io/ports.ts';
import { badServer, faults } from '../../../helpers/bad-server.ts';
import { temporaryFolder } from '../../../helpers/command.ts';
import { fakeWorld, startMs, type FakeIoOptions, type FakeWorld } from '../../../helpers/fake-io.ts';
import { listening } from '../../../helpers/listening.ts';
import { startRedis } from '../../../helpers/redis.ts';
import { json, relayBase, relayKey, standInRelay, type StandIn } from '../../../helpers/stand-in-relay.ts';
import { selfSigned } from '../../../helpers/self-signed.ts';
import { accountOf, simulatorBase, throughSimulator } from '../../../helpers/through-simulator.ts';

interface Row {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly hint: string | null;
  readonly next: readonly { readonly command: string; readonly why: string }[];
}

interface Report {
  readonly code: number;
  readonly ok: boolean;
  readonly checks: readonly Row[];
  readonly stderr: string;
}

async function doctor(world: FakeWorld, ...words: readonly string[]): Promise<Report> {
  const { code, stdout, stderr } = await world.run('doctor', '--json', ...words);
  return { code, stderr, ...(JSON.parse(stdout) as Pick<Report, 'ok' | 'checks'>) };
}

/** `fail` rows decide the exit code. Whatever was left out because of another row names the one that is not well. */
function expectOnly(report: Report, name: string, status: 'fail' | 'warn', message: RegExp | string): Row {
  const { code, ok, checks } = report;
  const unwell = checks.filter((row) => row.status === 'fail' || row.status === 'warn');
  expect(unwell.map((row) => `${row.name} ${row.status}`)).toEqual([`${name} ${status}`]);
  expect({ code, ok }).toEqual(status === 'fail' ? { code: 1, ok: false } : { code: 0, ok: true });
  const blamed = checks.flatMap((row) => /before "(\w+)" is well/.exec(row.message)?.[1] ?? []);
  expect(new Set(blamed)).toEqual(new Set(blamed.length === 0 ? [] : [name]));
  const [found] = unwell;
  if (found === undefined) throw new Error('nothing was found');
  expect(found.message).toMatch(message);
  expect(found.hint).toMatch(/\S/);
  return found;
}

/** Changes a setting of the simulated console. */
async function inConsole(
  { simulator }: FakeWorld,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const response = await simulator.fetch(
    new Request(`${simulatorBase}/_ctl/settings`, { method: 'POST', body: JSON.stringify(settings) }),
  );
  expect(response.status).toBe(200);
}

/** One call of the API by somebody else. */
async function elsewhere(
  { simulator }: FakeWorld,
  call: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  const init = { method: 'POST', body: JSON.stringify(body) };
  const response = await simulator.fetch(new Request(`${simulatorBase}${call}`, init));
  return (await response.json()) as Record<string, unknown>;
}

/** A world whose requests to the platform are answered by a function, which may hand them on. */
function worldWith(
  answer: (url: URL, send: () => Promise<HttpResponse>) => Promise<HttpResponse>,
  options: FakeIoOptions = {},
): FakeWorld {
  let send: Fetch | undefined;
  const fetch: Fetch = (request) =>
    answer(new URL(request.url), () => (send ??= throughSimulator(world.simulator))(request));
  const world = fakeWorld({ ...options, fetch });
  return world;
}

const page = (status: number, body: string, headers = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/html', ...headers },
  body: Buffer.from(body),
});

/** The world of a real HTTP client. */
function wired(options: FakeIoOptions, proxy?: string): FakeWorld {
  const fetch = createFetch({
    proxy,
    environment: {},
    platform: 'linux',
  });
  return fakeWorld({ ...options, fetch });
}

/** A world on the disk of this machine. */
function onDisk(): FakeWorld & { readonly home: string } {
  const home = temporaryFolder();
  const world = fakeWorld({ environment: { HOME: home } });
  Object.assign(world.io, { files: createFiles() });
  return { ...world, home };
}

test('a set-up that is well passes every row that can be asked', async () => {
  const { code, ok, checks } = await doctor(fakeWorld());
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  const skipped = checks
    .filter(({ status }) => status !== 'pass')
    .map(({ name, status }) => `${name} ${status}`);
  expect(skipped).toEqual(['proxy skip', 'tls skip', 'store skip', 'callback_check skip', 'callback skip']);
});

describe('on this machine', () => {
  test('a Node.js that is too old', async () => {
    const world = fakeWorld();
    Object.assign(world.io, { nodeVersion: '18.20.1' });
    expectOnly(await doctor(world), 'node', 'fail', 'Node.js 18.20.1 is too old');
  });

  test('a cache that cannot be written', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_CACHE_DIR: '/c' }, files: { '/c/note': '' } });
    world.files.fail('write', '/c/.wechat-mp-doctor-4321', 'EROFS');
    const { hint } = expectOnly(await doctor(world), 'cache_folder', 'fail', 'the file system is read-only');
    expect(hint).toContain('WECHAT_MP_CACHE_DIR');
  });

  test('a cache folder that everybody may write to', async () => {
    const world = onDisk();
    const cache = path.join(world.home, '.cache/wechat-mp');
    mkdirSync(cache, { recursive: true });
    chmodSync(cache, 0o777);
    expectOnly(await doctor(world), 'cache_folder', 'fail', `"${cache}" (mode 0777)`);
  });

  test('secrets that everybody may read', async () => {
    const world = onDisk();
    const config = path.join(world.home, '.config/wechat-mp');
    mkdirSync(config, { recursive: true, mode: 0o700 });
    writeFileSync(path.join(config, 'secrets.json'), '{}', { mode: 0o644 });
    writeFileSync(path.join(config, 'of-another-program'), '', { mode: 0o644 });
    const { next } = expectOnly(await doctor(world), 'config_folder', 'fail', /secrets\.json" \(mode 0644\)/);
    expect(next.map(({ command }) => command)).toEqual(['wechat-mp doctor --fix']);
  });

  test('a lock that was left behind', async () => {
    const lock = `/home/me/.cache/wechat-mp/tokens/${'a'.repeat(64)}.lock`;
    const world = fakeWorld({ files: { [lock]: '{"host":"laptop","pid":77}' } });
    expectOnly(await doctor(world), 'locks', 'warn', /process 77 on "laptop" has been silent for \d+ d/);
  });
});

describe('in the settings', () => {
  test('no account at all', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_APPID: undefined, WECHAT_MP_APPSECRET: undefined } });
    expectOnly(await doctor(world), 'account', 'fail', 'No account is configured');
  });

  test('a profile that is not there', async () => {
    expectOnly(await doctor(fakeWorld(), '-p', 'shop'), 'profile', 'fail', 'There is no profile "shop"');
  });

  test('a file of profiles that is no JSON', async () => {
    const world = fakeWorld({ files: { '/home/me/.config/wechat-mp/config.json': '{' } });
    expectOnly(await doctor(world), 'profile', 'fail', 'it is not a JSON object');
  });

  test('an API base that would show the secret', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_API_BASE: 'http://example.com' } });
    expectOnly(await doctor(world), 'settings', 'fail', 'plain http would show the AppSecret');
  });

  test('the original ID in the place of the AppID', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_APPID: 'gh_0123456789ab' } });
    const { hint } = expectOnly(await doctor(world), 'account', 'fail', 'original ID');
    expect(hint).toContain('developers.weixin.qq.com/platform');
  });

  test('an AppSecret in quotes, which is used without them', async () => {
    const { WECHAT_MP_APPSECRET: secret = '' } = accountOf(fakeWorld().simulator);
    const world = fakeWorld({ environment: { WECHAT_MP_APPSECRET: `"${secret}"` } });
    const report = await doctor(world);
    expectOnly(report, 'account', 'warn', /quot/i);
    expect(JSON.stringify(report)).not.toContain(secret);
  });

  test('a shared store that cannot be reached', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_STORE: 'redis://127.0.0.1:6379' } });
    const refused = {
      family: 'network',
      type: 'store_unreachable',
      hint: { en: 'Start it', zh: '请启动' },
    } as const;
    const redis = async () => {
      throw new WechatMpError({ ...refused, text: { en: 'Cannot reach the store', zh: '无法访问' } });
    };
    Object.assign(world.io, { redis });
    expectOnly(await doctor(world), 'store', 'fail', 'Cannot reach the store');
  });

  test('a shared store that is a replica', async (context) => {
    const redis = await startRedis(context);
    const world = fakeWorld({ environment: { WECHAT_MP_STORE: redis.url } });
    Object.assign(world.io, { redis: async (...parts: Parameters<typeof openRedis>) => openRedis(...parts) });
    const well = await doctor(world);
    expect(well.checks.find(({ name }) => name === 'store')?.message).toMatch(
      /^redis:\S+ answers in 0 ms, memory policy noeviction, from the variable WECHAT_MP_STORE$/,
    );
    redis.cli('replicaof', '127.0.0.1', '1');
    expectOnly(await doctor(world), 'store', 'fail', 'is a replica that takes no writes');
  });

  test('an EncodingAESKey that is too short', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_AES_KEY: 'a'.repeat(42) } });
    expectOnly(await doctor(world), 'callback_secrets', 'fail', 'it must be 43 letters and digits');
  });
});

describe('on the way to the platform', () => {
  test('a name that is not known', async () => {
    const world = worldWith(({ host }) => {
      const cause = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
      const failure = new ExchangeFailure('broken', { sent: false, answered: false }, cause);
      const request = { method: 'GET', url: '', timeoutMs: 1, maxBytes: 1 } as const;
      throw describeFailure(failure, {
        host,
        request,
        proxy: undefined,
        platform: 'linux',
        addressFlag: '--api-base',
      });
    });
    expectOnly(await doctor(world), 'dns', 'fail', 'Cannot find the address');
  });

  test('a proxy that wants a name and a password', async () => {
    const server = http.createServer();
    server.on('connect', (_request, socket) =>
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    );
    const proxy = `http://127.0.0.1:${await listening(server)}`;
    const environment = { HTTPS_PROXY: proxy, WECHAT_MP_API_BASE: undefined };
    const world = wired({ environment }, proxy);
    expectOnly(await doctor(world), 'proxy', 'fail', 'HTTP 407: it wants a user name and password');
  });

  test('a port at which nobody listens', async () => {
    const server = await badServer(() => {});
    await server.close();
    const world = wired({ environment: { WECHAT_MP_API_BASE: server.url } });
    expectOnly(await doctor(world), 'connection', 'fail', 'refused the connection');
  });

  test('a certificate of an unknown authority', async () => {
    const port = await listening(https.createServer(selfSigned) as unknown as http.Server);
    const world = wired({ environment: { WECHAT_MP_API_BASE: `https://localhost:${port}` } });
    const { hint } = expectOnly(await doctor(world), 'tls', 'fail', 'Cannot trust the certificate');
    expect(hint).toContain('NODE_EXTRA_CA_CERTS');
  });

  test('a platform that is silent', async () => {
    const server = await badServer(faults.silent);
    onTestFinished(() => server.close());
    const world = wired({ environment: { WECHAT_MP_API_BASE: server.url } });
    expectOnly(await doctor(world, '--timeout', '300ms'), 'answer', 'fail', 'did not answer within 0.3 s');
  });

  test('the log-in page of a network', async () => {
    const world = worldWith(async () => page(200, '<!DOCTYPE html><title>Free Wi-Fi</title>'));
    expectOnly(await doctor(world), 'answer', 'fail', 'answered with a web page instead of JSON');
  });

  test('a server that answers JSON and is not WeChat', async () => {
    const world = worldWith(async () => page(200, '{"status":"up"}'));
    expectOnly(await doctor(world), 'answer', 'fail', 'lacks the "errcode" of WeChat');
  });

  test.each([
    [61_000, 'warn', '1 min 1 s ahead of'],
    [-61_000, 'warn', '1 min 1 s behind'],
    [7_380_000, 'fail', '2 h 3 min ahead of'],
  ] as const)('a clock that is %i ms off', async (offMs, status, words) => {
    const date = new Date(startMs - offMs).toUTCString();
    const world = worldWith(async (_url, send) => {
      const response = await send();
      return { ...response, headers: { ...response.headers, date } };
    });
    expectOnly(await doctor(world), 'clock', status, words);
  });
});

describe('with a relay', () => {
  const environment = {
    WECHAT_MP_API_BASE: undefined,
    WECHAT_MP_APPID: undefined,
    WECHAT_MP_APPSECRET: undefined,
    WECHAT_MP_VIA: relayBase,
    WECHAT_MP_VIA_KEY: relayKey,
  };

  function behind(relay: StandIn = {}, more: Readonly<Record<string, string | undefined>> = {}): FakeWorld {
    const world = fakeWorld({
      environment: { ...environment, ...more },
      // What may pass is asked again.
      timePasses: true,
      fetch: standInRelay(() => world.simulator, relay),
    });
    return world;
  }
  const rowOf = ({ checks }: Report, name: string) => checks.find((row) => row.name === name);

  test('that is well, every row that can be asked passes', async () => {
    const world = behind();
    const report = await doctor(world);
    expect({ code: report.code, ok: report.ok }).toEqual({ code: 0, ok: true });
    expect(rowOf(report, 'relay')?.message).toBe(
      `It takes the key "laptop" for ${world.simulator.account.appId}, with all calls; /token and /ticket are not named`,
    );
    const passed = ['settings', 'account', 'answer', 'clock', 'relay', 'token', 'egress', 'rights', 'quota'];
    expect(passed.map((name) => `${name} ${rowOf(report, name)?.status}`)).toEqual(
      passed.map((name) => `${name} ${name === 'clock' ? 'skip' : 'pass'}`),
    );
  });

  test('a key for other calls than those of "doctor" is no trouble', async () => {
    const report = await doctor(behind({ prefixes: ['/cgi-bin/message'] }));
    expect({ code: report.code, ok: report.ok }).toEqual({ code: 0, ok: true });
    expect(rowOf(report, 'relay')?.message).toMatch(/with the right to \/cgi-bin\/message$/);
    for (const name of ['token_history', 'egress', 'rights', 'quota', 'callback_check'])
      expect(rowOf(report, name)).toMatchObject({
        status: 'skip',
        message: `The relay at ${relayBase} gives this key no right to /cgi-bin/get_api_domain_ip`,
      });
    expect(rowOf(report, 'egress')?.hint).toMatch(/get_api_domain_ip must stand in the line of the key/);
  });

  test.each([['/cgi-bin/menu'], ['/cgi-bin/get_current_selfmenu_info']])(
    'the whitelist is asked with a call that the key opens: %s',
    async (prefix) => {
      const world = behind({ prefixes: [prefix, '/token'] });
      const report = await doctor(world);
      expect({ code: report.code, ok: report.ok }).toEqual({ code: 0, ok: true });
      expect(rowOf(report, 'egress')).toMatchObject({
        status: 'pass',
        message: 'Calls pass the whitelist; WeChat does not tell which address it sees',
      });
      expect(rowOf(report, 'quota')).toMatchObject({
        status: 'skip',
        message: `The relay at ${relayBase} gives this key no right to /cgi-bin/openapi/quota/get`,
      });
      await inConsole(world, { whitelist: ['203.0.113.0/24'] });
      expectOnly(await doctor(world), 'egress', 'fail', "the relay's IP is not in the whitelist (40164)");
    },
  );

  test('an address that cannot be one', async () => {
    const report = await doctor(behind({}, { WECHAT_MP_VIA: 'http://relay.example.com' }));
    expectOnly(report, 'settings', 'fail', 'plain http would show the key');
  });

  test('a key that is missing', async () => {
    expectOnly(await doctor(behind({}, { WECHAT_MP_VIA_KEY: undefined })), 'account', 'fail', 'no key');
  });

  test('a relay that does not run', async () => {
    const server = await badServer(() => {});
    await server.close();
    const world = wired({ environment: { ...environment, WECHAT_MP_VIA: server.url } });
    expectOnly(await doctor(world), 'connection', 'fail', 'refused the connection');
  });

  test('an address at which something else answers', async () => {
    const report = await doctor(behind({ answer: () => page(200, '{"ok":true}') }));
    expectOnly(report, 'answer', 'fail', 'is not a relay (HTTP 200)');
  });

  test.each([
    ['a key that it does not know', {}, { WECHAT_MP_VIA_KEY: 'another' }, 'does not know this key'],
    ['another account', {}, { WECHAT_MP_APPID: 'wx00000000000000ff' }, 'does not serve wx00000000000000ff'],
    [
      'several accounts, none named',
      { accounts: ['wx00000000000000ff', 'wx00000000000000fe'] },
      {},
      'serves several accounts',
    ],
  ])('%s', async (_what, relay, more, words) => {
    expectOnly(await doctor(behind(relay, more)), 'relay', 'fail', words);
  });

  test.each([
    ['a wrong AppSecret', 'invalid_appsecret', 200, { errcode: 40001, errmsg: 'invalid credential' }],
    ['an AppID that is none', 'invalid_appid', 200, { errcode: 40013, errmsg: 'invalid appid' }],
    ['a store that is away', 'store_unreachable', 502, { error: { type: 'store_unreachable' } }],
  ])('whose own call for a token fails: %s', async (_what, word, status, answer) => {
    const world = behind({
      answer: ({ url }) =>
        url.includes('/cgi-bin/') ? json({ errcode: -1, ...answer }, word, status) : undefined,
    });
    const report = await doctor(world);
    expectOnly(report, 'token', 'fail', /./);
    expect(rowOf(report, 'egress')?.status).toBe('skip');
  });

  test('whose call for a token meets the whitelist', async () => {
    const world = behind({
      answer: ({ url }) =>
        url.includes('/cgi-bin/')
          ? json({ errcode: 40164, errmsg: 'invalid ip 203.0.113.7, not in whitelist' }, 'ip_not_allowed')
          : undefined,
    });
    const report = await doctor(world);
    expectOnly(report, 'egress', 'fail', /\(40164\)/);
    expect(rowOf(report, 'token')?.status).toBe('skip');
  });

  test('a whitelist that lacks its address', async () => {
    const world = behind();
    // The relay has its token already.
    await world.run('api', '/cgi-bin/tags/get');
    await inConsole(world, { whitelist: ['203.0.113.0/24'] });
    expectOnly(await doctor(world), 'egress', 'fail', "the relay's IP is not in the whitelist (40164)");
  });
});

test.each([
  [503, 'no', 'status 503'],
  [200, '{}', 'neither a token nor JSON'],
])('a token service that is not well: %i %s', async (status, body, words) => {
  const environment = { WECHAT_MP_TOKEN_URL: 'http://127.0.0.1:3001/', WECHAT_MP_APPSECRET: undefined };
  const world = worldWith(async ({ port }, send) => (port === '3001' ? page(status, body) : await send()), {
    environment,
  });
  expectOnly(await doctor(world), 'token_service', 'fail', words);
});

describe('at WeChat', () => {
  test('a wrong AppSecret', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_APPSECRET: '0'.repeat(32) } });
    const { hint, next } = expectOnly(await doctor(world), 'token', 'fail', /\(40125\)$/);
    expect(hint).toContain('开发密钥');
    expect(next.map(({ command }) => command)).toEqual(['wechat-mp explain 40125']);
  });

  test('an AppSecret that is frozen', async () => {
    const world = fakeWorld();
    await inConsole(world, { secret_frozen: true });
    const { hint } = expectOnly(await doctor(world), 'token', 'fail', /frozen \(40243\)$/);
    expect(hint).toContain('开发密钥');
  });

  test('a whitelist that refuses the call for a token', async () => {
    const world = fakeWorld();
    await inConsole(world, { whitelist: [], whitelist_scope: 'secret' });
    const { hint } = expectOnly(await doctor(world), 'egress', 'fail', /\(40164\); it sees 127\.0\.0\.1$/);
    expect(hint).toContain('API IP 白名单');
  });

  test('a whitelist that refuses calls although a token is there', async () => {
    const world = fakeWorld();
    await world.run('token');
    await inConsole(world, { whitelist: ['203.0.113.0/24'] });
    const report = await doctor(world);
    expectOnly(report, 'egress', 'fail', /\(40164\); it sees 127\.0\.0\.1$/);
    expect(report.checks.find(({ name }) => name === 'token')?.status).toBe('pass');
  });

  test('an address that waits for the administrator', async () => {
    const world = fakeWorld();
    await inConsole(world, { whitelist: [], ip_confirmation: true });
    expectOnly(await doctor(world), 'egress', 'fail', /\(89503\)$/);
  });

  test('a personal account', async () => {
    const world = fakeWorld();
    await inConsole(world, { account_type: 'personal' });
    const { message, next } = expectOnly(await doctor(world), 'rights', 'warn', /./);
    expect(message).toBe(
      'WeChat gives this account 0 calls a day of: custom menus; QR codes with a scene; users, tags and remarks; material; publishing; customer messages; template messages; mass messages; customer-service accounts',
    );
    expect(next[0]?.command).toMatch(/^wechat-mp quota \/cgi-bin\/menu\/create \/cgi-bin\/qrcode\/create /);
  });

  test.each([
    [10, 'fail', 'No calls are left today: /cgi-bin/menu/create (10)'],
    [11, 'warn', 'Less than a tenth of the day is left: /cgi-bin/menu/create (1/11)'],
  ] as const)('ten calls of %i used', async (limit, status, words) => {
    const world = fakeWorld();
    await inConsole(world, { quotas: { '/cgi-bin/menu/create': limit } });
    const token = (await world.run('token')).stdout.trim();
    const body = { button: [{ type: 'click', name: 'a', key: 'k' }] };
    for (let call = 0; call < 10; call += 1)
      await elsewhere(world, `/cgi-bin/menu/create?access_token=${token}`, body);
    const { next, message } = expectOnly(await doctor(world), 'quota', status, /./);
    expect(message).toBe(words);
    expect(next.map(({ command }) => command)).toEqual(['wechat-mp quota /cgi-bin/menu/create']);
  });

  test('a stable token that somebody else has replaced, which is fetched again', async () => {
    const world = fakeWorld();
    await world.run('token');
    await world.clock.advance(600_000);
    const { account } = world.simulator;
    const forced = { appid: account.appId, secret: account.secret, force_refresh: true };
    await elsewhere(world, '/cgi-bin/stable_token', { grant_type: 'client_credential', ...forced });
    const report = await doctor(world);
    const { message, hint } = expectOnly(report, 'token_history', 'warn', /./);
    expect(message).toBe(
      'Somebody replaced the token that was fetched 10 min ago by process 4321 on "test-host": WeChat refuses it 1 h 50 min before its end, and nobody has fetched another one into this cache; the cache has the current one now',
    );
    expect(hint).toContain('force_refresh');
    const again = await doctor(world);
    expect(again.checks.find(({ name }) => name === 'token_history')?.status).toBe('pass');
  });

  test('a classic token that somebody else has replaced, and none is fetched', async () => {
    const world = fakeWorld();
    await world.run('token', '--classic');
    const { account } = world.simulator;
    const query = `grant_type=client_credential&appid=${account.appId}&secret=${account.secret}`;
    await world.simulator.fetch(new Request(`${simulatorBase}/cgi-bin/token?${query}`));
    await world.clock.advance(300_000);
    const before = world.requests.length;
    const { hint } = expectOnly(
      await doctor(world, '--classic'),
      'token_history',
      'fail',
      'Somebody replaced',
    );
    expect(hint).toContain('stable_token');
    expect(world.requests.slice(before).filter((each) => each.endsWith('token'))).toEqual([]);
  });
});

describe('at the own server', () => {
  const files = { '/desk/wechat-mp.json': '{"trigger":{"to":"http://127.0.0.1:3000/wechat"}}' };

  test('a redirect in the place of an answer', async () => {
    const location = { location: 'https://127.0.0.1:3000/wechat' };
    const world = worldWith(
      async ({ port }, send) => (port === '3000' ? page(302, '', location) : await send()),
      { files },
    );
    const { next } = expectOnly(
      await doctor(world),
      'callback',
      'fail',
      /^http:\/\/127\.0\.0\.1:3000\/wechat: /,
    );
    expect(next.map(({ command }) => command)).toEqual([
      'wechat-mp handshake probe http://127.0.0.1:3000/wechat',
    ]);
  });

  test('a host in the console that WeChat cannot resolve', async () => {
    const world = fakeWorld();
    await world.fault({ path: '/cgi-bin/callback/check', body: '{"dns":[],"ping":[]}' });
    expectOnly(await doctor(world), 'callback_check', 'fail', 'cannot resolve the host');
  });
});
