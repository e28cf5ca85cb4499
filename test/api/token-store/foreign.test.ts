/** Tokens of other libraries: read with their remaining life, handed out as they lie there, and left alone. */
import { describe, expect, test } from 'vitest';
import type { TokenSource } from '../../../src/api/token-source.ts';
import { createForeignTickets, createForeignTokens, lookUp } from '../../../src/api/token-store/foreign.ts';
import {
  type ForeignKey,
  type LayoutName,
  layoutNames,
  ticketKey,
  tokenKeys,
} from '../../../src/core/foreign/index.ts';
import { accountError } from '../../../src/core/errors.ts';
import type { Text } from '../../../src/core/text/text.ts';
import type { Redis } from '../../../src/io/ports.ts';
import { createFakeRedis, type FakeRedis } from '../../helpers/fake-redis.ts';
import { createManualClock, type ManualClock } from '../../helpers/manual-clock.ts';
import { failureOf, keyFor, T0, tokenNumber } from '../../helpers/token-sources.ts';

const appId = 'wx0123456789abcdef';
const secret = '0123456789abcdef0123456789abcdef';
const store = 'redis://h/0';

interface World {
  readonly clock: ManualClock;
  readonly redis: FakeRedis;
  readonly keys: readonly [ForeignKey, ...ForeignKey[]];
  readonly source: TokenSource;
  readonly verified: string[];
  readonly warned: Text[];
  /** Tokens that WeChat refuses. */
  readonly dead: Set<string>;
}

function world(layout: LayoutName = 'wxjava', endpoint?: string): World {
  const clock = createManualClock(T0);
  const redis = createFakeRedis(clock);
  const [first, ...others] = tokenKeys(layout, { appId, secret });
  if (first === undefined) throw new Error('no key');
  const [verified, warned, dead]: [string[], Text[], Set<string>] = [[], [], new Set()];
  const source = createForeignTokens({
    redis: async () => redis,
    clock,
    keys: [first, ...others],
    store,
    endpoint,
    identity: keyFor('token'),
    async verify({ value }, refusal) {
      verified.push(value);
      if (dead.has(value)) throw refusal();
    },
    warn: (text) => void warned.push(text),
  });
  return { clock, redis, keys: [first, ...others], source, verified, warned, dead };
}

const token = tokenNumber(1);

/** The bytes that each library has written, by its own form. */
const written: Readonly<Record<LayoutName, string>> = {
  wxjava: token,
  easywechat6: `s:${token.length}:"${token}";`,
  easywechat5: `a:2:{s:12:"access_token";s:${token.length}:"${token}";s:10:"expires_in";i:7200;}`,
  wechatpy: `"${token}"`,
  silenceper: token,
  powerwechat: `{"access_token":"${token}","expires_in":7200}`,
  senparc: `{"AppId":"${appId}","AppSecret":"${secret}","AccessTokenExpireTime":"2026-01-05T21:59:50+08:00","AccessTokenResult":{"access_token":"${token}","expires_in":7200,"errcode":0,"errmsg":null},"Key":"${appId}"}`,
  'node-easywechat': token,
};

