import { describe, expect, test } from 'vitest';
import { pagingOf, readPage } from '../../../src/core/call/index.ts';

const cursor = { by: 'cursor', parameter: 'next_openid', in: 'query' } as const;
const offset = { by: 'offset' } as const;

describe('pagingOf()', () => {
  test.each([
    [['next_openid'], [], cursor],
    [[], ['tagid', 'next_openid'], { ...cursor, in: 'body' }],
    [[], ['begin_openid'], { by: 'cursor', parameter: 'begin_openid', in: 'body' }],
    [[], ['type', 'offset', 'count'], offset],
    [[], ['offset'], undefined],
    [['openid'], [], undefined],
  ])('of the query %j and the body %j', (query, body, expected) => {
    expect(pagingOf(query, body)).toEqual(expected);
  });
});

describe('readPage() by next_openid', () => {
  const page = (openid: readonly string[], more: object) => ({
    count: openid.length,
    data: { openid },
    ...more,
  });

  test('goes on at the last person', () => {
    expect(readPage(page(['a', 'b'], { total: 3, next_openid: 'b' }), cursor, { by: '', before: 0 })).toEqual(
      {
        at: ['data', 'openid'],
        items: 2,
        next: 'b',
      },
    );
  });

  test.each([
    ['all have come', page(['c'], { total: 3, next_openid: 'c' }), { by: 'b', before: 2 }],
    ['nobody is left', { total: 3, count: 0, next_openid: '' }, { by: 'c', before: 3 }],
    ['the list is empty', page([], { next_openid: 'c' }), { by: 'c', before: 3 }],
    ['no next one is named', page(['c'], {}), { by: 'b', before: 2 }],
    ['the next one is the same', page(['c'], { next_openid: 'b' }), { by: 'b', before: 2 }],
  ])('ends where %s', (_, answer, asked) => {
    expect(readPage(answer, cursor, asked)?.next).toBeUndefined();
  });
});

describe('readPage() by offset', () => {
  const page = (count: number, total: number) => ({
    total_count: total,
    item_count: count,
    item: Array.from({ length: count }, () => ({})),
  });

  test('counts from where it began', () => {
    expect(readPage(page(20, 45), offset, { by: 20, before: 0 })).toEqual({
      at: ['item'],
      items: 20,
      next: 40,
    });
  });

  test.each([
    ['all have come', page(5, 45), 40],
    ['nothing comes', page(0, 45), 40],
    ['there is none', { total_count: 0, item_count: 0 }, 0],
  ])('ends where %s', (_, answer, by) => {
    expect(readPage(answer, offset, { by, before: 0 })?.next).toBeUndefined();
  });

  test('goes on where nobody says how many there are', () => {
    expect(readPage({ item: [1] }, offset, { by: 0, before: 0 })?.next).toBe(1);
  });
});

test('readPage() finds no page in an answer without a list', () => {
  expect(readPage({ openid: 'o1' }, cursor, { by: '', before: 0 })).toBeUndefined();
  expect(readPage({ menu: { button: {} } }, offset, { by: 0, before: 0 })).toBeUndefined();
});

describe('readPage() without a list', () => {
  test.each([
    [{ total: 0 }, 0],
    [{ item_count: 0 }, 0],
    [{ total_count: 0, x: 1 }, 0],
    [{ count: 0 }, 0],
    [{ count: 1 }, undefined],
    [{ errcode: 0 }, undefined],
    ['x', undefined],
  ])('takes %j for a page of %j', (answer, items) => {
    expect(readPage(answer, cursor, { by: '', before: 0 })?.items).toBe(items);
  });

  test('goes by texts alone to the next person', () => {
    for (const next_openid of [7, '', null])
      expect(readPage({ data: { openid: ['a'] }, next_openid }, cursor, { by: '', before: 0 })?.next).toBe(
        undefined,
      );
  });

  test('takes no text for a total', () => {
    const answer = { data: { openid: ['a'] }, next_openid: 'a', total: '1' };
    expect(readPage(answer, cursor, { by: '', before: 0 })?.next).toBe('a');
  });
});
