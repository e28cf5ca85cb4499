import type { Clock } from '../../src/io/ports.ts';

export interface ManualClock extends Clock {
  /** Lets that much time pass, waking every sleeper in order. */
  advance(milliseconds: number): Promise<void>;
  /** Sets the wall clock, as a person or NTP would; the monotonic clock does not notice. */
  jump(milliseconds: number): void;
}

/** A clock that stands still until the test moves it. */
export function createManualClock(startMs: number): ManualClock {
  let wallMs = startMs;
  let passedMs = 1000;
  const sleepers = new Set<{ readonly atMs: number; wake(): void }>();
  return {
    now: () => wallMs,
    monotonic: () => passedMs,
    jump(milliseconds) {
      wallMs += milliseconds;
    },
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const fail = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        const sleeper = {
          atMs: passedMs + milliseconds,
          wake() {
            signal?.removeEventListener('abort', fail);
            resolve();
          },
        };
        if (signal?.aborted === true) {
          fail();
          return;
        }
        sleepers.add(sleeper);
        signal?.addEventListener('abort', fail, { once: true });
      }),
    async advance(milliseconds) {
      const endMs = passedMs + milliseconds;
      await settle();
      for (;;) {
        const next = [...sleepers].toSorted((one, other) => one.atMs - other.atMs)[0];
        if (next === undefined || next.atMs > endMs) break;
        wallMs += next.atMs - passedMs;
        passedMs = next.atMs;
        sleepers.delete(next);
        next.wake();
        await settle();
      }
      wallMs += endMs - passedMs;
      passedMs = endMs;
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
