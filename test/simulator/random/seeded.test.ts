import { expect, test } from 'vitest';
import { createSeededRandom } from '../../../src/simulator/random/seeded.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('createSeededRandom() gives the same bytes for the same seed and stream, in any portions', () => {
  const whole = createSeededRandom(7, 'state').bytes(12);
  const parts = createSeededRandom(7, 'state');
  expect(hex(parts.bytes(5)) + hex(parts.bytes(7))).toBe(hex(whole));
});

test('createSeededRandom() gives other bytes for another seed or stream', () => {
  const texts = [
    [7, 'state'],
    [8, 'state'],
    [-7, 'state'],
    [7, 'account'],
  ].map(([seed, stream]) => hex(createSeededRandom(Number(seed), String(stream)).bytes(16)));
  expect(new Set(texts).size).toBe(4);
});

test('createSeededRandom() uses every byte value about equally often', () => {
  const counts = Array.from({ length: 256 }, () => 0);
  for (const byte of createSeededRandom(1, 'x').bytes(256_000)) counts[byte] = (counts[byte] ?? 0) + 1;
  // 1000 each; seven standard deviations are 220.
  expect(Math.min(...counts)).toBeGreaterThan(780);
  expect(Math.max(...counts)).toBeLessThan(1220);
});
