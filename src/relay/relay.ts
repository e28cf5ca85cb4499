/**
 * The relay: it has the AppSecret and the listed address, its clients have keys. It answers the token calls itself, and
 * passes the calls of the catalogue on with the token put in.
 */
import type { KnownCall } from '../core/catalogue/index.ts';
import type { Language, Text } from '../core/text/text.ts';
import type { Clock, Spool, StreamHandler, StreamRequest, StreamResponse } from '../io/ports.ts';
import type { RelayAccount } from './account.ts';
import { ClientGone, takeBody } from './body.ts';
import {
  type CallBook,
  createCallBook,
  hasTwice,
  meantBy,
  namedAppId,
  onlyReads,
  secretParameter,
} from './calls.ts';
import {
  type ClientBook,
  createClientBook,
  formatRight,
  mayCall,
  mayUse,
  Rates,
  type RelayClient,
} from './clients.ts';
import { Metrics, type RelayRecord } from './metrics.ts';
import { answerTicket, answerToken, readTokenCall, tokenCalls } from './own-calls.ts';
import { passOn } from './pass-on.ts';
import { answerOwn, answerRefusal, refusalOf, relayHeader, RelayRefusal, troubleOf } from './refusal.ts';
import { createRelayTokens, type RelayTokens, tokenLifeSeconds } from './relay-token.ts';
import { readTarget, type Target, valueOf } from './target.ts';
import * as texts from './texts.ts';

export interface RelayParts {
  readonly accounts: readonly RelayAccount[];
  readonly clients: readonly RelayClient[];
  /** The platform's catalogue. */
  readonly calls: readonly KnownCall[];
  readonly readOnly: boolean;
  /** Whether only this machine reaches it: then `/metrics` is open to whoever is here. */
  readonly isLocal: boolean;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly language: Language;
  readonly spool: () => Promise<Spool>;
  readonly onRecord: (record: RelayRecord) => void;
}

export interface Relay {
  /** Never rejects. */
  readonly handle: StreamHandler;
  /** From now on requests are refused; those that are being answered go on. */
  stop(): void;
  /** Other clients from now on; tokens of keys that are gone end at once. */
  replaceClients(clients: readonly RelayClient[]): void;
}

export function createRelay(parts: RelayParts): Relay {
  const server = new RelayServer(parts);
  return {
    handle: (request) => server.handle(request),
    stop: () => (server.isStopping = true),
    replaceClients: (clients) => server.use(clients),
  };
}

/** What is found out about a request while it is answered, for its line in the log. */
interface Seen {
  path: string;
  isKnownPath: boolean;
  account?: string;
  client?: string;
  errcode?: number | undefined;
  isRepeated?: boolean;
  trouble?: Text | undefined;
}

/** Who asks, and how it was shown. */
interface Caller {
  readonly client: RelayClient;
  /** The account that a token of the relay is for. */
  readonly appId: string | undefined;
  readonly key: string | undefined;
}

class RelayServer {
  isStopping = false;
  readonly #parts: RelayParts;
  readonly #accounts: ReadonlyMap<string, RelayAccount>;
  readonly #calls: CallBook;
  readonly #metrics = new Metrics();
  #book: ClientBook;
  #tokens: RelayTokens;
  #rates: Rates;

