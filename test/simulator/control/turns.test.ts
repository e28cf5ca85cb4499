import { describe, expect, test } from 'vitest';
import {
  atOnce,
  forEachInPieces,
  inOrder,
  inTurns,
  jsonParts,
} from '../../../src/simulator/control/turns.ts';
import { simulate } from '../simulated.ts';

describe('jsonParts()', () => {
  const long = Array.from({ length: 3000 }, (_, id) => ({ id, text: 'ü"\n😀'.repeat(20), none: undefined }));

  test.each([
    [[]],
    [{}],
    [null],
    ['"\u2028'],
    [[1, null, undefined, [{ a: [] }]]],
    [{ a: undefined, b: { c: [], d: {}, 'e"': [{ f: 0 }] }, g: false }],
    [{ accounts: [{ nouns: { people: long } }], ['__proto__']: 1 }],
    [[[[[[[[[[[[1]]]]]]]]]]]],
  ])('has the words of JSON.stringify', (value: unknown) => {
    expect([...jsonParts(value)].join('')).toBe(JSON.stringify(value));
  });

  test('has parts of about 64 K characters each', () => {
    const parts = [...jsonParts({ long })].map(({ length }) => length);
    expect(parts.length).toBeGreaterThan(4);
    expect(Math.max(...parts)).toBeLessThan(64 * 1024 + 500);
    expect(Math.min(...parts.slice(0, -1))).toBeGreaterThanOrEqual(64 * 1024);
  });
});

describe('work', () => {
  test('is done in pieces and in order, at once or in turns', async () => {
    const lists: number[][] = [];
    for (const run of [atOnce, inTurns]) {
      const list: number[] = [];
      const pieces = [2, 3].map((most) => forEachInPieces([1, 2, 3, 4, 5], most, (each) => list.push(each)));
      await run(inOrder(pieces));
      lists.push(list);
    }
    expect(lists).toEqual([
      [1, 2, 3, 4, 5, 1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5, 1, 2, 3, 4, 5],
    ]);
    expect([...forEachInPieces([1, 2, 3, 4, 5], 2, () => undefined)]).toHaveLength(2);
    expect([...forEachInPieces([1, 2, 3, 4], 2, () => undefined)]).toHaveLength(1);
  });
});

test.each(['requests', 'requests?format=har', 'state?format=file'])(
  'a long answer of GET /_ctl/%s comes in parts',
  async (path) => {
    const { call } = simulate();
    await call('POST', '/_ctl/followers', { count: 300 });
    for (let made = 0; made < 10; made += 1) await call('POST', '/cgi-bin/token', 'x'.repeat(14_000));
    const { body } = await call('GET', `/_ctl/${path}`);
    const sizes: number[] = [];
    for await (const part of body ?? []) sizes.push(part.length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(64 * 1024 + 16_384 * 2);
  },
);
