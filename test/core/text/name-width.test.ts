import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../../src/cli/frame/fold.ts';
import { columnsOf, shorten } from '../../../src/core/text/name-width.ts';

describe('columnsOf()', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['今日歌曲', 8],
    ['Ａ！', 4],
    ['あア한', 6],
    ['é…', 2],
    ['😀', 2],
    ['QQ音乐', 6],
  ])('columnsOf() counts %j as %i', (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });

  test('columnsOf() counts what menus are written with as a terminal does', () => {
    const blocks = [
      [0x20, 0x7e],
      [0xa1, 0x17f],
      [0x3000, 0x303e],
      [0x3041, 0x3096],
      [0x30a1, 0x30fa],
      [0x3400, 0x9fff],
      [0xac00, 0xd7a3],
      [0xff01, 0xff60],
      [0x1f600, 0x1f64f],
    ] as const;
    const different = blocks.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)).filter(
        (character) => columnsOf(character) !== displayWidth(character),
      ),
    );
    expect(different).toEqual([]);
  });
});

describe('shorten()', () => {
  test.each([
    ['今日歌曲', 8, '今日歌曲'],
    ['今日歌曲单', 8, '今日歌曲…'],
    ['abcdefgh', 8, 'abcdefgh'],
    ['abcdefghi', 8, 'abcdefgh…'],
    ['a今日歌曲', 8, 'a今日歌…'],
    ['😀😀', 2, '😀…'],
    ['', 8, ''],
  ])('shorten() makes of %j in %i columns %j', (text, columns, shown) => {
    expect(shorten(text, columns)).toBe(shown);
  });
});
