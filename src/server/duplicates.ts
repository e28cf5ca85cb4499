import type { IncomingMessage } from '../core/message.ts';
import type { Clock } from '../io/ports.ts';

/**
 * Pushes may be stamped five minutes ahead and five behind, so a captured one can be sent again for ten. The platform
 * itself repeats within 15 seconds.
 */
const defaultTtlMs = 10 * 60_000;
const defaultMaxEntries = 10_000;

/** What makes repeated pushes（消息排重）the same; `undefined` where nothing does. */
export function duplicateKey(message: IncomingMessage): string | undefined {
  if ('msgId' in message && message.msgId) return JSON.stringify([message.fromUserName, message.msgId]);
  if (message.fromUserName === '' || message.createTime === 0) return undefined;
  const kind = 'event' in message ? [message.event, message.eventKey ?? ''] : [message.msgType];
  return JSON.stringify([message.fromUserName, message.createTime, ...kind]);
}

/** Answers that were given or are being worked on, by key. */
export interface Duplicates<Answer> {
  /**
   * Starts the work for a key that is new, and otherwise hands out the answer that there is or will be. The least
   * recently used answers are forgotten first.
   */
  once(
    key: string,
    work: () => Promise<Answer>,
  ): { readonly answer: Promise<Answer>; readonly repeated: boolean };
  readonly size: number;
}

/** Remembers answers in memory. `ttlMs` counts from the first delivery, on the clock that never goes back. */
export function createDuplicates<Answer>(
  clock: Pick<Clock, 'monotonic'>,
  { ttlMs = defaultTtlMs, maxEntries = defaultMaxEntries }: { ttlMs?: number; maxEntries?: number } = {},
): Duplicates<Answer> {
  // A Map keeps the order of insertion; an entry that is used is inserted again.
  const entries = new Map<string, { readonly answer: Promise<Answer>; readonly until: number }>();
  return {
    once(key, work) {
      const now = clock.monotonic();
      const known = entries.get(key);
      entries.delete(key);
      if (known !== undefined && now < known.until) {
        entries.set(key, known);
        return { answer: known.answer, repeated: true };
      }
      const answer = work();
      entries.set(key, { answer, until: now + ttlMs });
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries) break;
        entries.delete(oldest);
      }
      return { answer, repeated: false };
    },
    get size() {
      return entries.size;
    },
  };
}
