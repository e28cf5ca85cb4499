import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../src/core/errors.ts';
import { judgeNetworkError, judgeStatus } from '../../src/core/http-answer.ts';

const judge = (status: number, headers: Record<string, string> = {}, body = '') =>
  judgeStatus({
    status,
    headers,
    body: Buffer.from(body),
    url: 'http://shop.test/wechat?a=1',
    method: 'GET',
  });

describe('judgeStatus()', () => {
  test('takes 200, compressed or not as asked', () => {
    expect(judge(200)).toBeUndefined();
    expect(judge(200, { 'content-encoding': 'identity' })).toBeUndefined();
    expect(judge(200, { 'content-encoding': 'br' })).toMatchObject({ cause: 'gzip' });
  });

  test.each([
    [201, 'status'],
    [204, 'empty'],
    [301, 'redirect'],
    [304, 'status'],
    [308, 'redirect'],
    [400, 'status'],
    [401, 'forbidden'],
    [403, 'forbidden'],
    [404, 'status'],
    [405, 'method'],
    [419, 'csrf'],
    [500, 'status'],
    [501, 'method'],
    [502, 'status'],
  ])('calls %i %s', (status, cause) => {
    expect(judge(status)?.cause).toBe(cause);
  });

  test.each([
    [400, 'The CSRF token is missing'],
    [403, 'Forbidden (csrf)'],
    [422, 'InvalidAuthenticityToken: XSRF'],
  ])('tells a CSRF check by the words of a %i', (status, body) => {
    expect(judge(status, {}, body)?.cause).toBe('csrf');
  });

  test.each([
    ['http://shop.test/wechat/?a=1', 'slash'],
    ['/Account/Login?back=1', 'login'],
    ['https://shop.test/wechat?a=1', 'https'],
    ['http://www.shop.test/wechat?a=1', 'host'],
    ['/elsewhere', 'without a redirect'],
  ])('says what to do about a redirect to %s', (location, words) => {
    expect(judge(302, { location })?.hint.en).toContain(words);
  });

  test('shows where a redirect leads without its query', () => {
    const text = judge(302, { location: '/login?token=abc' })?.text.en;
    expect(text).toContain('http://shop.test/login;');
    expect(text).not.toContain('abc');
    expect(judge(302)?.text.en).toContain('–');
  });
});

describe('judgeNetworkError()', () => {
  const failure = (type: string, facts: Record<string, unknown> = {}) =>
    new WechatMpError({ family: 'network', type, text: { en: 'What happened', zh: '发生了什么' }, facts });

  test.each(['dns', 'connect', 'tls', 'answer', 'body'])(
    'has words of its own for a timeout of phase %s',
    (phase) => {
      const { cause, text } = judgeNetworkError(failure('timeout', { phase }), 5000);
      expect(cause).toBe('timeout');
      expect(text.en).toMatch(/^The time of 5 s was over while /);
      const others = ['dns', 'connect', 'tls', 'answer', 'body'].filter((other) => other !== phase);
      for (const other of others)
        expect(judgeNetworkError(failure('timeout', { phase: other }), 5000).text).not.toEqual(text);
    },
  );

  test.each([
    ['refused', 'refused'],
    ['reset', 'reset'],
    ['truncated_answer', 'reset'],
    ['tls', 'tls'],
    ['encoded_answer', 'gzip'],
    ['dns', 'other'],
    ['not_http', 'other'],
  ])('calls %s %s', (type, cause) => {
    expect(judgeNetworkError(failure(type), 5000)).toMatchObject({ cause, text: { en: 'What happened' } });
  });

  test('asks for the whole chain where the issuer is missing', () => {
    const hint = (code: string) => judgeNetworkError(failure('tls', { cause_code: code }), 5000).hint.en;
    expect(hint('UNABLE_TO_VERIFY_LEAF_SIGNATURE')).toContain('fullchain.pem');
    expect(hint('CERT_HAS_EXPIRED')).not.toContain('fullchain.pem');
  });
});
