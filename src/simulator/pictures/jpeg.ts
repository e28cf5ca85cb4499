/**
 * A JPEG writer for pictures of black and white pixels: one grey channel, baseline, Huffman tables of its own.
 * Such a picture repeats a few blocks hundreds of times, and the next one has the same: each is transformed once.
 */

/** A block as it is written: its mean brightness, and the codes of its 63 higher frequencies. */
interface Block {
  readonly mean: number;
  readonly codes: readonly Code[];
}
interface Code {
  readonly bits: number;
  readonly length: number;
}

const blockSide = 8;
/** The same for every frequency: fine enough for edges, coarse enough for some 20 KB. */
const quantum = 16;

/** `pixels` has one byte for each pixel, row by row: 1 is black, 0 is white. */
export function encodeBlackWhiteJpeg(side: number, pixels: Uint8Array): Uint8Array<ArrayBuffer> {
  const writer = createBitWriter();
  writer.bytes(headers(side));
  const across = Math.ceil(side / blockSide);
  const rows = packRows(side, pixels, across);
  let before = 0;
  for (let first = 0; first < rows.length; first += across * blockSide) {
    for (let column = first; column < first + across; column += 1) {
      const { mean, codes } = blockAt(rows, column, across);
      const difference = mean - before;
      const size = magnitudeSize(difference);
      writer.write((size << size) | magnitude(difference, size), meanCodeLength + size);
      before = mean;
      for (const { bits, length } of codes) writer.write(bits, length);
    }
  }
  writer.pad();
  writer.bytes([0xff, 0xd9]);
  return writer.written();
}

/** Eight pixels to a byte, the left-most in the highest bit, for whole blocks: beyond the edges it is white. */
function packRows(side: number, pixels: Uint8Array, across: number): Uint8Array {
  const rows = new Uint8Array(across * across * blockSide);
  const all = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.length);
  for (let y = 0; y < side; y += 1) {
    // Most rows of a code are like the one above.
    if (y > 0 && all.compare(all, (y - 1) * side, y * side, y * side, (y + 1) * side) === 0) {
      rows.copyWithin(y * across, (y - 1) * across, y * across);
      continue;
    }
    for (let column = 0; column < across; column += 1) {
      let byte = 0;
      for (let x = column * blockSide; x < (column + 1) * blockSide; x += 1) {
        byte = (byte << 1) | (x < side ? (pixels[y * side + x] ?? 0) : 0);
      }
      rows[y * across + column] = byte;
    }
  }
  return rows;
}

/** Blocks by their upper and their lower four rows, as numbers: faster than one text of all eight. */
const known = new Map<number, Map<number, Block>>();
/** Pictures of codes share nearly all of their blocks, so these outlive a picture: far more than one picture has. */
const mostKnown = 10_000;
let knownCount = 0;

function blockAt(rows: Uint8Array, start: number, stride: number): Block {
  const upper = fourRows(rows, start, stride);
  const lower = fourRows(rows, start + 4 * stride, stride);
  const before = known.get(upper)?.get(lower);
  if (before !== undefined) return before;
  if (knownCount === mostKnown) {
    known.clear();
    knownCount = 0;
  }
  const block = transform(upper, lower);
  known.set(upper, (known.get(upper) ?? new Map<number, Block>()).set(lower, block));
  knownCount += 1;
  return block;
}

function fourRows(rows: Uint8Array, start: number, stride: number): number {
  let four = 0;
  for (let row = 0; row < 4; row += 1) four = (four << 8) | (rows[start + row * stride] ?? 0);
  return four;
}

/** `waves[u][x]`: the cosine of frequency `u` at pixel `x`, with the weight that the standard gives it. */
const waves = Array.from({ length: blockSide }, (_, u) =>
  Array.from(
    { length: blockSide },
    (__, x) => (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16),
  ),
);

/** Each of the 256 rows of eight pixels, transformed: eight frequencies. */
const rowTransforms = Array.from({ length: 256 }, (_, row) =>
  waves.map((wave) => wave.reduce((sum, factor, x) => sum + factor * ((row >> (7 - x)) & 1 ? -128 : 127), 0)),
);

/** The frequencies as [vertical, horizontal] in the order in which they are written: along the diagonals, to and fro. */
const zigzag = Array.from({ length: 64 }, (_, at) => [at >> 3, at & 7] as const).toSorted(
  ([v, u], [w, t]) => v + u - w - t || (v - w) * ((v + u) % 2 === 0 ? -1 : 1),
);

