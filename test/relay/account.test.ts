import { describe, expect, test } from 'vitest';
import type { Credential, TokenSource } from '../../src/api/token-source.ts';
import { WechatMpError, type ErrorFamily } from '../../src/core/errors.ts';
import { RelayAccount } from '../../src/relay/account.ts';
import { createManualClock } from '../helpers/manual-clock.ts';

const now = Date.UTC(2026, 0, 5, 12);

/** An account whose token source does what is in `next`, and else names the token of the store. */
function world(apiBase = 'https://api.weixin.qq.com') {
  const clock = createManualClock(now);
  const store = { token: 'first', expiresAtMs: now + 7_200_000 };
  const next: (() => Promise<Credential>)[] = [];
  const asked: string[] = [];
  const answer = async (): Promise<Credential> =>
    await (
      next.shift() ??
      (async () => ({
        value: store.token,
        expiresAtMs: store.expiresAtMs,
        source: 'cache' as const,
        endpoint: 'stable_token',
      }))
    )();
  const tokens: TokenSource = {
    get: () => (asked.push('get'), answer()),
    renew: (failed) => (asked.push(`renew ${failed}`), answer()),
    peek: async () => undefined,
    clear: async () => false,
  };
  const unused = async () => Promise.reject(new Error('not wanted'));
  const account = new RelayAccount({
    appId: 'wx0123456789abcdef',
    apiBase,
    secret: undefined,
    tokens,
    tickets: unused,
    fetch: unused,
    usage: unused,
    clock,
  });
  const token = async () => (await account.token()).value;
  return { clock, store, next, asked, account, token };
}

const failure = (family: ErrorFamily) => async (): Promise<never> => {
  throw new WechatMpError({ family, type: `of_${family}`, text: { en: 'No', zh: '否' } });
};

describe('RelayAccount', () => {
  test('looks into the store every ten seconds, whatever its clients ask', async () => {
    const { token, store, asked, clock } = world();
    expect(await Promise.all([token(), token(), token()])).toEqual(['first', 'first', 'first']);
    store.token = 'second';
    await clock.advance(9_999);
    expect([await token(), asked]).toEqual(['first', ['get']]);
    await clock.advance(1);
    expect([await token(), asked]).toEqual(['second', ['get', 'get']]);
  });

  test.each(['network', 'local', 'limit'] as const)(
    'goes on with a token that lives while the store or the platform is away: %s',
    async (family) => {
      const { token, next, clock, store } = world();
      store.expiresAtMs = now + 15_000;
      await token();
      next.push(failure(family), failure(family));
      await clock.advance(10_000);
      expect(await token()).toBe('first');
      await clock.advance(10_000);
      await expect(token()).rejects.toMatchObject({ type: `of_${family}` });
    },
  );

  test('does not go on where the secret is refused', async () => {
    const { token, next, clock } = world();
    await token();
    next.push(failure('account'));
    await clock.advance(10_000);
    await expect(token()).rejects.toMatchObject({ type: 'of_account' });
  });

  test('renews a token once for all whose calls it failed', async () => {
    const { token, account, store, asked } = world();
    await token();
    store.token = 'second';
    expect(await account.renew('first')).toBe('second');
    expect(await Promise.all([account.renew('first'), account.renew('first')])).toEqual(['second', 'second']);
    expect([asked, await token()]).toEqual([['get', 'renew first'], 'second']);
    expect(account.counts).toEqual({ refused: 3, renewed: 1 });
  });

  test('does not ask at once again about a token that was confirmed', async () => {
    const { token, account, asked, clock } = world();
    await token();
    expect([await account.renew('first'), await account.renew('first')]).toEqual(['first', 'first']);
    expect(asked).toEqual(['get', 'renew first']);
    await clock.advance(5000);
    await account.renew('first');
    expect(asked).toEqual(['get', 'renew first', 'renew first']);
    expect(account.counts.renewed).toBe(0);
  });

  test.each([
    ['http://127.0.0.1:8090', 'real-token'],
    ['https://api.weixin.qq.com', 'SIM_token'],
  ])('sends to %s no token such as %s', async (apiBase, value) => {
    const { token, store } = world(apiBase);
    store.token = value;
    await expect(token()).rejects.toMatchObject({ type: 'simulator_token' });
  });
});
