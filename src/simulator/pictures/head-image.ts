/** Pictures of people（头像）: a pattern that is always the same for the same person. Loaded when one is asked for. */
import { createHash } from 'node:crypto';
import { encodeBlackWhiteJpeg } from './jpeg.ts';

const cells = 5;

/** A JPEG of that many pixels a side; `name` is any text. */
export function drawHeadImage(name: string, side: number): Uint8Array<ArrayBuffer> {
  const bits = createHash('sha256').update(name).digest();
  const pixels = new Uint8Array(side * side);
  const margin = Math.floor(side / 12);
  const cell = Math.floor((side - 2 * margin) / cells);
  for (let row = 0; row < cells; row += 1) {
    for (let column = 0; column < cells; column += 1) {
      // The right half mirrors the left one, as faces do.
      const mirrored = Math.min(column, cells - 1 - column);
      if (((bits[row * cells + mirrored] ?? 0) & 1) === 0) continue;
      for (let y = 0; y < cell; y += 1) {
        const start = (margin + row * cell + y) * side + margin + column * cell;
        pixels.fill(1, start, start + cell);
      }
    }
  }
  return encodeBlackWhiteJpeg(side, pixels);
}
