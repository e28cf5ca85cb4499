import { describe, expect, test } from 'vitest';
import { readPasted } from '../../../src/core/explain/pasted.ts';

const kindsOf = (text: string): readonly (readonly [string, number | string])[] =>
  readPasted(text).subjects.map(({ kind, code }) => [kind, code]);

describe('readPasted() takes one word for', () => {
  test.each([
    ['40164', 'errcode', 40164],
    [' 40164\n', 'errcode', 40164],
    ['-1', 'errcode', -1],
    ['-40001', 'errcode', -40001],
    ['−40001', 'errcode', -40001],
    ['errcode_85015', 'errcode', 85015],
    ['errcode_minus_30000', 'errcode', -30000],
    ['3', 'exit_code', 3],
    ['143', 'exit_code', 143],
    ['255', 'exit_code', 255],
    ['256', 'errcode', 256],
    ['299', 'errcode', 299],
    ['300', 'http', 300],
    ['412', 'http', 412],
    ['599', 'http', 599],
    ['600', 'errcode', 600],
    ['option_unknown', 'error_type', 'option_unknown'],
    ['dns', 'error_type', 'dns'],
  ])('%j: %s %s', (word, kind, code) => {
    expect(kindsOf(word)).toEqual([[kind, code]]);
  });

  test('0, which is an exit code and a return code', () => {
    expect(kindsOf('0')).toEqual([
      ['exit_code', 0],
      ['errcode', 0],
    ]);
  });
});

describe('readPasted() finds in a text', () => {
  test.each([
    ['{"errcode":48001,"errmsg":"api unauthorized"}', ['errcode', 48001]],
    ['{"errcode": "40001", "errmsg": "x"}', ['errcode', 40001]],
    ['"{\\"errcode\\":45009,\\"errmsg\\":\\"x\\"}"', ['errcode', 45009]],
    ['Error code: 40013, message: invalid appid', ['errcode', 40013]],
    ['错误代码：40164, 错误信息：调用接口的IP地址不在白名单中', ['errcode', 40164]],
    ['errcode=-1&errmsg=system error', ['errcode', -1]],
    ['✗ WeChat refused the request: … whitelist (40164)', ['errcode', 40164]],
    ['✗ 微信拒绝了请求：本机 IP 不在白名单中（40164）', ['errcode', 40164]],
    ['2026-11-28 13:20:34 send failed 45047 for oABC', ['errcode', 45047]],
    ['Cannot open the message: … (-40005)', ['errcode', -40005]],
    ['HTTP/1.1 502 Bad Gateway', ['http', 502]],
    ['Request failed with status code 413', ['http', 413]],
    ['curl: (22) The requested URL returned error: 412 Precondition Failed', ['http', 412]],
    ['getaddrinfo ENOTFOUND api.weixin.qq.com', ['error_type', 'dns']],
    ['connect ECONNREFUSED 127.0.0.1:8090', ['error_type', 'refused']],
    ['curl: (60) SSL certificate problem: self-signed', ['error_type', 'tls']],
    ['config:invalid signature', ['jssdk', 'invalid signature']],
    ['{"errMsg":"config:fail, invalid url domain"}', ['jssdk', 'fail, invalid url domain']],
    ['the job exited with code 127', ['exit_code', 127]],
  ])('%s', (text, [kind, code]) => {
    expect(kindsOf(text)).toEqual([[kind, code]]);
  });

  test('a web page with its status', () => {
    const page = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
    expect(kindsOf(page)).toEqual([
      ['http', 502],
      ['page', 'html'],
    ]);
    expect(kindsOf('<html lang="en"><title>Login</title></html>')).toEqual([['page', 'html']]);
  });

  test.each([
    [{ code: 3, type: 'ip_not_allowed', errcode: 40164 }, [['errcode', 40164]]],
    [{ code: 2, type: 'option_unknown' }, [['error_type', 'option_unknown']]],
    [{ code: 4, type: 'not_simulated', errcode: 48001 }, [['error_type', 'not_simulated']]],
    [
      { code: 5, type: 'http_status', http_status: 412 },
      [
        ['error_type', 'http_status'],
        ['http', 412],
      ],
    ],
  ])('our own error object: what says most', (error, expected) => {
    expect(kindsOf(`note\n${JSON.stringify({ error })}`)).toEqual(expected);
  });

  test('each code once, in their order', () => {
    expect(kindsOf('errcode: 40001 … errcode: 42001 … errcode: 40001')).toEqual([
      ['errcode', 40001],
      ['errcode', 42001],
    ]);
  });

  test('no code in times, addresses, versions, ids and zeros', () => {
    for (const text of [
      '2026-11-28T13:20:34.40164Z pid 12345678901',
      'listening on 10.0.0.1:40164',
      'Chrome/40164.0 wx40164',
      '{"errcode":0,"errmsg":"ok"}',
      'at 1716572353',
      'nothing at all',
    ])
      expect(kindsOf(text)).toEqual([]);
  });
});

