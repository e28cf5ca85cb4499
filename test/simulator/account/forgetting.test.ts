import { describe, expect, test } from 'vitest';
import { createForgetting } from '../../../src/simulator/account/forgetting.ts';

describe('createForgetting()', () => {
  test('forgets the first key beyond the most, and says which', () => {
    const known = new Map([1, 2, 3].map((key) => [key, `${key}`] as const));
    const forget = createForgetting(known, 2);
    expect([forget(), forget(), [...known.keys()]]).toEqual([1, undefined, [2, 3]]);
  });

  test('takes a key that was set again for the newest', () => {
    const known = new Map<string, number>();
    const forget = createForgetting(known, 2);
    for (const key of ['a', 'b', 'a', 'c', 'b', 'd']) {
      known.delete(key);
      known.set(key, 0);
      forget();
    }
    expect([...known.keys()]).toEqual(['b', 'd']);
  });

  test('goes on after everything was cleared, and after its end', () => {
    const known = new Set(['a', 'b']);
    const forget = createForgetting(known, 0);
    expect([forget(), forget(), forget()]).toEqual(['a', 'b', undefined]);
    known.add('c');
    expect(forget()).toBe('c');
    for (const key of ['d', 'e']) known.add(key);
    expect(forget()).toBe('d');
    known.clear();
    for (const key of ['f', 'd']) known.add(key);
    expect([forget(), forget()]).toEqual(['f', 'd']);
  });

  test('hands over a key that leaves while it is there', () => {
    const known = new Map([['a', 1]]);
    const left: unknown[] = [];
    createForgetting(known, 0, (key) => left.push(key, known.get(key)))();
    expect([left, known.size]).toEqual([['a', 1], 0]);
  });

  test('makes one iterator for all that is forgotten', () => {
    const known = new Map<number, number>();
    let made = 0;
    const watched = {
      get size() {
        return known.size;
      },
      keys: () => {
        made += 1;
        return known.keys();
      },
      delete: (key: number) => known.delete(key),
    };
    const forget = createForgetting(watched, 10);
    for (let key = 0; key < 1000; key += 1) {
      known.set(key, key);
      forget();
    }
    expect([made, known.size, [...known.keys()][0]]).toEqual([1, 10, 990]);
  });
});
