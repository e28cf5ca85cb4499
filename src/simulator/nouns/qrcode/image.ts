/** The picture of a QR code as the platform sends it: a JPEG of 430 × 430 pixels. Loaded when the first one is asked for. */
import { encode as encodeQr } from 'uqr';
import { encodeBlackWhiteJpeg } from './view.ts';

const side = 430;
/** Modules of white on each side that the QR standard demands; scanners fail with less. */
const quietModules = 4;

/** A JPEG that every scanner reads back as `text`. Throws a `TypeError` for a text beyond some 500 bytes. */
export function drawQrJpeg(text: string): Uint8Array<ArrayBuffer> {
  return encodeBlackWhiteJpeg(side, drawPixels(text));
}

/** One byte for each pixel, 1 is black. Whole pixels for each module: a blurred edge costs scanners more than a wider margin. */
function drawPixels(text: string): Uint8Array {
  const { data: modules, size } = encodeQr(text, { ecc: 'M', border: 0 });
  const scale = Math.floor(side / (size + 2 * quietModules));
  if (scale < 4) throw new TypeError('Cannot draw QR code: the text is too long for the picture');
  const margin = Math.floor((side - size * scale) / 2);
  const pixels = new Uint8Array(side * side);
  for (let y = 0; y < size * scale; y += 1) {
    const row = modules[Math.floor(y / scale)] ?? [];
    const start = (margin + y) * side + margin;
    for (const [x, isBlack] of row.entries()) {
      if (isBlack) pixels.fill(1, start + x * scale, start + (x + 1) * scale);
    }
  }
  return pixels;
}
