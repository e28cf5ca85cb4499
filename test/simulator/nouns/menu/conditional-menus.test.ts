import { describe, expect, test } from 'vitest';
import { simulate, type JsonAnswer, type Simulated } from '../../simulated.ts';

const add = '/cgi-bin/menu/addconditional';
const get = '/cgi-bin/menu/get';

const ok = { errcode: 0, errmsg: 'ok' };
const click = (name: string): Record<string, unknown> => ({ type: 'click', name, key: 'K' });
const view = (host: string): unknown => ({ type: 'view', name: 'v', url: `https://${host}/` });
const read = (name: string): unknown => ({ ...click(name), sub_button: [] });
const starred = { tag_id: '2' };

async function withMenu(): Promise<Simulated> {
  const simulated = simulate();
  await simulated.ask('POST', await simulated.path('/cgi-bin/menu/create'), { button: [click('default')] });
  return simulated;
}

async function addMenu({ ask, path }: Simulated, name: string, matchrule: unknown): Promise<string> {
  const answer = await ask('POST', await path(add), { button: [click(name)], matchrule });
  expect(answer).toEqual({ menuid: expect.stringMatching(/^\d{9}$/) });
  return String(answer['menuid']);
}

async function tryMatch({ ask, path }: Simulated, id: unknown): Promise<JsonAnswer> {
  return ask('POST', await path('/cgi-bin/menu/trymatch'), { user_id: id });
}

/** The name of the only button that somebody sees. */
async function seen(simulated: Simulated, id: string): Promise<unknown> {
  const answer = await tryMatch(simulated, id);
  const [button] = answer['button'] as { name: string }[];
  return button?.name;
}

test('menu/get shows each change at once, and what a snapshot brings back', async () => {
  const simulated = await withMenu();
  const { ask, path } = simulated;
  const shown = async (): Promise<unknown> => {
    const { menu, conditionalmenu = [] } = (await ask('GET', await path(get))) as Record<string, unknown>;
    const own = [menu, ...(conditionalmenu as unknown[])] as { button: { name: string }[] }[];
    return own.map(({ button }) => button[0]?.name);
  };
  expect([await shown(), await shown()]).toEqual([['default'], ['default']]);
  const one = await addMenu(simulated, 'one', starred);
  expect(await shown()).toEqual(['default', 'one']);
  await ask('POST', '/_ctl/snapshot', { name: 'one' });
  const two = await addMenu(simulated, 'two', starred);
  expect(await shown()).toEqual(['default', 'one', 'two']);
  for (const menuid of [one, two]) await ask('POST', await path('/cgi-bin/menu/delconditional'), { menuid });
  expect(await shown()).toEqual(['default']);
  await ask('POST', await path('/cgi-bin/menu/create'), { button: [click('other')] });
  expect(await shown()).toEqual(['other']);
  await ask('POST', '/_ctl/restore', { name: 'one' });
  expect(await shown()).toEqual(['default', 'one']);
});

