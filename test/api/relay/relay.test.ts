/** What a relay's client asks and understands; test/cli/shared/relay-client.test.ts has it from the command line. */
import { describe, expect, test } from 'vitest';
import { createRelay } from '../../../src/api/relay/relay.ts';
import { fakeFetch, networkError, type FakeAnswer } from '../../helpers/fake-fetch.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';

const base = 'https://relay.example.com/wechat';
const appId = 'wx0123456789abcdef';
const answered = (body: unknown, word = 'answered', status = 200): FakeAnswer => ({
  status,
  headers: { 'wechat-mp-relay': word },
  body,
});
const token = { access_token: 'SIM_a', expires_in: 7000, appid: appId, endpoint: 'stable_token' };
const open = (known: string | undefined, ...answers: readonly FakeAnswer[]) => {
  const fake = fakeFetch(...answers);
  const clock = createManualClock(1_000_000);
  const relay = createRelay({
    base,
    appId: known,
    key: 'a-key',
    fetch: fake.fetch,
    clock,
    timeoutMs: 10_000,
  });
  return { relay, fake, clock };
};
const call = { method: 'GET', url: `${base}/cgi-bin/menu/get`, timeoutMs: 10_000, maxBytes: 1000 } as const;
/** How a call fails that the relay refuses so. */
const refusedWith = async (
  error: unknown,
  headers: Readonly<Record<string, string>> = {},
  known?: string,
  url: string = call.url,
) => {
  const mark = { 'wechat-mp-relay': 'relay_rate', ...headers };
  const { relay } = open(known, { status: 429, headers: mark, body: { error } });
  return (await relay.fetch({ ...call, url }).catch((reason: unknown) => reason)) as {
    readonly facts: Readonly<Record<string, unknown>>;
    readonly details: readonly unknown[];
  };
};

describe('facts()', () => {
  test('asks once with the key, for all who want to know', async () => {
    const health = { client: 'laptop', accounts: [appId, 7], prefixes: ['/cgi-bin', null], read_only: true };
    const { relay, fake } = open(undefined, answered(health));
    const wanted = { client: 'laptop', accounts: [appId], prefixes: ['/cgi-bin'], readOnly: true };
    expect(await Promise.all([relay.facts(), relay.facts()])).toEqual([wanted, wanted]);
    expect(fake.requests).toHaveLength(1);
    expect(fake.requests[0]).toMatchObject({
      method: 'GET',
      url: `${base}/healthz`,
      headers: { authorization: 'Bearer a-key' },
      timeoutMs: 10_000,
      maxBytes: 65_536,
    });
  });

  test('allows all where the relay names nothing', async () => {
    const { relay } = open(undefined, answered({ client: '', read_only: 'true' }));
    const nothing = { client: undefined, accounts: [], prefixes: undefined, readOnly: false };
    expect(await relay.facts()).toEqual(nothing);
  });

  test.each([
    ['another status than 200', answered({}, 'passed', 204)],
    ['a list', answered([])],
    ['no JSON', answered('ok')],
    ['no UTF-8', answered(new Uint8Array([0xc4, 0xe3]))],
  ])('refuses %s', async (_what, answer) => {
    await expect(open(undefined, answer).relay.facts()).rejects.toMatchObject({
      type: 'relay_answer',
      text: { en: `Cannot use what the relay at ${base} answers to /healthz` },
    });
  });

  test('throws what the platform has said to the relay', async () => {
    const said = { errcode: 40164, errmsg: 'invalid ip 203.0.113.7, not in whitelist' };
    await expect(open(undefined, answered(said)).relay.tokens.get()).rejects.toMatchObject({
      errcode: 40164,
      facts: { path: '/token', ip: '203.0.113.7' },
    });
    const met = answered(said, 'invalid_appsecret');
    await expect(open(undefined, met).relay.tickets('jsapi').get()).rejects.toMatchObject({
      facts: { path: '/cgi-bin/token' },
    });
    await expect(open(undefined, answered(said)).relay.tickets('jsapi').get()).rejects.toMatchObject({
      facts: { path: '/ticket' },
    });
    expect((await open(undefined, answered({ ...token, errcode: 0 })).relay.tokens.get()).value).toBe(
      'SIM_a',
    );
  });
});

describe('appId()', () => {
  test('is what is known here, or the only one of the relay', async () => {
    expect(await open(appId).relay.appId()).toBe(appId);
    expect(await open(undefined, answered({ accounts: [appId] })).relay.appId()).toBe(appId);
  });

  test.each([[[]], [[appId, 'wxfedcba9876543210']]])('must be named where there are %j', async (accounts) => {
    await expect(open(undefined, answered({ accounts })).relay.appId()).rejects.toMatchObject({
      type: 'relay_account_missing',
    });
  });

  test('stands in the address once', () => {
    expect(open(undefined).relay.apiBase).toBe(base);
    expect(open(appId).relay.apiBase).toBe(`${base}/${appId}`);
    const named = `${base}/${appId}`;
    const { fetch } = fakeFetch();
    const parts = { appId, key: 'k', fetch, clock: createManualClock(0), timeoutMs: 1 };
    expect(createRelay({ ...parts, base: named }).apiBase).toBe(named);
  });
});

