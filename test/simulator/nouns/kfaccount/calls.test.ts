import { describe, expect, test } from 'vitest';
import { phoned, alice } from '../../control/phoned.ts';
import { simulate, type JsonAnswer, type Simulated } from '../../simulated.ts';

const name = 'test1@test';
const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

const add = async (world: Simulated, kfAccount: unknown, nickname: unknown = '客服1'): Promise<JsonAnswer> =>
  world.ask('POST', await world.path('/customservice/kfaccount/add'), { kf_account: kfAccount, nickname });
const update = async (world: Simulated, kfAccount: unknown, nickname: unknown): Promise<JsonAnswer> =>
  world.ask('POST', await world.path('/customservice/kfaccount/update'), { kf_account: kfAccount, nickname });
const invite = async (world: Simulated, kfAccount: unknown, weChatId: unknown): Promise<JsonAnswer> =>
  world.ask('POST', await world.path('/customservice/kfaccount/inviteworker'), {
    kf_account: kfAccount,
    invite_wx: weChatId,
  });
const remove = async (world: Simulated, kfAccount: string): Promise<JsonAnswer> =>
  world.ask('POST', await world.path(`/customservice/kfaccount/del?kf_account=${kfAccount}`));
const list = async (world: Simulated): Promise<unknown> =>
  (await world.ask('GET', await world.path('/cgi-bin/customservice/getkflist'))).kf_list;
const online = async (world: Simulated): Promise<unknown> =>
  (await world.ask('GET', await world.path('/cgi-bin/customservice/getonlinekflist'))).kf_online_list;
const tell = (world: Simulated, body: object): Promise<JsonAnswer> =>
  world.ask('POST', '/_ctl/kf_accounts', { kf_account: name, ...body });
const upload = async (world: Simulated, bytes: Uint8Array, kfAccount = name): Promise<JsonAnswer> => {
  const form = new FormData();
  form.append('media', new Blob([new Uint8Array(bytes)]), 'head.jpg');
  const request = new Request('http://x/', { method: 'POST', body: form });
  return world.ask(
    'POST',
    await world.path(`/customservice/kfaccount/uploadheadimg?kf_account=${kfAccount}`),
    new Uint8Array(await request.arrayBuffer()),
    { 'content-type': request.headers.get('content-type') ?? '' },
  );
};

describe('customservice/kfaccount/del', () => {
  const path = '/customservice/kfaccount/del';
  test.each([
    ['GET', `${path}?kf_account=${name}`, undefined],
    ['POST', `${path}?kf_account=${name}`, undefined],
    ['POST', `${path}?kf_account=${name}`, ''],
    ['POST', path, { kf_account: name }],
  ])('takes the account by %s %s with the body %j, once', async (method, address, body) => {
    const world = simulate();
    await add(world, name);
    const url = await world.path(address);
    expect((await world.ask(method, url, body)).errcode).toBe(0);
    expect(await list(world)).toEqual([]);
    expect((await world.ask(method, url, body)).errcode).toBe(65401);
  });

  test('refuses other methods, no account at all, and a body that is no JSON', async () => {
    const world = simulate();
    const url = await world.path(path);
    expect((await world.ask('PUT', url, { kf_account: name })).errcode).toBe(43002);
    expect((await world.ask('GET', url)).errcode).toBe(44002);
    expect((await world.ask('POST', url, {})).errcode).toBe(65401);
    expect((await world.ask('POST', url, 'kf_account')).errcode).toBe(47001);
  });
});

describe('customservice/kfaccount/add', () => {
  test.each([
    ['a@b', 0],
    ['abcdefghi0@gh_1', 0],
    ['a_b@test', 0],
    ['abcdefghi01@test', 65404],
    ['@test', 65404],
    ['test1', 65404],
    ['test1@', 65404],
    ['a-b@test', 65404],
    ['客服@test', 65404],
    [7, 65404],
    [undefined, 65404],
  ])('answers %j with %i', async (kfAccount, errcode) => {
    expect((await add(simulate(), kfAccount)).errcode).toBe(errcode);
  });

  test.each([
    ['一二三四五六七八九十一二三四五六', 0],
    ['一二三四五六七八九十一二三四五六七', 65403],
    ['', 65403],
    ['  ', 65403],
    [undefined, 65403],
  ])('answers the nickname %j with %i', async (nickname, errcode) => {
    expect((await add(simulate(), name, nickname ?? null)).errcode).toBe(errcode);
  });

  test('takes a name once, and a hundred of them', async () => {
    const world = simulate();
    for (let index = 0; index < 100; index += 1) await add(world, `a${index}@test`);
    expect((await add(world, 'a0@test')).errcode).toBe(65406);
    expect((await add(world, 'one@test')).errcode).toBe(65405);
    await remove(world, 'a0@test');
    expect((await add(world, 'one@test')).errcode).toBe(0);
  });
});

