import { describe, expect, test } from 'vitest';
import { alice, webAuthorised } from '../../web-authorised.ts';

type World = Awaited<ReturnType<typeof webAuthorised>>;

const asAlice = { cookie: `other=1; simulated_person=${alice}` };

/** Presses a button of the page that an answer holds, as a browser does. */
async function press(
  { call }: World,
  html: string,
  button: string,
  choice?: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const action = /<form method="post" action="([^"]+)">/.exec(html)?.[1] ?? '';
  const form = /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const body = new URLSearchParams({ form, button, ...(choice !== undefined && { choice }) });
  return call('POST', action.replaceAll('&amp;', '&'), body.toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    host: '127.0.0.1:8090',
    origin: 'http://127.0.0.1:8090',
    'sec-fetch-site': 'same-origin',
    ...headers,
  });
}

async function open(
  { call }: World,
  path: string,
  headers: Record<string, string> = asAlice,
): Promise<string> {
  const answer = await call('GET', path, undefined, headers);
  expect(answer.status).toBe(200);
  return answer.text();
}

describe('GET /connect/oauth2/authorize with snsapi_base', () => {
  test('goes back at once with code and state before what else the address has', async () => {
    const { call, exchange, page } = await webAuthorised();
    const answer = await call('GET', page({ scope: 'snsapi_base' }), undefined, asAlice);
    expect(answer.status).toBe(302);
    const location = answer.headers.get('location') ?? '';
    expect(location).toMatch(
      /^http:\/\/localhost:3000\/callback\?from=menu&code=[A-Za-z0-9]{32}&state=STATE1$/,
    );
    const code = new URL(location).searchParams.get('code') ?? '';
    expect(await exchange({ code })).toMatchObject({ openid: alice, scope: 'snsapi_base' });
  });

  test.each([
    ['http://localhost/', /^http:\/\/localhost\/\?code=\w{32}&state=STATE1$/],
    ['http://localhost', /^http:\/\/localhost\/\?code=\w{32}&state=STATE1$/],
    ['http://localhost/?', /^http:\/\/localhost\/\?code=\w{32}&state=STATE1$/],
    [
      'http://localhost/a?b=%2F#/route?x=1',
      /^http:\/\/localhost\/a\?b=%2F&code=\w{32}&state=STATE1#\/route\?x=1$/,
    ],
    [
      'https://例子.example/回调',
      /^https:\/\/xn--fsqu00a\.example\/%E5%9B%9E%E8%B0%83\?code=\w{32}&state=STATE1$/,
    ],
  ])('puts the code into %s', async (redirectUri, location) => {
    const { call, page } = await webAuthorised();
    const path = page({ scope: 'snsapi_base', redirect_uri: redirectUri });
    expect((await call('GET', path, undefined, asAlice)).headers.get('location')).toMatch(location);
  });

  test('has no state where none was given', async () => {
    const { call, page } = await webAuthorised();
    const path = page({ scope: 'snsapi_base', state: undefined });
    const answer = await call('GET', path, undefined, asAlice);
    expect(answer.headers.get('location')).toMatch(/\?from=menu&code=\w{32}$/);
  });
});

