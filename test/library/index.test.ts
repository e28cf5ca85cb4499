import { describe, expect, onTestFinished, test } from 'vitest';
import { createSimulator } from '../../src/library/index.ts';
import type { Simulator, SimulatorOptions } from '../../src/library/types.ts';
import { callbackToken, honest, startCallbackServer } from '../helpers/callback-server.ts';

async function start(options?: SimulatorOptions): Promise<Simulator> {
  const simulator = await createSimulator(options);
  onTestFinished(() => simulator.close());
  return simulator;
}

describe('createSimulator()', () => {
  test('listens on a free port of this machine and answers a client', async () => {
    const simulator = await start({ seed: 1 });
    expect(simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { appid, secret, url } = simulator;
    const query = `grant_type=client_credential&appid=${appid}&secret=${secret}`;
    const answer = await fetch(`${url}/cgi-bin/token?${query}`);
    expect(await answer.json()).toMatchObject({ access_token: expect.stringMatching(/^SIM_/) });
    expect(await simulator.requests()).toMatchObject([{ path: '/cgi-bin/token', status: 200 }]);
    expect(simulator.env).toEqual({
      WECHAT_MP_API_BASE: url,
      WECHAT_MP_APPID: appid,
      WECHAT_MP_APPSECRET: secret,
      WECHAT_MP_CALLBACK_TOKEN: simulator.callbackToken,
      WECHAT_MP_AES_KEY: simulator.aesKey,
    });
  });

  test('plays people and pushes against a server', async () => {
    const server = await startCallbackServer(honest);
    const simulator = await start({ callbackToken, to: server.url, mode: 'safe' });
    const { openid } = await simulator.follower({ nickname: 'Alice' });
    const phone = simulator.phone(openid);
    expect((await phone.send('hi')).pushes).toMatchObject([{ state: 'answered', mode: 'safe' }]);
    await phone.unfollow();
    await phone.follow();
    await phone.location({ latitude: 1, longitude: 2 });
    expect((await simulator.push('menu_click', { key: 'K' })).event_key).toBe('K');
    expect((await simulator.pushes()).map(({ type }) => type)).toEqual([
      'text',
      'unsubscribe',
      'subscribe',
      'location_report',
      'menu_click',
    ]);
    expect((await phone.chat()).messages[0]).toMatchObject({ content: { type: 'text', text: 'hi' } });
    expect((await simulator.setCallback({ token: 'another' })).saved).toBe(false);
    expect((await simulator.callback()).token).toBe(callbackToken);
  });

  test('takes a person through web authorisation', async () => {
    const simulator = await start({});
    const { openid } = await simulator.follower({ nickname: 'Alice' });
    const { appid, secret, url } = simulator;
    const site = encodeURIComponent('http://localhost:3000/callback');
    const page = `${url}/connect/oauth2/authorize?appid=${appid}&redirect_uri=${site}&response_type=code&scope=snsapi_userinfo#wechat_redirect`;
    const { code, notes } = await simulator.phone(openid).authorize({ url: page });
    expect(notes).toEqual([]);
    const ask = async (path: string) => (await (await fetch(url + path)).json()) as Record<string, string>;
    const token = await ask(
      `/sns/oauth2/access_token?appid=${appid}&secret=${secret}&code=${code}&grant_type=authorization_code`,
    );
    expect(await ask(`/sns/userinfo?access_token=${token['access_token']}&openid=${openid}`)).toMatchObject({
      nickname: 'Alice',
    });
    expect(await simulator.phone(openid).authorize({ url: page, allow: false })).toMatchObject({
      code: null,
    });
  });

  test('sends a hundred pushes at once without a warning', async () => {
    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', listen);
    onTestFinished(() => void process.off('warning', listen));
    const server = await startCallbackServer(honest);
    const simulator = await start({ callbackToken, to: server.url });
    const pushes = await Promise.all(Array.from({ length: 100 }, () => simulator.push('text')));
    expect(new Set(pushes.map(({ state }) => state))).toEqual(new Set(['answered']));
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  });

  test('moves the clock, makes faults, changes settings and forgets all of it', async () => {
    const simulator = await start({ seed: 1 });
    const path = '/cgi-bin/menu/get';
    const offset = async () => ((await simulator.control('GET', 'clock')) as { offset_ms: number }).offset_ms;
    await simulator.advance('2h');
    await simulator.fault({ path, errcode: -1 });
    await simulator.settings({ secret_frozen: true });
    expect([await offset(), await simulator.state()]).toMatchObject([
      7_200_000,
      { faults: [{ path }], settings: { secret_frozen: true } },
    ]);
    await simulator.reset();
    expect([await offset(), await simulator.state()]).toMatchObject([
      0,
      { faults: [], settings: { secret_frozen: false } },
    ]);
  });

  test('takes an account and a scenario, by name or as a whole', async () => {
    const given = {
      appid: 'wx1234567890abcdef',
      secret: '0123456789abcdef0123456789abcdef',
      callbackToken: 'Token9',
      aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    };
    const simulator = await start({ ...given, scenario: 'ip-not-allowed' });
    expect(simulator).toMatchObject(given);
    expect((await simulator.state()).settings['whitelist']).toEqual([]);
    const other = await start({ scenario: { settings: { account_type: 'test', name: '街角咖啡' } } });
    expect((await other.state()).settings).toMatchObject({ account_type: 'test', name: '街角咖啡' });
  });

  test('has several accounts at one address, each with its own people, server and calls', async () => {
    const [first, second] = [await startCallbackServer(honest), await startCallbackServer(honest)];
    const appid = 'wxbbbbbbbbbbbbbbbb';
    const simulator = await start({
      seed: 1,
      callbackToken,
      to: first.url,
      accounts: [{ appid, callbackToken, to: second.url, mode: 'safe', scenario: 'ip-not-allowed' }],
    });
    const [own, other] = simulator.accounts;
    expect([own?.appid, other?.appid]).toEqual([simulator.appid, appid]);
    expect(other?.env).toMatchObject({ WECHAT_MP_API_BASE: simulator.url, WECHAT_MP_APPID: appid });
    const { openid = '' } = (await other?.follower({ unionid: 'u' })) ?? {};
    expect((await other?.phone(openid).send('hi'))?.pushes).toMatchObject([{ account: appid, mode: 'safe' }]);
    await expect(simulator.phone(openid).send('hi')).rejects.toThrow('Nobody has the openid');
    expect([first.requests.length, second.requests.length]).toEqual([0, 1]);
    expect((await other?.state())?.settings['whitelist']).toEqual([]);
    expect((await simulator.state()).settings['whitelist']).toBe(null);
    const third = await simulator.addAccount({ to: first.url, mode: 'compat' });
    expect(await third.callback()).toMatchObject({
      url: first.url,
      mode: 'compat',
      token: third.callbackToken,
    });
    await other?.reset();
    expect(await other?.pushes()).toEqual([]);
    await simulator.reset();
    await expect(third.state()).rejects.toThrow(`There is no account "${third.appid}"`);
    expect(await simulator.control('GET', 'accounts')).toHaveLength(2);
  });

  test('goes back to a snapshot before each test', async () => {
    const simulator = await start();
    const { openid } = await simulator.follower({ nickname: 'Alice' });
    expect(await simulator.snapshot('start')).toMatchObject({ name: 'start' });
    for (let round = 0; round < 2; round += 1) {
      await simulator.phone(openid).unfollow();
      await simulator.restore('start');
      expect((await simulator.phone(openid).chat()).follower).toMatchObject({ subscribed: true });
      expect(await simulator.pushes()).toEqual([]);
    }
    await expect(simulator.restore('end')).rejects.toThrow('no snapshot "end"; there are "start"');
  });

  test('waits for what a server does after it has answered', async () => {
    const later = new Set<Promise<unknown>>();
    const server = await startCallbackServer((_request, response) => {
      response.end('success', () => void later.add(writeLater()));
    });
    const simulator = await start({ callbackToken, to: server.url });
    const { openid } = await simulator.follower();
    const writeLater = () =>
      simulator.control('POST', 'call', {
        method: 'POST',
        path: '/cgi-bin/message/custom/send',
        body: { touser: openid, msgtype: 'text', text: { content: 'done' } },
      });
    const [request, pushes, messages] = await Promise.all([
      simulator.waitFor('requests', { path: '/cgi-bin/message/custom/send', errcode: 0, wait: '30s' }),
      simulator.waitFor('pushes', { type: 'text', count: 1, wait: '30s' }),
      simulator.waitFor('chat', { openid, from: 'account', contains: 'done', wait: '30s' }),
      simulator.phone(openid).send('hi'),
    ]);
    expect(request).toMatchObject([{ body: { touser: openid } }]);
    expect(pushes).toMatchObject([{ state: 'answered' }]);
    expect(messages).toMatchObject([{ origin: 'custom', content: { text: 'done' } }]);
    await Promise.all(later);
  });

  test('says of what did not come how long it waited, and what came instead', async () => {
    const simulator = await start();
    const { openid } = await simulator.follower();
    const path = '/cgi-bin/menu/create';
    await expect(simulator.waitFor('requests', { path, wait: '1ms' })).rejects.toThrow(
      `Waited 1ms for 1 of the requests {"path":"${path}"}, and 0 came; there are none at all`,
    );
    await fetch(`${simulator.url}/cgi-bin/token`);
    await simulator.phone(openid).send('hi');
    const words = async (waiting: Promise<unknown>) => await waiting.catch((error: unknown) => String(error));
    expect(await words(simulator.waitFor('requests', { path, count: 2, wait: '1ms' }))).toMatch(
      /^Error: Waited 1ms for 2 of .*; the last ones of all are GET \/cgi-bin\/token$/,
    );
    expect(await words(simulator.waitFor('pushes', { event: 'CLICK', wait: '1ms' }))).toMatch(
      /text \(skipped\)$/,
    );
    expect(await words(simulator.waitFor('chat', { openid, from: 'account', wait: '1ms' }))).toMatch(
      /messages in the chat \{"openid":"o.*text of the person$/,
    );
    await expect(simulator.waitFor('requests', { wait: 'soon' })).rejects.toThrow('"wait": a duration is');
  });

  test('rejects what cannot be or is refused by a call', async () => {
    await expect(createSimulator({ appid: 'wx1' })).rejects.toThrow('AppID');
    await expect(createSimulator({ to: 'localhost' })).rejects.toThrow('http://');
    await expect(createSimulator({ scenario: 'nix' })).rejects.toThrow('callback-down');
    const scenario = { settings: { quotas: { '/cgi-bin/nothing': 1 } } };
    for (const options of [{ scenario }, { accounts: [{ scenario }] }])
      await expect(createSimulator(options)).rejects.toThrow('no call has the path "/cgi-bin/nothing"');
    const simulator = await start();
    await expect(simulator.phone('nobody').send('hi')).rejects.toThrow('Nobody has the openid "nobody"');
    await expect(simulator.advance('soon')).rejects.toThrow('advance');
    const port = Number(new URL(simulator.url).port);
    await expect(createSimulator({ port })).rejects.toThrow(`port ${port}`);
  });

  test('closes at once, with a page listening and a push under way', async () => {
    const server = await startCallbackServer(() => {});
    const simulator = await createSimulator({ to: server.url });
    const page = await fetch(`${simulator.url}/_ctl/events`);
    const push = simulator.push('text');
    await expect.poll(() => server.requests.length).toBe(1);
    await simulator.close();
    expect(await push).toMatchObject({ state: 'skipped', skipped: 'interrupted' });
    await page.body?.cancel();
    await expect(fetch(simulator.url)).rejects.toThrow('fetch failed');
  });
});
