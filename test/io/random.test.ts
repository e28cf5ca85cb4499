import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/io/random.ts';

describe('createRandom()', () => {
  test.each([0, 1, 16, 256, 257, 1024, 5000])('createRandom() hands out %i bytes', (count) => {
    expect(createRandom().bytes(count)).toHaveLength(count);
  });

  test('createRandom() hands out no byte twice: sixteen of them are never the same again', () => {
    const random = createRandom();
    const seen = new Set(Array.from({ length: 2000 }, () => Buffer.from(random.bytes(16)).toString('hex')));
    expect(seen.size).toBe(2000);
  });

  test('createRandom() hands out bytes that nobody else holds', () => {
    const random = createRandom();
    const first = random.bytes(16);
    const copy = Buffer.from(first);
    for (let turn = 0; turn < 200; turn += 1) random.bytes(16).fill(0);
    expect(Buffer.from(first)).toEqual(copy);
  });

  test('createRandom() uses every value of a byte', () => {
    const random = createRandom();
    const values = new Set(Array.from({ length: 1000 }, () => Array.from(random.bytes(16))).flat());
    expect(values.size).toBe(256);
  });
});
