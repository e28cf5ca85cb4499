/**
 * A relay as its clients see it: it puts the token in, and sends every call from one address. What
 * goes wrong on the way to it, and what it refuses, is said of the relay, never of WeChat.
 */
import { WechatMpError } from '../../core/errors.ts';
import { defined } from '../../core/text/defined.ts';
import { isObject, parseJson } from '../../core/text/json-value.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import { checkIssued } from '../../core/token/index.ts';
import type { Clock, Fetch, HttpResponse } from '../../io/ports.ts';
import * as say from './texts.ts';
import type { TicketType } from '../ticket.ts';
import { createAskedSource } from '../token-store/asked.ts';
import type { Credential, TokenSource } from '../token-source.ts';

export interface RelayParts {
  /** Origin and path, without a slash at the end. */
  readonly base: string;
  /** Which account is meant, where that is known here: the relay refuses it if it serves another one. */
  readonly appId: string | undefined;
  readonly key: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a relay tells the owner of a key. */
export interface RelayFacts {
  /** The name of the key. */
  readonly client: string | undefined;
  readonly accounts: readonly string[];
  /** The paths that the key may call, as the key file has them; all of the API where there are none. */
  readonly prefixes: readonly string[] | undefined;
  readonly readOnly: boolean;
}

export interface Relay {
  /** As it was given, for people. */
  readonly name: string;
  /** Where calls go to: the platform's paths stand below it. */
  readonly apiBase: string;
  /** Sends with the key. Rejects where no relay answers, and where the relay refuses. */
  readonly fetch: Fetch;
  /** The AppID that is known here, or that of the only account. */
  readonly appId: () => Promise<string>;
  readonly facts: () => Promise<RelayFacts>;
  /** The relay's own token, for a key with the right `/token`. */
  readonly tokens: TokenSource;
  readonly tickets: (type: TicketType) => TokenSource;
}

const maxBytes = 64 * 1024;
/** Every answer of a relay has it: `passed`, `answered`, or the type of an error. */
export const relayMark = 'wechat-mp-relay';

export function createRelay(parts: RelayParts): Relay {
  const { base, appId } = parts;
  const apiBase = appId === undefined || base.endsWith(`/${appId}`) ? base : `${base}/${appId}`;
  const fetch = sendWithKey(parts);
  const ask = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
    const { timeoutMs, signal } = parts;
    const url = apiBase + path;
    const { status, headers, body } = await fetch({ method: 'GET', url, timeoutMs, maxBytes, signal });
    const answer = parseJson(decodeUtf8(body) ?? '');
    if (status !== 200 || !isObject(answer)) throw say.unusable(base, path);
    await refuseAsPlatform(parts, path, headers[relayMark], answer);
    return answer;
  };
  const facts = once(async () => readFacts(await ask('/healthz')));
  const sources = new Map<string, TokenSource>();
  const sourceOf = (path: string, field: string): TokenSource => {
    const found = sources.get(path) ?? createSource(parts, path, field, ask);
    sources.set(path, found);
    return found;
  };
  return {
    name: base,
    apiBase,
    fetch,
    facts,
    async appId() {
      if (appId !== undefined) return appId;
      const [only, ...others] = (await facts()).accounts;
      if (only === undefined || others.length > 0) throw say.accountWanted(base);
      return only;
    },
    tokens: sourceOf('/token', 'access_token'),
    tickets: (type) => sourceOf(`/ticket?type=${type}`, 'ticket'),
  };
}

function sendWithKey({ base, appId, key, fetch }: RelayParts): Fetch {
  return async (request) => {
    const headers = { ...request.headers, authorization: `Bearer ${key}` };
    const response = await fetch({ ...request, headers }).catch((error: unknown) => {
      throw error instanceof WechatMpError ? say.unreached(base, error) : error;
    });
    const word = response.headers[relayMark];
    if (word === undefined) throw say.notARelay(base, response.status);
    // A refusal of WeChat that the relay itself has met with keeps its status and its errcode.
    if (word === 'passed' || response.status === 200) return response;
    const path = new URL(request.url).pathname.slice(new URL(base).pathname.replace(/\/$/, '').length);
    throw say.refusedBy(base, { type: word, path: withoutAppId(path), appId, ...readRefusal(response) });
  };
}

/** Throws what the platform has said to the relay, when that itself asked for the token or the ticket. */
async function refuseAsPlatform(
  { base, appId }: RelayParts,
  path: string,
  met: string | undefined,
  { errcode, errmsg }: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (typeof errcode !== 'number' || errcode === 0) return;
  const { platformError } = await import('../platform-error.ts');
  const called = met === 'invalid_appsecret' ? '/cgi-bin/token' : (path.split('?', 1)[0] ?? path);
  throw await platformError({ errcode, errmsg: textIn(errmsg) ?? '', path: called, appId, relay: base });
}

function withoutAppId(path: string): string {
  return path.replace(/^\/wx[0-9a-f]{16}(?=\/)/i, '');
}

/** A refusal of a relay: what was asked, and what it says; it may leave out any of that but the type. */
export interface RelayRefusal extends Said {
  readonly type: string;
  readonly path: string;
  readonly appId: string | undefined;
}

interface Said {
  readonly status: number;
  readonly message: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Whether the platform may have got the call; nothing where it does not say. */
  readonly sent: boolean | undefined;
}

function readRefusal({ status, headers, body }: HttpResponse): Said {
  const answer = parseJson(decodeUtf8(body) ?? '');
  const error = isObject(answer) && isObject(answer['error']) ? answer['error'] : {};
  const seconds = Number(headers['retry-after'] ?? error['retry_after']);
  return {
    status,
    message: textIn(error['message']),
    retryAfterSeconds: Number.isSafeInteger(seconds) && seconds > 0 ? seconds : undefined,
    sent: typeof error['request_sent'] === 'boolean' ? error['request_sent'] : undefined,
  };
}

function readFacts(answer: Readonly<Record<string, unknown>>): RelayFacts {
  const { client, accounts, prefixes, read_only: readOnly } = answer;
  return {
    client: textIn(client),
    accounts: textsIn(accounts) ?? [],
    prefixes: textsIn(prefixes),
    readOnly: readOnly === true,
  };
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function textsIn(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : undefined;
}

function createSource(
  { base, clock }: RelayParts,
  path: string,
  field: string,
  ask: (path: string) => Promise<Readonly<Record<string, unknown>>>,
): TokenSource {
  const askRelay = async (): Promise<Credential> => {
    const answer = await ask(path);
    const { value, expiresInSeconds } = readIssued(base, path, answer, field);
    const appId = textIn(answer['appid']);
    const endpoint = textIn(answer['endpoint'] ?? answer['type']) ?? 'relay';
    const expiresAtMs = clock.now() + expiresInSeconds * 1000;
    return { value, expiresAtMs, source: 'relay', endpoint, ...defined({ appId }) };
  };
  return createAskedSource({ clock, ask: askRelay, refuseForce: () => say.relayRefreshes(base) });
}

function readIssued(
  base: string,
  path: string,
  answer: Readonly<Record<string, unknown>>,
  field: string,
): { readonly value: string; readonly expiresInSeconds: number } {
  try {
    return checkIssued({ value: answer[field], expiresInSeconds: answer['expires_in'] });
  } catch {
    throw say.unusable(base, path);
  }
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => (found ??= work());
}
