/** A token that another library keeps in Redis: read where it lies, never fetched, never changed. */
import {
  type Codec,
  type ForeignKey,
  libraryOf,
  type Obstacle,
  readForeignValue,
} from '../../core/foreign/index.ts';
import type { CredentialKey, StoredEntry } from '../../core/token/index.ts';
import type { Text } from '../../core/text/text.ts';
import type { Clock, Redis, RedisReply } from '../../io/ports.ts';
import type { Credential, TokenSource } from '../token-source.ts';
import {
  absentToken,
  deadToken,
  endingToken,
  libraryDecides,
  twoTokens,
  unreadableToken,
  withRights,
} from './foreign-texts.ts';

/** What lies under a key. */
export type Found =
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly obstacle: Obstacle | { readonly type: string } }
  | {
      readonly state: 'there';
      readonly value: string;
      readonly codec: Codec;
      /** `undefined` where neither the key nor the value tells its end. */
      readonly endsAtMs: number | undefined;
    };

type There = Extract<Found, { readonly state: 'there' }>;

/** Who wrote it may be late in removing it, and the libraries reckon with different margins. */
const MARGIN_MS = 60_000;
/** The platform's longest life. */
const LIFE_MS = 7200_000;

/** Looks with TYPE, PTTL and GET or HGET, and changes nothing. */
export async function lookUp(redis: Redis, key: ForeignKey, nowMs: number): Promise<Found> {
  try {
    return await look(redis, key, nowMs);
  } catch (error) {
    throw withRights(error, key);
  }
}

async function look(redis: Redis, key: ForeignKey, nowMs: number): Promise<Found> {
  const { name, hash } = key;
  const found = await readString(redis, name);
  if (found.text !== undefined) return understand(redis, key, found.text, found.leftMs, nowMs);
  if (found.type !== undefined) return { state: 'unreadable', obstacle: { type: found.type } };
  if (hash === undefined) return { state: 'absent' };
  const type = await redis.send(hash.name, ['TYPE', hash.name]);
  if (type !== 'hash') return { state: 'absent' };
  const text = await redis.send(hash.name, ['HGET', hash.name, hash.field]);
  return typeof text === 'string' ? understand(redis, key, text, undefined, nowMs) : { state: 'absent' };
}

/** The end is asked for first: a value that comes in between lives longer than is thought, never shorter. */
async function readString(
  redis: Redis,
  name: string,
): Promise<{ readonly text?: string; readonly leftMs?: number | undefined; readonly type?: string }> {
  const type = String(await redis.send(name, ['TYPE', name]));
  if (type === 'none') return {};
  if (type !== 'string') return { type };
  const leftMs = Number(await redis.send(name, ['PTTL', name]));
  const text: RedisReply = await redis.send(name, ['GET', name]);
  // Quirk: -2 is a key that is gone by now, -1 one that stays for ever.
  if (leftMs === -2 || typeof text !== 'string') return {};
  return { text, leftMs: leftMs < 0 ? undefined : leftMs };
}

async function understand(
  redis: Redis,
  key: ForeignKey,
  text: string,
  leftMs: number | undefined,
  nowMs: number,
): Promise<Found> {
  const read = readForeignValue(text, key);
  if ('obstacle' in read) return { state: 'unreadable', obstacle: read.obstacle };
  const { value, codec } = read;
  const byKey = leftMs === undefined ? undefined : nowMs + leftMs;
  const endsAtMs = read.endsAtMs ?? byKey ?? (await readEnd(redis, key.endName));
  return { state: 'there', value, codec, endsAtMs };
}

async function readEnd(redis: Redis, name: string | undefined): Promise<number | undefined> {
  const text = name === undefined ? undefined : (await readString(redis, name)).text;
  const seconds = Number(text);
  return text === undefined || !(seconds > 0) ? undefined : seconds * 1000;
}

export interface ForeignTokensParts {
  readonly redis: () => Promise<Redis>;
  readonly clock: Clock;
  /** In which it is looked for. */
  readonly keys: readonly [ForeignKey, ...ForeignKey[]];
  /** The store, for people. */
  readonly store: string;
  /** Which endpoint the person has named, where the key does not tell. */
  readonly endpoint: string | undefined;
  readonly identity: CredentialKey;
  /** Asks the platform one harmless thing with this token; throws where it is dead. */
  readonly verify: (
    token: { readonly value: string; readonly place: string },
    dead: () => Error,
  ) => Promise<void>;
  readonly warn: (text: Text) => void;
}

/**
 * Reads the store at each `get`, for its owner may have replaced the token. A token that nobody tells the end of is
 * tried once before it is handed out. What WeChat refuses stays where it is: only its owner can help.
 */
export function createForeignTokens(parts: ForeignTokensParts): TokenSource {
  return new ForeignTokens(parts);
}

type Candidate = There & { readonly key: ForeignKey };

class ForeignTokens implements TokenSource {
  readonly #parts: ForeignTokensParts;
  #reading: Promise<Candidate> | undefined;
  #verified: string | undefined;
  #told = false;

  constructor(parts: ForeignTokensParts) {
    this.#parts = parts;
  }

  async get({ force = false } = {}): Promise<Credential> {
    const { keys, store } = this.#parts;
    if (force) throw libraryDecides(keys[0], store);
    return this.#hand(await this.#read());
  }

