import { describe, expect, test } from 'vitest';
import { simulate } from '../simulated.ts';

const path = '/cgi-bin/menu/get';

describe('DELETE /_ctl/scenario', () => {
  test('gives back settings, quotas, server and faults, and keeps what is not of the scenario', async () => {
    const { ask } = simulate();
    await ask('POST', '/_ctl/settings', { quotas: { '/cgi-bin/menu/get': 5 }, whitelist: ['127.0.0.1'] });
    await ask('POST', '/_ctl/callback', { url: 'http://127.0.0.1:3000/', check: false });
    await ask('POST', '/_ctl/faults', { path, errcode: -1 });
    const before = await ask('GET', '/_ctl/state');
    await ask('POST', '/_ctl/scenario', { name: 'quota-used-up' });
    await ask('POST', '/_ctl/scenario', { name: 'callback-down' });
    await ask('POST', '/_ctl/scenario', { settings: { whitelist: [] }, faults: [{ path, drop: true }] });
    expect(await ask('GET', '/_ctl/state')).toMatchObject({
      scenario: ['quota-used-up', 'callback-down', 'custom'],
      settings: { whitelist: [], quotas: { '/cgi-bin/menu/get': 0 } },
      callback: { url: 'http://127.0.0.1:9/wechat' },
    });
    const after = await ask('DELETE', '/_ctl/scenario');
    for (const part of ['settings', 'callback', 'faults'] as const) expect(after[part]).toEqual(before[part]);
    expect(after['scenario']).toEqual([]);
  });

  test('a scenario of nothing but faults is over with the last of them', async () => {
    const { ask, call } = simulate();
    await ask('POST', '/_ctl/scenario', { faults: [{ path, errcode: -1, times: 2 }] });
    await call('GET', path);
    expect((await ask('GET', '/_ctl/state'))['scenario']).toEqual(['custom']);
    await call('GET', path);
    expect((await ask('GET', '/_ctl/state'))['scenario']).toEqual([]);
  });

  test('the one of the start is on again after a reset', async () => {
    const { ask } = simulate();
    await ask('POST', '/_ctl/scenario', { name: 'ip-not-allowed' });
    await ask('POST', '/_ctl/reset');
    expect((await ask('GET', '/_ctl/state'))['scenario']).toEqual([]);
  });
});

describe('DELETE /_ctl/clock', () => {
  test('goes back to real time', async () => {
    const { ask } = simulate();
    const { now } = await ask('GET', '/_ctl/clock');
    await ask('POST', '/_ctl/clock', { advance: '2h' });
    expect(await ask('DELETE', '/_ctl/clock')).toEqual({ now, offset_ms: 0 });
  });
});

describe('DELETE /_ctl/faults/:id', () => {
  test('takes one away, and nothing where it is gone', async () => {
    const { ask } = simulate();
    const { id } = await ask('POST', '/_ctl/faults', { path, errcode: -1 });
    const other = await ask('POST', '/_ctl/faults', { path, drop: true });
    expect(await ask('DELETE', `/_ctl/faults/${String(id)}`)).toEqual([other]);
    expect(await ask('DELETE', `/_ctl/faults/${String(id)}`)).toEqual([other]);
  });
});

describe('DELETE /_ctl/requests and /_ctl/pushes', () => {
  test('empty the logs and leave everything else', async () => {
    const { ask, call } = simulate();
    await ask('POST', '/_ctl/followers', { openid: 'oA', subscribed: false });
    await ask('POST', '/_ctl/phone/oA/follow', {});
    await call('GET', '/cgi-bin/menu/get');
    const { counters } = await ask('GET', '/_ctl/state');
    expect(await ask('DELETE', '/_ctl/requests')).toEqual([]);
    expect(await ask('DELETE', '/_ctl/pushes')).toEqual([]);
    expect(await ask('GET', '/_ctl/state')).toMatchObject({ requests: 0, pushes: 0, counters });
    expect(await ask('GET', '/_ctl/followers')).toMatchObject([{ openid: 'oA', subscribed: true }]);
    // Numbers go on: a link to an old one must not lead to another.
    await call('GET', '/cgi-bin/menu/get');
    expect(await ask('GET', '/_ctl/requests')).toMatchObject([{ id: 2 }]);
  });
});
