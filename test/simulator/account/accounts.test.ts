import { describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../../src/io/ports.ts';
import { parseNewAccount } from '../../../src/simulator/account/new-account.ts';
import { parseFault } from '../../../src/simulator/server/faults/fault.ts';
import { createFaults } from '../../../src/simulator/server/faults/faults.ts';
import { createFollowers } from '../../../src/simulator/nouns/user/state.ts';
import { simulate, startMs, type JsonAnswer, type Simulated } from '../simulated.ts';

const given = {
  appid: 'wxbbbbbbbbbbbbbbbb',
  secret: 'b'.repeat(32),
  callback_token: 'TokenB',
  aes_key: 'B'.repeat(42) + 'A',
  original_id: 'gh_bbbbbbbbbbbb',
};
const query = `?account=${given.appid}`;
const permanent = { action_name: 'QR_LIMIT_SCENE', action_info: { scene: { scene_id: 5 } } };

interface Two extends Simulated {
  /** A stable token of the second account. */
  readonly tokenB: string;
  readonly tokenA: string;
}

/** A simulator with the account above as its second one. */
async function two(options: Parameters<typeof simulate>[0] = {}): Promise<Two> {
  const simulated = simulate({ accounts: [parseNewAccount(given)], ...options });
  const { access_token: tokenA = '' } = await simulated.stable();
  const { access_token: tokenB = '' } = await simulated.ask('POST', '/cgi-bin/stable_token', {
    grant_type: 'client_credential',
    appid: given.appid,
    secret: given.secret,
  });
  return { ...simulated, tokenA, tokenB };
}

describe('a call of the API side', () => {
  test('gets a token of the account whose AppID it has', async () => {
    const { ask, tokenA, tokenB } = await two();
    expect([tokenA, tokenB]).toEqual([expect.stringMatching(/^SIM_/), expect.stringMatching(/^SIM_/)]);
    expect(tokenA).not.toBe(tokenB);
    const { appid, secret } = given;
    const classic = `/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=${secret}`;
    expect(await ask('GET', classic)).toMatchObject({ expires_in: 7200 });
    expect(await ask('GET', `/_ctl/state${query}`)).toMatchObject({
      counters: { '/cgi-bin/token': { used: 1 }, '/cgi-bin/stable_token': { used: 1 } },
    });
    expect(await ask('GET', '/_ctl/state')).toMatchObject({
      counters: { '/cgi-bin/token': { used: 0 }, '/cgi-bin/stable_token': { used: 1 } },
    });
  });

  test('with the AppID of one and the secret of another is refused with 40125', async () => {
    const { errcode, account } = await two();
    for (const [appid, secret] of [
      [given.appid, account.secret],
      [account.appId, given.secret],
    ]) {
      const path = `/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=${secret}`;
      expect(await errcode('GET', path)).toBe(40125);
    }
  });

  test('sees and changes what is the token’s account’s, and nothing else', async () => {
    const { ask, tokenA, tokenB } = await two();
    const menu = (token: string) => `/cgi-bin/menu/get?access_token=${token}`;
    const button = [{ type: 'click', name: 'b', key: 'B' }];
    await ask('POST', `/cgi-bin/menu/create?access_token=${tokenB}`, { button });
    expect(await ask('GET', menu(tokenA))).toMatchObject({ errcode: 46003 });
    expect(await ask('GET', menu(tokenB))).toMatchObject({ menu: { button: [{ key: 'B' }] } });
    await ask('POST', `/_ctl/followers${query}`, { openid: 'oB' });
    const info = (token: string) => `/cgi-bin/user/info?access_token=${token}&openid=oB`;
    expect(await ask('GET', info(tokenA))).toMatchObject({ errcode: 40003 });
    expect(await ask('GET', info(tokenB))).toMatchObject({ subscribe: 1 });
  });

  test("with an AppID beside its token belongs to the token's account", async () => {
    const { errcode, account, tokenA, tokenB } = await two();
    const clear = (token: string, appid: string) =>
      errcode('POST', `/cgi-bin/clear_quota?access_token=${token}`, { appid });
    expect(await clear(tokenA, given.appid)).toBe(40013);
    expect(await clear(tokenB, account.appId)).toBe(40013);
    expect([await clear(tokenA, account.appId), await clear(tokenB, given.appid)]).toEqual([0, 0]);
  });

  test('with a token is the token’s, whatever AppID stands beside it', async () => {
    const { ask, account, tokenA, tokenB } = await two();
    const button = [{ type: 'click', name: 'b', key: 'B' }];
    await ask('POST', `/cgi-bin/menu/create?appid=${account.appId}&access_token=${tokenB}`, { button });
    const get = (appid: string, token: string) =>
      ask('GET', `/cgi-bin/menu/get?appid=${appid}&access_token=${token}`);
    expect(await get(account.appId, tokenB)).toMatchObject({ menu: { button: [{ key: 'B' }] } });
    expect(await get(given.appid, tokenA)).toMatchObject({ errcode: 46003 });
  });

  test('about the rid of another account is refused with 76003, about nobody’s with 76001', async () => {
    const { ask, tokenA, tokenB } = await two();
    const { errmsg } = await ask('GET', `/cgi-bin/menu/get?access_token=${tokenB}`);
    const rid = errmsg?.split(' rid: ')[1];
    const get = (token: string, wanted: unknown) =>
      ask('POST', `/cgi-bin/openapi/rid/get?access_token=${token}`, { rid: wanted });
    expect(await get(tokenB, rid)).toMatchObject({ errcode: 0 });
    expect(await get(tokenA, rid)).toMatchObject({ errcode: 76003 });
    expect(await get(tokenA, '61725984-6126f6f9-040f19c4')).toMatchObject({ errcode: 76001 });
  });

  test('with nothing but a ticket is led to the account that made the code', async () => {
    const { ask, call, tokenB } = await two();
    const { ticket = '' } = await ask('POST', `/cgi-bin/qrcode/create?access_token=${tokenB}`, permanent);
    const picture = (value: string) => call('GET', `/cgi-bin/showqrcode?ticket=${encodeURIComponent(value)}`);
    expect([(await picture(ticket)).status, (await picture(`${ticket}x`)).status]).toEqual([200, 404]);
    expect(await ask('GET', `/_ctl/requests${query}`)).toMatchObject([
      { path: '/cgi-bin/stable_token' },
      { path: '/cgi-bin/qrcode/create' },
      { path: '/cgi-bin/showqrcode', status: 200 },
    ]);
  });

  test.each([
    ['a token that nobody has given out', 'SIM_' + 'x'.repeat(132), 40001],
    ['no token', '', 41001],
    ['a text that is no token', 'nonsense', 40014],
  ])('with %s is refused by the first', async (_what, token, code) => {
    const { errcode, ask } = await two();
    expect(await errcode('GET', `/cgi-bin/menu/get?access_token=${token}`)).toBe(code);
    expect(await ask('GET', '/_ctl/requests')).toHaveLength(2);
    expect(await ask('GET', `/_ctl/requests${query}`)).toHaveLength(1);
  });

  test('with an AppID that nobody has is refused with 40013', async () => {
    const { errcode } = await two();
    const path = '/cgi-bin/token?grant_type=client_credential&appid=wx0000000000000000&secret=x';
    expect(await errcode('GET', path)).toBe(40013);
  });
});

describe('/_ctl with several accounts', () => {
  test('is of the first without ?account=, and says 404 to an AppID that nobody has', async () => {
    const { ask, call, account } = await two();
    expect(await ask('GET', '/_ctl/health')).toMatchObject({ appid: account.appId });
    expect(await ask('GET', `/_ctl/health${query}`)).toMatchObject({ appid: given.appid });
    const unknown = await call('GET', '/_ctl/health?account=wx0');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error: { type: 'unknown_account' } });
    const foreign = await call('GET', '/_ctl/health?account=wx0', undefined, { host: 'example.com' });
    expect(await foreign.json()).toMatchObject({ error: { type: 'foreign_origin' } });
  });

  test('keeps faults, settings, people and server of each account apart', async () => {
    const { ask, errcode, tokenA, tokenB } = await two();
    await ask('POST', `/_ctl/faults${query}`, { path: '/cgi-bin/menu/get', errcode: 45009 });
    const get = (token: string) => errcode('GET', `/cgi-bin/menu/get?access_token=${token}`);
    expect([await get(tokenA), await get(tokenB), await get(tokenB)]).toEqual([46003, 45009, 46003]);
    await ask('POST', `/_ctl/settings${query}`, { secret_frozen: true });
    await ask('POST', `/_ctl/callback${query}`, { url: 'http://localhost:4000/', check: false });
    expect(await ask('GET', '/_ctl/settings')).toMatchObject({ secret_frozen: false });
    expect(await ask('GET', '/_ctl/callback')).toMatchObject({ url: null });
    expect(await ask('GET', `/_ctl/callback${query}`)).toMatchObject({ url: 'http://localhost:4000/' });
  });

  test('has one time for all', async () => {
    const { ask, advance } = await two();
    await advance('2h');
    const now = new Date(startMs + 7_200_000).toISOString();
    expect(await ask('GET', `/_ctl/clock${query}`)).toEqual({ now, offset_ms: 7_200_000 });
  });

  test("pushes go to the account's server with the account's secrets", async () => {
    const received: HttpRequest[] = [];
    const { ask, account } = await two({
      callback: { url: 'http://localhost:3001/a' },
      accounts: [parseNewAccount({ ...given, callback: { url: 'http://localhost:3002/b', mode: 'safe' } })],
      openFetch: async () => async (request) => {
        received.push(request);
        return { status: 200, headers: {}, body: Buffer.from('success') };
      },
    });
    for (const account_ of ['', query]) {
      await ask('POST', `/_ctl/followers${account_}`, { openid: 'oSame', unionid: 'uSame' });
      await ask('POST', `/_ctl/phone/oSame/send${account_}`, { type: 'text', text: 'hi' });
    }
    expect(received.map(({ url }) => new URL(url).host)).toEqual(['localhost:3001', 'localhost:3002']);
    expect(String(received[0]?.body)).toContain(`<![CDATA[${account.originalId}]]></ToUserName>`);
    expect(String(received[1]?.body)).toContain('<Encrypt>');
    expect(await ask('GET', `/_ctl/pushes${query}`)).toMatchObject([
      { id: 1, account: given.appid, plain: expect.stringContaining(given.original_id) },
    ]);
  });

  test('tells in logs whose exchange it was, and only where there are several', async () => {
    const { ask, account } = await two();
    expect(await ask('GET', '/_ctl/requests')).toMatchObject([{ account: account.appId }]);
    expect(await ask('GET', `/_ctl/requests${query}`)).toMatchObject([{ account: given.appid }]);
    const alone = simulate();
    await alone.stable();
    const records = (await alone.ask('GET', '/_ctl/requests')) as unknown as readonly object[];
    expect(records.map((record) => 'account' in record)).toEqual([false]);
  });
});

