import { expect, expectTypeOf, test } from 'vitest';
import { defined } from '../../../src/core/text/defined.ts';

const maybe = (text: string): string | undefined => (text === '' ? undefined : text);

test('undefined fields are left out, the others keep their order', () => {
  const found = defined({ a: maybe('x'), b: maybe(''), c: 1 });
  expect(Object.entries(found)).toEqual([
    ['a', 'x'],
    ['c', 1],
  ]);
  expectTypeOf(found.a).toEqualTypeOf<string | undefined>();
  expectTypeOf(found.c).toEqualTypeOf<number>();
});

test('null, 0, false and an empty text are values', () => {
  expect(defined({ a: null, b: 0, c: false, d: '' })).toStrictEqual({ a: null, b: 0, c: false, d: '' });
});

test('no field becomes the prototype', () => {
  const found = defined({ ['__proto__']: { a: 1 } });
  expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
  expect(Object.entries(defined({ ['__proto__']: 1, b: undefined, c: 2 }))).toEqual([
    ['__proto__', 1],
    ['c', 2],
  ]);
});
