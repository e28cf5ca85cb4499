import {
  answerHandshake,
  type CallbackQuery,
  type CallbackSecrets,
  type EncryptionMode,
  openCallback,
  type OpenedCallback,
  readCallbackQuery,
  sealReply,
  type VerifiedQuery,
  verifyQuery,
} from '../core/callback/index.ts';
import { VerificationError } from '../core/errors.ts';
import { eventNameOf, pushNameOf } from '../core/message/index.ts';
import { judgeReply, showsReply } from '../core/reply/index.ts';
import { decodeUtf8 } from '../core/text/utf8.ts';
import { contentTypes, openQuery } from '../io/http.ts';
import type { Clock, Random, ServerRequest, ServerResponse } from '../io/ports.ts';
import { createAnswering, type ChooseReply, type Delivery } from './answering.ts';
import type { CallbackOutcome, RefusalReason } from './callback-record.ts';
import { createDuplicates, duplicateKey } from './duplicates.ts';
import { echo } from './echo.ts';
import type { Forward } from './forward.ts';

/** How a callback URL is served. */
export interface CallbackService {
  /** Where the callback URL points to, `/wechat`. */
  readonly path: string;
  readonly mode: EncryptionMode;
  readonly clock: Clock;
  readonly random: Random;
  /** The echo where nothing else is chosen. */
  readonly reply?: ChooseReply | undefined;
  /** Hands genuine requests to another server, whose answers are sent as they are; `reply` is not asked then. */
  readonly forward?: Forward | undefined;
  /** Whether answers are judged as the platform would; those of an upstream always are. */
  readonly judge?: boolean | undefined;
  /** How much later than necessary every new answer is made. */
  readonly delayMs?: number | undefined;
}

/** What decisions depend on. */
export interface DecisionContext extends CallbackService, CallbackSecrets {
  readonly maxSkewSeconds: number;
  readonly deadlineMs: number;
  readonly maxBodyBytes: number;
}

export interface Decision {
  readonly outcome: CallbackOutcome;
  readonly response: ServerResponse;
}

const maxNonceLength = 64;

/** Decides what a request is answered. */
export type Decide = (request: ServerRequest, started: number) => Decision | Promise<Decision>;

export function createDecide(context: DecisionContext): Decide {
  const receive = createReceive(context);
  return (request, started) => {
    if (request.path !== context.path && request.path !== encodeURI(context.path)) return refuse('path', 404);
    if (request.method !== 'GET' && request.method !== 'POST')
      return refuse('method', 405, { allow: 'GET, POST' });
    const query = readCallbackQuery(openQuery(request.query));
    const reason = checkFreshness(query, context);
    if (reason !== undefined) return refuse(reason);
    try {
      const decision =
        request.method === 'GET' ? shakeHands(context, query, request) : receive(query, request, started);
      return decision instanceof Promise ? decision.catch(explain) : decision;
    } catch (error) {
      return explain(error);
    }
  };
}

/** A wrong request teaches nothing; a mistake of this program is one. */
function explain(error: unknown): Decision {
  if (error instanceof VerificationError) return refuse(error.check, 403, undefined, error);
  if (error instanceof UnreadableBody) return refuse(error.reason, error.status);
  return { outcome: { kind: 'refused', reason: 'failed', error }, response: empty(500) };
}

function checkFreshness(
  { timestamp, nonce }: CallbackQuery,
  context: DecisionContext,
): RefusalReason | undefined {
  if (timestamp === undefined || !/^\d{10}$/.test(timestamp)) return 'timestamp';
  if (nonce === undefined || nonce === '' || nonce.length > maxNonceLength) return 'nonce';
  const skew = Math.abs(context.clock.now() / 1000 - Number(timestamp));
  return skew > context.maxSkewSeconds ? 'skew' : undefined;
}

function shakeHands(
  context: DecisionContext,
  query: CallbackQuery,
  request: ServerRequest,
): Decision | Promise<Decision> {
  const echostr = answerHandshake(query, context.callbackToken);
  // A signed query may be replayed with a text of the attacker's choice: nothing that a browser could run is echoed.
  if (!/^[\w-]{1,64}$/.test(echostr)) return refuse('echostr');
  if (context.forward !== undefined) return forwardHandshake(context, context.forward, request, echostr);
  const response = reply(200, echostr, contentTypes.text);
  const decision: Decision = { outcome: { kind: 'handshake', echoed: true }, response };
  return context.delayMs === undefined ? decision : context.clock.sleep(context.delayMs).then(() => decision);
}

async function forwardHandshake(
  context: DecisionContext,
  forward: Forward,
  request: ServerRequest,
  echostr: string,
): Promise<Decision> {
  if (context.delayMs !== undefined) await context.clock.sleep(context.delayMs);
  const { response, ...upstream } = await forward(request);
  const echoed = response.status === 200 && Buffer.from(response.body).equals(Buffer.from(echostr));
  return { outcome: { kind: 'handshake', echoed, upstream }, response };
}

