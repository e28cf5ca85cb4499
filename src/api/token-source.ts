/**
 * Cached, single-flight credentials (获取接口调用凭据). However many processes ask at once, one asks the platform and
 * all get the same answer. The same code serves access tokens and tickets.
 */
import {
  checkIssued,
  createEntry,
  createOutage,
  createOutageKey,
  createRefusal,
  createUnreached,
  type CredentialKey,
  isCurrent,
  isFresh,
  type IssuedCredential,
  refreshMarginMs,
  refusalLifeMs,
  restoreError,
  type Setback,
  type StoredEntry,
} from '../core/token/index.ts';
import { WechatMpError } from '../core/errors.ts';
import type { Text } from '../core/text/text.ts';
import type { Clock, Random } from '../io/ports.ts';
import { StoreAccess } from './token-store/access.ts';
import type { TokenStore } from './token-store/store.ts';
import { fetchTimeout, forcedTooSoon, notForced, outageNote } from './token-store/texts.ts';
import { fraction, takeTurn } from './token-store/turn.ts';

export interface Credential {
  readonly value: string;
  /** `Infinity` where nobody knows its end: given by hand, or by a service that does not tell. */
  readonly expiresAtMs: number;
  readonly source: 'cache' | 'platform' | 'given' | 'service' | 'relay' | 'store';
  /** `stable_token`, `token`, `jsapi`, `wx_card`, `given`, `service`, or `store` where nothing there tells it. */
  readonly endpoint: string;
  /** Whose it is, where only the one who handed it out knows. */
  readonly appId?: string;
  /** Where another library keeps it, for people. */
  readonly place?: string;
}

export interface TokenSource {
  /**
   * A credential that lives for at least five more minutes. `force` replaces even a fresh one and ends the one in use;
   * with `minTtlMs` the platform is asked again when less is left (it may still answer with the same).
   * `afresh` passes by what is remembered of failed attempts, as a diagnosis must: it asks what is true now.
   */
  get(options?: {
    readonly force?: boolean;
    readonly minTtlMs?: number;
    readonly afresh?: boolean;
  }): Promise<Credential>;
  /**
   * Replaces the credential only if the store still holds `failed`, else returns what the store holds.
   * The platform may confirm `failed` when it is asked; then it is returned again.
   */
  renew(failed: string): Promise<Credential>;
  /** What the store holds, fresh or not, without asking the platform. */
  peek(): Promise<StoredEntry | undefined>;
  /** Forgets the stored credential. Returns whether there was one. */
  clear(): Promise<boolean>;
}

export interface TokenSourceParts {
  readonly key: CredentialKey;
  readonly store: TokenStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly host: string;
  readonly pid: number;
  /** For waiting until another process has fetched, and for asking the platform, together. */
  readonly timeoutMs: number;
  /** The proxy on the way to the platform, if there is one. */
  readonly proxy?: string | undefined;
  /** Loads what asking needs, before the time for the answer begins: only those who ask come by. */
  readonly load?: (() => Promise<unknown>) | undefined;
  /** Asks the platform once. Runs under the lock, while time is left; then `signal` is aborted. */
  readonly fetchIssued: (options: {
    readonly forceRefresh: boolean;
    readonly signal: AbortSignal;
  }) => Promise<IssuedCredential>;
  /** Gets outside the lock what `fetchIssued` will need: for a ticket, an access token. */
  readonly prepare?: (() => Promise<unknown>) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told what a person should know although the work goes on. Each text comes once. */
  readonly note: (text: Text) => void;
}

const FETCH_GRACE_MS = 250;
/** `force_refresh` may be sent every 30 s. */
const FORCE_INTERVAL_MS = 30_000;

export function createTokenSource(parts: TokenSourceParts): TokenSource {
  return new StoredTokenSource(parts);
}

/** What would satisfy the caller. */
interface Wish {
  readonly sinceMs: number;
  readonly force: boolean;
  readonly minTtlMs: number;
  readonly afresh: boolean;
  readonly failed: string | undefined;
}

class StoredTokenSource implements TokenSource {
  readonly #parts: TokenSourceParts;
  readonly #store: StoreAccess;
  readonly #flights = new Map<string, Promise<Credential>>();
  readonly #noted = new Set<string>();
  #outageKey: CredentialKey | undefined;
  #marginMs: number | undefined;

