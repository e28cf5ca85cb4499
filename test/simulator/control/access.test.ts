import { describe, expect, test } from 'vitest';
import { phoned, alice as follower, ownFields } from './phoned.ts';
import type { SavedSimulator } from '../../../src/simulator/account/saved.ts';
import { simulate } from '../simulated.ts';
import { alice, webAuthorised } from '../web-authorised.ts';

const phone = (action: string): string => `/_ctl/phone/${alice}/${action}`;

/** Begins to listen; then gives what is told up to the first event of that name. */
async function listen(
  call: (method: string, path: string) => Promise<Response>,
  name: string,
): Promise<() => Promise<string>> {
  const stream = (await call('GET', '/_ctl/events')).body?.getReader();
  await stream?.read();
  return async () => {
    let seen = '';
    while (!seen.includes(`event: ${name}\n`)) {
      const { value, done } = (await stream?.read()) ?? { done: true };
      if (done) break;
      seen += Buffer.from(value as Uint8Array).toString();
    }
    await stream?.cancel();
    return seen;
  };
}

describe('POST /_ctl/phone/:openid/browse', () => {
  test('gives an address that opens the page once, as this person', async () => {
    const { ask, call, page } = await webAuthorised();
    const { url } = await ask('POST', phone('browse'), { url: 'http://localhost:3000/shop?a=1#b' });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:8090\/connect\/as\/[\w-]{32}\?appid=wx[0-9a-f]{16}$/);
    const path = String(url).slice('http://127.0.0.1:8090'.length);
    const answer = await call('GET', path);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('http://localhost:3000/shop?a=1#b');
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await call('GET', page({ scope: 'snsapi_base' }), undefined, { cookie })).status).toBe(302);
    expect((await call('GET', path)).status).toBe(410);
  });

  test('is no call of the platform, and so not in the log', async () => {
    const { ask, call } = await webAuthorised();
    const { url } = await ask('POST', phone('browse'), { url: 'http://localhost:3000/' });
    await call('GET', new URL(String(url)).pathname);
    expect(await ask('GET', '/_ctl/requests')).toEqual([]);
  });

  test('refuses what no browser opens, and people whom nobody knows', async () => {
    const { ask, call } = await webAuthorised();
    for (const url of ['javascript:alert(1)', 'shop', undefined, 7]) {
      expect(await ask('POST', phone('browse'), { url })).toMatchObject({ error: { type: 'invalid_body' } });
    }
    const answer = await call('POST', '/_ctl/phone/oGone/browse', { url: 'http://localhost/' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { type: 'unknown_person' } });
  });
});