/** The discrete cosine transform of eight rows, four to a number, quantised and coded. */
function transform(upper: number, lower: number): Block {
  const horizontal = [upper, lower].flatMap((rows) =>
    [24, 16, 8, 0].map((shift) => rowTransforms[(rows >> shift) & 0xff] ?? []),
  );
  const [mean = 0, ...rest] = zigzag.map(([v, u]) => {
    const wave = waves[v] ?? [];
    let sum = 0;
    for (let y = 0; y < blockSide; y += 1) sum += (wave[y] ?? 0) * (horizontal[y]?.[u] ?? 0);
    return Math.round(sum / quantum);
  });
  const codes: Code[] = [];
  let zeros = 0;
  for (const value of rest.slice(0, rest.findLastIndex((entry) => entry !== 0) + 1)) {
    if (value === 0) {
      zeros += 1;
      continue;
    }
    for (; zeros > 15; zeros -= 16) codes.push(frequencyCode(sixteenZeros));
    const size = magnitudeSize(value);
    const code = frequencyCode((zeros << 4) | size);
    codes.push({ bits: (code.bits << size) | magnitude(value, size), length: code.length + size });
    zeros = 0;
  }
  if (rest.at(-1) === 0) codes.push(endOfBlock);
  return { mean, codes };
}

function magnitudeSize(value: number): number {
  return 32 - Math.clz32(Math.abs(value));
}

/** A value in as many bits as its size; negative values are written as their complement. */
function magnitude(value: number, size: number): number {
  return value < 0 ? value + (1 << size) - 1 : value;
}

// The Huffman tables. Codes of equal length need no statistics: a size of a mean is its own code of four bits; a pair of
// zeros and size has eight bits, behind the short code for the end of a block. No code may consist of ones only.
const meanCodeLength = 4;
const meanSizes = Array.from({ length: 12 }, (_, size) => size);
const endOfBlock: Code = { bits: 0, length: 2 };
const sixteenZeros = 0xf0;
const frequencies = [
  ...Array.from({ length: 16 }, (_, zeros) =>
    Array.from({ length: 10 }, (__, size) => (zeros << 4) | (size + 1)),
  ).flat(),
  sixteenZeros,
];
const firstFrequencyCode = 0b0100_0000;
const frequencyCodes = new Map(
  frequencies.map((symbol, index) => [symbol, { bits: firstFrequencyCode + index, length: 8 }]),
);

function frequencyCode(symbol: number): Code {
  const code = frequencyCodes.get(symbol);
  if (code === undefined) throw new TypeError(`no code for symbol ${symbol}`);
  return code;
}

interface BitWriter {
  /** The lowest `length` bits of `bits`. */
  write(bits: number, length: number): void;
  /** Ones up to the end of the byte. */
  pad(): void;
  /** As they are: only at the end of a byte. */
  bytes(whole: readonly number[]): void;
  written(): Uint8Array<ArrayBuffer>;
}

function createBitWriter(): BitWriter {
  let target = new Uint8Array(32_768);
  let end = 0;
  let waiting = 0;
  let count = 0;
  const push = (byte: number): void => {
    if (end === target.length) {
      const larger = new Uint8Array(2 * end);
      larger.set(target);
      target = larger;
    }
    target[end] = byte;
    end += 1;
  };
  const write = (bits: number, length: number): void => {
    waiting = (waiting << length) | bits;
    count += length;
    while (count >= 8) {
      count -= 8;
      const byte = (waiting >> count) & 0xff;
      push(byte);
      // A byte of ones would begin a marker; the zero says that it does not.
      if (byte === 0xff) push(0);
    }
    waiting &= (1 << count) - 1;
  };
  return {
    write,
    pad() {
      if (count > 0) write((1 << (8 - count)) - 1, 8 - count);
    },
    bytes: (whole) => whole.forEach(push),
    written: () => target.slice(0, end),
  };
}

function headers(side: number): number[] {
  const sideBytes = [side >> 8, side & 0xff];
  return [
    0xff,
    0xd8,
    // JFIF 1.1, square pixels, no thumbnail.
    ...segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...segment(0xdb, [0, ...Array.from({ length: 64 }, () => quantum)]),
    // Eight bits, one component with one block to each unit.
    ...segment(0xc0, [8, ...sideBytes, ...sideBytes, 1, 1, 0x11, 0]),
    ...segment(0xc4, [0x00, ...codeCounts({ [meanCodeLength]: meanSizes.length }), ...meanSizes]),
    ...segment(0xc4, [0x10, ...codeCounts({ 2: 1, 8: frequencies.length }), 0x00, ...frequencies]),
    ...segment(0xda, [1, 1, 0x00, 0, 63, 0]),
  ];
}

/** How many codes there are of each length from 1 to 16 bits. */
function codeCounts(counts: Readonly<Record<number, number>>): number[] {
  return Array.from({ length: 16 }, (_, index) => counts[index + 1] ?? 0);
}

function segment(marker: number, content: readonly number[]): number[] {
  const length = content.length + 2;
  return [0xff, marker, length >> 8, length & 0xff, ...content];
}
