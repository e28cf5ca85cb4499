import { describe, expect, test } from 'vitest';
import { isObject, own, parseJson, withoutNulls } from '../../../src/core/text/json-value.ts';

describe('isObject()', () => {
  test.each([
    [{}, true],
    [[], false],
    [null, false],
    ['text', false],
    [undefined, false],
  ])('of %j is %s', (value, is) => {
    expect(isObject(value)).toBe(is);
  });
});

describe('parseJson()', () => {
  test('reads JSON, and nothing of what is none', () => {
    expect(parseJson('{"a":[1]}')).toEqual({ a: [1] });
    expect(parseJson('null')).toBeNull();
    expect(parseJson('{"a":')).toBeUndefined();
  });
});

describe('withoutNulls()', () => {
  test('drops null fields at any depth, and no item of a list', () => {
    const given = { a: null, b: { c: null, d: 0, e: '' }, f: [null, { g: null, h: false }] };
    expect(withoutNulls(given)).toStrictEqual({ b: { d: 0, e: '' }, f: [null, { h: false }] });
  });

  test.each([null, 'text', 0, true])('leaves %j as it is', (value) => {
    expect(withoutNulls(value)).toBe(value);
  });
});

describe('own()', () => {
  test('gives an own property, never an inherited one', () => {
    expect(own({ a: 1 }, 'a')).toBe(1);
    expect(own({ a: 1 }, 'b')).toBeUndefined();
    expect(own({}, 'constructor')).toBeUndefined();
  });

  test.each([null, undefined, 'text', ['item']])('has nothing in %j', (value) => {
    expect(own(value, 'length')).toBeUndefined();
  });
});
