/**
 * The real token in what the platform answers: an error may quote the request. It becomes as many asterisks, so that the
 * length of the answer stays what was announced.
 */

const ASTERISK = 0x2a;

export interface Mask {
  /** Changes the bytes themselves. */
  bytes<Bytes extends Uint8Array>(bytes: Bytes): Bytes;
  text(text: string): string;
  /** The same for what comes piece by piece, wherever it is cut. */
  stream(start: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

export function createMask(secrets: readonly string[]): Mask {
  const spellings = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))];
  const needles = spellings.map((spelling) => Buffer.from(spelling));
  const hide = (bytes: Buffer): void => {
    for (const needle of needles)
      for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + needle.length))
        bytes.fill(ASTERISK, at, at + needle.length);
  };
  return {
    bytes(bytes) {
      hide(view(bytes));
      return bytes;
    },
    text: (text) =>
      spellings.reduce((hidden, spelling) => hidden.replaceAll(spelling, '*'.repeat(spelling.length)), text),
    async *stream(start, rest) {
      let kept = view(start);
      for await (const chunk of rest) {
        const known = kept.length === 0 ? view(chunk) : Buffer.concat([kept, chunk]);
        hide(known);
        const end = known.length - Math.max(0, ...needles.map((needle) => overlap(known, needle)));
        if (end > 0) yield known.subarray(0, end);
        kept = known.subarray(end);
      }
      hide(kept);
      if (kept.length > 0) yield kept;
    },
  };
}

function view({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** How many bytes at the end may be the beginning of the needle. */
function overlap(bytes: Buffer, needle: Buffer): number {
  const from = Math.max(0, bytes.length - needle.length + 1);
  for (let at = bytes.indexOf(needle[0] ?? 0, from); at !== -1; at = bytes.indexOf(needle[0] ?? 0, at + 1)) {
    if (bytes.subarray(at).equals(needle.subarray(0, bytes.length - at))) return bytes.length - at;
  }
  return 0;
}
