import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/core/text/utf8.ts';

describe('decodeUtf8()', () => {
  test.each(['', 'a', '你好 😀', '\uFEFFa', 'really U+FFFD: \uFFFD', '\uFEFF\uFFFD', '\u0000'])(
    'decodeUtf8() decodes %j from any view of bytes',
    (text) => {
      const bytes = Buffer.from(`x${text}x`).subarray(1, -1);
      expect(decodeUtf8(bytes)).toBe(text);
      expect(decodeUtf8(new Uint8Array(bytes))).toBe(text);
    },
  );

  test.each([[[0xff]], [[0xe4, 0xbd]], [[0xed, 0xa0, 0x80]], [[0xc0, 0x80]], [[0x61, 0x80]]])(
    'decodeUtf8() refuses the bytes %j',
    (bytes) => expect(decodeUtf8(Uint8Array.from(bytes))).toBeUndefined(),
  );
});
