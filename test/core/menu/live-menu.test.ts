import { describe, expect, test } from 'vitest';
import {
  hashMenus,
  readConditional,
  readLiveMenu,
  toConditionalMenu,
  toMenuFile,
} from '../../../src/core/menu/live-menu.ts';

const click = { name: '今日歌曲', type: 'click', key: 'V1001' };
const made = { menu: { button: [{ ...click, sub_button: [] }] } };
const shown = (...button: object[]) => ({ is_menu_open: 1, selfmenu_info: { button } });
const conditional = (menuid: unknown, key: string) => ({
  button: [{ ...click, key, sub_button: [] }],
  matchrule: { group_id: 2, client_platform_type: 2 },
  menuid,
});

describe('readLiveMenu()', () => {
  test('readLiveMenu() finds the menu that was made by API', () => {
    expect(readLiveMenu(made, shown(click))).toEqual({
      origin: 'api',
      menu: { button: [click] },
      conditional: [],
      isOpen: true,
    });
  });

  test('readLiveMenu() finds one of the web console, alone or before the other', () => {
    const web = { name: '问候', type: 'text', value: 'hi' };
    const found = { origin: 'console', menu: { button: [web] }, isOpen: true };
    expect(readLiveMenu(undefined, shown(web))).toMatchObject(found);
    expect(readLiveMenu(made, shown(web))).toMatchObject(found);
  });

  test('readLiveMenu() finds none', () => {
    expect(readLiveMenu(undefined, { is_menu_open: 0, selfmenu_info: { button: [] } })).toEqual({
      origin: 'none',
      menu: { button: [] },
      conditional: [],
      isOpen: false,
    });
    expect(readLiveMenu(made, { is_menu_open: 0 })).toMatchObject({ origin: 'api', isOpen: false });
  });

  test.each<[string, object, object, string]>([
    ['the same', click, click, 'api'],
    ['another key', click, { ...click, key: 'V1002' }, 'console'],
    ['another name', click, { ...click, name: '歌曲' }, 'console'],
    ['another type', click, { ...click, type: 'view', url: 'https://a/' }, 'console'],
    ['a text of the console', click, { name: click.name, type: 'text', value: 'x' }, 'console'],
    [
      'a picture that the call answers in its own type',
      { name: 'p', type: 'media_id', media_id: 'M' },
      { name: 'p', type: 'img', value: 'temporary' },
      'api',
    ],
    [
      'an article',
      { name: 'p', type: 'article_id', article_id: 'A' },
      { name: 'p', type: 'news', value: 'x', news_info: { list: [] } },
      'api',
    ],
    [
      'a picture in place of which there is a link',
      { name: 'p', type: 'media_id', media_id: 'M' },
      { name: 'p', type: 'view', url: 'https://a/' },
      'console',
    ],
    [
      'a link without its url',
      { name: 'p', type: 'view', url: 'https://a/' },
      { name: 'p', type: 'view' },
      'api',
    ],
    [
      'a list of sub-buttons',
      { name: 'm', sub_button: [click] },
      { name: 'm', sub_button: { list: [click] } },
      'api',
    ],
    [
      'one sub-button more',
      { name: 'm', sub_button: [click] },
      { name: 'm', sub_button: { list: [click, click] } },
      'console',
    ],
  ])('readLiveMenu() judges what the phone shows: %s', (_, api, phone, origin) => {
    expect(readLiveMenu({ menu: { button: [api] } }, shown(phone)).origin).toBe(origin);
  });
});

describe('readConditional()', () => {
  test('readConditional() sorts by age, which is the number and not the text', () => {
    const list = [conditional(1000, 'c'), conditional('99', 'a'), conditional(999, 'b')];
    expect(readConditional({ ...made, conditionalmenu: list }).map(({ menuId }) => menuId)).toEqual([
      '99',
      '999',
      '1000',
    ]);
  });

  test('readConditional() sorts numbers of one length too, and leaves out what is no menu', () => {
    const list = [
      conditional(13, 'c'),
      'x',
      conditional(11, 'a'),
      conditional(12, 'b'),
      conditional(null, 'd'),
    ];
    expect(readConditional({ ...made, conditionalmenu: list }).map(({ menuId }) => menuId)).toEqual([
      '',
      '11',
      '12',
      '13',
    ]);
  });

  test('readConditional() reads what was sent out of what is answered', () => {
    const [found] = readConditional({ ...made, conditionalmenu: [conditional(208396993, 'k')] });
    const sent = { button: [{ ...click, key: 'k' }], matchrule: { tag_id: '2', client_platform_type: '2' } };
    expect(found).toEqual({ menuId: '208396993', ...toConditionalMenu(sent) });
    expect(readConditional(made)).toEqual([]);
  });
});

describe('hashMenus()', () => {
  const menu = { button: [click] };
  const one = toConditionalMenu({ button: [click], matchrule: { tag_id: '2' } });
  const two = toConditionalMenu({ button: [click], matchrule: { tag_id: '3' } });

  test('hashMenus() is the same for the same, and another for anything that people may see', () => {
    const all = [
      hashMenus({ button: [] }, []),
      hashMenus(menu, []),
      hashMenus({ button: [{ ...click, key: 'x' }] }, []),
      hashMenus(menu, [one]),
      hashMenus(menu, [one, two]),
      hashMenus(menu, [two, one]),
    ];
    expect(new Set(all).size).toBe(all.length);
    const live = { menuId: '7', ...one };
    expect(hashMenus(menu, [live])).toBe(hashMenus(menu, [one]));
    expect(hashMenus({ button: [] }, [])).toBe(
      '85503d2dfd12f017beaf84acd4dbf434c1cf5b7c86d16177169157e0013deca9',
    );
  });
});

test('toMenuFile() writes "conditional" only where there is one', () => {
  const entry = toConditionalMenu({ button: [click], matchrule: { group_id: 2 } });
  expect(toMenuFile({ button: [click] }, [])).toEqual({ button: [click] });
  expect(toMenuFile({ button: [click] }, [entry])).toEqual({
    button: [click],
    conditional: [{ button: [click], matchrule: { tag_id: '2' } }],
  });
});
