import type { CallbackQuery, EncryptionMode, OpenedCallback } from '../core/callback.ts';
import { VerificationError, WechatMpError } from '../core/errors.ts';
import { decodeEncodingAESKey } from '../core/message-crypto.ts';
import { contentTypes, parseQuery } from '../io/http.ts';
import type { Clock, Random, ServerHandler, ServerRequest, ServerResponse } from '../io/ports.ts';
import { createAnswering } from './answering.ts';
import type { Reply } from './answering.ts';
import type { CallbackOutcome, CallbackRecord, RefusalReason } from './callback-record.ts';

export interface CallbackHandlerOptions {
  /** Where the callback URL points to, `/wechat`. */
  readonly path: string;
  readonly mode: EncryptionMode;
  readonly callbackToken: string;
  /** Needed unless the mode is `plain`. */
  readonly appId?: string | undefined;
  readonly encodingAESKey?: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly reply: Reply;
  /** Receives one record for each request, after its answer is decided. */
  readonly onEvent?: ((record: CallbackRecord) => void) | undefined;
  /** How far a request's timestamp may be off; `Infinity` switches the check off. */
  readonly maxSkewSeconds?: number | undefined;
  /** When the answer is given up and `success` is sent; `Infinity` waits for ever. */
  readonly deadlineMs?: number | undefined;
}

/** The platform repeats a push within 15 seconds; clocks of servers differ by minutes. */
const defaultMaxSkewSeconds = 300;
/** The platform waits for 5 seconds, the network included. */
const defaultDeadlineMs = 4500;
/** A text message has a few kilobytes, three times that in compatible mode. */
export const maxCallbackBytes = 64 * 1024;
const maxNonceLength = 64;

/**
 * The developer's side of a callback URL（服务器配置）: verifies handshakes and pushes, answers them before the platform
 * gives up, and answers repeated pushes once. Every refusal of a genuine-looking request is the same 403 with an empty
 * body, so that it teaches nothing.
 * Throws an error of family `account` where the mode needs a key or AppID that is missing or malformed.
 */
export function createCallbackHandler(options: CallbackHandlerOptions): ServerHandler {
  const context = createContext(options);
  let count = 0;
  return async (request) => {
    const id = String(++count);
    const started = options.clock.monotonic();
    const { response, ...outcome } = await decide(context, request, started);
    const ms = options.clock.monotonic() - started;
    options.onEvent?.({
      id,
      method: request.method,
      path: request.path,
      remoteAddress: request.remoteAddress,
      status: response.status,
      ms,
      ...outcome,
    });
    return response;
  };
}

type Context = ReturnType<typeof createContext>;
type Decision = CallbackOutcome & { readonly response: ServerResponse };

function createContext(options: CallbackHandlerOptions) {
  const deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
  return {
    ...options,
    ...(options.mode === 'plain' ? {} : requireKey(options)),
    maxSkewSeconds: options.maxSkewSeconds ?? defaultMaxSkewSeconds,
    // Loaded with the first request, not before the port is open: it brings the XML parser.
    protocol: () => import('../core/callback.ts'),
    answering: createAnswering({ clock: options.clock, reply: options.reply, deadlineMs }),
  };
}

function requireKey({ appId, encodingAESKey }: CallbackHandlerOptions) {
  if (appId !== undefined && encodingAESKey !== undefined)
    return { appId, key: decodeEncodingAESKey(encodingAESKey) };
  const missing = appId === undefined ? 'AppID' : 'EncodingAESKey';
  throw new WechatMpError({
    family: 'account',
    type: appId === undefined ? 'appid_missing' : 'aes_key_missing',
    text: {
      en: `Cannot open encrypted messages: no ${missing} is set`,
      zh: `无法处理加密消息：未设置 ${missing}`,
    },
    hint: {
      en: 'Set it with "wechat-mp profile add", or use --mode plain',
      zh: '请用“wechat-mp profile add”设置，或使用 --mode plain',
    },
  });
}