describe('POST /cgi-bin/menu/addconditional', () => {
  test('answers the menuid as text, menu/get as a number', async () => {
    const simulated = await withMenu();
    const { ask, path } = simulated;
    const first = await addMenu(simulated, 'one', { tag_id: '2', client_platform_type: '2' });
    const second = await addMenu(simulated, 'two', { group_id: 101 });
    expect(await ask('GET', await path(get))).toEqual({
      menu: { button: [read('default')], menuid: expect.any(Number) },
      conditionalmenu: [
        {
          button: [read('one')],
          matchrule: { group_id: 2, client_platform_type: 2 },
          menuid: Number(first),
        },
        { button: [read('two')], matchrule: { group_id: 101 }, menuid: Number(second) },
      ],
    });
  });

  test('keeps the conditional menus when the default menu is replaced', async () => {
    const simulated = await withMenu();
    const { ask, path } = simulated;
    await addMenu(simulated, 'one', starred);
    await ask('POST', await path('/cgi-bin/menu/create'), { button: [click('new')] });
    expect(await ask('GET', await path(get))).toMatchObject({
      menu: { button: [read('new')] },
      conditionalmenu: [{ button: [read('one')] }],
    });
  });

  test.each([
    ['no rule', undefined, 65304, 'match rule empty'],
    ['an empty rule', {}, 65304, 'match rule empty'],
    ['a rule of empty fields', { tag_id: '', client_platform_type: '' }, 65304, 'match rule empty'],
    ['sex', { tag_id: '2', sex: '1' }, 65320, 'match rule violates privacy'],
    ['country', { country: '中国' }, 65320, 'match rule violates privacy'],
    ['province', { province: '广东' }, 65320, 'match rule violates privacy'],
    ['city', { city: '广州' }, 65320, 'match rule violates privacy'],
    ['language', { language: 'zh_CN' }, 65320, 'match rule violates privacy'],
  ])('refuses %s', async (_, matchrule, errcode, errmsg) => {
    const { ask, path } = await withMenu();
    expect(await ask('POST', await path(add), { button: [click('a')], matchrule })).toEqual({
      errcode,
      errmsg: expect.stringMatching(new RegExp(`^${errmsg} rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$`)),
    });
    expect(await ask('GET', await path(get))).not.toHaveProperty('conditionalmenu');
  });

  test('refuses without a default menu of the API with 65303', async () => {
    const { ask, errcode, path } = simulate();
    const body = { button: [click('a')], matchrule: starred };
    expect(await ask('POST', await path(add), body)).toMatchObject({
      errcode: 65303,
      errmsg: expect.stringMatching(/^there is no selfmenu, please create selfmenu first rid: /),
    });
    await ask('POST', '/_ctl/menu', { button: [{ type: 'text', name: 't', value: 'hi' }] });
    expect(await errcode('POST', await path(add), body)).toBe(65303);
  });

  test('checks the buttons before the rule, and the body as menu/create does', async () => {
    const { errcode, path } = await withMenu();
    expect(await errcode('POST', await path(add), { button: [], matchrule: {} })).toBe(40016);
    expect(await errcode('POST', await path(add), { matchrule: starred })).toBe(40016);
    expect(await errcode('POST', await path(add), '{"button":[{"name":"\\u4e2d"}]}')).toBe(40033);
    expect(await errcode('POST', await path(add), '{')).toBe(47001);
    expect(await errcode('POST', await path(add))).toBe(44002);
    expect(await errcode('GET', await path(add))).toBe(43002);
    expect(await errcode('POST', add, '{')).toBe(41001);
  });

  test('takes three domains in all conditional menus together, refuses the fourth with 65316', async () => {
    const { ask, errcode, path } = await withMenu();
    const send = async (...hosts: string[]): Promise<number> =>
      errcode('POST', await path(add), { button: hosts.map(view), matchrule: starred });
    expect(await send('a.example', 'A.example')).toBe(0);
    expect(await send('b.example', 'c.example', 'sub.c.example')).toBe(0);
    expect(await send('a.example', 'c.example')).toBe(0);
    const fourth = await ask('POST', await path(add), { button: [view('d.example')], matchrule: starred });
    expect(fourth).toMatchObject({
      errcode: 65316,
      errmsg: expect.stringMatching(/^domain count reach limit rid: /),
    });
    // The default menu has no such limit.
    const button = ['d.example', 'e.example', 'f.example'].map(view);
    expect(await errcode('POST', await path('/cgi-bin/menu/create'), { button })).toBe(0);
  });

  test('counts the domains of sub-buttons and mini programs', async () => {
    const { errcode, path } = await withMenu();
    const mini = { type: 'miniprogram', name: 'm', appid: 'wx286b93c14bbf93aa', pagepath: 'p' };
    const button = [
      { name: 's', sub_button: [view('a.example'), view('b.example')] },
      { ...mini, url: 'https://c.example' },
    ];
    const send = async (buttons: unknown): Promise<number> =>
      errcode('POST', await path(add), { button: buttons, matchrule: starred });
    expect(await send([...button, view('d.example')])).toBe(65316);
    expect(await send(button)).toBe(0);
  });
});

describe('POST /cgi-bin/menu/delconditional', () => {
  test('removes one menu, by text or number', async () => {
    const simulated = await withMenu();
    const { ask, path } = simulated;
    const [one, two] = [await addMenu(simulated, 'one', starred), await addMenu(simulated, 'two', starred)];
    const url = await path('/cgi-bin/menu/delconditional');
    expect(await ask('POST', url, { menuid: one })).toEqual(ok);
    expect(await ask('GET', await path(get))).toMatchObject({ conditionalmenu: [{ menuid: Number(two) }] });
    expect(await ask('POST', url, { menuid: Number(two) })).toEqual(ok);
    expect(await ask('GET', await path(get))).toEqual({ menu: { button: [read('default')] } });
  });

  test('refuses an id that no conditional menu has with 65301', async () => {
    const simulated = await withMenu();
    const { ask, errcode, path } = simulated;
    const one = await addMenu(simulated, 'one', starred);
    const { menu } = (await ask('GET', await path(get))) as unknown as { menu: { menuid: number } };
    const url = await path('/cgi-bin/menu/delconditional');
    expect((await ask('POST', url, { menuid: '1' })).errmsg).toMatch(
      /^this menu is not conditionalmenu rid: /,
    );
    for (const menuid of ['1', `${one} `, '', null, [one], menu.menuid]) {
      expect(await errcode('POST', url, { menuid })).toBe(65301);
    }
    expect(await errcode('POST', url, {})).toBe(65301);
    expect(await errcode('POST', url, { menuid: one })).toBe(0);
    expect(await errcode('POST', url, { menuid: one })).toBe(65301);
  });
});