describe('POST /_ctl/accounts', () => {
  const appids = async ({ ask }: Simulated): Promise<readonly unknown[]> =>
    ((await ask('GET', '/_ctl/accounts')) as unknown as readonly JsonAnswer[]).map(({ appid }) => appid);

  test('makes one with what is given, and tells all of it', async () => {
    const simulated = simulate();
    expect(await simulated.ask('POST', '/_ctl/accounts', given)).toEqual({
      ...given,
      mode: 'plain',
      name: '',
    });
    expect(await appids(simulated)).toEqual([simulated.account.appId, given.appid]);
  });

  test('are shown with the server configuration of now, and after a reset with that of the start', async () => {
    const { ask } = simulate();
    const shown = async (): Promise<unknown> => await ask('GET', '/_ctl/accounts?secrets=show');
    const before = await shown();
    const change = { token: 'Changed1', aes_key: given.aes_key, mode: 'compat', check: false };
    await ask('POST', '/_ctl/callback', change);
    expect(await shown()).toMatchObject([
      { callback_token: 'Changed1', aes_key: given.aes_key, mode: 'compat' },
    ]);
    await ask('POST', '/_ctl/reset');
    expect(await shown()).toEqual(before);
  });

  test('invents what is left out, each time another one', async () => {
    const { ask } = simulate();
    const [one, other] = [await ask('POST', '/_ctl/accounts'), await ask('POST', '/_ctl/accounts', {})];
    for (const key of Object.keys(given)) expect(one[key], key).not.toBe(other[key]);
    expect(one).toMatchObject({ appid: expect.stringMatching(/^wx[0-9a-f]{16}$/) });
  });

  test('begins in the scenario that is named', async () => {
    const { ask, errcode } = simulate();
    await ask('POST', '/_ctl/accounts', { ...given, scenario: 'ip-not-allowed' });
    const path = `/cgi-bin/token?grant_type=client_credential&appid=${given.appid}&secret=${given.secret}`;
    expect(await errcode('GET', path)).toBe(40164);
    await ask('POST', `/_ctl/settings${query}`, { whitelist: null });
    expect(await errcode('GET', path)).toBe(0);
    await ask('POST', `/_ctl/reset${query}`);
    expect(await errcode('GET', path)).toBe(40164);
  });

  test.each([
    [{ appid: 'wx1' }, 'appid_invalid'],
    [{ secret: '' }, 'invalid_body'],
    [{ secret: 'a b' }, 'invalid_body'],
    [{ callback_token: 'a-b' }, 'callback_token_invalid'],
    [{ aes_key: 'short' }, 'aes_key_invalid'],
    [{ original_id: 'bb' }, 'invalid_body'],
    [{ callback: { url: 'ftp://x' } }, 'invalid_body'],
    [{ callback: { token: 'TokenB' } }, 'invalid_body'],
    [{ callback: 'http://localhost' }, 'invalid_body'],
    [{ scenario: 'nix' }, 'scenario_unknown'],
    [{ scenario: { clock: '2h' } }, 'invalid_body'],
    [{ name: 'x' }, 'invalid_body'],
  ])('refuses %j, and makes nothing', async (body, type) => {
    const simulated = simulate();
    const response = await simulated.call('POST', '/_ctl/accounts', body);
    expect([response.status, await response.json()]).toMatchObject([400, { error: { type } }]);
    expect(await appids(simulated)).toHaveLength(1);
  });

  test('refuses an AppID or an original id that is taken', async () => {
    const { ask, account } = await two();
    for (const body of [{ appid: account.appId }, { original_id: given.original_id }]) {
      expect(await ask('POST', '/_ctl/accounts', body)).toMatchObject({ error: { type: 'account_exists' } });
    }
  });

  test('makes the twentieth and refuses the next', async () => {
    const { ask } = simulate();
    for (let count = 2; count <= 20; count += 1) {
      expect(await ask('POST', '/_ctl/accounts')).toHaveProperty('appid');
    }
    expect(await ask('POST', '/_ctl/accounts')).toMatchObject({ error: { type: 'too_many_accounts' } });
  });

  test('is refused to other web pages', async () => {
    const simulated = simulate();
    const headers = { origin: 'https://example.com' };
    expect((await simulated.call('POST', '/_ctl/accounts', {}, headers)).status).toBe(403);
    expect(await appids(simulated)).toHaveLength(1);
  });
});

