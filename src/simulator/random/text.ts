/** Identifiers of the platform's shapes out of a source of random bytes. */
import type { Random } from '../../io/ports.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';
const alphanumeric = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${letters}0123456789`;

/** `count` lower-case hex digits; `count` is even. */
export function randomHex(random: Random, count: number): string {
  return Buffer.from(random.bytes(count / 2)).toString('hex');
}

/** `count` characters of `A-Za-z0-9_-`; `count` is a multiple of four. */
export function randomBase64Url(random: Random, count: number): string {
  return Buffer.from(random.bytes((count / 4) * 3)).toString('base64url');
}

/** `count` letters and digits, each equally likely. */
export function randomAlphanumeric(random: Random, count: number, alphabet: string = alphanumeric): string {
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < count) {
    for (const byte of random.bytes(count)) {
      if (byte < limit && text.length < count) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}
