import { describe, expect, test } from 'vitest';
import { createClient } from '../../src/api/client.ts';
import { fetchClassicToken, fetchStableToken } from '../../src/api/token.ts';
import { WechatMpError } from '../../src/core/errors.ts';
import { fakeFetch, type FakeAnswer } from '../helpers/fake-fetch.ts';
import { createManualClock } from '../helpers/manual-clock.ts';

const account = { appId: 'wx1234567890abcdef', appSecret: '0123456789abcdef0123456789CANARY' };

function setUp(answers: readonly FakeAnswer[], apiBase = 'https://api.weixin.qq.com') {
  const fake = fakeFetch(...answers);
  const client = createClient({
    fetch: fake.fetch,
    apiBase,
    timeoutMs: 10_000,
    clock: createManualClock(0),
    random: { bytes: (count) => new Uint8Array(count) },
    debug: () => {},
  });
  return { client, fake };
}

const answer = (body: object): FakeAnswer => ({ body, headers: { date: 'Thu, 17 Sep 2026 14:59:38 GMT' } });

describe('fetchStableToken()', () => {
  test.each([
    [undefined, false],
    [false, false],
    [true, true],
  ])('posts AppID and AppSecret in the body, force_refresh %s as %s', async (forceRefresh, sent) => {
    const { client, fake } = setUp([answer({ access_token: '50_abc', expires_in: 345 })]);
    const issued = await fetchStableToken(client, {
      ...account,
      ...(forceRefresh === undefined ? {} : { forceRefresh }),
    });
    expect(issued).toEqual({ value: '50_abc', expiresInSeconds: 345, issuedAtMs: 1_789_657_178_000 });
    expect(fake.requests[0]).toMatchObject({
      method: 'POST',
      url: 'https://api.weixin.qq.com/cgi-bin/stable_token',
      headers: { 'content-type': 'application/json' },
    });
    expect(JSON.parse(String(fake.requests[0]?.body))).toEqual({
      grant_type: 'client_credential',
      appid: account.appId,
      secret: account.appSecret,
      force_refresh: sent,
    });
  });
});

describe('fetchClassicToken()', () => {
  test('gets with AppID and AppSecret in the query', async () => {
    const { client, fake } = setUp([answer({ access_token: '50_abc', expires_in: 7200 })]);
    expect((await fetchClassicToken(client, account)).expiresInSeconds).toBe(7200);
    expect(fake.requests[0]).toMatchObject({
      method: 'GET',
      url: `https://api.weixin.qq.com/cgi-bin/token?grant_type=client_credential&appid=${account.appId}&secret=${account.appSecret}`,
    });
    expect(fake.requests[0]?.body).toBeUndefined();
  });
});

describe.each([
  ['fetchStableToken()', fetchStableToken],
  ['fetchClassicToken()', fetchClassicToken],
])('%s', (_name, fetchToken) => {
  test.each([
    ['the shortest life', { access_token: 'a', expires_in: 1 }],
    ['the longest life and token', { access_token: 'a'.repeat(512), expires_in: 7200 }],
  ])('takes %s', async (_what, body) => {
    const { client } = setUp([answer(body)]);
    expect((await fetchToken(client, account)).value).toBe(body.access_token);
  });

  test.each([
    ['no expires_in', { access_token: 'abc' }],
    ['no life', { access_token: 'abc', expires_in: 0 }],
    ['a negative life', { access_token: 'abc', expires_in: -5 }],
    ['a life above two hours', { access_token: 'abc', expires_in: 7201 }],
    ['a life in text', { access_token: 'abc', expires_in: '7200' }],
    ['half a second', { access_token: 'abc', expires_in: 1.5 }],
    ['no token', { expires_in: 7200 }],
    ['an empty token', { access_token: '', expires_in: 7200 }],
    ['a token of 513 characters', { access_token: 'a'.repeat(513), expires_in: 7200 }],
    ['a token with a newline', { access_token: 'a\nb', expires_in: 7200 }],
    ['a token that is a number', { access_token: 12, expires_in: 7200 }],
    ['errcode 0 and nothing else', { errcode: 0 }],
  ])('refuses %s', async (_what, body) => {
    const { client } = setUp([answer(body)]);
    await expect(fetchToken(client, account)).rejects.toMatchObject({
      family: 'network',
      type: 'credential_answer_invalid',
    });
  });

  test.each([
    ['https://api.weixin.qq.com', 'SIM_abc'],
    ['http://127.0.0.1:8090', '50_abc'],
  ])('refuses from %s the token %s', async (apiBase, value) => {
    const { client } = setUp([answer({ access_token: value, expires_in: 7200 })], apiBase);
    await expect(fetchToken(client, account)).rejects.toMatchObject({ type: 'simulator_token' });
  });

  test('takes a token of the simulator from this machine', async () => {
    const { client } = setUp(
      [answer({ access_token: 'SIM_abc', expires_in: 7200 })],
      'http://127.0.0.1:8090',
    );
    expect((await fetchToken(client, account)).value).toBe('SIM_abc');
  });

  test('keeps an AppSecret that the answer repeats out of the error', async () => {
    const { client } = setUp([{ body: `nginx: bad request ${account.appSecret}` }]);
    const error: unknown = await fetchToken(client, account).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WechatMpError);
    expect((error as WechatMpError).details[0]?.en).toBe('It says: nginx: bad request ***');
  });

  test('is interrupted by its own signal', async () => {
    const reason = new Error('over');
    const { client } = setUp([]);
    await expect(fetchToken(client, { ...account, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
