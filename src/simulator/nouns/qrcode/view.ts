/**
 * A JPEG writer for pictures of black and white pixels: one grey channel, baseline, Huffman tables of its own.
 * Such a picture repeats a few blocks hundreds of times, so each distinct block is transformed once.
 */

/** Codes of a block's 63 higher frequencies, ready to be written, and its mean brightness. */
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
  const known = new Map<string, Block>();
  let before = 0;
  for (let top = 0; top < side; top += blockSide) {
    for (let left = 0; left < side; left += blockSide) {
      const rows = readBlock(pixels, side, top, left);
      const key = String.fromCharCode(...rows);
      const block = known.get(key) ?? transform(rows);
      known.set(key, block);
      const difference = block.mean - before;
      const size = magnitudeSize(difference);
      writer.write(withMagnitude({ bits: size, length: meanCodeLength }, difference, size));
      before = block.mean;
      for (const code of block.codes) writer.write(code);
    }
  }
  return new Uint8Array([...headers(side), ...writer.end(), 0xff, 0xd9]);
}

/** Eight rows of a block as bytes, the left-most pixel in the highest bit. Beyond the edges it is white. */
function readBlock(pixels: Uint8Array, side: number, top: number, left: number): number[] {
  const rows: number[] = [];
  for (let y = top; y < top + blockSide; y += 1) {
    let row = 0;
    for (let x = left; x < left + blockSide; x += 1) {
      row = (row << 1) | (x < side && y < side ? (pixels[y * side + x] ?? 0) : 0);
    }
    rows.push(row);
  }
  return rows;
}

/** `waves[u][x]`: the cosine of frequency `u` at pixel `x`, with the weight that the standard gives it. */
const waves = Array.from({ length: blockSide }, (_, u) =>
  Array.from(
    { length: blockSide },
    (__, x) => (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16),
  ),
);

/** The frequencies as [vertical, horizontal] in the order in which they are written: along the diagonals, to and fro. */
const zigzag = Array.from({ length: 64 }, (_, at) => [at >> 3, at & 7] as const).toSorted(
  ([v, u], [w, t]) => v + u - w - t || (v - w) * ((v + u) % 2 === 0 ? -1 : 1),
);

/** The discrete cosine transform, quantised and coded. */
function transform(rows: readonly number[]): Block {
  const horizontal = rows.map((row) =>
    waves.map((wave) =>
      wave.reduce((sum, factor, x) => sum + factor * ((row >> (7 - x)) & 1 ? -128 : 127), 0),
    ),
  );
  const [mean = 0, ...rest] = zigzag.map(([v, u]) => {
    const wave = waves[v] ?? [];
    return Math.round(wave.reduce((sum, factor, y) => sum + factor * (horizontal[y]?.[u] ?? 0), 0) / quantum);
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
    codes.push(withMagnitude(frequencyCode((zeros << 4) | size), value, size));
    zeros = 0;
  }
  if (rest.at(-1) === 0) codes.push(endOfBlock);
  return { mean, codes };
}

function magnitudeSize(value: number): number {
  return 32 - Math.clz32(Math.abs(value));
}

/** A code and the value whose size it names; negative values are written as their complement. */
function withMagnitude(code: Code, value: number, size: number): Code {
  const magnitude = value < 0 ? value + (1 << size) - 1 : value;
  return { bits: (code.bits << size) | magnitude, length: code.length + size };
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

function createBitWriter(): { write(code: Code): void; end(): readonly number[] } {
  const bytes: number[] = [];
  let waiting = 0;
  let count = 0;
  const write = ({ bits, length }: Code): void => {
    waiting = (waiting << length) | bits;
    count += length;
    while (count >= 8) {
      count -= 8;
      const byte = (waiting >> count) & 0xff;
      bytes.push(byte);
      // A byte of ones would begin a marker; the zero says that it does not.
      if (byte === 0xff) bytes.push(0);
    }
    waiting &= (1 << count) - 1;
  };
  return {
    write,
    end() {
      if (count > 0) write({ bits: (1 << (8 - count)) - 1, length: 8 - count });
      return bytes;
    },
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
