import { describe, expect, test } from 'vitest';
import { helps } from '../../../src/core/errcode/help.json' with { type: 'json' };
import { rows } from '../../../src/core/errcode/errcodes.json' with { type: 'json' };
import {
  BUSY_CODES,
  classifyErrcode,
  DEAD_TOKEN_CODES,
  describeErrcode,
} from '../../../src/core/errcode/errcode.ts';

describe('classifyErrcode()', () => {
  test.each([
    40001, 40013, 40125, 40164, 40243, 41002, 41004, 42001, 48001, 50004, 50007, 61004, 89501, 89503, 89506,
    89507,
  ])('makes %i the account’s trouble, which no repetition helps', (code) => {
    expect(classifyErrcode(code)).toEqual({ family: 'account', retryable: false });
  });

  test.each([
    [45009, false],
    [45011, true],
    [44990, true],
    [45047, false],
    [45102, true],
    [48006, false],
  ])('makes %i a limit, which ends by itself: %s', (code, retryable) => {
    expect(classifyErrcode(code)).toEqual({ family: 'limit', retryable });
  });

  test.each([-1, -1000])('makes %i trouble of the network, worth a repetition', (code) => {
    expect(classifyErrcode(code)).toEqual({ family: 'network', retryable: true });
  });

  test.each([40002, 40003, 40016, 40033, 40053, 46003, 47001, 65301, -2, 1, 45010, 999_999])(
    'leaves %i to the api',
    (code) => {
      expect(classifyErrcode(code)).toEqual({ family: 'api', retryable: false });
    },
  );
});

describe('describeErrcode()', () => {
  test.each([
    [40164, 'ip_not_allowed'],
    [40125, 'invalid_appsecret'],
    [40013, 'invalid_appid'],
    [40001, 'invalid_token'],
    [40014, 'invalid_token'],
    [42001, 'token_expired'],
    [45009, 'daily_quota'],
    [45011, 'minute_quota'],
    [48001, 'no_permission'],
    [46003, 'menu_not_found'],
    [-1, 'system_busy'],
    [85015, 'errcode_85015'],
    [-30000, 'errcode_minus_30000'],
  ])('gives %i the name %s', async (code, type) => {
    expect((await describeErrcode(code)).type).toBe(type);
  });

  test('knows 40001 of the token endpoints as a wrong AppSecret', async () => {
    expect((await describeErrcode(40001, 'token')).type).toBe('invalid_appsecret');
    expect((await describeErrcode(40001, 'token')).errmsg).toBe(
      'invalid credential, access_token is invalid or not latest',
    );
    expect((await describeErrcode(40013, 'token')).type).toBe('invalid_appid');
  });

  test('gives the official Chinese text and errmsg', async () => {
    expect(await describeErrcode(46003)).toMatchObject({
      official: '不存在的菜单数据',
      errmsg: 'menu no exist',
    });
  });

  test('falls back to the meaning of the table, in both languages, without a hint', async () => {
    expect(await describeErrcode(43004)).toEqual({
      code: 43004,
      family: 'api',
      retryable: false,
      type: 'errcode_43004',
      meaning: { en: 'the receiver has to follow the account', zh: '需要接收者关注' },
      hint: undefined,
      errmsg: 'require subscribe',
      official: '需要接收者关注',
      advice: undefined,
    });
  });

  test('has a sentence for a code that no table has', async () => {
    const { meaning, type, errmsg } = await describeErrcode(123_456);
    expect({ type, errmsg }).toEqual({ type: 'errcode_123456', errmsg: undefined });
    expect(meaning.en).not.toBe('');
    expect(meaning.zh).not.toBe('');
  });

  test.each(['__proto__', 'constructor', 'toString'])('finds nothing under the name %s', async (name) => {
    const description = await describeErrcode(name as unknown as number);
    expect(description).toMatchObject({ errmsg: undefined, official: undefined, hint: undefined });
  });
});

describe('the tables', () => {
  test('hold the whole official list without 0', () => {
    expect(Object.keys(rows)).toHaveLength(1965);
    expect(rows).not.toHaveProperty('0');
    expect(rows['40164'].slice(0, 2)).toEqual([
      '调用接口的 IP 地址不在白名单中',
      'invalid ip, not in whitelist',
    ]);
  });

  test.each(Object.entries(helps))(
    'advise on %s in both languages, in the grammar of messages',
    (key, help) => {
      expect(key).toMatch(/^-?\d+(:token)?$/);
      expect(help.type).toMatch(/^[a-z][a-z_]+$/);
      expect(help.en).toMatch(/^(?:[a-z]|App|API)/);
      expect(help.hint_en).toMatch(/^[A-Z]/);
      for (const text of [help.en, help.zh, help.hint_en, help.hint_zh]) expect(text).not.toMatch(/[.。]$/);
      expect(help.zh).toMatch(/\p{Script=Han}/u);
      expect(help.hint_zh).toMatch(/\p{Script=Han}/u);
      expect(`${help.en}${help.hint_en}`).not.toMatch(/n't|'re|'ll|it's/);
    },
  );

  // Every code that the pages of token, ticket, menu and qrcode list.
  test.each([
    -1, 40001, 40002, 40007, 40013, 40014, 40015, 40016, 40017, 40018, 40019, 40020, 40021, 40022, 40023,
    40024, 40025, 40026, 40027, 40028, 40033, 40035, 40052, 40053, 40054, 40055, 40097, 40117, 40118, 40119,
    40120, 40121, 40125, 40164, 40243, 41001, 41002, 41004, 41007, 42001, 42007, 43002, 44002, 45009, 45010,
    45011, 45029, 45048, 45064, 46002, 46003, 47001, 48001, 50004, 50007, 53600, 61004, 65301, 65302, 65303,
    65304, 65305, 65306, 65307, 65308, 65309, 65310, 65311, 65312, 65313, 65314, 65316, 65318, 65320, 89501,
    89503, 89506, 89507,
  ])('advise on %i', async (code) => {
    const { hint, type } = await describeErrcode(code);
    expect(hint).toBeDefined();
    expect(type).not.toMatch(/^errcode_/);
  });

  test('agree with the sets that the client uses', () => {
    expect(BUSY_CODES).toEqual(new Set([-1, -1000]));
    expect(DEAD_TOKEN_CODES).toEqual(new Set([40001, 40014, 42001]));
  });
});