  constructor(parts: TokenSourceParts) {
    this.#parts = parts;
    this.#store = new StoreAccess(parts.store, parts.key, (text) => {
      this.#note(text);
    });
  }

  get({ force = false, minTtlMs = 0, afresh = false } = {}): Promise<Credential> {
    return this.#share({ force, minTtlMs, afresh, failed: undefined });
  }

  renew(failed: string): Promise<Credential> {
    return this.#share({ force: false, minTtlMs: 0, afresh: false, failed });
  }

  peek(): Promise<StoredEntry | undefined> {
    return this.#store.read();
  }

  clear(): Promise<boolean> {
    return this.#store.clear();
  }

  /** Callers in this process who want the same share one attempt. */
  #share(wanted: Omit<Wish, 'sinceMs'>): Promise<Credential> {
    const name = JSON.stringify(wanted);
    const running = this.#flights.get(name);
    if (running !== undefined) return running;
    const flight = this.#obtain({ ...wanted, sinceMs: this.#parts.clock.now() }).finally(() => {
      this.#flights.delete(name);
    });
    this.#flights.set(name, flight);
    return flight;
  }

  async #obtain(wish: Wish): Promise<Credential> {
    const ready = await this.#find(wish);
    if (ready !== undefined) return ready;
    await this.#parts.prepare?.();
    return await takeTurn(this.#store, this.#parts, {
      find: () => this.#find(wish),
      fetch: (endsAtMs) => this.#fetch(wish, endsAtMs),
    });
  }

  /** What the store holds, if it will do. Throws a refusal or an outage that is still remembered. */
  async #find(wish: Wish): Promise<Credential | undefined> {
    const entry = await this.#store.read();
    const nowMs = this.#parts.clock.now();
    if (entry !== undefined && this.#suits(entry, wish, nowMs)) return toCredential(entry, 'cache');
    if (wish.force) {
      this.#refuseHaste(entry, nowMs);
      return undefined;
    }
    const own = await this.#store.readSetback();
    const setback = own !== undefined && counts(own, wish, nowMs) ? own : undefined;
    if (setback?.kind === 'refusal') throw restoreError(setback, nowMs);
    const serving = entry !== undefined && lives(entry, wish, nowMs) ? entry : undefined;
    const outage = setback !== undefined && serving !== undefined ? setback : await this.#outage(wish, nowMs);
    if (outage === undefined) return undefined;
    if (serving !== undefined) return toCredential(serving, 'cache');
    throw restoreError(outage, nowMs);
  }

  /** What anybody met with on the same way to the platform a moment ago. */
  async #outage(wish: Wish, nowMs: number): Promise<Setback | undefined> {
    const outage = await this.#store.readSetback(this.#way());
    if (outage?.error === undefined || !counts(outage, wish, nowMs)) return undefined;
    // A timeout says nothing to those who are ready to wait longer.
    return (outage.waitedMs ?? Number.POSITIVE_INFINITY) < this.#parts.timeoutMs ? undefined : outage;
  }

  #suits(entry: StoredEntry, wish: Wish, nowMs: number): boolean {
    if (wish.force) return (entry.forcedAtMs ?? -1) >= wish.sinceMs && isFresh(entry, nowMs, 0);
    if (wish.failed !== undefined) return lives(entry, wish, nowMs) || isConfirmed(entry, wish, nowMs);
    if (isFresh(entry, nowMs, Math.max(this.#margin(), wish.minTtlMs))) return true;
    // Somebody asked while we waited: asking again at once would get the same, however little is left.
    return entry.obtainedAtMs >= wish.sinceMs && isFresh(entry, nowMs, 0);
  }

  /** Quirk: a second forced refresh within 30 s does nothing and returns the current token; 20 a day are allowed. */
  #refuseHaste(entry: StoredEntry | undefined, nowMs: number): void {
    const agoMs = nowMs - (entry?.forcedAtMs ?? Number.NEGATIVE_INFINITY);
    if (this.#parts.key.endpoint === 'stable_token' && agoMs >= 0 && agoMs < FORCE_INTERVAL_MS) {
      throw forcedTooSoon(Math.ceil((FORCE_INTERVAL_MS - agoMs) / 1000));
    }
  }

  async #fetch(wish: Wish, endsAtMs: number): Promise<Credential> {
    const { clock, key, host, pid, load } = this.#parts;
    const loadedFromMs = clock.monotonic();
    await load?.();
    const loadingMs = clock.monotonic() - loadedFromMs;
    const before = wish.force ? await this.#store.read() : undefined;
    const sentAtMs = clock.now();
    const startedMs = clock.monotonic();
    let issued: IssuedCredential;
    try {
      issued = checkIssued(await this.#ask(wish.force, endsAtMs + loadingMs));
    } catch (error) {
      return await this.#recover(wish, error);
    }
    if (key.endpoint === 'stable_token' && issued.value === before?.value) this.#note(notForced);
    const answeredAtMs = clock.now();
    const tookMs = clock.monotonic() - startedMs;
    const exchange = { sentAtMs, answeredAtMs, tookMs, forced: wish.force, host, pid };
    const entry = createEntry(key, issued, exchange);
    const standing = await this.#store.publish(entry, wish.failed);
    await this.#store.forgetSetback(this.#way());
    return toCredential(standing, standing.value === entry.value ? 'platform' : 'cache');
  }

  /** The work under the lock must end in time, whatever the network does. */
  async #ask(forceRefresh: boolean, endsAtMs: number): Promise<IssuedCredential> {
    const { clock, fetchIssued, signal: interruption } = this.#parts;
    const stop = new AbortController();
    const signal = interruption === undefined ? stop.signal : AbortSignal.any([interruption, stop.signal]);
    const leftMs = Math.max(1, endsAtMs - clock.monotonic());
    const alarm = clock
      .sleep(leftMs, signal)
      // A process that was stopped finds alarm and answer together when it goes on; the answer comes first.
      .then(() => clock.sleep(FETCH_GRACE_MS, signal))
      .then(() => {
        throw fetchTimeout(Math.round(leftMs / 100) / 10);
      });
    try {
      return await Promise.race([fetchIssued({ forceRefresh, signal }), alarm]);
    } finally {
      stop.abort();
    }
  }

  /** After a failed attempt: the old credential if it may serve a little longer, else the error, remembered if it lasts. */
  async #recover(wish: Wish, error: unknown): Promise<Credential> {
    const { clock, key, signal, timeoutMs } = this.#parts;
    if (!(error instanceof WechatMpError) || signal?.aborted === true) throw error;
    const nowMs = clock.now();
    if (error.family === 'network') {
      await this.#store.writeSetback(createUnreached(error, nowMs, timeoutMs), this.#way());
    }
    const passing = error.retryable || error.family === 'network' || error.family === 'limit';
    if (passing && !wish.force && wish.failed === undefined) {
      const entry = await this.#store.read();
      if (entry !== undefined && isFresh(entry, nowMs, 0)) {
        await this.#store.writeSetback(createOutage(nowMs));
        this.#note(outageNote(error, Math.ceil((entry.expiresAtMs - nowMs) / 1000)));
        return toCredential(entry, 'cache');
      }
    }
    const lifeMs = refusalLifeMs(error, key.endpoint);
    if (lifeMs > 0) await this.#store.writeSetback(createRefusal(error, nowMs, lifeMs));
    throw error;
  }

  /** What all share who go the same way to the platform. Most find a fresh credential and do not ask. */
  #way(): CredentialKey {
    const { key, proxy } = this.#parts;
    return (this.#outageKey ??= createOutageKey({ ...key, proxy }));
  }

  #note(text: Text): void {
    if (this.#noted.has(text.en)) return;
    this.#noted.add(text.en);
    this.#parts.note(text);
  }

  #margin(): number {
    const { key, random } = this.#parts;
    this.#marginMs ??= refreshMarginMs(key.endpoint, key.endpoint === 'token' ? fraction(random) : 0);
    return this.#marginMs;
  }
}

/** Who asks afresh hears of failures that others have met with meanwhile, and of none before. */
function counts(setback: Setback, { afresh, sinceMs }: Wish, nowMs: number): boolean {
  return isCurrent(setback, nowMs) && !(afresh && setback.atMs < Math.round(sinceMs));
}

function lives(entry: StoredEntry, wish: Wish, nowMs: number): boolean {
  return entry.value !== wish.failed && isFresh(entry, nowMs, 0);
}

/** Somebody asked after it had failed, and the platform named the same one: asking again would tell nothing new. */
function isConfirmed(entry: StoredEntry, wish: Wish, nowMs: number): boolean {
  return entry.value === wish.failed && entry.obtainedAtMs > wish.sinceMs && isFresh(entry, nowMs, 0);
}

function toCredential(entry: StoredEntry, source: 'cache' | 'platform'): Credential {
  return { value: entry.value, expiresAtMs: entry.expiresAtMs, source, endpoint: entry.endpoint };
}
