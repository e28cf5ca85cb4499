import { describe, expect, test } from 'vitest';
import { simulate, startMs, type JsonAnswer, type Simulated } from '../../simulated.ts';

const ok = { errcode: 0, errmsg: 'ok' };
const none = { call_count: 0, refresh_second: 0 };

async function post({ ask, path }: Simulated, name: string, body: unknown): Promise<JsonAnswer> {
  return ask('POST', await path(`/cgi-bin/${name}`), body);
}
const quotaOf = async (simulated: Simulated, cgi_path: unknown): Promise<JsonAnswer> =>
  post(simulated, 'openapi/quota/get', { cgi_path });
const used = async (simulated: Simulated, path: string): Promise<unknown> =>
  ((await quotaOf(simulated, path))['quota'] as { used: number }).used;

describe('GET /cgi-bin/getcallbackip and /cgi-bin/get_api_domain_ip', () => {
  test.each(['getcallbackip', 'get_api_domain_ip'])('%s tells where the simulator is', async (name) => {
    const { ask, path } = simulate();
    expect(await ask('GET', await path(`/cgi-bin/${name}`))).toEqual({ ip_list: ['127.0.0.1'] });
  });
});

describe('POST /cgi-bin/openapi/quota/get', () => {
  test('answers limit, used and remaining calls of today', async () => {
    const simulated = simulate();
    const { errcode, path } = simulated;
    await errcode('GET', await path('/cgi-bin/menu/get'));
    expect(await quotaOf(simulated, '/cgi-bin/menu/get')).toEqual({
      ...ok,
      quota: { daily_limit: 10_000, used: 1, remain: 9999 },
      rate_limit: none,
      component_rate_limit: none,
    });
  });

  test('answers a limit of 0 where the account may not call, and not where no call is left', async () => {
    const simulated = simulate();
    await simulated.ask('POST', '/_ctl/settings', { quotas: { '/cgi-bin/menu/get': 0 } });
    expect(await quotaOf(simulated, '/cgi-bin/menu/get')).toMatchObject({
      quota: { daily_limit: 10_000, used: 10_000, remain: 0 },
    });
    await simulated.ask('POST', '/_ctl/settings', { account_type: 'personal' });
    expect(await quotaOf(simulated, '/cgi-bin/menu/get')).toMatchObject({
      quota: { daily_limit: 0, used: 0, remain: 0 },
    });
  });

  test('answers the minute limit of stable_token, and a large figure where there is no limit', async () => {
    const simulated = simulate();
    expect(await quotaOf(simulated, '/cgi-bin/stable_token')).toMatchObject({
      quota: { daily_limit: 500_000 },
      rate_limit: { call_count: 10_000, refresh_second: 60 },
    });
    expect(await quotaOf(simulated, '/cgi-bin/tags/get')).toMatchObject({
      quota: { daily_limit: 50_000_000, used: 0, remain: 50_000_000 },
    });
  });

  test.each(['openapi/quota/get', 'openapi/quota/clear'])(
    '%s refuses unknown paths with 76021 and /sns/ with 76022',
    async (name) => {
      const simulated = simulate();
      for (const cgi_path of ['/cgi-bin/nothing', 'cgi-bin/token', '/cgi-bin/token?a=b', '', undefined]) {
        expect(await post(simulated, name, { cgi_path })).toMatchObject({
          errcode: 76021,
          errmsg: expect.stringMatching(/^cgi_path not found rid: /),
        });
      }
      expect(await post(simulated, name, { cgi_path: '/sns/userinfo' })).toMatchObject({
        errcode: 76022,
        errmsg: expect.stringMatching(/^could not use this cgi_path，no permission rid: /),
      });
    },
  );
});

describe('POST /cgi-bin/clear_quota', () => {
  test('sets all of today’s calls back, so that they are answered again', async () => {
    const simulated = simulate();
    const { errcode, path, account } = simulated;
    await simulated.ask('POST', '/_ctl/settings', { quotas: { '/cgi-bin/menu/get': 1 } });
    const url = await path('/cgi-bin/menu/get');
    expect([await errcode('GET', url), await errcode('GET', url)]).toEqual([46003, 45009]);
    expect(await post(simulated, 'clear_quota', { appid: account.appId })).toEqual(ok);
    expect(await errcode('GET', url)).toBe(46003);
  });

  test('works ten times a month of Beijing, then refuses with 48006', async () => {
    const simulated = simulate();
    const { ask, account } = simulated;
    const { appId: appid, secret: appsecret } = account;
    const first = async (): Promise<JsonAnswer> => post(simulated, 'clear_quota', { appid });
    const second = async (): Promise<JsonAnswer> =>
      ask('POST', '/cgi-bin/clear_quota/v2', { appid, appsecret });
    for (let count = 0; count < 5; count += 1) expect([await first(), await second()]).toEqual([ok, ok]);
    const refused = {
      errcode: 48006,
      errmsg: expect.stringMatching(/^forbid to clear quota because of reaching the limit rid: /),
    };
    expect([await first(), await second()]).toMatchObject([refused, refused]);
    // From noon on 15 January to midnight before 1 February, Beijing time.
    await simulated.advance('395h');
    await simulated.advance('3599999ms');
    expect(await first()).toMatchObject(refused);
    await simulated.advance('1ms');
    expect(await first()).toEqual(ok);
  });

  test('refuses another AppID with 40013 and none with 41002', async () => {
    const simulated = simulate();
    expect(await post(simulated, 'clear_quota', { appid: 'wx0' })).toMatchObject({ errcode: 40013 });
    expect(await post(simulated, 'clear_quota', {})).toMatchObject({ errcode: 41002 });
  });
});

