import { describe, expect, test } from 'vitest';
import { readAnswer, readOutcome, readRawAnswer } from '../../src/api/answer.ts';
import { WechatMpError } from '../../src/core/errors.ts';

const context = { host: 'api.weixin.qq.com', secrets: ['canary-secret'] };
const response = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

function errorOf(work: () => unknown): WechatMpError {
  try {
    work();
  } catch (error) {
    if (error instanceof WechatMpError) return error;
  }
  return expect.fail('nothing was refused');
}

describe('readOutcome()', () => {
  const outcome = (fields: Readonly<Record<string, unknown>>) =>
    readOutcome(readAnswer(response(200, fields), context), context);

  test.each([
    [{}, { errcode: 0, errmsg: '' }],
    [
      { errcode: null, errmsg: 7 },
      { errcode: 0, errmsg: '' },
    ],
    [
      { errcode: '0', errmsg: 'ok' },
      { errcode: 0, errmsg: 'ok' },
    ],
    [
      { errcode: '-1', errmsg: 'busy' },
      { errcode: -1, errmsg: 'busy' },
    ],
    [
      { errcode: 40001, errmsg: ['x'] },
      { errcode: 40001, errmsg: '' },
    ],
    [
      { errcode: 1, errmsg: 'a\u0007 canary-secret' },
      { errcode: 1, errmsg: 'a ***' },
    ],
    // Of a success nothing is shown or remembered, and a caller may need the words as they are.
    [
      { errcode: 0, errmsg: 'a\u0007' },
      { errcode: 0, errmsg: 'a\u0007' },
    ],
  ])('readOutcome() reads %j as %j', (fields, wanted) => {
    expect(outcome(fields)).toEqual(wanted);
  });

  test.each(['', ' 0', '00', '0x1', '1e3', 'ok', '-0', '12345678901', true, [], 1.5, 2 ** 53])(
    'readOutcome() takes the errcode %j for no number',
    (errcode) => {
      expect(errorOf(() => outcome({ errcode })).type).toBe('unexpected_answer');
    },
  );
});

describe('readAnswer()', () => {
  const refusal = (status: number, body: unknown = { errcode: 1 }, headers = {}) =>
    errorOf(() => readAnswer(response(status, body, headers), context));

  test.each([
    [299, 'http_status'],
    [300, 'redirect'],
    [399, 'redirect'],
    [400, 'http_status'],
  ])('readAnswer() takes HTTP %i for %s', (status, type) => {
    expect(refusal(status)).toMatchObject({ type, facts: { http_status: status } });
  });

  test.each([
    [{ location: 'https://a.cn/b?c' }, '"api.weixin.qq.com" redirects the call to "https://a.cn" (HTTP 302)'],
    [{ location: '/b' }, '"api.weixin.qq.com" redirects the call (HTTP 302)'],
    [{}, '"api.weixin.qq.com" redirects the call (HTTP 302)'],
  ])('readAnswer() names where %j leads to', (headers, words) => {
    const { text, facts } = refusal(302, '', headers);
    expect(text.en).toBe(`${words}, and calls with secrets follow no redirect`);
    expect(facts).toEqual({ request_sent: true, http_status: 302, request_refused: true });
  });

  test.each([
    [400, true, false, 'Check --api-base and the path of the call'],
    [499, true, false, 'Check --api-base and the path of the call'],
    [500, undefined, true, 'Try again in a moment'],
    [201, undefined, false, 'Check --api-base and the path of the call'],
  ])('readAnswer() says of HTTP %i whether it was refused: %s', (status, refused, retryable, hint) => {
    const error = refusal(status);
    expect([error.facts['request_refused'], error.retryable, error.hint?.en]).toEqual([
      refused,
      retryable,
      hint,
    ]);
  });

  test.each([
    ['no', true],
    [{ errcode: 40001 }, true],
    [{ errcode: 0 }, undefined],
    [{ errcode: null }, undefined],
    [{}, undefined],
  ])('readAnswer() says of HTTP 404 over %j whether it was refused: %s', (body, refused) => {
    expect(refusal(404, body).facts['request_refused']).toBe(refused);
  });

  test('readAnswer() shows a foreign body where there is one', () => {
    expect(refusal(500, '').details).toEqual([]);
    expect(refusal(500, 'busy').details).toEqual([{ en: 'It says: busy', zh: '内容：busy' }]);
  });

  test.each([
    ['{"a":1', 'truncated_answer'],
    ['{"a":[1]  x', 'truncated_answer'],
    ['{"a":1]} \n', 'not_json'],
    ['a\uFEFF{}', 'not_json'],
  ])('readAnswer() takes %j for %s', (body, type) => {
    expect(refusal(200, body).type).toBe(type);
  });

  test('readAnswer() drops a byte order mark at the beginning, and none within', () => {
    expect(readAnswer(response(200, '\uFEFF{"a":"\uFEFF"}'), context).fields).toEqual({ a: '\uFEFF' });
  });
});

test('readRawAnswer() reads fields of JSON and of text/plain, and of nothing else', () => {
  const fieldsOf = (type: string, body: string) =>
    readRawAnswer(response(200, body, { 'content-type': type }), context).fields;
  expect(fieldsOf('application/json; charset=UTF-8', '{"errcode":1}')).toEqual({ errcode: 1 });
  expect(fieldsOf('text/plain', '{"errcode":1}')).toEqual({ errcode: 1 });
  expect(fieldsOf('image/jpeg', '{"errcode":1}')).toEqual({});
  expect(fieldsOf('text/plain', '[1]')).toEqual({});
  expect(errorOf(() => readRawAnswer(response(500, 'x'), context)).type).toBe('http_status');
  expect(readRawAnswer(response(499, 'x'), context).status).toBe(499);
});
