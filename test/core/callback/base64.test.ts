import { expect, test } from 'vitest';
import { decodeBase64 } from '../../../src/core/callback/base64.ts';

test.each([
  ['YQ==', 'a'],
  ['+/8=', '\u{fb}\u{ff}'],
  ['', undefined],
  ['YQ', undefined],
  ['YR==', undefined],
  ['YQ==\n', undefined],
  [' YQ==', undefined],
  ['-_8=', undefined],
  ['Y=Q=', undefined],
])('decodeBase64() makes of %j: %j', (text, bytes) => {
  expect(decodeBase64(text)?.toString('latin1')).toBe(bytes);
});
