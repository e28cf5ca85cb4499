/** `--via`: every call goes through the relay, and nothing of the account is needed here. */
import { describe, expect, test } from 'vitest';
import type { TokenSource } from '../../../src/api/token-source.ts';
import { PlatformError } from '../../../src/core/errors.ts';
import { createFetch } from '../../../src/io/net/fetch.ts';
import { networkError } from '../../helpers/fake-fetch.ts';
import { fakeWorld, type FakeIoOptions, type FakeWorld } from '../../helpers/fake-io.ts';
import { appId, countingTokens, json, keys, otherAppId, startRelay } from '../../helpers/relay.ts';
import { refusal, relayBase, relayKey, standInRelay, type StandIn } from '../../helpers/stand-in-relay.ts';

const noAccount = {
  WECHAT_MP_API_BASE: undefined,
  WECHAT_MP_APPID: undefined,
  WECHAT_MP_APPSECRET: undefined,
};
const viaRelay = { ...noAccount, WECHAT_MP_VIA: relayBase, WECHAT_MP_VIA_KEY: relayKey };
const menu = JSON.stringify({ button: [{ type: 'click', name: 'a', key: 'k' }] });
const foreignId = 'wx00000000000000ff';

function behindRelay(relay: StandIn = {}, options: FakeIoOptions = {}): FakeWorld {
  const world = fakeWorld({
    ...options,
    environment: { ...viaRelay, ...options.environment },
    fetch: standInRelay(() => world.simulator, relay),
  });
  return world;
}

const everything = ['/cgi-bin', '/token', '/ticket'];

interface Failure {
  readonly code: number;
  readonly type: string;
  readonly message: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly request_sent?: boolean;
}

async function failure(world: FakeWorld, ...words: readonly string[]): Promise<Failure> {
  const { stderr } = await world.run(...words, '--json');
  return (JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: Failure }).error;
}

const appIdOf = ({ simulator }: FakeWorld): string => simulator.account.appId;

