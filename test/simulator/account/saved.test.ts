import { describe, expect, test } from 'vitest';
import { parseNewAccount } from '../../../src/simulator/account/new-account.ts';
import { parseScenario } from '../../../src/simulator/account/scenario.ts';
import { copyOf, parseSaved, type SavedSimulator } from '../../../src/simulator/account/saved.ts';
import { alice, phoned, type Phoned } from '../control/phoned.ts';
import { simulate } from '../simulated.ts';

/** As a file keeps it. */
const throughJson = (saved: SavedSimulator): SavedSimulator => parseSaved(JSON.parse(JSON.stringify(saved)));

/** Something of every kind. */
async function live(world: Phoned): Promise<void> {
  const click = { type: 'click', name: 'a', key: 'K' };
  await world.pushMenu(click);
  const conditional = { button: [{ ...click, key: 'TWO' }], matchrule: { client_platform_type: 2 } };
  await world.ask('POST', await world.path('/cgi-bin/menu/addconditional'), conditional);
  await world.classic();
  await world.ask('GET', await world.path('/cgi-bin/ticket/getticket?type=jsapi'));
  for (const action_name of ['QR_SCENE', 'QR_LIMIT_SCENE']) {
    await world.createCode({
      action_name,
      expire_seconds: 2_592_000,
      action_info: { scene: { scene_id: 7 } },
    });
  }
  await world.call('POST', '/_ctl/followers', { openid: 'o2', tag_ids: [101] });
  await world.call('POST', '/_ctl/settings', {
    whitelist: ['127.0.0.1'],
    quotas: { '/cgi-bin/user/get': 5 },
  });
  await world.call('POST', '/_ctl/callback', { token: 'Token9', mode: 'safe', check: false });
  await world.advance('30m');
  await world.act('send', { text: 'hi' });
}

describe('copyOf()', () => {
  test('stays as it was, whatever changes meanwhile', async () => {
    const world = await phoned();
    const change = async (round: number): Promise<void> => {
      await live(world);
      await world.call('POST', '/_ctl/followers', { count: 30, tag_ids: [100] });
      const filter = { is_to_all: false, tag_id: 100 };
      const message = { filter, msgtype: 'text', text: { content: `${round}` } };
      await world.ask('POST', await world.path('/cgi-bin/message/mass/sendall'), message);
      await world.ask('POST', '/_ctl/faults', { path: `/cgi-bin/${round}`, errcode: -1 });
      await world.ask('POST', '/_ctl/snapshot', { name: `${round}` });
    };
    await change(1);
    const [text, copy] = [JSON.stringify(world.save()), copyOf(world.save())];
    await change(2);
    expect(JSON.stringify(world.save())).not.toBe(text);
    await world.ask('POST', '/_ctl/restore', { name: '1' });
    await change(3);
    expect(JSON.stringify(copy)).toBe(text);
  });
});

describe('save()', () => {
  test('lets the next simulator go on as if nothing had been', async () => {
    const world = await phoned();
    await live(world);
    const next = simulate({ saved: throughJson(world.save()) });
    expect(next.account).toEqual(world.account);
    for (const path of ['state', `chats/${alice}`, 'followers', 'menu', 'callback?secrets=show']) {
      const before = { ...(await world.ask('GET', `/_ctl/${path}`)) };
      // Logs are of one run.
      const after = { ...(await next.ask('GET', `/_ctl/${path}`)) };
      if (path === 'state') Object.assign(after, { requests: before['requests'], pushes: before['pushes'] });
      expect(after, path).toEqual(before);
    }
  });

  test('keeps tokens good or dead to the millisecond, and permanent codes the same', async () => {
    const world = await phoned();
    const { access_token: first } = await world.classic();
    const { access_token: second } = await world.classic();
    const scene = { action_name: 'QR_LIMIT_SCENE', action_info: { scene: { scene_id: 7 } } };
    const { ticket } = await world.createCode(scene);
    const next = simulate({ saved: throughJson(world.save()) });
    const errcode = (token: string | undefined) =>
      next.errcode('GET', `/cgi-bin/menu/get?access_token=${token}`);
    await next.advance('299999ms');
    expect([await errcode(first), await errcode(second)]).toEqual([46003, 46003]);
    await next.advance('1ms');
    expect([await errcode(first), await errcode(second)]).toEqual([40001, 46003]);
    const again = await next.ask('POST', await next.path('/cgi-bin/qrcode/create'), scene);
    expect(again.ticket).toBe(ticket);
  });

  test('leaves codes out that have expired', async () => {
    const world = await phoned();
    const { ticket } = await world.createCode({
      action_name: 'QR_SCENE',
      expire_seconds: 60,
      action_info: { scene: { scene_id: 7 } },
    });
    await world.advance('59999ms');
    expect(JSON.stringify(world.save())).toContain(ticket);
    await world.advance('1ms');
    expect(JSON.stringify(world.save())).not.toContain(ticket);
  });

  test('never repeats a token, also with the same seed', async () => {
    const tokens = new Set<string | undefined>();
    let saved: SavedSimulator | undefined;
    for (let run = 0; run < 3; run += 1) {
      const world = simulate({ saved });
      tokens.add((await world.classic()).access_token);
      saved = throughJson(world.save());
    }
    expect(tokens.size).toBe(3);
  });

  test('gives way to what the next start is told', async () => {
    const world = await phoned();
    const saved = throughJson(world.save());
    const next = simulate({ saved, callback: { url: 'http://localhost:4000/', mode: 'safe' } });
    expect(await next.ask('GET', '/_ctl/callback')).toMatchObject({
      url: 'http://localhost:4000/',
      mode: 'safe',
    });
  });
});

