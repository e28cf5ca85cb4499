import { describe, expect, test } from 'vitest';
import { simulate } from '../../simulated.ts';

const create = '/cgi-bin/menu/create';
const get = '/cgi-bin/menu/get';
const remove = '/cgi-bin/menu/delete';

const song = { type: 'click', name: '今日歌曲', key: 'V1001_TODAY_MUSIC' };
const ok = { errcode: 0, errmsg: 'ok' };

/** Tries one menu and returns the errcode, 0 when it was taken. */
async function create1(button: unknown): Promise<number> {
  const { errcode, path } = simulate();
  return errcode('POST', await path(create), { button });
}

const click = (name: string, key = 'K'): unknown => ({ type: 'click', name, key });
const named = (name: string): string => `{"button":[{"type":"click","name":"${name}","key":"K"}]}`;
const view = (url: string): unknown => ({ type: 'view', name: 'v', url });
const parent = (button: unknown): unknown => [{ name: 'm', sub_button: [button] }];

describe('POST /cgi-bin/menu/create', () => {
  test('answers ok and replaces the whole menu', async () => {
    const { ask, path } = simulate();
    expect(await ask('POST', await path(create), { button: [song, click('b', 'B')] })).toEqual(ok);
    expect(await ask('POST', await path(create), { button: [click('c', 'C')] })).toEqual(ok);
    expect(await ask('GET', await path(get))).toEqual({
      menu: { button: [{ type: 'click', name: 'c', key: 'C', sub_button: [] }] },
    });
  });

  test.each([
    ['no buttons', [], 40016],
    ['four buttons', [click('a'), click('b'), click('c'), click('d')], 40016],
    ['three buttons', [click('a'), click('b'), click('c')], 0],
    ['six sub-buttons', [{ name: 'm', sub_button: Array.from('123456', (name) => click(name)) }], 40023],
    ['five sub-buttons', [{ name: 'm', sub_button: Array.from('12345', (name) => click(name)) }], 0],
    ['a third level', [{ name: 'm', sub_button: [{ name: 'n', sub_button: [click('a')] }] }], 40022],
    ['a name of 17 bytes', [click(`${'中'.repeat(5)}ab`)], 40018],
    ['a name of 16 bytes', [click(`${'中'.repeat(5)}a`)], 0],
    ['a key of 129 bytes', [click('a', 'k'.repeat(129))], 40019],
    ['a key of 128 bytes', [click('a', 'k'.repeat(128))], 0],
    ['a URL of 1025 bytes', [view(`https://a/${'u'.repeat(1015)}`)], 40020],
    ['a URL of 1024 bytes', [view(`https://a/${'u'.repeat(1014)}`)], 0],
    ['an unknown type', [{ type: 'Click', name: 'a', key: 'K' }], 40017],
    ['no type', [{ name: 'a', key: 'K' }], 40017],
    ['a URL that is none', [view('a.com')], 40055],
    ['a sub-button of an unknown type', parent({ type: 'Click', name: 'a', key: 'K' }), 40024],
    ['a sub-button with a name of 61 bytes', parent(click('a'.repeat(61))), 40025],
    ['a sub-button with a name of 60 bytes', parent(click('a'.repeat(60))), 0],
    ['a sub-button with a key of 129 bytes', parent(click('a', 'k'.repeat(129))), 40026],
    ['a sub-button with a URL of 1025 bytes', parent(view(`https://a/${'u'.repeat(1015)}`)), 40027],
    ['a sub-button with a URL that is none', parent(view('a.com')), 40054],
    ['a list from get_current_selfmenu_info', [{ name: 'm', sub_button: { list: [song] } }], 40016],
    ['no list', undefined, 40016],
  ])('answers %s with the platform’s errcode', async (_, button, expected) => {
    expect(await create1(button)).toBe(expected);
  });

  test('keeps the old menu when the new one is refused', async () => {
    const { ask, errcode, path } = simulate();
    await ask('POST', await path(create), { button: [song] });
    expect(await errcode('POST', await path(create), { button: [] })).toBe(40016);
    expect(await ask('GET', await path(get))).toEqual({ menu: { button: [{ ...song, sub_button: [] }] } });
  });

  test('does not take off the wrapper of menu/get', async () => {
    const { errcode, path } = simulate();
    expect(await errcode('POST', await path(create), { menu: { button: [song] } })).toBe(40016);
  });

  test('refuses \\uXXXX escapes with 40033, and takes raw UTF-8 and a doubled backslash', async () => {
    const { ask, errcode, path } = simulate();
    const escaped = await ask('POST', await path(create), named('\\u83dc'));
    expect(escaped).toEqual({
      errcode: 40033,
      errmsg: expect.stringMatching(
        /^invalid charset\. please check your request, if include \\uxxxx will create fail! rid: /,
      ),
    });
    expect(await errcode('POST', await path(create), named('a\\\\\\u0026'))).toBe(40033);
    expect(await errcode('POST', await path(create), named('菜单'))).toBe(0);
    expect(await errcode('POST', await path(create), named('a\\\\u0026'))).toBe(0);
  });

  test('refuses an empty body, other than JSON, another charset, and GET', async () => {
    const { errcode, path } = simulate();
    expect(await errcode('POST', await path(create))).toBe(44002);
    expect(await errcode('POST', await path(create), '{"button":')).toBe(47001);
    expect(await errcode('POST', await path(create), new Uint8Array([0x22, 0xb2, 0xcb, 0x22]))).toBe(65318);
    expect(await errcode('GET', await path(create))).toBe(43002);
  });

  test('checks the token before the body', async () => {
    const { errcode } = simulate();
    expect(await errcode('POST', create, '{')).toBe(41001);
  });

  test('takes 1000 calls a day, 100 of a test account', async () => {
    const { ask, errcode, path } = simulate();
    const url = await path(create);
    for (let call = 1; call < 100; call += 1) await errcode('POST', url, { button: [song] });
    expect(await errcode('POST', url, { button: [song] })).toBe(0);
    await ask('POST', '/_ctl/settings', { account_type: 'test' });
    expect(await errcode('POST', url, { button: [song] })).toBe(45009);
    await ask('POST', '/_ctl/settings', { account_type: 'verified_service' });
    for (let call = 101; call < 1000; call += 1) await errcode('POST', url, { button: [song] });
    expect(await errcode('POST', url, { button: [song] })).toBe(0);
    expect(await errcode('POST', url, { button: [song] })).toBe(45009);
  });
});

