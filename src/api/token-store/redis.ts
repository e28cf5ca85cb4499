/**
 * A store that machines share: a Redis. What lies there is in the server's time, so that two machines whose clocks
 * differ neither shorten nor prolong a life. All keys of an account share a hash tag, so that a cluster keeps them
 * together, and scripts of the server compare before they write.
 */
import {
  chooseEntry,
  type CredentialKey,
  formatEntry,
  formatSetback,
  isLocal,
  nameCredentialKey,
  parseEntry,
  parseSetback,
  type Setback,
  shiftEntry,
  shiftSetback,
  type StoredEntry,
} from '../../core/token/index.ts';
import type { Clock, LockHolder, Random, Redis, RedisReply } from '../../io/ports.ts';
import type { Reading, StoreLock, TokenStore } from './store.ts';

export interface RedisStoreParts {
  readonly redis: () => Promise<Redis>;
  readonly clock: Clock;
  readonly random: Random;
  readonly host: string;
  readonly pid: number;
}

/** Entries outlive their tokens for the history; then nobody asks for them any more. */
const KEPT_MS = 7 * 24 * 3600_000;
/** A holder that is silent for so long is stopped or gone; with the classic endpoint a mistake would end a token. */
const [leaseMs, classicLeaseMs] = [5000, 30_000];

/** A value and the server's clock, in milliseconds. */
const readScript = `
local now = redis.call('TIME')
return {redis.call('GET', KEYS[1]) or '', now[1] * 1000 + math.floor(now[2] / 1000)}`;