describe('save() with a scenario that is on', () => {
  const path = '/cgi-bin/menu/get';

  test('lets the next simulator tell it and end it, with all that it changed', async () => {
    const world = simulate();
    await world.ask('POST', '/_ctl/settings', { quotas: { [path]: 5 }, whitelist: ['127.0.0.1'] });
    await world.ask('POST', '/_ctl/callback', { url: 'http://127.0.0.1:3000/', check: false });
    await world.ask('POST', '/_ctl/faults', { path, errcode: -1 });
    const before = await world.ask('GET', '/_ctl/state');
    const taken = (await world.ask('POST', '/_ctl/faults', { path, drop: true }))['id'];
    await world.ask('POST', '/_ctl/scenario', { name: 'quota-used-up' });
    await world.ask('POST', '/_ctl/scenario', { name: 'callback-down' });
    const custom = { settings: { whitelist: [] }, faults: [{ path, errcode: 40001, times: 2 }] };
    await world.ask('POST', '/_ctl/scenario', custom);
    // The numbers of those that are left are others in the next simulator.
    await world.ask('DELETE', `/_ctl/faults/${String(taken)}`);
    const names = ['quota-used-up', 'callback-down', 'custom'];
    let next = simulate({ saved: throughJson(world.save()) });
    next = simulate({ saved: throughJson(next.save()) });
    expect(await next.ask('GET', '/_ctl/state')).toMatchObject({ scenario: names });
    const after = await next.ask('DELETE', '/_ctl/scenario');
    for (const part of ['settings', 'callback', 'faults'] as const) expect(after[part]).toEqual(before[part]);
    expect(after['scenario']).toEqual([]);
  });

  test('forgets one of nothing but faults with the last of them, also afterwards', async () => {
    const world = simulate();
    await world.ask('POST', '/_ctl/scenario', { faults: [{ path, errcode: -1 }] });
    await world.ask('POST', '/_ctl/scenario', { faults: [{ path, errcode: -1 }] });
    await world.call('GET', path);
    const next = simulate({ saved: throughJson(world.save()) });
    expect(await next.ask('GET', '/_ctl/state')).toMatchObject({ scenario: ['custom'] });
    await next.call('GET', path);
    expect(await next.ask('GET', '/_ctl/state')).toMatchObject({ scenario: [] });
  });

  test('is put aside by a reset, which begins with that of the start', async () => {
    const start = { scenario: parseScenario({ settings: { secret_frozen: true } }) };
    const world = simulate(start);
    await world.ask('POST', '/_ctl/scenario', { name: 'ip-not-allowed' });
    const next = simulate({ ...start, saved: throughJson(world.save()) });
    expect(await next.ask('GET', '/_ctl/state')).toMatchObject({ scenario: ['custom', 'ip-not-allowed'] });
    await next.ask('POST', '/_ctl/reset');
    expect(await next.ask('GET', '/_ctl/state')).toMatchObject({ scenario: ['custom'] });
  });
});

