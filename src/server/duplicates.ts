import { eventNameOf, type IncomingMessage } from '../core/message/index.ts';
import type { Clock } from '../io/ports.ts';

/**
 * Pushes may be stamped five minutes ahead and five behind, so a captured one can be sent again for ten. The platform
 * itself repeats within 15 seconds.
 */
const defaultTtlMs = 10 * 60_000;
const defaultMaxEntries = 10_000;
/** Ten thousand ordinary messages, and no more than a few hundred of the longest. */
const defaultMaxBytes = 16 * 1024 * 1024;
/** What an entry costs besides its texts. */
const entryBytes = 400;

/** Under these names a push may have an id of its own; the capitals differ from kind to kind. */
const ownIds = ['MsgId', 'MsgID', 'trace_id'];
/** Members of the body that a retry may change: a new ciphertext of the same message, and the count of the attempts. */
const changedByRetry: ReadonlySet<string> = new Set(['Encrypt', 'RetryTimes']);

/**
 * What makes repeated pushes（消息排重）the same: the id of the push where it has one, else all that it says. Two cards
 * that one person takes within a second differ in nothing but their code. `undefined` where nothing tells a repeated
 * push from one that says the same again.
 */
export function duplicateKey(message: IncomingMessage): string | undefined {
  const { fields, fromUserName, createTime } = message;
  for (const name of ownIds) {
    const id = fields[name];
    if (typeof id !== 'string' || id === '') continue;
    // With their lengths, so that no two lists read alike.
    return [id.length, fromUserName.length, id, fromUserName, eventNameOf(message) ?? ''].join(' ');
  }
  if (createTime === 0) return undefined;
  return JSON.stringify(fields, (name, value: unknown) => (changedByRetry.has(name) ? undefined : value));
}

/** An answer, or one that is being worked on. */
export type Pending<Value> = Value | Promise<Value>;

/** Answers that were given or are being worked on, by key. */
export interface Duplicates<Value> {
  /**
   * Starts the work for a key that is new, and otherwise hands out the answer that there is or will be. The least
   * recently used answers are forgotten first.
   */
  once(
    key: string,
    work: () => Pending<Value>,
  ): { readonly answer: Pending<Value>; readonly repeated: boolean };
  readonly size: number;
  /** An estimate of what the entries hold. */
  readonly bytes: number;
}

interface Entry<Value> {
  answer: Pending<Value>;
  readonly until: number;
  bytes: number;
}

interface DuplicatesOptions<Value> {
  /** Counts from the first delivery, on the clock that never goes back. */
  readonly ttlMs?: number;
  readonly maxEntries?: number;
  readonly maxBytes?: number;
  /** What is remembered of an answer. */
  readonly keep?: (answer: Value) => Value;
  /** How many bytes that holds. */
  readonly weigh?: (kept: Value) => number;
}

/** Remembers answers in memory, bounded in number and in bytes. */
export function createDuplicates<Value>(
  clock: Pick<Clock, 'monotonic'>,
  options: DuplicatesOptions<Value> = {},
): Duplicates<Value> {
  const { ttlMs = defaultTtlMs, maxEntries = defaultMaxEntries, maxBytes = defaultMaxBytes } = options;
  const { keep = (answer) => answer, weigh = () => 0 } = options;
  // A Map keeps the order of insertion; an entry that is used is inserted again.
  const entries = new Map<string, Entry<Value>>();
  let held = 0;

  const forget = (key: string, entry: Entry<Value> | undefined): void => {
    if (entry !== undefined && entries.get(key) === entry && entries.delete(key)) held -= entry.bytes;
  };
  const settle = (key: string, entry: Entry<Value>, answer: Value): void => {
    const kept = keep(answer);
    entry.answer = kept;
    if (entries.get(key) !== entry) return;
    const bytes = weigh(kept);
    entry.bytes += bytes;
    held += bytes;
    trim();
  };
  // What stands before the place of this iterator has been forgotten or moved to the end, so that its next key is always
  // the oldest. A new one would walk over every place that was given up since the last clean-up of the Map.
  let oldest = entries.keys();
  const isFull = (): boolean => entries.size > maxEntries || (held > maxBytes && entries.size > 0);
  const trim = (): void => {
    while (isFull()) {
      const { value, done } = oldest.next();
      if (done === true) oldest = entries.keys();
      else forget(value, entries.get(value));
    }
  };

  return {
    once(key, work) {
      const now = clock.monotonic();
      const known = entries.get(key);
      if (known !== undefined && now < known.until) {
        entries.delete(key);
        entries.set(key, known);
        return { answer: known.answer, repeated: true };
      }
      if (known !== undefined) forget(key, known);
      const answer = work();
      const entry: Entry<Value> = { answer, until: now + ttlMs, bytes: entryBytes + 2 * key.length };
      entries.set(key, entry);
      held += entry.bytes;
      // Work that fails is not remembered: the next delivery may fare better.
      if (answer instanceof Promise)
        void answer.then(
          (settled) => settle(key, entry, settled),
          () => forget(key, entry),
        );
      else settle(key, entry, answer);
      trim();
      return { answer, repeated: false };
    },
    get size() {
      return entries.size;
    },
    get bytes() {
      return held;
    },
  };
}
