/** The shared store over a real Redis: one request for all, lives by the server's clock, locks with an owner. */
import { describe, expect, test } from 'vitest';
import { createTokenSource, type TokenSource } from '../../../src/api/token-source.ts';
import { createFallbackStore, createRedisStore } from '../../../src/api/token-store/redis.ts';
import type { TokenStore } from '../../../src/api/token-store/store.ts';
import {
  createEntry,
  type CredentialEndpoint,
  type IssuedCredential,
} from '../../../src/core/token/index.ts';
import { parseStoreUrl } from '../../../src/core/token/store-url.ts';
import { openRedis } from '../../../src/io/net/redis.ts';
import type { Clock } from '../../../src/io/ports.ts';
import { sleep } from '../../../src/io/sleep.ts';
import { createRandom } from '../../../src/io/random.ts';
import { startRedis, type RedisServer } from '../../helpers/redis.ts';
import {
  createWorld,
  failureOf,
  keyFor,
  networkError,
  platformError,
  tokenNumber,
} from '../../helpers/token-sources.ts';

/** The real clock, wrong by so many milliseconds. */
function clockOff(offMs: number): Clock {
  return { now: () => Date.now() + offMs, monotonic: () => performance.now(), sleep };
}

interface Machine {
  readonly host?: string;
  readonly offMs?: number;
  readonly timeoutMs?: number;
}

function storeOn(
  redis: RedisServer,
  { host = 'one', offMs = 0, timeoutMs = 30_000 }: Machine = {},
): TokenStore {
  return createRedisStore({
    redis: async () => {
      const address = parseStoreUrl(redis.url, 'test');
      if (address === undefined) throw new Error('no address');
      return openRedis(address, timeoutMs);
    },
    clock: clockOff(offMs),
    random: createRandom(),
    host,
    pid: 4711,
  });
}

/** Machines that share a Redis, and the platform that they ask. */
function team(redis: RedisServer, endpoint: CredentialEndpoint = 'stable_token') {
  let asked = 0;
  const key = keyFor(endpoint);
  const issue = async (): Promise<IssuedCredential> => {
    asked += 1;
    return { value: tokenNumber(asked), expiresInSeconds: 7200 };
  };
  const source = (
    machine: Machine = {},
    fetchIssued: () => Promise<IssuedCredential> = issue,
    store = storeOn(redis, machine),
  ): TokenSource =>
    createTokenSource({
      key,
      store,
      clock: clockOff(machine.offMs ?? 0),
      random: createRandom(),
      host: machine.host ?? 'one',
      pid: 4711,
      timeoutMs: 30_000,
      note: () => undefined,
      fetchIssued,
    });
  return { key, source, asked: () => asked };
}

function nameOf(redis: RedisServer): string {
  return (
    redis
      .cli('KEYS', 'wechat-mp:*')
      .split('\n')
      .find((name) => !name.includes(':setback') && !name.endsWith(':lock')) ?? ''
  );
}

const TEN_MINUTES = 600_000;