  constructor(parts: RelayParts) {
    this.#parts = parts;
    this.#accounts = new Map(parts.accounts.map((account) => [account.parts.appId, account]));
    this.#calls = createCallBook(parts.calls);
    [this.#book, this.#tokens, this.#rates] = this.#open(parts.clients);
  }

  use(clients: readonly RelayClient[]): void {
    [this.#book, this.#tokens] = this.#open(clients);
  }

  #open(clients: readonly RelayClient[]): [ClientBook, RelayTokens, Rates] {
    const { accounts, clock } = this.#parts;
    const appIds = accounts.map((account) => account.parts.appId);
    return [createClientBook(clients), createRelayTokens(clients, appIds), new Rates(clock)];
  }

  async handle(request: StreamRequest): Promise<StreamResponse> {
    const { clock, language } = this.#parts;
    const startedMs = clock.monotonic();
    const target = readTarget(request.target);
    const seen: Seen = { path: target?.path ?? request.target.split('?', 1)[0] ?? '', isKnownPath: false };
    this.#metrics.inFlight += 1;
    const end = (status: number, outcome: string): void => {
      this.#metrics.inFlight -= 1;
      this.#record(request, seen, { status, outcome, ms: clock.monotonic() - startedMs });
    };
    try {
      const response = await this.#answer(request, target, seen);
      const { status, headers, body } = response;
      const outcome = headers[relayHeader] ?? 'answered';
      if (typeof body !== 'string' && !(body instanceof Uint8Array))
        return { ...response, body: watched(body, () => end(status, outcome)) };
      end(status, outcome);
      return response;
    } catch (error) {
      if (error instanceof ClientGone) {
        end(0, 'gone');
        return { status: 500, headers: {}, body: '' };
      }
      const refusal = refusalOf(error);
      seen.errcode = refusal.errcode;
      seen.trouble = troubleOf(refusal);
      end(refusal.status, refusal.type);
      return answerRefusal(refusal, language, {
        client: seen.client,
        path: seen.isKnownPath || looksLikeCall(seen.path) ? seen.path : undefined,
      });
    }
  }

  #record(
    { method }: StreamRequest,
    { path, isKnownPath, account, client, errcode, isRepeated = false, trouble }: Seen,
    result: Pick<RelayRecord, 'status' | 'outcome' | 'ms'>,
  ): void {
    // Probes come every few seconds and would hide the rest.
    if (probes.has(path) && result.outcome === 'answered') return;
    const atMs = this.#parts.clock.now();
    const about = { path, isKnownPath, account, client, errcode, isRepeated, trouble };
    const record = { atMs, method, ...about, ...result };
    this.#metrics.add(record);
    this.#parts.onRecord(record);
  }

  async #answer(request: StreamRequest, target: Target | undefined, seen: Seen): Promise<StreamResponse> {
    if (this.isStopping) throw new RelayRefusal('relay_stopping');
    if (target === undefined) throw new RelayRefusal('relay_request_invalid', { text: texts.targetInvalid });
    if (request.method !== 'GET' && request.method !== 'POST')
      throw new RelayRefusal('relay_request_invalid', { status: 405, text: texts.methodUnknown });
    const { path } = target;
    seen.isKnownPath = ownRoutes.has(path) || this.#calls.has(path);
    if (path === '/healthz' && keyIn(request.headers['authorization']) === undefined)
      return answerOwn({ ok: true });
    if (tokenCalls.has(path)) return await this.#answerTokenCall(request, target, seen);
    if (path === '/metrics' && this.#isOpen(request)) return this.#answerMetrics();
    const caller = this.#authenticate(request, target, seen);
    if (ownRoutes.has(path)) return await this.#answerOwnRoute(target, caller, seen);
    return await this.#pass(request, target, caller, seen);
  }

