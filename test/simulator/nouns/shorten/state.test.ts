import { expect, test } from 'vitest';
import { createSeededRandom } from '../../../../src/simulator/random/seeded.ts';
import { createShortKeys } from '../../../../src/simulator/nouns/shorten/state.ts';

const clock = { now: () => 0, monotonic: () => 0, sleep: async () => undefined };

test('createShortKeys() forgets the oldest of more than 10000 keys', () => {
  const keys = createShortKeys(clock, createSeededRandom(1, 'test'));
  const oldest = keys.create('oldest', undefined);
  for (let count = 1; count < 10_000; count += 1) keys.create('d', undefined);
  expect(keys.find(oldest).longData).toBe('oldest');
  keys.create('one more', undefined);
  expect(() => keys.find(oldest)).toThrow(expect.objectContaining({ errcode: 9_410_012 }));
});

test('restore() takes back what save() gave, in the place of what is there', () => {
  const [one, two] = [1, 2].map((seed) => createShortKeys(clock, createSeededRandom(seed, 'test')));
  const kept = one?.create('kept', 60);
  const other = two?.create('other', 60);
  two?.restore(one?.save() ?? []);
  expect(two?.find(kept)).toMatchObject({ longData: 'kept', secondsLeft: 60 });
  expect(() => two?.find(other)).toThrow(expect.objectContaining({ errcode: 9_410_012 }));
});
