import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signMessage, signSorted, signUrl, verifySignature } from '../../src/core/signature.ts';
import { vectors } from '../helpers/vectors.ts';

describe('signUrl()', () => {
  test.each(vectors.signature)(
    'signUrl() matches: $source ($token)',
    ({ token, timestamp, nonce, signature }) => {
      expect(signUrl(token, timestamp, nonce)).toBe(signature);
    },
  );

  test('signUrl() sorts by bytes, not by numbers', () => {
    expect(signUrl('weixin', '9', '10')).toBe(createHash('sha1').update('109weixin').digest('hex'));
  });

  test('signSorted() sorts by UTF-8 bytes, not by UTF-16 units', () => {
    expect(signSorted(['\u{1F600}', '\uFF5E'])).toBe(
      createHash('sha1').update('\uFF5E\u{1F600}').digest('hex'),
    );
  });
});

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
