import { describe, expect, test } from 'vitest';
import { createServiceTokens } from '../../../src/api/token-store/service.ts';
import { WechatMpError } from '../../../src/core/errors.ts';
import type { HttpRequest } from '../../../src/io/ports.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { failureOf, networkError, T0 } from '../../helpers/token-sources.ts';

type Said = string | { readonly status: number; readonly body?: string } | WechatMpError;

/** A service that says one thing after the other, and the last one for ever. */
function service(url: string, ...said: Said[]) {
  const requests: HttpRequest[] = [];
  const clock = createManualClock(T0);
  const tokens = createServiceTokens({
    url: new URL(url),
    clock,
    timeoutMs: 1000,
    fetch: async (request) => {
      requests.push(request);
      const answer = said.length > 1 ? said.shift() : said[0];
      if (answer instanceof WechatMpError) throw answer;
      const { status = 200, body = '' } = typeof answer === 'string' ? { body: answer } : (answer ?? {});
      return { status, headers: {}, body: Buffer.from(body) };
    },
  });
  return { tokens, requests, clock };
}

const address = 'https://token.example.com/wx?key=geheim';
const json = (token: string, seconds = 7200) => JSON.stringify({ access_token: token, expires_in: seconds });

describe('createServiceTokens()', () => {
  test('takes the token out of JSON, with its end', async () => {
    const { tokens, requests } = service(address, json('50_one'));
    expect(await tokens.get()).toEqual({
      value: '50_one',
      expiresAtMs: T0 + 7_200_000,
      source: 'service',
      endpoint: 'service',
    });
    expect(requests).toMatchObject([{ method: 'GET', url: address, headers: {} }]);
  });

  test('takes a token that stands alone', async () => {
    const { tokens } = service(address, '50_one\n');
    expect(await tokens.get()).toMatchObject({ value: '50_one', expiresAtMs: Number.POSITIVE_INFINITY });
  });

  test('asks once until the end of the token', async () => {
    const { tokens, requests, clock } = service(address, json('50_one', 10), json('50_two'));
    await tokens.get();
    await clock.advance(9_999);
    expect((await tokens.get()).value).toBe('50_one');
    await clock.advance(1);
    expect((await tokens.get()).value).toBe('50_two');
    expect(requests).toHaveLength(2);
  });

  test('sends user and key of the address as a header, and not in the URL', async () => {
    const { tokens, requests } = service('https://u:k%40y@h/t', 'token-1');
    await tokens.get();
    expect(requests[0]).toMatchObject({
      url: 'https://h/t',
      headers: { authorization: `Basic ${Buffer.from('u:k@y').toString('base64')}` },
    });
  });

  test('asks once more for a token that WeChat refuses', async () => {
    const { tokens, requests } = service(address, 'old', 'new');
    await tokens.get();
    expect((await tokens.renew('old')).value).toBe('new');
    expect((await tokens.renew('old')).value).toBe('new');
    expect(requests).toHaveLength(2);
  });

  test('asks once for all who want the token together, and for all who lost it', async () => {
    const { tokens, requests } = service(address, 'old', 'new');
    const five = Array.from({ length: 5 });
    const first = await Promise.all(five.map(async () => (await tokens.get()).value));
    const second = await Promise.all(five.map(async () => (await tokens.renew('old')).value));
    expect([new Set(first), new Set(second)]).toEqual([new Set(['old']), new Set(['new'])]);
    expect(requests).toHaveLength(2);
  });

  test('asks anew after a failure', async () => {
    const { tokens } = service(address, networkError(), 'new');
    await failureOf(tokens.get());
    expect((await tokens.get()).value).toBe('new');
  });

  test('says whose token is dead where the service names the same', async () => {
    const { tokens } = service(address, 'old');
    await tokens.get();
    const error = await failureOf(tokens.renew('old'));
    expect(error).toMatchObject({ family: 'account', type: 'token_service_dead_token' });
    expect(error.text.en).toContain('https://token.example.com/wx,');
  });

  test('forces nothing: the token is not ours', async () => {
    const { tokens, requests } = service(address, 'old');
    expect(await failureOf(tokens.get({ force: true }))).toMatchObject({
      family: 'usage',
      type: 'token_service_decides',
    });
    expect(requests).toEqual([]);
  });

  test.each<[string, Said, string, string]>([
    ['is down', networkError(), 'token_service_unreachable', 'Cannot reach WeChat'],
    ['denies access', { status: 403 }, 'token_service_denied', 'status 403'],
    ['fails', { status: 500, body: json('50_one') }, 'token_service_answer', 'status 500'],
    ['answers HTML', '<html>login</html>', 'token_service_answer', 'neither a token nor JSON'],
    ['answers an empty body', '', 'token_service_answer', 'neither a token nor JSON'],
    ['answers a token with blanks', json('50 one'), 'token_service_answer', 'neither a token nor JSON'],
    [
      'passes on an error',
      '{"errcode":40013,"errmsg":"invalid appid"}',
      'token_service_answer',
      'errcode 40013 invalid appid',
    ],
    ['answers an expired token', json('50_one', 0), 'token_service_answer', 'has expired'],
    [
      'answers a text for the seconds',
      '{"access_token":"t","expires_in":"7200"}',
      'token_service_answer',
      '"expires_in" is no number',
    ],
  ])('a service that %s is named without its key', async (_what, said, type, words) => {
    const error = await failureOf(service(address, said).tokens.get());
    expect(error.type).toBe(type);
    expect(error.text.en).toContain('https://token.example.com/wx');
    expect(error.text.en).toContain(words);
    expect(JSON.stringify([error.text, error.hint, error.facts])).not.toContain('geheim');
  });

  test('asks again after a failure', async () => {
    const { tokens } = service(address, networkError(), 'token-1');
    await failureOf(tokens.get());
    expect((await tokens.get()).value).toBe('token-1');
  });
});