describe('GET /cgi-bin/menu/delete', () => {
  test('removes the conditional menus, too', async () => {
    const simulated = await withMenu();
    const { ask, errcode, path } = simulated;
    await addMenu(simulated, 'one', starred);
    expect(await ask('GET', await path('/cgi-bin/menu/delete'))).toEqual(ok);
    expect(await errcode('GET', await path(get))).toBe(46003);
    await ask('POST', await path('/cgi-bin/menu/create'), { button: [click('default')] });
    expect(await ask('GET', await path(get))).toEqual({ menu: { button: [read('default')] } });
  });
});

describe('POST /cgi-bin/menu/trymatch', () => {
  test('answers the buttons in the shape of menu/get, by openid and by WeChat id', async () => {
    const simulated = await withMenu();
    await simulated.ask('POST', '/_ctl/followers', { openid: 'o1', wechat_id: 'weixin' });
    expect(await tryMatch(simulated, 'o1')).toEqual({ button: [read('default')] });
    expect(await tryMatch(simulated, 'weixin')).toEqual({ button: [read('default')] });
  });

  test('takes the newest menu whose rule is met, else the default', async () => {
    const simulated = await withMenu();
    const { ask } = simulated;
    await ask('POST', '/_ctl/followers', { openid: 'plain', client_platform_type: 1 });
    await ask('POST', '/_ctl/followers', { openid: 'android', client_platform_type: 2 });
    await ask('POST', '/_ctl/followers', { openid: 'star', client_platform_type: 3, tag_ids: [2] });
    await ask('POST', '/_ctl/followers', { openid: 'both', client_platform_type: 2, tag_ids: [2] });
    await addMenu(simulated, 'star', { tag_id: '2' });
    await addMenu(simulated, 'both', { tag_id: '2', client_platform_type: '2' });
    const android = await addMenu(simulated, 'android', { client_platform_type: '2' });
    expect(await seen(simulated, 'plain')).toBe('default');
    expect(await seen(simulated, 'star')).toBe('star');
    expect(await seen(simulated, 'android')).toBe('android');
    expect(await seen(simulated, 'both')).toBe('android');
    await ask('POST', await simulated.path('/cgi-bin/menu/delconditional'), { menuid: android });
    expect(await seen(simulated, 'both')).toBe('both');
    expect(await seen(simulated, 'android')).toBe('default');
  });

  test('counts only the tag that was given last', async () => {
    const simulated = await withMenu();
    const { ask } = simulated;
    await addMenu(simulated, 'star', { tag_id: '2' });
    await ask('POST', '/_ctl/followers', { openid: 'o1', tag_ids: [100, 2] });
    expect(await seen(simulated, 'o1')).toBe('star');
    await ask('POST', '/_ctl/followers', { openid: 'o1', tag_ids: [2, 100] });
    expect(await seen(simulated, 'o1')).toBe('default');
  });

  test('refuses somebody unknown, who left, or no id with 65302', async () => {
    const simulated = await withMenu();
    const { ask } = simulated;
    await ask('POST', '/_ctl/followers', { openid: 'left', subscribed: false });
    for (const id of ['nobody', 'left', '', undefined, 1]) {
      expect(await tryMatch(simulated, id)).toMatchObject({
        errcode: 65302,
        errmsg: expect.stringMatching(/^no such user rid: /),
      });
    }
    await ask('POST', '/_ctl/followers', { openid: 'left', subscribed: true });
    expect(await seen(simulated, 'left')).toBe('default');
  });

  test('answers 46003 when there is no menu', async () => {
    const simulated = simulate();
    await simulated.ask('POST', '/_ctl/followers', { openid: 'o1' });
    expect(await tryMatch(simulated, 'o1')).toMatchObject({ errcode: 46003 });
  });
});
