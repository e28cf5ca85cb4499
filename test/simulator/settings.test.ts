import { describe, expect, test } from 'vitest';
import { simulate } from './simulated.ts';

describe('POST /_ctl/settings', () => {
  test('limits the daily calls of a path until null takes the limit away', async () => {
    const { ask, errcode, path } = simulate();
    const url = await path('/cgi-bin/menu/get');
    const limits = { '/cgi-bin/menu/get': 2, '/cgi-bin/qrcode/create': 0 };
    expect(await ask('POST', '/_ctl/settings', { quotas: limits })).toMatchObject({ quotas: limits });
    expect([await errcode('GET', url), await errcode('GET', url)]).toEqual([46003, 46003]);
    expect(await errcode('GET', url)).toBe(45009);
    expect(await errcode('POST', await path('/cgi-bin/qrcode/create'), {})).toBe(45009);
    expect(await ask('GET', '/_ctl/state')).toMatchObject({
      counters: { '/cgi-bin/menu/get': { used: 2, limit: 2 } },
    });
    expect(await ask('POST', '/_ctl/settings', { quotas: { '/cgi-bin/menu/get': null } })).toMatchObject({
      quotas: { '/cgi-bin/qrcode/create': 0 },
    });
    expect(await errcode('GET', url)).toBe(46003);
  });
});
