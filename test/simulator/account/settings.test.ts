import { describe, expect, test } from 'vitest';
import { accountTypes, mayCall } from '../../../src/core/account/rights.ts';
import { parseSaved } from '../../../src/simulator/account/saved.ts';
import { simulate, type Simulated } from '../simulated.ts';

/** Calls of every kind, none of which does anything. */
const calls = [
  ['GET', '/cgi-bin/getcallbackip'],
  ['GET', '/cgi-bin/menu/get'],
  ['GET', '/cgi-bin/user/get'],
  ['GET', '/cgi-bin/material/get_materialcount'],
  ['POST', '/cgi-bin/message/mass/speed/get'],
  ['POST', '/cgi-bin/freepublish/batchget'],
  ['GET', '/cgi-bin/template/get_all_private_template'],
  ['POST', '/cgi-bin/qrcode/create'],
  ['GET', '/cgi-bin/customservice/getkflist'],
  ['GET', '/cgi-bin/draft/count'],
] as const;

async function codesOf(world: Simulated, headers = {}): Promise<readonly number[]> {
  const { access_token: token } = await world.stable();
  return await Promise.all(
    calls.map(([method, path]) =>
      world.errcode(method, `${path}?access_token=${token}`, method === 'POST' ? {} : undefined, headers),
    ),
  );
}

describe('the whitelist', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });

  test('is off at the start, and keeps every call out that comes from elsewhere', async () => {
    const world = simulate();
    const own = await codesOf(world);
    expect(own).not.toContain(40164);
    await world.ask('POST', '/_ctl/settings', { whitelist: ['203.0.113.7', '127.0.0.1'] });
    expect(await codesOf(world, from('203.0.113.7'))).toEqual(own);
    expect(await codesOf(world, from('::ffff:203.0.113.7'))).toEqual(own);
    expect(await codesOf(world, from('203.0.113.8'))).toEqual(calls.map(() => 40164));
  });

  test('names the address, IPv4 without its IPv6 clothes, and never wears a token out', async () => {
    const world = simulate();
    const url = await world.path('/cgi-bin/menu/create');
    await world.ask('POST', '/_ctl/settings', { whitelist: ['203.0.113.7'] });
    const { errmsg = '' } = await world.ask('POST', url, {}, from('::ffff:1.2.3.4'));
    expect(errmsg).toMatch(/^invalid ip 1\.2\.3\.4 ipv6 ::ffff:1\.2\.3\.4, not in whitelist rid: /);
    expect(await world.errcode('POST', '/cgi-bin/menu/create?access_token=x', {}, from('1.2.3.4'))).toBe(
      40014,
    );
    await world.ask('POST', '/_ctl/settings', { whitelist: null });
    expect(await world.errcode('POST', url, { button: [{ type: 'click', name: 'a', key: 'K' }] })).toBe(0);
  });

  test('of a block lets the whole block in, whatever stands behind its prefix', async () => {
    const world = simulate();
    const url = await world.path('/cgi-bin/getcallbackip');
    await world.ask('POST', '/_ctl/settings', { whitelist: ['172.0.0.1/24', '2001:db8::/32'] });
    const errcode = (address: string) => world.errcode('GET', url, undefined, from(address));
    expect([await errcode('172.0.0.255'), await errcode('172.0.1.0')]).toEqual([0, 40164]);
    expect([await errcode('2001:db8:ffff::1'), await errcode('2001:db9::')]).toEqual([0, 40164]);
  });

  test('with the scope "secret" leaves calls with a token alone, and takes stars', async () => {
    const world = simulate();
    const own = await codesOf(world);
    const { access_token: token } = await world.stable();
    const settings = { whitelist: ['10.0.*.*'], whitelist_scope: 'secret' };
    expect(await world.ask('POST', '/_ctl/settings', settings)).toMatchObject(settings);
    const asked = calls.map(([method, path]) =>
      world.errcode(method, `${path}?access_token=${token}`, method === 'POST' ? {} : undefined),
    );
    expect(await Promise.all(asked)).toEqual(own);
    const { appId, secret } = world.account;
    const query = `grant_type=client_credential&appid=${appId}&secret=${secret}`;
    const fetched = (address: string) =>
      world.errcode('GET', `/cgi-bin/token?${query}`, undefined, from(address));
    expect([await fetched('10.0.255.255'), await fetched('10.1.0.0')]).toEqual([0, 40164]);
    // What the console of an official account would not take does not become good by the way.
    const response = await world.call('POST', '/_ctl/settings', { whitelist_scope: 'all' });
    expect(response.status).toBe(400);
    expect(await world.ask('GET', '/_ctl/settings')).toMatchObject(settings);
  });

  test.each([
    ['172.0.0.*', 'only mini programs may write "*"', '只有小程序'],
    ['203.0.113.7:80', 'without a port', '不带端口'],
    ['[2001:db8::7]:443', 'without a port', '不带端口'],
    ['203.0.113.0/33', '0 to 32', '前缀长度'],
    ['example.com', 'no IP address', '不是 IP 地址'],
    ['300.0.0.1', 'no IP address', '不是 IP 地址'],
    ['', 'no IP address', '不是 IP 地址'],
  ])('refuses %j and says why', async (entry, en, zh) => {
    const { call } = simulate();
    const response = await call('POST', '/_ctl/settings', { whitelist: ['127.0.0.1', entry] });
    const { error } = (await response.json()) as { error: { message: string; message_zh: string } };
    expect(response.status).toBe(400);
    expect(error.message).toContain(`cannot have ${JSON.stringify(entry)}: `);
    expect([error.message, error.message_zh]).toEqual([
      expect.stringContaining(en),
      expect.stringContaining(zh),
    ]);
  });
});