describe('save() with faults and several accounts', () => {
  const second = { appid: 'wxbbbbbbbbbbbbbbbb', secret: 'b'.repeat(32) };
  const other = `?account=${second.appid}`;

  test('keeps the faults that have not met a call yet', async () => {
    const world = simulate();
    const fault = { path: '/cgi-bin/menu/get', errcode: 45009, times: 3, skip: 1 };
    for (const each of [fault, { path: '/cgi-bin/token', body_base64: 'AP8=', delay: '5ms' }]) {
      await world.call('POST', '/_ctl/faults', each);
    }
    const path = await world.path('/cgi-bin/menu/get');
    const codes = [await world.errcode('GET', path), await world.errcode('GET', path)];
    const next = simulate({ saved: throughJson(world.save()) });
    expect(await next.ask('GET', '/_ctl/faults')).toMatchObject([
      { path: fault.path, errcode: 45009, times: 2 },
      { path: '/cgi-bin/token', body_base64: 'AP8=', delay: '5ms', times: 1 },
    ]);
    for (let call = 0; call < 3; call += 1) codes.push(await next.errcode('GET', path));
    expect(codes).toEqual([46003, 45009, 45009, 45009, 46003]);
  });

  test('keeps every account with its own, and the time of all', async () => {
    const world = simulate({ accounts: [parseNewAccount(second)] });
    await world.call('POST', `/_ctl/followers${other}`, { openid: 'oB' });
    const { appid: third } = await world.ask('POST', '/_ctl/accounts');
    await world.ask('DELETE', `/_ctl/accounts/${String(third)}`);
    const { appid: fourth } = await world.ask('POST', '/_ctl/accounts');
    await world.advance('1h');
    const saved = throughJson(world.save());
    expect(saved).toMatchObject({
      offsetMs: 3_600_000,
      accounts: [{ number: 1 }, { number: 2 }, { number: 4 }],
    });
    const next = simulate({ saved, accounts: [parseNewAccount(second)] });
    const list = (await next.ask('GET', '/_ctl/accounts')) as unknown as readonly { appid: string }[];
    expect(list.map(({ appid }) => appid)).toEqual([world.account.appId, second.appid, fourth]);
    expect(await next.ask('GET', `/_ctl/followers${other}`)).toMatchObject([{ openid: 'oB' }]);
    expect(await next.ask('GET', '/_ctl/clock')).toMatchObject({ offset_ms: 3_600_000 });
    await next.ask('POST', '/_ctl/accounts');
    expect(throughJson(next.save()).accounts.map(({ number }) => number)).toEqual([1, 2, 4, 5]);
  });

  test('leaves out a removed account, and adds missing ones', async () => {
    const world = simulate();
    const next = simulate({ saved: throughJson(world.save()), accounts: [parseNewAccount(second)] });
    expect(await next.ask('GET', `/_ctl/health${other}`)).toMatchObject({ appid: second.appid });
    await next.ask('DELETE', `/_ctl/accounts/${second.appid}`);
    expect(next.save().accounts).toHaveLength(1);
  });
});

const scenario = { name: 'custom', lasts: true, faults: [], settings: {} };