describe('GET /connect/oauth2/authorize with snsapi_userinfo', () => {
  test('asks first, and goes back with a code when it is allowed', async () => {
    const world = await webAuthorised();
    const html = await open(world, world.page());
    expect(html).toContain('The account asks for your nickname and picture');
    expect(html).toContain('You are Alice');
    const answer = await press(world, html, 'allow');
    expect(answer.status).toBe(302);
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
    expect(await world.exchange({ code })).toMatchObject({ openid: alice, scope: 'snsapi_userinfo' });
  });

  test('says the name of the account, as a text', async () => {
    const world = await webAuthorised();
    await world.ask('POST', '/_ctl/settings', { name: 'Corner <b> Coffee' });
    expect(await open(world, world.page())).toContain(
      '<h1>Corner &lt;b&gt; Coffee asks for your nickname and picture</h1>',
    );
  });

  test('goes nowhere when it is refused', async () => {
    const world = await webAuthorised();
    const answer = await press(world, await open(world, world.page()), 'refuse');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('location')).toBeNull();
    expect(await answer.text()).toContain('You have refused');
  });

  test('takes the answer of a form once, and for ten minutes', async () => {
    const world = await webAuthorised();
    const [html, late] = [await open(world, world.page()), await open(world, world.page())];
    await world.advance('599999ms');
    expect((await press(world, html, 'allow')).status).toBe(302);
    expect((await press(world, html, 'allow')).status).toBe(410);
    await world.advance('1ms');
    const answer = await press(world, late, 'allow');
    expect(answer.status).toBe(410);
    expect(await answer.text()).toContain('This page has expired');
  });

  test('lets no other page press the button', async () => {
    const world = await webAuthorised();
    const html = await open(world, world.page());
    for (const headers of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { host: 'evil.example', origin: 'http://evil.example' },
    ]) {
      expect((await press(world, html, 'allow', undefined, headers)).status).toBe(403);
    }
    expect((await press(world, html, 'allow')).status).toBe(302);
  });

  test('takes no answer without the token of a form', async () => {
    const world = await webAuthorised();
    const { status } = await press(world, '<form method="post" action="/connect/answer">', 'allow');
    expect(status).toBe(410);
  });

  test('shows names as text and runs no script', async () => {
    const world = await webAuthorised();
    await world.ask('POST', '/_ctl/followers', {
      openid: alice,
      nickname: '<img src=x onerror=alert(1)>"\'&',
    });
    const answer = await world.call('GET', world.page(), undefined, asAlice);
    const html = await answer.text();
    expect(html).toContain('You are &lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
    expect(html).not.toContain('<img');
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; form-action http: https:; base-uri 'none'; frame-ancestors 'none'$/,
    );
  });

  test('speaks the language of the browser', async () => {
    const { call, page } = await webAuthorised();
    const text = async (language: string): Promise<string> =>
      (await call('GET', page(), undefined, { ...asAlice, 'accept-language': language })).text();
    const chinese = await text('zh-CN,zh;q=0.9,en;q=0.8');
    expect(chinese).toContain('<html lang="zh-CN">');
    expect(chinese).toContain('公众号申请获取你的昵称、头像');
    expect(await text('en-US,en;q=0.9,zh-CN;q=0.8')).toContain('<html lang="en">');
  });
});

describe('whose browser it is', () => {
  const cookieOf = (answer: Response): string => answer.headers.get('set-cookie') ?? '';

  test('is asked where nobody knows, and remembered', async () => {
    const world = await webAuthorised();
    const path = world.page({ scope: 'snsapi_base' });
    const html = await open(world, path, {});
    expect(html).toContain('Whose WeChat is this?');
    expect(html).toContain(`value="${alice}" checked`);
    const answer = await press(world, html, 'go', alice);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(path);
    expect(cookieOf(answer)).toBe(`simulated_person=${alice}; Path=/; HttpOnly; SameSite=Lax`);
    const cookie = cookieOf(answer).split(';')[0] ?? '';
    expect((await world.call('GET', path, undefined, { cookie })).status).toBe(302);
  });

  test('is asked again where the cookie names nobody', async () => {
    const world = await webAuthorised();
    const html = await open(world, world.page(), { cookie: 'simulated_person=oGone' });
    expect(html).toContain('Whose WeChat is this?');
  });

  test('may be somebody new, who does not follow', async () => {
    const world = await webAuthorised();
    const html = await open(world, world.page(), {});
    const openId = /simulated_person=([\w-]{28});/.exec(
      cookieOf(await press(world, html, 'go', 'somebody new')),
    )?.[1];
    expect(await world.ask('GET', await world.path(`/cgi-bin/user/info?openid=${openId}`))).toEqual({
      subscribe: 0,
      openid: openId,
    });
  });

  test('asks again for a choice that is none', async () => {
    const world = await webAuthorised();
    for (const choice of [undefined, 'oGone']) {
      const answer = await press(world, await open(world, world.page(), {}), 'go', choice);
      expect(cookieOf(answer)).toBe('');
      expect(await answer.text()).toContain('Whose WeChat is this?');
    }
  });

  test('can be changed on the page that asks for consent, and at /connect/person', async () => {
    const world = await webAuthorised();
    const answer = await press(world, await open(world, world.page()), 'other');
    expect(await answer.text()).toContain('Whose WeChat is this?');
    const html = await open(world, '/connect/person');
    const location = (await press(world, html, 'go', alice)).headers.get('location') ?? '';
    expect(location).toBe(`/connect/person?appid=${world.account.appId}&chosen`);
    expect(await open(world, location)).toContain('<h1>Alice</h1>');
  });

  test('offers the newest 50 people', async () => {
    const world = await webAuthorised();
    await world.ask('POST', '/_ctl/followers', { count: 60 });
    const html = await open(world, world.page(), {});
    expect(html.match(/type="radio"/g)).toHaveLength(51);
    expect(html).not.toContain(alice);
  });
});