describe('the account type', () => {
  test.each(accountTypes)('%s refuses with 48001 what the table says, and nothing else', async (type) => {
    const world = simulate();
    const own = await codesOf(world);
    await world.ask('POST', '/_ctl/settings', { account_type: type });
    expect(await codesOf(world)).toEqual(
      calls.map(([, path], index) => (mayCall(type, path) ? own[index] : 48001)),
    );
  });

  test('is verified_service at the start, and decides on quotas', async () => {
    const world = simulate();
    const ask = async (cgi_path: string) =>
      (await world.ask('POST', await world.path('/cgi-bin/openapi/quota/get'), { cgi_path })).quota;
    expect(await ask('/cgi-bin/menu/create')).toMatchObject({ daily_limit: 1000 });
    await world.ask('POST', '/_ctl/settings', { account_type: 'personal' });
    expect(await ask('/cgi-bin/menu/create')).toEqual({ daily_limit: 0, used: 0, remain: 0 });
    expect(await ask('/cgi-bin/token')).toMatchObject({ daily_limit: 2000 });
  });

  test('does not use up the quota of a call that it refuses', async () => {
    const world = simulate();
    await world.ask('POST', '/_ctl/settings', { account_type: 'unverified_service' });
    expect(await world.errcode('GET', await world.path('/cgi-bin/user/get'))).toBe(48001);
    expect(await world.ask('GET', '/_ctl/state')).toMatchObject({
      counters: { '/cgi-bin/user/get': { used: 0 } },
    });
  });

  test('has taken the place of test_account, and says so', async () => {
    const response = await simulate().call('POST', '/_ctl/settings', { test_account: true });
    const { error } = (await response.json()) as { error: { message: string } };
    expect(error.message).toContain('a test account is "account_type":"test"');
  });
});

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

