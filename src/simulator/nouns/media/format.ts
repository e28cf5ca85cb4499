/** What a file is, by its first bytes; its name proves nothing. */

export type Format = 'jpg' | 'png' | 'gif' | 'bmp' | 'amr' | 'mp3' | 'wav' | 'wma' | 'mp4';

export const contentTypes: Readonly<Record<Format, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  bmp: 'image/bmp',
  amr: 'audio/amr',
  mp3: 'audio/mp3',
  wav: 'audio/wav',
  wma: 'audio/x-ms-wma',
  mp4: 'video/mp4',
};

/** `?` stands for any byte. */
const beginnings: readonly (readonly [Format, string])[] = [
  ['jpg', '\xff\xd8\xff'],
  ['png', '\x89PNG\r\n\x1a\n'],
  ['gif', 'GIF8'],
  ['bmp', 'BM'],
  ['amr', '#!AMR'],
  ['mp3', 'ID3'],
  ['wav', 'RIFF????WAVE'],
  ['wma', '\x30\x26\xb2\x75\x8e\x66\xcf\x11'],
  ['mp4', '????ftyp'],
];

/** The format of the content; `undefined` for one that no upload takes. */
export function detectFormat(bytes: Uint8Array): Format | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const found = beginnings.find(([, beginning]) =>
    Array.from(beginning).every((character, at) => character === '?' || head[at] === character),
  );
  // An mp3 without a tag begins with its first frame.
  return found?.[0] ?? (mp3Frame(bytes, 0) === undefined ? undefined : 'mp3');
}

/** How long a voice plays, in seconds; `undefined` where that is not written in the file in a plain way. */
export function playSeconds(format: Format, bytes: Uint8Array): number | undefined {
  if (format === 'amr') return amrSeconds(bytes);
  if (format === 'mp3') return mp3Seconds(bytes);
  return format === 'wav' ? wavSeconds(bytes) : undefined;
}

/** Bytes of a frame of 20 ms behind its first one, by the type that stands in it. */
const amrFrames = [12, 13, 15, 17, 19, 20, 26, 31, 5, 6, 5, 5, 0, 0, 0, 0];
const wideAmrFrames = [17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0];
const framesASecond = 50;

function amrSeconds(bytes: Uint8Array): number {
  const isWide = Buffer.from(bytes.subarray(0, 9)).toString('latin1') === '#!AMR-WB\n';
  const sizes = isWide ? wideAmrFrames : amrFrames;
  let frames = 0;
  for (let at = isWide ? 9 : 6; at < bytes.length; frames += 1) {
    at += 1 + (sizes[((bytes[at] ?? 0) >> 3) & 15] ?? 0);
  }
  return frames / framesASecond;
}

/** Kilobits a second of layer III by the index in a frame: MPEG 1, and MPEG 2 with its half sampling rates. */
const bitrates = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const sampleRates = [44_100, 48_000, 32_000];
/** By the version in a frame: the rates of MPEG 2 (2) are half as high, those of MPEG 2.5 (0) a quarter. */
const rateDivisors = [4, 1, 2, 1];

interface Mp3Frame {
  readonly bytes: number;
  readonly seconds: number;
}

/** The frame of layer III that begins here, or `undefined`. */
function mp3Frame(bytes: Uint8Array, at: number): Mp3Frame | undefined {
  const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
  const version = (second >> 3) & 3;
  const isLayer3 = first === 0xff && (second & 0xe6) === 0xe2 && version !== 1;
  const kilobits = bitrates[version === 3 ? 0 : 1][third >> 4] ?? 0;
  const rate = (sampleRates[(third >> 2) & 3] ?? 0) / (rateDivisors[version] ?? 1);
  if (!isLayer3 || kilobits === 0 || rate === 0) return undefined;
  const samples = version === 3 ? 1152 : 576;
  const padding = (third >> 1) & 1;
  return { bytes: Math.floor((samples * kilobits * 125) / rate) + padding, seconds: samples / rate };
}

function mp3Seconds(bytes: Uint8Array): number {
  let seconds = 0;
  for (let at = afterTag(bytes); at < bytes.length;) {
    const frame = mp3Frame(bytes, at);
    seconds += frame?.seconds ?? 0;
    at += frame?.bytes ?? 1;
  }
  return seconds;
}

/** An ID3 tag says its length in four times seven bits. */
function afterTag(bytes: Uint8Array): number {
  if (Buffer.from(bytes.subarray(0, 3)).toString('latin1') !== 'ID3') return 0;
  return 10 + bytes.subarray(6, 10).reduce((size, byte) => size * 128 + (byte & 127), 0);
}

function wavSeconds(bytes: Uint8Array): number | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bytesASecond = buffer.length < 32 ? 0 : buffer.readUInt32LE(28);
  const data = buffer.indexOf('data', 36, 'latin1');
  return bytesASecond === 0 || data === -1 ? undefined : (buffer.length - data - 8) / bytesASecond;
}