  /** 获取 access_token, as an SDK asks for it. That the real one can be had is found out here, not at the first call. */
  async #answerTokenCall(request: StreamRequest, target: Target, seen: Seen): Promise<StreamResponse> {
    const { appId, secret } = await readTokenCall(target, request);
    const key = secret ?? keyIn(request.headers['authorization']);
    if (key === undefined) throw new RelayRefusal('relay_key_missing', { errcode: 41004 });
    const client = this.#find(key, seen);
    const account = this.#choose([target.appId, appId], seen);
    if (!mayUse(client, account.parts.appId)) throw new RelayRefusal('relay_forbidden');
    this.#rates.take(client);
    await account.token();
    const value = this.#tokens.issue(client, account.parts.appId, this.#parts.clock.now());
    return answerOwn({ access_token: value, expires_in: tokenLifeSeconds });
  }

  async #answerOwnRoute(
    { path, query, appId }: Target,
    { client }: Caller,
    seen: Seen,
  ): Promise<StreamResponse> {
    if (path === '/metrics') {
      if (!this.#parts.accounts.some((account) => mayCall(client, account.parts.appId, path)))
        throw new RelayRefusal('relay_forbidden');
      return this.#answerMetrics();
    }
    if (path === '/healthz') return this.#answerHealth(client, appId, seen);
    const account = this.#choose([appId, valueOf(query, 'appid')], seen);
    if (!mayCall(client, account.parts.appId, path)) throw new RelayRefusal('relay_forbidden');
    this.#rates.take(client);
    if (path === '/token') return await answerToken(account);
    return await answerTicket(account, valueOf(query, 'type') ?? '');
  }

  async #pass(
    request: StreamRequest,
    { path, query, appId }: Target,
    { client, key, appId: ofToken }: Caller,
    seen: Seen,
  ): Promise<StreamResponse> {
    const meant = meantBy(this.#calls.get(path) ?? [], request.method, query);
    const [call] = meant;
    if (call === undefined) throw new RelayRefusal('relay_path_unknown');
    const named = secretParameter(call) === undefined ? undefined : namedAppId(call, query);
    const account = this.#choose([appId, ofToken, named], seen);
    if (!mayCall(client, account.parts.appId, path)) throw new RelayRefusal('relay_forbidden');
    if (call.isWithdrawn) throw new RelayRefusal('relay_call_withdrawn');
    if (this.#parts.readOnly) {
      if (hasTwice(query)) throw new RelayRefusal('relay_request_invalid', { text: texts.parameterTwice });
      if (!onlyReads(meant, query)) throw new RelayRefusal('relay_read_only');
    }
    this.#rates.take(client);
    await account.quotas.take(path);
    const body = await takeBody(request, this.#parts.spool);
    try {
      const { timeoutMs } = this.#parts;
      const passed = await passOn({ account, call, query, key, request, body, timeoutMs });
      seen.errcode = passed.errcode;
      seen.isRepeated = passed.isRepeated;
      return passed.response;
    } finally {
      await body.close();
    }
  }

  /** Throws where nobody is shown to ask. A key in the header stands above whatever the query has. */
  #authenticate({ headers }: StreamRequest, { path, query }: Target, seen: Seen): Caller {
    const [call] = this.#calls.get(path) ?? [];
    const inQuery = call === undefined ? undefined : secretParameter(call);
    const key =
      keyIn(headers['authorization']) ?? (inQuery === undefined ? undefined : valueOf(query, inQuery));
    if (key !== undefined) return { client: this.#find(key, seen), appId: undefined, key };
    const token = call?.takesWebToken === true ? undefined : valueOf(query, 'access_token');
    if (token === undefined || token === '') throw new RelayRefusal('relay_key_missing');
    const holder = this.#tokens.open(token, this.#parts.clock.now());
    if (holder === 'invalid') throw new RelayRefusal('relay_token_invalid');
    if (holder === 'expired') throw new RelayRefusal('relay_token_expired');
    seen.client = holder.client.name;
    return { client: holder.client, appId: holder.appId, key: undefined };
  }

  #find(key: string, seen: Seen): RelayClient {
    const client = this.#book.find(key);
    if (client === undefined) throw new RelayRefusal('relay_key_invalid');
    seen.client = client.name;
    return client;
  }

  /** The account that all of these mean, or the only one. */
  #choose(named: readonly (string | undefined)[], seen: Seen): RelayAccount {
    const appIds = new Set(named.filter((appId) => appId !== undefined && appId !== ''));
    const [appId = this.#parts.accounts.length === 1 ? this.#parts.accounts[0]?.parts.appId : undefined] =
      appIds;
    if (appId === undefined) throw new RelayRefusal('relay_account_missing');
    const account = this.#accounts.get(appId);
    if (account === undefined || appIds.size > 1) throw new RelayRefusal('relay_account_unknown');
    seen.account = appId;
    return account;
  }

  /** A proxy in front tells of itself; what comes through one is not from this machine. */
  #isOpen({ headers }: StreamRequest): boolean {
    return this.#parts.isLocal && !forwarding.some((name) => headers[name] !== undefined);
  }

  /** To a client, what its key is good for. */
  #answerHealth(client: RelayClient, appId: string | undefined, seen: Seen): StreamResponse {
    if (appId !== undefined) this.#choose([appId], seen);
    const accounts = [...this.#accounts.keys()].filter((id) => mayUse(client, id));
    const prefixes = client.rights.length === 0 ? null : client.rights.map(formatRight);
    return answerOwn({ ok: true, client: client.name, accounts, prefixes, read_only: this.#parts.readOnly });
  }

  #answerMetrics(): StreamResponse {
    return {
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', [relayHeader]: 'answered' },
      body: this.#metrics.format(this.#parts.accounts),
    };
  }
}

/** A misspelt path is worth naming; what may have a key in it, or anything but words, is not. */
function looksLikeCall(path: string): boolean {
  return path.length <= 100 && /^(?:\/[a-z][a-z_-]*\d?)+$/i.test(path);
}

const ownRoutes: ReadonlySet<string> = new Set(['/healthz', '/metrics', '/token', '/ticket']);
const probes: ReadonlySet<string> = new Set(['/healthz', '/metrics']);
const forwarding = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const;

/** The key in `Authorization`: `Bearer KEY`, or `Basic`, as a URL with a user and a password is sent. */
function keyIn(authorization: string | undefined): string | undefined {
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme === '') return undefined;
  const [user = '', ...password] = Buffer.from(value, 'base64').toString().split(':');
  return password.join(':') || user;
}

/** Tells when the last piece has been taken, or nobody takes any more. */
async function* watched(body: AsyncIterable<Uint8Array>, end: () => void): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } finally {
    end();
  }
}
