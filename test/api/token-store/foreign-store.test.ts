/** With `write=1`: this tool and another library share a token in the library's form, under the library's lock. */
import { describe, expect, test } from 'vitest';
import { createTokenSource, type TokenSource } from '../../../src/api/token-source.ts';
import { createFileStore } from '../../../src/api/token-store/file.ts';
import { createForeignTokens } from '../../../src/api/token-store/foreign.ts';
import { createForeignStore, replaceScript } from '../../../src/api/token-store/foreign-store.ts';
import { type ForeignKey, type LayoutName, tokenKeys } from '../../../src/core/foreign/index.ts';
import type { IssuedCredential } from '../../../src/core/token/index.ts';
import { parseStoreUrl } from '../../../src/core/token/store-url.ts';
import { openRedis } from '../../../src/io/net/redis.ts';
import type { Clock, Redis } from '../../../src/io/ports.ts';
import { createRandom } from '../../../src/io/random.ts';
import { sleep } from '../../../src/io/sleep.ts';
import { createLocks } from '../../../src/io/files/locks.ts';
import { createSimulator, type Simulator } from '../../../src/simulator/simulator.ts';
import { createFakeRedis, type FakeRedis } from '../../helpers/fake-redis.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { createMemoryFiles } from '../../helpers/memory-files.ts';
import { startRedis } from '../../helpers/redis.ts';
import { simulatorBase } from '../../helpers/through-simulator.ts';
import { failureOf, keyFor, T0, tokenNumber } from '../../helpers/token-sources.ts';

type Endpoint = 'stable_token' | 'token';

const appId = 'wx0123456789abcdef';

function keyOf(layout: LayoutName, endpoint?: Endpoint): ForeignKey {
  const keys = tokenKeys(layout, { appId, secret: 'secret' });
  const key = keys.find((one) => endpoint === undefined || (one.endpoint ?? endpoint) === endpoint);
  if (key === undefined) throw new Error('no key');
  return key;
}

/** A process of this tool that shares the key. */
function sharing(
  redis: Redis,
  clock: Clock,
  key: ForeignKey,
  fetchIssued: (force: boolean) => Promise<IssuedCredential>,
  endpoint: Endpoint = 'token',
): TokenSource {
  const own = createFileStore({
    files: createMemoryFiles({}, '/cache'),
    locks: async () => createLocks(),
    clock,
    directory: '/cache',
    note: () => undefined,
  });
  return createTokenSource({
    key: keyFor(endpoint),
    store: createForeignStore({
      redis: async () => redis,
      clock,
      random: createRandom(),
      key,
      store: 'r',
      own,
    }),
    clock,
    random: { bytes: (count) => new Uint8Array(count).fill(128) },
    host: 'box',
    pid: 4711,
    timeoutMs: 10_000,
    note: () => undefined,
    fetchIssued: ({ forceRefresh }) => fetchIssued(forceRefresh),
  });
}

/** A platform that numbers its tokens. */
function platform(expiresInSeconds = 7200) {
  const asked: boolean[] = [];
  const issue = async (force: boolean): Promise<IssuedCredential> => {
    asked.push(force);
    return { value: tokenNumber(asked.length), expiresInSeconds };
  };
  return { asked, issue };
}

function world() {
  const clock = createManualClock(T0);
  return { clock, redis: createFakeRedis(clock), ...platform() };
}

