/** The two endpoints that turn AppID and AppSecret into an access token. */
import { checkIssued, type IssuedCredential } from '../core/token/index.ts';
import type { Proof } from './answer.ts';
import type { Client } from './client.ts';
import { checkTokenOrigin } from './simulator-token.ts';

export interface TokenRequest {
  readonly appId: string;
  readonly appSecret: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * 获取稳定版接口调用凭据: `POST /cgi-bin/stable_token`. Everybody gets the same token until it ends; `forceRefresh`
 * ends the current one at once, at most 20 times a day.
 * Quirk: a second forced call within 30 seconds does not refresh and returns the current token.
 * Quirk: the platform makes the next token five minutes before the end, so `expiresInSeconds` may be any number down to 300.
 */
export async function fetchStableToken(
  client: Client,
  request: TokenRequest & { readonly forceRefresh?: boolean },
): Promise<IssuedCredential> {
  const { appId, appSecret, forceRefresh = false, signal } = request;
  return await client.call({
    method: 'POST',
    path: '/cgi-bin/stable_token',
    body: { grant_type: 'client_credential', appid: appId, secret: appSecret, force_refresh: forceRefresh },
    token: false,
    effect: 'read',
    proof: issuedToken(client),
    secrets: [appSecret],
    signal,
  });
}

/**
 * 获取接口调用凭据: `GET /cgi-bin/token`. Every success makes a new token.
 * Quirk: the token that others got the same way dies five minutes later.
 */
export async function fetchClassicToken(client: Client, request: TokenRequest): Promise<IssuedCredential> {
  const { appId, appSecret, signal } = request;
  return await client.call({
    method: 'GET',
    path: '/cgi-bin/token',
    query: { grant_type: 'client_credential', appid: appId, secret: appSecret },
    token: false,
    effect: 'read',
    proof: issuedToken(client),
    secrets: [appSecret],
    signal,
  });
}

/** Asking for a token changes nothing that asking again would make worse, so it counts as a read. */
function issuedToken({ apiBase }: Client): Proof<IssuedCredential> {
  return {
    wanted: { en: 'an "access_token" with its "expires_in"', zh: '“access_token”及其“expires_in”' },
    find: ({ fields, serverTimeMs }) => {
      const issued = checkIssued({
        value: fields['access_token'],
        expiresInSeconds: fields['expires_in'],
        issuedAtMs: serverTimeMs,
      });
      checkTokenOrigin(issued.value, apiBase);
      return issued;
    },
  };
}
