import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signMessage, verifySignature } from '../../../src/core/callback/message-signature.ts';
import { vectors } from '../../helpers/vectors.ts';

describe('signMessage()', () => {
  test.each(vectors.crypto.filter((vector) => vector.msg_signature !== undefined))(
    'signMessage() matches: $source',
    ({ token = '', timestamp = '', nonce = '', encrypt, msg_signature }) => {
      expect(signMessage(token, timestamp, nonce, encrypt)).toBe(msg_signature);
    },
  );
});

describe('verifySignature()', () => {
  const right = 'f464b24fc39322e44b38aa78f5edd27bd1441696';

  test('verifySignature() accepts the same signature', () => {
    expect(verifySignature(right, right)).toBe(true);
  });

  test('verifySignature() refuses a signature that differs in any one digit', () => {
    fc.assert(
      fc.property(fc.nat(39), fc.integer({ min: 1, max: 15 }), (position, shift) => {
        const digit = ((Number.parseInt(right[position] ?? '', 16) + shift) % 16).toString(16);
        expect(verifySignature(right.slice(0, position) + digit + right.slice(position + 1), right)).toBe(
          false,
        );
      }),
    );
  });

  test.each(['', right.toUpperCase(), right.slice(1), `${right}0`, ` ${right}`, `${right}\n`])(
    'verifySignature() refuses %j',
    (given) => {
      expect(verifySignature(given, right)).toBe(false);
      expect(verifySignature(given, given)).toBe(false);
    },
  );
});