describe('parseSaved()', () => {
  test('takes a file of version 1', async () => {
    const world = await phoned();
    await live(world);
    const { runs, offsetMs, accounts } = world.save();
    const { account, callback, platform } = accounts[0] ?? expect.fail();
    const before = { version: 1, runs, account, callback, platform: { offsetMs, ...platform } };
    const next = simulate({ saved: parseSaved(JSON.parse(JSON.stringify(before))) });
    expect(next.account).toEqual(world.account);
    expect(await next.ask('GET', '/_ctl/clock')).toEqual(await world.ask('GET', '/_ctl/clock'));
    expect(await next.ask('GET', `/_ctl/chats/${alice}`)).toEqual(
      await world.ask('GET', `/_ctl/chats/${alice}`),
    );
    expect(next.save()).toMatchObject({ version: 4, runs: 2, accounts: [{ number: 1 }] });
  });

  test.each([
    [
      { whitelist: null, test_account: false },
      { whitelist: null, account_type: 'verified_service' },
    ],
    [
      { whitelist: ['1.2.3.4', '999.1.1.1'], test_account: true },
      { whitelist: ['1.2.3.4'], whitelist_scope: 'all', account_type: 'test', open_platform: false },
    ],
  ])('takes the settings %j of version 2', async (settings, wanted) => {
    const saved = JSON.parse(JSON.stringify(simulate().save())) as SavedSimulator;
    const [account] = saved.accounts;
    const before = { ip_confirmation: false, web_auth_domains: [], secret_frozen: false, quotas: {} };
    const platform = { ...account?.platform, settings: { ...before, ...settings } };
    const next = simulate({
      saved: parseSaved({ ...saved, version: 2, accounts: [{ ...account, platform }] }),
    });
    expect(await next.ask('GET', '/_ctl/settings')).toMatchObject({ ...before, ...wanted });
  });

  test('takes a file of version 3, which has no scenarios', async () => {
    const { version: _version, accounts, ...rest } = simulate().save();
    const before = accounts.map(({ scenarios: _scenarios, ...account }) => account);
    const next = simulate({ saved: parseSaved({ ...rest, version: 3, accounts: before }) });
    expect(await next.ask('GET', '/_ctl/state')).toMatchObject({ scenario: [] });
  });

  test('refuses a later version by its name', () => {
    expect(() => parseSaved({ ...simulate().save(), version: 5 })).toThrow(
      expect.objectContaining({ type: 'state_newer' }) as Error,
    );
  });

  test.each([
    ['no object', 7],
    ['no version', {}],
    ['version 0', { version: 0 }],
    ['nothing but a version', { version: 4 }],
    ['nothing but version 2', { version: 2 }],
    ['version 2 with an account without settings', { version: 2, accounts: [{ platform: {} }] }],
    ['version 1 without an account', { version: 1, runs: 1, platform: { offsetMs: 0 } }],
  ])('refuses %s', (_what, value) => {
    expect(() => parseSaved(value)).toThrow(expect.objectContaining({ type: 'state_invalid' }) as Error);
  });

  test.each(['runs', 'offsetMs', 'accounts'])('refuses a state without %s', (key) => {
    const { [key as 'runs']: _gone, ...rest } = simulate().save();
    expect(() => parseSaved(rest)).toThrow(expect.objectContaining({ type: 'state_invalid' }) as Error);
  });

  test('lets no simulator start with a noun of another kind', () => {
    const saved = simulate().save();
    const [account = expect.fail()] = saved.accounts;
    const names = Object.keys(account.platform.nouns);
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) {
      for (const wrong of [7, 'x', true, [null], { other: 1 }]) {
        const platform = { ...account.platform, nouns: { ...account.platform.nouns, [name]: wrong } };
        const start = () => simulate({ saved: { ...saved, accounts: [{ ...account, platform }] } });
        expect(start, `${name}: ${JSON.stringify(wrong)}`).toThrow(
          expect.objectContaining({ type: 'state_invalid' }) as Error,
        );
      }
    }
  });

  test.each([
    ['a noun', { platform: { settings: {}, nouns: { tokens: { issued: 7 } } } }],
    ['half a noun', { platform: { settings: {}, nouns: { mass: { jobs: [], month: { received: [] } } } } }],
    ['a list for an object', { platform: { settings: {}, nouns: { templates: [] } } }],
    ['an object for a list', { platform: { settings: {}, nouns: { shortKeys: {} } } }],
    [
      'an entry that is nothing',
      { platform: { settings: {}, nouns: { serviceAccounts: { accounts: [null], lastId: 1 } } } },
    ],
    [
      'a person without anything',
      { platform: { settings: {}, nouns: { followers: { openIdHead: 'o', people: [{}] } } } },
    ],
    ['a setting', { platform: { settings: { colour: 'red' }, nouns: {} } }],
    ['a fault', { faults: [{ path: 'x' }] }],
    ['a scenario', { scenarios: [{ ...scenario, settings: { colour: 'red' } }] }],
    ['half a scenario', { scenarios: [{ name: 'custom' }] }],
    ['a scenario without the places of its faults', { scenarios: [{ ...scenario, faults: ['1'] }] }],
  ])('lets no simulator start with %s that none has saved', (_what, change) => {
    const saved = simulate().save();
    const accounts = saved.accounts.map((account) => ({ ...account, ...change }));
    expect(() => simulate({ saved: parseSaved({ ...saved, accounts }) })).toThrow(
      expect.objectContaining({ type: 'state_invalid' }) as Error,
    );
  });
});
