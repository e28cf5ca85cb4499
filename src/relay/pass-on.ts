/** Hands a request on to the platform, with the token put in, and its answer back. */
import { baseOfHost } from '../core/account/index.ts';
import type { KnownCall } from '../core/catalogue/index.ts';
import { DEAD_TOKEN_CODES } from '../core/errcode/index.ts';
import { own, parseJson } from '../core/text/json-value.ts';
import { endToEndHeaders } from '../io/http.ts';
import type { StreamedAnswer, StreamRequest, StreamResponse } from '../io/ports.ts';
import type { RelayAccount } from './account.ts';
import { ClientGone, type PassedBody } from './body.ts';
import { secretParameter } from './calls.ts';
import { createMask } from './mask.ts';
import { relayHeader, RelayRefusal, upstreamRefusal } from './refusal.ts';
import type { QueryPair } from './target.ts';
import * as texts from './texts.ts';

/** Longer than any refusal of the platform; an answer that is longer is passed on as it comes. */
const HELD_ANSWER_BYTES = 65_536;

export interface Passage {
  readonly account: RelayAccount;
  readonly call: KnownCall;
  readonly query: readonly QueryPair[];
  /** What the client may have put where the AppSecret belongs. */
  readonly key: string | undefined;
  readonly request: StreamRequest;
  readonly body: PassedBody;
  /** Milliseconds without anything coming forward. */
  readonly timeoutMs: number;
}

export interface Passed {
  readonly response: StreamResponse;
  /** The platform's, where the answer is short JSON that has one. */
  readonly errcode: number | undefined;
  readonly isRepeated: boolean;
}

/**
 * Throws a `RelayRefusal` where there is no token or no answer, and `ClientGone`. A token that the platform refuses is
 * replaced, and the call repeated once, where its body is still here: it has proved that nothing was done.
 */
export async function passOn(passage: Passage): Promise<Passed> {
  const { account, call, body } = passage;
  const first = call.needsToken ? (await account.token()).value : undefined;
  let token = first;
  let answer = await send(passage, token);
  let errcode = errcodeOf(answer);
  let isRepeated = false;
  if (first !== undefined && DEAD_TOKEN_CODES.has(errcode ?? 0)) {
    const renewed = account.renew(first);
    if (body.mayRepeat) {
      token = await renewed;
      answer = await send(passage, token);
      errcode = errcodeOf(answer);
      isRepeated = true;
      // The next request will find another one, where there is one.
    } else renewed.catch(() => {});
  }
  account.quotas.note(call.path, errcode);
  const { secret } = account.parts;
  const secrets = [token, first, call.needsToken ? undefined : secret].filter((text) => text !== undefined);
  return { response: toResponse(answer, secrets), errcode, isRepeated };
}

async function send(passage: Passage, token: string | undefined): Promise<StreamedAnswer> {
  const { account, call, request, body, timeoutMs } = passage;
  const { apiBase, fetch } = account.parts;
  const base = new URL(baseOfHost(apiBase, call.host));
  const query = queryOf(passage, token);
  try {
    const answer = await fetch({
      method: request.method === 'GET' ? 'GET' : 'POST',
      origin: base,
      path: `${base.pathname.replace(/\/$/, '')}${call.path}${query === '' ? '' : `?${query}`}`,
      headers: headersOf(request),
      body: bodyOf(passage),
      idleMs: timeoutMs,
      holdBytes: HELD_ANSWER_BYTES,
      signal: request.gone,
    });
    if (answer.status < 300 || answer.status >= 400) return answer;
    await abandon(answer);
  } catch (error) {
    if (body.isBroken || request.gone.aborted) throw new ClientGone('gone', { cause: error });
    throw upstreamRefusal(error);
  }
  throw new RelayRefusal('relay_upstream_unreachable', { text: texts.redirected, requestSent: true });
}

/** Nobody wants the rest: whoever stops reading ends the connection. */
async function abandon({ rest }: StreamedAnswer): Promise<void> {
  await rest?.[Symbol.asyncIterator]().return?.();
}

/** What says how the body is to be read, and nothing else of the client's. */
function headersOf({ headers }: StreamRequest): Record<string, string> {
  const passed: Record<string, string> = { 'user-agent': 'wechat-mp-cli', accept: '*/*' };
  for (const name of ['content-type', 'content-encoding'] as const) {
    const value = headers[name];
    if (value !== undefined) passed[name] = value;
  }
  return passed;
}

/** The client's parameters as they came; what it sent as a token or a secret goes, the real one comes. */
function queryOf({ account, call, query }: Passage, token: string | undefined): string {
  const secret = secretParameter(call);
  const left = query.filter(
    ({ name }) =>
      // The token of a person is no business of the relay's.
      (name.toLowerCase() !== 'access_token' || call.takesWebToken) &&
      (secret === undefined || (name !== secret && name !== 'appid')),
  );
  const pairs = left.map(({ raw }) => raw);
  if (secret !== undefined) {
    const { appId, secret: appSecret } = account.parts;
    if (appSecret === undefined) throw new RelayRefusal('relay_forbidden', { text: texts.noSecret });
    pairs.push(`appid=${encodeURIComponent(appId)}`, `${secret}=${encodeURIComponent(appSecret)}`);
  }
  if (token !== undefined) pairs.push(`access_token=${encodeURIComponent(token)}`);
  return pairs.join('&');
}

/** The key in a JSON body stands for the AppSecret, too. */
function bodyOf({ account, call, key, body }: Passage): ReturnType<PassedBody['open']> {
  const secret = secretParameter(call);
  const { secret: appSecret } = account.parts;
  if (secret === undefined || body.held === undefined || appSecret === undefined) return body.open();
  const value = parseJson(Buffer.from(body.held).toString());
  if (key === undefined || own(value, secret) !== key) return body.open();
  return Buffer.from(JSON.stringify({ ...(value as object), [secret]: appSecret }));
}

/** Quirk: old endpoints may send the number as text. */
function errcodeOf({ start, rest }: StreamedAnswer): number | undefined {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  if (rest !== undefined || !bytes.includes('"errcode"')) return undefined;
  const errcode = own(parseJson(bytes.toString().replace(/^\uFEFF/, '')), 'errcode');
  return errcode === undefined || Number.isNaN(Number(errcode)) ? undefined : Number(errcode);
}

/** What would bind the client to the platform's host, besides the headers of the connection. */
const notPassed = ['alt-svc', 'set-cookie', 'strict-transport-security'];

function toResponse(
  { status, headers, start, rest }: StreamedAnswer,
  secrets: readonly string[],
): StreamResponse {
  const mask = createMask(secrets);
  const passed: Record<string, string> = { [relayHeader]: 'passed' };
  for (const [name, value] of Object.entries(endToEndHeaders(headers, notPassed)))
    passed[name] = mask.text(value);
  // What is here as a whole is measured anew; the asterisks are as many as the letters were.
  const length = headers['content-length'];
  if (rest !== undefined && length !== undefined) passed['content-length'] = length;
  return {
    status,
    headers: passed,
    body: rest === undefined ? mask.bytes(start) : mask.stream(start, rest),
  };
}