describe('through a relay', () => {
  test.each([
    ['token', ['token'], 0],
    ['menu push', ['menu', 'push', '-', '--yes'], 0],
    ['menu diff', ['menu', 'diff', '-'], 1],
    ['menu pull', ['menu', 'pull'], 1],
    ['menu delete', ['menu', 'delete', '--dry-run'], 0],
    ['qr create', ['qr', 'create', '--scene', '1', '--out', 'qr.jpg'], 0],
    ['sign-url', ['sign-url', 'https://example.com/'], 0],
    ['cards', ['sign-url', 'pjZ8Yt1XGILfi', '--type', 'wx_card'], 0],
    ['api', ['api', '/cgi-bin/tags/get'], 0],
    ['quota', ['quota', 'menu/create'], 0],
    ['quota --reset', ['quota', '--reset', '--yes'], 0],
    ['ip --callback', ['ip', '--callback'], 0],
  ])('%s works without an account on this machine', async (_name, words, code) => {
    const world = behindRelay({ prefixes: everything }, { stdin: menu });
    const ran = await world.run(...words);
    expect({ ...ran, code: ran.code }).toMatchObject({ code });
    expect(ran.stderr).toContain(`Sending through the relay at ${relayBase} (from WECHAT_MP_VIA)\n`);
    expect(ran.stderr + ran.stdout).not.toContain(relayKey);
    expect(world.files.list('/home/me/.cache/wechat-mp/tokens')).toEqual([]);
  });

  test('a flag names it, which is not told again', async () => {
    const world = behindRelay(
      {},
      { environment: { WECHAT_MP_VIA: undefined }, files: { '/desk/key.txt': `${relayKey}\n` } },
    );
    const ran = await world.run('api', '/cgi-bin/tags/get', '--via', relayBase, '--via-key-file', 'key.txt');
    expect(ran).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Sending') as string });
  });

  test('the simulator behind it is named', async () => {
    const { stderr } = await behindRelay().run('api', '/cgi-bin/tags/get');
    expect(stderr).toContain(`Using the simulator behind the relay at ${relayBase}\n`);
  });

  test('prints the token, its end and its account as the relay says', async () => {
    const world = behindRelay({ prefixes: ['/token'] });
    const { stdout } = await world.run('token', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      access_token: expect.stringMatching(/^SIM_/) as string,
      appid: appIdOf(world),
      endpoint: 'stable_token',
      expires_in: 7000,
      source: 'relay',
    });
  });

  test('signs for the account of the relay', async () => {
    const world = behindRelay({ prefixes: ['/ticket'] });
    expect((await world.run('sign-url', 'https://example.com/')).stdout).toContain(
      `appId=${appIdOf(world)}\n`,
    );
    expect(world.requests.map((line) => line.replace(/.*\//, ''))).toEqual(['healthz', 'ticket']);
  });

  test('asks for the ticket once, however many URLs come', async () => {
    const stdin = 'https://example.com/a\nhttps://example.com/b\nhttps://example.com/c\n';
    const world = behindRelay({ prefixes: ['/ticket'] }, { stdin });
    expect((await world.run('sign-url', '--stdin')).stdout.trim().split('\n')).toHaveLength(3);
    expect(world.requests.filter((line) => line.endsWith('/ticket'))).toHaveLength(1);
  });

  test('names the account that is known here, so that no other one is changed', async () => {
    const known = { WECHAT_MP_APPID: fakeWorld().simulator.account.appId };
    const world = behindRelay({}, { environment: known, stdin: menu });
    expect((await world.run('menu', 'push', '-', '--yes')).code).toBe(0);
    expect(world.requests[0]).toContain(`/${known.WECHAT_MP_APPID}/cgi-bin/`);
    const other = behindRelay({}, { environment: { WECHAT_MP_APPID: foreignId }, stdin: menu });
    expect(await failure(other, 'menu', 'push', '-', '--yes')).toMatchObject({
      code: 3,
      type: 'relay_account_unknown',
      message: `The relay at ${relayBase} does not serve ${foreignId}`,
    });
  });

  test('the pin of a project is the account', async () => {
    const files = { '/desk/wechat-mp.json': JSON.stringify({ appid: foreignId }) };
    expect(await failure(behindRelay({}, { files }), 'menu', 'pull')).toMatchObject({
      type: 'relay_account_unknown',
    });
  });

  test('of several accounts one must be named', async () => {
    const accounts = [foreignId, fakeWorld().simulator.account.appId];
    expect(await failure(behindRelay({ accounts }), 'menu', 'delete')).toMatchObject({
      code: 3,
      type: 'relay_account_missing',
    });
    expect((await behindRelay({ accounts }).run('menu', 'pull', '--appid', accounts[1] ?? '')).code).not.toBe(
      3,
    );
  });

  test('fills in the key where a call takes the AppSecret', async () => {
    const urls: string[] = [];
    const world = behindRelay({
      answer: ({ url }) => {
        if (!url.includes('clear_quota/v2')) return undefined;
        urls.push(url);
        return {
          status: 200,
          headers: { 'wechat-mp-relay': 'passed' },
          body: Buffer.from('{"errcode":0,"errmsg":"ok"}'),
        };
      },
    });
    const words = ['api', '/cgi-bin/clear_quota/v2', '--yes'];
    expect((await world.run(...words)).code).toBe(0);
    expect(urls.map((url) => new URL(url).searchParams.get('appsecret'))).toEqual([relayKey]);
    const dry = await world.run(...words, '--dry-run', '--appid', appIdOf(world));
    expect(dry.stdout).toContain('"$WECHAT_MP_VIA_KEY"');
    expect(dry.stdout).not.toMatch(new RegExp(`APPSECRET|access_token|${relayKey}`));
  });
});

describe('what goes wrong is said of the relay', () => {
  test.each([
    ['refused', false, 'relay_unreachable', 'Cannot reach the relay at'],
    ['dns', false, 'relay_unreachable', 'Cannot reach the relay at'],
    ['reset', true, 'relay_broke_off', 'No whole answer from the relay at'],
    ['timeout', true, 'relay_silent', 'No answer in time from the relay at'],
    ['proxy', false, 'proxy', 'proxy'],
  ])('an error of the way: %s', async (cause, sent, type, message) => {
    const world = fakeWorld({
      environment: { ...viaRelay, WECHAT_MP_APPSECRET: '0'.repeat(32) },
      timePasses: true,
      fetch: async () => {
        throw networkError(cause, sent, false);
      },
    });
    const error = await failure(world, 'token');
    expect(error).toMatchObject({ code: 5, type, message: expect.stringContaining(message) as string });
    // Nothing goes to WeChat in its place.
    expect(new Set(world.requests.map((line) => line.split(/[ /]/)[1]))).toEqual(
      new Set(['relay.example.com']),
    );
  });

  test.each([
    [401, 'relay_key_invalid', 3, 'does not know this key'],
    [403, 'relay_forbidden', 3, 'gives this key no right to /cgi-bin/tags/get'],
    [403, 'relay_read_only', 3, 'is read-only, and /cgi-bin/tags/get changes something'],
    [403, 'relay_path_unknown', 4, 'passes on documented calls only'],
    [429, 'relay_rate_limit', 6, 'lets this key make no more calls for now'],
    [413, 'relay_body_too_large', 4, 'does not take a body of this size'],
    [503, 'relay_stopping', 5, 'is being stopped'],
    [502, 'relay_upstream_unreachable', 5, 'got no answer from WeChat'],
    [504, 'relay_upstream_timeout', 5, 'got no answer from WeChat in time'],
    [502, 'store_unreachable', 5, 'could not do it (store_unreachable)'],
  ])('a refusal: %i %s', async (status, type, code, words) => {
    const world = behindRelay({ answer: () => refusal(type, status) }, { timePasses: true });
    const error = await failure(world, 'api', '/cgi-bin/tags/get');
    expect(error).toMatchObject({
      code,
      type: type.startsWith('relay') ? type : 'relay_failed',
      message: expect.stringContaining(`The relay at ${relayBase} ${words}`) as string,
    });
    expect(error.hint).toMatch(/\S/);
    const { stderr } = await world.run('api', '/cgi-bin/tags/get', '--lang', 'zh');
    expect(stderr).toContain(`✗ 中继 ${relayBase} `);
  });

  test('a key without the right to the token is told which one it lacks', async () => {
    const error = await failure(behindRelay(), 'token');
    expect(error).toMatchObject({
      code: 3,
      type: 'relay_forbidden',
      message: `The relay at ${relayBase} gives this key no right to /token`,
      hint: 'Ask who runs the relay: the line of the key must name /token beside what it opens now; where it names no path, write name:key:/,/token (/ is all calls)',
    });
  });

  test('a change may have been made unless the relay knows better', async () => {
    const push = async (more: Readonly<Record<string, unknown>>) => {
      let sent = 0;
      const answer: StandIn['answer'] = ({ method }) => {
        if (method !== 'POST') return undefined;
        sent += 1;
        return refusal('relay_upstream_unreachable', 502, more);
      };
      const world = behindRelay({ answer }, { stdin: menu, timePasses: true });
      return [
        (await failure(world, 'api', 'POST', '/cgi-bin/tags/create', '-f', 'tag[name]=a')).message,
        sent,
      ];
    };
    expect(await push({ request_sent: true })).toEqual([
      `The relay at ${relayBase} got no answer from WeChat; the change may or may not have happened`,
      1,
    ]);
    expect(await push({ request_sent: false })).toEqual([
      `The relay at ${relayBase} got no answer from WeChat`,
      3,
    ]);
  });

  test.each([200, 404, 502])('an answer of something else than a relay: %i', async (status) => {
    const answer = (): { status: number; headers: Record<string, string>; body: Uint8Array } => ({
      status,
      headers: {},
      body: Buffer.from('{"errcode":0,"errmsg":"ok","tags":[]}'),
    });
    const world = behindRelay({ answer }, { timePasses: true });
    expect(await failure(world, 'api', '/cgi-bin/tags/get')).toMatchObject({
      code: 5,
      type: 'relay_answer',
      message: `What answers at ${relayBase} is not a relay (HTTP ${status})`,
    });
  });

  test("a refusal of WeChat's stays one, by the relay's address", async () => {
    const world = behindRelay();
    await world.fault({
      path: '/cgi-bin/tags/get',
      body: '{"errcode":40164,"errmsg":"invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"}',
    });
    const { code, stderr } = await world.run('api', '/cgi-bin/tags/get');
    expect(code).toBe(3);
    expect(stderr).toContain("✗ WeChat refused the request: the relay's IP is not in the whitelist (40164)");
    expect(stderr).toContain('203.0.113.7 called tags/get');
    await world.fault({ path: '/cgi-bin/tags/get', errcode: 40001 });
    const dead = await world.run('api', '/cgi-bin/tags/get');
    expect(dead.stderr).toContain(`The relay at ${relayBase} called tags/get`);
    expect(dead.stderr).toContain('Fix: The relay has replaced the token');
    expect(world.requests.filter((line) => line.endsWith('tags/get'))).toHaveLength(2);
  });
});

describe('settings of a relay', () => {
  test.each([
    [['--secret-stdin'], '--secret-stdin'],
    [['--secret-file', 'x'], '--secret-file'],
    [['--access-token-stdin'], '--access-token-stdin'],
    [['--store', 'redis://127.0.0.1'], '--store'],
    [['--store-fallback'], '--store-fallback'],
    [['--token-url', 'https://t.example.com'], '--token-url'],
    [['--classic'], '--classic'],
    [['--stable'], '--stable'],
    [['--api-base', 'https://api2.weixin.qq.com'], '--api-base'],
  ])('%j is refused beside it', async (flags, name) => {
    const world = behindRelay();
    expect(await failure(world, 'menu', 'pull', ...flags)).toMatchObject({
      code: 2,
      type: 'flags_conflict',
      message: expect.stringContaining(`Cannot use ${name} with a relay (from WECHAT_MP_VIA)`) as string,
    });
    expect(world.requests).toEqual([]);
  });

  test('what variables say of tokens is set aside', async () => {
    const environment = {
      WECHAT_MP_APPSECRET: '0'.repeat(32),
      WECHAT_MP_ACCESS_TOKEN: 'given',
      WECHAT_MP_TOKEN_URL: 'https://t.example.com',
      WECHAT_MP_STORE: 'redis://127.0.0.1',
      WECHAT_MP_API_BASE: 'https://gateway.example.com',
    };
    expect((await behindRelay({}, { environment }).run('api', '/cgi-bin/tags/get')).code).toBe(0);
  });

  test.each([
    ['http://relay.example.com', 'plain http would show the key'],
    ['https://me:key@relay.example.com', 'the key belongs into WECHAT_MP_VIA_KEY'],
    ['https://relay.example.com/?a=1', 'a query'],
    ['ftp://relay.example.com', 'https'],
    ['relay', 'not a URL'],
  ])('the address %s is refused', async (url, words) => {
    const world = behindRelay({}, { environment: { WECHAT_MP_VIA: url } });
    expect(await failure(world, 'token')).toMatchObject({
      code: 2,
      type: 'via_invalid',
      message: expect.stringContaining(words) as string,
    });
  });

  test('a key is needed, and never taken from the command line', async () => {
    const world = behindRelay({}, { environment: { WECHAT_MP_VIA_KEY: undefined } });
    expect(await failure(world, 'token')).toMatchObject({ code: 3, type: 'relay_key_missing' });
    expect(await failure(world, 'token', '--via-key', relayKey)).toMatchObject({
      code: 2,
      type: 'secret_on_command_line',
      hint: expect.stringContaining('--via-key-file') as string,
    });
    expect(world.requests).toEqual([]);
  });

  test('"none" goes past it, and only that', async () => {
    const { account } = fakeWorld().simulator;
    const world = fakeWorld({
      environment: { WECHAT_MP_VIA: relayBase, WECHAT_MP_VIA_KEY: relayKey },
    });
    expect((await world.run('token', '--via', 'none')).code).toBe(0);
    expect(world.requests).toEqual(['POST 127.0.0.1:8090/cgi-bin/stable_token']);
    expect(account.appId).toBe(appIdOf(world));
  });

  test.each([
    [['--force', '--yes'], 'relay_refreshes'],
    [['--status'], 'token_given'],
    [['--clear'], 'token_given'],
    [['--offline'], 'not_cached'],
    [['--find'], 'flags_conflict'],
  ])('token %j has nothing to do here', async (flags, type) => {
    const world = behindRelay({ prefixes: everything });
    expect(await failure(world, 'token', ...flags)).toMatchObject({ type });
    expect(world.requests).toEqual([]);
  });

  test.each([
    ['token', '--find'],
    ['token', '--status'],
    ['api', '/cgi-bin/tags/get', '--no-token'],
  ])('%s %s is told how to go past it', async (...words) => {
    const flag = words.at(-1);
    expect(await failure(behindRelay(), ...words)).toMatchObject({
      message: `Cannot use ${flag} with a relay (from WECHAT_MP_VIA): the relay has token and secret`,
      hint: `Leave out ${flag}, or the relay: --via none`,
    });
  });

  test('a key without an address is what is named', async () => {
    const error = async (WECHAT_MP_VIA: string) =>
      await failure(behindRelay({}, { environment: { WECHAT_MP_VIA } }), 'menu', 'pull');
    expect(await error('')).toMatchObject({
      code: 3,
      type: 'no_account',
      message:
        'No account is configured, and the key of a relay (from the variable WECHAT_MP_VIA_KEY) has no address',
      hint: expect.stringContaining('Set WECHAT_MP_VIA') as string,
    });
    expect(await error('none')).toMatchObject({ type: 'no_account', message: 'No account is configured' });
  });

  test('a profile keeps address and key, once the relay has proved them', async () => {
    const world = behindRelay();
    const { stdout } = await world.run('profile', 'add', 'ci', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ profile: 'ci', appid: appIdOf(world), verified: true });
    const folder = '/home/me/.config/wechat-mp';
    const read = (name: string): unknown =>
      JSON.parse(world.files.read(`${folder}/${name}`)?.toString() ?? '');
    expect(read('config.json')).toMatchObject({
      profiles: { ci: { appid: appIdOf(world), via: relayBase } },
    });
    expect(read('secrets.json')).toEqual({
      [`${relayBase} ${appIdOf(world)}`]: { viaKey: relayKey },
      [`https://api.weixin.qq.com ${appIdOf(world)}`]: {
        callbackToken: world.simulator.account.callbackToken,
        aesKey: world.simulator.account.encodingAESKey,
      },
    });
    const later = behindRelay(
      {},
      {
        environment: { WECHAT_MP_VIA: undefined, WECHAT_MP_VIA_KEY: undefined },
        files: Object.fromEntries(
          ['config.json', 'secrets.json'].map((name) => [
            `${folder}/${name}`,
            world.files.read(`${folder}/${name}`)?.toString() ?? '',
          ]),
        ),
      },
    );
    const ran = await later.run('api', '/cgi-bin/tags/get');
    expect(ran).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`the relay at ${relayBase} (from profile "ci")`) as string,
    });
    expect((await later.run('profile', 'list')).stdout).toBe(`* ci  ${appIdOf(world)}  ${relayBase}\n`);
    expect(JSON.parse((await later.run('profile', 'show', '--json')).stdout)).toMatchObject({
      via: { value: relayBase, source: 'profile', name: 'ci' },
      via_key: { set: true, characters: relayKey.length, source: 'profile' },
    });
    // A changed address does not get the key of another one.
    const moved = await failure(later, 'token', '--via', 'https://other.example.com');
    expect(moved).toMatchObject({ type: 'relay_key_missing' });
  });

  test('a key that the relay does not know is not saved', async () => {
    const world = behindRelay({}, { environment: { WECHAT_MP_VIA_KEY: 'another-key' } });
    expect(await failure(world, 'profile', 'add', 'ci')).toMatchObject({ type: 'relay_key_invalid' });
    expect(world.files.read('/home/me/.config/wechat-mp/config.json')).toBeUndefined();
  });

  test('the relay of a profile is not asked for an account of the environment', async () => {
    const config = { default: 'ci', profiles: { ci: { appid: foreignId, via: relayBase } } };
    const world = fakeWorld({
      files: { '/home/me/.config/wechat-mp/config.json': JSON.stringify(config) },
    });
    expect((await world.run('token')).code).toBe(0);
    expect(world.requests).toEqual(['POST 127.0.0.1:8090/cgi-bin/stable_token']);
    const explicit = await failure(world, 'token', '--profile', 'ci');
    expect(explicit).toMatchObject({ type: 'relay_key_missing' });
  });
});

