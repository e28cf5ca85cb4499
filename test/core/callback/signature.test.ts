import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signSorted, signUrl, sortByBytes } from '../../../src/core/callback/signature.ts';
import { vectors } from '../../helpers/vectors.ts';

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

  test('sortByBytes() brings every order of texts into the one of their bytes', () => {
    const sorted = ['', '1', '1', '10', '9', 'A', 'AB', 'a', '\uFF5E'];
    for (let turn = 0; turn < sorted.length; turn += 1) {
      const given = [...sorted.slice(turn), ...sorted.slice(0, turn)];
      expect(sortByBytes(given)).toEqual(sorted);
      expect(sortByBytes(given.toReversed())).toEqual(sorted);
    }
  });
});