describe('createForeignStore()', () => {
  test.each([
    ['wxjava', 'token', tokenNumber(1), 7200],
    ['wxjava', 'stable_token', tokenNumber(1), 7200],
    ['wechatpy', 'token', `"${tokenNumber(1)}"`, 7200],
    ['silenceper', 'token', tokenNumber(1), 5700],
    ['silenceper', 'stable_token', tokenNumber(1), 6900],
    ['powerwechat', 'token', `{"access_token":"${tokenNumber(1)}","expires_in":7200}`, 7200],
  ] as const)('writes for %s (%s) as it does itself', async (layout, endpoint, bytes, seconds) => {
    const { clock, redis, issue, asked } = world();
    const key = keyOf(layout, endpoint);
    const credential = await sharing(redis, clock, key, issue, endpoint).get();
    expect(credential).toMatchObject({ value: tokenNumber(1), source: 'platform' });
    expect([redis.get(key.name), redis.left(key.name)]).toEqual([bytes, seconds * 1000]);
    // Another process takes it from there, until its real end comes near.
    const other = sharing(redis, clock, key, issue, endpoint);
    expect(await other.get()).toMatchObject({ source: 'cache', expiresAtMs: T0 + 7200_000 });
    expect(asked).toEqual([false]);
  });

  test.each([
    ['wxjava', `wx:lock:${appId}:accessTokenLock`, 60_000],
    ['silenceper', `wechat-mp:{${appId}}:silenceper:lock`, 30_000],
  ] as const)('holds the lock of %s while it asks, and gives it back', async (layout, name, leaseMs) => {
    const { clock, redis, issue } = world();
    let held: unknown;
    await sharing(redis, clock, keyOf(layout, 'token'), async (force) => {
      held = [redis.get(name), redis.left(name)];
      return await issue(force);
    }).get();
    const owner = expect.stringMatching(
      /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/,
    ) as string;
    expect(held).toEqual([owner, leaseMs]);
    expect(redis.get(name)).toBeUndefined();
  });

  test('waits while WxJava holds its lock, takes what it brings, and leaves its lock alone', async () => {
    const { clock, redis, issue, asked } = world();
    const [key, lock] = [keyOf('wxjava'), `wx:lock:${appId}:accessTokenLock`];
    redis.set(lock, 'java', 60_000);
    const waiting = sharing(redis, clock, key, issue).get();
    await clock.advance(2000);
    redis.set(key.name, tokenNumber(7), 7200_000);
    await clock.advance(1000);
    expect(await waiting).toMatchObject({ value: tokenNumber(7), source: 'cache' });
    expect([asked, redis.get(lock)]).toEqual([[], 'java']);
    // And one that brings nothing is named as what it is.
    redis.set(key.name, tokenNumber(7), 1);
    const failing = failureOf(sharing(redis, clock, key, issue).get());
    await clock.advance(20_000);
    expect(await failing).toMatchObject({ type: 'lock_timeout' });
    expect((await failing).message).toMatch(
      /^Cannot get a token: another program has held the lock for \d+ s$/,
    );
  });

  test('a refused token is replaced once, unless the library has replaced it', async () => {
    const { clock, redis, issue, asked } = world();
    const key = keyOf('wxjava');
    const [one, two] = [sharing(redis, clock, key, issue), sharing(redis, clock, key, issue)];
    const { value } = await one.get();
    expect((await two.renew(value)).value).toBe(tokenNumber(2));
    expect((await one.renew(value)).value).toBe(tokenNumber(2));
    redis.set(key.name, tokenNumber(9), 7200_000);
    expect((await one.renew(tokenNumber(2))).value).toBe(tokenNumber(9));
    expect(asked).toHaveLength(2);
  });

  test('a token that came in between is not overwritten', async () => {
    const { clock, redis, issue } = world();
    const key = keyOf('silenceper', 'token');
    const source = sharing(redis, clock, key, async (force) => {
      await clock.advance(10);
      redis.set(key.name, tokenNumber(9), 5700_000);
      return await issue(force);
    });
    expect((await source.get()).value).toBe(tokenNumber(9));
    expect(redis.get(key.name)).toBe(tokenNumber(9));
  });

  test('does not write plain text where the library writes otherwise', async () => {
    const { clock, redis, issue, asked } = world();
    const key = keyOf('wxjava');
    redis.set(key.name, `"${tokenNumber(9)}"`, 1000);
    const source = sharing(redis, clock, key, issue);
    expect(await failureOf(source.get())).toMatchObject({
      type: 'foreign_token_unreadable',
      facts: { codec: 'json' },
    });
    redis.set(key.name, '\u0004\t>x', 1000);
    expect(await failureOf(source.get())).toMatchObject({ facts: { codec: 'redisson' } });
    expect(asked).toEqual([]);
  });

  test('a token without an end is replaced, for the library does so, too', async () => {
    const { clock, redis, issue } = world();
    const key = keyOf('wxjava');
    redis.set(key.name, tokenNumber(9));
    expect((await sharing(redis, clock, key, issue).get()).value).toBe(tokenNumber(1));
    expect(redis.left(key.name)).toBe(7200_000);
  });

  test('forgets no token of another library', async () => {
    const { clock, redis, issue } = world();
    expect(await failureOf(sharing(redis, clock, keyOf('wxjava'), issue).clear())).toMatchObject({
      type: 'foreign_store_decides',
    });
  });

  test('keeps to that on a real Redis: one request, and the lock is gone', async (context) => {
    const server = await startRedis(context);
    const address = parseStoreUrl(server.url, 'test');
    if (address === undefined) throw new Error('no address');
    const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now(), sleep };
    const { issue, asked } = platform();
    const key = keyOf('wxjava');
    const sources = Array.from({ length: 8 }, () => sharing(openRedis(address, 30_000), clock, key, issue));
    const found = await Promise.all(sources.map((source) => source.get()));
    expect(new Set(found.map(({ value }) => value))).toEqual(new Set([tokenNumber(1)]));
    expect(asked).toHaveLength(1);
    expect(server.cli('KEYS', '*')).toBe(key.name);
    expect(server.cli('GET', key.name)).toBe(tokenNumber(1));
    expect(Number(server.cli('PTTL', key.name))).toBeGreaterThan(7100_000);
    const replace = async (before: string) =>
      await openRedis(address, 30_000).send('k', ['EVAL', replaceScript, '1', 'k', before, 'new', '9000']);
    expect([await replace('old'), await replace(''), await replace(''), await replace('new')]).toEqual([
      0, 1, 0, 1,
    ]);
    const renewed = await Promise.all(sources.map((source) => source.renew(tokenNumber(1))));
    expect(new Set(renewed.map(({ value }) => value))).toEqual(new Set([tokenNumber(2)]));
    expect(asked).toHaveLength(2);
  });
});

