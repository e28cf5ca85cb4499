/** How often a client may call, as its line in the key file says. */
import type { Clock } from '../io/ports.ts';
import type { RelayClient } from './clients.ts';
import { RelayRefusal } from './refusal.ts';

interface Bucket {
  left: number;
  atMs: number;
}

/** A bucket for each client, full at the beginning, filled evenly: `60/m` allows sixty at once, then one a second. */
export class Rates {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Throws a `RelayRefusal` that says when the next call is allowed. */
  take({ name, rate }: RelayClient): void {
    if (rate === undefined) return;
    const nowMs = this.#clock.monotonic();
    const { left: before, atMs } = this.#buckets.get(name) ?? { left: rate.count, atMs: nowMs };
    const left = Math.min(rate.count, before + ((nowMs - atMs) * rate.count) / rate.perMs);
    if (left < 1) {
      const retryAfter = Math.max(1, Math.ceil(((1 - left) * rate.perMs) / rate.count / 1000));
      throw new RelayRefusal('relay_rate_limit', { retryAfter });
    }
    this.#buckets.set(name, { left: left - 1, atMs: nowMs });
  }
}