describe('createForeignTokens()', () => {
  test.each(layoutNames)('hands out what %s has written, and changes nothing', async (layout) => {
    const { redis, keys, source } = world(layout);
    const key = keys.at(-1) ?? keys[0];
    redis.set(key.name, written[layout], 7200_000);
    const credential = await source.get();
    const endsAtMs = layout === 'senparc' ? Date.UTC(2026, 0, 5, 13, 59, 50) : T0 + 7200_000;
    expect(credential).toMatchObject({ value: token, source: 'store', expiresAtMs: endsAtMs - 60_000 });
    expect(credential.place).not.toContain(secret);
    expect(new Set(redis.commands.map(([verb]) => verb))).toEqual(new Set(['TYPE', 'PTTL', 'GET']));
    expect(redis.left(key.name)).toBe(7200_000);
  });

  test('reads the bag of Senparc out of a hash', async () => {
    const { redis, keys, source } = world('senparc');
    redis.set(keys[0].hash?.name ?? '', new Map([[appId, written.senparc]]));
    expect((await source.get()).value).toBe(token);
    expect(redis.commands.map(([verb]) => verb)).toEqual(['TYPE', 'TYPE', 'HGET']);
  });

  test.each([
    [60_001, true],
    [60_000, false],
    [1, false],
  ])('with %i ms left it is handed out: %s', async (leftMs, usable) => {
    const { redis, keys, source } = world();
    redis.set(keys[0].name, token, leftMs);
    if (usable) expect((await source.get()).expiresAtMs).toBe(T0 + 1);
    else
      expect(await failureOf(source.get())).toMatchObject({
        family: 'account',
        type: 'foreign_token_ending',
        facts: { expires_in: Math.ceil(leftMs / 1000) },
      });
  });

  test('what is not there is named with who fills it', async () => {
    const { source, keys } = world('easywechat6');
    const error = await failureOf(source.get());
    expect(error).toMatchObject({ family: 'account', type: 'foreign_token_missing' });
    expect(error.message).toBe(
      `There is no access_token under ${keys[0].shown} or ${keys[1]?.shown ?? ''} in ${store}`,
    );
    expect(error.hint?.en).toBe(
      'EasyWeChat 6 puts it there when it next calls WeChat: start or use that program',
    );
    expect((await failureOf(world().source.get())).hint?.en).toContain('or add &write=1 to the address');
  });

  test('a token without an end is tried once before it is used', async () => {
    const { redis, keys, source, verified, dead } = world();
    redis.set(keys[0].name, token);
    expect((await source.get()).expiresAtMs).toBe(Number.POSITIVE_INFINITY);
    await source.get();
    expect(verified).toEqual([token]);
    redis.set(keys[0].name, tokenNumber(2));
    dead.add(tokenNumber(2));
    expect(await failureOf(source.get())).toMatchObject({ type: 'foreign_token_dead' });
    expect(verified).toEqual([token, tokenNumber(2)]);
  });

  test('a dead token stays where it is, and its owner is named', async () => {
    const { redis, keys, source } = world();
    redis.set(keys[0].name, token, 7200_000);
    const error = await failureOf(source.renew(token));
    expect(error).toMatchObject({
      family: 'account',
      type: 'foreign_token_dead',
      facts: { layout: 'wxjava', key: keys[0].shown, store },
    });
    expect(error.message).toContain('WeChat refuses the access_token that WxJava keeps under');
    expect(redis.get(keys[0].name)).toBe(token);
    redis.set(keys[0].name, tokenNumber(2), 7200_000);
    expect((await source.renew(token)).value).toBe(tokenNumber(2));
  });

  test('of two tokens the stable one is used, and both are named once', async () => {
    const { redis, keys, source, warned } = world('silenceper');
    redis.set(keys[0].name, token, 7200_000);
    expect(await source.get()).toMatchObject({ value: token, endpoint: 'token' });
    expect(warned).toEqual([]);
    redis.set(keys[1]?.name ?? '', tokenNumber(2), 7200_000);
    expect(await source.get()).toMatchObject({ value: tokenNumber(2), endpoint: 'stable_token' });
    await source.get();
    expect(warned.map(({ en }) => en)).toEqual([
      `Two tokens are there: using ${keys[1]?.shown ?? ''}, not ${keys[0].shown}; --stable or --classic chooses`,
    ]);
  });

  test.each([
    ['stable_token', 'stable_token'],
    [undefined, 'store'],
  ])('where the key does not tell, the endpoint is what was said: %s', async (said, told) => {
    const { redis, keys, source } = world('wxjava', said);
    redis.set(keys[0].name, token, 7200_000);
    expect((await source.get()).endpoint).toBe(told);
  });

  test.each([
    ['redisson', '\u0004\t>token', 'the binary form of a Redisson codec'],
    ['list', ['a'], 'it is a list, and must be a string'],
    ['text', 'no token', 'it is text, but no token'],
  ] as const)('names what cannot be read: %s', async (codec, value, reason) => {
    const { redis, keys, source } = world();
    redis.set(keys[0].name, value, 7200_000);
    const error = await failureOf(source.get());
    expect(error).toMatchObject({ type: 'foreign_token_unreadable', facts: { codec } });
    expect(error.message).toContain(reason);
  });

  test('says what to allow where the user of the server may not look', async () => {
    const { keys } = world();
    const answer = { store_answer: 'NOPERM No permissions to access a key' };
    const denied = accountError('store_login', { en: 'no', zh: '否' }, undefined, answer);
    const redis: Redis = {
      send: async () => {
        throw denied;
      },
    };
    const error = await failureOf(lookUp(redis, keys[0], T0));
    expect(error.hint?.en).toBe(
      `Allow the user TYPE, PTTL, GET and HGET on ${keys[0].shown}; with write=1 SET and EVAL, too, also on the lock`,
    );
  });

  test('nothing there is replaced or forgotten', async () => {
    const { redis, keys, source } = world();
    redis.set(keys[0].name, token, 7200_000);
    expect(await failureOf(source.get({ force: true }))).toMatchObject({ type: 'foreign_store_decides' });
    expect(await failureOf(source.clear())).toMatchObject({ type: 'foreign_store_decides' });
    expect(redis.get(keys[0].name)).toBe(token);
  });

  test('peek() tells what is there, where its end is known', async () => {
    const { redis, keys, source } = world();
    expect(await source.peek()).toBeUndefined();
    redis.set(keys[0].name, token, 7200_000);
    expect(await source.peek()).toMatchObject({ value: token, expiresAtMs: T0 + 7200_000, history: [] });
    redis.set(keys[0].name, token);
    expect(await source.peek()).toBeUndefined();
  });
});

