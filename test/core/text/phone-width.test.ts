import { describe, expect, test } from 'vitest';
import { phoneWidth, shortenOnPhone } from '../../../src/core/text/phone-width.ts';
import { terminalWidth } from '../../../src/core/text/terminal-width.ts';

describe('phoneWidth()', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['今日歌曲', 8],
    ['Ａ！', 4],
    ['あア한', 6],
    ['é…', 2],
    ['😀', 2],
    ['QQ音乐', 6],
  ])('phoneWidth() counts %j as %i', (text, columns) => {
    expect(phoneWidth(text)).toBe(columns);
  });

  test('phoneWidth() counts what menus are written with as a terminal does', () => {
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
        (character) => phoneWidth(character) !== terminalWidth(character),
      ),
    );
    expect(different).toEqual([]);
  });
});

describe('shortenOnPhone()', () => {
  test.each([
    ['今日歌曲', 8, '今日歌曲'],
    ['今日歌曲单', 8, '今日歌曲…'],
    ['abcdefgh', 8, 'abcdefgh'],
    ['abcdefghi', 8, 'abcdefgh…'],
    ['a今日歌曲', 8, 'a今日歌…'],
    ['😀😀', 2, '😀…'],
    ['', 8, ''],
  ])('shortenOnPhone() makes of %j in %i columns %j', (text, columns, shown) => {
    expect(shortenOnPhone(text, columns)).toBe(shown);
  });
});