describe('POST /_ctl/phone/:openid/authorize', () => {
  test('does in one call what a browser does in three', async () => {
    const { ask, exchange, page } = await webAuthorised();
    const url = `https://open.weixin.qq.com${page()}#wechat_redirect`;
    const { code, ...rest } = await ask('POST', phone('authorize'), { url });
    expect(rest).toEqual({
      redirect_url: `http://localhost:3000/callback?from=menu&code=${String(code)}&state=STATE1`,
      notes: [],
    });
    expect(await exchange({ code: String(code) })).toMatchObject({ openid: alice });
  });

  test('leads nowhere where the person refuses, who is not asked for the openid alone', async () => {
    const { ask, page } = await webAuthorised();
    const authorize = (scope: string) =>
      ask('POST', phone('authorize'), { url: `http://x${page({ scope })}#wechat_redirect`, allow: false });
    expect(await authorize('snsapi_userinfo')).toEqual({ redirect_url: null, code: null, notes: [] });
    expect((await authorize('snsapi_base'))['redirect_url']).toMatch(/code=/);
  });

  test('notes what works here and may not on a phone', async () => {
    const { account, ask, page } = await webAuthorised();
    const notes = async (url: string): Promise<readonly string[]> => {
      const { notes: found } = await ask('POST', phone('authorize'), { url });
      return (found as readonly { en: string }[]).map(({ en }) => en);
    };
    const address = `http://x${page()}`;
    expect(await notes(`${address}#wechat_redirect`)).toEqual([]);
    expect(await notes(`${address}&forcePopup=true#wechat_redirect`)).toEqual([]);
    expect(await notes(address)).toEqual([expect.stringMatching(/must end with "#wechat_redirect"/)]);
    expect(await notes(`http://x${page({ state: 'a-b' })}#wechat_redirect`)).toEqual([
      expect.stringMatching(/^Use letters and digits alone in state/),
    ]);
    const bare = `http://x/connect/oauth2/authorize?appid=${account.appId}&redirect_uri=http://a.b/?x=1&y=2`;
    expect(await notes(`${bare}&scope=snsapi_base&response_type=code#wechat_redirect`)).toEqual([
      expect.stringMatching(/^redirect_uri must be percent-encoded/),
      expect.stringMatching(/order appid, redirect_uri, response_type, scope, state/),
      expect.stringMatching(/^"y" is no parameter of this address/),
    ]);
  });

  test('says in both languages why WeChat refuses', async () => {
    const { ask, page } = await webAuthorised();
    const url = `http://x${page({ scope: 'snsapi_login' })}`;
    expect(await ask('POST', phone('authorize'), { url })).toEqual({
      error: {
        type: 'authorize_refused',
        message: expect.stringMatching(
          /^WeChat refuses: Scope 参数错误或没有 Scope 权限 10005\. scope must be /,
        ),
        message_zh: expect.stringMatching(
          /^微信拒绝授权：Scope 参数错误或没有 Scope 权限 10005。scope 只能是“/,
        ),
      },
    });
  });

  test('refuses who does not follow a test account', async () => {
    const { ask, page } = await webAuthorised();
    await ask('POST', '/_ctl/settings', { account_type: 'test' });
    await ask('POST', '/_ctl/followers', { openid: alice, subscribed: false });
    expect(await ask('POST', phone('authorize'), { url: `http://x${page()}` })).toMatchObject({
      error: { message: expect.stringMatching(/必须关注此测试号 10006/) },
    });
  });

  test('takes no other page and no other fields', async () => {
    const { ask, page } = await webAuthorised();
    const invalid = { error: { type: 'invalid_body' } };
    for (const body of [{}, { url: 'http://x/connect/qrconnect' }, { url: 'x' }]) {
      expect(await ask('POST', phone('authorize'), body)).toMatchObject(invalid);
    }
    const url = `http://x${page()}`;
    expect(await ask('POST', phone('authorize'), { url, allow: 'yes' })).toMatchObject(invalid);
    expect(await ask('POST', phone('authorize'), { url, scope: 'x' })).toMatchObject(invalid);
  });
});

describe('POST /_ctl/phone/:openid/revoke', () => {
  test('pushes user_authorization_revoke from the platform, with the person inside', async () => {
    const { account, ask, pushes, received } = await phoned();
    expect(await ask('POST', `/_ctl/phone/${follower}/revoke`, { info: '201' })).toEqual({ ended: 0 });
    await expect.poll(pushes).toHaveLength(1);
    const body = String(received[0]?.body);
    expect(body).not.toContain(`<FromUserName><![CDATA[${follower}]]>`);
    expect(ownFields(body)).toMatch(
      new RegExp(
        `<Event><!\\[CDATA\\[user_authorization_revoke\\]\\]></Event>\\s*<OpenID><!\\[CDATA\\[${follower}\\]\\]></OpenID>\\s*<AppID><!\\[CDATA\\[${account.appId}\\]\\]></AppID>\\s*<RevokeInfo><!\\[CDATA\\[201\\]\\]></RevokeInfo>`,
      ),
    );
    expect(body).toMatch(/<UnionID><!\[CDATA\[o[\w-]{27}\]\]><\/UnionID>/);
  });

  test('takes back name and picture: 50001 from then on, the openid stays', async () => {
    const { ask, token, userInfo } = await webAuthorised();
    const { access_token: value } = await token('snsapi_userinfo');
    await token('snsapi_base');
    expect(await ask('POST', phone('revoke'), {})).toEqual({ ended: 1 });
    expect(await userInfo(value)).toMatchObject({
      errcode: 50001,
      errmsg: expect.stringMatching(/^api unauthorized or user unauthorized, rid: /),
    });
    expect(await ask('GET', `/sns/auth?access_token=${value}&openid=${alice}`)).toMatchObject({ errcode: 0 });
    expect(await ask('POST', phone('revoke'))).toEqual({ ended: 0 });
    const { access_token: again } = await token('snsapi_userinfo');
    expect(await userInfo(again)).toMatchObject({ nickname: 'Alice' });
  });

  test('leaves the name where something else is taken back', async () => {
    const { ask, token, userInfo } = await webAuthorised();
    const { access_token: value } = await token('snsapi_userinfo');
    expect(await ask('POST', phone('revoke'), { info: '206' })).toEqual({ ended: 0 });
    expect(await userInfo(value)).toMatchObject({ nickname: 'Alice' });
    expect(await ask('POST', phone('revoke'), { info: 'name' })).toMatchObject({
      error: { type: 'invalid_body' },
    });
  });
});

