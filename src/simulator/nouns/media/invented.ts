/** Small files for what a phone sends without a file of its own: a picture, a voice, a video. */
import type { Random } from '../../../io/ports.ts';
import { encodeBlackWhiteJpeg } from '../qrcode/black-white-jpeg.ts';
import { contentTypes, type Format } from './format.ts';
import type { CheckedFile } from './rules.ts';

const fields = 8;
const fieldSide = 24;
const margin = 24;
const side = fields * fieldSide + 2 * margin;

/** A pattern that is its own mirror image, another one each time, so that pictures can be told apart. */
export function inventPicture(random: Random): CheckedFile {
  const half = random.bytes(fields);
  const pixels = new Uint8Array(side * side);
  for (let y = 0; y < fields * fieldSide; y += 1) {
    const row = half[Math.floor(y / fieldSide)] ?? 0;
    for (let x = 0; x < fields * fieldSide; x += 1) {
      const column = Math.floor(x / fieldSide);
      const bit = Math.min(column, fields - 1 - column);
      if ((row >> bit) & 1) pixels[(margin + y) * side + margin + x] = 1;
    }
  }
  return file('jpg', encodeBlackWhiteJpeg(side, pixels));
}

/** A second of silence: fifty frames that say that there is nothing to hear. */
export function inventVoice(rate: 'narrow' | 'wide'): CheckedFile {
  const head = rate === 'wide' ? '#!AMR-WB\n' : '#!AMR\n';
  const noData = 0x7c;
  return file('amr', new Uint8Array([...Buffer.from(head), ...Array.from({ length: 50 }, () => noData)]));
}

/** A second in which nothing is seen and heard: an mp4 without tracks. */
export function inventVideo(): CheckedFile {
  const movieHeader = box('mvhd', [
    ...numbers(0, 0, 0, 1000, 1000, 0x0001_0000, 0x0100_0000, 0, 0),
    ...numbers(0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000),
    ...numbers(0, 0, 0, 0, 0, 0, 1),
  ]);
  const type = box('ftyp', [...Buffer.from('isom'), ...numbers(0x200), ...Buffer.from('isommp41')]);
  return file('mp4', new Uint8Array([...type, ...box('moov', movieHeader)]));
}

function box(name: string, content: readonly number[]): number[] {
  return [...numbers(content.length + 8), ...Buffer.from(name), ...content];
}

function numbers(...list: readonly number[]): number[] {
  return list.flatMap((each) => [each >>> 24, (each >> 16) & 0xff, (each >> 8) & 0xff, each & 0xff]);
}

function file(format: Format, bytes: Uint8Array<ArrayBuffer>): CheckedFile {
  return { fileName: `${format}.${format}`, contentType: contentTypes[format], bytes };
}
