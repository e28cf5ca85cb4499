import { array, assert, double, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTally } from '../../../../src/cli/commands/trigger/tally.ts';
import type { Delivery } from '../../../../src/simulator/push/index.ts';

const delivery = (ms: number, cause?: string): Delivery =>
  ({
    exchange: { ms },
    finding: cause === undefined ? undefined : { cause },
    verdict: undefined,
  }) as unknown as Delivery;

describe('createTally()', () => {
  test('gives the times that a list of all of them would give', () => {
    const exactly = (times: readonly number[]): unknown => {
      const sorted = times.map((ms) => Math.round(ms)).toSorted((a, b) => a - b);
      const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
      return { min: sorted[0], p50: at(0.5), p99: at(0.99), max: sorted.at(-1) };
    };
    assert(
      property(
        array(double({ min: 0, max: 5000, noNaN: true }), { minLength: 1, maxLength: 300 }),
        (times) => {
          const tally = createTally();
          for (const ms of times) tally.add(delivery(ms), true);
          expect(tally.ms()).toEqual(exactly(times));
        },
      ),
    );
    expect(createTally().ms()).toEqual({ min: 0, p50: 0, p99: 0, max: 0 });
  });

  test('counts what failed, and by which cause', () => {
    const tally = createTally();
    tally.add(delivery(1), true);
    tally.add(delivery(1, 'timeout'), false);
    tally.add(delivery(1, 'timeout'), false);
    tally.add(delivery(1), false);
    expect(tally).toMatchObject({ total: 4, failed: 3, causes: { timeout: 2 } });
  });

  test('holds a number for each millisecond, however many are added', () => {
    const tally = createTally();
    for (let index = 0; index < 100_000; index += 1) tally.add(delivery((index % 50) + 0.3, 'reset'), false);
    expect([tally.total, tally.held]).toEqual([100_000, 51]);
  });
});
