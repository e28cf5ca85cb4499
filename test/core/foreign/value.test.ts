import { describe, expect, test } from 'vitest';
import {
  type LayoutName,
  parseLayout,
  readForeignValue,
  splitFolder,
} from '../../../src/core/foreign/index.ts';
import { parsePhp } from '../../../src/core/foreign/php.ts';

const token = `70_${'Ab-_'.repeat(30)}`;
const secret = '0123456789abcdef0123456789abcdef';
const quoted = JSON.stringify(token);
const read = (layout: LayoutName, text: string, holds: 'access_token' | 'ticket' = 'access_token') =>
  readForeignValue(text, { layout, holds });

const senparc = (fields: object): string =>
  JSON.stringify({
    AppId: 'wx1234567890abcdef',
    AppSecret: secret,
    AccessTokenExpireTime: '2026-11-28T18:30:00.1234567+08:00',
    AccessTokenResult: { access_token: token, expires_in: 7200, errcode: 0, errmsg: null },
    Name: null,
    Key: 'wx1234567890abcdef',
    CacheTime: '2026-11-28T16:30:10.1+08:00',
    ...fields,
  });

describe('readForeignValue()', () => {
  test.each([
    ['wxjava', token, 'plain'],
    ['wxjava', quoted, 'json'],
    ['silenceper', token, 'plain'],
    ['silenceper', quoted, 'json'],
    ['wechatpy', quoted, 'json'],
    ['powerwechat', `{"access_token":${quoted},"expires_in":7200}`, 'json'],
    ['easywechat6', `s:${token.length}:"${token}";`, 'php'],
    [
      'easywechat5',
      `a:2:{s:12:"access_token";s:${token.length}:"${token}";s:10:"expires_in";i:7200;}`,
      'php',
    ],
    [
      'easywechat5',
      `a:3:{s:6:"errmsg";s:6:"成功";s:12:"access_token";s:${token.length}:"${token}";s:10:"expires_in";i:7200;}`,
      'php',
    ],
  ] as const)('reads what %s writes: %s', (layout, text, codec) => {
    expect(read(layout, text)).toEqual({ value: token, codec });
  });

  test.each([
    ['wechatpy', quoted, 'json'],
    ['powerwechat', `{"errcode":0,"errmsg":"ok","expires_in":7200,"ticket":${quoted}}`, 'json'],
    [
      'easywechat5',
      `a:4:{s:7:"errcode";i:0;s:6:"errmsg";s:2:"ok";s:6:"ticket";s:${token.length}:"${token}";s:10:"expires_in";i:7200;}`,
      'php',
    ],
  ] as const)('reads the ticket of %s', (layout, text, codec) => {
    expect(read(layout, text, 'ticket')).toEqual({ value: token, codec });
  });

  test.each([
    [` ${token}`, 'text'],
    [`${token} `, 'text'],
    [`${token}{`, 'text'],
    [`x${token}"`, 'text'],
    ['s:100:"x";', 'php'],
    [`xs:1:"${token}`, 'text'],
  ] as const)('takes %j for no credential', (text, obstacle) => {
    expect(read('wxjava', text)).toEqual({ obstacle });
  });

  test('takes sixteen characters for a credential', () => {
    expect(read('wxjava', token.slice(0, 16))).toEqual({ value: token.slice(0, 16), codec: 'plain' });
  });

  test('takes token and end out of a bag of Senparc, and nothing else', () => {
    const found = { value: token, codec: 'json', endsAtMs: Date.UTC(2026, 10, 28, 10, 30, 0, 123) };
    expect(read('senparc', senparc({}))).toEqual(found);
    expect(
      read('senparc', JSON.stringify({ Type: 'X', Object: JSON.parse(senparc({})) as unknown })),
    ).toEqual(found);
    // Without an offset nobody knows when that is.
    expect(read('senparc', senparc({ AccessTokenExpireTime: '2026-11-28T18:30:00' }))).toEqual({
      value: token,
      codec: 'json',
    });
    expect(read('senparc', senparc({ AccessTokenResult: null }))).toEqual({ obstacle: 'json' });
    const bag = { JsApiTicketExpireTime: '2026-11-28T10:30:00Z', JsApiTicketResult: { ticket: token } };
    expect(read('senparc', JSON.stringify(bag), 'ticket')).toEqual({
      value: token,
      codec: 'json',
      endsAtMs: Date.UTC(2026, 10, 28, 10, 30),
    });
  });

  const bytes = (...parts: (string | readonly number[])[]): string =>
    Buffer.concat(parts.map((part) => Buffer.from(part as string))).toString();
  test.each([
    ['redisson', 'wxjava', bytes([4, 9, 62, token.length], token)],
    ['redisson', 'wxjava', bytes([0xfc, 0x88], token)],
    ['igbinary', 'easywechat6', bytes([0, 0, 0, 2, 0x11, token.length], token)],
    ['java', 'wxjava', bytes([0xac, 0xed, 0, 5], 't', [0, token.length], token)],
    ['binary', 'silenceper', bytes([1], token)],
    ['php', 'easywechat6', `s:${token.length - 1}:"${token}";`],
    ['php', 'easywechat6', `s:${token.length}:"${token}`],
    ['php', 'easywechat5', 'a:1:{s:6:"ticket";s:1:"x";}'],
    ['php', 'easywechat6', 'i:7200;'],
    ['json', 'powerwechat', '{"expires_in":7200}'],
    ['json', 'wechatpy', '"no end'],
    ['text', 'wxjava', ''],
    ['text', 'wxjava', `${token} ${token}`],
    ['text', 'wxjava', 'x'],
    ['text', 'wxjava', token.slice(0, 15)],
    ['text', 'silenceper', `<${token}>`],
    ['json', 'wxjava', `["java.lang.String",${quoted}]`],
    ['json', 'wechatpy', '"x"'],
    ['php', 'easywechat6', 's:1:"x";'],
    ['json', 'senparc', senparc({ AccessTokenResult: { access_token: 'x' } })],
  ] as const)('names %s where %s has it', (obstacle, layout, text) => {
    expect(read(layout, text)).toEqual({ obstacle });
  });
});

