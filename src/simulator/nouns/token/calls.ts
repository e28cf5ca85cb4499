/** Both token endpoints: 获取接口调用凭据 and 获取稳定版接口调用凭据. */
import { get, inBody, inQuery, post } from '../../server/endpoint.ts';
import { Refusal } from '../../server/refusal.ts';
import { stableTokenPath, tokenPath, type IssuedToken } from './state.ts';

export const calls = [
  get(tokenPath, {
    credential: 'own',
    reads: inQuery('grant_type', 'appid', 'secret'),
    fills: { grant_type: { value: 'client_credential' } },
    answer: ({ grant_type: grantType, appid: appId, secret }, { tokens }, { address }) =>
      formatToken(tokens.fetchClassic({ grantType, appId, secret, address })),
  }),
  post(stableTokenPath, {
    credential: 'own',
    reads: inBody('grant_type', 'appid', 'secret', 'force_refresh'),
    answer({ grant_type: grantType, appid: appId, secret, force_refresh: forced }, { tokens }, { address }) {
      const forceRefresh = forced ?? false;
      // A "true" in quotes must not pass for false in silence.
      if (typeof forceRefresh !== 'boolean') throw new Refusal(47001);
      return formatToken(tokens.fetchStable({ grantType, appId, secret, address, forceRefresh }));
    },
  }),
];

/** Quirk: a good answer has no errcode. */
function formatToken({ accessToken, expiresInSeconds }: IssuedToken): unknown {
  return { access_token: accessToken, expires_in: expiresInSeconds };
}
