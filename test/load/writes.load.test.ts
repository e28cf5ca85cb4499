/** Writes whose answers are good, worthless or missing, as `test/cli/commands/random-writes.test.ts` plays fewer of. */
import { expect, test } from 'vitest';
import { playRandomWrites } from '../helpers/random-writes.ts';

test('W1: 1,000 writing commands exit with 0 only where the server has done it', async () => {
  const seed = Math.floor(Math.random() * 1e9);
  const tally = await playRandomWrites(1000, seed);
  console.log(
    `W1 seed ${seed}: n 1000, exit 0 and done ${tally.done}, exit 5 or 4 ${tally.unclear}, of these done ${tally.undecided}`,
  );
  expect(tally.wrong, `seed ${seed}`).toEqual([]);
  expect(tally.done).toBeGreaterThan(300);
  expect(tally.unclear).toBeGreaterThan(100);
});