describe('GET /connect/oauth2/authorize refuses', () => {
  test.each([
    ['no AppID', { appid: undefined }, 'appid不能为空', 10012],
    ['another AppID', { appid: 'wx0000000000000000' }, 'AppID 参数错误', undefined],
    ['a third-party platform', { component_appid: 'wx1' }, '公众号未授权第三方平台，请检查授权状态', 10015],
    ['no redirect_uri', { redirect_uri: undefined }, 'redirect_uri不能为空', 10011],
    [
      'a redirect_uri that is no web address',
      { redirect_uri: 'javascript:alert(1)' },
      'redirect_uri 参数错误',
      10003,
    ],
    [
      'a redirect_uri encoded twice',
      { redirect_uri: 'http%3A%2F%2Flocalhost' },
      'redirect_uri 参数错误',
      10003,
    ],
    ['no response_type', { response_type: undefined }, 'response_type 参数错误', undefined],
    ['another response_type', { response_type: 'token' }, 'response_type 参数错误', undefined],
    ['no scope', { scope: undefined }, 'scope不能为空', 10010],
    ['the scope of web sites', { scope: 'snsapi_login' }, 'Scope 参数错误或没有 Scope 权限', 10005],
    ['two scopes', { scope: 'snsapi_base,snsapi_userinfo' }, 'Scope 参数错误或没有 Scope 权限', 10005],
    ['a state of 129 bytes', { state: `啊啊${'a'.repeat(123)}` }, 'state 参数错误', undefined],
  ])('%s', async (_what, changes, words, code) => {
    const world = await webAuthorised();
    const answer = await world.call('GET', world.page(changes), undefined, {
      ...asAlice,
      'accept-language': 'zh-CN',
    });
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('location')).toBeNull();
    expect(html).toContain(`<h1>${words}</h1>`);
    if (code === undefined) expect(html).not.toContain('错误码');
    else expect(html).toContain(`错误码：${code}`);
  });

  test('people who do not follow a test account with 10006, and nobody else', async () => {
    const { ask, call, page } = await webAuthorised();
    const status = async (): Promise<number> =>
      (await call('GET', page({ scope: 'snsapi_base' }), undefined, asAlice)).status;
    await ask('POST', '/_ctl/settings', { account_type: 'test' });
    expect(await status()).toBe(302);
    await ask('POST', '/_ctl/followers', { openid: alice, subscribed: false });
    const html = await (await call('GET', page(), undefined, asAlice)).text();
    expect(html).toContain('<h1>必须关注此测试号</h1>');
    expect(html).toContain('10006');
    await ask('POST', '/_ctl/settings', { account_type: 'verified_service' });
    expect(await status()).toBe(302);
  });

  test('an account that may not authorise with 10005', async () => {
    const { ask, call, page, code, exchange } = await webAuthorised();
    const given = await code('snsapi_base');
    await ask('POST', '/_ctl/settings', { account_type: 'verified_subscription' });
    const html = await (await call('GET', page(), undefined, asAlice)).text();
    expect(html).toContain('<h1>Scope 参数错误或没有 Scope 权限</h1>');
    expect(html).toContain('account_type');
    expect(await exchange({ code: given })).toMatchObject({ errcode: 48001 });
  });

  test.each([
    ['of 128 letters and digits', 'aZ09'.repeat(32), 'aZ09'.repeat(32)],
    ['of 128 bytes', `啊啊${'a'.repeat(122)}`, `${encodeURI('啊啊')}${'a'.repeat(122)}`],
    ['with other characters: they come back as they are', 'a-b_c==&d', 'a-b_c==&d'],
    ['that could not stand in a header', 'a\r\nb c', 'a%0D%0Ab%20c'],
  ])('nothing of a state %s', async (_what, state, expected) => {
    const { call, page } = await webAuthorised();
    const answer = await call('GET', page({ scope: 'snsapi_base', state }), undefined, asAlice);
    expect(answer.headers.get('location')?.split('&state=')[1]).toBe(expected);
  });

  test('a domain that is not among the web authorisation domains, subdomains included', async () => {
    const { ask, call, page } = await webAuthorised();
    await ask('POST', '/_ctl/settings', { web_auth_domains: ['m.example.com', 'localhost:3000'] });
    const status = async (redirectUri: string): Promise<number> =>
      (await call('GET', page({ scope: 'snsapi_base', redirect_uri: redirectUri }), undefined, asAlice))
        .status;
    expect(await status('http://m.example.com/a')).toBe(302);
    expect(await status('https://M.example.com:8443/a')).toBe(302);
    expect(await status('http://localhost:3000/a')).toBe(302);
    expect(await status('http://localhost:3001/a')).toBe(200);
    expect(await status('http://example.com/a')).toBe(200);
    expect(await status('http://a.m.example.com/a')).toBe(200);
    expect(await status('http://m.example.com@evil.example/a')).toBe(200);
    await ask('POST', '/_ctl/settings', { web_auth_domains: [] });
    expect(await status('http://example.com/a')).toBe(302);
  });
});
