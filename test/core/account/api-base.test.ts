import { describe, expect, test } from 'vitest';
import { isPrivateHost } from '../../../src/core/account/api-base.ts';

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
  ])('isPrivateHost() is false for %s', (address) => {
    expect(isPrivateHost(hostOf(address))).toBe(false);
  });
});
