import { describe, expect, test } from 'vitest';
import { simulate } from '../../simulated.ts';

const token = '/cgi-bin/token';
const stable = '/cgi-bin/stable_token';
/** A call that needs a good access token and changes nothing. */
const business = '/cgi-bin/menu/get';
/** No menu yet: the token was good. */
const good = 46003;

describe('GET /cgi-bin/token', () => {
  test('answers a SIM_ token of 136 characters for 7200 seconds, without an errcode', async () => {
    const { classic } = simulate();
    expect(await classic()).toEqual({
      access_token: expect.stringMatching(/^SIM_[A-Za-z0-9_-]{132}$/),
      expires_in: 7200,
    });
  });

  test('makes a new token each time', async () => {
    const { classic } = simulate();
    expect((await classic()).access_token).not.toBe((await classic()).access_token);
  });

  test('lets the old token live five more minutes, and not a millisecond longer', async () => {
    const { classic, errcode, advance } = simulate();
    const { access_token: old } = await classic();
    const { access_token: latest } = await classic();
    await advance('299999ms');
    expect(await errcode('GET', `${business}?access_token=${old}`)).toBe(good);
    await advance('1ms');
    expect(await errcode('GET', `${business}?access_token=${old}`)).toBe(40001);
    expect(await errcode('GET', `${business}?access_token=${latest}`)).toBe(good);
  });

  test('does not lengthen the life of an old token that would have ended earlier', async () => {
    const { classic, errcode, advance } = simulate();
    const { access_token: old } = await classic();
    await advance('7100s');
    await classic();
    await advance('99999ms');
    expect(await errcode('GET', `${business}?access_token=${old}`)).toBe(good);
    await advance('1ms');
    expect(await errcode('GET', `${business}?access_token=${old}`)).toBe(42001);
  });

  test('gives 2000 tokens on a Beijing day and refuses the next with 45009', async () => {
    const { classic, advance } = simulate();
    for (let call = 1; call < 2000; call += 1) await classic();
    expect((await classic()).errcode).toBeUndefined();
    expect((await classic()).errcode).toBe(45009);
    // The clock stands at noon; midnight is twelve hours away.
    await advance('43199999ms');
    expect((await classic()).errcode).toBe(45009);
    await advance('1ms');
    expect((await classic()).errcode).toBeUndefined();
  });

  test('gives a test account 200 tokens a day', async () => {
    const { classic, ask } = simulate();
    await ask('POST', '/_ctl/settings', { account_type: 'test' });
    for (let call = 1; call < 200; call += 1) await classic();
    expect((await classic()).errcode).toBeUndefined();
    expect((await classic()).errcode).toBe(45009);
  });

  test('refuses POST with 43001', async () => {
    expect(await simulate().errcode('POST', token)).toBe(43001);
  });
});