  async renew(failed: string): Promise<Credential> {
    const candidate = await this.#read(failed);
    if (candidate.value === failed) throw deadToken(candidate.key, this.#parts.store);
    return this.#hand(candidate);
  }

  async peek(): Promise<StoredEntry | undefined> {
    const { clock, identity } = this.#parts;
    const [best] = usable(await this.#lookUpAll(), clock.now());
    return best?.endsAtMs === undefined ? undefined : entryOf(identity, best.value, best.endsAtMs);
  }

  async clear(): Promise<boolean> {
    const { keys, store } = this.#parts;
    throw libraryDecides(keys[0], store);
  }

  /** Callers in this process who ask at the same time share one reading. */
  #read(failed?: string): Promise<Candidate> {
    return (this.#reading ??= this.#choose(failed).finally(() => (this.#reading = undefined)));
  }

  async #choose(failed: string | undefined): Promise<Candidate> {
    const { clock, keys, store, verify, warn } = this.#parts;
    const all = await this.#lookUpAll();
    const [best, other] = usable(all, clock.now());
    if (best === undefined) throw nothingUsable(all, keys, store, clock.now());
    if (other !== undefined && !this.#told) warn(twoTokens(best.key, other.key));
    this.#told ||= other !== undefined;
    if (best.endsAtMs === undefined && best.value !== this.#verified && best.value !== failed) {
      const token = { value: best.value, place: placeOf(best.key, store) };
      await verify(token, () => deadToken(best.key, store));
      this.#verified = best.value;
    }
    return best;
  }

  async #lookUpAll(): Promise<readonly (readonly [ForeignKey, Found])[]> {
    const { clock, keys } = this.#parts;
    const redis = await this.#parts.redis();
    const found: [ForeignKey, Found][] = [];
    for (const key of keys) found.push([key, await lookUp(redis, key, clock.now())]);
    return found;
  }

  #hand({ value, key, endsAtMs }: Candidate): Credential {
    const { store, endpoint } = this.#parts;
    return {
      value,
      expiresAtMs: endsAtMs === undefined ? Number.POSITIVE_INFINITY : endsAtMs - MARGIN_MS,
      source: 'store',
      endpoint: key.endpoint ?? endpoint ?? 'store',
      place: placeOf(key, store),
    };
  }
}

/** For people. */
export function placeOf({ layout, shown }: ForeignKey, store: string): string {
  return `${libraryOf(layout)}, ${shown}, ${store}`;
}

/** Those that may be handed out; the stable one first, as it is the one that a fetch elsewhere does not end. */
function usable(all: readonly (readonly [ForeignKey, Found])[], nowMs: number): readonly Candidate[] {
  return all
    .flatMap(([key, found]) => (found.state === 'there' ? [{ ...found, key }] : []))
    .filter(({ endsAtMs }) => endsAtMs === undefined || endsAtMs - nowMs > MARGIN_MS)
    .toSorted((one, other) => Number(isStable(other)) - Number(isStable(one)));
}

const isStable = ({ key }: Candidate): boolean => key.endpoint === 'stable_token';

/** The error that says most of what lies there. */
function nothingUsable(
  all: readonly (readonly [ForeignKey, Found])[],
  keys: ForeignTokensParts['keys'],
  store: string,
  nowMs: number,
): Error {
  for (const [key, found] of all)
    if (found.state === 'unreadable') return unreadableToken(key, store, found.obstacle);
  for (const [key, found] of all)
    if (found.state === 'there' && found.endsAtMs !== undefined)
      return endingToken(key, store, Math.max(0, Math.ceil((found.endsAtMs - nowMs) / 1000)));
  return absentToken(keys, store);
}

/** Its beginning is reckoned from its end: no library keeps it. */
export function entryOf(key: CredentialKey, value: string, endsAtMs: number): StoredEntry {
  const expiresAtMs = Math.round(endsAtMs);
  const obtainedAtMs = expiresAtMs - LIFE_MS;
  return {
    version: 1,
    kind: key.endpoint === 'jsapi' || key.endpoint === 'wx_card' ? 'ticket' : 'access_token',
    appId: key.appId,
    apiBase: key.apiBase,
    endpoint: key.endpoint,
    value,
    obtainedAtMs,
    expiresAtMs,
    sentAtMs: obtainedAtMs,
    history: [],
  };
}

/**
 * The library's ticket where there is one that lives, else one of our own: asking for a ticket ends nobody's, and the
 * libraries fetch one only when they sign.
 */
export function createForeignTickets(
  parts: Pick<ForeignTokensParts, 'redis' | 'clock' | 'store' | 'identity'> & { readonly key: ForeignKey },
  own: TokenSource,
): TokenSource {
  const { clock, key, store, identity } = parts;
  const find = async (): Promise<There | undefined> => {
    const found = await lookUp(await parts.redis(), key, clock.now());
    if (found.state !== 'there' || found.endsAtMs === undefined) return undefined;
    return found.endsAtMs - clock.now() > MARGIN_MS ? found : undefined;
  };
  return {
    async get(options) {
      const found = options?.force === true ? undefined : await find();
      if (found?.endsAtMs === undefined) return await own.get(options);
      return {
        value: found.value,
        expiresAtMs: found.endsAtMs - MARGIN_MS,
        source: 'store',
        endpoint: identity.endpoint,
        place: placeOf(key, store),
      };
    },
    renew: (failed) => own.renew(failed),
    async peek() {
      const found = await find();
      return found?.endsAtMs === undefined
        ? await own.peek()
        : entryOf(identity, found.value, found.endsAtMs);
    },
    clear: () => own.clear(),
  };
}
