import { describe, expect, test } from 'vitest';
import { detectFormat, playSeconds } from '../../../../src/simulator/nouns/media/format.ts';
import { inventPicture, inventVideo, inventVoice } from '../../../../src/simulator/control/phone/media.ts';
import { createSeededRandom } from '../../../../src/simulator/random/seeded.ts';
import { decode } from 'jpeg-js';
import { amr, bmp, gif, jpg, mp3, mp4, png, wma } from '../../uploads.ts';

function wav(bytesASecond: number, dataBytes: number): Uint8Array {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(bytesASecond, 28);
  head.write('data', 36, 'latin1');
  return new Uint8Array([...head, ...Array.from({ length: dataBytes }, () => 0)]);
}

/** A tag of 200 bytes before the frames: two times 128 less 56. */
const tagged = (frames: Uint8Array): Uint8Array =>
  new Uint8Array([
    ...Buffer.from('ID3\x04\x00\x00\x00\x00\x01\x48', 'latin1'),
    ...Array.from({ length: 200 }, () => 0xff),
    ...frames,
  ]);

describe('detectFormat()', () => {
  test.each([
    ['jpg', jpg()],
    ['png', png()],
    ['gif', gif()],
    ['bmp', bmp()],
    ['amr', amr(1)],
    ['mp3', mp3(1)],
    ['mp3', tagged(mp3(1))],
    ['wav', wav(8000, 1)],
    ['wma', wma()],
    ['mp4', mp4()],
    [undefined, new Uint8Array(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))],
    [undefined, new Uint8Array(Buffer.from('<html><script>alert(1)</script>'))],
    // MPEG layer II, a bitrate that is none, a rate that is none.
    [undefined, new Uint8Array([0xff, 0xfd, 0x14, 0])],
    [undefined, new Uint8Array([0xff, 0xfb, 0xf4, 0])],
    [undefined, new Uint8Array([0xff, 0xfb, 0x1c, 0])],
    [undefined, new Uint8Array([0xff, 0xd8])],
    [undefined, new Uint8Array()],
  ])('says %s by the first bytes', (format, bytes) => {
    expect(detectFormat(bytes)).toBe(format);
  });
});

describe('playSeconds()', () => {
  test('counts the frames of an amr, narrow and wide', () => {
    expect(playSeconds('amr', amr(50))).toBe(1);
    expect(playSeconds('amr', amr(3001))).toBe(60.02);
    expect(playSeconds('amr', inventVoice('narrow').bytes)).toBe(1);
    expect(playSeconds('amr', inventVoice('wide').bytes)).toBe(1);
  });

  test('counts the frames of an mp3 behind its tag, of each version', () => {
    expect(playSeconds('mp3', mp3(100))).toBeCloseTo(2.4, 10);
    expect(playSeconds('mp3', tagged(mp3(100)))).toBeCloseTo(2.4, 10);
    // MPEG 2 at 24 kHz and 8 kbit/s: 576 samples in 24 bytes; MPEG 2.5 at 12 kHz: 48 bytes.
    const frame = (second: number, length: number) => [
      0xff,
      second,
      0x14,
      ...Array.from({ length: length - 3 }, () => 0),
    ];
    expect(playSeconds('mp3', new Uint8Array([...frame(0xf3, 24), ...frame(0xf3, 24)]))).toBeCloseTo(
      0.048,
      10,
    );
    expect(playSeconds('mp3', new Uint8Array(frame(0xe3, 48)))).toBeCloseTo(0.048, 10);
  });

  test('divides the data of a wav, and knows nothing of the rest', () => {
    expect(playSeconds('wav', wav(100, 150))).toBe(1.5);
    expect(playSeconds('wav', wav(0, 150))).toBeUndefined();
    expect(playSeconds('wma', wma())).toBeUndefined();
  });
});

describe('inventPicture(), inventVoice() and inventVideo()', () => {
  test('make files of their kinds, the same by seed', () => {
    const random = createSeededRandom(1, 'x');
    const [first, second] = [inventPicture(random), inventPicture(random)];
    expect(detectFormat(first.bytes)).toBe('jpg');
    expect(first.bytes).not.toEqual(second.bytes);
    expect(inventPicture(createSeededRandom(1, 'x')).bytes).toEqual(first.bytes);
    expect(decode(first.bytes)).toMatchObject({ width: 240, height: 240 });
    expect(first.bytes.length).toBeLessThan(64 * 1024);
    expect(detectFormat(inventVoice('narrow').bytes)).toBe('amr');
    expect(detectFormat(inventVideo().bytes)).toBe('mp4');
  });

  test('inventVideo() writes boxes whose lengths add up', () => {
    const bytes = Buffer.from(inventVideo().bytes);
    const names: string[] = [];
    for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at))
      names.push(bytes.toString('latin1', at + 4, at + 8));
    expect(names).toEqual(['ftyp', 'moov']);
    const moov = bytes.indexOf('moov') + 4;
    expect([bytes.toString('latin1', moov + 4, moov + 8), bytes.readUInt32BE(moov)]).toEqual(['mvhd', 108]);
    expect(moov + 108).toBe(bytes.length);
  });
});