describe('POST /_ctl/phone/:openid/password', () => {
  test('ends the web tokens of this person with 42007, and nobody else’s', async () => {
    const { ask, page, exchange, refresh, token, userInfo } = await webAuthorised();
    const mine = await token('snsapi_userinfo');
    await ask('POST', '/_ctl/followers', { openid: 'oBob' });
    const { code } = await ask('POST', '/_ctl/phone/oBob/authorize', { url: `http://x${page()}` });
    const { access_token: bobs } = await exchange({ code: String(code) });
    expect(await ask('POST', phone('password'))).toEqual({ ended: 1 });
    expect(await userInfo(mine.access_token)).toMatchObject({ errcode: 42007 });
    expect(await refresh(mine['refresh_token'])).toMatchObject({ errcode: 42007 });
    expect(await userInfo(bobs, 'oBob')).toMatchObject({ openid: 'oBob' });
    expect(await ask('POST', phone('password'))).toEqual({ ended: 0 });
  });
});

describe('POST /_ctl/phone/:openid/profile', () => {
  test('changes the name and pushes user_info_modified', async () => {
    const { ask, pushes, received } = await phoned();
    expect(await ask('POST', `/_ctl/phone/${follower}/profile`, { nickname: '李雷' })).toEqual({
      nickname: '李雷',
    });
    await expect.poll(pushes).toHaveLength(1);
    expect(String(received[0]?.body)).toContain('<Event><![CDATA[user_info_modified]]></Event>');
    expect(await ask('GET', `/_ctl/chats/${follower}`)).toMatchObject({ follower: { nickname: '李雷' } });
  });
});

describe('a changed profile', () => {
  test('is told to the page', async () => {
    const { ask, call } = await webAuthorised();
    const told = await listen(call, 'follower');
    await ask('POST', phone('profile'), { nickname: 'Alicia' });
    expect(await told()).toContain('"nickname":"Alicia"');
  });
});

describe('the administrator’s confirmation of new addresses', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const start = async () => {
    const world = await webAuthorised();
    await world.ask('POST', '/_ctl/settings', { whitelist: ['127.0.0.1'], ip_confirmation: true });
    const { appId: appid, secret } = world.account;
    const path = `/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=${secret}`;
    return {
      ...world,
      from: (address: string) => world.errcode('GET', path, undefined, from(address)),
      decide: (address: string, allow: boolean) => world.ask('POST', '/_ctl/ip-requests', { address, allow }),
    };
  };

  test('is asked with 89503, and waited for with 89501', async () => {
    const { ask, decide, from: call } = await start();
    expect(await call('127.0.0.1')).toBe(0);
    expect(await call('203.0.113.7')).toBe(89503);
    expect(await call('203.0.113.7')).toBe(89501);
    const pending = {
      address: '203.0.113.7',
      state: 'pending',
      asked_at: '2026-01-15T04:00:00.000Z',
      refused_until: null,
    };
    expect(await ask('GET', '/_ctl/ip-requests')).toEqual([pending]);
    expect(await decide('203.0.113.7', true)).toEqual({ ...pending, state: 'allowed' });
    expect(await call('203.0.113.7')).toBe(0);
    expect(await call('203.0.113.8')).toBe(89503);
  });

  test('refuses for an hour with 89507, the second time for a day with 89506', async () => {
    const { advance, decide, from: call } = await start();
    await call('203.0.113.7');
    expect(await decide('203.0.113.7', false)).toMatchObject({
      state: 'refused',
      refused_until: '2026-01-15T05:00:00.000Z',
    });
    await advance('3599999ms');
    expect(await call('203.0.113.7')).toBe(89507);
    await advance('1ms');
    expect(await call('203.0.113.7')).toBe(89503);
    expect(await decide('203.0.113.7', false)).toMatchObject({ refused_until: '2026-01-16T05:00:00.000Z' });
    await advance('86399999ms');
    expect(await call('203.0.113.7')).toBe(89506);
    await advance('1ms');
    expect(await call('203.0.113.7')).toBe(89503);
    await decide('203.0.113.7', true);
    expect(await call('203.0.113.7')).toBe(0);
  });

  test('is for stable_token and clear_quota/v2 as well', async () => {
    const { account, ask } = await start();
    const body = { grant_type: 'client_credential', appid: account.appId, secret: account.secret };
    expect(await ask('POST', '/cgi-bin/stable_token', body, from('203.0.113.1'))).toMatchObject({
      errcode: 89503,
      errmsg: expect.stringMatching(
        /^this call needs the confirmation of the administrator, please wait rid: /,
      ),
    });
    const path = `/cgi-bin/clear_quota/v2?appid=${account.appId}&appsecret=${account.secret}`;
    expect(await ask('POST', path, undefined, from('203.0.113.2'))).toMatchObject({ errcode: 89503 });
  });

  test('stands in for a whitelist that is off', async () => {
    const { ask, from: call } = await start();
    await ask('POST', '/_ctl/settings', { whitelist: null });
    expect(await call('127.0.0.1')).toBe(89503);
    await ask('POST', '/_ctl/settings', { ip_confirmation: false });
    expect(await call('127.0.0.1')).toBe(0);
  });

  test('refuses words about an address that has not asked, and other fields', async () => {
    const { ask, decide } = await start();
    expect(await decide('203.0.113.7', true)).toMatchObject({ error: { type: 'unknown_address' } });
    for (const body of [{ address: 'x' }, { allow: true }, { address: 'x', allow: true, by: 'me' }]) {
      expect(await ask('POST', '/_ctl/ip-requests', body)).toMatchObject({ error: { type: 'invalid_body' } });
    }
  });

  test('is told to the page', async () => {
    const { call, from: ask } = await start();
    const told = await listen(call, 'ip_requests');
    await ask('203.0.113.7');
    expect(await told()).toContain('"address":"203.0.113.7","state":"pending"');
  });
});