describe('authentication of the token endpoints', () => {
  test('checks AppID, grant type, secret, address and frozen secret in this order', async () => {
    const { account, ask, errcode } = simulate();
    const { appId, secret } = account;
    await ask('POST', '/_ctl/settings', { whitelist: [], secret_frozen: true });
    const classic = (query: Record<string, string>): Promise<number> =>
      errcode('GET', `${token}?${new URLSearchParams(query)}`);
    expect(await classic({})).toBe(41002);
    expect(await classic({ appid: 'wx0000000000000000' })).toBe(40013);
    expect(await classic({ appid: appId })).toBe(40002);
    expect(await classic({ appid: appId, grant_type: 'authorization_code' })).toBe(40002);
    expect(await classic({ appid: appId, grant_type: 'client_credential' })).toBe(41004);
    const wrong = { appid: appId, grant_type: 'client_credential', secret: secret.toUpperCase() };
    expect(await classic(wrong)).toBe(40125);
    expect(await classic({ ...wrong, secret })).toBe(40164);
    await ask('POST', '/_ctl/settings', { whitelist: ['127.0.0.1'] });
    expect(await classic({ ...wrong, secret })).toBe(40243);
    await ask('POST', '/_ctl/settings', { secret_frozen: false });
    expect(await classic({ ...wrong, secret })).toBe(0);
  });

  test('is the same for stable_token', async () => {
    const { account, ask, errcode } = simulate();
    const { appId: appid, secret } = account;
    await ask('POST', '/_ctl/settings', { whitelist: [], secret_frozen: true });
    const grant_type = 'client_credential';
    expect(await errcode('POST', stable, {})).toBe(41002);
    expect(await errcode('POST', stable, { appid: 12 })).toBe(40013);
    expect(await errcode('POST', stable, { appid })).toBe(40002);
    expect(await errcode('POST', stable, { appid, grant_type })).toBe(41004);
    expect(await errcode('POST', stable, { appid, grant_type, secret: 'x' })).toBe(40125);
    expect(await errcode('POST', stable, { appid, grant_type, secret })).toBe(40164);
    await ask('POST', '/_ctl/settings', { whitelist: null });
    expect(await errcode('POST', stable, { appid, grant_type, secret })).toBe(40243);
  });

  test('names the address in 40164 as the platform does', async () => {
    const { account, ask } = simulate();
    await ask('POST', '/_ctl/settings', { whitelist: ['127.0.0.1'] });
    const path = `${token}?grant_type=client_credential&appid=${account.appId}&secret=${account.secret}`;
    expect((await ask('GET', path)).errcode).toBeUndefined();
    expect((await ask('GET', path, undefined, { 'x-forwarded-for': '1.2.3.4, 10.0.0.1' })).errmsg).toMatch(
      /^invalid ip 1\.2\.3\.4 ipv6 ::ffff:1\.2\.3\.4, not in whitelist rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/,
    );
    expect((await ask('GET', path, undefined, { 'x-forwarded-for': '2001:db8::7' })).errmsg).toMatch(
      /^invalid ip 2001:db8::7 ipv6 2001:db8::7, not in whitelist rid: /,
    );
  });

  test('writes the rid with the time of the simulated clock in hex', async () => {
    const { ask, advance } = simulate();
    expect((await ask('GET', token)).errmsg).toMatch(/^appid missing rid: 69686640-[0-9a-f]{8}-[0-9a-f]{8}$/);
    await advance('16s');
    expect((await ask('GET', token)).errmsg).toMatch(/^appid missing rid: 69686650-[0-9a-f]{8}-[0-9a-f]{8}$/);
  });
});

