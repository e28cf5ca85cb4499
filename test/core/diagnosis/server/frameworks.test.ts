import { describe, expect, test } from 'vitest';
import type { ProbeCause } from '../../../../src/core/diagnosis/server/handshake-answer.ts';
import { adviseFramework } from '../../../../src/core/diagnosis/server/frameworks.ts';

const url = 'http://shop.test/api/wechat?a=1';
const advise = (
  cause: ProbeCause,
  status: number,
  headers: Record<string, string>,
  body = '',
  consumed = false,
) => adviseFramework({ status, headers, body: Buffer.from(body) }, { cause, url, consumed });

const page403 = '<h1>Forbidden <span>(403)</span></h1><p>CSRF verification failed. Request aborted.</p>';
const node = { 'content-type': 'text/plain; charset=utf-8', 'keep-alive': 'timeout=5' };

describe('adviseFramework()', () => {
  test.each<readonly [string, ProbeCause, number, Record<string, string>, string, string]>([
    ['Fastify', 'body_parser', 415, {}, '{"statusCode":415,"code":"FST_ERR_CTP_X"}', 'addContentTypeParser'],
    ['Express', 'body_parser', 400, { 'x-powered-by': 'Express' }, '', "app.use('/api/wechat', express.text"],
    ['Egg.js', 'csrf', 403, node, 'missing csrf token', "ignore: '/api/wechat'"],
    ['Koa', 'status', 500, node, 'Internal Server Error', 'ctx.request.body'],
    ['FastAPI', 'body_parser', 422, {}, '{"detail":[{"type":"x","loc":["body"]}]}', 'request.body()'],
    ['Django', 'csrf', 403, {}, page403, '@csrf_exempt'],
    ['Flask', 'body_parser', 400, { server: 'Werkzeug/2.2.2 Python/3.11.2' }, '', 'request.get_data()'],
    ['Flask', 'csrf', 400, {}, '<p>The CSRF token is missing.</p>', '@csrf.exempt'],
    ['Laravel', 'csrf', 419, {}, '<title>Page Expired</title>', "validateCsrfTokens(except: ['api/wechat'])"],
    [
      'Laravel',
      'csrf',
      419,
      { 'x-powered-by': 'PHP/8.3', 'set-cookie': 'XSRF-TOKEN=x' },
      '',
      'VerifyCsrfToken',
    ],
    ['Rails', 'csrf', 422, {}, 'ActionController::InvalidAuthenticityToken', 'skip_forgery_protection'],
    [
      'Spring',
      'forbidden',
      403,
      {},
      '{"timestamp":"2026-01-01T00:00:00.000+00:00","status":403,"error":"Forbidden","path":"/api/wechat"}',
      'ignoringRequestMatchers("/api/wechat")',
    ],
    ['ASP.NET Core', 'body_parser', 415, { server: 'Kestrel' }, '', 'StreamReader(Request.Body)'],
    ['PHP', 'html', 200, { 'x-powered-by': 'PHP/8.2.32' }, '', 'php://input'],
    ['PHP', 'html', 200, {}, '<b>Warning</b>:  Undefined variable $HTTP_RAW_POST_DATA in', 'php://input'],
    ['nginx', 'body_limit', 413, { server: 'nginx/1.24.0' }, '', 'client_max_body_size'],
    ['nginx', 'upstream_unreachable', 502, {}, '<hr><center>nginx</center>', 'proxy_pass'],
  ])('knows %s by its %s', (framework, cause, status, headers, body, line) => {
    const found = advise(cause, status, headers, body);
    expect(found?.framework).toBe(framework);
    expect(found?.lines.join('\n')).toContain(line);
  });

  test('has other lines for Koa where the body was read before', () => {
    expect(advise('body_parser', 500, node, 'Internal Server Error', true)?.lines.join()).toContain(
      'koaBody()',
    );
  });

  test.each<readonly [string, ProbeCause, number, Record<string, string>, string]>([
    ['a Go server', 'status', 500, { ...node, 'x-content-type-options': 'nosniff' }, 'Internal Server Error'],
    ['hapi', 'body_parser', 415, {}, '{"statusCode":415,"error":"Unsupported Media Type","message":"x"}'],
    ['nobody', 'body_parser', 400, {}, ''],
    ['a path that is not there', 'status', 404, { 'x-powered-by': 'Express' }, ''],
    ['a redirect', 'redirect', 302, { 'x-powered-by': 'Express' }, ''],
    ['a proxy that refuses', 'forbidden', 403, { server: 'nginx' }, ''],
  ])('says nothing about %s', (_what, cause, status, headers, body) => {
    expect(advise(cause, status, headers, body)).toBeUndefined();
  });
});
