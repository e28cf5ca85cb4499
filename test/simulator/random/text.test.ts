import { expect, test } from 'vitest';
import { randomAlphanumeric, randomBase64Url, randomHex } from '../../../src/simulator/random/text.ts';

const cycle = (...values: number[]): { bytes(count: number): Uint8Array } => {
  let next = 0;
  return { bytes: (count) => Uint8Array.from({ length: count }, () => values[next++ % values.length] ?? 0) };
};

test('randomHex() and randomBase64Url() write exactly the bytes', () => {
  expect(randomHex(cycle(0, 171, 255), 6)).toBe('00abff');
  expect(randomBase64Url(cycle(255, 239, 190), 8)).toBe('_---_---');
});

test('randomAlphanumeric() drops the bytes that would make some letters likelier', () => {
  // 62 letters: 248 is the first byte without a full round.
  expect(randomAlphanumeric(cycle(0, 247, 248, 255, 61), 3)).toBe('A99');
});
