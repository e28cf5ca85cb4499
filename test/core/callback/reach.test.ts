import { describe, expect, test } from 'vitest';
import { judgeReach } from '../../../src/core/callback/reach.ts';

const ping = (from: string, loss: string, time = '23.079ms') => ({ ip: '203.0.113.7', from, loss, time });

describe('judgeReach()', () => {
  test('fails where the host has no address', () => {
    expect(judgeReach({ addresses: [], pings: [ping('CAP', '100%')] })).toEqual({
      status: 'fail',
      text: {
        en: 'WeChat cannot resolve the host of the URL in the console',
        zh: '微信无法解析后台所填 URL 的域名',
      },
      hint: { en: 'Check the DNS records of the host', zh: '请检查域名的 DNS 记录' },
    });
  });

  test('warns where every ping is lost', () => {
    const pings = [ping('CAP', '100%'), ping('UNICOM', '100%')];
    expect(judgeReach({ addresses: ['203.0.113.7', '203.0.113.8'], pings })).toMatchObject({
      status: 'warn',
      text: {
        en: 'WeChat resolves the host in the console to 203.0.113.7, 203.0.113.8, but no ping comes back',
        zh: '微信将后台所填域名解析为 203.0.113.7, 203.0.113.8，但 ping 不通',
      },
      hint: { en: 'If pings are not blocked on purpose, check firewall and security group' },
    });
  });

  test('passes where one ping comes back, with the times', () => {
    const pings = [ping('CAP', '100%', '0ms'), ping('UNICOM', '0%')];
    expect(judgeReach({ addresses: ['203.0.113.7'], pings })).toEqual({
      status: 'pass',
      text: {
        en: 'WeChat reaches the host in the console: 203.0.113.7 (CAP 0ms, UNICOM 23.079ms)',
        zh: '微信可以访问后台所填的主机：203.0.113.7（CAP 0ms, UNICOM 23.079ms）',
      },
    });
  });

  test('passes without times where no ping was tried', () => {
    expect(judgeReach({ addresses: ['203.0.113.7'], pings: [] }).text).toEqual({
      en: 'WeChat reaches the host in the console: 203.0.113.7',
      zh: '微信可以访问后台所填的主机：203.0.113.7',
    });
  });
});