describe('with the relay of this tool', () => {
  const client = (url: string, key: string, more: Readonly<Record<string, string>> = {}): FakeWorld =>
    fakeWorld({
      environment: { ...viaRelay, WECHAT_MP_VIA: url, WECHAT_MP_VIA_KEY: key, ...more },
      // No command finds a connection of the one before.
      fetch: createFetch({ environment: {}, platform: 'linux' }),
      timePasses: true,
    });

  test('client and server understand each other', async () => {
    const relay = await startRelay({ appIds: [appId, otherAppId] });
    expect(await failure(client(relay.url, keys.all), 'token')).toMatchObject({
      type: 'relay_account_missing',
    });
    const named = { WECHAT_MP_APPID: appId };
    const token = await client(relay.url, keys.service, named).run('token', '--json');
    expect(JSON.parse(token.stdout)).toMatchObject({
      appid: appId,
      source: 'relay',
      endpoint: 'stable_token',
    });
    const signed = await client(relay.url, keys.service, named).run('sign-url', 'https://example.com/');
    expect(signed.stdout).toContain(`appId=${appId}\n`);
    expect(await failure(client(relay.url, keys.menu, named), 'token')).toMatchObject({
      type: 'relay_forbidden',
    });
    expect(await failure(client(relay.url, 'unknown-key', named), 'menu', 'pull')).toMatchObject({
      type: 'relay_key_invalid',
    });
    expect(
      await failure(client(relay.url, keys.all, { WECHAT_MP_APPID: foreignId }), 'menu', 'pull'),
    ).toMatchObject({ type: 'relay_account_unknown' });
    relay.platform.answers.push(json({ tags: [] }));
    const called = await client(relay.url, keys.other, { WECHAT_MP_APPID: otherAppId }).run(
      'api',
      '/cgi-bin/tags/get',
    );
    expect(called).toMatchObject({ code: 0, stdout: expect.stringContaining('"tags"') as string });
    expect(relay.platform.requests.map(({ url }) => url)).toEqual([
      expect.stringMatching(/^\/cgi-bin\/tags\/get\?access_token=SIM_token-1-/) as string,
    ]);
    await relay.close(0);
    expect(await failure(client(relay.url, keys.all, named), 'menu', 'pull')).toMatchObject({
      code: 5,
      type: 'relay_unreachable',
      request_sent: false,
    });
  });

  const refusing = (type: string, errcode: number, errmsg: string): TokenSource => ({
    ...countingTokens().source,
    get: async () => {
      const facts = { errcode, errmsg };
      throw new PlatformError({ family: 'account', type, text: { en: 'no', zh: 'no' }, facts });
    },
  });

  test.each([
    [['token'], keys.service],
    [['sign-url', 'https://example.com/'], keys.service],
    [['menu', 'pull'], keys.all],
  ])('%j tells what WeChat has said to the relay', async (words, key) => {
    const where = refusing('ip_not_allowed', 40164, 'invalid ip 203.0.113.7, not in whitelist');
    const refused = await startRelay({ tokens: where });
    expect(await failure(client(refused.url, key), ...words)).toMatchObject({
      code: 3,
      type: 'ip_not_allowed',
      message: "WeChat refused the request: the relay's IP is not in the whitelist (40164)",
      hint: expect.stringMatching(/^Add 203\.0\.113\.7 at /) as string,
    });
    const secret = await startRelay({ tokens: refusing('invalid_appsecret', 40001, 'invalid credential') });
    expect(await failure(client(secret.url, key), ...words)).toMatchObject({
      code: 3,
      type: 'invalid_appsecret',
      message: "WeChat refused the request: the relay's AppSecret does not belong to this AppID (40001)",
      hint: expect.stringMatching(/^Ask who runs the relay to copy AppID and AppSecret again/) as string,
    });
  });

  test('the only account of a key is the one that is meant', async () => {
    const relay = await startRelay();
    const proved = await client(relay.url, keys.all).run('profile', 'add', 'ci', '--json');
    expect(JSON.parse(proved.stdout)).toMatchObject({ appid: appId });
    const rows = (await client(relay.url, keys.menu).run('doctor', '--json')).stdout;
    expect(rows).toContain(`It takes the key \\"menu\\" for ${appId}, with the right to /cgi-bin/menu`);
  });
});