describe('GET /cgi-bin/menu/get', () => {
  test('answers 46003 without a menu', async () => {
    const { ask, path } = simulate();
    expect(await ask('GET', await path(get))).toEqual({
      errcode: 46003,
      errmsg: expect.stringMatching(/^menu no exist rid: /),
    });
  });

  test('writes sub_button on every button, and only the fields that the type has', async () => {
    const { ask, path } = simulate();
    const mini = {
      type: 'miniprogram',
      name: 'wxa',
      url: 'https://a.b',
      appid: 'wx286b93c14bbf93aa',
      pagepath: 'p',
    };
    const sent = [
      { name: '菜单', type: 'click', key: 'ignored', sub_button: [{ ...mini, key: 'ignored', extra: 1 }] },
      { ...song, sub_button: [] },
    ];
    expect(await ask('POST', await path(create), { button: sent })).toEqual(ok);
    expect(await ask('GET', await path(get))).toStrictEqual({
      menu: {
        button: [
          { name: '菜单', sub_button: [{ ...mini, sub_button: [] }] },
          { ...song, sub_button: [] },
        ],
      },
    });
  });

  test('answers something that create takes again', async () => {
    const { ask, errcode, path } = simulate();
    await ask('POST', await path(create), { button: [song, { name: 'm', sub_button: [song] }] });
    const first = await ask('GET', await path(get));
    expect(await errcode('POST', await path(create), first['menu'])).toBe(0);
    expect(await ask('GET', await path(get))).toEqual(first);
  });
});

describe('GET /cgi-bin/menu/delete', () => {
  test('removes the menu, and is no error without one', async () => {
    const { ask, errcode, path } = simulate();
    await ask('POST', await path(create), { button: [song] });
    expect(await ask('GET', await path(remove))).toEqual(ok);
    expect(await errcode('GET', await path(get))).toBe(46003);
    expect(await ask('GET', await path(remove))).toEqual(ok);
  });

  test('refuses POST with 43001 and leaves the menu', async () => {
    const { ask, errcode, path } = simulate();
    await ask('POST', await path(create), { button: [song] });
    expect(await errcode('POST', await path(remove))).toBe(43001);
    expect(await errcode('GET', await path(get))).toBe(0);
  });
});
