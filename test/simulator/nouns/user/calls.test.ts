import { describe, expect, test } from 'vitest';
import { simulate, startMs, type JsonAnswer, type Simulated } from '../../simulated.ts';

const ok = { errcode: 0, errmsg: 'ok' };
const invalidOpenId = { errcode: 40003, errmsg: expect.stringMatching(/^invalid openid rid: /) };

async function withFollowers(...followers: readonly object[]): Promise<Simulated> {
  const simulated = simulate();
  for (const follower of followers) await simulated.ask('POST', '/_ctl/followers', follower);
  return simulated;
}

async function get({ ask, path }: Simulated, next = ''): Promise<JsonAnswer> {
  return ask('GET', await path(`/cgi-bin/user/get?next_openid=${next}`));
}

describe('GET /cgi-bin/user/get', () => {
  test('lists who follows, and no data when nobody does', async () => {
    const simulated = await withFollowers({ openid: 'left', subscribed: false });
    expect(await get(simulated)).toEqual({ total: 0, count: 0, next_openid: '' });
    await simulated.ask('POST', '/_ctl/followers', { openid: 'o1' });
    await simulated.ask('POST', '/_ctl/followers', { openid: 'o2' });
    expect(await get(simulated)).toEqual({
      total: 2,
      count: 2,
      data: { openid: ['o1', 'o2'] },
      next_openid: 'o2',
    });
  });

  test('answers 10000 a page, the rest after its last openid, then an empty page', async () => {
    const simulated = await withFollowers({ count: 9999 }, { openid: 'last-of-page' });
    await simulated.ask('POST', '/_ctl/followers', { openid: 'over' });
    const first = await get(simulated);
    expect(first).toMatchObject({ total: 10_001, count: 10_000, next_openid: 'last-of-page' });
    const second = { total: 10_001, count: 1, data: { openid: ['over'] }, next_openid: 'over' };
    expect(await get(simulated, 'last-of-page')).toEqual(second);
    expect(await get(simulated, 'over')).toEqual({ total: 10_001, count: 0, next_openid: '' });
  });

  test('refuses to go on after somebody who does not follow with 40003', async () => {
    const simulated = await withFollowers({ openid: 'left', subscribed: false });
    expect(await get(simulated, 'left')).toEqual(invalidOpenId);
  });

  test('takes 500 calls a day, 100 of a test account', async () => {
    const { ask } = simulate();
    const limit = async (): Promise<unknown> =>
      ((await ask('GET', '/_ctl/state'))['counters'] as Record<string, unknown>)['/cgi-bin/user/get'];
    expect(await limit()).toEqual({ used: 0, limit: 500 });
    await ask('POST', '/_ctl/settings', { account_type: 'test' });
    expect(await limit()).toEqual({ used: 0, limit: 100 });
  });
});

describe('GET /cgi-bin/user/info', () => {
  test('answers what is known of a follower', async () => {
    const { ask, path } = await withFollowers({
      openid: 'o1',
      unionid: 'oUnion',
      nickname: '李雷',
      language: 'en',
      remark: 'r',
      tag_ids: [101, 2],
      subscribe_scene: 'ADD_SCENE_QR_CODE',
      qr_scene: 98_765,
    });
    const url = await path('/cgi-bin/user/info?openid=o1&lang=zh_CN');
    expect(await ask('GET', url)).not.toHaveProperty('unionid');
    const many = { user_list: [{ openid: 'o1' }] };
    const batch = await path('/cgi-bin/user/info/batchget');
    expect(JSON.stringify(await ask('POST', batch, many))).not.toContain('unionid');
    await ask('POST', '/_ctl/settings', { open_platform: true });
    expect(JSON.stringify(await ask('POST', batch, many))).toContain('"unionid":"oUnion"');
    expect(await ask('GET', url)).toEqual({
      subscribe: 1,
      openid: 'o1',
      language: 'en',
      subscribe_time: startMs / 1000,
      unionid: 'oUnion',
      remark: 'r',
      groupid: 0,
      tagid_list: [101, 2],
      subscribe_scene: 'ADD_SCENE_QR_CODE',
      qr_scene: 98_765,
      qr_scene_str: '',
    });
  });

  test('writes a text scene apart from a number', async () => {
    const { ask, path } = await withFollowers({ openid: 'o1', qr_scene: 'shop' });
    expect(await ask('GET', await path('/cgi-bin/user/info?openid=o1'))).toMatchObject({
      qr_scene: 0,
      qr_scene_str: 'shop',
    });
  });

  test('tells of somebody who left only that, and refuses strangers with 40003', async () => {
    const { ask, path } = await withFollowers({ openid: 'left', subscribed: false, remark: 'r' });
    expect(await ask('GET', await path('/cgi-bin/user/info?openid=left'))).toEqual({
      subscribe: 0,
      openid: 'left',
    });
    expect(await ask('GET', await path('/cgi-bin/user/info?openid=nobody'))).toEqual(invalidOpenId);
    expect(await ask('GET', await path('/cgi-bin/user/info'))).toEqual(invalidOpenId);
  });
});

