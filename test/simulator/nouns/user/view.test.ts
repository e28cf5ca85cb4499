import { describe, expect, test } from 'vitest';
import { simulate, startMs } from '../../simulated.ts';

const now = new Date(startMs).toISOString();

describe('POST /_ctl/followers', () => {
  test('invents a follower of the platform’s shapes', async () => {
    const { ask } = simulate();
    const follower = await ask('POST', '/_ctl/followers', {});
    expect(follower).toEqual({
      openid: expect.stringMatching(/^o[A-Za-z0-9_-]{27}$/),
      wechat_id: expect.stringMatching(/^wxid_[A-Za-z0-9_-]{12}$/),
      unionid: expect.stringMatching(/^o[A-Za-z0-9_-]{27}$/),
      nickname: 'Follower 1',
      language: 'zh_CN',
      client_platform_type: 1,
      subscribed: true,
      subscribe_time: now,
      subscribe_scene: 'ADD_SCENE_SEARCH',
      qr_scene: '',
      remark: '',
      tag_ids: [],
      blacklisted: false,
      blocks_messages: false,
    });
    expect(await ask('GET', '/_ctl/followers')).toEqual([follower]);
  });

  test('takes what is given, and makes the tags that are named', async () => {
    const { ask } = simulate();
    const given = {
      openid: 'oLiLei',
      wechat_id: 'lilei',
      unionid: 'oUnion',
      nickname: '李雷',
      language: 'en',
      client_platform_type: 2,
      subscribed: true,
      subscribe_scene: 'ADD_SCENE_QR_CODE',
      qr_scene: 12,
      remark: 'r',
      tag_ids: [101, 2],
      blacklisted: true,
      blocks_messages: true,
    };
    expect(await ask('POST', '/_ctl/followers', given)).toEqual({ ...given, subscribe_time: now });
    expect(await ask('GET', '/_ctl/state')).toMatchObject({
      followers: [given],
      tags: [
        { id: 2, name: '星标组', count: 1 },
        { id: 101, name: '标签101', count: 1 },
      ],
    });
  });

  test('changes what is named of somebody known, and leaves the rest', async () => {
    const { ask } = simulate();
    const before = await ask('POST', '/_ctl/followers', { openid: 'o1', remark: 'r' });
    expect(await ask('POST', '/_ctl/followers', { openid: 'o1', client_platform_type: 3 })).toEqual({
      ...before,
      client_platform_type: 3,
    });
    expect(await ask('POST', '/_ctl/followers', { openid: 'o1', subscribed: false })).toMatchObject({
      subscribed: false,
      remark: 'r',
    });
  });

  test('makes as many as are asked for, no two alike', async () => {
    const { call } = simulate();
    const made = (await (await call('POST', '/_ctl/followers', { count: 50, tag_ids: [100] })).json()) as {
      openid: string;
    }[];
    expect(new Set(made.map(({ openid }) => openid)).size).toBe(50);
  });

  test('lists a thousand of many, and where the next ones are', async () => {
    const { call, ask } = simulate();
    expect(await ask('POST', '/_ctl/followers', { count: 1000 })).toHaveLength(1000);
    const made = (await ask('POST', '/_ctl/followers', { count: 1001 })) as unknown as {
      readonly count: number;
      readonly followers: readonly { readonly openid: string }[];
      readonly next: string;
    };
    expect([made.count, made.followers.length]).toEqual([1001, 1000]);
    expect(made.next).toBe(`/_ctl/followers?after=${made.followers[999]?.openid}`);
    expect(await ask('GET', made.next)).toHaveLength(1);
    const seen = new Set<string>();
    let pages = 0;
    for (let next: string | null = '/_ctl/followers'; next !== null; pages += 1) {
      const page: Response = await call('GET', next);
      expect(page.headers.get('x-total')).toBe('2001');
      for (const { openid } of (await page.json()) as { readonly openid: string }[]) seen.add(openid);
      next = page.headers.get('x-next');
    }
    expect([pages, seen.size]).toEqual([3, 2001]);
    const few = await call('GET', '/_ctl/followers?limit=2');
    const [, second] = (await few.json()) as readonly { readonly openid: string }[];
    expect(few.headers.get('x-next')).toBe(`/_ctl/followers?limit=2&after=${second?.openid}`);
    for (const query of ['after=oNobody', 'limit=0', 'limit=1001'])
      expect((await call('GET', `/_ctl/followers?${query}`)).status).toBe(400);
  });

  test.each([
    ['followers', { count: 3000 }],
    ['scenario', { followers: [{ count: 3000 }] }],
  ])('answers others while POST /_ctl/%s makes many', async (path, body) => {
    const { call } = simulate();
    let done = false;
    const making = call('POST', `/_ctl/${path}`, body).then(() => (done = true));
    const totals: number[] = [];
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      totals.push(Number((await call('GET', '/_ctl/followers')).headers.get('x-total') ?? -1));
    }
    await making;
    // No step from one turn to the next is larger than a slice, so none was taken in one go.
    const known = totals.filter((total) => total >= 0);
    expect(known.length).toBeGreaterThan(20);
    expect(Math.max(...known.map((total, index) => total - (known[index - 1] ?? 0)))).toBeLessThanOrEqual(
      500,
    );
  });

  test.each([
    { openid: '' },
    { openid: 'a b' },
    { openid: 'o'.repeat(65) },
    { wechat_id: 1 },
    { client_platform_type: 0 },
    { client_platform_type: 4 },
    { client_platform_type: '1' },
    { subscribed: 1 },
    { qr_scene: 1.5 },
    { tag_ids: 100 },
    { tag_ids: ['100'] },
    { tag_ids: [1] },
    { count: 0 },
    { count: 100_001 },
    { count: 2, openid: 'o1' },
    { count: 2, wechat_id: 'lilei' },
    { count: 2, unionid: 'oUnion' },
    { name: 'x' },
  ])('refuses %j and makes nobody', async (body) => {
    const { ask, call } = simulate();
    const response = await call('POST', '/_ctl/followers', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_follower' } });
    expect(await ask('GET', '/_ctl/followers')).toEqual([]);
  });
});