describe('readPasted() finds besides', () => {
  const sample =
    'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6650d0c1-1a2b3c4d-5e6f7a8b';

  test('the address that WeChat saw, and the time out of the rid', () => {
    expect(readPasted(sample)).toEqual({
      subjects: [],
      ip: '203.0.113.7',
      rid: {
        rid: '6650d0c1-1a2b3c4d-5e6f7a8b',
        whole: true,
        atMs: Date.UTC(2024, 4, 24, 17, 39, 13),
      },
    });
  });

  test.each([
    ['invalid ip ::ffff:198.51.100.4, not in whitelist', '198.51.100.4'],
    ['invalid ip 2001:db8::7, not in whitelist', '2001:db8::7'],
    ['203.0.113.7 called stable_token for wx1', '203.0.113.7'],
    ['{"error":{"code":3,"type":"x","ip":"203.0.113.9"}}', '203.0.113.9'],
    ['GET / from 192.168.1.5', undefined],
  ])('the address of %j: %s', (text, ip) => {
    expect(readPasted(text).ip).toBe(ip);
  });

  test.each([
    ['6AAC005A-01bfdbee-79769285', '6aac005a-01bfdbee-79769285', true, '2026-09-17T14:59:38.000Z'],
    ['rid: 6650d0c1-…', '6650d0c1', false, '2024-05-24T17:39:13.000Z'],
    ['"rid":"617682e0-09059ac5-34a8e2ea"', '617682e0-09059ac5-34a8e2ea', true, '2021-10-25T10:11:44.000Z'],
    // Before there were rids, it is no time.
    ['rid: 00000001-00000002-00000003', '00000001-00000002-00000003', true, undefined],
    ['rid: 5e0be0ff-00000002-00000003', '5e0be0ff-00000002-00000003', true, undefined],
    ['rid: 5e0be100-00000002-00000003', '5e0be100-00000002-00000003', true, '2020-01-01T00:00:00.000Z'],
  ])('the rid of %j', (text, rid, whole, at) => {
    const found = readPasted(text).rid;
    expect(found).toMatchObject({ rid, whole });
    expect(found?.atMs === undefined ? undefined : new Date(found.atMs).toISOString()).toBe(at);
  });

  test.each([
    ['48001 /cgi-bin/user/info/updateremark', '/cgi-bin/user/info/updateremark'],
    ['https://api.weixin.qq.com/merchant/express/add?access_token=x', '/merchant/express/add'],
    ['{"hint":"see /card/x","path":"/cgi-bin/menu/get"}', '/cgi-bin/menu/get'],
    ['This machine called user/info/updateremark for wx1', '/cgi-bin/user/info/updateremark'],
    ['本机调用 card/create，AppID wx1', '/card/create'],
    ['203.0.113.7 called stable_token for wx1', '/cgi-bin/stable_token'],
    ['203.0.113.7 called stable_token on 127.0.0.1:8090', '/cgi-bin/stable_token'],
    ['本机调用 token   rid 6650d0c1', '/cgi-bin/token'],
    ['the handler called menu twice', undefined],
    ['GET /my/own 40001', undefined],
  ])('the path of the call in %j: %s', (text, path) => {
    expect(readPasted(text).path).toBe(path);
  });

  test('no rid in a UUID or a longer number', () => {
    for (const text of [
      '550e8400-e29b-41d4-a716-446655440000',
      '16650d0c1-1a2b3c4d-5e6f7a8b',
      'grid: 12345678',
    ])
      expect(readPasted(text).rid).toBeUndefined();
  });

  test.each([
    ['POST /cgi-bin/stable_token {"errcode":40001}', 'token'],
    ['GET /cgi-bin/menu/get?access_token=x 40001', 'business'],
    ['203.0.113.7 called stable_token for wx1 (40001)', 'token'],
    ['errcode 40001', undefined],
    // The words of every 40001 name that interface, and do not come from it.
    ['40001 invalid credential, could get access_token by getStableAccessToken', undefined],
  ])('whether the token endpoint answered: %s', (text, origin) => {
    expect(readPasted(text).origin).toBe(origin);
  });
});
