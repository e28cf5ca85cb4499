import { describe, expect, test } from 'vitest';
import { simulate } from '../../simulated.ts';

const current = '/cgi-bin/get_current_selfmenu_info';
const get = '/cgi-bin/menu/get';

const click = { type: 'click', name: '今日歌曲', key: 'V1001_TODAY_MUSIC' };
const search = { type: 'view', name: '搜索', url: 'http://www.soso.com/' };

/** Every type of the web console, as the documentation shows them. */
const consoleButtons = [
  search,
  { type: 'img', name: 'photo', value: 'MEDIA_ID' },
  {
    name: '菜单',
    sub_button: {
      list: [
        { type: 'text', name: 'text', value: 'This is text!' },
        { type: 'photo', name: 'photo', value: 'MEDIA_ID' },
        { type: 'video', name: 'video', value: 'http://example.com/a.mp4' },
        { type: 'voice', name: 'voice', value: 'MEDIA_ID' },
        {
          type: 'news',
          name: 'news',
          value: 'KQb_w_Tiz',
          news_info: { list: [{ author: 'JIMZHENG', digest: 'text', show_cover: 0, title: 'MULTI_NEWS' }] },
        },
      ],
    },
  },
];

describe('GET /cgi-bin/get_current_selfmenu_info', () => {
  test('answers sub_button as an object where there are sub-buttons', async () => {
    const { ask, path } = simulate();
    const button = [click, { name: '菜单', sub_button: [search, click] }];
    await ask('POST', await path('/cgi-bin/menu/create'), { button });
    expect(await ask('GET', await path(current))).toStrictEqual({
      is_menu_open: 1,
      selfmenu_info: { button: [click, { name: '菜单', sub_button: { list: [search, click] } }] },
    });
  });

  test('says that no menu is open when there is none', async () => {
    const { ask, path } = simulate();
    const none = { is_menu_open: 0, selfmenu_info: { button: [] } };
    expect(await ask('GET', await path(current))).toEqual(none);
    await ask('POST', await path('/cgi-bin/menu/create'), { button: [click] });
    await ask('GET', await path('/cgi-bin/menu/delete'));
    expect(await ask('GET', await path(current))).toEqual(none);
  });

  test('refuses POST with 43001 and no token with 41001', async () => {
    const { errcode, path } = simulate();
    expect(await errcode('POST', await path(current), {})).toBe(43001);
    expect(await errcode('GET', current)).toBe(41001);
  });
});

describe('POST /_ctl/menu', () => {
  test('makes a menu that menu/get does not show', async () => {
    const { ask, errcode, path } = simulate();
    await ask('POST', await path('/cgi-bin/menu/create'), { button: [click] });
    expect(await ask('POST', '/_ctl/menu', { button: consoleButtons })).toEqual({
      default: null,
      conditional: [],
      console: consoleButtons,
    });
    expect(await errcode('GET', await path(get))).toBe(46003);
    expect(await ask('GET', await path(current))).toStrictEqual({
      is_menu_open: 1,
      selfmenu_info: { button: consoleButtons },
    });
  });

  test('takes back what get_current_selfmenu_info answered, a closed menu included', async () => {
    const { ask, path } = simulate();
    const closed = { is_menu_open: 0, selfmenu_info: { button: consoleButtons } };
    await ask('POST', '/_ctl/menu', closed);
    expect(await ask('GET', await path(current))).toEqual(closed);
  });

  test('gives way to menu/create and menu/delete', async () => {
    const { ask, errcode, path } = simulate();
    await ask('POST', '/_ctl/menu', { button: consoleButtons });
    expect(await errcode('POST', await path('/cgi-bin/menu/create'), { button: [] })).toBe(40016);
    expect(await ask('GET', await path(current))).toMatchObject({
      selfmenu_info: { button: consoleButtons },
    });
    await ask('POST', await path('/cgi-bin/menu/create'), { button: [click] });
    expect(await ask('GET', await path(current))).toMatchObject({ selfmenu_info: { button: [click] } });
    await ask('POST', '/_ctl/menu', { button: consoleButtons });
    await ask('GET', await path('/cgi-bin/menu/delete'));
    expect(await ask('GET', '/_ctl/menu')).toEqual({ default: null, conditional: [], console: null });
  });

  test('is refused by menu/create with 40016 when somebody sends it as it was read', async () => {
    const { ask, errcode, path } = simulate();
    await ask('POST', '/_ctl/menu', { button: consoleButtons });
    const live = await ask('GET', await path(current));
    expect(await errcode('POST', await path('/cgi-bin/menu/create'), live)).toBe(40016);
    expect(await errcode('POST', await path('/cgi-bin/menu/create'), live['selfmenu_info'])).not.toBe(0);
  });

  const text = { type: 'text', name: 't', value: 'v' };
  test.each([
    ['no buttons', { button: [] }, '"button" must be a list of 1 to 3 buttons'],
    ['no list', {}, '"button" must be a list of 1 to 3 buttons'],
    ['four buttons', { button: [text, text, text, text] }, '"button" must be a list of 1 to 3 buttons'],
    [
      'six sub-buttons',
      { button: [{ name: 'm', sub_button: { list: [text, text, text, text, text, text] } }] },
      '"button[0].sub_button.list" must be a list of 1 to 5 buttons',
    ],
    ['no name', { button: [text, { ...text, name: '' }] }, '"button[1].name" must be text'],
    ['a type of the API', { button: [click] }, '"button[0].type" must be one of "view", "text", "img"'],
    [
      'a type that every object has',
      { button: [{ ...text, type: 'constructor' }] },
      '"button[0].type" must be one of "view", "text", "img"',
    ],
    ['no value', { button: [{ type: 'text', name: 't' }] }, '"button[0].value" must be text'],
    ['no url', { button: [{ type: 'view', name: 't', value: 'v' }] }, '"button[0].url" must be text'],
    ['a switch of another kind', { button: [text], is_menu_open: true }, '"is_menu_open" must be 0 or 1'],
  ])('refuses %s, says where, and leaves the menu', async (_, body, message) => {
    const { ask, call } = simulate();
    const response = await call('POST', '/_ctl/menu', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_console_menu', message: expect.stringContaining(message) },
    });
    expect(await ask('GET', '/_ctl/menu')).toEqual({ default: null, conditional: [], console: null });
  });

  test.each([{ list: [] }, []])('takes an empty %j for no sub-buttons', async (sub_button) => {
    const { ask } = simulate();
    expect(await ask('POST', '/_ctl/menu', { button: [{ ...text, sub_button }] })).toMatchObject({
      console: [text],
    });
  });

  test('takes five sub-buttons and three buttons', async () => {
    const { call } = simulate();
    const parent = { name: 'm', sub_button: { list: [text, text, text, text, text] } };
    expect((await call('POST', '/_ctl/menu', { button: [parent, parent, text] })).status).toBe(200);
  });
});