describe('POST /cgi-bin/clear_quota/v2', () => {
  test('takes AppID and secret in the query or the body, and no token', async () => {
    const { ask, account } = simulate();
    const { appId: appid, secret: appsecret } = account;
    const url = '/cgi-bin/clear_quota/v2';
    expect(await ask('POST', `${url}?appid=${appid}&appsecret=${appsecret}`)).toEqual(ok);
    expect(await ask('POST', url, { appid, appsecret })).toEqual(ok);
  });

  test('checks them as the token endpoints do', async () => {
    const { ask, errcode, account } = simulate();
    const { appId: appid, secret: appsecret } = account;
    const url = '/cgi-bin/clear_quota/v2';
    expect(await errcode('POST', url, {})).toBe(41002);
    expect(await errcode('POST', url, { appid: 'wx0', appsecret })).toBe(40013);
    expect(await errcode('POST', url, { appid })).toBe(41004);
    expect(await errcode('POST', url, { appid, appsecret: 'wrong' })).toBe(40125);
    await ask('POST', '/_ctl/settings', { whitelist: [] });
    expect(await errcode('POST', url, { appid, appsecret })).toBe(40164);
  });
});

describe('POST /cgi-bin/openapi/quota/clear', () => {
  test('sets one path back and no other, fifty times a month', async () => {
    const simulated = simulate();
    const { errcode, path } = simulated;
    for (const name of ['menu/get', 'menu/delete']) await errcode('GET', await path(`/cgi-bin/${name}`));
    const clear = async (): Promise<JsonAnswer> =>
      post(simulated, 'openapi/quota/clear', { cgi_path: '/cgi-bin/menu/get' });
    expect(await clear()).toEqual(ok);
    expect(await used(simulated, '/cgi-bin/menu/get')).toBe(0);
    expect(await used(simulated, '/cgi-bin/menu/delete')).toBe(1);
    for (let count = 1; count < 50; count += 1) expect(await clear()).toEqual(ok);
    expect(await clear()).toMatchObject({ errcode: 48006 });
  });
});

describe('POST /cgi-bin/openapi/rid/get', () => {
  const ridOf = (answer: JsonAnswer): string => answer.errmsg?.split(' rid: ')[1] ?? '';

  test('tells what became of a refused request, without its secrets', async () => {
    const simulated = simulate();
    const { ask, call, path } = simulated;
    const url = await path('/cgi-bin/tags/create');
    const body = { tag: { name: '' } };
    const from = { 'x-forwarded-for': '203.0.113.7' };
    const refused = (await (await call('POST', url, body, from)).json()) as JsonAnswer;
    const answer = await post(simulated, 'openapi/rid/get', { rid: ridOf(refused) });
    expect(answer).toEqual({
      ...ok,
      request: {
        invoke_time: startMs / 1000,
        cost_in_ms: 0,
        request_url: expect.stringMatching(/^access_token=SIM_….{4}$/),
        request_body: '{"tag":{"name":""}}',
        response_body: JSON.stringify(refused),
        client_ip: '203.0.113.7',
      },
    });
    const bodiless = await ask('GET', '/cgi-bin/menu/get');
    expect(await post(simulated, 'openapi/rid/get', { rid: ridOf(bodiless) })).toMatchObject({
      request: { request_url: '', request_body: '', client_ip: '127.0.0.1' },
    });
  });

  test('keeps a request for seven days, then 76004', async () => {
    const simulated = simulate();
    const rid = ridOf(await simulated.ask('GET', '/cgi-bin/menu/get'));
    await simulated.advance('7d');
    expect(await post(simulated, 'openapi/rid/get', { rid })).toMatchObject(ok);
    await simulated.advance('1ms');
    expect(await post(simulated, 'openapi/rid/get', { rid })).toMatchObject({ errcode: 76004 });
  });

  test('refuses a malformed rid with 76002, an unknown one with 76001', async () => {
    const simulated = simulate();
    for (const rid of ['', undefined, 1, '61725984-6126f6f9', '61725984-6126f6f9-040f19c4 ']) {
      expect(await post(simulated, 'openapi/rid/get', { rid })).toMatchObject({ errcode: 76002 });
    }
    expect(await post(simulated, 'openapi/rid/get', { rid: '61725984-6126f6f9-040f19c4' })).toMatchObject({
      errcode: 76001,
      errmsg: expect.stringMatching(/^rid not found rid: /),
    });
  });
});
