/** Two QR readers by other people, which must agree. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import jpeg from 'jpeg-js';
import jsQR from 'jsqr';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

// By itself the reader would fetch its code from the network.
const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

/** What each of them reads in a JPEG picture. */
export async function readQr(picture: Uint8Array): Promise<readonly (string | undefined)[]> {
  const { width, height, data } = jpeg.decode(picture, { useTArray: true });
  const [code] = await readBarcodes(picture, { formats: ['QRCode'] });
  return [jsQR(new Uint8ClampedArray(data), width, height)?.data, code?.text];
}
