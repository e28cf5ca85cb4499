/** Tokens of other libraries at the command line: `--store …?layout=…`, `token --find`, and no secret anywhere. */
import { describe, expect, test } from 'vitest';
import { redisLayouts, ticketKey, tokenKeys } from '../../../../src/core/foreign/index.ts';
import { WechatMpError } from '../../../../src/core/errors.ts';
import { runHere } from '../../../helpers/in-process.ts';
import { againstSchema } from '../../../helpers/output-schema.ts';
import { createFakeRedis, type FakeRedis } from '../../../helpers/fake-redis.ts';
import { type FakeIoOptions, fakeWorld, type FakeWorld, startMs } from '../../../helpers/fake-io.ts';

const store = 'redis://127.0.0.1:6379/0';

interface World extends FakeWorld {
  readonly redis: FakeRedis;
  readonly owner: { readonly appId: string; readonly secret: string };
  readonly token: string;
}

/** A world whose account has a token that WeChat takes. */
async function teamWorld(options: FakeIoOptions = {}): Promise<World> {
  let redis: FakeRedis | undefined;
  const world = fakeWorld({ ...options, redis: (clock) => (redis = createFakeRedis(clock)) });
  if (redis === undefined) throw new Error('no Redis');
  const { appId, secret } = world.simulator.account;
  const response = await world.simulator.fetch(
    new Request('http://127.0.0.1:8090/cgi-bin/stable_token', {
      method: 'POST',
      body: JSON.stringify({ grant_type: 'client_credential', appid: appId, secret }),
    }),
  );
  const { access_token: token } = (await response.json()) as { access_token: string };
  return { ...world, redis, owner: { appId, secret }, token };
}

const json = (text: string) => JSON.parse(text) as Record<string, unknown>;
const errorOf = (stderr: string) =>
  (json(stderr.trim().split('\n').at(-1) ?? '') as { error: Record<string, unknown> }).error;

/** Each library's own bytes under each of its keys. */
function fill({ redis, owner, token }: World): void {
  const bytes = Buffer.byteLength(token);
  const bag = JSON.stringify({
    AppId: owner.appId,
    AppSecret: owner.secret,
    AccessTokenExpireTime: new Date(startMs + 7200_000).toISOString(),
    AccessTokenResult: { access_token: token, expires_in: 7200 },
  });
  const written = {
    wxjava: token,
    easywechat6: `s:${bytes}:"${token}";`,
    easywechat5: `a:2:{s:12:"access_token";s:${bytes}:"${token}";s:10:"expires_in";i:7200;}`,
    wechatpy: JSON.stringify(token),
    silenceper: token,
    powerwechat: JSON.stringify({ access_token: token, expires_in: 7200 }),
    senparc: bag,
  };
  for (const layout of redisLayouts)
    for (const { name } of tokenKeys(layout, owner)) redis.set(name, written[layout], 7200_000);
}

const networkError = new WechatMpError({
  family: 'network',
  type: 'unreachable',
  text: { en: 'Cannot reach it', zh: '无法连接' },
});

const canary = (secret: string): string => secret.slice(0, 8);

