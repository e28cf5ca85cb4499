import { describe, expect, test } from 'vitest';
import { judgeStatus } from '../../../../src/core/diagnosis/server/http-answer.ts';

const judge = (
  status: number,
  headers: Record<string, string> = {},
  body = '',
  more: { readonly method?: 'GET' | 'POST'; readonly sealed?: boolean } = {},
) =>
  judgeStatus({
    status,
    headers,
    body: Buffer.from(body),
    url: 'http://shop.test/wechat?a=1',
    method: 'GET',
    ...more,
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
    [413, 'body_limit'],
    [415, 'status'],
    [422, 'status'],
    [502, 'upstream_unreachable'],
    [503, 'status'],
    [504, 'upstream_timeout'],
    [520, 'status'],
    [521, 'upstream_unreachable'],
    [524, 'upstream_timeout'],
  ])('calls %i %s', (status, cause) => {
    expect(judge(status)?.cause).toBe(cause);
  });

  test.each([
    [204, 'empty', 'Answer with status 200'],
    [400, 'body_parser', 'as raw text'],
    [401, 'forbidden', 'treats POST otherwise'],
    [403, 'forbidden', 'treats POST otherwise'],
    [409, 'status', 'Answer with status 200'],
    [413, 'body_limit', 'client_max_body_size'],
    [415, 'body_parser', 'as raw text'],
    [422, 'body_parser', 'as raw text'],
    [500, 'status', 'log of the server'],
    [502, 'upstream_unreachable', 'passes requests on to'],
    [504, 'upstream_timeout', 'behind it directly'],
  ])('calls %i in answer to a message %s', (status, cause, hint) => {
    const found = judge(status, {}, '', { method: 'POST' });
    expect(found).toMatchObject({ cause, hint: { en: expect.stringContaining(hint) } });
  });

  test('knows the simulator itself, which is no server of a developer', () => {
    for (const method of ['GET', 'POST'] as const) {
      const found = judge(404, { server: 'wechat-mp-simulator' }, '', { method });
      expect(found?.text).toMatchObject({
        en: expect.stringContaining('This is the simulator itself'),
        zh: expect.stringContaining('该地址是模拟器本身'),
      });
      expect(judge(404, { server: 'nginx' }, '', { method })?.text.en).toContain('got 404');
    }
  });

  test('advises to compare the Token first where it may be the reason, and not for POST', () => {
    for (const status of [204, 403]) {
      expect(judge(status)?.hint).toMatchObject({
        en: expect.stringMatching(/^Compare the Token/),
        zh: expect.stringMatching(/^请先核对/),
      });
      expect(judge(status, {}, '', { method: 'POST' })?.hint.en).not.toMatch(/^Compare/);
    }
  });

  test.each([400, 403, 422, 500])('speaks of the mode where an encrypted message gets %i', (status) => {
    const hint = (sealed: boolean) => judge(status, {}, '', { method: 'POST', sealed })?.hint.en;
    expect(hint(true)).toMatch(/mode/);
    expect(hint(false)).not.toMatch(/--mode|plain mode/);
  });

  test.each([
    [400, 'The CSRF token is missing'],
    [422, '<h1>ActionController::InvalidAuthenticityToken</h1>'],
    [422, `<style>${'a{}'.repeat(5000)}</style><h1>ActionController::InvalidAuthenticityToken</h1>`],
    [422, '<h1>The change you wanted was rejected.</h1>'],
    [403, 'Forbidden (csrf)'],
    [422, 'InvalidAuthenticityToken: XSRF'],
  ])('tells a CSRF check by the words of a %i', (status, body) => {
    expect(judge(status, {}, body)?.cause).toBe('csrf');
  });

  test('takes no page for a CSRF check because its forms carry a token', () => {
    const page = '<meta name="csrf-token" content="x"><script>csrf()</script><h1>Forbidden</h1>';
    expect(judge(403, {}, page)?.cause).toBe('forbidden');
    expect(judge(403, {}, `${page}invalid csrf token`)?.cause).toBe('csrf');
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
