/** Both token endpoints: 获取接口调用凭据 and 获取稳定版接口调用凭据. */
import { addEndpoint, type ApiApp } from '../../server/endpoint.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import { stableTokenPath, tokenPath, type IssuedToken } from './state.ts';

export function addTokenRoutes(app: ApiApp, platform: Platform): void {
  addEndpoint(app, platform, {
    method: 'GET',
    path: tokenPath,
    credential: 'own',
    answer: ({ query, address }) =>
      formatToken(
        platform.tokens.fetchClassic({
          grantType: query('grant_type'),
          appId: query('appid'),
          secret: query('secret'),
          address,
        }),
      ),
  });
  addEndpoint(app, platform, {
    method: 'POST',
    path: stableTokenPath,
    credential: 'own',
    answer: (call) => {
      const body = call.json();
      const forceRefresh = body['force_refresh'] ?? false;
      // A "true" in quotes must not pass for false in silence.
      if (typeof forceRefresh !== 'boolean') throw new Refusal(47001);
      return formatToken(
        platform.tokens.fetchStable({
          grantType: body['grant_type'],
          appId: body['appid'],
          secret: body['secret'],
          address: call.address,
          forceRefresh,
        }),
      );
    },
  });
}

/** Quirk: a good answer has no errcode. */
function formatToken({ accessToken, expiresInSeconds }: IssuedToken): unknown {
  return { access_token: accessToken, expires_in: expiresInSeconds };
}
