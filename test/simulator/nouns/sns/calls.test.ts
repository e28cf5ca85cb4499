import { Hono } from 'hono/tiny';
import jpeg from 'jpeg-js';
import { describe, expect, test } from 'vitest';
import { createAccount } from '../../../../src/simulator/account/account.ts';
import { answerCall, type ApiApp, type World } from '../../../../src/simulator/server/endpoint.ts';
import { createPlatform } from '../../../../src/simulator/account/platform.ts';
import { Refusal } from '../../../../src/simulator/server/refusal.ts';
import { calls } from '../../../../src/simulator/nouns/sns/calls.ts';
import { createSeededRandom } from '../../../../src/simulator/random/seeded.ts';
import { createSimulatedClock } from '../../../../src/simulator/account/simulated-clock.ts';
import { alice, webAuthorised } from '../../web-authorised.ts';

const simToken = expect.stringMatching(/^SIM_[A-Za-z0-9_-]{132}$/);

/** An answer with this errcode, and a comma before the rid. */
function refused(errcode: number, words: string): object {
  return {
    errcode,
    errmsg: expect.stringMatching(new RegExp(`^${words}, rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$`)),
  };
}

describe('GET /sns/oauth2/access_token', () => {
  test('gives a token for two hours, and the unionid only for snsapi_userinfo', async () => {
    const { token } = await webAuthorised();
    const common = { access_token: simToken, expires_in: 7200, refresh_token: simToken, openid: alice };
    expect(await token('snsapi_base')).toEqual({ ...common, scope: 'snsapi_base' });
    expect(await token('snsapi_userinfo')).toEqual({
      ...common,
      scope: 'snsapi_userinfo',
      unionid: 'oUnion',
    });
  });

  test('has no unionid for an account that is bound to no Open Platform', async () => {
    const { ask, token, userInfo } = await webAuthorised();
    await ask('POST', '/_ctl/settings', { open_platform: false });
    const granted = await token('snsapi_userinfo');
    expect(granted).not.toHaveProperty('unionid');
    expect(await userInfo(granted.access_token)).not.toHaveProperty('unionid');
  });

  test('takes a code once, and refuses it again with 40163', async () => {
    const { code, exchange } = await webAuthorised();
    const given = await code('snsapi_base');
    expect(given).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(await exchange({ code: given })).toMatchObject({ openid: alice });
    expect(await exchange({ code: given })).toEqual(refused(40163, 'code been used'));
  });

  test('takes a code until five minutes are over, then answers 42003', async () => {
    const { advance, code, exchange } = await webAuthorised();
    const [inTime, late] = [await code('snsapi_base'), await code('snsapi_base')];
    await advance('299999ms');
    expect(await exchange({ code: inTime })).toMatchObject({ openid: alice });
    await advance('1ms');
    expect(await exchange({ code: late })).toEqual(refused(42003, 'code expired'));
  });

  test('checks AppID, grant type, secret and code in this order, and refuses with their errcodes', async () => {
    const { code, exchange } = await webAuthorised();
    const nothing = { appid: undefined, secret: undefined, grant_type: undefined };
    expect(await exchange(nothing)).toEqual(refused(41002, 'appid missing'));
    const foreign = { ...nothing, appid: 'wx0000000000000000' };
    expect(await exchange(foreign)).toEqual(refused(40013, 'invalid appid'));
    expect(await exchange({ grant_type: 'client_credential', secret: undefined })).toEqual(
      refused(40002, 'invalid grant_type'),
    );
    expect(await exchange({ secret: undefined })).toEqual(refused(41004, 'appsecret missing'));
    expect(await exchange({ secret: 'x' })).toEqual(refused(40125, 'invalid appsecret'));
    expect(await exchange()).toEqual(refused(41008, 'missing code'));
    expect(await exchange({ code: 'x'.repeat(32) })).toEqual(refused(40029, 'invalid code'));
    expect(await exchange({ code: await code('snsapi_base') })).toMatchObject({ openid: alice });
  });

  test('does not use a code up that comes with a wrong secret', async () => {
    const { code, exchange } = await webAuthorised();
    const given = await code('snsapi_base');
    expect(await exchange({ code: given, secret: 'x' })).toMatchObject({ errcode: 40125 });
    expect(await exchange({ code: given })).toMatchObject({ openid: alice });
  });

  test('looks at the whitelist, but not where only the AppSecret of the account is checked', async () => {
    const { ask, classic, code, exchange, token } = await webAuthorised();
    const given = await code('snsapi_base');
    await ask('POST', '/_ctl/settings', { whitelist: [] });
    expect(await classic()).toMatchObject({ errcode: 40164 });
    expect(await exchange({ code: given })).toMatchObject({ errcode: 40164 });
    await ask('POST', '/_ctl/settings', { whitelist_scope: 'secret' });
    expect(await exchange({ code: given })).toMatchObject({ openid: alice });
    expect(await classic()).toMatchObject({ errcode: 40164 });
    expect(await token('snsapi_base')).toMatchObject({ openid: alice });
  });

  test('names an invented person where the page was a snapshot', async () => {
    const { ask, exchange, page, userInfo } = await webAuthorised();
    const url = `https://open.weixin.qq.com${page()}#wechat_redirect`;
    const { code } = await ask('POST', `/_ctl/phone/${alice}/authorize`, { url, snapshot: true });
    const { access_token: value, openid, is_snapshotuser: flag } = await exchange({ code: String(code) });
    expect(flag).toBe(1);
    expect(openid).not.toBe(alice);
    expect(await userInfo(value, String(openid))).toMatchObject({ nickname: '微信用户' });
  });

  test('answers JSON as plain text, errors too', async () => {
    const { call } = await webAuthorised();
    const answer = await call('GET', '/sns/oauth2/access_token');
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(await answer.json()).toMatchObject({ errcode: 41002 });
  });

  test('refuses POST with 43001', async () => {
    const { ask } = await webAuthorised();
    expect(await ask('POST', '/sns/oauth2/access_token')).toEqual(refused(43001, 'require GET method'));
  });

  test('answers 50000 calls a minute and refuses the next with 45011', async () => {
    const clock = createSimulatedClock({ now: () => 0, monotonic: () => 0, sleep: async () => {} });
    const createRandom = (stream: string) => createSeededRandom(7, stream);
    const account = createAccount(createRandom('account'));
    const platform = createPlatform({ account, clock, createRandom });
    const app: ApiApp = new Hono();
    const path = '/sns/oauth2/access_token';
    const [endpoint] = calls.filter((each) => each.path === path);
    if (endpoint === undefined) return expect.fail('has no such call');
    // It needs no more of the world.
    app.get(path, async ({ req }) => answerCall({ platform } as World, endpoint, req.raw, new Uint8Array()));
    app.onError((error) => Response.json(error instanceof Refusal ? error.errcode : error.message));
    const ask = async (): Promise<unknown> => (await app.request(path)).json();
    for (let count = 0; count < 49_999; count += 1) platform.quota.countMinute(path, 50_000);
    expect([await ask(), await ask()]).toEqual([41002, 45011]);
    clock.advance(60_000);
    expect(await ask()).toBe(41002);
  });
});

