import { describe, expect, test } from 'vitest';
import { formatString1, signJssdk, signString1 } from '../../../src/core/jssdk/jssdk.ts';
import type { ApiAnswer, CatalogueEntry, RequestDetail } from '../../../src/simulator/control/types/index.ts';
import { alice, phoned } from './phoned.ts';

type World = Awaited<ReturnType<typeof phoned>>;

async function call(world: World, body: unknown): Promise<ApiAnswer> {
  return (await world.ask('POST', '/_ctl/call', body)) as unknown as ApiAnswer;
}

describe('POST /_ctl/call', () => {
  test('fills in a token, and the call stands in the log as any other', async () => {
    const world = await phoned();
    const button = [{ type: 'click', name: '你好', key: 'K' }];
    const created = await call(world, { method: 'POST', path: '/cgi-bin/menu/create', body: { button } });
    expect(created).toMatchObject({ status: 200, errcode: 0, explanation: null });
    const read = await call(world, { path: '/cgi-bin/menu/get' });
    expect(read.body).toMatchObject({ menu: { button } });
    const log = (await world.ask('GET', '/_ctl/requests')) as unknown as unknown[];
    expect(log).toEqual([created.request, read.request]);
    expect(JSON.stringify(log)).not.toMatch(/SIM_[\w-]{20}/);
  });

  test('explains an errcode, and sends no token when told so', async () => {
    const world = await phoned();
    expect(await call(world, { path: '/cgi-bin/menu/get', token: false })).toMatchObject({
      errcode: 41001,
      explanation: { meaning: { en: expect.any(String), zh: expect.any(String) } },
    });
    expect(await call(world, { path: '/cgi-bin/menu/get', query: { access_token: 'x' } })).toMatchObject({
      errcode: 40014,
    });
  });

  test('shows a picture as one', async () => {
    const world = await phoned();
    const { ticket } = await world.createCode({
      action_name: 'QR_SCENE',
      action_info: { scene: { scene_id: 1 } },
    });
    const answer = await call(world, { path: '/cgi-bin/showqrcode', query: { ticket }, token: false });
    expect(answer.body).toMatch(/^data:image\/jpe?g;base64,\/9j\//);
  });

  test('sends the parts of a form as they are', async () => {
    const world = await phoned();
    const bytes = Uint8Array.from([0, 255, 13, 10, 128]);
    const form = new FormData();
    form.set(
      'call',
      JSON.stringify({ method: 'POST', path: '/cgi-bin/no/such/upload', query: { type: 'image' } }),
    );
    form.set('media', new File([bytes], '店 "1".png', { type: 'image/png' }));
    form.set('description', '{"title":"片"}');
    const answered = await world.fetch(
      new Request('http://127.0.0.1:8090/_ctl/call', { method: 'POST', body: form }),
    );
    expect(await answered.json()).toMatchObject({ status: 404, errcode: 40066 });
    const log = (await world.ask('GET', '/_ctl/requests')) as unknown as RequestDetail[];
    const path = `/_ctl/requests/${log.at(-1)?.id}`;
    expect((await world.ask('GET', path))['curl']).toMatch(/ --data-binary @body$/);
    const { curl, request_headers: headers } = (await world.ask(
      'GET',
      `${path}?secrets=show`,
    )) as unknown as RequestDetail;
    const base64 = /^printf %s '([A-Za-z0-9+/=]+)' \| base64 -d \| curl -X POST '/.exec(curl)?.[1] ?? '';
    const sent = await new Response(Buffer.from(base64, 'base64'), {
      headers: { 'content-type': headers['content-type'] ?? '' },
    }).formData();
    expect([...sent.keys()]).toEqual(['media', 'description']);
    expect(sent.get('description')).toBe('{"title":"片"}');
    const file = sent.get('media') as File;
    expect({ name: file.name, type: file.type, bytes: new Uint8Array(await file.arrayBuffer()) }).toEqual({
      name: '店 "1".png',
      type: 'image/png',
      bytes,
    });
  });

  test.each([
    ['no part "call"', { media: 'x' }],
    ['a call that is a file', { call: new File(['{}'], 'call.json') }],
    ['a call that is no JSON', { call: 'menu', media: 'x' }],
    [
      'a call with a body',
      { call: '{"method":"POST","path":"/cgi-bin/media/upload","body":{}}', media: 'x' },
    ],
    ['a call that is GET', { call: '{"path":"/cgi-bin/media/upload"}', media: 'x' }],
  ])('refuses a form with %s', async (_name, parts) => {
    const world = await phoned();
    const form = new FormData();
    for (const [name, part] of Object.entries(parts)) form.set(name, part);
    const request = new Request('http://127.0.0.1:8090/_ctl/call', { method: 'POST', body: form });
    const answered = await world.fetch(request);
    expect(answered.status).toBe(400);
    expect(await answered.json()).toMatchObject({ error: { type: 'invalid_body' } });
  });

  test('refuses a form that is not as its boundary says', async () => {
    const world = await phoned();
    const answered = await world.call('POST', '/_ctl/call', 'no parts', {
      'content-type': 'multipart/form-data; boundary=x',
    });
    expect(answered.status).toBe(400);
    expect(await answered.json()).toMatchObject({ error: { type: 'invalid_body' } });
  });

  test('says that the connection was dropped', async () => {
    const world = await phoned();
    await world.call('POST', '/_ctl/faults', { path: '/cgi-bin/menu/get', drop: true });
    expect(await call(world, { path: '/cgi-bin/menu/get' })).toMatchObject({
      status: null,
      request: { note: 'dropped' },
    });
  });

  test.each([
    [{ path: '/_ctl/reset', method: 'POST' }, 'invalid_body'],
    [{ path: 'http://example.com/' }, 'invalid_body'],
    [{ path: '/cgi-bin/menu/get', query: { a: 1 } }, 'invalid_body'],
    [{ path: '/cgi-bin/menu/get', method: 'DELETE' }, 'invalid_body'],
    [{}, 'invalid_body'],
  ])('refuses %j', async (body, type) => {
    const world = await phoned();
    expect(await world.ask('POST', '/_ctl/call', body)).toMatchObject({ error: { type } });
  });

  test('has no token where the platform gives none', async () => {
    const world = await phoned();
    await world.call('POST', '/_ctl/settings', { whitelist: [] });
    expect(await world.ask('POST', '/_ctl/call', { path: '/cgi-bin/menu/get' })).toMatchObject({
      error: { type: 'no_token', message: expect.stringContaining('40164') },
    });
  });
});

describe('GET /_ctl/requests/:id', () => {
  const detail = async (world: World, id: number, query = ''): Promise<RequestDetail> =>
    (await world.ask('GET', `/_ctl/requests/${id}${query}`)) as unknown as RequestDetail;

  test('shows secrets only when asked, and the call for a shell', async () => {
    const world = await phoned();
    const { secret, appId } = world.account;
    const body = { grant_type: 'client_credential', appid: appId, secret, note: "it's" };
    await world.call('POST', '/cgi-bin/stable_token?secret=abc', body, {
      'content-type': 'application/json',
      authorization: secret,
    });
    const masked = await detail(world, 1);
    expect(JSON.stringify(masked)).not.toContain(secret);
    expect(masked).toMatchObject({ path: '/cgi-bin/stable_token', repeatable: true, query: { secret: '…' } });
    const shown = await detail(world, 1, '?secrets=show');
    expect(shown.request_body).toBe(JSON.stringify(body));
    expect(shown.request_headers['authorization']).toBe(secret);
    expect(shown.curl).toBe(
      `curl -X POST 'http://127.0.0.1:8090/cgi-bin/stable_token?secret=abc' -H 'content-type: application/json' --data-binary '${JSON.stringify(body).replace("'", String.raw`'\''`)}'`,
    );
    expect((await world.call('GET', '/_ctl/requests/99')).status).toBe(400);
  });

  test('POST …/again sends the same call once more, with a new token when asked', async () => {
    const world = await phoned();
    const path = await world.path('/cgi-bin/menu/get');
    await world.call('GET', path);
    await world.stable(true);
    const again = async (body: unknown) =>
      (await world.ask('POST', '/_ctl/requests/2/again', body)) as unknown as ApiAnswer;
    expect(await again({})).toMatchObject({ errcode: 40001, request: { path: '/cgi-bin/menu/get' } });
    expect(await again({ fresh_token: true })).toMatchObject({ errcode: 46003 });
  });

  test('cannot send a call again whose body is above 16384 bytes', async () => {
    const world = await phoned();
    for (const length of [16_384, 16_385]) {
      await world.call('POST', '/cgi-bin/stable_token', 'x'.repeat(length));
    }
    expect([(await detail(world, 1)).repeatable, (await detail(world, 2)).repeatable]).toEqual([true, false]);
    expect((await world.call('POST', '/_ctl/requests/1/again')).status).toBe(200);
    expect((await world.call('POST', '/_ctl/requests/2/again')).status).toBe(400);
  });
});

describe('GET /_ctl/catalogue', () => {
  test('has every call of the platform, those that are simulated first', async () => {
    const world = await phoned();
    const entries = (await world.ask('GET', '/_ctl/catalogue')) as unknown as CatalogueEntry[];
    expect(entries).toHaveLength(465);
    const simulated = entries.filter((entry) => entry.simulated);
    expect(entries.slice(0, simulated.length)).toEqual(simulated);
    expect(simulated.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/cgi-bin/token', '/cgi-bin/menu/create', '/cgi-bin/qrcode/create']),
    );
    expect(simulated.map(({ path }) => path)).not.toContain('/card/create');
    expect(entries.find(({ path }) => path === '/cgi-bin/menu/create')).toMatchObject({
      title: { zh: expect.stringMatching(/菜单/) },
      method: 'POST',
      query: [],
      body: 'json',
      body_example: { button: expect.any(Array) },
      needs_token: true,
      daily_quota: 1000,
      monthly_quota: null,
      doc: expect.stringMatching(/^https:\/\/developers\.weixin\.qq\.com\//),
    });
    expect(entries.find(({ path }) => path === '/cgi-bin/clear_quota')).toMatchObject({
      daily_quota: null,
      monthly_quota: 10,
    });
  });
});

describe('POST /_ctl/jssdk', () => {
  const url = 'https://example.com/page?a=1#top';
  const judge = async (world: World, change: Record<string, unknown> = {}) => {
    const { ticket = '' } = await world.ask('GET', await world.path('/cgi-bin/ticket/getticket?type=jsapi'));
    const fields = { ticket, nonceStr: 'n', timestamp: 1768449600, url };
    const config = { appId: world.account.appId, timestamp: 1768449600, nonceStr: 'n', url };
    return await world.ask('POST', '/_ctl/jssdk', { ...config, signature: signJssdk(fields), ...change });
  };

  test('passes the right signature of the page without its fragment, timestamp as number or text', async () => {
    const world = await phoned();
    expect(await judge(world)).toMatchObject({ ok: true, err_msg: 'config:ok', mistake: null });
    expect(await judge(world, { timestamp: '1768449600' })).toMatchObject({ ok: true });
    expect(JSON.stringify(await judge(world))).not.toMatch(/SIM_[\w-]{20}/);
  });

  test('judges by the form that a browser shows', async () => {
    const world = await phoned();
    const { ticket = '' } = await world.ask('GET', await world.path('/cgi-bin/ticket/getticket?type=jsapi'));
    const sign = (signed: string) => signJssdk({ ticket, nonceStr: 'n', timestamp: 1768449600, url: signed });
    const page = { url: 'https://EXAMPLE.com#top' };
    expect(await judge(world, { ...page, signature: sign('https://example.com/') })).toMatchObject({
      ok: true,
    });
    expect(await judge(world, { ...page, signature: sign('https://example.com') })).toMatchObject({
      ok: false,
      mistake: 'trailing_slash',
    });
    expect(await judge(world, { ...page, signature: sign('https://EXAMPLE.com') })).toMatchObject({
      ok: false,
      mistake: 'browser_form',
    });
  });

  test('says both of two mistakes', async () => {
    const world = await phoned();
    const { ticket = '' } = await world.ask('GET', await world.path('/cgi-bin/ticket/getticket?type=jsapi'));
    const fields = { ticket, nonceStr: 'n', timestamp: '1768449600', url: 'http://example.com/page?a=1' };
    const signature = signString1(formatString1(fields).replace('noncestr', 'nonceStr'));
    const answer = await judge(world, { signature });
    expect(answer).toMatchObject({ ok: false, mistake: 'scheme' });
    expect((answer['text'] as unknown as { en: string }).en).toMatch(
      /http or https.*; and a name in string1/,
    );
  });

  test.each([
    [{ appId: 'wx0000000000000000' }, 'config:invalid appid'],
    [{ url: 'https://example.com/page' }, 'config:invalid signature'],
    [{ nonceStr: 'm' }, 'config:invalid signature'],
    [{ timestamp: 1768449601 }, 'config:invalid signature'],
  ])('fails %j', async (change, message) => {
    expect(await judge(await phoned(), change)).toMatchObject({ ok: false, err_msg: message });
  });

  test.each([
    ['fragment_kept', { url: 'https://example.com/page?a=1#top' }],
    ['scheme', { url: 'http://example.com/page?a=1' }],
    ['query_missing', { url: 'https://example.com/page' }],
  ])('names %s', async (mistake, signed) => {
    const world = await phoned();
    const { ticket = '' } = await world.ask('GET', await world.path('/cgi-bin/ticket/getticket?type=jsapi'));
    const fields = { ticket, nonceStr: 'n', timestamp: '1768449600', ...signed };
    const signature = signString1(formatString1(fields));
    expect(await judge(world, { signature })).toMatchObject({ ok: false, mistake });
  });

  test('names nothing for a signature of nothing', async () => {
    const signature = 'a'.repeat(40);
    expect(await judge(await phoned(), { signature })).toMatchObject({ ok: false, mistake: null });
  });

  test('says that a ticket is missing or has expired', async () => {
    const world = await phoned();
    const config = { appId: world.account.appId, timestamp: 1, nonceStr: 'n', signature: 's', url };
    expect(await world.ask('POST', '/_ctl/jssdk', config)).toMatchObject({ mistake: 'no-ticket' });
    const good = await judge(world);
    await world.advance('2h');
    expect(good['ok']).toBe(true);
    expect(await world.ask('POST', '/_ctl/jssdk', config)).toMatchObject({ mistake: 'no-ticket' });
  });

  test.each([{ timestamp: 'soon' }, { url: 'example.com' }, { nonceStr: 7 }, { extra: 1 }])(
    'refuses %j',
    async (change) => {
      expect(await judge(await phoned(), change)).toMatchObject({ error: { message: expect.any(String) } });
    },
  );
});

test('every control call refuses a foreign origin, and a name that leads here', async () => {
  const world = await phoned();
  const calls = [
    ['GET', '/_ctl/events'],
    ['GET', `/_ctl/chats/${alice}`],
    ['POST', `/_ctl/phone/${alice}/send`],
    ['POST', '/_ctl/push'],
    ['GET', '/_ctl/callback?secrets=show'],
    ['POST', '/_ctl/callback'],
    ['POST', '/_ctl/call'],
    ['POST', '/_ctl/scenario'],
  ] as const;
  for (const [method, path] of calls) {
    for (const headers of [{ origin: 'https://evil.example' }, { host: 'evil.example' }]) {
      expect((await world.call(method, path, method === 'POST' ? {} : undefined, headers)).status).toBe(403);
    }
  }
  expect(world.received).toEqual([]);
});
