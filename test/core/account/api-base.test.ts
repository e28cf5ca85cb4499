import { describe, expect, test } from 'vitest';
import {
  baseOfHost,
  defaultApiBase,
  isLoopbackBase,
  isLoopbackHost,
  isPrivateHost,
  isWeixinHost,
  parseApiBase,
} from '../../../src/core/account/api-base.ts';

const hostOf = (address: string): string => new URL(address).hostname;

describe('isPrivateHost()', () => {
  test.each([
    'http://localhost/',
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://0.0.0.0/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://169.254.1.1/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://intranet/',
    'http://mac.local/',
    'http://mac.local./',
    'http://[::]/',
    'http://172.20.0.1/',
  ])('isPrivateHost() is true for %s', (address) => {
    expect(isPrivateHost(hostOf(address))).toBe(true);
  });

  test.each([
    'http://172.15.0.1/',
    'http://172.32.0.1/',
    'http://192.169.0.1/',
    'http://11.0.0.1/',
    'http://[2001:db8::1]/',
    'http://a.cn/',
    'http://10.example.com/',
    'http://local.cn/',
    'http://mac.local.cn/',
    'http://1.10.0.0/',
    'http://10.0.0.1.a.cn/',
    'http://[2001:fd00::1]/',
  ])('isPrivateHost() is false for %s', (address) => {
    expect(isPrivateHost(hostOf(address))).toBe(false);
  });
});

test.each([
  ['localhost', true],
  ['::1', true],
  ['[::1]', true],
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['127.0.0.1.a.cn', false],
  ['1.127.0.0.1', false],
  ['128.0.0.1', false],
  ['localhost.a.cn', false],
])('isLoopbackHost() says of %s: %s', (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected);
});

test.each([
  ['api.weixin.qq.com', true],
  ['sh.api.weixin.qq.com', true],
  ['fakeweixin.qq.com', false],
  ['api.weixin.qq.com.a.cn', false],
])('isWeixinHost() says of %s: %s', (host, expected) => {
  expect(isWeixinHost(host)).toBe(expected);
});

test('isLoopbackBase() and baseOfHost() tell the platform from a simulator', () => {
  const bases = [defaultApiBase, 'https://sh.api.weixin.qq.com', 'http://127.0.0.1:8090/a'];
  expect(bases.map(isLoopbackBase)).toEqual([false, false, true]);
  expect(bases.map((base) => baseOfHost(base, 'mp.weixin.qq.com'))).toEqual([
    'https://mp.weixin.qq.com',
    'https://sh.api.weixin.qq.com',
    'http://127.0.0.1:8090/a',
  ]);
});

describe('parseApiBase()', () => {
  test.each([
    [defaultApiBase, defaultApiBase],
    [`${defaultApiBase}/`, defaultApiBase],
    ['https://a.cn/b/c//', 'https://a.cn/b/c'],
    ['http://localhost:8090', 'http://localhost:8090'],
    ['HTTP://127.0.0.1:80', 'http://127.0.0.1'],
    ['http://[::1]:8090/', 'http://[::1]:8090'],
  ])('parseApiBase() takes %s as %s', (text, base) => {
    expect(parseApiBase(text, '--api-base')).toBe(base);
  });

  test.each([
    ['a.cn', 'it is not a URL'],
    ['ftp://127.0.0.1', 'the scheme ftp: is not http or https'],
    ['http://a.cn', 'plain http would show the AppSecret to the network, so it is for this machine only'],
    [
      'http://127.0.0.1.a.cn',
      'plain http would show the AppSecret to the network, so it is for this machine only',
    ],
    ['https://me@a.cn', 'it holds a user name or password'],
    ['https://:x@a.cn', 'it holds a user name or password'],
    ['https://a.cn/?a', 'it has a query or a fragment'],
    ['https://a.cn/#a', 'it has a query or a fragment'],
  ])('parseApiBase() refuses %s: %s', (text, reason) => {
    expect(() => parseApiBase(text, '--api-base')).toThrow(
      expect.objectContaining({
        type: 'api_base_invalid',
        text: expect.objectContaining({
          en: `Cannot use the API base from --api-base: ${reason}`,
        }) as unknown,
      }),
    );
  });
});
