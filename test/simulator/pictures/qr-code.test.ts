import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { assert, asyncProperty, constantFrom, string } from 'fast-check';
import jpeg from 'jpeg-js';
import jsQR from 'jsqr';
import { describe, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { drawQrJpeg } from '../../../src/simulator/pictures/qr-code.ts';

// By itself the reader would fetch its code from the network.
const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

function decode(picture: Uint8Array): { width: number; height: number; data: Uint8Array } {
  return jpeg.decode(picture, { useTArray: true });
}

function readWithJsQr(picture: Uint8Array): string | undefined {
  const { width, height, data } = decode(picture);
  return jsQR(new Uint8ClampedArray(data), width, height)?.data;
}

async function readWithZxing(picture: Uint8Array): Promise<string | undefined> {
  const [code] = await readBarcodes(picture, { formats: ['QRCode'], tryHarder: false });
  return code?.text;
}

describe('drawQrJpeg()', () => {
  test.each([1, 14, 45, 62, 100, 152, 200, 300, 400])(
    'draws %i characters so that two scanners read them',
    async (length) => {
      const url = `http://weixin.qq.com/q/02${'aZ9-_'.repeat(80)}`.slice(0, length);
      const picture = drawQrJpeg(url);
      expect(readWithJsQr(picture)).toBe(url);
      expect(await readWithZxing(picture)).toBe(url);
    },
  );

  test('draws every url of the platform’s form so that a scanner reads it', async () => {
    const character = constantFrom(...'ABCXYZabcxyz0189_-');
    await assert(
      asyncProperty(string({ unit: character, minLength: 20, maxLength: 20 }), async (tail) => {
        const url = `http://weixin.qq.com/q/02${tail}`;
        expect(await readWithZxing(drawQrJpeg(url))).toBe(url);
      }),
      { numRuns: 20, seed: 3 },
    );
  });

  test('is 430 pixels wide and high, with a white margin of at least four modules', () => {
    const { width, height, data } = decode(drawQrJpeg(`http://weixin.qq.com/q/02${'a'.repeat(20)}`));
    expect([width, height]).toEqual([430, 430]);
    // Version 4: 33 modules of 10 pixels leave 50 pixels on each side.
    const brightness = (x: number, y: number): number => data[(y * width + x) * 4] ?? -1;
    const line = Array.from({ length: width }, (_, index) => index);
    for (const inset of [0, 20, 40]) {
      const frame = line.flatMap((at) => [
        brightness(at, inset),
        brightness(inset, at),
        brightness(at, 429 - inset),
        brightness(429 - inset, at),
      ]);
      expect(Math.min(...frame)).toBeGreaterThan(200);
    }
    expect(brightness(55, 55)).toBeLessThan(60);
  });

  test('begins with the JPEG magic and is the same for the same text', () => {
    const picture = drawQrJpeg('http://weixin.qq.com/q/02');
    expect([...picture.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    expect(Buffer.from(drawQrJpeg('http://weixin.qq.com/q/02')).equals(picture)).toBe(true);
  });

  test('keeps the last 100 pictures, and draws an older one again as it was', () => {
    const url = (at: number): string => `http://weixin.qq.com/q/kept${at}`;
    const first = drawQrJpeg(url(0));
    for (let at = 1; at < 100; at += 1) drawQrJpeg(url(at));
    expect(drawQrJpeg(url(0))).toBe(first);
    for (let at = 101; at <= 200; at += 1) drawQrJpeg(url(at));
    const again = drawQrJpeg(url(0));
    expect(again).not.toBe(first);
    expect(Buffer.from(again).equals(first)).toBe(true);
  });

  test('refuses a text that would need modules of less than four pixels', () => {
    expect(() => drawQrJpeg('u'.repeat(2000))).toThrow(TypeError);
  });
});
