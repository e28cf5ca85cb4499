import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Refusal, wordsOf } from '../../../src/simulator/server/refusal.ts';

const simulator = fileURLToPath(new URL('../../../src/simulator', import.meta.url));

/** Every number behind `new Refusal(` in the simulator. */
function usedCodes(): readonly number[] {
  const sources = readdirSync(simulator, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(`${simulator}/${name}`, 'utf8'));
  const found = sources.flatMap((text) => Array.from(text.matchAll(/new Refusal\((-?[\d_]+)/g)));
  return [...new Set(found.map(([, code = '']) => Number(code.replaceAll('_', ''))))];
}

describe('wordsOf()', () => {
  test.each([
    [-1, 'system error'],
    [40001, 'invalid credential, access_token is invalid or not latest'],
    [40033, 'invalid charset. please check your request, if include \\uxxxx will create fail!'],
    [40243, 'appsecret is frozen'],
    [45057, "can't delete the tag that has too many fans"],
    [76022, 'could not use this cgi_path，no permission'],
    [9_410_012, 'short_key not found or expired'],
    [123_456_789, 'errcode 123456789'],
  ])('has the words of %i as the platform spells them', async (errcode, words) => {
    expect(await wordsOf(new Refusal(errcode))).toBe(words);
  });

  test('prefers the words that a refusal brings', async () => {
    expect(await wordsOf(new Refusal(40164, 'invalid ip 1.2.3.4'))).toBe('invalid ip 1.2.3.4');
  });

  test('has words for every code that the simulator answers', async () => {
    const codes = usedCodes();
    expect(codes.length).toBeGreaterThan(100);
    const without = [];
    for (const errcode of codes)
      if ((await wordsOf(new Refusal(errcode))) === `errcode ${errcode}`) without.push(errcode);
    expect(without).toEqual([]);
  });
});
