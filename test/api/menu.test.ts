import { describe, expect, test } from 'vitest';
import {
  addConditionalMenu,
  createMenu,
  deleteConditionalMenu,
  deleteMenu,
  getCurrentMenu,
  getMenu,
  tryMatch,
} from '../../src/api/menu.ts';
import { apiClient } from '../helpers/api-client.ts';
import { networkError } from '../helpers/fake-fetch.ts';

const ok = { body: { errcode: 0, errmsg: 'ok' } };
const menu = { button: [{ type: 'click', name: '今日歌曲', key: 'V1001_TODAY_MUSIC' }] };

describe('createMenu()', () => {
  test('posts the menu as raw UTF-8', async () => {
    const { client, fake } = apiClient(ok);
    await createMenu(client, menu);
    expect(fake.requests[0]).toMatchObject({
      method: 'POST',
      url: 'http://127.0.0.1:8090/cgi-bin/menu/create?access_token=SIM_token',
      body: '{"button":[{"type":"click","name":"今日歌曲","key":"V1001_TODAY_MUSIC"}]}',
    });
  });

  test('rejects with the platform’s rule', async () => {
    const { client } = apiClient({ body: { errcode: 40018, errmsg: 'invalid button name size' } });
    await expect(createMenu(client, menu)).rejects.toMatchObject({
      family: 'api',
      type: 'invalid_button_name',
    });
  });
});

describe('getMenu()', () => {
  test('hands back the answer as it came', async () => {
    const { client, fake } = apiClient({ body: { menu, conditionalmenu: [] } });
    expect(await getMenu(client)).toEqual({ menu, conditionalmenu: [] });
    expect(fake.requests[0]).toMatchObject({
      method: 'GET',
      url: 'http://127.0.0.1:8090/cgi-bin/menu/get?access_token=SIM_token',
    });
  });

  test('is undefined where there is no menu (46003), and only there', async () => {
    expect(
      await getMenu(apiClient({ body: { errcode: 46003, errmsg: 'menu no exist' } }).client),
    ).toBeUndefined();
    const other = apiClient({ body: { errcode: 46002, errmsg: 'menu version no exist' } });
    await expect(getMenu(other.client)).rejects.toMatchObject({ type: 'menu_version_not_found' });
  });
});

describe('deleteMenu()', () => {
  test('gets menu/delete', async () => {
    const { client, fake } = apiClient(ok);
    await deleteMenu(client);
    expect(fake.requests[0]).toMatchObject({
      method: 'GET',
      url: 'http://127.0.0.1:8090/cgi-bin/menu/delete?access_token=SIM_token',
    });
  });

  test('is not repeated when the answer was lost, and says how to look', async () => {
    const { client, fake } = apiClient(networkError('reset', true));
    await expect(deleteMenu(client)).rejects.toMatchObject({
      facts: { outcome: 'unknown' },
      hint: { en: 'See what is published now: wechat-mp menu pull' },
    });
    expect(fake.requests).toHaveLength(1);
  });
});

const check = { en: 'Look', zh: '看' };

describe('getCurrentMenu()', () => {
  test('hands back the answer as it came', async () => {
    const answer = { is_menu_open: 1, selfmenu_info: menu };
    const { client, fake } = apiClient({ body: answer });
    expect(await getCurrentMenu(client)).toEqual(answer);
    expect(fake.requests[0]).toMatchObject({
      method: 'GET',
      url: 'http://127.0.0.1:8090/cgi-bin/get_current_selfmenu_info?access_token=SIM_token',
    });
    expect(await getCurrentMenu(apiClient({ body: { is_menu_open: 0 } }).client)).toEqual({
      is_menu_open: 0,
    });
  });

  test('rejects a success without a menu: it must not pass for "there is none"', async () => {
    const { client } = apiClient({ body: { errcode: 0 } });
    await expect(getCurrentMenu(client)).rejects.toMatchObject({ type: 'unexpected_answer' });
  });
});

describe('addConditionalMenu()', () => {
  const body = { ...menu, matchrule: { tag_id: '2' } };

  test('returns the menuid, be it text or number', async () => {
    const { client, fake } = apiClient({ body: { menuid: '208379533' } }, { body: { menuid: 208379533 } });
    expect(await addConditionalMenu(client, body, check)).toBe('208379533');
    expect(await addConditionalMenu(client, body, check)).toBe('208379533');
    expect(fake.requests[0]).toMatchObject({
      method: 'POST',
      url: 'http://127.0.0.1:8090/cgi-bin/menu/addconditional?access_token=SIM_token',
      body: JSON.stringify(body),
    });
  });

  test('rejects a success without a menuid', async () => {
    for (const answer of [{ errcode: 0 }, { menuid: '' }, { menuid: null }]) {
      const { client } = apiClient({ body: answer });
      await expect(addConditionalMenu(client, body, check)).rejects.toMatchObject({
        type: 'unexpected_answer',
      });
    }
  });

  test('is not repeated when the answer was lost, and says how to look', async () => {
    const { client, fake } = apiClient(networkError('reset', true));
    await expect(addConditionalMenu(client, body, check)).rejects.toMatchObject({
      facts: { outcome: 'unknown' },
      hint: check,
    });
    expect(fake.requests).toHaveLength(1);
  });
});

describe('deleteConditionalMenu()', () => {
  test('sends the menuid as a text', async () => {
    const { client, fake } = apiClient(ok);
    await deleteConditionalMenu(client, '208379533');
    expect(fake.requests[0]).toMatchObject({
      method: 'POST',
      url: 'http://127.0.0.1:8090/cgi-bin/menu/delconditional?access_token=SIM_token',
      body: '{"menuid":"208379533"}',
    });
  });

  test('takes "no such menu" (65301) for done, and nothing else', async () => {
    await deleteConditionalMenu(
      apiClient({ body: { errcode: 65301, errmsg: 'not exist menuid' } }).client,
      '1',
    );
    const { client } = apiClient({ body: { errcode: 65303, errmsg: 'there is no selfmenu' } });
    await expect(deleteConditionalMenu(client, '1')).rejects.toMatchObject({ errcode: 65303 });
  });
});

describe('tryMatch()', () => {
  test('asks for a person and hands back the menu', async () => {
    const { client, fake } = apiClient({ body: menu });
    expect(await tryMatch(client, 'weixin')).toEqual(menu);
    expect(fake.requests[0]).toMatchObject({
      method: 'POST',
      url: 'http://127.0.0.1:8090/cgi-bin/menu/trymatch?access_token=SIM_token',
      body: '{"user_id":"weixin"}',
    });
  });

  test('rejects strangers (65302), and a success without a menu', async () => {
    const stranger = apiClient({ body: { errcode: 65302, errmsg: 'invalid user' } });
    await expect(tryMatch(stranger.client, 'x')).rejects.toMatchObject({ errcode: 65302 });
    const none = apiClient({ body: { errcode: 0 } });
    await expect(tryMatch(none.client, 'x')).rejects.toMatchObject({ type: 'unexpected_answer' });
  });
});
