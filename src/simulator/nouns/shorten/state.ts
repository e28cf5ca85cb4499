/** Short keys for long data (短 key 托管). */
import type { Clock, Random } from '../../../io/ports.ts';
import { createForgetting } from '../../account/forgetting.ts';
import { randomAlphanumeric } from '../../random/text.ts';
import { Refusal } from '../../server/refusal.ts';

const maxDataBytes = 4096;
const maxExpireSeconds = 2_592_000;
const keyLength = 15;
/** The platform names no limit; a simulator that runs for weeks forgets the oldest. */
const keptKeys = 10_000;

interface ShortData {
  readonly longData: string;
  readonly createdAtMs: number;
  readonly expireSeconds: number;
}

export function createShortKeys(clock: Clock, random: Random) {
  const keys = new Map<string, ShortData>();
  const forget = createForgetting(keys, keptKeys);
  return {
    /** Returns the key. Throws 47003, 9410010 or 9410011. */
    create(longData: unknown, expireSeconds: unknown = maxExpireSeconds): string {
      if (typeof longData !== 'string' || longData === '') throw invalid('long_data');
      if (Buffer.byteLength(longData) > maxDataBytes) throw new Refusal(9_410_010);
      if (typeof expireSeconds !== 'number' || !Number.isInteger(expireSeconds) || expireSeconds < 1) {
        throw invalid('expire_seconds');
      }
      if (expireSeconds > maxExpireSeconds) throw new Refusal(9_410_011);
      const key = randomAlphanumeric(random, keyLength);
      keys.set(key, { longData, createdAtMs: clock.now(), expireSeconds });
      forget();
      return key;
    },
    /** Throws 47003, or 9410012 for a key that is unknown or over. */
    find(key: unknown): ShortData & { readonly secondsLeft: number } {
      if (typeof key !== 'string' || key === '') throw invalid('short_key');
      const data = keys.get(key);
      if (data === undefined) throw new Refusal(9_410_012);
      const leftMs = data.createdAtMs + data.expireSeconds * 1000 - clock.now();
      if (leftMs <= 0) throw new Refusal(9_410_012);
      return { ...data, secondsLeft: Math.ceil(leftMs / 1000) };
    },
    save: (): readonly (readonly [key: string, data: ShortData])[] => [...keys],
    restore(saved: readonly (readonly [key: string, data: ShortData])[]): void {
      keys.clear();
      for (const [key, data] of saved) keys.set(key, data);
    },
  };
}

/** The platform's words name the argument. */
function invalid(name: string): Refusal {
  return new Refusal(47003, `argument invalid! ${name} invalid`);
}