async function decide(context: Context, request: ServerRequest, started: number): Promise<Decision> {
  if (request.path !== context.path && request.path !== encodeURI(context.path)) return refuse('path', 404);
  if (request.method !== 'GET' && request.method !== 'POST')
    return refuse('method', 405, { allow: 'GET, POST' });
  const { readCallbackQuery } = await context.protocol();
  const query = readCallbackQuery(parseQuery(request.query));
  const reason = checkFreshness(query, context);
  if (reason !== undefined) return refuse(reason);
  try {
    return request.method === 'GET'
      ? await shakeHands(context, query)
      : await receive(context, query, request, started);
  } catch (error) {
    if (error instanceof VerificationError) return refuse(error.check, 403, undefined, error);
    return { kind: 'refused', reason: 'failed', error, response: empty(500) };
  }
}

function checkFreshness({ timestamp, nonce }: CallbackQuery, context: Context): RefusalReason | undefined {
  if (timestamp === undefined || !/^\d{10}$/.test(timestamp)) return 'timestamp';
  if (nonce === undefined || nonce === '' || nonce.length > maxNonceLength) return 'nonce';
  const skew = Math.abs(context.clock.now() / 1000 - Number(timestamp));
  return skew > context.maxSkewSeconds ? 'skew' : undefined;
}

async function shakeHands(context: Context, query: CallbackQuery): Promise<Decision> {
  const { answerHandshake } = await context.protocol();
  const echostr = answerHandshake(query, context.callbackToken);
  // A signed query may be replayed with a text of the attacker's choice: nothing that a browser could run is echoed.
  if (!/^[\w-]{1,64}$/.test(echostr)) return refuse('echostr');
  return { kind: 'handshake', response: reply(200, echostr, contentTypes.text) };
}

async function receive(
  context: Context,
  query: CallbackQuery,
  request: ServerRequest,
  started: number,
): Promise<Decision> {
  const protocol = await context.protocol();
  if (context.mode === 'plain' || query.signature !== undefined) {
    protocol.verifyUrlSignature(query, context.callbackToken);
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return refuse('content_encoding', 415);
  if (request.body.byteLength > maxCallbackBytes) return refuse('body_too_large', 413);
  const body = decodeUtf8(request.body);
  if (body === undefined) return refuse('xml');
  const opened = protocol.openCallback({ ...context, query, body });
  const answered = await context.answering.answer(opened, started);
  return {
    kind: 'message',
    message: opened.message,
    text: opened.text,
    encrypted: opened.encrypted,
    format: opened.format,
    ...answered,
    response: reply(
      200,
      seal(protocol, context, query, opened, answered.body),
      typeOf(answered.body, opened),
    ),
  };
}

function seal(
  { sealReply }: Awaited<ReturnType<Context['protocol']>>,
  context: Context,
  query: CallbackQuery,
  opened: OpenedCallback,
  body: string,
): string {
  if (!opened.encrypted) return body;
  return sealReply({
    ...context,
    reply: body,
    format: opened.format,
    timestamp: Math.floor(context.clock.now() / 1000),
    nonce: query.nonce ?? '',
    random16: context.random.bytes(16),
  });
}

function typeOf(body: string, opened: OpenedCallback): string {
  return body === '' || body === 'success' ? contentTypes.text : contentTypes[opened.format];
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function refuse(
  reason: RefusalReason,
  status = 403,
  headers?: Readonly<Record<string, string>>,
  error?: unknown,
): Decision {
  return {
    kind: 'refused',
    reason,
    ...(error === undefined ? {} : { error }),
    response: empty(status, headers),
  };
}

function empty(status: number, headers?: Readonly<Record<string, string>>): ServerResponse {
  return reply(status, '', contentTypes.text, headers);
}

function reply(
  status: number,
  body: string,
  contentType: string,
  headers?: Readonly<Record<string, string>>,
): ServerResponse {
  return { status, contentType, body, headers: { 'x-content-type-options': 'nosniff', ...headers } };
}