test('parsePhp() counts bytes, and reads nested arrays', () => {
  expect(parsePhp('a:2:{i:0;a:1:{s:3:"中";b:1;}s:1:"d";d:1.5;}')).toEqual({
    0: { 中: true },
    d: 1.5,
  });
  expect(parsePhp('N;')).toBeNull();
  for (const text of ['s:-1:"x";', 's:9:"x";', 's:x:"x";', 'i:;', 'i:1', 'i:Infinity;', 'o:1:"x"', ''])
    expect(parsePhp(text), text).toBeUndefined();
  expect(parsePhp('s:1:"中";')).toBeUndefined();
  expect(parsePhp('N;N;')).toBeUndefined();
  expect(parsePhp('a:1:{a:0:{}N;}')).toBeUndefined();
  expect(parsePhp(`${'a:1:{i:0;'.repeat(30)}N;${'}'.repeat(30)}`)).toBeUndefined();
});

describe('parseLayout()', () => {
  test.each([
    ['layout=wxjava', { layout: 'wxjava', write: false }],
    ['layout=wxjava&prefix=shop&write=1', { layout: 'wxjava', write: true, prefix: 'shop' }],
    ['prefix=&layout=silenceper&write=0', { layout: 'silenceper', write: false, prefix: '' }],
    ['layout=senparc', { layout: 'senparc', write: false }],
  ])('reads %s', (query, choice) => {
    expect(parseLayout(query, 'WECHAT_MP_STORE')).toEqual(choice);
  });

  test.each([
    ['file:cache?layout=node-easywechat', { folder: 'cache', query: 'layout=node-easywechat' }],
    ['file:/srv/cache?layout=x', { folder: '/srv/cache', query: 'layout=x' }],
    ['file:///srv/cache', { folder: '/srv/cache', query: '' }],
    ['file:', undefined],
    ['a-file:cache', undefined],
    ['file:a?b\nc', { folder: 'a', query: 'b\nc' }],
    ['redis://h', undefined],
  ])('splitFolder() splits %s', (address, parts) => {
    expect(splitFolder(address)).toEqual(parts);
  });

  test.each([
    ['', 'layout is missing behind "?"; it says whose token is there: wxjava, easywechat6'],
    ['write=1', 'layout is missing'],
    ['layout=', 'layout must be one of wxjava, easywechat6'],
    ['layout=wxJava', 'layout must be one of'],
    ['prefix=a', 'layout is missing'],
    ['db=1', '"db" is not known behind "?"; it takes'],
    [`${'x'.repeat(41)}=1`, `"${'x'.repeat(40)}" is not known`],
    ['layout=wxjava&layout=senparc', '"layout" is there twice'],
    ['layout=wxjava&prefix=a b', 'prefix must be printable ASCII'],
    ['layout=wxjava&write=yes', 'write must be 1 or 0'],
    ['layout=easywechat6&write=1', 'easywechat6 is read only'],
    ['layout=easywechat5&write=1', 'easywechat5 is read only'],
    ['layout=senparc&write=1', 'senparc is read only'],
    ['layout=node-easywechat', 'layout must be one of'],
  ])('refuses %s', (query, reason) => {
    expect(() => parseLayout(query, 'WECHAT_MP_STORE')).toThrow(
      expect.objectContaining({
        type: 'store_invalid',
        message: expect.stringContaining(`Cannot use the store in WECHAT_MP_STORE: ${reason}`) as string,
      }) as Error,
    );
  });

  test.each([
    ['layout=easywechat6&write=1', 'Leave out write=1; only EasyWeChat 6 renews that token'],
    ['layout=senparc&write=1', 'Leave out write=1; only Senparc renews that token'],
    ['layout=wxjava&write=2', 'Leave write out to only read the token; write=1 renews it there, too'],
    [
      'prefix=a',
      'Write redis://host:6379/0?layout=wxjava; wechat-mp token --find says which layouts are there',
    ],
  ])('refuses %s with the way out', (query, hint) => {
    expect(() => parseLayout(query, 'x')).toThrow(
      expect.objectContaining({ hint: { en: hint, zh: expect.any(String) as string } }) as Error,
    );
  });

  test('a folder is told of no Redis', () => {
    expect(() => parseLayout('', 'x', ['node-easywechat'])).toThrow(
      expect.objectContaining({
        hint: { en: 'Write file:DIR?layout=node-easywechat', zh: '格式：file:目录?layout=node-easywechat' },
      }) as Error,
    );
  });
});
