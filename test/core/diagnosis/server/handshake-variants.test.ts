import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signedVariants } from '../../../../src/core/diagnosis/server/handshake-variants.ts';

const ground = { timestamp: '1714036504', nonce: '912345678', otherNonce: '1112345678' };
const variants = (callbackToken: string) => signedVariants({ callbackToken, ...ground });
const sha1 = (...parts: readonly string[]): string => createHash('sha1').update(parts.join('')).digest('hex');

/** Servers that make one mistake, written without the tool's code. */
const servers: Readonly<Record<string, (token: string, timestamp: string, nonce: string) => string>> = {
  'numeric_order of PHP': (token, ...numbers) =>
    sha1(...numbers.toSorted((a, b) => Number(a) - Number(b)), token),
  'numeric_order of JavaScript': (...all) => sha1(...all.toSorted((a, b) => Number(a) - Number(b))),
  'unsorted as documented': (...all) => sha1(...all),
  'unsorted as in the query': (token, timestamp, nonce) => sha1(timestamp, nonce, token),
  'token_case in small letters': (token, ...rest) => sha1(...[token.toLowerCase(), ...rest].toSorted()),
  'token_newline at the end': (token, ...rest) => sha1(...[`${token}\n`, ...rest].toSorted()),
  'token_space at the end': (token, ...rest) => sha1(...[`${token} `, ...rest].toSorted()),
  'token_missing where it is not set': (_token, ...rest) => sha1(...rest.toSorted()),
};

describe('signedVariants()', () => {
  test.each(Object.entries(servers))('has among the first eight what makes %s pass', (title, sign) => {
    const passing = variants('MyToken')
      .slice(0, 8)
      .filter(({ signature, timestamp, nonce }) => sign('MyToken', timestamp, nonce) === signature);
    expect(passing.map(({ name }) => name)).toEqual([title.split(' ')[0]]);
  });

  test('has none that a right server takes, and none twice', () => {
    for (const token of ['MyToken', 'weixin', 'AAAAA', '5abc', '123456', '9999999999x']) {
      const found = variants(token);
      const right = found.filter(
        ({ signature, timestamp, nonce }) => signature === sha1(...[token, timestamp, nonce].toSorted()),
      );
      expect(right).toEqual([]);
      expect(new Set(found.map(({ signature }) => signature)).size).toBe(found.length);
      expect(found.length).toBeGreaterThan(6);
    }
  });
});