describe('GET /sns/oauth2/refresh_token', () => {
  test('lengthens the life of a token that still lives', async () => {
    const { advance, refresh, token, userInfo } = await webAuthorised();
    const first = await token('snsapi_userinfo');
    await advance('7199s');
    expect(await refresh(first['refresh_token'])).toEqual({
      access_token: first.access_token,
      expires_in: 7200,
      refresh_token: first['refresh_token'],
      openid: alice,
      scope: 'snsapi_userinfo',
    });
    await advance('7199s');
    expect(await userInfo(first.access_token)).toMatchObject({ nickname: 'Alice' });
  });

  test('gives another token for one that is over', async () => {
    const { advance, refresh, token, userInfo } = await webAuthorised();
    const first = await token('snsapi_userinfo');
    await advance('2h');
    expect(await userInfo(first.access_token)).toEqual(refused(42001, 'access_token expired'));
    const second = await refresh(first['refresh_token']);
    expect(second).toMatchObject({ access_token: simToken, expires_in: 7200 });
    expect(second.access_token).not.toBe(first.access_token);
    expect(await userInfo(second.access_token)).toMatchObject({ nickname: 'Alice' });
    expect(await userInfo(first.access_token)).toMatchObject({ errcode: 40001 });
  });

  test('works until 30 days are over, then answers 42002', async () => {
    const { advance, refresh, token } = await webAuthorised();
    const { refresh_token: value } = await token('snsapi_base');
    await advance('719h');
    await advance('3599999ms');
    expect(await refresh(value)).toMatchObject({ openid: alice });
    await advance('1ms');
    expect(await refresh(value)).toEqual(refused(42002, 'refresh_token expired'));
  });

  test('refuses a missing token with 41003, an access token and others with 40030', async () => {
    const { ask, account, refresh, token } = await webAuthorised();
    const { access_token: value } = await token('snsapi_base');
    expect(await refresh('')).toEqual(refused(41003, 'refresh_token missing'));
    expect(await refresh(value)).toEqual(refused(40030, 'invalid refresh_token'));
    const path = `/sns/oauth2/refresh_token?appid=${account.appId}&refresh_token=x`;
    expect(await ask('GET', path)).toMatchObject({ errcode: 40002 });
    expect(await ask('GET', '/sns/oauth2/refresh_token')).toMatchObject({ errcode: 41002 });
  });
});

