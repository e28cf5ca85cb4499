import { describe, expect, test } from 'vitest';
import { judgeCallbackAddress } from '../../../src/core/callback/address.ts';

describe('judgeCallbackAddress()', () => {
  test.each([
    'http://mp.example.com/wechat',
    'https://mp.example.com/wechat?shop=7',
    'https://mp.example.com:443/',
    'http://mp.example.com:80/',
    'https://mp.example.com:80/',
    'http://203.0.113.7/',
    'http://172.15.0.1/',
    'http://172.32.0.1/',
    'http://11.0.0.1/',
    'http://100.63.0.1/',
    'http://100.128.0.1/',
    'https://10.example.com/',
    'http://100.64.0.1.example.com/',
    'https://[2001:db8::1]/',
  ])('takes %s', (url) => {
    expect(judgeCallbackAddress(url)).toEqual({ kind: 'public' });
  });

  test.each([
    'http://localhost:3000/wechat',
    'http://127.0.0.1/',
    'http://[::1]:8080/',
    'http://10.0.0.1/',
    'http://192.168.1.20:8080/',
    'http://172.16.0.1/',
    'http://172.31.255.1/',
    'http://169.254.1.1/',
    'http://100.64.0.1/',
    'http://100.127.0.1/',
    'http://100.99.10.200/',
    'http://100.110.0.1/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://printer.local/',
    'http://intranet/',
    'http://0.0.0.0/',
    'http://shop.example/',
  ])('says of %s that only this network reaches it', (url) => {
    expect(judgeCallbackAddress(url).kind).toBe('local');
  });

  test.each(['http://mp.example.com:8080/', 'https://mp.example.com:8443/'])(
    'refuses the port of %s',
    (url) => {
      expect(judgeCallbackAddress(url)).toMatchObject({
        kind: 'refused',
        text: { en: expect.stringContaining('80 (http)') },
      });
    },
  );
});
