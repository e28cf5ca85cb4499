import { describe, expect, test } from 'vitest';
import { simulate, startMs } from '../simulated.ts';

const now = new Date(startMs).toISOString();
const foreign = {
  error: {
    type: 'foreign_origin',
    message: 'Control calls must come from this machine: a loopback "Host" and no foreign "Origin"',
    message_zh: expect.stringContaining('本机'),
  },
};

describe('/_ctl', () => {
  test.each(['127.0.0.1:8090', '127.0.0.2', 'localhost', 'LOCALHOST:1', '[::1]:65535'])(
    'takes calls for the host %s',
    async (host) => {
      const { call } = simulate();
      expect((await call('GET', '/_ctl/health', undefined, { host })).status).toBe(200);
    },
  );

  test.each([
    'example.com',
    '127.0.0.1.example.com',
    'localhost.example.com',
    '127.0.0.1@example.com',
    '10.0.0.1',
    '0.0.0.0',
    '',
  ])('refuses calls for the host "%s"', async (host) => {
    const { call } = simulate();
    const response = await call('GET', '/_ctl/health', undefined, { host });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual(foreign);
  });

  test('takes its own origin, and refuses every other before anything has changed', async () => {
    const { call, ask } = simulate();
    const advance = (headers: Record<string, string>): Promise<Response> =>
      call('POST', '/_ctl/clock', { advance: '1h' }, { host: '127.0.0.1:8090', ...headers });
    for (const headers of [
      { origin: 'https://example.com' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:3000' },
      { origin: 'https://127.0.0.1:8090' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      expect((await advance(headers as Record<string, string>)).status).toBe(403);
    }
    expect(await ask('GET', '/_ctl/clock')).toEqual({ now, offset_ms: 0 });
    expect((await advance({ origin: 'http://127.0.0.1:8090', 'sec-fetch-site': 'same-origin' })).status).toBe(
      200,
    );
  });

  test.each([
    ['kf_sessions?limit=2', 'The query can have "account", got "limit"'],
    ['followers?limit=1&from=oAlice', 'The query can have "after", "limit", "account", got "from"'],
    ['followers?limit=2&limit=3', 'The query has "limit" more than once'],
    ['requests/1?secret=show', 'The query can have "secrets", "account", got "secret"'],
    ['pushes?format=har', expect.stringMatching(/, "account", got "format"$/)],
    ['test?secrets=no', '"secrets" can only be "show"'],
    ['callback?secrets=', '"secrets" can only be "show"'],
    ['accounts?secrets=true', '"secrets" can only be "show"'],
    ['state?format=har', '"format" can only be "file"'],
    ['clock?account=APPID&account=APPID', 'The query has "account" more than once'],
  ])('refuses the query of %s, which would be left out', async (path, message) => {
    const { account, ask } = simulate();
    const answer = await ask('GET', `/_ctl/${path.replaceAll('APPID', account.appId)}`);
    expect(answer).toMatchObject({ error: { type: 'invalid_query', message } });
  });

  test('refuses such a query before anything has changed', async () => {
    const { ask } = simulate();
    const answer = await ask('POST', '/_ctl/clock?dry_run=1', { advance: '1h' });
    expect(answer).toMatchObject({
      error: { type: 'invalid_query', message_zh: '查询参数只能是“account”，收到的是“dry_run”' },
    });
    expect(await ask('GET', '/_ctl/clock')).toEqual({ now, offset_ms: 0 });
    expect(await ask('GET', '/_ctl/clok?x=1')).toMatchObject({ error: { type: 'unknown_control' } });
  });

  test('leaves any host to the API side', async () => {
    const { call } = simulate();
    const headers = { host: 'api.weixin.qq.com', origin: 'https://example.com' };
    expect((await call('GET', '/cgi-bin/token', undefined, headers)).status).toBe(200);
  });

  test('lists its calls, each once, where none is named', async () => {
    const { calls } = (await simulate().ask('GET', '/_ctl')) as unknown as { calls: readonly string[] };
    expect(calls).toEqual(
      expect.arrayContaining(['GET /_ctl/followers', 'POST /_ctl/followers', 'GET /_ctl/chats/:openid']),
    );
    expect(new Set(calls).size).toBe(calls.length);
    expect(calls.filter((call) => !/^(?:GET|POST|DELETE) \/_ctl\/[a-z]/.test(call))).toEqual([]);
  });

  test('answers 404 in words to what it does not have, also below a misspelt name', async () => {
    const { call } = simulate();
    for (const [method, path] of [
      ['POST', '/_ctl'],
      ['GET', '/_ctl/x'],
      ['GET', '/_ctl/reset'],
      ['POST', '/_ctl/state'],
      ['GET', '/_ctl/health/x'],
      ['DELETE', '/_ctl/faults/'],
    ] as const) {
      const response = await call(method, path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { type: 'unknown_control' } });
    }
  });

  test('is not part of the request log', async () => {
    const { ask } = simulate();
    await ask('GET', '/_ctl/health');
    expect(await ask('GET', '/_ctl/requests')).toEqual([]);
  });
});

describe('GET /_ctl/health', () => {
  test('says who is there', async () => {
    const { ask, account } = simulate();
    expect(await ask('GET', '/_ctl/health')).toEqual({
      ok: true,
      name: 'wechat-mp-simulator',
      appid: account.appId,
      now,
    });
  });
});

describe('GET /_ctl/state', () => {
  test('shows counters, menu, codes and tickets, and of secrets the last characters only', async () => {
    const { ask, call, classic, stable, path, account } = simulate();
    const { access_token: token = '' } = await classic();
    const { access_token: stableToken = '' } = await stable();
    const { ticket = '' } = await ask('GET', await path('/cgi-bin/ticket/getticket?type=jsapi'));
    const button = [{ type: 'click', name: 'a', key: 'K' }];
    await ask('POST', await path('/cgi-bin/menu/create'), { button });
    const scene = { action_name: 'QR_LIMIT_SCENE', action_info: { scene: { scene_id: 5 } } };
    const code = await ask('POST', await path('/cgi-bin/qrcode/create'), scene);
    await ask('POST', '/_ctl/faults', { path: '/cgi-bin/token', status: 502, times: 2 });

    const text = await (await call('GET', '/_ctl/state')).text();
    for (const secret of [token, stableToken, ticket, account.secret, account.encodingAESKey]) {
      expect(secret.length).toBeGreaterThan(30);
      expect(text).not.toContain(secret);
    }
    const expires = new Date(startMs + 7_200_000).toISOString();
    expect(JSON.parse(text)).toMatchObject({
      now,
      account: { appid: account.appId, original_id: account.originalId },
      settings: { whitelist: null, secret_frozen: false, account_type: 'verified_service', quotas: {} },
      counters: {
        '/cgi-bin/token': { used: 1, limit: 2000 },
        '/cgi-bin/stable_token': { used: 4, limit: 500_000 },
        '/cgi-bin/menu/create': { used: 1, limit: 1000 },
        '/cgi-bin/menu/get': { used: 0, limit: 10_000 },
      },
      tokens: {
        classic: { first4: 'SIM_', last4: token.slice(-4), expires_at: expires, expires_in: 7200 },
        stable: { first4: 'SIM_', last4: stableToken.slice(-4) },
        forced_refreshes_today: 0,
      },
      tickets: { jsapi: { last4: ticket.slice(-4), expires_at: expires } },
      menu: { default: [{ ...button[0], sub_button: [] }], conditional: [], console: null },
      followers: [],
      tags: [{ id: 2, name: '星标组', count: 0 }],
      qrcodes: {
        permanent: 1,
        temporary: 0,
        newest: [
          {
            scene_id: 5,
            permanent: true,
            ticket: code.ticket,
            url: code.url,
            expires_at: null,
            expired: false,
          },
        ],
      },
      faults: [{ path: '/cgi-bin/token', status: 502, times: 2 }],
      requests: 8,
    });
  });
});

describe('POST /_ctl/reset', () => {
  test('puts everything back to the start, tokens and the clock included', async () => {
    const { ask, errcode, stable, path, advance } = simulate();
    const first = await ask('GET', '/_ctl/state');
    const { access_token: old } = await stable();
    await ask('POST', await path('/cgi-bin/menu/create'), {
      button: [{ type: 'click', name: 'a', key: 'K' }],
    });
    await ask('POST', '/_ctl/settings', { secret_frozen: true });
    await ask('POST', '/_ctl/faults', { path: '/cgi-bin/token', drop: true });
    await advance('3d');
    expect(await ask('POST', '/_ctl/reset')).toEqual({ ok: true });
    expect(await ask('GET', '/_ctl/state')).toEqual(first);
    expect((await stable()).access_token).toBe(old);
    await ask('POST', '/_ctl/reset');
    expect(await errcode('GET', `/cgi-bin/menu/get?access_token=${old}`)).toBe(40001);
  });
});

describe('POST /_ctl/clock', () => {
  test('puts the clock forward, and the Date of every answer with it', async () => {
    const { ask, call } = simulate();
    expect(await ask('POST', '/_ctl/clock', { advance: '2h' })).toEqual({
      now: new Date(startMs + 7_200_000).toISOString(),
      offset_ms: 7_200_000,
    });
    expect(await ask('POST', '/_ctl/clock', { advance: '1ms' })).toMatchObject({ offset_ms: 7_200_001 });
    expect((await call('GET', '/nowhere')).headers.get('date')).toBe('Thu, 15 Jan 2026 06:00:00 GMT');
    expect(await ask('POST', '/_ctl/clock', { advance: '1.5h' })).toMatchObject({ offset_ms: 12_600_001 });
  });

  test.each([
    ['{}', 'invalid_body'],
    ['[]', 'invalid_body'],
    ['x', 'invalid_body'],
    ['', 'invalid_body'],
    ['{"advance":"0s"}', 'invalid_clock'],
    ['{"advance":"-1h"}', 'invalid_clock'],
    ['{"advance":null}', 'invalid_clock'],
    ['{"advance":2}', 'invalid_clock'],
    ['{"advance":"3651d"}', 'invalid_clock'],
    ['{"advance":"2h","x":1}', 'invalid_body'],
  ])('refuses %s as %s and leaves the clock', async (body, type) => {
    const { ask, call } = simulate();
    const response = await call('POST', '/_ctl/clock', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type } });
    expect(await ask('GET', '/_ctl/clock')).toEqual({ now, offset_ms: 0 });
  });
});

