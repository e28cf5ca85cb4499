/** What `trigger --repeat` keeps of its messages: counts, however many are sent. */
import type { Delivery } from '../../../simulator/push/index.ts';

export interface Tally {
  add(delivery: Delivery, isGood: boolean): void;
  readonly total: number;
  readonly failed: number;
  /** How often each kind of failure came. */
  readonly causes: Readonly<Record<string, number>>;
  /** Whole milliseconds. The nth of a hundred is exact: those that are the same are counted, none is left out. */
  ms(): { readonly min: number; readonly p50: number; readonly p99: number; readonly max: number };
  /** How many numbers it holds. */
  readonly held: number;
}

export function createTally(): Tally {
  // A delivery ends after five seconds, so that there are a few thousand different times at most.
  const times = new Map<number, number>();
  const causes: Record<string, number> = {};
  let [total, failed] = [0, 0];
  return {
    add({ exchange, finding, verdict }, isGood) {
      total += 1;
      if (!isGood) failed += 1;
      const ms = Math.round(exchange.ms);
      times.set(ms, (times.get(ms) ?? 0) + 1);
      const cause = finding?.cause ?? verdict?.problems.find(({ severity }) => severity === 'error')?.rule;
      if (cause !== undefined) causes[cause] = (causes[cause] ?? 0) + 1;
    },
    get total() {
      return total;
    },
    get failed() {
      return failed;
    },
    causes,
    ms() {
      const sorted = [...times].toSorted(([a], [b]) => a - b);
      const at = (rank: number): number => {
        let before = 0;
        return sorted.find(([, count]) => (before += count) >= rank)?.[0] ?? 0;
      };
      return { min: at(1), p50: at(Math.ceil(total / 2)), p99: at(Math.ceil(0.99 * total)), max: at(total) };
    },
    get held() {
      return times.size + Object.keys(causes).length;
    },
  };
}