describe('a day with WxJava', () => {
  test.each(['token', 'stable_token'] as const)('over %s brings no 40001', async (endpoint) => {
    const { errcodes, byJava, fetched } = await simulateHours(24, endpoint);
    expect(new Set(errcodes)).toEqual(new Set([undefined]));
    expect(errcodes.length).toBeGreaterThan(150);
    // Now the one and now the other finds it over.
    expect(byJava).toBeGreaterThan(0);
    expect(fetched).toBeGreaterThan(byJava);
  });

  test('brings some where the two do not share', async () => {
    expect((await simulateHours(6, 'token', 'another')).errcodes).toContain(40001);
  });
});

/**
 * A Java program, this tool with `write=1` and this tool reading, each calling WeChat at a pace of its own; what the tool
 * has begun lands four minutes later, with the token of then.
 */
async function simulateHours(hours: number, endpoint: Endpoint, prefix?: string) {
  const clock = createManualClock(T0);
  const redis = createFakeRedis(clock);
  const openFetch = (): Promise<never> => Promise.reject(new Error('no push was expected'));
  const simulator = createSimulator({ clock, random: createRandom(), openFetch, seed: 7 });
  const [key = keyOf('wxjava')] = tokenKeys('wxjava', { appId, secret: undefined }, prefix);
  let fetched = 0;
  const ask = async (): Promise<IssuedCredential> => {
    fetched += 1;
    return await fetchToken(simulator, endpoint);
  };
  const java = createWxJava(redis, keyOf('wxjava').name, ask);
  const writer = sharing(redis, clock, key, ask, endpoint);
  const reader = createForeignTokens({
    redis: async () => redis,
    clock,
    keys: [key],
    store: 'r',
    endpoint,
    identity: keyFor(endpoint),
    verify: async () => undefined,
    warn: () => undefined,
  });
  const errcodes: unknown[] = [];
  const flying = new Map<number, string>();
  let waitedMs = 0;
  for (let minute = 0; minute < hours * 60; minute += 1, waitedMs += 60_000) {
    const [javaCalls, writes, reads] = [17, 31, 23].map((pace) => minute % pace === 0);
    const landed = flying.get(minute);
    if (!javaCalls && !writes && !reads && landed === undefined) continue;
    await clock.advance(waitedMs);
    waitedMs = 0;
    if (landed !== undefined) errcodes.push(await callWith(simulator, landed));
    if (javaCalls) errcodes.push(await callWith(simulator, await java()));
    if (writes) flying.set(minute + 4, (await writer.get()).value);
    const read = reads ? await reader.get().catch(() => undefined) : undefined;
    if (read !== undefined) errcodes.push(await callWith(simulator, read.value));
  }
  return { errcodes, byJava: java.fetched, fetched };
}

/**
 * WxMpRedisConfigImpl as WxMpServiceImpl uses it: a token is over when less than two seconds are left of its key; under
 * the lock it looks again, then fetches, and keeps the token for all of `expires_in`.
 */
function createWxJava(
  redis: FakeRedis,
  name: string,
  ask: () => Promise<IssuedCredential>,
): (() => Promise<string>) & { fetched: number } {
  const lock = `wx:lock:${appId}:accessTokenLock`;
  const isExpired = (): boolean => redis.left(name) < 2000;
  const read = (): string => String(redis.get(name));
  const get = async (): Promise<string> => {
    if (!isExpired()) return read();
    if (redis.get(lock) !== undefined) throw new Error('nobody else is at work');
    redis.set(lock, 'uuid-of-java', 60_000);
    if (isExpired()) {
      const { value, expiresInSeconds } = await ask();
      redis.set(name, value, expiresInSeconds * 1000);
      java.fetched += 1;
    }
    redis.set(lock, '', 0);
    return read();
  };
  const java = Object.assign(get, { fetched: 0 });
  return java;
}

async function fetchToken(simulator: Simulator, endpoint: Endpoint): Promise<IssuedCredential> {
  const { appId: id, secret } = simulator.account;
  const classic = `${simulatorBase}/cgi-bin/token?grant_type=client_credential&appid=${id}&secret=${secret}`;
  const request =
    endpoint === 'token'
      ? new Request(classic)
      : new Request(`${simulatorBase}/cgi-bin/stable_token`, {
          method: 'POST',
          body: JSON.stringify({ grant_type: 'client_credential', appid: id, secret }),
        });
  const answer = (await (await simulator.fetch(request)).json()) as Record<string, unknown>;
  return { value: String(answer['access_token']), expiresInSeconds: Number(answer['expires_in']) };
}

async function callWith(simulator: Simulator, token: string): Promise<unknown> {
  const url = `${simulatorBase}/cgi-bin/get_api_domain_ip?access_token=${token}`;
  const answer = (await (await simulator.fetch(new Request(url))).json()) as Record<string, unknown>;
  return answer['errcode'];
}
