import type { Random } from '../../src/io/ports.ts';

/** Bytes that are others each time: of hundreds of thousands of names, chance would be most of the work. */
export function countingRandom(): Random {
  let count = 0;
  return {
    bytes(length) {
      const bytes = Buffer.alloc(length);
      count += 1;
      if (length >= 4) bytes.writeUInt32LE(count);
      else bytes.fill(count);
      return bytes;
    },
  };
}
