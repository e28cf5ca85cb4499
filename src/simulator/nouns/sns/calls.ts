/** 网页授权 behind the page: a code becomes a token, and a token tells who somebody is. */
import { createHash } from 'node:crypto';
import { snsAnswer } from '../../server/answers.ts';
import { checkCaller, checkGrant, checkSecret } from '../../account/credentials.ts';
import { addEndpoint, type ApiApp, type Call, ok } from '../../server/endpoint.ts';
import type { Follower } from '../user/follower.ts';
import { unionIdOf } from '../user/people.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import type { WebToken } from './state.ts';

/** Each of them; there is no limit a day. */
const callsAMinute = 50_000;
/** Sides of a picture by the last part of its address. */
const pictureSides: ReadonlyMap<string, number> = new Map([
  ['0', 640],
  ['46', 46],
  ['64', 64],
  ['96', 96],
  ['132', 132],
]);

export function addSnsRoutes(app: ApiApp, platform: Platform): void {
  const add = (path: string, answer: (call: Call, admit: () => void) => unknown): void => {
    addEndpoint(app, platform, {
      method: 'GET',
      path,
      credential: 'own',
      answer: (call) => {
        platform.quota.countMinute(path, callsAMinute);
        // Once it is known for whom the call is, by AppID and secret or by a token.
        return snsAnswer(answer(call, () => checkCaller(path, call.address, platform)));
      },
    });
  };
  add('/sns/oauth2/access_token', ({ query }, admit) => {
    const request = { appId: query('appid'), grantType: query('grant_type') };
    checkGrant(request, 'authorization_code', platform.account);
    checkSecret(query('secret'), platform.account);
    admit();
    const token = platform.webGrants.exchange(query('code'));
    const person = platform.followers.find(token.openId);
    return {
      ...formatToken(token),
      // Quirk: there only when it is one.
      ...(token.isSnapshot && { is_snapshotuser: 1 }),
      ...(token.scope === 'snsapi_userinfo' && person && unionIdOf(person, platform.settings)),
    };
  });
  add('/sns/oauth2/refresh_token', ({ query }, admit) => {
    const request = { appId: query('appid'), grantType: query('grant_type') };
    checkGrant(request, 'refresh_token', platform.account);
    admit();
    return formatToken(platform.webGrants.refresh(query('refresh_token')));
  });
  add('/sns/auth', ({ query }, admit) => {
    platform.webGrants.check(query('access_token'), query('openid'));
    admit();
    return ok;
  });
  add('/sns/userinfo', (call, admit) => userInfo(platform, call, admit));
  app.get('/mmopen/:name/:side', async (context) => {
    const side = pictureSides.get(context.req.param('side'));
    if (side === undefined) return new Response(null, { status: 404 });
    const { drawHeadImage } = await import('../user/head-image.ts');
    return new Response(drawHeadImage(context.req.param('name'), side), {
      headers: { 'content-type': 'image/jpeg', 'cache-control': 'max-age=604800' },
    });
  });
}

function formatToken({ accessToken, expiresInSeconds, refreshToken, openId, scope }: WebToken) {
  return {
    access_token: accessToken,
    expires_in: expiresInSeconds,
    refresh_token: refreshToken,
    openid: openId,
    scope,
  };
}

function userInfo(
  { webGrants, followers, settings }: Platform,
  { query, origin }: Call,
  admit: () => void,
): unknown {
  const { openId, scope, isWithdrawn } = webGrants.check(query('access_token'), query('openid'));
  admit();
  if (scope !== 'snsapi_userinfo') throw new Refusal(48001);
  if (isWithdrawn) throw new Refusal(50001);
  const person = followers.find(openId);
  if (person === undefined) throw new Refusal(40003);
  return {
    openid: openId,
    nickname: person.nickname,
    // Quirk: sex and places are still there, and empty for everybody.
    sex: 0,
    city: '',
    province: '',
    country: '',
    headimgurl: `${origin}${pictureOf(person)}`,
    privilege: [],
    ...unionIdOf(person, settings),
  };
}

/** The address does not tell the openid. 132 is the size that the platform gives. */
function pictureOf({ openId }: Follower): string {
  return `/mmopen/${createHash('sha256').update(openId).digest('base64url')}/132`;
}