describe('POST /cgi-bin/user/info/batchget', () => {
  const ask = async (simulated: Simulated, list: unknown): Promise<JsonAnswer> =>
    simulated.ask('POST', await simulated.path('/cgi-bin/user/info/batchget'), { user_list: list });

  test('answers in the order of the request, who left included', async () => {
    const simulated = await withFollowers({ openid: 'o1' }, { openid: 'left', subscribed: false });
    expect(await ask(simulated, [{ openid: 'left' }, { openid: 'o1', lang: 'en' }])).toMatchObject({
      user_info_list: [
        { subscribe: 0, openid: 'left' },
        { subscribe: 1, openid: 'o1' },
      ],
    });
  });

  test('takes 1 to 100 people, refuses other numbers with 40032 and strangers with 40003', async () => {
    const simulated = await withFollowers({ openid: 'o1' });
    const people = (count: number): unknown => Array.from({ length: count }, () => ({ openid: 'o1' }));
    expect((await ask(simulated, people(100)))['user_info_list']).toHaveLength(100);
    for (const list of [people(101), [], undefined, 'o1']) {
      expect(await ask(simulated, list)).toMatchObject({
        errcode: 40032,
        errmsg: expect.stringMatching(/^invalid openid list size rid: /),
      });
    }
    expect(await ask(simulated, [{ openid: 'o1' }, { openid: 'nobody' }])).toEqual(invalidOpenId);
    expect(await ask(simulated, ['o1'])).toEqual(invalidOpenId);
  });
});

describe('POST /cgi-bin/user/info/updateremark', () => {
  test('takes 29 bytes and nothing, refuses 30 bytes with 40092', async () => {
    const simulated = await withFollowers({ openid: 'o1' });
    const { ask, errcode, path } = simulated;
    const url = await path('/cgi-bin/user/info/updateremark');
    const longest = `${'中'.repeat(9)}ab`;
    expect(await ask('POST', url, { openid: 'o1', remark: longest })).toEqual(ok);
    expect(await ask('GET', await path('/cgi-bin/user/info?openid=o1'))).toMatchObject({ remark: longest });
    const refused = await ask('POST', url, { openid: 'o1', remark: '中'.repeat(10) });
    expect(refused.errmsg).toMatch(/^invalid remark name rid: /);
    for (const remark of ['中'.repeat(10), undefined, 1]) {
      expect(await errcode('POST', url, { openid: 'o1', remark })).toBe(40092);
    }
    expect(await ask('POST', url, { openid: 'o1', remark: '' })).toEqual(ok);
  });

  test('refuses who does not follow with 40003', async () => {
    const { errcode, path } = await withFollowers({ openid: 'left', subscribed: false });
    const url = await path('/cgi-bin/user/info/updateremark');
    for (const openid of ['left', 'nobody', undefined]) {
      expect(await errcode('POST', url, { openid, remark: 'r' })).toBe(40003);
    }
  });
});
