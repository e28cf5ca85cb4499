/** The picture of a QR code as the platform sends it: a JPEG of 430 × 430 pixels. Loaded when the first one is asked for. */
import { encode as encodeJpeg } from 'jpeg-js';
import { encode as encodeQr } from 'uqr';

const side = 430;
/** Modules of white on each side that the QR standard demands; scanners fail with less. */
const quietModules = 4;
const quality = 90;
/** Some 20 KB each; a batch asks for each picture once, a page again and again. */
const keptPictures = 64;

const pictures = new Map<string, Uint8Array<ArrayBuffer>>();

/** A JPEG that every scanner reads back as `text`. Throws a `TypeError` for a text beyond some 500 bytes. */
export function drawQrJpeg(text: string): Uint8Array<ArrayBuffer> {
  const known = pictures.get(text);
  if (known !== undefined) return known;
  const { data } = encodeJpeg({ width: side, height: side, data: drawPixels(text) }, quality);
  const picture = new Uint8Array(data);
  pictures.set(text, picture);
  const [oldest] = pictures.keys();
  if (pictures.size > keptPictures && oldest !== undefined) pictures.delete(oldest);
  return picture;
}

/** Black and white as RGBA. Whole pixels for each module: a blurred edge costs scanners more than a wider margin. */
function drawPixels(text: string): Uint8Array {
  const { data: modules, size } = encodeQr(text, { ecc: 'M', border: 0 });
  const scale = Math.floor(side / (size + 2 * quietModules));
  if (scale < 4) throw new TypeError('Cannot draw QR code: the text is too long for the picture');
  const margin = Math.floor((side - size * scale) / 2);
  const pixels = new Uint8Array(side * side * 4).fill(255);
  for (let y = 0; y < size * scale; y += 1) {
    const row = modules[Math.floor(y / scale)] ?? [];
    for (let x = 0; x < size * scale; x += 1) {
      if (row[Math.floor(x / scale)] === true) {
        pixels.fill(0, ((margin + y) * side + margin + x) * 4, ((margin + y) * side + margin + x) * 4 + 3);
      }
    }
  }
  return pixels;
}
