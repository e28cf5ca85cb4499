import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { simulate, startMs } from './simulated.ts';

const clock = { now: () => startMs, monotonic: () => 0, sleep: async () => undefined };

/** Every kind of answer once. */
const walk = async ({ ask, path, classic, stable }: ReturnType<typeof simulate>): Promise<unknown> => [
  await classic(),
  await stable(true),
  await ask('GET', await path('/cgi-bin/ticket/getticket?type=jsapi')),
  await ask('POST', await path('/cgi-bin/qrcode/create'), {
    action_name: 'QR_SCENE',
    action_info: { scene: { scene_id: 1 } },
  }),
  await ask('GET', await path('/cgi-bin/menu/get')),
  await ask('GET', '/_ctl/state'),
];

describe('createSimulator()', () => {
  test('invents an account of the platform’s shapes', () => {
    expect(simulate().account).toEqual({
      appId: expect.stringMatching(/^wx[0-9a-f]{16}$/),
      secret: expect.stringMatching(/^[0-9a-f]{32}$/),
      callbackToken: expect.stringMatching(/^[A-Za-z0-9]{24}$/),
      encodingAESKey: expect.stringMatching(/^[A-Za-z0-9]{42}[AEIMQUYcgkosw048]$/),
      originalId: expect.stringMatching(/^gh_[0-9a-f]{12}$/),
    });
  });

  test('invents another account at each start without a seed, and another for another seed', () => {
    const random = { bytes: (count: number) => randomBytes(count) };
    const accounts = [undefined, undefined, 1, 2].map(
      (seed) =>
        createSimulator({ clock, random, openFetch: () => Promise.reject(new Error('no push')), seed })
          .account,
    );
    for (const field of ['appId', 'secret', 'callbackToken', 'encodingAESKey', 'originalId'] as const) {
      expect(new Set(accounts.map((account) => account[field])).size).toBe(4);
    }
  });

  test('takes the values that are given and invents the rest as without them', () => {
    const account = { appId: 'wx1234567890abcdef', secret: 's3cret' };
    expect(simulate({ account }).account).toEqual({ ...simulate().account, ...account });
  });

  test.each([{ appId: 'wx1' }, { callbackToken: 'a b' }, { encodingAESKey: 'short' }])(
    'refuses %j',
    (account) => {
      expect(() => simulate({ account })).toThrow(expect.objectContaining({ family: 'input' }));
    },
  );

  test('is the same in every answer with the same seed, also after a reset', async () => {
    const one = simulate({ seed: 42 });
    const first = await walk(one);
    await one.call('POST', '/_ctl/reset');
    expect(await walk(one)).toEqual(first);
    expect(await walk(simulate({ seed: 42 }))).toEqual(first);
    expect(await walk(simulate({ seed: 43 }))).not.toEqual(first);
  });

  test('writes the ready line with everything that a client needs', () => {
    const { account, ready } = simulate();
    expect(ready('http://127.0.0.1:8090')).toEqual({
      type: 'ready',
      url: 'http://127.0.0.1:8090',
      appid: account.appId,
      secret: account.secret,
      callback_token: account.callbackToken,
      aes_key: account.encodingAESKey,
    });
  });
});

describe('fetch()', () => {
  test('answers JSON with the platform’s content type, and says who it is and when', async () => {
    const { call } = simulate();
    for (const path of ['/cgi-bin/token', '/cgi-bin/wxopen/qrcodejumpget', '/nonsense']) {
      expect(Object.fromEntries((await call('GET', path)).headers)).toEqual({
        ...(path.includes('wxopen') && { 'x-simulated': 'none' }),
        'content-type': 'application/json; encoding=utf-8',
        date: 'Thu, 15 Jan 2026 04:00:00 GMT',
        server: 'wechat-mp-simulator',
        'x-content-type-options': 'nosniff',
      });
    }
    expect((await call('GET', '/_ctl/health')).headers.get('server')).toBe('wechat-mp-simulator');
  });

  test('answers 404 to a path that the platform does not have', async () => {
    const { call } = simulate();
    for (const path of ['/', '/cgi-bin', '/cgi-bin/token/', '/cgi-bin/Token', '/constructor']) {
      const response = await call('GET', path);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        errcode: 40066,
        errmsg: expect.stringMatching(/^invalid url rid: /),
      });
    }
  });

  test('keeps every counter exact under 200 calls at once', async () => {
    const { ask, call, path, stable, classic } = simulate();
    await ask('POST', '/_ctl/settings', { account_type: 'test' });
    const tokens = await Promise.all(Array.from({ length: 201 }, classic));
    expect(tokens.filter(({ errcode }) => errcode === 45009)).toHaveLength(1);
    expect(new Set(tokens.map(({ access_token: token }) => token)).size).toBe(201);
    const shared = await Promise.all(Array.from({ length: 200 }, () => stable()));
    expect(new Set(shared.map(({ access_token: token }) => token)).size).toBe(1);
    const url = await path('/cgi-bin/menu/create');
    const body = { button: [{ type: 'click', name: 'a', key: 'K' }] };
    const created = await Promise.all(Array.from({ length: 200 }, () => ask('POST', url, body)));
    expect(created.map(({ errcode }) => errcode).toSorted()).toEqual([
      ...Array.from({ length: 100 }, () => 0),
      ...Array.from({ length: 100 }, () => 45009),
    ]);
    const { counters } = (await (await call('GET', '/_ctl/state')).json()) as { counters: unknown };
    expect(counters).toMatchObject({
      '/cgi-bin/token': { used: 200 },
      '/cgi-bin/stable_token': { used: 201 },
      '/cgi-bin/menu/create': { used: 100 },
    });
  });

  test('lives through a day of calls with 13 stable tokens', async () => {
    const { stable, errcode, advance } = simulate();
    const tokens = new Set<string | undefined>();
    const lives: number[] = [];
    const codes = new Set<number>();
    for (let minute = 0; minute < 1440; minute += 5) {
      const { access_token: token, expires_in: life = 0 } = await stable();
      tokens.add(token);
      lives.push(life);
      codes.add(await errcode('GET', `/cgi-bin/menu/get?access_token=${token}`));
      await advance('5m');
    }
    // Every token was good for a call; the quota of menu/get is larger than that.
    expect([...codes]).toEqual([46003]);
    expect([Math.min(...lives), Math.max(...lives)]).toEqual([600, 7200]);
    // A new one every 6900 seconds.
    expect(tokens.size).toBe(13);
  });
});
