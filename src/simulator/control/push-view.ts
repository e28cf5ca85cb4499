/** A push as data: what was sent, how it was signed, what came back and what the person sees of it. */
import { joinSorted, modeNames } from '../../core/callback/index.ts';
import type { ProbeFinding } from '../../core/diagnosis/index.ts';
import type { ReplyProblem } from '../../core/reply/index.ts';
import { toSnakeCase } from '../../core/text/snake-case.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import { type Delivery, platformHeaders, type Push, type PushTarget } from '../push/index.ts';
import type { ProblemView, PushAttempt, PushView, SignatureSteps } from './types/index.ts';

/** A longer body is cut: the log is for reading. */
const keptCharacters = 16_384;

export function newPushView(
  common: Pick<PushView, 'id' | 'at' | 'openid' | 'type' | 'account'>,
  { text, message }: Push,
  target: Pick<PushTarget, 'mode' | 'format'>,
): PushView {
  const isEvent = message.msgType === 'event';
  return {
    ...common,
    msg_type: message.msgType === 'unknown' ? message.wireType : message.msgType,
    event: isEvent ? message.event : null,
    event_key: isEvent ? (message.eventKey ?? null) : null,
    state: 'sending',
    skipped: null,
    mode: modeNames[target.mode],
    format: target.format,
    plain: text,
    attempts: [],
    reply_text: null,
    reply_encrypted: false,
    reply: null,
    valid: null,
    problems: [],
    user_sees: 'nothing',
  };
}

export function withAttempt(view: PushView, delivery: Delivery, callbackToken: string): PushView {
  const { verdict, finding } = delivery;
  return {
    ...view,
    attempts: [...view.attempts, attemptOf(delivery, callbackToken)],
    reply_text: verdict?.text === undefined ? null : cut(verdict.text),
    reply_encrypted: verdict?.encrypted ?? false,
    reply: verdict?.reply === undefined ? null : (toSnakeCase(verdict.reply) as Record<string, unknown>),
    valid: verdict?.valid ?? null,
    problems: [
      ...(finding === undefined ? [] : [formatFinding(finding)]),
      ...(verdict?.problems ?? []).map(formatProblem),
    ],
    user_sees: delivery.userSees,
  };
}

function attemptOf({ request, sentAtMs, exchange, finding }: Delivery, callbackToken: string): PushAttempt {
  const { response, ms } = exchange;
  const body = typeof request.body === 'string' ? request.body : Buffer.from(request.body).toString('utf8');
  return {
    at: new Date(sentAtMs).toISOString(),
    ms: Math.round(ms),
    url: request.url,
    headers: { ...platformHeaders, ...request.headers },
    body: cut(body),
    signatures: signatureSteps(request.url, body, callbackToken),
    response:
      response === undefined
        ? null
        : { status: response.status, headers: response.headers, body: cut(textOf(response.body)) },
    failure: finding === undefined ? null : formatFinding(finding),
  };
}

/** Every step of the signatures in the query, so that a developer can lay their own beside them. */
function signatureSteps(url: string, body: string, callbackToken: string): readonly SignatureSteps[] {
  const query = new URL(url).searchParams;
  const last = (name: string): string => query.getAll(name).at(-1) ?? '';
  const parts = [
    { name: 'token', value: callbackToken },
    { name: 'timestamp', value: last('timestamp') },
    { name: 'nonce', value: last('nonce') },
  ] as const;
  const encrypt = /"Encrypt":"([^"]+)"|<Encrypt><!\[CDATA\[([^\]]+)\]\]>/.exec(body);
  const signatures = [stepsOf('signature', parts, last('signature'))];
  if (encrypt === null || !query.has('msg_signature')) return signatures;
  const covered = [...parts, { name: 'encrypt', value: encrypt[1] ?? encrypt[2] ?? '' } as const];
  return [...signatures, stepsOf('msg_signature', covered, last('msg_signature'))];
}

function stepsOf(
  name: SignatureSteps['name'],
  parts: SignatureSteps['sorted'],
  sha1: string,
): SignatureSteps {
  const joined = joinSorted(parts.map(({ value }) => value));
  // The texts are ASCII, where the order of JavaScript is that of the bytes.
  const sorted = parts.toSorted((one, other) => (one.value < other.value ? -1 : 1));
  return { name, sorted, joined, sha1 };
}

function formatFinding({ cause, text, hint }: ProbeFinding): ProblemView {
  return { rule: cause, severity: 'error', text, hint, field: null };
}

function formatProblem({ rule, severity, text, hint, field }: ReplyProblem): ProblemView {
  return { rule, severity, text, hint, field: field ?? null };
}

function textOf(bytes: Uint8Array): string {
  return decodeUtf8(bytes) ?? Buffer.from(bytes).toString('latin1');
}

function cut(text: string): string {
  return text.length <= keptCharacters ? text : `${text.slice(0, keptCharacters)}…`;
}
