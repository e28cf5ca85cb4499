import { describe, expect, test } from 'vitest';
import { PlatformError, WechatMpError } from '../../../src/core/errors.ts';
import {
  createOutage,
  createRefusal,
  createUnreached,
  formatSetback,
  isCurrent,
  isLocal,
  parseSetback,
  refusalLifeMs,
  restoreError,
  shiftSetback,
} from '../../../src/core/token/setback.ts';

const T0 = Date.UTC(2026, 0, 5, 12);

function refusal(
  errcode: number,
  family: 'account' | 'limit' | 'api' | 'network' = 'account',
): PlatformError {
  return new PlatformError({
    family,
    type: 'secret_wrong',
    text: { en: 'WeChat refused the secret', zh: '微信拒绝了密钥' },
    hint: { en: 'Check it', zh: '请检查' },
    details: [{ en: 'Where', zh: '何处' }],
    facts: { errcode, errmsg: 'invalid appsecret', rid: '6650d0c1-2f3a' },
  });
}

describe('refusalLifeMs()', () => {
  test.each([40001, 40125, 40013, 40002, 41004, 40243, 50007])(
    'keeps %d of a token endpoint for 30 s',
    (code) => {
      expect(refusalLifeMs(refusal(code), 'stable_token')).toBe(30_000);
      expect(refusalLifeMs(refusal(code), 'token')).toBe(30_000);
      expect(refusalLifeMs(refusal(code), 'jsapi')).toBe(5_000);
    },
  );

  test('keeps other account and limit refusals for 5 s and nothing else', () => {
    expect(refusalLifeMs(refusal(40164), 'stable_token')).toBe(5_000);
    expect(refusalLifeMs(refusal(45009, 'limit'), 'stable_token')).toBe(5_000);
    expect(refusalLifeMs(refusal(-1, 'network'), 'stable_token')).toBe(0);
    expect(refusalLifeMs(refusal(48001, 'api'), 'stable_token')).toBe(0);
  });
});

describe('restoreError()', () => {
  test('returns the same typed error with all its facts and one line more', () => {
    const error = refusal(40125);
    const stored = parseSetback(Buffer.from(formatSetback(createRefusal(error, T0, 30_000))));
    if (stored === undefined) throw new Error('not readable');
    const again = restoreError(stored, T0 + 12_400);
    expect(again).toBeInstanceOf(PlatformError);
    expect(again).toMatchObject({
      errcode: 40125,
      family: 'account',
      type: 'secret_wrong',
      text: error.text,
      hint: error.hint,
      retryable: false,
      facts: error.facts,
    });
    expect(again.details).toEqual([
      { en: 'Where', zh: '何处' },
      {
        en: 'Answer of 12 s ago, remembered; WeChat will be asked again in 18 s',
        zh: '这是 12 秒前的答复，已记住；18 秒后会再次请求微信',
      },
    ]);
  });

  test('keeps an error of our own one of our own', () => {
    const own = new WechatMpError({
      family: 'account',
      type: 'simulator_token',
      text: { en: 'No', zh: '不' },
    });
    const again = restoreError(createRefusal(own, T0, 5_000), T0);
    expect(again).not.toBeInstanceOf(PlatformError);
    expect(again).toMatchObject({ type: 'simulator_token', hint: undefined });
  });
});

describe('restoreError() of an outage', () => {
  const unreached = new WechatMpError({
    family: 'network',
    type: 'connection_refused',
    text: { en: 'Cannot reach WeChat', zh: '无法连接微信' },
    facts: { host: 'api.weixin.qq.com' },
  });

  test('says that nothing was sent now, for people and as facts', () => {
    const again = restoreError(createUnreached(unreached, T0, 10_000), T0 + 1400);
    expect(again.details).toEqual([
      {
        en: 'That was 1 s ago and is remembered, nothing was sent now; WeChat will be asked again in 4 s',
        zh: '这发生在 1 秒前，已记住，本次未发送请求；4 秒后会再次请求微信',
      },
    ]);
    expect(again.facts).toEqual({
      host: 'api.weixin.qq.com',
      remembered_seconds: 1,
      retry_after: 4,
      request_sent: false,
    });
  });

  test('is not made of an outage that left the old token in use', () => {
    expect(() => restoreError(createOutage(T0), T0)).toThrow(TypeError);
  });
});

