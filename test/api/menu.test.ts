import { describe, expect, test } from 'vitest';
import { createMenu, deleteMenu, getMenu } from '../../src/api/menu.ts';
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
