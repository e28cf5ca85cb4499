import { describe, expect, test } from 'vitest';
import { isUnclear, mayRepeat, unknownOutcome } from '../../src/api/repeat.ts';
import { PlatformError, WechatMpError, type ErrorFamily } from '../../src/core/errors.ts';
import { networkError } from '../helpers/fake-fetch.ts';

const text = { en: 'x', zh: '某' };
const check = { en: 'Look at it', zh: '请查看' };
const read = { effect: 'read' } as const;
const write = { effect: 'write', check } as const;
const failed = (family: ErrorFamily, facts = {}) =>
  new WechatMpError({ family, type: 't', text, retryable: true, facts });
const platform = (family: 'api' | 'network', errcode: number) =>
  new PlatformError({ family, type: 't', text, facts: { errcode } });

describe('mayRepeat()', () => {
  test.each([
    ['a read that broke off', networkError('reset', true), read, true],
    ['a write that broke off', networkError('reset', true), write, false],
    ['a write that was not sent', networkError('refused', false), write, true],
    ['a read that is not worth it', networkError('reset', true, false), read, false],
    ['a refusal', failed('api', { request_sent: false }), read, false],
    ['a timeout', networkError('timeout', false), read, false],
    ['a silent relay', networkError('relay_silent', false), read, false],
    ['a platform that the relay waits for', networkError('relay_upstream_timeout', false), read, false],
  ])('decides about %s', (_what, error, effect, may) => expect(mayRepeat(error, effect)).toBe(may));
});

describe('unknownOutcome()', () => {
  test('says of a sent change that it may have happened', () => {
    const found = unknownOutcome(networkError('reset', true), write);
    expect(found).toMatchObject({
      family: 'network',
      type: 'reset',
      text: {
        en: 'Cannot reach the server: reset; the change may or may not have happened',
        zh: '无法连接服务器：reset；变更可能已经生效，也可能没有',
      },
      hint: check,
      retryable: false,
      facts: { request_sent: true, outcome: 'unknown' },
    });
  });

  test.each([
    ['a read', networkError('reset', true), read],
    ['what was not sent', networkError('refused', false), write],
    ['what was refused', failed('network', { request_refused: true }), write],
    ['another family', failed('api'), write],
  ])('leaves %s as it is', (_what, error, effect) => expect(unknownOutcome(error, effect)).toBe(error));
});

describe('isUnclear()', () => {
  test.each([
    ['an outcome that is unknown', failed('network', { outcome: 'unknown' }), true],
    ['another outcome', failed('network', { outcome: 'refused' }), false],
    ['a failure on the way', failed('network'), false],
    ['a system error of the platform', platform('network', -1), true],
    ['a refusal of the platform', platform('api', 40013), false],
    ['an error of another kind', Object.assign(new Error('x'), { facts: { outcome: 'unknown' } }), false],
    ['no error', undefined, false],
  ])('decides about %s', (_what, error, unclear) => expect(isUnclear(error)).toBe(unclear));
});
