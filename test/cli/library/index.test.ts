import { describe, expect, onTestFinished, test } from 'vitest';
import { createSimulator } from '../../../src/cli/library/index.ts';
import type { Simulator, SimulatorOptions } from '../../../src/cli/library/types.ts';
import { callbackToken, honest, startCallbackServer } from '../../helpers/callback-server.ts';

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
    const other = await start({ scenario: { settings: { test_account: true } } });
    expect((await other.state()).settings['test_account']).toBe(true);
  });

  test('rejects what cannot be, and what a call refuses', async () => {
    await expect(createSimulator({ appid: 'wx1' })).rejects.toThrow('AppID');
    await expect(createSimulator({ to: 'localhost' })).rejects.toThrow('http://');
    await expect(createSimulator({ scenario: 'nix' })).rejects.toThrow('callback-down');
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