describe('a store of another library', () => {
  test.each(redisLayouts)('%s: the token is used, and no secret is told', async (layout) => {
    const world = await teamWorld();
    fill(world);
    const plain = await world.run('token', '--store', `${store}?layout=${layout}`);
    expect([plain.code, plain.stdout]).toEqual([0, `${world.token}\n`]);
    const loud = await world.run('ip', '--api', '--debug', '--store', `${store}?layout=${layout}`);
    expect(loud.code).toBe(0);
    expect(loud.stderr).toMatch(/Using what another library keeps \(.*\), until 2026-01-15T05:59:00\.000Z/);
    expect(loud.stderr + plain.stderr).not.toContain(canary(world.owner.secret));
    // Nothing but a reading was sent to Redis, and nobody was asked for a token.
    expect(world.redis.commands.filter(([verb]) => !/^(?:TYPE|PTTL|GET)$/.test(verb ?? ''))).toEqual([]);
    expect(world.requests.filter((request) => request.includes('token'))).toEqual([]);
  });

  test.each(redisLayouts)('%s: an empty one names its key, and no secret', async (layout) => {
    const world = await teamWorld();
    const run = await world.run('token', '--json', '--store', `${store}?layout=${layout}`);
    expect([run.code, run.stdout]).toEqual([3, '']);
    const [key] = tokenKeys(layout, world.owner);
    expect(errorOf(run.stderr)).toMatchObject({ code: 3, type: 'foreign_token_missing', key: key?.shown });
    expect(run.stderr).not.toContain(canary(world.owner.secret));
    expect(world.requests).toEqual([]);
  });

  test('needs no AppSecret where the keys have none', async () => {
    const world = await teamWorld({ environment: { WECHAT_MP_APPSECRET: undefined } });
    fill(world);
    expect((await world.run('token', '--store', `${store}?layout=wxjava`)).code).toBe(0);
    const refused = await world.run('token', '--json', '--store', `${store}?layout=powerwechat`);
    expect(errorOf(refused.stderr)).toMatchObject({ code: 3, type: 'no_secret' });
  });

  test('tells with --json which endpoint the key or the person names', async () => {
    const world = await teamWorld();
    fill(world);
    const told = async (...words: string[]) => json((await world.run('token', '--json', ...words)).stdout);
    expect(await told('--store', `${store}?layout=wxjava`)).toMatchObject({
      expires_in: 7140,
      endpoint: 'store',
      source: 'store',
    });
    expect(await told('--store', `${store}?layout=wxjava`, '--classic')).toMatchObject({ endpoint: 'token' });
    const run = await world.run('token', '--json', '--store', `${store}?layout=silenceper`);
    expect(json(run.stdout)['endpoint']).toBe('stable_token');
    expect(run.stderr).toContain(
      '! Two tokens are there: using gowechat_officialaccount__stable_access_token_',
    );
    const chosen = await world.run('token', '--json', '--classic', '--store', `${store}?layout=silenceper`);
    expect([json(chosen.stdout)['endpoint'], chosen.stderr]).toEqual(['token', '']);
  });

  test('a dead token is named with its owner, and stays', async () => {
    const world = await teamWorld();
    const [key] = tokenKeys('easywechat6', world.owner);
    const dead = `SIM_${'x'.repeat(130)}`;
    world.redis.set(key?.name ?? '', `s:${dead.length}:"${dead}";`, 7200_000);
    const run = await world.run('ip', '--api', '--json', '--store', `${store}?layout=easywechat6`);
    expect(errorOf(run.stderr)).toMatchObject({
      code: 3,
      type: 'foreign_token_dead',
      errcode: 40001,
      key: key?.shown,
    });
    expect(run.stderr).not.toContain(canary(world.owner.secret));
    expect(world.redis.get(key?.name ?? '')).toContain(dead);
    // The same where nobody tells its end, before anything else is asked.
    world.redis.set(key?.name ?? '', `s:${dead.length}:"${dead}";`);
    const tried = await world.run('token', '--json', '--store', `${store}?layout=easywechat6`);
    expect([tried.stdout, errorOf(tried.stderr)['type']]).toEqual(['', 'foreign_token_dead']);
  });

  test('sign-url takes the ticket of the library, else its own', async () => {
    const world = await teamWorld();
    fill(world);
    const words = ['sign-url', 'https://example.com/', '-v', '--store', `${store}?layout=wxjava`];
    const own = await world.run(...words);
    expect([own.code, own.stderr]).toEqual([0, expect.stringContaining('Fetched a new jsapi ticket')]);
    world.redis.set(
      ticketKey('wxjava', 'jsapi', world.owner.appId)?.name ?? '',
      'HoagFKDcsGMVCIY2vOjf9',
      7000_000,
    );
    const run = await world.run(...words);
    expect(run.stderr).toContain(`WxJava, wx:ticket:key:${world.owner.appId}:jsapi`);
    expect(run.stdout).toContain('signature=');
  });

  test('with write=1 the token is put there as the library would', async () => {
    const world = await teamWorld();
    const address = `${store}?layout=wxjava&write=1`;
    const unsaid = await world.run('token', '--json', '--store', address);
    expect(errorOf(unsaid.stderr)).toMatchObject({ code: 3, type: 'foreign_endpoint_unsaid' });
    const run = await world.run('token', '--stable', '--store', address);
    const [key] = tokenKeys('wxjava', world.owner);
    expect(run.stdout).toBe(`${world.token}\n`);
    expect([world.redis.get(key?.name ?? ''), world.redis.left(key?.name ?? '')]).toEqual([
      world.token,
      7200_000,
    ]);
    expect((await world.run('token', '--clear', '--stable', '--store', address)).code).toBe(2);
    // wechatpy asks but one endpoint.
    await world.run('token', '--store', `${store}?layout=wechatpy&write=1`);
    const [other] = tokenKeys('wechatpy', world.owner);
    expect(world.redis.get(other?.name ?? '')).toMatch(/^"SIM_/);
    expect(world.requests.at(-1)).toBe('GET 127.0.0.1:8090/cgi-bin/token');
  });

  test('with write=1 no endpoint is asked that the library never asks', async () => {
    const world = await teamWorld();
    const words = ['token', '--json', '--store', `${store}?layout=wechatpy&write=1`];
    const run = await world.run(...words, '--stable');
    expect([run.code, errorOf(run.stderr)]).toMatchObject([
      2,
      {
        type: 'flags_conflict',
        message:
          'Cannot use --stable with layout=wechatpy&write=1: wechatpy only asks the classic endpoint, and this tool must ask the same',
        hint: 'Say --classic, or leave out write=1 to only read',
      },
    ]);
    const [key] = tokenKeys('wechatpy', world.owner);
    expect([world.requests, world.redis.get(key?.name ?? '')]).toEqual([[], undefined]);
    expect((await world.run(...words, '--classic')).code).toBe(0);
  });

  test.each([
    ['--store-fallback', `${store}?layout=wxjava`, 'flags_conflict'],
    ['--force', `${store}?layout=wxjava`, 'foreign_store_decides'],
    ['--clear', `${store}?layout=wxjava`, 'foreign_store_decides'],
    ['-v', `${store}?layout=nobody`, 'store_invalid'],
    ['-v', `${store}?prefix=wx`, 'store_invalid'],
    ['-v', `${store}?layout=senparc&write=1`, 'store_invalid'],
  ])('%s with %s is refused', async (flag, address, type) => {
    const world = await teamWorld();
    fill(world);
    const run = await world.run('token', '--json', '-y', flag, '--store', address);
    expect([run.code, errorOf(run.stderr)['type'], run.stdout]).toEqual([2, type, '']);
  });

  test.each([
    ['redis://u:geheim@h/0?layout=wxjava&prefix=shop', 'redis://***@h/0?layout=wxjava&prefix=shop'],
    ['redis://u:geheim@h/0?layout=wxjava&key=geheim', 'redis://***@h/0?***'],
  ])('"profile show" tells of %s', async (address, shown) => {
    const world = await teamWorld({ environment: { WECHAT_MP_STORE: address } });
    const run = await world.run('profile', 'show', '--json');
    expect(json(run.stdout)['store']).toMatchObject({ value: shown });
  });

  test('--status tells what is under its keys, never the token', async () => {
    const world = await teamWorld();
    const words = ['token', '--status', '--store', `${store}?layout=wxjava`];
    expect((await world.run(...words)).code).toBe(1);
    fill(world);
    const run = await world.run(...words);
    expect(run.stdout).toBe(
      `WxJava: ${world.token.slice(0, 4)}…${world.token.slice(-4)}, 120 min left, plain\n  wx:access_token:${world.owner.appId}\n  ?layout=wxjava\n`,
    );
    expect(againstSchema('token', json((await world.run(...words, '--json')).stdout))).toEqual([]);
  });
});

describe('the folder of node-easywechat', () => {
  /** The file's name and its bytes as version 3.6.2 has written them. */
  const address = 'file:cache?layout=node-easywechat';
  const nameFor = ({ owner }: World, index: number): string =>
    `/desk/cache/official_account.access_token.${owner.appId}.${owner.secret}.${index}.cache`;
  const bytesOf = (token: string, lifeTime: number): string => JSON.stringify({ data: token, lifeTime });

  test('is read by its own end, and changed by nothing', async () => {
    const world = await teamWorld({ files: { '/desk/cache/other.cache': '' } });
    const missing = await world.run('token', '--json', '--store', address);
    expect(errorOf(missing.stderr)).toMatchObject({
      type: 'foreign_token_missing',
      layout: 'node-easywechat',
    });
    const text = bytesOf(world.token, startMs / 1000 + 7200);
    world.files.write(nameFor(world, 1), text);
    const run = await world.run('token', '--json', '--store', address);
    expect(json(run.stdout)).toMatchObject({
      access_token: world.token,
      expires_in: 7140,
      endpoint: 'stable_token',
      source: 'store',
    });
    world.files.write(nameFor(world, 1), bytesOf(world.token, startMs / 1000));
    expect(errorOf((await world.run('token', '--json', '--store', address)).stderr)['type']).toBe(
      'foreign_token_missing',
    );
    world.files.write(nameFor(world, 0), bytesOf(world.token, 0));
    const found = await world.run('token', '--find', '--store', address);
    expect(found.stdout).toContain('end unknown, plain\n');
    expect(found.stdout + missing.stderr).not.toContain(canary(world.owner.secret));
    expect(world.redis.commands).toEqual([]);
  });

  test.each([
    ['file:cache', 'store_invalid'],
    ['file:cache?layout=wxjava', 'store_invalid'],
    [`${store}?layout=node-easywechat`, 'store_invalid'],
    [`${address}&write=1`, 'store_invalid'],
  ])('%s is refused', async (wrong, type) => {
    const run = await (await teamWorld()).run('token', '--json', '--store', wrong);
    expect([run.code, errorOf(run.stderr)['type']]).toEqual([2, type]);
  });
});

describe('token --find', () => {
  test('offers no other store where the one that it looks into is away', async () => {
    const env = { WECHAT_MP_APPID: 'wx1234567890abcdef', WECHAT_MP_STORE: 'redis://127.0.0.1:9/0' };
    const { code, stderr } = await runHere(['token', '--find', '--json'], { env });
    expect([code, errorOf(stderr)['type']]).toEqual([5, 'store_unreachable']);
    expect(errorOf(stderr)['hint']).toBe(
      'Check the address in WECHAT_MP_STORE or --store, and that a Redis runs there',
    );
  });

  test('without an AppID asks for that alone', async () => {
    const environment = { WECHAT_MP_APPID: undefined, WECHAT_MP_APPSECRET: undefined };
    const run = await (await teamWorld({ environment })).run('token', '--find', '--json', '--store', store);
    expect(errorOf(run.stderr)).toMatchObject({
      code: 3,
      type: 'appid_missing',
      hint: 'Set WECHAT_MP_APPID, or use --appid or --profile',
    });
  });

  test('lists every layout that holds a token of this account', async () => {
    const world = await teamWorld();
    fill(world);
    const run = await world.run('token', '--find', '--json', '--store', store);
    expect([run.code, run.stderr]).toEqual([0, '']);
    const value = json(run.stdout);
    expect(againstSchema('token', value)).toEqual([]);
    const found = value['found'] as readonly Record<string, unknown>[];
    expect(found.map(({ layout, endpoint, codec }) => [layout, endpoint, codec])).toEqual([
      ['wxjava', null, 'plain'],
      ['easywechat6', 'token', 'php'],
      ['easywechat6', 'stable_token', 'php'],
      ['easywechat5', null, 'php'],
      ['wechatpy', null, 'json'],
      ['silenceper', 'token', 'plain'],
      ['silenceper', 'stable_token', 'plain'],
      ['powerwechat', null, 'json'],
      ['senparc', null, 'json'],
    ]);
    const ends = `${world.token.slice(0, 4)}…${world.token.slice(-4)}`;
    for (const row of found) expect(row).toMatchObject({ token: ends, expires_in: 7200, alive: null });
    expect(run.stdout).not.toContain(world.token);
    expect(run.stdout).not.toContain(canary(world.owner.secret));
    const verbs = new Set(world.redis.commands.map(([verb]) => verb));
    expect(verbs).toEqual(new Set(['TYPE', 'PTTL', 'GET']));
  });

  test('says where nothing is, and what was not looked for', async () => {
    const world = await teamWorld({ environment: { WECHAT_MP_APPSECRET: undefined } });
    const run = await world.run('token', '--find', '--store', store);
    expect(run).toEqual({
      code: 1,
      stdout: `No library keeps an access_token of ${world.owner.appId} in ${store} under its usual key\n`,
      stderr: 'Not looked for, as their keys need the AppSecret: easywechat6, easywechat5, powerwechat\n',
    });
  });

  test('--scan finds other prefixes in small steps, and masks a secret that nobody knew', async () => {
    const other = 'f00dbabe'.repeat(4);
    const world = await teamWorld();
    const { appId } = world.owner;
    for (const name of [`shop:access_token:${appId}`, 'access_token:unrelated', `app:${appId}_access_token`])
      world.redis.set(name, world.token, 7200_000);
    world.redis.set(
      `laravel_x_:official_account.access_token.${appId}.${other}.1`,
      `s:${world.token.length}:"${world.token}";`,
    );
    expect((await world.run('token', '--find', '--store', store)).code).toBe(1);
    const run = await world.run('token', '--find', '--scan', '--store', store);
    expect(run.stdout.split('\n').filter((line) => line.startsWith('  '))).toEqual([
      `  shop:access_token:${appId}`,
      '  ?layout=wxjava&prefix=shop',
      `  app:${appId}_access_token`,
      '  ?layout=wechatpy&prefix=app',
      `  laravel_x_:official_account.access_token.${appId}.***.1`,
      '  ?layout=easywechat6&prefix=laravel_x_%3A',
    ]);
    expect(run.stdout + run.stderr).not.toContain('f00dbabe');
    expect(run.stderr).toBe('Nobody tells the end of one of these: --verify asks WeChat about each\n');
    expect(world.redis.commands.filter(([verb]) => verb === 'SCAN').length).toBeGreaterThan(1);
    // What it says is what can be written.
    const used = await world.run('token', '--store', `${store}?layout=wxjava&prefix=shop`);
    expect(used.stdout).toBe(`${world.token}\n`);
  });

  test('--verify tells the good ones from the dead', async () => {
    const world = await teamWorld();
    const dead = `SIM_${'x'.repeat(130)}`;
    world.redis.set(tokenKeys('wxjava', world.owner)[0]?.name ?? '', world.token, 7200_000);
    world.redis.set(tokenKeys('wechatpy', world.owner)[0]?.name ?? '', `"${dead}"`, 100_000);
    const run = await world.run('token', '--find', '--verify', '--store', store, '--lang', 'zh');
    expect(run.stdout).toMatch(/^WxJava：SIM_….{4}，剩余 120 分钟，纯文本，微信接受$/m);
    expect(run.stdout).toMatch(/^wechatpy：SIM_…xxxx，剩余 100 秒，JSON，微信拒绝$/m);
    expect(run.code).toBe(0);
    world.redis.set(tokenKeys('wxjava', world.owner)[0]?.name ?? '', dead, 7200_000);
    expect((await world.run('token', '--find', '--verify', '--store', store)).code).toBe(1);
    expect(world.redis.get(tokenKeys('wxjava', world.owner)[0]?.name ?? '')).toBe(dead);
  });

  const unlike = `80_${'y'.repeat(130)}`;

  test('--verify keeps the list where one token is of another platform', async () => {
    const world = await teamWorld();
    const words = ['token', '--find', '--verify', '--store', store];
    const [java, python] = (['wxjava', 'wechatpy'] as const).map(
      (layout) => tokenKeys(layout, world.owner)[0]?.name ?? '',
    );
    world.redis.set(java ?? '', unlike, 7200_000);
    const none = await world.run(...words);
    expect([none.code, none.stdout.split('\n')]).toEqual([
      1,
      [
        'WxJava: 80_y…yyyy, 120 min left, plain, WeChat was not asked',
        `  ${java ?? ''}`,
        '  ?layout=wxjava',
        expect.stringContaining('  Cannot use a real access token with "127.0.0.1:8090"'),
        '',
      ],
    ]);
    expect(none.stderr).toBe(
      `It comes from WxJava, ${java ?? ''}, ${store}: choose another --store or --api-base\n`,
    );
    // The others are asked all the same.
    world.redis.set(python ?? '', `"${world.token}"`, 7200_000);
    const run = await world.run(...words, '--json');
    expect(run.code).toBe(0);
    expect(againstSchema('token', json(run.stdout))).toEqual([]);
    expect(json(run.stdout)['found']).toMatchObject([
      { layout: 'wxjava', alive: null, problem: expect.stringContaining('Cannot use a real') as string },
      { layout: 'wechatpy', alive: true, problem: null },
    ]);
  });

  test('--verify keeps the list where WeChat is not reached, and asks once', async () => {
    const world = await teamWorld({
      fetch: async () => {
        throw networkError;
      },
    });
    fill(world);
    const run = await world.run('token', '--find', '--verify', '--store', store, '--timeout', '1s');
    expect(run.code).toBe(1);
    expect(run.stdout.match(/WeChat was not asked$/gm)).toHaveLength(9);
    expect(run.stdout.match(/^ {2}Cannot reach it$/gm)).toHaveLength(9);
    expect(world.requests).toHaveLength(1);
  });

  test('a call names the store whose token is of another platform', async () => {
    const world = await teamWorld();
    const [key] = tokenKeys('wxjava', world.owner);
    // With an end, and without one, where it is tried first.
    for (const lifeMs of [7200_000, undefined]) {
      world.redis.set(key?.name ?? '', unlike, lifeMs);
      const run = await world.run('menu', 'pull', '--json', '--store', `${store}?layout=wxjava`);
      expect([run.code, errorOf(run.stderr)]).toMatchObject([
        3,
        {
          type: 'simulator_token',
          hint: `It comes from WxJava, ${key?.name ?? ''}, ${store}: choose another --store or --api-base`,
        },
      ]);
    }
    expect(world.requests).toEqual([]);
  });

  test('names what it cannot read, with the way out', async () => {
    const world = await teamWorld();
    world.redis.set(tokenKeys('wxjava', world.owner)[0]?.name ?? '', '\u0004\t>x', 7200_000);
    const run = await world.run('token', '--find', '--store', store);
    expect([run.code, run.stdout]).toEqual([
      1,
      `WxJava: it is in the binary form of a Redisson codec\n  wx:access_token:${world.owner.appId}\n  Give that Redisson client the plain codec: config.setCodec(StringCodec.INSTANCE)\n`,
    ]);
  });

  test.each([
    [['token', '--find'], 'store_missing'],
    [['token', '--scan', '--store', store], 'flags_conflict'],
    [['token', '--verify', '--store', store], 'flags_conflict'],
    [['token', '--find', '--clear', '--store', store], 'flags_conflict'],
    [['token', '--find', '--format', 'shell', '--store', store], 'flags_conflict'],
  ])('%j is refused', async (words, type) => {
    const run = await (await teamWorld()).run(...words, '--json', '--yes');
    const format = words.includes('--format');
    expect([run.code, errorOf(run.stderr)['type']]).toEqual([2, format ? 'flags_conflict' : type]);
  });
});
