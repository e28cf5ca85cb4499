import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonTree } from '../../../src/cli/files/json-file.ts';
import { parsePlainJson } from '../../../src/cli/files/plain-json.ts';
import { rounds } from '../../helpers/rounds.ts';

/** What `parsePlainJson` is to find, by both parsers. */
function expected(text: string): { value: unknown } | undefined {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    const { value, repeatedKeys, prototypeKeys } = parseJsonTree(text, 'a.json');
    return repeatedKeys.length + prototypeKeys.length === 0 ? { value } : undefined;
  } catch {
    return undefined;
  }
}

/** Few names, so that some are there twice; those with a colon, a quote and a comment inside, and one of JavaScript's. */
const name = fc.constantFrom('a', 'b', 'a:b', '"', '\\', '\\":', '//', '__proto__', '名', '1');
const { text: json } = fc.letrec((tie) => ({
  text: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(name, fc.double(), fc.boolean(), fc.constant(null)).map((value) => JSON.stringify(value)),
    fc.array(tie('text')).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(name, tie('text')))
      .map(
        (members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}: ${String(value)}`).join()}}`,
      ),
  ),
}));
/** Put anywhere into a text: most of it makes it something else than JSON. */
const piece = fc.constantFrom(
  '',
  '',
  '',
  '',
  '"',
  ':',
  ',',
  '\\',
  '{',
  '}',
  '/**/',
  '// x\n',
  '\uFEFF',
  '\u2028',
  '\0',
  'u00e9',
);

describe('parsePlainJson()', () => {
  test('takes what has nothing to tell, with the same value, and nothing else', () => {
    let taken = 0;
    fc.assert(
      fc.property(json, piece, fc.nat(), (base, added, at) => {
        const text = base as string;
        const place = at % (text.length + 1);
        const mutant = text.slice(0, place) + added + text.slice(place);
        const plain = parsePlainJson(mutant);
        expect(plain).toStrictEqual(expected(mutant));
        if (plain !== undefined) taken += 1;
      }),
      { numRuns: rounds(400, 50_000) },
    );
    expect(taken).toBeGreaterThan(20);
  });

  test.each([
    ['{"a":1,"b":{"a":":"}}', true],
    ['\uFEFF{}', true],
    ['{"a":1,"a":1}', false],
    ['{"a":1,"\\u0061":1}', false],
    ['[{"a":1},{"b":1,"b":2}]', false],
    ['{"__proto__":1}', false],
    ['{"\\u005f_proto__":1}', false],
    ['{"a":1,}', false],
    ['{} // ours', false],
    ['', false],
  ])('of %j it is %j that it is plain', (text, plain) => {
    expect(parsePlainJson(text) !== undefined).toBe(plain);
    expect(expected(text) !== undefined).toBe(plain);
  });

  test.each([
    [128, true],
    [129, false],
    [200_000, false],
  ])('of %i lists within each other it is %j that they are plain', (depth, plain) => {
    const text = '['.repeat(depth) + ']'.repeat(depth);
    expect(parsePlainJson(text) !== undefined).toBe(plain);
    expect(expected(text) !== undefined).toBe(plain);
  });
});
