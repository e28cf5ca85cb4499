import { expect, test } from 'vitest';
import { playRandomWrites } from '../../helpers/random-writes.ts';

test('writing commands exit with 0 only where the server has done it', async () => {
  const tally = await playRandomWrites(30, 7);
  expect(tally.wrong).toEqual([]);
  // Both ends were seen, and some whose outcome the answer could not tell.
  expect([tally.done > 10, tally.unclear > 5, tally.undecided > 0]).toEqual([true, true, true]);
});