describe('createForeignTickets()', () => {
  function tickets(layout: LayoutName, own: Partial<TokenSource> = {}) {
    const clock = createManualClock(T0);
    const redis = createFakeRedis(clock);
    const key = ticketKey(layout, 'jsapi', appId);
    if (key === undefined) throw new Error('no ticket');
    const ours = { value: 'own', expiresAtMs: T0, source: 'platform', endpoint: 'jsapi' } as const;
    const source = createForeignTickets(
      { redis: async () => redis, clock, store, identity: keyFor('jsapi'), key },
      {
        get: async () => ours,
        renew: async () => ours,
        peek: async () => undefined,
        clear: async () => false,
        ...own,
      },
    );
    return { redis, key, source };
  }

  test('uses the ticket of the library while it lives, else one of our own', async () => {
    const { redis, key, source } = tickets('wxjava');
    expect((await source.get()).value).toBe('own');
    redis.set(key.name, token, 60_001);
    expect(await source.get()).toMatchObject({ value: token, source: 'store', endpoint: 'jsapi' });
    redis.set(key.name, token, 60_000);
    expect((await source.get()).value).toBe('own');
    redis.set(key.name, '\u0001binary', 7200_000);
    expect((await source.get()).value).toBe('own');
  });

  test('reads the end of a ticket of wechatpy beside it', async () => {
    const { redis, key, source } = tickets('wechatpy');
    redis.set(key.name, `"${token}"`);
    expect((await source.get()).value).toBe('own');
    redis.set(key.endName ?? '', String(T0 / 1000 + 61));
    expect(await source.get()).toMatchObject({ value: token, expiresAtMs: T0 + 1000 });
    redis.set(key.endName ?? '', String(T0 / 1000 + 60));
    expect((await source.get()).value).toBe('own');
  });
});