describe('createRedisStore()', () => {
  // With the classic endpoint, whose lock outlasts any pause of a busy machine.
  test('thirty cold machines make one request', async (context) => {
    const { source, asked } = team(await startRedis(context), 'token');
    const found = await Promise.all(
      Array.from({ length: 30 }, (_, index) => source({ host: `host-${index}` }).get()),
    );
    expect(new Set(found.map(({ value }) => value))).toEqual(new Set([tokenNumber(1)]));
    expect(asked()).toBe(1);
  });

  test('machines that are told of a dead token replace it once', async (context) => {
    const { source, asked } = team(await startRedis(context), 'token');
    const { value } = await source().get();
    const found = await Promise.all(
      Array.from({ length: 20 }, (_, index) => source({ host: `host-${index}` }).renew(value)),
    );
    expect(new Set(found.map((credential) => credential.value))).toEqual(new Set([tokenNumber(2)]));
    expect(asked()).toBe(2);
  });

  test.each([
    [5, 400],
    [400, 5],
  ])('nothing seems later than it was: %i ms to the server, %i ms back', async (thereMs, backMs) => {
    let nowMs = 1_795_000_000_000;
    let text = '';
    const redis = {
      send: async (_key: string, [, , keys = '', ...values]: readonly string[]) => {
        nowMs += thereMs;
        const [, written] = values.slice(Number(keys));
        const answer = written === undefined ? [text, nowMs] : 1;
        text = written ?? text;
        nowMs += backMs;
        return answer;
      },
    };
    const clock = { ...clockOff(0), now: () => nowMs };
    const parts = { redis: async () => redis, clock, random: createRandom(), host: 'one', pid: 1 };
    const key = keyFor('stable_token');
    const asking = { sentAtMs: nowMs, answeredAtMs: nowMs, tookMs: 0, forced: false, host: 'one', pid: 1 };
    const candidate = createEntry(key, { value: tokenNumber(1), expiresInSeconds: 7200 }, asking);
    const store = createRedisStore(parts);
    await store.publish(key, candidate);
    const { entry } = await store.read(key);
    const earlierMs = candidate.obtainedAtMs - (entry?.obtainedAtMs ?? 0);
    expect(earlierMs).toBe(thereMs + backMs);
  });

  test('clocks ten minutes apart neither shorten nor prolong a life', async (context) => {
    const redis = await startRedis(context);
    const { source, key, asked } = team(redis);
    await source({ offMs: -TEN_MINUTES }).get();
    for (const offMs of [-TEN_MINUTES, 0, TEN_MINUTES]) {
      const now = Date.now() + offMs;
      const { entry } = await storeOn(redis, { offMs }).read(key);
      const leftMs = (entry?.expiresAtMs ?? 0) - now;
      expect(leftMs).toBeGreaterThan(7200_000 - 120_000);
      expect(leftMs).toBeLessThanOrEqual(7200_000 + 1000);
      expect((await source({ offMs }).get()).source).toBe('cache');
    }
    expect(asked()).toBe(1);
  });

  test('the history tells which machine asked', async (context) => {
    const redis = await startRedis(context);
    const { source } = team(redis);
    const first = await source({ host: 'laptop' }).get();
    await source({ host: 'server', offMs: TEN_MINUTES }).renew(first.value);
    const entry = await source().peek();
    expect(entry?.history.map(({ host, last4 }) => [host, last4])).toEqual([
      ['laptop', 'xxxx'],
      ['server', 'xxxx'],
    ]);
  });

  test.for([
    ['stable_token', 5000],
    ['token', 30_000],
  ] as const)(
    'a lock for %s lasts at most %i ms, by the clock of the server',
    async ([endpoint, mostMs], context) => {
      const redis = await startRedis(context);
      const lock = await storeOn(redis).tryLock(keyFor(endpoint));
      expect(lock.held).toBe(true);
      const leftMs = Number(redis.cli('PTTL', redis.cli('KEYS', '*:lock')));
      expect(leftMs).toBeGreaterThan(0);
      expect(leftMs).toBeLessThanOrEqual(mostMs);
    },
  );

  test('a lock that another one holds now is neither renewed nor removed', async (context) => {
    const redis = await startRedis(context);
    const [one, two] = [storeOn(redis), storeOn(redis, { host: 'two' })];
    const key = keyFor('stable_token');
    const lost = await one.tryLock(key);
    expect(await two.tryLock(key)).toMatchObject({ held: false, holder: { host: 'one', pid: 4711 } });
    redis.cli('DEL', redis.cli('KEYS', '*:lock'));
    const taken = await two.tryLock(key);
    if (!lost.held || !taken.held) throw new Error('both had it');
    expect(await lost.renew()).toBe(false);
    expect(await lost.unlock()).toBe(false);
    expect(await taken.renew()).toBe(true);
    expect(await taken.unlock()).toBe(true);
    expect(await taken.unlock()).toBe(false);
  });

  test('a later token that came in between is not overwritten', async (context) => {
    const redis = await startRedis(context);
    const { source, key } = team(redis);
    await source().get();
    const store = storeOn(redis);
    const late = await store.read(key);
    await source().renew(tokenNumber(1));
    if (late.entry === undefined) throw new Error('there was none');
    expect((await store.publish(key, late.entry)).value).toBe(tokenNumber(2));
    expect((await store.read(key)).entry?.value).toBe(tokenNumber(2));
  });

  test('what is no entry is named and replaced', async (context) => {
    const redis = await startRedis(context);
    const { source, key } = team(redis);
    await source().get();
    redis.cli('SET', nameOf(redis), 'garbage');
    expect(await storeOn(redis).read(key)).toMatchObject({ damaged: nameOf(redis) });
    expect((await source().get()).value).toBe(tokenNumber(2));
  });

  test('all keys of an account share a hash tag, and none has the secret', async (context) => {
    const redis = await startRedis(context);
    const { source } = team(redis);
    await failureOf(
      source({}, async () => {
        throw platformError(40001);
      }).get(),
    );
    await source().clear();
    await source().get();
    await storeOn(redis).tryLock(keyFor('stable_token'));
    const names = redis.cli('KEYS', '*').split('\n');
    expect(names.length).toBe(2);
    for (const name of names) expect(name).toMatch(/^wechat-mp:\{wx0123456789abcdef\}:[0-9a-f]{64}(:lock)?$/);
  });

  test('a wrong secret is remembered for everybody', async (context) => {
    const { source } = team(await startRedis(context));
    let asked = 0;
    const refused = async () => {
      asked += 1;
      throw platformError(40001);
    };
    await failureOf(source({ host: 'one' }, refused).get());
    expect((await failureOf(source({ host: 'two', offMs: TEN_MINUTES }, refused).get())).facts.errcode).toBe(
      40001,
    );
    expect(asked).toBe(1);
  });

  test.for([
    ['an address that is not in the whitelist', () => platformError(40164)],
    ['an outage', networkError],
  ] as const)('%s is remembered for the machine alone', async ([, error], context) => {
    const { source } = team(await startRedis(context));
    const asked: string[] = [];
    const refused = (host: string) => async () => {
      asked.push(host);
      throw error();
    };
    await failureOf(source({ host: 'one' }, refused('one')).get());
    await failureOf(source({ host: 'one' }, refused('one')).get());
    expect(asked).toEqual(['one']);
    expect((await source({ host: 'two' }).get()).value).toBe(tokenNumber(1));
  });

  test.for([
    ['has no memory left', ['CONFIG', 'SET', 'maxmemory', '1'], 'its memory is full'],
    ['has become a replica', ['REPLICAOF', '127.0.0.1', '1'], 'a replica that cannot be written to'],
    ['wants a password now', ['CONFIG', 'SET', 'requirepass', 'geheim'], 'it wants a password'],
  ] as const)(
    'a store that %s is named, and the platform is not asked',
    async ([, command, words], context) => {
      const redis = await startRedis(context);
      redis.cli(...command);
      const { source, asked } = team(redis);
      expect((await failureOf(source().get())).text.en).toContain(words);
      expect(asked()).toBe(0);
    },
  );

  test('a store that pauses is named within the time of a call', async (context) => {
    const redis = await startRedis(context);
    redis.cli('CLIENT', 'PAUSE', '60000');
    const { source, asked } = team(redis);
    const error = await failureOf(source({ timeoutMs: 200 }).get());
    expect(error.type).toBe('store_silent');
    expect(asked()).toBe(0);
  });

  test('a store that is stopped in the middle costs no token that came', async (context) => {
    const redis = await startRedis(context);
    const { source } = team(redis);
    const found = await source({}, async () => {
      redis.child.kill('SIGKILL');
      return { value: tokenNumber(9), expiresInSeconds: 7200 };
    }).get();
    expect(found.value).toBe(tokenNumber(9));
  });
});

describe('createFallbackStore()', () => {
  test('the cache of this machine takes over, and it is said once', async (context) => {
    const redis = await startRedis(context);
    redis.cli('CONFIG', 'SET', 'requirepass', 'geheim');
    const world = createWorld();
    const told: unknown[] = [];
    const store = createFallbackStore(storeOn(redis), world.store, (error) => told.push(error));
    const source = world.source({ store });
    expect((await source.get()).source).toBe('platform');
    expect((await source.get()).source).toBe('cache');
    expect(told).toHaveLength(1);
    expect((await world.source().get()).source).toBe('cache');
  });

  test('nothing is kept on this machine while the shared store works', async (context) => {
    const redis = await startRedis(context);
    const world = createWorld();
    const store = createFallbackStore(storeOn(redis), world.store, () => undefined);
    await team(redis).source({}, undefined, store).get();
    expect((await world.store.read(keyFor('stable_token'))).entry).toBeUndefined();
  });
});