describe('parseSetback() of a damaged error', () => {
  const good = createRefusal(refusal(40125), T0, 30_000);
  test.each([
    ['type', 1],
    ['text', 'words'],
    ['text', { en: 'only' }],
    ['text', { zh: '只有' }],
    ['hint', 'words'],
    ['details', ['words']],
    ['details', {}],
    ['facts', 'words'],
  ])('refuses %s: %j', (name, value) => {
    const damaged = { ...good, error: { ...good.error, [name]: value } };
    expect(parseSetback(Buffer.from(JSON.stringify(damaged)))).toBeUndefined();
  });

  test.each(['hint', 'details', 'facts'])('takes one without %s', (name) => {
    const without = { ...good, error: { ...good.error, [name]: undefined } };
    expect(parseSetback(Buffer.from(JSON.stringify(without)))).toMatchObject({ kind: 'refusal' });
  });
});

describe('isCurrent()', () => {
  const setback = createRefusal(refusal(40125), T0, 30_000);
  test.each([
    [-1001, false],
    [-1000, true],
    [0, true],
    [29_999, true],
    [30_000, false],
  ])('%d ms after it happened: %s', (laterMs, current) => {
    expect(isCurrent(setback, T0 + laterMs)).toBe(current);
  });
});

describe('parseSetback()', () => {
  test('returns an outage of one minute', () => {
    expect(parseSetback(Buffer.from(formatSetback(createOutage(T0))))).toEqual({
      version: 1,
      kind: 'outage',
      atMs: T0,
      untilMs: T0 + 60_000,
    });
  });

  test('returns what was remembered at a fraction of a millisecond', () => {
    for (const setback of [createOutage(T0 + 0.4), createRefusal(refusal(40125), T0 + 0.7, 30_000)]) {
      expect(parseSetback(Buffer.from(formatSetback(setback)))).toMatchObject({ kind: setback.kind });
    }
  });

  test('returns an outage of five seconds with its error', () => {
    for (const [type, waited] of [
      ['timeout', { waitedMs: 2000 }],
      ['refused', {}],
    ] as const) {
      const error = new WechatMpError({
        family: 'network',
        type,
        text: { en: 'No', zh: '不' },
        retryable: true,
      });
      expect(parseSetback(Buffer.from(formatSetback(createUnreached(error, T0, 2000))))).toEqual({
        version: 1,
        kind: 'outage',
        atMs: T0,
        untilMs: T0 + 5000,
        ...waited,
        error: {
          family: 'network',
          type,
          text: error.text,
          details: [],
          retryable: true,
          facts: {},
          platform: false,
        },
      });
    }
  });

  const good = createRefusal(refusal(40125), T0, 30_000);
  test.each<[string, unknown]>([
    ['another version', { ...good, version: 2 }],
    ['another kind', { ...good, kind: 'other' }],
    ['a refusal without an error', { ...good, error: undefined }],
    ['an outage with a refusal', { ...good, kind: 'outage' }],
    ['a waiting time as text', { ...createOutage(T0), waitedMs: '2' }],
    ['a life of more than a minute', { ...good, untilMs: T0 + 60_001 }],
    ['a time as text', { ...good, atMs: 'x' }],
    ['a family that is never remembered', { ...good, error: { ...good.error, family: 'bug' } }],
    ['a text in one language', { ...good, error: { ...good.error, text: { en: 'x' } } }],
    ['details that are none', { ...good, error: { ...good.error, details: [1] } }],
    ['an array', [good]],
  ])('takes %s for damaged', (_, value) => {
    expect(parseSetback(Buffer.from(JSON.stringify(value)))).toBeUndefined();
  });
});

describe('shiftSetback()', () => {
  test('moves both ends and nothing else', () => {
    const setback = createOutage(1_000_000);
    expect(shiftSetback(setback, -250)).toEqual({
      ...setback,
      atMs: 999_750,
      untilMs: setback.untilMs - 250,
    });
  });
});

describe('isLocal()', () => {
  test('an outage and a missing IP address say nothing to other machines', () => {
    expect(isLocal(createOutage(0))).toBe(true);
    expect(isLocal(createRefusal(refusal(40164), 0, 5000))).toBe(true);
    expect(isLocal(createRefusal(refusal(40125), 0, 5000))).toBe(false);
  });
});
