import { describe, expect, test } from 'vitest';
import {
  buttonFields,
  isPushable,
  normaliseMatchRule,
  normaliseMenu,
  sameMenu,
  toConditionalBodies,
  toMenuBody,
  unwrapMenu,
} from '../../../src/core/menu/menu.ts';

const click = { type: 'click', name: '今日歌曲', key: 'V1001' };
const list = { name: '菜单', sub_button: [{ type: 'view', name: '搜索', url: 'http://www.soso.com/' }] };

test('buttonFields has the 13 button types', () => {
  expect(Object.keys(buttonFields)).toHaveLength(13);
});

describe('toMenuBody()', () => {
  test('toMenuBody() takes out what is ours or only in answers, and unwraps', () => {
    const body = { button: [click], matchrule: { tag_id: '2' } };
    const file = { $schema: 'x', ...body, conditional: [], conditionalmenu: [], menuid: 1 };
    expect(toMenuBody(file)).toEqual(body);
    expect(toMenuBody({ menu: file })).toEqual(body);
    expect(toMenuBody({ selfmenu_info: body, is_menu_open: 1 })).toEqual(body);
  });

  test('toMenuBody() takes the list out of sub_button, and changes no other button', () => {
    const button = [{ name: 'p', key: 'k', sub_button: { list: [click] } }, 'x', click];
    expect(toMenuBody({ button })).toEqual({
      button: [{ name: 'p', key: 'k', sub_button: [click] }, 'x', click],
    });
  });

  test('toMenuBody() leaves mistakes as they are', () => {
    expect(toMenuBody({ buton: [] })).toEqual({ buton: [] });
    expect(toMenuBody([1])).toEqual([1]);
    expect(toMenuBody(null)).toBeNull();
  });

  test('toMenuBody() does not unwrap "menu" beside "button"', () => {
    expect(toMenuBody({ button: [], menu: { button: [click] } })).toEqual({
      button: [],
      menu: { button: [click] },
    });
  });

  test('toMenuBody() pollutes nothing', () => {
    toMenuBody(JSON.parse('{"__proto__":{"polluted":1},"button":[]}'));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('toConditionalBodies()', () => {
  const conditional = { button: [click], matchrule: { tag_id: '2' } };

  test('toConditionalBodies() finds them in files and answers', () => {
    expect(toConditionalBodies({ button: [], conditional: [conditional] })).toEqual([conditional]);
    expect(toConditionalBodies({ menu: { button: [], conditional: [conditional] } })).toEqual([conditional]);
    expect(
      toConditionalBodies({ menu: { button: [] }, conditionalmenu: [{ ...conditional, menuid: 1 }] }),
    ).toEqual([conditional]);
    expect(toConditionalBodies({ button: [] })).toEqual([]);
    expect(toConditionalBodies(undefined)).toEqual([]);
  });

  test('toConditionalBodies() leaves a rule that is none', () => {
    const menu = { button: [click], matchrule: 'x' };
    expect(toConditionalBodies({ conditional: [menu] })).toEqual([menu]);
  });

  test('toConditionalBodies() leaves out what is null, and empty fields of rules', () => {
    const matchrule = { tag_id: '2', sex: '', country: null };
    expect(toConditionalBodies({ conditional: [{ button: [{ ...click, url: null }], matchrule }] })).toEqual([
      conditional,
    ]);
  });
});

describe('normaliseMenu()', () => {
  test('normaliseMenu() makes files and answers of menu/get the same', () => {
    const file = { button: [click, list], $schema: 'x' };
    const answer = {
      menu: {
        menuid: 208396938,
        button: [
          { sub_button: [], key: 'V1001', name: '今日歌曲', type: 'click' },
          {
            name: '菜单',
            sub_button: [
              { url: 'http://www.soso.com/', type: 'view', name: '搜索', sub_button: [], added: 1 },
            ],
          },
        ],
      },
    };
    expect(sameMenu(file, answer)).toBe(true);
    expect(normaliseMenu(answer)).toEqual({ button: [click, list] });
  });

  test('normaliseMenu() reads the lists of get_current_selfmenu_info', () => {
    const answer = {
      is_menu_open: 1,
      selfmenu_info: { button: [click, { name: '菜单', sub_button: { list: list.sub_button } }] },
    };
    expect(sameMenu({ button: [click, list] }, answer)).toBe(true);
  });

  test('normaliseMenu() keeps the value of web-only types', () => {
    expect(normaliseMenu({ button: [{ type: 'text', name: 'a', value: 'v' }] })).toEqual({
      button: [{ type: 'text', name: 'a', value: 'v' }],
    });
  });

  test("normaliseMenu() drops what a button's type does not have", () => {
    expect(sameMenu({ button: [{ ...list, type: 'click', key: 'k' }] }, { button: [list] })).toBe(true);
    expect(sameMenu({ button: [{ ...click, url: 'http://a/' }] }, { button: [click] })).toBe(true);
  });

  test('normaliseMenu() keeps only texts', () => {
    expect(
      normaliseMenu({
        button: [
          { name: 1, type: 2, key: 3 },
          { ...click, key: 4 },
        ],
      }),
    ).toStrictEqual({
      button: [{}, { name: '今日歌曲', type: 'click' }],
    });
  });

  test.each([[null], [[]], [{}], [{ button: 1 }]])('normaliseMenu() finds no buttons in %j', (value) => {
    expect(normaliseMenu(value)).toEqual({ button: [] });
  });
});

describe('isPushable()', () => {
  const text = { type: 'text', name: 'a', value: 'x' };

  test.each([
    [[], true],
    [[click, list], true],
    [[click, text], false],
    [[{ name: 'p', sub_button: [click, text] }], false],
    [[click, { name: 'a' }], false],
  ])('isPushable() says of the buttons %j: %s', (button, pushable) => {
    expect(isPushable(normaliseMenu({ button }))).toBe(pushable);
  });
});

describe('sameMenu()', () => {
  test.each([
    [{ button: [list, click] }],
    [{ button: [click] }],
    [{ button: [{ ...click, name: '今日' }, list] }],
    [{ button: [{ ...click, key: 'v1001' }, list] }],
    [{ button: [{ ...click, type: 'pic_weixin' }, list] }],
    [{ button: [click, { ...list, sub_button: [...list.sub_button, ...list.sub_button] }] }],
  ])('sameMenu() sees the difference of %j', (other) => {
    expect(sameMenu({ button: [click, list] }, other)).toBe(false);
  });
});

describe('normaliseMatchRule()', () => {
  test('normaliseMatchRule() makes requests and answers the same', () => {
    expect(normaliseMatchRule({ group_id: 2, client_platform_type: 2 })).toEqual({
      tag_id: '2',
      client_platform_type: '2',
    });
    expect(JSON.stringify(normaliseMatchRule({ tag_id: '2', client_platform_type: '2', sex: '' }))).toBe(
      '{"client_platform_type":"2","tag_id":"2"}',
    );
    expect(normaliseMatchRule(undefined)).toEqual({});
  });
});

test('unwrapMenu() leaves a bare menu alone', () => {
  const menu = { button: [] };
  expect(unwrapMenu(menu)).toBe(menu);
});