test('GET /_ctl/accounts shortens secrets unless it is asked to show them', async () => {
  const { ask, call } = await two();
  const text = await (await call('GET', '/_ctl/accounts')).text();
  for (const secret of [given.secret, given.aes_key, given.callback_token])
    expect(text).not.toContain(secret);
  expect(await ask('GET', '/_ctl/accounts?secrets=show')).toMatchObject([{}, given]);
});

describe('DELETE /_ctl/accounts/:appid', () => {
  test('ends the account: its calls are refused by the first', async () => {
    const { ask, errcode, call, tokenB } = await two();
    expect(await ask('DELETE', `/_ctl/accounts/${given.appid}`)).toEqual({ ok: true });
    expect(await errcode('GET', `/cgi-bin/menu/get?access_token=${tokenB}`)).toBe(40001);
    expect((await call('GET', `/_ctl/state${query}`)).status).toBe(404);
  });

  test('refuses the first one and one that is not there', async () => {
    const { ask, account } = await two();
    for (const [appid, type] of [
      [account.appId, 'first_account'],
      ['wx0', 'unknown_account'],
    ]) {
      expect(await ask('DELETE', `/_ctl/accounts/${appid}`)).toMatchObject({ error: { type } });
    }
  });
});

describe('POST /_ctl/reset with several accounts', () => {
  test('brings all back: accounts made later go, one that was removed returns with its secrets', async () => {
    const simulated = await two();
    const { ask, advance, tokenB } = simulated;
    await ask('POST', '/_ctl/accounts');
    await ask('DELETE', `/_ctl/accounts/${given.appid}`);
    await advance('1h');
    await ask('POST', '/_ctl/reset');
    expect(await ask('GET', '/_ctl/accounts?secrets=show')).toMatchObject([
      { appid: simulated.account.appId },
      given,
    ]);
    expect(await ask('GET', '/_ctl/clock')).toMatchObject({ offset_ms: 0 });
    const again = await ask('POST', '/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      appid: given.appid,
      secret: given.secret,
    });
    expect(again.access_token).toBe(tokenB);
  });

  test('with ?account= brings back that one alone, and time goes on', async () => {
    const { ask, errcode, advance, tokenA, tokenB } = await two();
    await advance('1h');
    await ask('POST', `/_ctl/reset${query}`);
    const get = (token: string) => errcode('GET', `/cgi-bin/menu/get?access_token=${token}`);
    expect([await get(tokenA), await get(tokenB)]).toEqual([46003, 40001]);
    expect(await ask('GET', '/_ctl/clock')).toMatchObject({ offset_ms: 3_600_000 });
  });
});

