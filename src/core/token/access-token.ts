/** Credentials with an end: access tokens (接口调用凭据) and tickets. What a cache keeps, and when it is still good. */
import { defined } from '../text/defined.ts';
import type { CredentialEndpoint, CredentialKey } from './credential-key.ts';
import { WechatMpError } from '../errors.ts';

/** What the platform issued. */
export interface IssuedCredential {
  readonly value: string;
  /** 1 to 7200. */
  readonly expiresInSeconds: number;
  /** The server's `Date` header: the only clock that all who ask have in common. */
  readonly issuedAtMs?: number | undefined;
}

/** Who asked the platform for a credential, and when. Tells who replaced a token without telling the token. */
export interface HistoryLine {
  readonly atMs: number;
  readonly endpoint: CredentialEndpoint;
  readonly host: string;
  readonly pid: number;
  /** First and last four characters; empty for a credential so short that they would give it away. */
  readonly first4: string;
  readonly last4: string;
}

/** A credential as the store keeps it. All times are milliseconds since 1970-01-01 UTC by the local clock, but `issuedAtMs`. */
export interface StoredEntry {
  readonly version: 1;
  readonly kind: 'access_token' | 'ticket';
  readonly appId: string;
  readonly apiBase: string;
  readonly endpoint: CredentialEndpoint;
  readonly value: string;
  readonly obtainedAtMs: number;
  readonly expiresAtMs: number;
  /** By the server's clock, in whole seconds. */
  readonly issuedAtMs?: number;
  readonly sentAtMs: number;
  /** When the last forced refresh was sent. */
  readonly forcedAtMs?: number;
  /** Oldest first, at most 10. */
  readonly history: readonly HistoryLine[];
}

/** The platform's longest life of a token and of a ticket. */
const LONGEST_LIFE_SECONDS = 7200;
export const HISTORY_LENGTH = 10;

/**
 * How long before its end a credential is no longer handed out.
 *
 * Quirk: `stable_token` renews only in the last five minutes. A larger margin would make every command in between a
 * token request (373 a day instead of 13), a smaller one would waste the overlap of old and new.
 * Tickets have the same margin: `getticket` returns the same ticket until shortly before its end.
 * The classic endpoint issues a new token each time, so machines without a common store spread over a minute;
 * `jitter` is 0 to 1.
 */
export function refreshMarginMs(endpoint: CredentialEndpoint, jitter: number): number {
  return endpoint === 'token' ? 300_000 + Math.floor(jitter * 60_000) : 300_000;
}

/**
 * Whether the entry may be used now. It is judged by both ends of its life, so that a clock that was set back does
 * not extend it: at most a minute before it was obtained, and never a life longer than the platform gives.
 */
export function isFresh(
  entry: Pick<StoredEntry, 'obtainedAtMs' | 'expiresAtMs'>,
  nowMs: number,
  marginMs: number,
): boolean {
  return (
    entry.obtainedAtMs - 60_000 <= nowMs &&
    nowMs < entry.expiresAtMs - marginMs &&
    entry.expiresAtMs - entry.obtainedAtMs <= (LONGEST_LIFE_SECONDS + 1) * 1000
  );
}

/** Whole milliseconds since 1970, as entries hold them. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** One to 512 printable characters. The platform asks to reserve 512. */
export function isCredentialText(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,512}$/.test(value);
}

/**
 * Checks what came as a credential. Throws a `WechatMpError` (family `network`) without the value:
 * an answer that names no end must never be stored.
 */
export function checkIssued(issued: {
  readonly value: unknown;
  readonly expiresInSeconds: unknown;
  readonly issuedAtMs?: number | undefined;
}): IssuedCredential {
  const { value, expiresInSeconds, issuedAtMs } = issued;
  if (!isCredentialText(value)) {
    throw invalidAnswer(
      'Cannot use the credential that came: it must be 1 to 512 printable ASCII characters without blanks',
      '收到的凭据无法使用：应为 1 到 512 个可见的 ASCII 字符，不含空格',
    );
  }
  if (
    typeof expiresInSeconds !== 'number' ||
    !Number.isInteger(expiresInSeconds) ||
    expiresInSeconds < 1 ||
    expiresInSeconds > LONGEST_LIFE_SECONDS
  ) {
    throw invalidAnswer(
      'Cannot use the credential that came: "expires_in" must be a whole number from 1 to 7200',
      '收到的凭据无法使用："expires_in" 应为 1 到 7200 的整数',
    );
  }
  return { value, expiresInSeconds, issuedAtMs };
}

