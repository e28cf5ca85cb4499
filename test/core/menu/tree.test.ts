import { describe, expect, test } from 'vitest';
import { normaliseMenu } from '../../../src/core/menu/menu.ts';
import { drawMenu } from '../../../src/core/menu/tree.ts';

describe('drawMenu()', () => {
  test('drawMenu() draws a menu as the app shows it', () => {
    const menu = normaliseMenu({
      button: [
        { type: 'click', name: '今日歌曲排行', key: 'SONGS' },
        {
          name: '菜单',
          sub_button: [
            { type: 'view', name: '拍照或者相册发图片', url: 'https://a.com/' },
            { type: 'miniprogram', name: 'wxa', url: 'https://b.com/', appid: 'wx1', pagepath: 'p/i' },
          ],
        },
      ],
    });
    expect(drawMenu(menu).split('\n')).toEqual([
      '                      ┌───────────────────┐',
      '                      │ 拍照或者相册发图… │',
      '                      │        wxa        │',
      '┌───────────────────┐ ├───────────────────┤',
      '│     今日歌曲…     │ │      ≡ 菜单       │',
      '└───────────────────┘ └───────────────────┘',
      '',
      '今日歌曲排行           click        SONGS',
      '菜单',
      '├─ 拍照或者相册发图片  view         https://a.com/',
      '└─ wxa                 miniprogram  wx1  p/i  https://b.com/',
    ]);
  });

  test('drawMenu() keeps a full menu within 80 columns, but for long targets', () => {
    const leaf = (name: string) => ({ type: 'click', name, key: 'K' });
    const column = {
      name: '字'.repeat(5),
      sub_button: Array.from({ length: 5 }, () => leaf('字'.repeat(20))),
    };
    const lines = drawMenu(normaliseMenu({ button: [column, column, column] })).split('\n');
    const picture = lines.slice(0, lines.indexOf(''));
    expect(picture).toHaveLength(9);
    expect(picture[0]).toHaveLength(3 * 21 + 2);
  });

  test('drawMenu() aligns by the width on a terminal', () => {
    // A stroke of a character: two columns on a terminal, one on the phone, by whose measure names are cut.
    const menu = normaliseMenu({
      button: [
        { type: 'click', name: '㇀㇁', key: 'A' },
        { type: 'click', name: 'abc', key: 'B' },
      ],
    });
    expect(drawMenu(menu).split('\n').slice(-2)).toEqual(['㇀㇁  click  A', 'abc   click  B']);
  });

  test('drawMenu() lets nothing in a name break the lines', () => {
    const menu = normaliseMenu({ button: [{ type: 'click', name: 'a\n\u001b[31mb', key: 'k\u202e\n' }] });
    expect(drawMenu(menu)).toContain('a b  click  k');
    expect(drawMenu(menu).split('\n')).toHaveLength(5);
  });
});
