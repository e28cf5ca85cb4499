import { describe, expect, test } from 'vitest';
import { readAllCodes } from '../../../src/core/errcode/codes.ts';
import { describeErrcode, findIp, originOf, splitErrmsg } from '../../../src/core/errcode/describe.ts';
import { BUSY_CODES, DEAD_TOKEN_CODES } from '../../../src/core/errcode/errcode.ts';

const { rows, helps } = await readAllCodes();

describe('describeErrcode() decides whose trouble it is', () => {
  const classOf = async (code: number) => {
    const { family, retryable } = await describeErrcode(code);
    return { family, retryable };
  };

  test.each([
    40001, 40013, 40125, 40164, 40243, 41002, 41004, 42001, 48001, 50004, 50007, 61004, 89501, 89503, 89506,
    89507,
  ])('%i is the account’s, which no repetition helps', async (code) => {
    expect(await classOf(code)).toEqual({ family: 'account', retryable: false });
  });

  test.each([
    [45009, false],
    [45011, true],
    [44990, true],
    [45047, false],
    [45102, true],
    [48006, false],
  ])('%i is a limit, which ends by itself: %s', async (code, retryable) => {
    expect(await classOf(code)).toEqual({ family: 'limit', retryable });
  });

  test.each([-1, -1000])('%i is trouble of the network, worth a repetition', async (code) => {
    expect(await classOf(code)).toEqual({ family: 'network', retryable: true });
  });

  test.each([40002, 40003, 40016, 40033, 40053, 46003, 47001, 65301, -2, 1, 45010, 999_999])(
    '%i is left to the api',
    async (code) => {
      expect(await classOf(code)).toEqual({ family: 'api', retryable: false });
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

  test('falls back to the meaning of the table, in both languages, with the official places', async () => {
    expect(await describeErrcode(43005)).toEqual({
      code: 43005,
      family: 'api',
      retryable: false,
      known: true,
      type: 'errcode_43005',
      meaning: { en: 'a friend relation is needed', zh: '需要好友关系' },
      errmsg: 'require friend relations',
      official: '需要好友关系',
      causes: [],
      fixes: [
        { en: expect.stringContaining('official page'), zh: expect.stringContaining('官方文档') },
        { en: expect.stringContaining('errorDiag'), zh: expect.stringContaining('errorDiag') },
      ],
      where: { en: expect.stringContaining('errorDiag'), zh: expect.stringContaining('errorDiag') },
      doc: 'https://developers.weixin.qq.com/doc/oplatform/developers/errCode/',
      next: [],
    });
  });

  test('puts the address into the advice, or says whose it is', async () => {
    expect((await describeErrcode(40164, 'token', '203.0.113.7')).fixes[0]?.en).toMatch(
      /^Add 203\.0\.113\.7 at /,
    );
    expect((await describeErrcode(40164)).fixes[0]).toMatchObject({
      en: expect.stringMatching(/^Add the IP of this machine at /),
      zh: expect.stringContaining('添加 本机的公网 IP'),
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
    expect(description).toMatchObject({ known: false, errmsg: undefined, official: undefined, causes: [] });
  });
});

describe('the tables', () => {
  test('hold the whole official list, and the numbers of the sample code', () => {
    expect(Object.keys(rows)).toHaveLength(1966 + 11);
    expect(rows['40164']).toEqual([
      '调用接口的 IP 地址不在白名单中',
      'invalid ip, not in whitelist',
      'The calling IP is not on the white list',
    ]);
    for (let code = -40_011; code <= -40_001; code += 1) expect(rows).toHaveProperty(String(code));
  });

  test('find every code in the file of its range', async () => {
    for (const code of Object.keys(rows).map(Number))
      expect((await describeErrcode(code)).known, String(code)).toBe(true);
    for (const code of Object.keys(helps).map((key) => Number.parseInt(key, 10)))
      expect((await describeErrcode(code)).type, String(code)).not.toMatch(/^errcode_/);
  });

  test('say something of every code in both languages', async () => {
    for (const code of Object.keys(rows).map(Number)) {
      const { meaning, fixes, causes, where } = await describeErrcode(code);
      for (const { en, zh } of [meaning, ...fixes, ...causes, ...(where === undefined ? [] : [where])]) {
        expect(en.trim(), String(code)).not.toBe('');
        expect(zh.trim(), String(code)).not.toBe('');
        expect(`${en}${zh}`).not.toMatch(/\{place:|\{ip\}|undefined/);
      }
      expect(fixes.length).toBeGreaterThan(0);
    }
  });

  test('advise on more than 150 codes, with causes', () => {
    expect(Object.keys(helps).length).toBeGreaterThan(200);
    expect(Object.entries(helps).filter(([, { causes }]) => causes.length === 0)).toEqual([]);
  });

  test.each(Object.entries(helps))(
    'advise on %s in both languages, in the grammar of messages',
    (key, help) => {
      expect(key).toMatch(/^-?\d+(:token)?$/);
      expect(help.type).toMatch(/^[a-z][a-z0-9_]+$/);
      expect(help.name.en).toMatch(/^(?:[a-z]|App|API|Base64|XML|EncodingAESKey)/);
      for (const { en } of [...help.causes, ...help.fixes]) expect(en).toMatch(/^(?:[A-Z"\d]|[a-z_.]+ )/);
      for (const { en, zh } of [help.name, ...help.causes, ...help.fixes]) {
        expect(`${en}\n${zh}`).not.toMatch(/[.。](?:\n|$)/);
        expect(zh).toMatch(/\p{Script=Han}/u);
        expect(en).not.toMatch(/n't|'re|'ll|it's/);
      }
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
    expect((await describeErrcode(code)).type).not.toMatch(/^errcode_/);
  });

  test('agree with the sets that the client uses', () => {
    expect(BUSY_CODES).toEqual(new Set([-1, -1000]));
    expect(DEAD_TOKEN_CODES).toEqual(new Set([40001, 40014, 42001]));
  });
});

const rid = '6aac005a-01bfdbee-79769285';

describe('splitErrmsg()', () => {
  test.each([
    [`invalid appid rid: ${rid}`, 'invalid appid', rid],
    [`invalid appid, rid: ${rid}`, 'invalid appid', rid],
    [`invalid appid,rid:${rid}`, 'invalid appid', rid],
    ['rid: 6650d0c1-2f3a-11', '', '6650d0c1-2f3a-11'],
    ['invalid appid hint: [RI68La0851vr18]', 'invalid appid hint: [RI68La0851vr18]', undefined],
    [`rid: ${rid} is unknown`, `rid: ${rid} is unknown`, undefined],
    ['invalid grid: 12345678-12345678', 'invalid grid: 12345678-12345678', undefined],
    ['', '', undefined],
  ])('parts %j', (text, errmsg, found) => {
    expect(splitErrmsg(text)).toEqual({ errmsg, rid: found });
  });
});

test('splitErrmsg() keeps 1000 characters of a stranger, and drops blanks around them', () => {
  expect(splitErrmsg(` ${'a'.repeat(2000)}`).errmsg).toBe('a'.repeat(999));
});

test.each([
  ['invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist', '1.2.3.4'],
  ['invalid ip: 203.0.113.254, not in whitelist', '203.0.113.254'],
  ['invalid IP 2001:db8::7, not in whitelist', '2001:db8::7'],
  ['invalid ip ::ffff:1.2.3.4, not in whitelist', '::ffff:1.2.3.4'],
  ['skip 1.2.3.4', undefined],
  ['invalid ip 1.2, not in whitelist', undefined],
  ['', undefined],
])('findIp() finds in %j: %s', (errmsg, ip) => {
  expect(findIp(errmsg)).toBe(ip);
});

test.each([
  ['/cgi-bin/token', 'token'],
  ['/cgi-bin/stable_token', 'token'],
  ['/cgi-bin/menu/get', 'business'],
])('originOf(%s) is %s', (path, origin) => {
  expect(originOf(path)).toBe(origin);
});
