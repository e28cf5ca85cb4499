/** 网页授权 behind the page: a code becomes a token, and a token tells who somebody is. */
import { createHash } from 'node:crypto';
import { snsAnswer } from '../../server/answers.ts';
import { checkCaller, checkGrant, checkSecret } from '../../account/credentials.ts';
import type { Call } from '../../server/call.ts';
import { type Endpoint, get, inQuery, ok } from '../../server/endpoint.ts';
import { type Follower, unionIdOf } from '../user/state.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import type { WebToken } from './state.ts';

/** Each of them; there is no limit a day. */
const callsAMinute = 50_000;
/** The checks that these calls have in common: so many a minute, and at last whether the caller may make them. */
function snsEndpoint<const Name extends string>(
  path: string,
  { parameters, fills = {}, answer }: SnsCall<Name>,
): Endpoint {
  return get(path, {
    credential: 'own',
    reads: inQuery(...parameters),
    fills,
    answer(fields, platform, call) {
      platform.quota.countMinute(path, callsAMinute);
      // Once it is known for whom the call is, by AppID and secret or by a token.
      const admit = (): void => checkCaller(path, call.address, platform);
      return snsAnswer(answer(fields, platform, { admit, origin: call.origin }));
    },
  });
}

interface SnsCall<Name extends string> {
  readonly parameters: readonly Name[];
  readonly fills?: Endpoint['fills'];
  readonly answer: (
    fields: Readonly<Record<Name, string | undefined>>,
    platform: Platform,
    call: Pick<Call, 'origin'> & { readonly admit: () => void },
  ) => unknown;
}

export const calls = [
  snsEndpoint('/sns/oauth2/access_token', {
    parameters: ['appid', 'secret', 'code', 'grant_type'],
    fills: { grant_type: { value: 'authorization_code' } },
    answer({ appid: appId, secret, code, grant_type: grantType }, platform, { admit }) {
      checkGrant({ appId, grantType }, 'authorization_code', platform.account);
      checkSecret(secret, platform.account);
      admit();
      const token = platform.webGrants.exchange(code);
      const person = platform.followers.find(token.openId);
      return {
        ...formatToken(token),
        // Quirk: there only when it is one.
        ...(token.isSnapshot && { is_snapshotuser: 1 }),
        ...(token.scope === 'snsapi_userinfo' && person && unionIdOf(person, platform.settings)),
      };
    },
  }),
  snsEndpoint('/sns/oauth2/refresh_token', {
    parameters: ['appid', 'grant_type', 'refresh_token'],
    fills: { grant_type: { value: 'refresh_token' } },
    answer({ appid: appId, grant_type: grantType, refresh_token: token }, platform, { admit }) {
      checkGrant({ appId, grantType }, 'refresh_token', platform.account);
      admit();
      return formatToken(platform.webGrants.refresh(token));
    },
  }),
  snsEndpoint('/sns/auth', {
    parameters: ['access_token', 'openid'],
    answer({ access_token: token, openid }, { webGrants }, { admit }) {
      webGrants.check(token, openid);
      admit();
      return ok;
    },
  }),
  snsEndpoint('/sns/userinfo', {
    parameters: ['access_token', 'openid', 'lang'],
    fills: { lang: { value: 'zh_CN' } },
    answer({ access_token: token, openid }, { webGrants, followers, settings }, { admit, origin }) {
      const { openId, scope, isWithdrawn } = webGrants.check(token, openid);
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
    },
  }),
];

function formatToken({ accessToken, expiresInSeconds, refreshToken, openId, scope }: WebToken) {
  return {
    access_token: accessToken,
    expires_in: expiresInSeconds,
    refresh_token: refreshToken,
    openid: openId,
    scope,
  };
}

/** The address does not tell the openid. 132 is the size that the platform gives. */
function pictureOf({ openId }: Follower): string {
  return `/mmopen/${createHash('sha256').update(openId).digest('base64url')}/132`;
}