describe('ready()', () => {
  test('names all accounts where there are several, and none for one', async () => {
    const { ready, account } = await two();
    const { accounts = [] } = ready('http://127.0.0.1:1');
    expect(accounts.map(({ appid }) => appid)).toEqual([account.appId, given.appid]);
    expect(simulate().ready('http://127.0.0.1:1')).not.toHaveProperty('accounts');
  });
});

describe('what can grow', () => {
  test('ends: the thousandth fault waits, the next is refused', () => {
    const faults = createFaults(() => ({ bytes: (count) => new Uint8Array(count) }));
    const fault = parseFault({ path: '/cgi-bin/menu/get', errcode: 45009 });
    for (let count = 1; count <= 1000; count += 1) faults.add(fault);
    expect(faults.list()).toHaveLength(1000);
    expect(() => faults.add(fault)).toThrow(expect.objectContaining({ type: 'too_many_faults' }) as Error);
  });

  test('ends at 200,000 people, of whom each can still be changed', () => {
    const clock = { now: () => startMs, monotonic: () => 0, sleep: () => Promise.resolve() };
    const followers = createFollowers(clock, { bytes: (count) => new Uint8Array(count) });
    for (let count = 1; count <= 200_000; count += 1) followers.put(`o${count}`, {});
    expect(() => followers.put('oNew', {})).toThrow(
      expect.objectContaining({ type: 'too_many_people' }) as Error,
    );
    expect(followers.put('o1', { remark: 'r' })).toMatchObject({ remark: 'r' });
  });
});