function invalidAnswer(en: string, zh: string): WechatMpError {
  return new WechatMpError({
    family: 'network',
    type: 'credential_answer_invalid',
    text: { en, zh },
    hint: {
      en: 'Check that the API base and the proxy lead to WeChat: wechat-mp profile show',
      zh: '请确认接口地址和代理确实通向微信：wechat-mp profile show',
    },
  });
}

/** How a credential was asked for, by the local clock. */
export interface Asking {
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  /** Measured by a clock that never goes back. */
  readonly tookMs: number;
  readonly forced: boolean;
  readonly host: string;
  readonly pid: number;
}

/** A process that was stopped between the answer and here must not count the pause as life of the token. */
const LONGEST_ASKING_MS = 12_000;

/** The entry for a credential that was just issued. */
export function createEntry(key: CredentialKey, issued: IssuedCredential, asking: Asking): StoredEntry {
  // Whole milliseconds: everything else would not be read back.
  const sentAtMs = Math.round(asking.sentAtMs);
  const answeredAtMs = Math.round(asking.answeredAtMs);
  const slow = Math.max(asking.tookMs, answeredAtMs - sentAtMs) > LONGEST_ASKING_MS;
  const obtainedAtMs = slow ? sentAtMs : answeredAtMs;
  const telling = issued.value.length >= 24;
  return {
    version: 1,
    kind: key.endpoint === 'jsapi' || key.endpoint === 'wx_card' ? 'ticket' : 'access_token',
    appId: key.appId,
    apiBase: key.apiBase,
    endpoint: key.endpoint,
    value: issued.value,
    obtainedAtMs,
    expiresAtMs: obtainedAtMs + issued.expiresInSeconds * 1000,
    ...defined({ issuedAtMs: isTime(issued.issuedAtMs) ? issued.issuedAtMs : undefined }),
    sentAtMs,
    ...defined({ forcedAtMs: asking.forced ? sentAtMs : undefined }),
    history: [
      {
        atMs: obtainedAtMs,
        endpoint: key.endpoint,
        host: asking.host,
        pid: asking.pid,
        first4: telling ? issued.value.slice(0, 4) : '',
        last4: telling ? issued.value.slice(-4) : '',
      },
    ],
  };
}

/**
 * Which entry shall stand in the store: `current` itself, or `candidate` with the history of both.
 *
 * The later issued one wins, by the server's `Date`, then by the local time of sending: whoever was paused for long
 * holds an answer that the platform has replaced meanwhile. A fencing number would keep exactly that one.
 * An entry that is known to have failed, or is past its time, never stands in the way.
 */
export function chooseEntry(
  current: StoredEntry | undefined,
  candidate: StoredEntry,
  nowMs: number,
  failed?: string,
): StoredEntry {
  if (current === undefined) return candidate;
  const same = current.value === candidate.value;
  const stands = !same && current.value !== failed && isFresh(current, nowMs, 0);
  if (stands && isIssuedLater(current, candidate)) return current;
  // Quirk: a forced refresh less than 30 s after another one returns the current token; it forced nothing.
  const forcedAtMs = same ? current.forcedAtMs : (candidate.forcedAtMs ?? current.forcedAtMs);
  const { forcedAtMs: _, ...rest } = candidate;
  return {
    ...rest,
    ...defined({ forcedAtMs }),
    history: same ? current.history : [...current.history, ...candidate.history].slice(-HISTORY_LENGTH),
  };
}

function isIssuedLater(one: StoredEntry, other: StoredEntry): boolean {
  const difference = (one.issuedAtMs ?? 0) - (other.issuedAtMs ?? 0);
  const comparable = one.issuedAtMs !== undefined && other.issuedAtMs !== undefined;
  return comparable && difference !== 0 ? difference > 0 : one.sentAtMs > other.sentAtMs;
}