describe('POST /cgi-bin/stable_token', () => {
  test('returns the same token with the seconds left while it lives', async () => {
    const { stable: ask, advance } = simulate();
    const first = await ask();
    expect(first.expires_in).toBe(7200);
    await advance('100500ms');
    expect(await ask()).toEqual({ access_token: first.access_token, expires_in: 7099 });
    expect(await ask(false)).toEqual({ access_token: first.access_token, expires_in: 7099 });
  });

  test('renews five minutes before the end, never earlier, and both tokens work meanwhile', async () => {
    const { stable: ask, errcode, advance } = simulate();
    const { access_token: old } = await ask();
    await advance('6899999ms');
    expect(await ask()).toEqual({ access_token: old, expires_in: 300 });
    await advance('1ms');
    const renewed = await ask();
    expect(renewed).toEqual({ access_token: expect.not.stringMatching(`^${old}$`), expires_in: 7200 });
    await advance('299999ms');
    expect(await errcode('GET', `${business}?access_token=${old}`)).toBe(good);
    await advance('1ms');
    expect(await errcode('GET', `${business}?access_token=${old}`)).toBe(42001);
    expect(await errcode('GET', `${business}?access_token=${renewed.access_token}`)).toBe(good);
  });

  test('kills the previous token at once when forced', async () => {
    const { stable: ask, errcode } = simulate();
    const { access_token: leaked } = await ask();
    const { access_token: forced, expires_in: life } = await ask(true);
    expect(forced).not.toBe(leaked);
    expect(life).toBe(7200);
    expect(await errcode('GET', `${business}?access_token=${leaked}`)).toBe(40001);
    expect(await errcode('GET', `${business}?access_token=${forced}`)).toBe(good);
  });

  test('kills the token before the previous one, too, when forced during the overlap', async () => {
    const { stable: ask, errcode, advance } = simulate();
    const { access_token: first } = await ask();
    await advance('6900s');
    await ask();
    expect(await errcode('GET', `${business}?access_token=${first}`)).toBe(good);
    await ask(true);
    expect(await errcode('GET', `${business}?access_token=${first}`)).toBe(40001);
  });

  test('does not refresh when forced again within 30 seconds', async () => {
    const { stable: ask, advance } = simulate();
    const { access_token: first } = await ask(true);
    await advance('29999ms');
    expect(await ask(true)).toEqual({ access_token: first, expires_in: 7170 });
    await advance('1ms');
    expect((await ask(true)).access_token).not.toBe(first);
  });

  test('refuses the 21st forced refresh of a Beijing day with 45009', async () => {
    const { stable: ask, advance } = simulate();
    for (let call = 1; call < 20; call += 1) {
      await ask(true);
      // Too early: it neither refreshes nor counts.
      await ask(true);
      await advance('30s');
    }
    expect((await ask(true)).errcode).toBeUndefined();
    await advance('30s');
    expect((await ask(true)).errcode).toBe(45009);
    expect((await ask()).errcode).toBeUndefined();
    await advance('12h');
    expect((await ask(true)).errcode).toBeUndefined();
  });

  test('and the classic endpoint do not disturb each other', async () => {
    const { stable: ask, classic, errcode, advance } = simulate();
    const { access_token: stableToken } = await ask();
    const { access_token: classicToken } = await classic();
    await classic();
    await ask(true);
    await advance('30s');
    expect(await errcode('GET', `${business}?access_token=${classicToken}`)).toBe(good);
    const { access_token: forced } = await ask(true);
    await classic();
    await advance('300s');
    expect(await errcode('GET', `${business}?access_token=${forced}`)).toBe(good);
    expect(await errcode('GET', `${business}?access_token=${stableToken}`)).toBe(40001);
    expect(await errcode('GET', `${business}?access_token=${classicToken}`)).toBe(40001);
  });

  test('refuses GET, an empty body and anything but a JSON object', async () => {
    const { errcode } = simulate();
    expect(await errcode('GET', stable)).toBe(43002);
    expect(await errcode('POST', stable)).toBe(44002);
    expect(await errcode('POST', stable, 'appid=wx')).toBe(47001);
    expect(await errcode('POST', stable, '[]')).toBe(47001);
    expect(await errcode('POST', stable, '\u{FEFF}{}')).toBe(47001);
    expect(await errcode('POST', stable, new Uint8Array([0x7b, 0xff, 0x7d]))).toBe(65318);
  });

  test('refuses force_refresh in quotes instead of taking it for false', async () => {
    const { account, errcode } = simulate();
    const body = { grant_type: 'client_credential', appid: account.appId, secret: account.secret };
    expect(await errcode('POST', stable, { ...body, force_refresh: 'true' })).toBe(47001);
    expect(await errcode('POST', stable, { ...body, force_refresh: true })).toBe(0);
  });
});

describe('the access token of a business call', () => {
  test('is missing, malformed, unknown, expired or good', async () => {
    const { stable: ask, errcode, advance } = simulate();
    const { access_token: issued } = await ask();
    expect(await errcode('GET', business)).toBe(41001);
    expect(await errcode('GET', `${business}?access_token=`)).toBe(41001);
    expect(await errcode('GET', `${business}?access_token=50_Im7`)).toBe(40014);
    expect(await errcode('GET', `${business}?access_token=SIM_${'a'.repeat(115)}`)).toBe(40014);
    expect(await errcode('GET', `${business}?access_token=SIM_${'a'.repeat(116)}`)).toBe(40001);
    await advance('7199999ms');
    expect(await errcode('GET', `${business}?access_token=${issued}`)).toBe(good);
    await advance('1ms');
    expect(await errcode('GET', `${business}?access_token=${issued}`)).toBe(42001);
  });

  test('does not work in a header or in the body', async () => {
    const { stable: ask, errcode } = simulate();
    const { access_token: issued } = await ask();
    const headers = { authorization: `Bearer ${issued}` };
    expect(await errcode('POST', '/cgi-bin/qrcode/create', { access_token: issued }, headers)).toBe(41001);
  });
});
