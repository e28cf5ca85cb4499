/**
 * What is remembered about a failed attempt to get a credential, so that a hundred processes that ask for the same
 * impossible thing cost the platform one request and not a hundred.
 */
import { isTime } from './access-token.ts';
import type { CredentialEndpoint } from './credential-key.ts';
import { type ErrorDescription, PlatformError, WechatMpError } from '../errors.ts';
import { isObject } from '../text/json-value.ts';
import type { Text } from '../text/text.ts';
import { readJson } from './stored-entry.ts';

export interface Setback {
  readonly version: 1;
  /**
   * `refusal`: the answer was a definite no. `outage`: no answer; without an error where the old credential could
   * serve on.
   */
  readonly kind: 'refusal' | 'outage';
  readonly atMs: number;
  readonly untilMs: number;
  /** For a timeout: how long it was waited for. It says nothing to those who would wait longer. */
  readonly waitedMs?: number;
  /** Without its cause. */
  readonly error?: Omit<ErrorDescription, 'cause'> & { readonly platform: boolean };
}

/** At least this long between two attempts while the old credential still lives. */
const OUTAGE_MS = 60_000;
/** Long enough for all that began together, short enough for a person who has just plugged in the cable. */
const UNREACHED_MS = 5_000;
const SECRET_REFUSAL_MS = 30_000;
const OTHER_REFUSAL_MS = 5_000;

/** Codes of the token endpoints that no repetition with the same AppID and AppSecret can change. */
const secretRefusals: ReadonlySet<unknown> = new Set([40001, 40002, 40013, 40125, 40243, 41004, 50007]);

/** How long the error of a failed fetch stays true, in milliseconds; 0 if it may be different the next moment. */
export function refusalLifeMs(error: WechatMpError, endpoint: CredentialEndpoint): number {
  if (error.family !== 'account' && error.family !== 'limit') return 0;
  // For a ticket, 40001 speaks of the access token, which may be replaced at any moment, and not of the secret.
  const aboutSecret = endpoint === 'stable_token' || endpoint === 'token';
  return aboutSecret && secretRefusals.has(error.facts.errcode) ? SECRET_REFUSAL_MS : OTHER_REFUSAL_MS;
}

export function createRefusal(error: WechatMpError, atMs: number, lifeMs: number): Setback {
  return { version: 1, kind: 'refusal', ...lasting(atMs, lifeMs), error: storedError(error) };
}

export function createOutage(atMs: number): Setback {
  return { version: 1, kind: 'outage', ...lasting(atMs, OUTAGE_MS) };
}

/** An outage that left nothing to go on with. `timeoutMs` is how long this attempt could have taken. */
export function createUnreached(error: WechatMpError, atMs: number, timeoutMs: number): Setback {
  const waited = error.type === 'timeout' ? { waitedMs: Math.round(timeoutMs) } : {};
  return {
    version: 1,
    kind: 'outage',
    ...lasting(atMs, UNREACHED_MS),
    ...waited,
    error: storedError(error),
  };
}

function lasting(atMs: number, lifeMs: number): Pick<Setback, 'atMs' | 'untilMs'> {
  return { atMs: Math.round(atMs), untilMs: Math.round(atMs) + lifeMs };
}

function storedError(error: WechatMpError): NonNullable<Setback['error']> {
  const { family, type, text, hint, details, retryable, facts } = error;
  return { family, type, text, hint, details, retryable, facts, platform: error instanceof PlatformError };
}

/** Whether it still counts. One that lies in the future comes from a clock that was set back. */
export function isCurrent(setback: Setback, nowMs: number): boolean {
  return setback.atMs - 1000 <= nowMs && nowMs < setback.untilMs;
}

/** The setback by a clock that is so many milliseconds ahead of the one it was written by. */
export function shiftSetback(setback: Setback, ms: number): Setback {
  return { ...setback, atMs: setback.atMs + ms, untilMs: setback.untilMs + ms };
}

/** Whether it is about the machine that asked, and says nothing to others: its way to WeChat, or its address. */
export function isLocal({ kind, error }: Setback): boolean {
  return kind === 'outage' || error?.facts?.errcode === 40164;
}

/** The same error again, with a line that says it is a remembered one. */
export function restoreError(setback: Setback, nowMs: number): WechatMpError {
  const { error } = setback;
  if (error === undefined) throw new TypeError('this setback holds no error');
  const ago = Math.max(0, Math.round((nowMs - setback.atMs) / 1000));
  const left = Math.max(1, Math.ceil((setback.untilMs - nowMs) / 1000));
  const age: Text =
    setback.kind === 'refusal'
      ? {
          en: `Answer of ${ago} s ago, remembered; WeChat will be asked again in ${left} s`,
          zh: `这是 ${ago} 秒前的答复，已记住；${left} 秒后会再次请求微信`,
        }
      : {
          en: `That was ${ago} s ago and is remembered, nothing was sent now; WeChat will be asked again in ${left} s`,
          zh: `这发生在 ${ago} 秒前，已记住，本次未发送请求；${left} 秒后会再次请求微信`,
        };
  const details = [...(error.details ?? []), age];
  const now = { remembered_seconds: ago, retry_after: left, request_sent: false };
  const facts = { ...error.facts, ...(setback.kind === 'outage' ? now : {}) };
  const { errcode } = error.facts ?? {};
  if (error.platform && errcode !== undefined) {
    return new PlatformError({ ...error, details, facts: { ...facts, errcode } });
  }
  return new WechatMpError({ ...error, details, facts });
}

export function formatSetback(setback: Setback): string {
  return `${JSON.stringify(setback)}\n`;
}

/** The setback in these bytes, or `undefined` if they are damaged. Never throws. */
export function parseSetback(bytes: Uint8Array): Setback | undefined {
  const value = readJson(bytes);
  return isSetback(value) ? value : undefined;
}

function isSetback(value: unknown): value is Setback {
  if (!isObject(value) || value['version'] !== 1) return false;
  const { kind, atMs, untilMs, waitedMs, error } = value;
  if (!isTime(atMs) || !isTime(untilMs) || untilMs - atMs > OUTAGE_MS) return false;
  if (waitedMs !== undefined && !isTime(waitedMs)) return false;
  if (kind === 'outage') return error === undefined || isStoredError(error, ['network']);
  return kind === 'refusal' && isStoredError(error, ['account', 'limit']);
}

function isStoredError(value: unknown, families: readonly unknown[]): boolean {
  if (!isObject(value)) return false;
  const { family, type, text, hint, details, facts } = value;
  return (
    families.includes(family) &&
    typeof type === 'string' &&
    isText(text) &&
    (hint === undefined || isText(hint)) &&
    (details === undefined || (Array.isArray(details) && details.every(isText))) &&
    (facts === undefined || isObject(facts))
  );
}

function isText(value: unknown): boolean {
  return isObject(value) && typeof value['en'] === 'string' && typeof value['zh'] === 'string';
}
