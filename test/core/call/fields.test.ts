import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildBody, splitField, typedValue } from '../../../src/core/call/index.ts';
import { WechatMpError } from '../../../src/core/errors.ts';
import { anyCharacter } from '../../helpers/any-character.ts';

/** `a[b]=1` as it is written, all values as text. */
const body = (...words: readonly string[]) =>
  buildBody(words.map((word) => ({ key: splitField(word).key, value: splitField(word).text })));

function typeOf(work: () => unknown): string {
  try {
    return `no error: ${JSON.stringify(work())}`;
  } catch (error) {
    return error instanceof WechatMpError ? `${error.family} ${error.type}` : String(error);
  }
}

describe('buildBody()', () => {
  test.each([
    [['a=1', 'b='], { a: '1', b: '' }],
    [['a=b=c'], { a: 'b=c' }],
    [['tag[name]=vip', 'tag[id]=7'], { tag: { name: 'vip', id: '7' } }],
    [['a[b][c]=1', 'a[b][d]=2', 'a[e]=3'], { a: { b: { c: '1', d: '2' }, e: '3' } }],
    [['list[]=x', 'list[]=y'], { list: ['x', 'y'] }],
    [['list[]'], { list: [] }],
    [['a[list][]=x', 'a[list][]=y'], { a: { list: ['x', 'y'] } }],
    [['a[list][]'], { a: { list: [] } }],
    // The next item begins where a name comes again.
    [['p[][name]=a', 'p[][age]=1', 'p[][name]=b'], { p: [{ name: 'a', age: '1' }, { name: 'b' }] }],
    [['constructor=1', 'a[toString]=2'], { constructor: '1', a: { toString: '2' } }],
    [['客服[名]=甲'], { 客服: { 名: '甲' } }],
  ])('makes of %j', (words, expected) => {
    expect(body(...words)).toEqual(expected);
  });

  test('keeps __proto__ a name like any other', () => {
    const made = body('__proto__[x]=1', 'a=2');
    expect(JSON.stringify(made)).toBe('{"__proto__":{"x":"1"},"a":"2"}');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test.each([
    ['a=1', 'a=2'],
    ['a=1', 'a[b]=2'],
    ['a[b]=2', 'a=1'],
    ['a[]=1', 'a[b]=2'],
    ['a[b]=1', 'a[]=2'],
    ['a[b][c][d]=1'],
    ['a[][][b]=1'],
    ['a[][]=1'],
    ['a[b=1'],
    ['[a]=1'],
    ['a]=1'],
    ['=1'],
    ['a'],
    ['[]'],
    ['=[]'],
    ['abc'],
  ])('refuses %j %s', (...words) => {
    expect(typeOf(() => body(...words))).toBe('usage field_invalid');
  });

  test('brings every text through, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        expect(body(`a[b]=${text}`)).toEqual({ a: { b: text } });
      }),
    );
  });
});

describe('typedValue()', () => {
  test.each([
    ['7', 7],
    ['-1.5', -1.5],
    ['true', true],
    ['null', null],
    ['"7"', '7'],
    ['["a",1]', ['a', 1]],
    ['{"a":1}', { a: 1 }],
    ['vip', 'vip'],
    ['', ''],
    ['007', '007'],
    ['0x10', '0x10'],
    ['True', 'True'],
    ['{a:1}', '{a:1}'],
    ['9007199254740991', 9_007_199_254_740_991],
  ])('makes of %s', (text, value) => {
    expect(typedValue(text, 'a')).toEqual(value);
  });

  test('refuses a number that would lose digits', () => {
    expect(typeOf(() => typedValue('9007199254740992', 'msg_id'))).toBe('usage field_invalid');
    expect(typeOf(() => typedValue('-9007199254740993', 'msg_id'))).toBe('usage field_invalid');
  });
});