describe('tokens and tickets', () => {
  test('last as long as the relay says, and are asked for once', async () => {
    const { relay, fake, clock } = open(
      appId,
      answered(token),
      answered({ ...token, access_token: 'SIM_b' }),
    );
    const wanted = { source: 'relay', endpoint: 'stable_token', appId };
    expect(await relay.tokens.get()).toEqual({ ...wanted, value: 'SIM_a', expiresAtMs: 8_000_000 });
    await clock.advance(6_999_999);
    expect((await relay.tokens.get()).value).toBe('SIM_a');
    await clock.advance(1);
    expect((await relay.tokens.get()).value).toBe('SIM_b');
    expect(fake.requests.map(({ url }) => url)).toEqual(Array(2).fill(`${base}/${appId}/token`));
  });

  test('of each type have a source of their own', async () => {
    const { relay, fake } = open(undefined, answered({ ticket: 't1', type: 'jsapi', expires_in: 60 }));
    const wanted = { value: 't1', expiresAtMs: 1_060_000, source: 'relay', endpoint: 'jsapi' };
    expect(await relay.tickets('jsapi').get()).toEqual(wanted);
    expect(await relay.tickets('jsapi').get()).toEqual(wanted);
    expect(fake.requests.map(({ url }) => url)).toEqual([`${base}/ticket?type=jsapi`]);
    expect(relay.tickets('wx_card')).not.toBe(relay.tickets('jsapi'));
  });

  test('without a kind are of the relay', async () => {
    const { relay } = open(undefined, answered({ access_token: 'SIM_a', expires_in: 1 }));
    expect(await relay.tokens.get()).toMatchObject({ endpoint: 'relay', expiresAtMs: 1_001_000 });
  });

  test.each([{}, { ...token, expires_in: 0 }, { ...token, access_token: 'a b' }])(
    'refuses %j',
    async (body) => {
      await expect(open(undefined, answered(body)).relay.tokens.get()).rejects.toMatchObject({
        type: 'relay_answer',
        text: { en: `Cannot use what the relay at ${base} answers to /token` },
      });
    },
  );

  test('are not renewed by force', async () => {
    const forced = open(undefined).relay.tokens.get({ force: true });
    await expect(forced).rejects.toThrow(`Cannot refresh the token: `);
  });
});

describe('fetch()', () => {
  test.each([
    ['passed', 400],
    ['relay_rate', 200],
  ])('hands on what is marked %s with status %i', async (word, status) => {
    const { relay } = open(undefined, { status, headers: { 'wechat-mp-relay': word }, body: 'x' });
    expect(await relay.fetch(call)).toMatchObject({ status });
  });

  test.each([
    [200, false, undefined],
    [399, false, undefined],
    [400, false, true],
    [499, false, true],
    [500, true, undefined],
  ])('is no answer of a relay without the mark: %i', async (status, retryable, refused) => {
    const error = await open(undefined, { status })
      .relay.fetch(call)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      type: 'relay_answer',
      text: { en: `What answers at ${base} is not a relay (HTTP ${status})` },
      retryable,
    });
    expect((error as { facts: unknown }).facts).toEqual({
      relay: base,
      http_status: status,
      request_sent: true,
      ...(refused === undefined ? {} : { request_refused: refused }),
    });
  });

  test.each([
    ['timeout', true, 'relay_silent', 'No answer in time from the relay at'],
    ['refused', false, 'relay_unreachable', 'Cannot reach the relay at'],
    ['reset', true, 'relay_broke_off', 'No whole answer from the relay at'],
  ])('speaks of the relay for %s', async (type, sent, wanted, words) => {
    await expect(open(undefined, networkError(type, sent)).relay.fetch(call)).rejects.toMatchObject({
      type: wanted,
      text: { en: `${words} ${base}: Cannot reach the server: ${type}` },
      facts: { relay: base, request_sent: sent },
    });
  });

  test('leaves an error of another kind as it is', async () => {
    await expect(open(undefined).relay.fetch(call)).rejects.toThrow('unexpected request 1: GET');
  });

  test.each([
    [{}, { retry_after: 3 }, 3],
    [{ 'retry-after': '4' }, { retry_after: 3 }, 4],
    [{ 'retry-after': '1' }, {}, 1],
    [{ 'retry-after': '0' }, {}, undefined],
    [{ 'retry-after': '-1' }, {}, undefined],
    [{ 'retry-after': '1.5' }, {}, undefined],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, {}, undefined],
    [{}, {}, undefined],
  ])('reads of %j and %j when to come again', async (headers, error, seconds) => {
    const { facts, details } = await refusedWith(error, headers);
    expect(facts['retry_after']).toBe(seconds);
    const wait = { en: `Again in ${seconds} s`, zh: `${seconds} 秒后可重试` };
    expect(details).toEqual(seconds === undefined ? [] : [wait]);
  });

  test('tells what the relay says, and whether it was sent', async () => {
    const told = await refusedWith({ message: 'slow down', request_sent: true });
    expect(told.details).toEqual([{ en: 'It says: slow down', zh: '中继原文：slow down' }]);
    expect(told.facts).toMatchObject({ request_sent: true, http_status: 429, path: '/cgi-bin/menu/get' });
    const silent = await refusedWith({ message: '', request_sent: 'yes' });
    expect(silent.details).toEqual([]);
    expect(silent.facts).not.toHaveProperty('request_sent');
    expect((await refusedWith('no')).details).toEqual([]);
  });

  test('names the path of the platform without the account', async () => {
    const paths = [`/${appId}/token`, `/${appId.toUpperCase().replace('WX', 'wx')}/token`, '/token'];
    for (const path of paths)
      expect((await refusedWith({}, {}, appId, base + path)).facts['path']).toBe('/token');
    for (const path of [`/${appId}`, `/${appId}0/token`, `/a/${appId}/token`])
      expect((await refusedWith({}, {}, appId, base + path)).facts['path']).toBe(path);
  });
});
