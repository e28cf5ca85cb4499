import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEncodingAESKey } from '../../../src/core/account/plain-credential.ts';
import { createEncodingAESKey } from '../../../src/core/callback/new-key.ts';

describe('createEncodingAESKey()', () => {
  const bytes = fc.uint8Array({ minLength: 48, maxLength: 48 });

  test('makes a key that consoles and strict decoders take', () => {
    fc.assert(
      fc.property(bytes, (random48) => {
        const made = createEncodingAESKey(random48);
        expect(isEncodingAESKey(made)).toBe(true);
        // The two bits that the 32 bytes have no room for are 0: encoding again gives the same text.
        expect(Buffer.from(`${made}=`, 'base64').toString('base64')).toBe(`${made}=`);
      }),
    );
  });

  test('writes a number in letters and digits, the last one first', () => {
    const ofNumber = (number: number) => createEncodingAESKey(new Uint8Array(48).with(47, number));
    expect(ofNumber(0)).toBe('A'.repeat(43));
    expect([1, 15].map((number) => ofNumber(number).slice(-2))).toEqual(['AE', 'A8']);
    expect(ofNumber(16)).toBe(`B${'A'.repeat(42)}`);
  });

  test('depends on every byte but takes no other number of them', () => {
    const zeros = new Uint8Array(48);
    const seen = new Set(
      Array.from({ length: 48 }, (_, index) => createEncodingAESKey(zeros.with(index, 1))),
    );
    // The lowest bits of a number with more than 43 characters still reach one of them; the highest overflow.
    expect(seen.size).toBeGreaterThanOrEqual(32);
    expect(() => createEncodingAESKey(new Uint8Array(47))).toThrow(TypeError);
  });
});