/** Replaces what was read, unless it is another by now; forgets the setbacks. */
const publishScript = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('DEL', KEYS[2], KEYS[3])
return 1`;

/** Takes the lock, or says who has it and for how long. The owner's value begins with the time of the server. */
const lockScript = `
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local value = string.format('%.0f', ms) .. ' ' .. ARGV[1]
if redis.call('SET', KEYS[1], value, 'NX', 'PX', ARGV[2]) then return {1, value} end
local held = redis.call('GET', KEYS[1]) or ''
return {0, held, ms}`;

export const renewScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

export const unlockScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

const clearScript = `
redis.call('DEL', KEYS[2], KEYS[3])
return redis.call('DEL', KEYS[1])`;

export function createRedisStore(parts: RedisStoreParts): TokenStore {
  return new RedisStore(parts);
}

class RedisStore implements TokenStore {
  readonly required = true;
  readonly #parts: RedisStoreParts;
  #opened: Promise<Redis> | undefined;

  constructor(parts: RedisStoreParts) {
    this.#parts = parts;
  }

  async read(key: CredentialKey): Promise<Reading & { text: string; mostAheadMs: number }> {
    const place = entryName(key);
    const { text, leastAheadMs, mostAheadMs } = await this.#read(place);
    if (text === '') return { text, mostAheadMs };
    const entry = parseEntry(Buffer.from(text), key);
    if (entry === undefined) return { text, mostAheadMs, damaged: place };
    return { text, mostAheadMs, entry: shiftEntry(entry, leastAheadMs) };
  }

  async tryLock(key: CredentialKey): Promise<StoreLock> {
    const { random, pid, host } = this.#parts;
    const name = `${entryName(key)}:lock`;
    const lease = String(key.endpoint === 'token' ? classicLeaseMs : leaseMs);
    const owner = `${Buffer.from(random.bytes(16)).toString('hex')} ${pid} ${host}`;
    const [held, value, nowMs] = asList(await this.#run(lockScript, [name], owner, lease));
    if (held !== 1) return { held: false, holder: readHolder(String(value), Number(nowMs)) };
    const mine = String(value);
    return {
      held: true,
      renew: async () => (await this.#run(renewScript, [name], mine, lease)) === 1,
      unlock: async () => (await this.#run(unlockScript, [name], mine)) === 1,
    };
  }

  async publish(key: CredentialKey, candidate: StoredEntry, failed?: string): Promise<StoredEntry> {
    const { clock, host } = this.#parts;
    for (;;) {
      const { entry, text, mostAheadMs } = await this.read(key);
      const standing = chooseEntry(entry, candidate, clock.now(), failed);
      if (standing === entry) return standing;
      const written = formatEntry(shiftEntry(standing, -mostAheadMs));
      const keys = [entryName(key), ...setbackNames(key, host)] as const;
      // Another one that came in between is compared, too: it ends when nobody else publishes.
      if ((await this.#run(publishScript, keys, text, written, String(KEPT_MS))) === 1) return standing;
    }
  }

  async readSetback(key: CredentialKey): Promise<Setback | undefined> {
    const [everybody, here] = setbackNames(key, this.#parts.host);
    return (await this.#readSetback(everybody)) ?? (await this.#readSetback(here));
  }

  async writeSetback(key: CredentialKey, setback: Setback): Promise<void> {
    const { clock, host } = this.#parts;
    const [everybody, here] = setbackNames(key, host);
    const name = isLocal(setback) ? here : everybody;
    const { mostAheadMs } = await this.#read(name);
    const lifeMs = Math.max(1, setback.untilMs - clock.now());
    const text = formatSetback(shiftSetback(setback, -mostAheadMs));
    await (await this.#redis()).send(name, ['SET', name, text, 'PX', String(lifeMs)]);
  }

  async clear(key: CredentialKey): Promise<boolean> {
    const keys = [entryName(key), ...setbackNames(key, this.#parts.host)] as const;
    return (await this.#run(clearScript, keys)) === 1;
  }

  #redis(): Promise<Redis> {
    return (this.#opened ??= this.#parts.redis());
  }

  async #run(script: string, keys: readonly [string, ...string[]], ...values: string[]): Promise<RedisReply> {
    const redis = await this.#redis();
    return await redis.send(keys[0], ['EVAL', script, String(keys.length), ...keys, ...values]);
  }

  /**
   * What lies under a key, and how far this machine's clock is ahead of the server's: the server looked at it some time
   * between question and answer. Whoever reads takes the least and whoever writes the most, so that nothing seems to be
   * later than it was: a token got before a refusal must not pass for one that was got after it.
   */
  async #read(
    key: string,
  ): Promise<{ readonly text: string; readonly leastAheadMs: number; readonly mostAheadMs: number }> {
    const { clock } = this.#parts;
    const beforeMs = clock.now();
    const [text, serverMs] = asList(await this.#run(readScript, [key]));
    return {
      text: String(text ?? ''),
      leastAheadMs: Math.floor(beforeMs - Number(serverMs)),
      mostAheadMs: Math.ceil(clock.now() - Number(serverMs)),
    };
  }

  async #readSetback(key: string): Promise<Setback | undefined> {
    const { text, leastAheadMs } = await this.#read(key);
    const setback = text === '' ? undefined : parseSetback(Buffer.from(text));
    return setback && shiftSetback(setback, leastAheadMs);
  }
}

/** In braces is what decides about the node of a cluster. */
function entryName(key: CredentialKey): string {
  return `wechat-mp:{${key.appId || 'outage'}}:${nameCredentialKey(key)}`;
}

/** For everybody, and for this machine. */
function setbackNames(key: CredentialKey, host: string): readonly [string, string] {
  const name = `${entryName(key)}:setback`;
  return [name, `${name}:${host}`];
}

/** `1732787614123 owner pid host` */
function readHolder(value: string, nowMs: number): LockHolder {
  const [sinceMs, , pid, ...host] = value.split(' ');
  const known = pid === undefined ? {} : { pid: Number(pid), host: host.join(' ') };
  return { ...known, ageMs: Math.max(0, nowMs - Number(sinceMs || nowMs)) };
}

function asList(reply: RedisReply): readonly RedisReply[] {
  return Array.isArray(reply) ? reply : [];
}

/** The shared store, and from its first failure on the cache of this machine. */
export function createFallbackStore(
  shared: TokenStore,
  file: TokenStore,
  tell: (error: unknown) => void,
): TokenStore {
  let current = shared;
  const attempt = async <T>(work: (store: TokenStore) => Promise<T>): Promise<T> => {
    if (current === file) return await work(file);
    try {
      return await work(shared);
    } catch (error) {
      // One that waited for the same trouble must not say it again.
      if (current !== file) tell(error);
      current = file;
      return await work(file);
    }
  };
  return {
    get required() {
      return current.required;
    },
    read: (key) => attempt((store) => store.read(key)),
    tryLock: (key) => attempt((store) => store.tryLock(key)),
    publish: (key, entry, failed) => attempt((store) => store.publish(key, entry, failed)),
    readSetback: (key) => attempt((store) => store.readSetback(key)),
    writeSetback: (key, setback) => attempt((store) => store.writeSetback(key, setback)),
    clear: (key) => attempt((store) => store.clear(key)),
  };
}
