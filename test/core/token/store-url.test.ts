import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../src/core/errors.ts';
import { parseStoreUrl } from '../../../src/core/token/store-url.ts';

const read = (text: string) => parseStoreUrl(text, 'WECHAT_MP_STORE');
const one = (host: string, port: number) => [{ host, port }];

describe('parseStoreUrl()', () => {
  test('"file" is the cache of this machine', () => {
    expect(read('file')).toBeUndefined();
  });

  test.each([
    ['redis://h', { nodes: one('h', 6379), tls: false, database: 0, shown: 'redis://h' }],
    ['redis://h/', { nodes: one('h', 6379), tls: false, database: 0, shown: 'redis://h/' }],
    ['rediss://h:1/2', { nodes: one('h', 1), tls: true, database: 2, shown: 'rediss://h:1/2' }],
    [
      'redis://[::1]:65535',
      { nodes: one('::1', 65_535), tls: false, database: 0, shown: 'redis://[::1]:65535' },
    ],
    [
      'redis://:p%40ss@h',
      { nodes: one('h', 6379), tls: false, database: 0, shown: 'redis://h', password: 'p@ss' },
    ],
    [
      'redis://pass@h',
      { nodes: one('h', 6379), tls: false, database: 0, shown: 'redis://h', password: 'pass' },
    ],
    [
      'redis://u:100%@h/1',
      {
        nodes: one('h', 6379),
        tls: false,
        database: 1,
        shown: 'redis://h/1',
        username: 'u',
        password: '100%',
      },
    ],
    [
      'redis://h/1?layout=wxjava&write=1',
      {
        nodes: one('h', 6379),
        tls: false,
        database: 1,
        shown: 'redis://h/1',
        query: 'layout=wxjava&write=1',
      },
    ],
    [
      'redis+sentinel://:p@a,b:1/mymaster/3',
      {
        nodes: [...one('a', 26_379), ...one('b', 1)],
        tls: false,
        database: 3,
        sentinelName: 'mymaster',
        password: 'p',
        shown: 'redis+sentinel://a,b:1/mymaster/3',
      },
    ],
  ])('reads %s', (text, address) => {
    expect(read(text)).toEqual(address);
  });

  test.each([
    ['http://h', 'begin with redis://'],
    ['redis://', 'begin with redis://'],
    ['redis://h#0', 'begin with redis://'],
    ['redis://:geheim@h:0', 'host or port'],
    ['redis://:geheim@h:65536', 'host or port'],
    ['redis://h,,i', 'host or port'],
    ['redis://:geheim@h/x', 'must be a number'],
    ['redis://h/1/2', 'must be a number'],
    ['redis://a,b', 'several hosts are sentinels'],
    ['redis+sentinel://h', 'name that the sentinels know'],
    ['redis+sentinel://:geheim@h//0', 'name that the sentinels know'],
  ])('refuses %s with the reason and without a password', (text, reason) => {
    let error: unknown;
    try {
      read(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(WechatMpError);
    const { family, type, message } = error as WechatMpError;
    expect({ family, type }).toEqual({ family: 'input', type: 'store_invalid' });
    expect(message).toContain(reason);
    expect(message).toContain('WECHAT_MP_STORE');
    expect(message).not.toContain('geheim');
  });
});
