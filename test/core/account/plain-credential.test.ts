import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCredential, type CredentialKind } from '../../../src/core/account/pasted-credential.ts';
import { isPlainCredential } from '../../../src/core/account/plain-credential.ts';

const kinds: readonly CredentialKind[] = [
  'appid',
  'secret',
  'accessToken',
  'ticket',
  'callbackToken',
  'aesKey',
];

describe('isPlainCredential()', () => {
  test('takes only what readCredential() would give back unchanged', () => {
    const words = fc.constantFrom(
      'wx',
      'gh_',
      'null',
      'None',
      '0123456789abcdef',
      'token',
      '=',
      ' ',
      '"',
      '-',
      '_',
    );
    const texts = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'abcXYZ019-_') }),
      fc.array(words, { maxLength: 4 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.constantFrom(...kinds), texts, (kind, text) => {
        if (!isPlainCredential(kind, text)) return;
        expect(readCredential(kind, text, 'here')).toEqual({ value: text, notes: [] });
      }),
    );
  });

  test.each<[CredentialKind, string, boolean]>([
    ['secret', 'c4f1e09b7a2d4c6e8f0a1b2c3d4e5f60', true],
    ['accessToken', '57_canaryCANARY-canary_0123456789', true],
    ['aesKey', 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', true],
    ['appid', 'wx0123456789abcdef', true],
    ['appid', 'WX0123456789abcdef', false],
    ['appid', 'wx0123456789abcde', false],
    ['secret', 'wx0123456789abcdef', false],
    ['secret', 'gh_0123456789ab', false],
    ['secret', 'undefined', false],
    ['secret', 'undefined1', true],
    ['secret', 'null1', true],
    ['secret', 'None1', true],
    ['secret', 'NaN1', true],
    ['secret', 'a_wx', true],
    ['secret', ' secret', false],
    ['secret', 'secret ', false],
    ['secret', '"secret"', false],
    ['secret', '', false],
  ])('of %s %j is %s', (kind, text, expected) => {
    expect(isPlainCredential(kind, text)).toBe(expected);
  });
});
