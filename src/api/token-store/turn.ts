/** Waits for one's turn to ask the platform, within the time of one call: the others' answer may come first. */
import type { CredentialKey } from '../../core/token/index.ts';
import type { Clock, LockHolder, Random } from '../../io/ports.ts';
import { lockTimeout } from './texts.ts';
import type { StoreAccess } from './access.ts';
import { RENEW_EVERY_MS, type StoreLock } from './store.ts';

/** Who waits for another process hears its verdict, which comes at the end of the other one's time, a moment later. */
const VERDICT_GRACE_MS = 1750;
/** A request with less than this part of its time would blame the platform for the time that went into waiting. */
const MIN_TIME_SHARE = 0.25;

export interface TurnParts {
  readonly key: CredentialKey;
  readonly clock: Clock;
  readonly random: Random;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Turn<T> {
  /** What the others have left by now, if it will do. */
  find(): Promise<T | undefined>;
  /** Asks the platform; on the monotonic clock, time is over at `endsAtMs`. */
  fetch(endsAtMs: number): Promise<T>;
}

/** What others found while we waited, or what we fetch when it is our turn. Throws `lock_timeout` when neither comes. */
export async function takeTurn<T>(store: StoreAccess, parts: TurnParts, turn: Turn<T>): Promise<T> {
  const { clock, key, random, signal, timeoutMs } = parts;
  // The first attempt loads the locks; that is not waiting.
  let lock = await store.tryLock();
  const endsAtMs = clock.monotonic() + timeoutMs;
  let holder: LockHolder | undefined;
  for (let attempt = 0; ; attempt += 1) {
    if (lock === undefined) return await turn.fetch(endsAtMs);
    if (lock.held) {
      return await whileHeld(store, lock, clock, async () => {
        const found = await turn.find();
        if (found !== undefined) return found;
        const late = endsAtMs - clock.monotonic() < timeoutMs * MIN_TIME_SHARE;
        if (late && holder !== undefined) throw lockTimeout(holder, key.endpoint);
        return await turn.fetch(endsAtMs);
      });
    }
    ({ holder } = lock);
    if (clock.monotonic() >= endsAtMs + VERDICT_GRACE_MS) throw lockTimeout(holder, key.endpoint);
    await clock.sleep(pollDelay(attempt, random), signal);
    const found = await turn.find();
    if (found !== undefined) return found;
    signal?.throwIfAborted();
    lock = await store.tryLock();
  }
}

/** Says every second that the holder still works, and gives the lock back. */
async function whileHeld<T>(
  store: StoreAccess,
  lock: StoreLock & { readonly held: true },
  clock: Clock,
  work: () => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const keepRenewing = async (): Promise<never> => {
    for (;;) {
      await clock.sleep(RENEW_EVERY_MS, done.signal);
      await store.renew(lock);
    }
  };
  // It ends with the sleep that is cut short.
  keepRenewing().catch(() => undefined);
  try {
    return await work();
  } finally {
    done.abort();
    await store.unlock(lock);
  }
}

/** 10 ms, each time 1.6 times as long, at most 250 ms, and half as much more or less. */
function pollDelay(attempt: number, random: Random): number {
  return Math.min(250, 10 * 1.6 ** attempt) * (0.5 + fraction(random));
}

/** From 0 to 1. */
export function fraction(random: Random): number {
  const [high = 0, low = 0] = random.bytes(2);
  return (high * 256 + low) / 65_536;
}
