import { describe, expect, test } from 'vitest';
import { parseCallPath } from '../../../src/core/call/index.ts';
import { WechatMpError } from '../../../src/core/errors.ts';

function errorOf(text: string): string {
  try {
    return `no error: ${JSON.stringify(parseCallPath(text))}`;
  } catch (error) {
    return error instanceof WechatMpError ? `${error.family} ${error.type}` : String(error);
  }
}

describe('parseCallPath()', () => {
  test.each([
    ['/cgi-bin/menu/get', '/cgi-bin/menu/get', []],
    ['cgi-bin/menu/get', '/cgi-bin/menu/get', []],
    [
      '/cgi-bin/user/info?openid=o1&lang=zh_CN',
      '/cgi-bin/user/info',
      [
        ['openid', 'o1'],
        ['lang', 'zh_CN'],
      ],
    ],
    ['/cgi-bin/clear_quota/v2', '/cgi-bin/clear_quota/v2', []],
    ['/a/b.json/', '/a/b.json/', []],
    ['/a/b.c.de', '/a/b.c.de', []],
    ['/a?redirect=https%3A%2F%2Fx%2F%3Fa%3D1', '/a', [['redirect', 'https://x/?a=1']]],
    // As it stands in the documentation.
    [
      'https://api.weixin.qq.com/cgi-bin/user/info?access_token=ACCESS_TOKEN&openid=OPENID',
      '/cgi-bin/user/info',
      [['openid', 'OPENID']],
    ],
    ['https://sh.api.weixin.qq.com/cgi-bin/menu/get', '/cgi-bin/menu/get', []],
  ])('reads %s', (text, path, query) => {
    expect(parseCallPath(text)).toEqual({ path, query });
  });

  test.each([
    '',
    '/',
    '//evil.example/cgi-bin/menu/get',
    '///evil.example',
    'http://evil.example/',
    'https://evil.example/cgi-bin/menu/get',
    'http://api.weixin.qq.com/cgi-bin/menu/get',
    'https://api.weixin.qq.com.evil.example/a',
    'https://evil.example#.weixin.qq.com/a',
    'https://evilweixin.qq.com/a',
    'https://user@api.weixin.qq.com/a',
    'https://api.weixin.qq.com:8443/a',
    'https:/evil.example',
    'https://api.weixin.qq.com//evil.example/a',
    'javascript:alert(1)',
    'file:///etc/passwd',
    '@evil.example/a',
    '/@evil.example',
    '/a@b',
    String.raw`\\evil.example\a`,
    String.raw`/\evil.example`,
    '/cgi-bin/../_ctl/state',
    '/..',
    '/./a',
    '/cgi-bin/menu/get/..',
    '/a/.../b',
    '/%2e%2e/a',
    '/%2F%2Fevil.example',
    '/cgi-bin%2f..',
    '/a\r\nHost: evil.example',
    '/a\n',
    '/a b',
    '/a\tb',
    '/a#b',
    '/a;b',
    '/菜单',
    '/a\u{0}',
  ])('refuses %j, which could lead elsewhere', (text) => {
    expect(errorOf(text)).toBe('usage path_invalid');
  });

  test('takes a placeholder for the token, and no token', () => {
    for (const word of ['ACCESS_TOKEN', 'TOKEN', '$(wechat-mp', ''])
      expect(parseCallPath(`/a?access_token=${word}`).query).toEqual([]);
    for (const token of ['50_Im7xxxx4', '7TOKEN', 'TOKEN7'])
      expect(errorOf(`/a?access_token=${token}`)).toBe('usage secret_on_command_line');
  });

  test('shows nothing of the query in its error', () => {
    expect(() => parseCallPath('//x?secret=0123')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('0123') }),
    );
  });
});