describe('GET /sns/userinfo', () => {
  test('tells name and picture, and nothing of sex and place', async () => {
    const { token, userInfo } = await webAuthorised();
    const { access_token: value } = await token('snsapi_userinfo');
    expect(await userInfo(value)).toEqual({
      openid: alice,
      nickname: 'Alice',
      sex: 0,
      province: '',
      city: '',
      country: '',
      headimgurl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:8090\/mmopen\/[A-Za-z0-9_-]{43}\/132$/),
      privilege: [],
      unionid: 'oUnion',
    });
  });

  test('tells of people who do not follow as well', async () => {
    const { ask, token, userInfo } = await webAuthorised();
    await ask('POST', '/_ctl/followers', { openid: alice, subscribed: false });
    const { access_token: value } = await token('snsapi_userinfo');
    expect(await userInfo(value)).toMatchObject({ nickname: 'Alice' });
  });

  test('refuses a token of snsapi_base with 48001', async () => {
    const { token, userInfo } = await webAuthorised();
    const { access_token: value } = await token('snsapi_base');
    expect(await userInfo(value)).toEqual(refused(48001, 'api unauthorized'));
  });

  test('refuses another openid with 40003, and none with 41009', async () => {
    const { token, userInfo } = await webAuthorised();
    const { access_token: value } = await token('snsapi_userinfo');
    expect(await userInfo(value, 'oBob')).toEqual(refused(40003, 'invalid openid'));
    expect(await userInfo(value, '')).toEqual(refused(41009, 'missing openid'));
  });

  test('knows missing, malformed, foreign and old tokens apart', async () => {
    const { advance, stable, token, userInfo } = await webAuthorised();
    const { access_token: value } = await token('snsapi_userinfo');
    expect(await userInfo('')).toEqual(refused(41001, 'access_token missing'));
    expect(await userInfo('x')).toEqual(refused(40014, 'invalid access_token'));
    const { access_token: ofAccount } = await stable();
    expect(await userInfo(ofAccount)).toMatchObject({ errcode: 40001 });
    await advance('7199999ms');
    expect(await userInfo(value)).toMatchObject({ openid: alice });
    await advance('1ms');
    expect(await userInfo(value)).toMatchObject({ errcode: 42001 });
  });

  test('and the token of the account do not stand in for each other', async () => {
    const { errcode, token } = await webAuthorised();
    const { access_token: value } = await token('snsapi_userinfo');
    expect(await errcode('GET', `/cgi-bin/menu/get?access_token=${value}`)).toBe(40001);
  });
});

describe('GET /sns/auth', () => {
  test('says whether a token is good for this person', async () => {
    const { advance, ask, token } = await webAuthorised();
    const { access_token: value } = await token('snsapi_base');
    expect(await ask('GET', `/sns/auth?access_token=${value}&openid=${alice}`)).toEqual({
      errcode: 0,
      errmsg: 'ok',
    });
    expect(await ask('GET', `/sns/auth?access_token=${value}&openid=oBob`)).toEqual(
      refused(40003, 'invalid openid'),
    );
    expect(await ask('GET', `/sns/auth?access_token=x&openid=${alice}`)).toMatchObject({ errcode: 40014 });
    await advance('2h');
    expect(await ask('GET', `/sns/auth?access_token=${value}&openid=${alice}`)).toMatchObject({
      errcode: 42001,
    });
  });
});

describe('the rid of a call below /sns/', () => {
  test('can be asked for', async () => {
    const { ask, exchange, path } = await webAuthorised();
    const { errmsg = '' } = await exchange({ code: 'x' });
    const rid = errmsg.split(', rid: ')[1];
    expect(await ask('POST', await path('/cgi-bin/openapi/rid/get'), { rid })).toMatchObject({
      request: { request_url: expect.stringMatching(/^appid=wx[0-9a-f]{16}&secret=/) },
    });
  });
});

describe('a fault below /sns/', () => {
  test('has the comma before its rid, too', async () => {
    const { ask, exchange } = await webAuthorised();
    await ask('POST', '/_ctl/faults', { path: '/sns/oauth2/access_token', errcode: -1 });
    expect(await exchange()).toEqual(refused(-1, 'system error'));
  });
});

describe('the picture of a person', () => {
  test('is a JPEG of the size in its address, always the same and mirrored', async () => {
    const { call, token, userInfo } = await webAuthorised();
    const { access_token: value } = await token('snsapi_userinfo');
    const { headimgurl } = await userInfo(value);
    const path = new URL(String(headimgurl)).pathname;
    const read = async (at: string) => {
      const answer = await call('GET', at);
      expect(answer.headers.get('content-type')).toBe('image/jpeg');
      return jpeg.decode(Buffer.from(await answer.arrayBuffer()));
    };
    const picture = await read(path);
    expect(picture).toMatchObject({ width: 132, height: 132 });
    expect((await read(path)).data.equals(picture.data)).toBe(true);
    expect(await read(path.replace(/132$/, '46'))).toMatchObject({ width: 46, height: 46 });
    expect(await read(path.replace(/132$/, '0'))).toMatchObject({ width: 640, height: 640 });
    expect((await read('/mmopen/another/132')).data.equals(picture.data)).toBe(false);
    const bright = (x: number, y: number): boolean => (picture.data[(y * 132 + x) * 4] ?? 0) > 127;
    for (const y of [20, 66, 110]) expect(bright(20, y)).toBe(bright(110, y));
    for (const side of ['133', 'constructor', '__proto__']) {
      expect((await call('GET', path.replace(/132$/, side))).status, side).toBe(404);
    }
  });
});
