import { beforeAll, expect, test } from 'vitest';
import { readThroughRefreshes } from '../../helpers/readers.ts';
import { buildWorker } from '../../helpers/workers.ts';

let program: string;
beforeAll(() => {
  program = buildWorker('token-worker');
});

test('TokenSource.get() in four readers hands out no older token again', async () => {
  const readers = await readThroughRefreshes(program, { processes: 4, reads: 500, refreshes: 3 });
  expect(readers.requests).toBe(4);
  expect(readers.notes).toEqual([]);
  expect(readers.reads).toBeGreaterThanOrEqual(2000);
  const issued = [1, 2, 3, 4].map((number) => `50_stable_token-${number}-xxxxxxxxxxxxxxxx`);
  for (const seen of readers.seen) {
    // In the order of issue, nothing twice, nothing else, and everybody ends with the last one.
    expect(seen).toEqual(issued.filter((value) => seen.includes(value)));
    expect(seen.at(-1)).toBe(issued[3]);
  }
});