describe('POST /_ctl/settings', () => {
  test('changes what is named and leaves the rest', async () => {
    const { ask } = simulate();
    const whitelist = ['1.2.3.4', '2001:db8::7', '::ffff:1.2.3.4', '172.0.0.1/24'];
    await ask('POST', '/_ctl/settings', { whitelist });
    expect(await ask('POST', '/_ctl/settings', { account_type: 'test' })).toEqual({
      name: '',
      picture: null,
      whitelist,
      whitelist_scope: 'all',
      ip_confirmation: false,
      web_auth_domains: [],
      secret_frozen: false,
      account_type: 'test',
      open_platform: false,
      comments: true,
      accept_chunked: false,
      quotas: {},
    });
  });

  test.each([
    { whitelist: '1.2.3.4' },
    { whitelist: [1] },
    { whitelist: ['10.0.0.0/33'] },
    { whitelist_scope: 'none' },
    { account_type: 'constructor' },
    { account_type: null },
    { open_platform: 1 },
    { accept_chunked: 'yes' },
    { comments: null },
    { whitelist: ['example.com'] },
    { whitelist: [''] },
    { secret_frozen: 1 },
    { test_account: true },
    { frozen: true },
    { ip_confirmation: 'yes' },
    { web_auth_domains: 'm.example.com' },
    { web_auth_domains: ['http://m.example.com'] },
    { web_auth_domains: ['m.example.com/'] },
    { web_auth_domains: ['M.example.com'] },
    { quotas: 5 },
    { quotas: { 'cgi-bin/menu/get': 5 } },
    { quotas: { '/cgi-bin/menu/get?x': 5 } },
    { quotas: { '/cgi-bin/menu/get': -1 } },
    { quotas: { '/cgi-bin/menu/get': 1.5 } },
    { quotas: { '/cgi-bin/menu/get': '5' } },
  ])('refuses %j as a whole', async (bad) => {
    const { ask, call } = simulate();
    const response = await call('POST', '/_ctl/settings', {
      secret_frozen: true,
      account_type: 'test',
      ...bad,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_settings' } });
    expect(await ask('GET', '/_ctl/settings')).toMatchObject({
      secret_frozen: false,
      account_type: 'verified_service',
    });
  });
});