describe('the name and the picture', () => {
  const throughJson = (world: Simulated) => parseSaved(JSON.parse(JSON.stringify(world.save())));
  const gif = Buffer.from('GIF89a0123456789', 'latin1');
  const dataUrl = (bytes: Buffer, type = 'image/gif'): string =>
    `data:${type};base64,${bytes.toString('base64')}`;

  test('are kept, and the picture is served as what it is', async () => {
    const { ask, call } = simulate();
    expect(await ask('GET', '/_ctl/settings')).toMatchObject({ name: '', picture: null });
    const settings = await ask('POST', '/_ctl/settings', {
      name: ' 街角咖啡 ',
      picture: dataUrl(gif, 'image/x'),
    });
    expect(settings).toMatchObject({
      name: '街角咖啡',
      picture: expect.stringMatching(/^\/_ctl\/picture\?v=/),
    });
    const response = await call('GET', String(settings['picture']));
    expect(response.headers.get('content-type')).toBe('image/gif');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(Buffer.from(await response.arrayBuffer())).toEqual(gif);
    // A test that is saved is to be read.
    expect((await ask('GET', '/_ctl/test'))['code']).toContain("simulator.settings({ name: ' 街角咖啡 ' })");
    // What was read can be written back, and another picture has another address.
    expect(await ask('POST', '/_ctl/settings', settings)).toEqual(settings);
    const other = await ask('POST', '/_ctl/settings', { picture: dataUrl(Buffer.from('GIF89a other')) });
    expect(other['picture']).not.toBe(settings['picture']);
    expect(await ask('POST', '/_ctl/settings', { name: '', picture: null })).toMatchObject({
      name: '',
      picture: null,
    });
    expect(await ask('GET', '/_ctl/picture')).toMatchObject({ error: { type: 'no_picture' } });
  });

  test('are of each account its own, and told in the list', async () => {
    const { ask, account } = simulate();
    const { appid } = await ask('POST', '/_ctl/accounts');
    await ask('POST', `/_ctl/settings?account=${String(appid)}`, { name: 'Second', picture: dataUrl(gif) });
    expect(await ask('GET', '/_ctl/accounts')).toMatchObject([
      { appid: account.appId, name: '' },
      { appid, name: 'Second' },
    ]);
    expect(await ask('GET', '/_ctl/picture')).toMatchObject({ error: { type: 'no_picture' } });
  });

  test('outlive a restart and the end of a scenario that changes them', async () => {
    const world = simulate();
    const before = await world.ask('POST', '/_ctl/settings', { name: 'Café', picture: dataUrl(gif) });
    await world.ask('POST', '/_ctl/scenario', { settings: { name: 'Other', picture: null } });
    const next = simulate({ saved: throughJson(world) });
    expect(await next.ask('GET', '/_ctl/settings')).toMatchObject({ name: 'Other', picture: null });
    await next.ask('DELETE', '/_ctl/scenario');
    const last = simulate({ saved: throughJson(next) });
    expect(await last.ask('GET', '/_ctl/settings')).toEqual(before);
    const response = await last.call('GET', String(before['picture']));
    expect(Buffer.from(await response.arrayBuffer())).toEqual(gif);
  });

  const largest = Buffer.concat([gif, Buffer.alloc(256 * 1024 - gif.length)]);

  test('have limits', async () => {
    const { ask } = simulate();
    expect(
      await ask('POST', '/_ctl/settings', { name: 'a'.repeat(60), picture: dataUrl(largest) }),
    ).toMatchObject({
      name: 'a'.repeat(60),
    });
  });

  test.each([
    ['name', 7],
    ['name', 'a'.repeat(61)],
    ['name', 'two\nlines'],
    ['picture', dataUrl(Buffer.concat([largest, Buffer.from('x')]))],
    ['picture', dataUrl(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml')],
    ['picture', dataUrl(Buffer.from('#!AMR\n1234567890'), 'image/png')],
    ['picture', dataUrl(gif, 'text/html')],
    ['picture', 'https://example.com/logo.png'],
    ['picture', '/_ctl/picture?v=00000000'],
    ['picture', ''],
  ])('refuses the %s %j', async (key, value) => {
    const response = await simulate().call('POST', '/_ctl/settings', { [key]: value });
    const { error } = (await response.json()) as { error: { type: string; message: string } };
    expect(response.status).toBe(400);
    expect(error.type).toBe('invalid_settings');
    expect(error.message).toMatch(new RegExp(`^"${key}" must be `));
  });
});
