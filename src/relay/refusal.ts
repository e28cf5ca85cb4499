/** What the relay says itself instead of passing a request on: for people, for this tool, and for SDKs, which read `errcode`. */
import { hintOfRelay, ofRelay } from '../api/texts.ts';
import { PlatformError, WechatMpError } from '../core/errors.ts';
import { defined } from '../core/text/defined.ts';
import type { Language, Text } from '../core/text/text.ts';
import { contentTypes } from '../io/http.ts';
import type { StreamResponse } from '../io/ports.ts';
import * as texts from './texts.ts';

/** Every answer has it: `passed`, `answered`, or the type of a refusal. */
export const relayHeader = 'wechat-mp-relay';

interface RefusalKind {
  readonly status: number;
  /** What an SDK takes it for. */
  readonly errcode: number;
  readonly text: Text;
}

const kinds = [
  { type: 'relay_key_missing', status: 401, errcode: 41001, text: texts.keyMissing },
  { type: 'relay_key_invalid', status: 401, errcode: 40125, text: texts.keyInvalid },
  // As the platform says it, so that an SDK asks for a new one and tries again.
  { type: 'relay_token_invalid', status: 200, errcode: 40001, text: texts.tokenInvalid },
  { type: 'relay_token_expired', status: 200, errcode: 42001, text: texts.tokenExpired },
  { type: 'relay_forbidden', status: 403, errcode: 48001, text: texts.forbidden },
  { type: 'relay_read_only', status: 403, errcode: 48001, text: texts.readOnly },
  { type: 'relay_path_unknown', status: 403, errcode: 48001, text: texts.pathUnknown },
  { type: 'relay_call_withdrawn', status: 403, errcode: 45106, text: texts.withdrawn },
  { type: 'relay_account_unknown', status: 403, errcode: 40013, text: texts.accountUnknown },
  { type: 'relay_account_missing', status: 400, errcode: 41002, text: texts.accountMissing },
  { type: 'relay_request_invalid', status: 400, errcode: -1, text: texts.requestInvalid },
  { type: 'relay_body_too_large', status: 413, errcode: 45001, text: texts.bodyTooLarge },
  { type: 'relay_rate_limit', status: 429, errcode: 45011, text: texts.rateLimit },
  { type: 'relay_quota', status: 429, errcode: 45009, text: texts.quota },
  { type: 'relay_stopping', status: 503, errcode: -1, text: texts.stopping },
  { type: 'relay_upstream_unreachable', status: 502, errcode: -1, text: texts.unreachable },
  { type: 'relay_upstream_timeout', status: 504, errcode: -1, text: texts.upstreamTimeout },
  { type: 'relay_failed', status: 500, errcode: -1, text: texts.failed },
] as const satisfies readonly (RefusalKind & { readonly type: string })[];

type RefusalType = (typeof kinds)[number]['type'];

const kindOf: ReadonlyMap<string, RefusalKind> = new Map(kinds.map((kind) => [kind.type, kind]));

/** Thrown wherever it is found out, answered in one place. */
export class RelayRefusal extends Error {
  override readonly name = 'RelayRefusal';
  readonly type: string;
  readonly status: number;
  readonly errcode: number;
  readonly text: Text;
  readonly more: Partial<RefusalKind> & More;

  /** An error of another part of this tool keeps its own type. */
  constructor(type: RefusalType | { readonly type: string }, more: Partial<RefusalKind> & More = {}) {
    const name = typeof type === 'string' ? type : type.type;
    super(name);
    const kind = kindOf.get(name);
    this.type = name;
    this.status = more.status ?? kind?.status ?? 502;
    this.errcode = more.errcode ?? kind?.errcode ?? -1;
    this.text = more.text ?? kind?.text ?? texts.failed;
    this.more = more;
  }
}

interface More {
  readonly hint?: Text | undefined;
  /** The platform's words. */
  readonly errmsg?: string | undefined;
  readonly retryable?: boolean;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
  /** Whether the platform may have got it. */
  readonly requestSent?: boolean | undefined;
}

/** What stopped a request: a refusal as it is; of a token that was not to be had, what the platform or this side said. */
export function refusalOf(error: unknown): RelayRefusal {
  if (error instanceof RelayRefusal) return error;
  if (!(error instanceof WechatMpError)) return new RelayRefusal('relay_failed');
  if (error.family === 'interrupted') return new RelayRefusal('relay_stopping');
  const { text, hint, retryable } = error;
  if (error instanceof PlatformError) {
    // As the platform would have said it to whoever had called it.
    const { errcode, errmsg } = error.facts;
    return new RelayRefusal(error, {
      status: 200,
      errcode: errcode ?? -1,
      text: ofRelay(text),
      hint: hintOfRelay(error.type, hint),
      errmsg,
      retryable,
    });
  }
  return new RelayRefusal(error, { status: error.type === 'timeout' ? 504 : 502, text, hint, retryable });
}

/** The platform did not answer a call, or answered with what is not passed on. */
export function upstreamRefusal(error: unknown): RelayRefusal {
  if (!(error instanceof WechatMpError)) return refusalOf(error);
  const { text, facts } = error;
  const sent = facts['request_sent'];
  return new RelayRefusal(
    error.type === 'timeout' ? 'relay_upstream_timeout' : 'relay_upstream_unreachable',
    { text, requestSent: typeof sent === 'boolean' ? sent : undefined },
  );
}

/** What whoever runs the relay wants to read of a refusal: not what a client does wrong. */
export function troubleOf({ type, status, more }: RelayRefusal): Text | undefined {
  return status >= 500 || !kindOf.has(type) ? more.text : undefined;
}

const retryable: ReadonlySet<string> = new Set<RefusalType>([
  'relay_rate_limit',
  'relay_quota',
  'relay_stopping',
  'relay_upstream_unreachable',
  'relay_upstream_timeout',
]);

/** `about`: what is known of the request. */
export function answerRefusal(
  refusal: RelayRefusal,
  language: Language,
  about: { readonly client: string | undefined; readonly path: string | undefined },
): StreamResponse {
  const { type, status, errcode, text } = refusal;
  const { hint, errmsg, retryAfter, requestSent } = refusal.more;
  const error = {
    type,
    message: text[language],
    retryable: refusal.more.retryable ?? retryable.has(type),
    ...defined({ ...about, hint: hint?.[language], retry_after: retryAfter, request_sent: requestSent }),
  };
  return json(
    status,
    { error, errcode, errmsg: errmsg ?? `relay: ${text.en}` },
    type,
    defined({
      'retry-after': retryAfter === undefined ? undefined : String(retryAfter),
      'www-authenticate': status === 401 ? 'Bearer realm="wechat-mp relay"' : undefined,
    }),
  );
}

/** A good answer of the relay's own. */
export function answerOwn(value: unknown): StreamResponse {
  return json(200, value, 'answered', {});
}

function json(
  status: number,
  value: unknown,
  outcome: string,
  headers: Readonly<Record<string, string>>,
): StreamResponse {
  return {
    status,
    // Tokens are in it: no cache on the way may keep it.
    headers: {
      'content-type': contentTypes.json,
      'cache-control': 'no-store',
      [relayHeader]: outcome,
      ...headers,
    },
    body: JSON.stringify(value),
  };
}
