/** The picture of a QR code as the platform sends it: a JPEG of 430 × 430 pixels. Loaded when the first one is asked for. */
import { encode as encodeQr } from 'uqr';
import { encodeBlackWhiteJpeg } from './jpeg.ts';

const side = 430;
/** Modules of white on each side that the QR standard demands; scanners fail with less. */
const quietModules = 4;

/** The pictures that were asked for last, by their texts: a page shows the same code again and again. 20 KB each. */
const drawn = new Map<string, Uint8Array<ArrayBuffer>>();
const mostDrawn = 100;

/** A JPEG that every scanner reads back as `text`. Throws a `TypeError` for a text beyond some 500 bytes. */
export function drawQrJpeg(text: string): Uint8Array<ArrayBuffer> {
  const picture = drawn.get(text) ?? encodeBlackWhiteJpeg(side, drawPixels(text));
  drawn.delete(text);
  drawn.set(text, picture);
  for (const oldest of drawn.keys()) {
    if (drawn.size <= mostDrawn) break;
    drawn.delete(oldest);
  }
  return picture;
}

/** One byte for each pixel, 1 is black. Whole pixels for each module: a blurred edge costs scanners more than a wider margin. */
function drawPixels(text: string): Uint8Array {
  const { data: modules, size } = encodeQr(text, { ecc: 'M', border: 0 });
  const scale = Math.floor(side / (size + 2 * quietModules));
  if (scale < 4) throw new TypeError('Cannot draw QR code: the text is too long for the picture');
  const margin = Math.floor((side - size * scale) / 2);
  const pixels = new Uint8Array(side * side);
  for (const [y, row] of modules.entries()) {
    const start = (margin + y * scale) * side + margin;
    for (const [x, isBlack] of row.entries()) {
      if (isBlack) pixels.fill(1, start + x * scale, start + (x + 1) * scale);
    }
    for (let below = 1; below < scale; below += 1) {
      pixels.copyWithin(start + below * side, start, start + size * scale);
    }
  }
  return pixels;
}