/** Opens a push and answers it: here, from memory, or by the server behind. */
function createReceive(context: DecisionContext) {
  const answering = createAnswering({ ...context, reply: delayed(context) });
  const seen = createDuplicates<true>(context.clock);
  const { mode, callbackToken, key, appId, forward } = context;
  return (query: CallbackQuery, request: ServerRequest, started: number): Decision | Promise<Decision> => {
    let text: string | undefined;
    const body = (): string => (text ??= readBody(request, context.maxBodyBytes));
    // No spread of the context: of twenty properties it would cost more than the signature.
    const verified = verifyQuery({ mode, callbackToken, query, body });
    const opened = openCallback(verified, { mode, key, appId, body: body() });
    if (forward !== undefined) {
      const known = duplicateKey(opened.message);
      const repeated = known !== undefined && seen.once(known, () => true).repeated;
      return forwardPush(context, forward, request, opened, repeated);
    }
    const delivery = answering.answer(opened, started);
    return delivery instanceof Promise
      ? delivery.then((late) => deliver(context, verified, opened, late))
      : deliver(context, verified, opened, delivery);
  };
}

class UnreadableBody extends Error {
  readonly reason: RefusalReason;
  readonly status: number;

  constructor(reason: RefusalReason, status: number) {
    super(reason);
    this.reason = reason;
    this.status = status;
  }
}

function readBody({ headers, body }: ServerRequest, maxBytes: number): string {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw new UnreadableBody('content_encoding', 415);
  if (body.byteLength > maxBytes) throw new UnreadableBody('body_too_large', 413);
  const text = decodeUtf8(body);
  if (text === undefined) throw new UnreadableBody('xml', 403);
  return text;
}

function delayed({ reply: choose = echo, delayMs, clock }: DecisionContext): ChooseReply {
  if (delayMs === undefined) return choose;
  return async (message, push) => {
    await clock.sleep(delayMs);
    return await choose(message, push);
  };
}

function deliver(
  context: DecisionContext,
  verified: VerifiedQuery,
  opened: OpenedCallback,
  { answer, body, repeated, timedOut, error }: Delivery,
): Decision {
  const { message, format } = opened;
  const verdict =
    context.judge === true
      ? judgeReply({ body, message, format, mode: 'plain', encrypted: false })
      : undefined;
  return {
    outcome: {
      kind: 'message',
      ...describe(opened),
      answer,
      body,
      repeated,
      timedOut,
      error,
      verdict,
    },
    response: reply(200, seal(context, verified, opened, body), typeOf(body, opened)),
  };
}

function describe({ message, text, encrypted, format }: OpenedCallback) {
  const name = pushNameOf(message) || 'unknown';
  return { message, event: eventNameOf(message), name, text, encrypted, format };
}

/** Every delivery is passed on, a repeated one too: whether the server behind notices is what its developer wants to see. */
async function forwardPush(
  context: DecisionContext,
  forward: Forward,
  request: ServerRequest,
  opened: OpenedCallback,
  repeated: boolean,
): Promise<Decision> {
  if (context.delayMs !== undefined) await context.clock.sleep(context.delayMs);
  const { response, ...upstream } = await forward(request);
  const { message, format, encrypted } = opened;
  const verdict = judgeReply({
    ...context,
    body: response.body,
    message,
    format,
    encrypted,
    secrets: context,
  });
  const failed = response.status !== 200;
  const sees = showsReply(message, format) ? 'unavailable' : 'nothing';
  return {
    outcome: {
      kind: 'message',
      ...describe(opened),
      answer: undefined,
      body: verdict.text,
      repeated,
      timedOut: false,
      upstream,
      verdict: {
        problems: failed ? [] : verdict.problems,
        userSees: failed ? sees : verdict.userSees,
      },
    },
    response,
  };
}

function seal(
  context: DecisionContext,
  { nonce }: VerifiedQuery,
  opened: OpenedCallback,
  body: string,
): string {
  if (!opened.encrypted) return body;
  const { callbackToken, key, appId } = context;
  return sealReply({
    callbackToken,
    key,
    appId,
    reply: body,
    format: opened.format,
    timestamp: Math.floor(context.clock.now() / 1000),
    nonce,
    random16: context.random.bytes(16),
  });
}

function typeOf(body: string, opened: OpenedCallback): string {
  return body === '' || body === 'success' ? contentTypes.text : contentTypes[opened.format];
}

function refuse(
  reason: RefusalReason,
  status = 403,
  headers?: Readonly<Record<string, string>>,
  error?: unknown,
): Decision {
  return { outcome: { kind: 'refused', reason, error }, response: empty(status, headers) };
}

const always = { 'x-content-type-options': 'nosniff' };

function empty(status: number, headers?: Readonly<Record<string, string>>): ServerResponse {
  return reply(status, '', contentTypes.text, headers);
}

function reply(
  status: number,
  body: string,
  contentType: string,
  headers?: Readonly<Record<string, string>>,
): ServerResponse {
  return { status, contentType, body, headers: headers === undefined ? always : { ...always, ...headers } };
}
