import type { Clock } from '../../io/ports.ts';

/** A clock that runs like the real one and can be put forward, so that a token's two hours pass in a moment. */
export interface SimulatedClock extends Clock {
  /** How far ahead of the real clock it is, in milliseconds. */
  offsetMs(): number;
  advance(milliseconds: number): void;
  reset(): void;
}

export function createSimulatedClock(real: Clock): SimulatedClock {
  let offset = 0;
  return {
    now: () => real.now() + offset,
    monotonic: () => real.monotonic(),
    // Waiting is real: a client that waits for a delayed answer waits in real time, too.
    sleep: (milliseconds, signal) => real.sleep(milliseconds, signal),
    offsetMs: () => offset,
    advance: (milliseconds) => {
      offset += milliseconds;
    },
    reset: () => {
      offset = 0;
    },
  };
}
