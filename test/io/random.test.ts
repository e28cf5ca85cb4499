import { expect, test } from 'vitest';
import { systemRandom } from '../../src/io/random.ts';

test('systemRandom.bytes() gives that many bytes, other ones each time', () => {
  for (const count of [0, 1, 16, 1000]) expect(systemRandom.bytes(count)).toHaveLength(count);
  expect(Buffer.from(systemRandom.bytes(16)).equals(Buffer.from(systemRandom.bytes(16)))).toBe(false);
});

test('systemRandom.bytes() uses every value of a byte', () => {
  expect(new Set(systemRandom.bytes(20_000)).size).toBe(256);
});