describe('the accounts of customer service', () => {
  test('are listed with what they are called, also after a restart', async () => {
    const world = simulate();
    await add(world, name, 'first');
    await add(world, 'test2@test', 'second');
    expect((await update(world, name, 'renamed')).errcode).toBe(0);
    const listed = [
      { kf_account: name, kf_nick: 'renamed', kf_id: '1001', kf_headimgurl: '' },
      { kf_account: 'test2@test', kf_nick: 'second', kf_id: '1002', kf_headimgurl: '' },
    ];
    expect(await list(world)).toEqual(listed);
    const next = simulate({ saved: JSON.parse(JSON.stringify(world.save())) as never });
    expect(await list(next)).toEqual(listed);
    await remove(next, 'test2@test');
    await add(next, 'test3@test', 'third');
    expect(await list(next)).toMatchObject([{ kf_id: '1001' }, { kf_account: 'test3@test', kf_id: '1003' }]);
  });

  test('that do not exist are refused with 65401 everywhere', async () => {
    const world = simulate();
    expect((await update(world, name, 'x')).errcode).toBe(65401);
    expect((await remove(world, name)).errcode).toBe(65401);
    expect((await invite(world, name, 'kfwx')).errcode).toBe(65401);
    expect((await upload(world, jpeg)).errcode).toBe(65401);
  });

  test('have a picture: a JPEG or PNG that everybody can see', async () => {
    const world = simulate();
    await add(world, name);
    expect((await upload(world, new Uint8Array([0x47, 0x49, 0x46, 0x38]))).errcode).toBe(40005);
    expect((await upload(world, jpeg)).errcode).toBe(0);
    const [{ kf_headimgurl: url } = { kf_headimgurl: '' }] = (await list(world)) as {
      kf_headimgurl: string;
    }[];
    const picture = await world.call('GET', new URL(url).pathname);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(new Uint8Array(await picture.arrayBuffer())).toEqual(jpeg);
    const empty = await world.path(`/customservice/kfaccount/uploadheadimg?kf_account=${name}`);
    expect((await world.ask('POST', empty, {})).errcode).toBe(41005);
  });
});

describe('customservice/kfaccount/inviteworker', () => {
  test('waits until the person accepts', async () => {
    const world = simulate();
    await add(world, name);
    expect((await invite(world, name, 'kfwx1')).errcode).toBe(0);
    expect(await list(world)).toMatchObject([
      { invite_wx: 'kfwx1', invite_status: 'waiting', invite_expire_time: 1768449600 + 86_400 },
    ]);
    expect((await tell(world, { online: true })).error).toMatchObject({ type: 'no_worker' });
    expect(await tell(world, { invitation: 'accept' })).toMatchObject([{ kf_wx: 'kfwx1', online: false }]);
    expect(await list(world)).toEqual([
      { kf_account: name, kf_nick: '客服1', kf_id: '1001', kf_headimgurl: '', kf_wx: 'kfwx1' },
    ]);
    expect(await online(world)).toEqual([]);
    await tell(world, { online: true });
    expect(await online(world)).toEqual([{ kf_account: name, status: 1, kf_id: '1001', accepted_case: 0 }]);
    await tell(world, { online: false });
    expect(await online(world)).toEqual([]);
    expect((await invite(world, name, 'kfwx2')).errcode).toBe(65412);
  });

  test('refuses a second invitation to either side while the first one waits', async () => {
    const world = simulate();
    await add(world, name);
    await add(world, 'test2@test');
    await invite(world, name, 'kfwx1');
    expect((await invite(world, name, 'kfwx2')).errcode).toBe(65411);
    expect((await invite(world, 'test2@test', 'kfwx1')).errcode).toBe(65408);
    await tell(world, { invitation: 'accept' });
    expect((await invite(world, 'test2@test', 'kfwx1')).errcode).toBe(65407);
    expect((await invite(world, 'test2@test', 'kfwx2')).errcode).toBe(0);
  });

  test('can be tried again when it has been rejected or a day has passed', async () => {
    const world = simulate();
    await add(world, name);
    await invite(world, name, 'kfwx1');
    await tell(world, { invitation: 'reject' });
    expect(await list(world)).toMatchObject([{ invite_status: 'rejected' }]);
    expect((await tell(world, { invitation: 'accept' })).error).toMatchObject({ type: 'no_invitation' });
    expect((await invite(world, name, 'kfwx1')).errcode).toBe(0);
    await world.advance('86399s');
    expect(await list(world)).toMatchObject([{ invite_status: 'waiting' }]);
    await world.advance('1s');
    expect(await list(world)).toMatchObject([{ invite_status: 'expired' }]);
    expect((await invite(world, name, 'kfwx1')).errcode).toBe(0);
  });

  test.each([['kf wx'], [''], [7], ['客服']])('refuses %j as a WeChat id with 65409', async (weChatId) => {
    const world = simulate();
    await add(world, name);
    expect((await invite(world, name, weChatId)).errcode).toBe(65409);
  });
});

describe('/_ctl/kf_accounts', () => {
  test.each([[{}], [{ invitation: 'perhaps' }], [{ online: 1 }], [{ invitation: 'accept', online: true }]])(
    'refuses %j',
    async (body) => {
      expect((await tell(simulate(), body)).error).toMatchObject({ type: 'invalid_kf_account' });
    },
  );

  test('names an account that does not exist', async () => {
    expect((await tell(simulate(), { online: true })).error).toMatchObject({ type: 'unknown_kf_account' });
  });
});

describe('message/custom/send', () => {
  test('speaks for an account that exists, and for no other', async () => {
    const world = await phoned();
    await world.act('send', { type: 'text', text: 'hello' });
    const send = async (customservice: unknown): Promise<JsonAnswer> =>
      world.ask('POST', await world.path('/cgi-bin/message/custom/send'), {
        touser: alice,
        msgtype: 'text',
        text: { content: 'hi' },
        customservice,
      });
    expect((await send({ kf_account: name })).errcode).toBe(65401);
    expect((await send({})).errcode).toBe(0);
    expect((await send({ kf_account: 1 })).errcode).toBe(47001);
    expect((await send('x')).errcode).toBe(47001);
    await add(world, name);
    expect((await send({ kf_account: name })).errcode).toBe(0);
  });
});