describe('save() and web authorisation', () => {
  test('goes on with tokens, codes and the administrator’s words; a reset forgets them', async () => {
    const world = await webAuthorised();
    const { access_token: value } = await world.token('snsapi_userinfo');
    const code = await world.code('snsapi_base');
    const forwarded = { 'x-forwarded-for': '203.0.113.7' };
    await world.ask('POST', '/_ctl/settings', {
      ip_confirmation: true,
      whitelist: ['127.0.0.1'],
      web_auth_domains: ['localhost:3000'],
    });
    const { appId: appid, secret } = world.account;
    const token = `/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=${secret}`;
    expect(await world.errcode('GET', token, undefined, forwarded)).toBe(89503);
    const next = simulate({ saved: JSON.parse(JSON.stringify(world.save())) as SavedSimulator });
    const userInfo = `/sns/userinfo?access_token=${value}&openid=${alice}`;
    const exchange = `/sns/oauth2/access_token?appid=${appid}&secret=${secret}&code=${code}&grant_type=authorization_code`;
    expect(await next.ask('GET', userInfo)).toMatchObject({ nickname: 'Alice' });
    expect(await next.ask('GET', exchange)).toMatchObject({ openid: alice });
    expect(await next.errcode('GET', token, undefined, forwarded)).toBe(89501);
    expect(await next.ask('GET', '/_ctl/settings')).toMatchObject({
      ip_confirmation: true,
      web_auth_domains: ['localhost:3000'],
    });
    await next.ask('POST', '/_ctl/reset');
    expect(await next.errcode('GET', userInfo)).toBe(40001);
    expect(await next.ask('GET', '/_ctl/ip-requests')).toEqual([]);
    expect(await next.errcode('GET', token, undefined, forwarded)).toBe(0);
  });
});

describe('web authorisation of a second account', () => {
  test('has people, codes and tokens of its own, in the browser too', async () => {
    const world = await webAuthorised();
    const { appid, secret } = await world.ask('POST', '/_ctl/accounts', {});
    const query = `?account=${String(appid)}`;
    await world.ask('POST', `/_ctl/followers${query}`, { openid: 'oCarol', nickname: 'Carol' });
    const page = world.page({ appid: String(appid) });
    const { url } = await world.ask('POST', `/_ctl/phone/oCarol/browse${query}`, {
      url: `http://127.0.0.1:8090${page}`,
    });
    const opened = await world.call('GET', String(url).slice('http://127.0.0.1:8090'.length));
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
    const html = await (await world.call('GET', page, undefined, { cookie })).text();
    expect(html).toContain('You are Carol');
    const form = /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const action = /action="([^"]+)"/.exec(html)?.[1] ?? '';
    const allowed = await world.call('POST', action, `form=${form}&button=allow`);
    const code = new URL(allowed.headers.get('location') ?? '').searchParams.get('code') ?? '';
    expect(await world.exchange({ code })).toMatchObject({ errcode: 40029 });
    const own = { appid: String(appid), secret: String(secret) };
    const { access_token: value } = await world.exchange({ ...own, code });
    expect(await world.userInfo(value, 'oCarol')).toMatchObject({ nickname: 'Carol' });
  });
});
