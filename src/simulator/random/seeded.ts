import type { Random } from '../../io/ports.ts';

/**
 * The same bytes for the same seed and stream name, for ever (sfc32 behind a splitmix32 of the seed).
 * Only for a simulator: whoever knows the seed knows every secret.
 */
export function createSeededRandom(seed: number, stream: string): Random {
  let mixed = 0;
  for (const unit of `${seed}/${stream}`) mixed = (Math.imul(mixed, 31) + (unit.codePointAt(0) ?? 0)) | 0;
  const split = (): number => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let z = mixed ^ (mixed >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let [a, b, c, counter] = [split(), split(), split(), 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum;
  };
  return {
    // By its length alone: an iterator of a hundred thousand ids costs more than all that is drawn.
    bytes(count) {
      const bytes = new Uint8Array(count);
      for (let place = 0; place < count; place += 1) bytes[place] = next() >>> 24;
      return bytes;
    },
  };
}
