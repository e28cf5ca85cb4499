/** What the relay answers itself: the two token calls as SDKs make them, and the real token and tickets for those with the right. */
import { isObject, parseJson } from '../core/text/json-value.ts';
import { readBody } from '../io/http.ts';
import type { StreamRequest, StreamResponse } from '../io/ports.ts';
import type { RelayAccount } from './account.ts';
import { answerOwn, RelayRefusal } from './refusal.ts';
import { readPairs, type Target, valueOf } from './target.ts';
import * as texts from './texts.ts';

/** What an SDK says to get a token. */
export interface TokenCall {
  readonly appId: string | undefined;
  /** The client's key, where a program for the platform has the AppSecret. */
  readonly secret: string | undefined;
}

export const tokenCalls: ReadonlySet<string> = new Set(['/cgi-bin/token', '/cgi-bin/stable_token']);

/** A token call has a few hundred bytes. */
const maxTokenCallBytes = 16_384;

/**
 * Reads a token call from query, JSON or form, whichever has it; `force_refresh` is left where it is. Throws a
 * `RelayRefusal` as the platform refuses: a GET for stable_token, another grant_type.
 */
export async function readTokenCall(target: Target, request: StreamRequest): Promise<TokenCall> {
  if (target.path === '/cgi-bin/stable_token' && request.method === 'GET')
    throw new RelayRefusal('relay_request_invalid', { status: 405, errcode: 43002, text: texts.postOnly });
  const fields = await readFields(request);
  const find = (name: string): string | undefined => valueOf(target.query, name) ?? fields(name);
  const grant = find('grant_type');
  if (grant !== undefined && grant !== 'client_credential')
    throw new RelayRefusal('relay_request_invalid', { errcode: 40002, text: texts.grantType });
  return { appId: find('appid'), secret: find('secret') };
}

async function readFields(request: StreamRequest): Promise<(name: string) => string | undefined> {
  if (request.bodyLength === 0) return () => undefined;
  const bytes = await readBody(request.body, maxTokenCallBytes);
  if (bytes === undefined) throw new RelayRefusal('relay_body_too_large');
  const text = Buffer.from(bytes).toString();
  const value = parseJson(text);
  if (!isObject(value)) return (name) => valueOf(readPairs(text), name);
  return (name) => {
    const found = value[name];
    return typeof found === 'string' ? found : undefined;
  };
}

/** `GET /token`: as a token service answers, for `--token-url` of this tool and whoever else asks one. */
export async function answerToken(account: RelayAccount): Promise<StreamResponse> {
  const { appId, clock } = account.parts;
  const { value, expiresAtMs, endpoint } = await account.token();
  return answerOwn({ access_token: value, ...lifeOf(expiresAtMs, clock.now()), appid: appId, endpoint });
}

/** `GET /ticket?type=jsapi|wx_card`. */
export async function answerTicket(account: RelayAccount, type: string): Promise<StreamResponse> {
  if (type !== 'jsapi' && type !== 'wx_card')
    throw new RelayRefusal('relay_request_invalid', { text: texts.ticketType });
  const { appId, clock } = account.parts;
  const { value, expiresAtMs } = await account.parts
    .tickets(type)
    .then(async (tickets) => await tickets.get());
  return answerOwn({
    ticket: value,
    ...lifeOf(expiresAtMs, clock.now()),
    appid: appId,
    type,
  });
}

/** Where nobody knows the end there is none to tell. */
function lifeOf(expiresAtMs: number, nowMs: number) {
  if (!Number.isFinite(expiresAtMs)) return {};
  return {
    expires_in: Math.max(0, Math.floor((expiresAtMs - nowMs) / 1000)),
    expires_at: new Date(expiresAtMs).toISOString(),
  };
}
