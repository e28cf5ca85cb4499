import { describe, expect, test } from 'vitest';
import type { RequestRecord } from '../../../src/simulator/control/types/index.ts';
import { simulate, startMs } from '../simulated.ts';

const at = new Date(startMs).toISOString();
const create = '/cgi-bin/menu/create';
const menu = { button: [{ type: 'click', name: 'a', key: 'K' }] };

async function requests(simulated: ReturnType<typeof simulate>): Promise<RequestRecord[]> {
  return (await (await simulated.call('GET', '/_ctl/requests')).json()) as RequestRecord[];
}

describe('the request log', () => {
  test('has one record of each exchange, oldest first, with secrets and tokens masked', async () => {
    const simulated = simulate();
    const { ask, classic, stable, account } = simulated;
    const { access_token: token = '' } = await classic();
    await stable();
    await ask('POST', `${create}?access_token=${token}`, menu);
    const [first, second, third] = await requests(simulated);
    const masked = `SIM_…${token.slice(-4)}`;
    const secret = `${account.secret.slice(0, 4)}…${account.secret.slice(-4)}`;
    expect(first).toEqual({
      id: 1,
      at,
      method: 'GET',
      path: '/cgi-bin/token',
      query: { grant_type: 'client_credential', appid: account.appId, secret },
      status: 200,
      errcode: null,
      body: null,
      response: { access_token: masked, expires_in: 7200 },
      ms: 0,
      user_agent: '',
    });
    expect(second).toMatchObject({
      method: 'POST',
      query: {},
      body: { grant_type: 'client_credential', appid: account.appId, secret },
    });
    expect(third).toEqual({
      id: 3,
      at,
      method: 'POST',
      path: create,
      query: { access_token: masked },
      status: 200,
      errcode: 0,
      body: menu,
      response: { errcode: 0, errmsg: 'ok' },
      ms: 0,
      user_agent: '',
    });
  });

  test('hides a foreign secret and a real token that were sent by mistake', async () => {
    const simulated = simulate();
    const { call } = simulated;
    const foreign = 'f00dfeedf00dfeedf00dfeedf00dfeed';
    const token = '50_Im7aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
    await call('GET', `/cgi-bin/token?secret=${foreign}`);
    await call('POST', '/cgi-bin/stable_token', { appid: 'x', secret: foreign });
    await call('POST', '/cgi-bin/stable_token', `appid=x&secret=${foreign}`);
    await call('POST', '/cgi-bin/stable_token', `{"secret": "${foreign}", "broken"`);
    await call('POST', '/cgi-bin/stable_token', { AppSecret: foreign, component_appsecret: foreign });
    await call('GET', `/cgi-bin/menu/get?access_token=${token}`);
    const text = JSON.stringify(await requests(simulated));
    expect(text).not.toContain(foreign);
    expect(text).not.toContain(token);
    expect(text.match(/f00d…feed/g)).toHaveLength(6);
  });

  test('masks tickets and tokens under any name', async () => {
    const simulated = simulate();
    const { ask, path, classic } = simulated;
    const { ticket = '' } = await ask('GET', await path('/cgi-bin/ticket/getticket?type=jsapi'));
    const { access_token: token = '' } = await classic();
    await ask('POST', `/cgi-bin/menu/create?token=${token}`, { nested: [{ note: `see ${token}` }] });
    const records = await requests(simulated);
    expect(records[1]?.response).toMatchObject({ ticket: `SIM_…${ticket.slice(-4)}` });
    expect(records[3]).toMatchObject({
      query: { token: `SIM_…${token.slice(-4)}` },
      body: { nested: [{ note: `see SIM_…${token.slice(-4)}` }] },
    });
  });

  test('shows text as text, and other bytes and long bodies as a description', async () => {
    const simulated = simulate();
    const { call, ask, path } = simulated;
    const scene = { action_name: 'QR_LIMIT_SCENE', action_info: { scene: { scene_id: 5 } } };
    const { ticket = '' } = await ask('POST', await path('/cgi-bin/qrcode/create'), scene);
    const picture = await call('GET', `/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`);
    await call('POST', '/x', 'plain', { 'content-type': 'text/plain' });
    await call('POST', '/x', 'x'.repeat(16_385), { 'content-type': 'text/plain' });
    const records = await requests(simulated);
    expect(records[2]?.response).toBe(`image/jpg, ${(await picture.arrayBuffer()).byteLength} bytes`);
    expect(records[3]?.body).toBe('plain');
    expect(records[4]?.body).toBe('text/plain, 16385 bytes');
  });

  test('notes faults, dropped connections and paths that nobody has', async () => {
    const simulated = simulate();
    const { ask, call } = simulated;
    await ask('POST', '/_ctl/faults', { path: '/a', errcode: 40001 });
    await ask('POST', '/_ctl/faults', { path: '/b', drop: true });
    await call('GET', '/a');
    await call('GET', '/b').catch(() => undefined);
    await call('GET', '/cgi-bin/wxopen/qrcodejumpget');
    await call('GET', '/cgi-bin/nonsense');
    await call('GET', '/cgi-bin/menu/get');
    expect(
      (await requests(simulated)).map(({ path, status, errcode, note }) => [path, status, errcode, note]),
    ).toEqual([
      ['/a', 200, 40001, 'fault'],
      ['/b', null, null, 'dropped'],
      ['/cgi-bin/wxopen/qrcodejumpget', 200, 48001, 'not_simulated'],
      ['/cgi-bin/nonsense', 404, 40066, 'unknown_path'],
      ['/cgi-bin/menu/get', 200, 41001, undefined],
    ]);
  });

  test('keeps the last 1000 records', async () => {
    const simulated = simulate();
    const { call } = simulated;
    for (let index = 0; index <= 1000; index += 1) await call('GET', `/cgi-bin/token?n=${index}`);
    const records = await requests(simulated);
    expect([records.length, records[0]?.query, records.at(-1)?.query]).toEqual([
      1000,
      { n: '1' },
      { n: '1000' },
    ]);
  });

  test('puts a slow request where it arrived', async () => {
    let wake: (() => void) | undefined;
    const sleep = (): Promise<void> => new Promise((resolve) => (wake = resolve));
    const simulated = simulate({ clock: { now: () => startMs, monotonic: () => 0, sleep } });
    const { ask, call } = simulated;
    await ask('POST', '/_ctl/faults', { path: '/slow', delay: '1s' });
    const slow = call('GET', '/slow');
    await call('GET', '/fast');
    wake?.();
    await slow;
    expect((await requests(simulated)).map(({ path }) => path)).toEqual(['/slow', '/fast']);
  });

  test('calls subscribers after each exchange until they leave', async () => {
    const { call, subscribe } = simulate();
    const seen: string[] = [];
    const leave = subscribe(({ path, status }) => seen.push(`${status} ${path}`));
    await call('GET', '/cgi-bin/token');
    await call('GET', '/_ctl/health');
    leave();
    await call('GET', '/cgi-bin/token');
    expect(seen).toEqual(['200 /cgi-bin/token']);
  });
});
