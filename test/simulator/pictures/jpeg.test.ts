import { assert, boolean, constant, array, integer, property } from 'fast-check';
import jpeg from 'jpeg-js';
import { describe, expect, test } from 'vitest';
import { encodeBlackWhiteJpeg } from '../../../src/simulator/pictures/jpeg.ts';

/** The largest distance between a pixel and what a decoder reads. */
function worstError(side: number, pixels: Uint8Array): number {
  const { width, height, data } = jpeg.decode(encodeBlackWhiteJpeg(side, pixels), { useTArray: true });
  expect([width, height]).toEqual([side, side]);
  return Math.max(
    ...Array.from(pixels, (pixel, at) => Math.abs((pixel === 1 ? 0 : 255) - (data[at * 4] ?? -1))),
  );
}

describe('encodeBlackWhiteJpeg()', () => {
  test('keeps every pixel of any picture on its side, whatever its size', () => {
    const picture = integer({ min: 1, max: 33 }).chain((side) =>
      array(boolean(), { minLength: side * side, maxLength: side * side }).map((bits) => ({ side, bits })),
    );
    assert(
      property(picture, ({ side, bits }) => {
        expect(worstError(side, Uint8Array.from(bits, Number))).toBeLessThan(100);
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  test.each([
    ['white', 0],
    ['black', 1],
  ])('keeps a %s picture as it is', (_, pixel) => {
    expect(worstError(64, new Uint8Array(64 * 64).fill(pixel))).toBeLessThan(2);
  });

  test('writes the coarsest and the finest patterns', () => {
    const side = 32;
    const draw = (isBlack: (x: number, y: number) => boolean): Uint8Array =>
      Uint8Array.from({ length: side * side }, (_, at) => Number(isBlack(at % side, Math.floor(at / side))));
    expect(
      worstError(
        side,
        draw((x, y) => (x + y) % 2 === 0),
      ),
    ).toBeLessThan(64);
    expect(
      worstError(
        side,
        draw((x) => x % 2 === 0),
      ),
    ).toBeLessThan(64);
    expect(
      worstError(
        side,
        draw((x, y) => x === 7 && y === 7),
      ),
    ).toBeLessThan(64);
    expect(
      worstError(
        side,
        draw((x, y) => (x >> 3) % 2 === (y >> 3) % 2),
      ),
    ).toBeLessThan(2);
  });

  test('writes every pattern of stripes', () => {
    const side = 256;
    const draw = (isBlack: (x: number, y: number) => boolean): Uint8Array =>
      Uint8Array.from({ length: side * side }, (_, at) => Number(isBlack(at % side, Math.floor(at / side))));
    const isSet = (pattern: number, at: number): boolean => ((pattern >> (at % 8)) & 1) === 1;
    const numberOf = (x: number, y: number): number => (x >> 3) + 32 * (y >> 3);
    expect(
      worstError(
        side,
        draw((x, y) => isSet(numberOf(x, y), x)),
      ),
    ).toBeLessThan(100);
    expect(
      worstError(
        side,
        draw((x, y) => isSet(numberOf(x, y), y)),
      ),
    ).toBeLessThan(100);
    // The longest run that a single code may name, and the longest of all.
    for (const [columns, rows] of [
      [24, 102],
      [102, 102],
    ] as const) {
      expect(
        worstError(
          side,
          draw((x, y) => isSet(columns, x) !== isSet(rows, y)),
        ),
      ).toBeLessThan(100);
    }
    for (const shift of [0, 1, 2, 3]) {
      const both = draw((x, y) => isSet((x >> 3) << shift, x) !== isSet((y >> 3) << shift, y));
      expect(worstError(side, both)).toBeLessThan(100);
    }
  });

  test('has no marker inside its data', () => {
    assert(
      property(constant(24), array(boolean(), { minLength: 576, maxLength: 576 }), (side, bits) => {
        const bytes = encodeBlackWhiteJpeg(side, Uint8Array.from(bits, Number));
        const start = Buffer.from(bytes).indexOf(Buffer.from([0xff, 0xda]));
        const data = bytes.subarray(start + 10, -2);
        expect(data.every((byte, at) => byte !== 0xff || data[at + 1] === 0)).toBe(true);
        expect([...bytes.subarray(-2)]).toEqual([0xff, 0xd9]);
      }),
      { numRuns: 50, seed: 6 },
    );
  });

  test('writes a picture the same after one with more blocks than it remembers', () => {
    const noise = (seed: number): Uint8Array =>
      Uint8Array.from({ length: 808 * 808 }, (_, at) => ((at * 2_654_435_761 + seed) >>> (at % 23)) & 1);
    const before = encodeBlackWhiteJpeg(64, noise(1).subarray(0, 64 * 64));
    // 101 × 101 blocks, nearly all of them different.
    encodeBlackWhiteJpeg(808, noise(2));
    expect(Buffer.from(encodeBlackWhiteJpeg(64, noise(1).subarray(0, 64 * 64))).equals(before)).toBe(true);
  });
});
