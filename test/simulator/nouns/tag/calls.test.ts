import { describe, expect, test } from 'vitest';
import { simulate, type JsonAnswer, type Simulated } from '../../simulated.ts';

const ok = { errcode: 0, errmsg: 'ok' };
const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `o${index}`);

/** Sixty followers `o0` to `o59`, and somebody who left. */
async function withFollowers(): Promise<Simulated> {
  const simulated = simulate();
  for (const openid of people(60)) await simulated.ask('POST', '/_ctl/followers', { openid });
  await simulated.ask('POST', '/_ctl/followers', { openid: 'left', subscribed: false });
  return simulated;
}

async function post({ ask, path }: Simulated, name: string, body: unknown): Promise<JsonAnswer> {
  return ask('POST', await path(`/cgi-bin/${name}`), body);
}

describe('POST /cgi-bin/tags/…', () => {
  test('create, update and delete change what get answers', async () => {
    const simulated = simulate();
    const { ask, path } = simulated;
    expect(await post(simulated, 'tags/create', { tag: { name: '广东' } })).toEqual({
      tag: { id: 100, name: '广东' },
    });
    expect(await post(simulated, 'tags/update', { tag: { id: 100, name: '广东人' } })).toEqual(ok);
    const starred = { id: 2, name: '星标组', count: 0 };
    expect(await ask('GET', await path('/cgi-bin/tags/get'))).toEqual({
      tags: [starred, { id: 100, name: '广东人', count: 0 }],
    });
    expect(await post(simulated, 'tags/delete', { tag: { id: 100 } })).toEqual(ok);
    expect(await ask('GET', await path('/cgi-bin/tags/get'))).toEqual({ tags: [starred] });
  });

  test.each([
    ['tags/create', {}, 45157, 'invalid tag name'],
    ['tags/create', { tag: { name: '星标组' } }, 45157, 'invalid tag name'],
    ['tags/create', { tag: { name: 'a'.repeat(31) } }, 45158, 'tag name too long'],
    ['tags/update', { tag: { id: 2, name: 'a' } }, 45058, "can't modify sys tag"],
    ['tags/update', { tag: { id: 100, name: 'a' } }, 45159, 'invalid tag id'],
    ['tags/delete', { tag: { id: 2 } }, 45058, "can't modify sys tag"],
    ['tags/delete', {}, 45159, 'invalid tag id'],
    ['user/tag/get', { tagid: 100 }, 45159, 'invalid tag id'],
    ['user/tag/get', { tagid: 2, next_openid: 'o1' }, 40003, 'invalid openid'],
    ['tags/getidlist', { openid: 'nobody' }, 40003, 'invalid openid'],
    ['tags/members/getblacklist', { begin_openid: 'nobody' }, 40003, 'invalid openid'],
  ])('%s with %j is refused with %i', async (name, body, errcode, errmsg) => {
    expect(await post(simulate(), name, body)).toMatchObject({
      errcode,
      errmsg: expect.stringContaining(`${errmsg} rid: `),
    });
  });
});

describe('POST /cgi-bin/tags/members/…', () => {
  test('batchtagging and batchuntagging change members, ids of a person and counts', async () => {
    const simulated = await withFollowers();
    await post(simulated, 'tags/create', { tag: { name: 'a' } });
    const tag = { openid_list: ['o2', 'o1', 'o1'], tagid: 100 };
    expect(await post(simulated, 'tags/members/batchtagging', tag)).toEqual(ok);
    await post(simulated, 'tags/members/batchtagging', { openid_list: ['o1'], tagid: '2' });
    expect(await post(simulated, 'tags/getidlist', { openid: 'o1' })).toEqual({ tagid_list: [100, 2] });
    expect(await post(simulated, 'user/tag/get', { tagid: 100, next_openid: '' })).toEqual({
      count: 2,
      data: { openid: ['o1', 'o2'] },
      next_openid: 'o2',
    });
    expect(await post(simulated, 'user/tag/get', { tagid: 100, next_openid: 'o2' })).toEqual({
      count: 0,
      next_openid: '',
    });
    const untag = { openid_list: ['o1', 'o3'], tagid: 100 };
    expect(await post(simulated, 'tags/members/batchuntagging', untag)).toEqual(ok);
    expect(await post(simulated, 'tags/getidlist', { openid: 'o1' })).toEqual({ tagid_list: [2] });
  });

  test.each(['batchtagging', 'batchuntagging'])('%s takes 50 people, refuses 51 with 40032', async (name) => {
    const simulated = await withFollowers();
    const send = async (openid_list: unknown, tagid: unknown = 2): Promise<unknown> =>
      (await post(simulated, `tags/members/${name}`, { openid_list, tagid })).errcode;
    expect(await send(people(50))).toBe(0);
    for (const list of [people(51), [], undefined, 'o1']) expect(await send(list)).toBe(40032);
    for (const stranger of ['nobody', 'left', 1]) expect(await send(['o1', stranger])).toBe(40003);
    expect(await send(['o1'], 100)).toBe(45159);
  });

  test('batchtagging refuses the twenty-first tag of somebody with 45059', async () => {
    const simulated = await withFollowers();
    for (let count = 0; count < 21; count += 1) {
      await post(simulated, 'tags/create', { tag: { name: `tag ${count}` } });
    }
    for (let id = 100; id < 120; id += 1) {
      expect(await post(simulated, 'tags/members/batchtagging', { openid_list: ['o1'], tagid: id })).toEqual(
        ok,
      );
    }
    expect(
      await post(simulated, 'tags/members/batchtagging', { openid_list: ['o1'], tagid: 120 }),
    ).toMatchObject({ errcode: 45059 });
  });

  test('batchblacklist and batchunblacklist change the black list', async () => {
    const simulated = await withFollowers();
    expect(await post(simulated, 'tags/members/batchblacklist', { openid_list: ['o1', 'o2'] })).toEqual(ok);
    const list = { total: 2, count: 2, data: { openid: ['o1', 'o2'] }, next_openid: 'o2' };
    expect(await post(simulated, 'tags/members/getblacklist', {})).toEqual(list);
    expect(await post(simulated, 'tags/members/getblacklist', { begin_openid: 'o1' })).toEqual({
      total: 2,
      count: 1,
      data: { openid: ['o2'] },
      next_openid: 'o2',
    });
    await post(simulated, 'tags/members/batchunblacklist', { openid_list: ['o1', 'o2'] });
    expect(await post(simulated, 'tags/members/getblacklist', { begin_openid: '' })).toEqual({
      total: 0,
      count: 0,
      next_openid: '',
    });
  });

  test.each(['batchblacklist', 'batchunblacklist'])('%s takes 20 people, refuses 21', async (name) => {
    const simulated = await withFollowers();
    const send = async (openid_list: unknown): Promise<unknown> =>
      (await post(simulated, `tags/members/${name}`, { openid_list })).errcode;
    expect(await send(people(20))).toBe(0);
    for (const list of [people(21), [], undefined]) expect(await send(list)).toBe(40032);
    expect(await send(['o1', 'left'])).toBe(40003);
  });

  test('getblacklist answers 1000 a page', async () => {
    const simulated = simulate();
    await simulated.ask('POST', '/_ctl/followers', { count: 1001, blacklisted: true });
    expect(await post(simulated, 'tags/members/getblacklist', {})).toMatchObject({
      total: 1001,
      count: 1000,
    });
  });
});
