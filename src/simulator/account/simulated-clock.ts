import type { Clock } from '../../io/ports.ts';
import { createBell } from './bell.ts';

/** A clock that runs like the real one and can be put forward, so that a token's two hours pass in a moment. */
export interface SimulatedClock extends Clock {
  /** How far ahead of the real clock it is, in milliseconds. */
  offsetMs(): number;
  advance(milliseconds: number): void;
  reset(): void;
  /** Calls the listener whenever it has been moved: all accounts have this one. Returns the function that ends it. */
  subscribe(listener: () => void): () => void;
}

export function createSimulatedClock(real: Clock): SimulatedClock {
  let offset = 0;
  const bell = createBell<[]>();
  const move = (to: number): void => {
    if (to === offset) return;
    offset = to;
    bell.ring();
  };
  return {
    now: () => real.now() + offset,
    monotonic: () => real.monotonic(),
    // Waiting is real: a client that waits for a delayed answer waits in real time, too.
    sleep: (milliseconds, signal) => real.sleep(milliseconds, signal),
    offsetMs: () => offset,
    advance: (milliseconds) => move(offset + milliseconds),
    reset: () => move(0),
    subscribe: bell.subscribe,
  };
}
