import { describe, expect, test, vi } from 'vitest';
import type { PhoneResult, ServiceSessionView } from '../../../../src/simulator/control/types/index.ts';
import { parseSaved } from '../../../../src/simulator/account/saved.ts';
import { alice, callbackToken, phoned, reply, type Phoned } from '../../control/phoned.ts';
import { simulate, startMs, type JsonAnswer } from '../../simulated.ts';

const account = 'test1@test';
const other = 'test2@test';
const now = startMs / 1000;

/** An account in whose name somebody serves, who is there. */
async function employ(world: Phoned, name = account): Promise<void> {
  const post = async (path: string, body: unknown) => world.ask('POST', await world.path(path), body);
  await post('/customservice/kfaccount/add', { kf_account: name, nickname: '客服' });
  await post('/customservice/kfaccount/inviteworker', { kf_account: name, invite_wx: name.slice(0, 5) });
  await world.ask('POST', '/_ctl/kf_accounts', { kf_account: name, invitation: 'accept' });
  await world.ask('POST', '/_ctl/kf_accounts', { kf_account: name, online: true });
}

/** Whose server hands everything to customer service, to this account if one is named. */
async function serving(wanted?: string): Promise<Phoned> {
  const named = wanted === undefined ? '' : `<TransInfo><KfAccount>${wanted}</KfAccount></TransInfo>`;
  const transfer = `<MsgType><![CDATA[transfer_customer_service]]></MsgType>${named}`;
  const originalId = 'gh_0123456789ab';
  const options = { account: { callbackToken, originalId } };
  const world = await phoned(() => reply(alice, originalId, transfer), options);
  await employ(world);
  return world;
}

const session = async (world: Phoned, verb: 'create' | 'close', name: unknown, openid: unknown = alice) =>
  world.errcode('POST', await world.path(`/customservice/kfsession/${verb}`), { kf_account: name, openid });
const get = async (world: Phoned, path: string): Promise<JsonAnswer> =>
  world.ask('GET', await world.path(`/customservice/kfsession/${path}`));
const work = (world: Phoned, body: object): Promise<JsonAnswer> =>
  world.ask('POST', '/_ctl/kf_sessions', { openid: alice, ...body });
const records = async (world: Phoned, body: object): Promise<JsonAnswer> =>
  world.ask('POST', await world.path('/customservice/msgrecord/getmsglist'), {
    starttime: now,
    endtime: now + 3600,
    msgid: 1,
    number: 10_000,
    ...body,
  });

/** The events that the server got, and the accounts in them. */
const events = (world: Phoned): readonly string[] => {
  const found = world.received.map(({ body = '' }) => {
    const xml = Buffer.from(body).toString();
    const field = (name: string) => new RegExp(`<${name}><!\\[CDATA\\[(.*?)\\]\\]>`).exec(xml)?.[1] ?? '';
    return [field('Event'), field('KfAccount') || `${field('FromKfAccount')}>${field('ToKfAccount')}`];
  });
  return found.filter(([event = '']) => event.startsWith('kf_')).map((each) => each.join(' '));
};
/** Events are sent when their call has been answered. */
const expectEvents = (world: Phoned, ...wanted: readonly string[]): Promise<void> =>
  vi.waitFor(() => expect(events(world)).toEqual(wanted));

describe('a message that is handed to customer service', () => {
  test('lets the person wait until somebody takes them', async () => {
    const world = await serving();
    await world.act('send', { type: 'text', text: 'help' });
    expect(await get(world, 'getwaitcase')).toEqual({
      count: 1,
      waitcaselist: [{ latest_time: now, openid: alice }],
    });
    expect(await get(world, `getsession?openid=${alice}`)).toEqual({ createtime: 0, kf_account: '' });
    await world.advance('10s');
    expect(await session(world, 'create', account)).toBe(0);
    expect(await get(world, 'getwaitcase')).toEqual({ count: 0, waitcaselist: [] });
    expect(await get(world, `getsession?openid=${alice}`)).toEqual({
      createtime: now + 10,
      kf_account: account,
    });
    expect(await get(world, `getsessionlist?kf_account=${account}`)).toEqual({
      sessionlist: [{ createtime: now + 10, openid: alice }],
    });
    const online = await world.ask('GET', await world.path('/cgi-bin/customservice/getonlinekflist'));
    expect(online).toMatchObject({ kf_online_list: [{ kf_account: account, accepted_case: 1 }] });
    await expectEvents(world, `kf_create_session ${account}`);
  });

  test('goes to the account that the reply names, at once where it is online', async () => {
    const world = await serving(account);
    await world.act('send', { type: 'text', text: 'help' });
    await expectEvents(world, `kf_create_session ${account}`);
    const away = await serving(other);
    await away.act('send', { type: 'text', text: 'help' });
    expect(await away.ask('GET', '/_ctl/kf_sessions')).toEqual([
      { openid: alice, kf_account: null, wanted: other, at: new Date(startMs).toISOString(), said: 'help' },
    ]);
  });

  test('makes nobody wait where it was an event, or the reply is none that WeChat takes', async () => {
    const world = await serving();
    await world.act('unfollow');
    expect((await world.act('follow')).messages).toMatchObject([{ from: 'system', push_id: null }]);
    expect(await get(world, 'getwaitcase')).toMatchObject({ count: 0 });
    const transfer = '<MsgType><![CDATA[transfer_customer_service]]></MsgType>';
    const wrong = await phoned(() => reply(alice, 'gh_somebodyelse', transfer));
    await wrong.act('send', { type: 'text', text: 'help' });
    expect(await get(wrong, 'getwaitcase')).toMatchObject({ count: 0 });
  });
});

describe('while somebody serves the person', () => {
  test('messages go there and not to the server, for 30 minutes', async () => {
    const world = await serving();
    await session(world, 'create', account);
    const heard = (await world.act('send', { type: 'text', text: 'hi' })) satisfies PhoneResult;
    expect(heard).toMatchObject({ pushes: [], messages: [{ from: 'person', push_id: null }] });
    expect(heard.notice?.en).toContain(`${account} serves this person`);
    await world.advance('1799999ms');
    expect((await world.act('send', { type: 'image' })).pushes).toEqual([]);
    await world.advance('1ms');
    expect((await world.act('send', { type: 'text', text: 'still?' })).pushes).toHaveLength(1);
  });

  test('what a worker says stands in the chat and in the records', async () => {
    const world = await serving();
    await world.act('send', { type: 'text', text: 'help' });
    await work(world, { kf_account: account });
    await work(world, { say: '您好' });
    await world.act('send', { type: 'image' });
    const chat = await world.ask('GET', `/_ctl/chats/${alice}`);
    expect(chat['messages']).toMatchObject([
      { from: 'person', content: { text: 'help' } },
      { from: 'system' },
      { from: 'account', origin: 'service', content: { type: 'text', text: '您好' } },
      { from: 'person', content: { type: 'image' } },
    ]);
    const said = await records(world, {});
    expect(said).toMatchObject({ number: 3, msgid: expect.any(Number) });
    expect(said['recordlist']).toEqual([
      { openid: alice, opercode: 2003, text: 'help', time: now, worker: '' },
      { openid: alice, opercode: 2002, text: '您好', time: now, worker: account },
      { openid: alice, opercode: 2003, text: '[image]', time: now, worker: account },
    ]);
    const path = await world.path('/customservice/msgrecord/getrecord');
    const page = { starttime: now, endtime: now, pageindex: 1, pagesize: 3 };
    expect(await world.ask('POST', path, page)).toMatchObject({
      recordlist: [{ opercode: 1000 }, { opercode: 2003 }, { opercode: 1001 }],
    });
    expect(await world.ask('POST', path, { ...page, pageindex: 2 })).toMatchObject({
      recordlist: [{ opercode: 2002 }, { opercode: 2003 }],
    });
  });

  test('the person can be given to another, and the session ended, each with its event', async () => {
    const world = await serving();
    await employ(world, other);
    for (const body of [{ kf_account: account }, { kf_account: other }, { close: true }]) {
      await work(world, body);
    }
    expect(await get(world, `getsession?openid=${alice}`)).toMatchObject({ kf_account: '' });
    await expectEvents(
      world,
      `kf_create_session ${account}`,
      `kf_switch_session ${account}>${other}`,
      `kf_close_session ${other}`,
    );
  });

  test('a deleted account serves nobody any more', async () => {
    const world = await serving();
    await session(world, 'create', account);
    await world.ask('POST', await world.path(`/customservice/kfaccount/del?kf_account=${account}`));
    expect(await get(world, `getsession?openid=${alice}`)).toMatchObject({ kf_account: '' });
  });
});

describe('kfsession', () => {
  test('create takes a session that is there, and refuses by the documented codes', async () => {
    const world = await serving();
    const add = await world.path('/customservice/kfaccount/add');
    await world.ask('POST', add, { kf_account: 'unbound@test', nickname: 'n' });
    await employ(world, other);
    expect(await session(world, 'create', 'nobody@test')).toBe(65_401);
    expect(await session(world, 'create', undefined)).toBe(65_401);
    expect(await session(world, 'create', 'unbound@test')).toBe(65_402);
    expect(await session(world, 'create', account, 'oNobody')).toBe(40_003);
    await world.ask('POST', '/_ctl/kf_accounts', { kf_account: other, online: false });
    expect(await session(world, 'create', other)).toBe(65_415);
    await world.ask('POST', '/_ctl/kf_accounts', { kf_account: other, online: true });
    expect([await session(world, 'create', account), await session(world, 'create', account)]).toEqual([
      0, 0,
    ]);
    expect(await session(world, 'create', other)).toBe(65_414);
    expect(await session(world, 'close', other)).toBe(65_414);
    expect(await session(world, 'close', account)).toBe(0);
    expect(await session(world, 'close', account)).toBe(65_413);
    await expectEvents(world, `kf_create_session ${account}`, `kf_close_session ${account}`);
  });

  test.each([
    ['getsession?openid=oNobody', 40_003],
    ['getsessionlist?kf_account=nobody@test', 65_401],
  ])('%s is refused with %i', async (path, errcode) => {
    expect(await get(await phoned(), path)).toMatchObject({ errcode });
  });
});

describe('msgrecord/getmsglist', () => {
  test('goes on behind the id that it has told last', async () => {
    const world = await serving();
    await session(world, 'create', account);
    for (const say of ['one', 'two', 'three']) await work(world, { say });
    const first = await records(world, { number: 2 });
    expect(first['recordlist']).toMatchObject([{ text: 'one' }, { text: 'two' }]);
    const rest = await records(world, { number: 2, msgid: first['msgid'] });
    expect(rest).toMatchObject({ number: 1, recordlist: [{ text: 'three' }] });
  });

  test('has the records of the seconds that were asked for, both included', async () => {
    const world = await serving();
    await session(world, 'create', account);
    await work(world, { say: 'first' });
    await world.advance('1s');
    await work(world, { say: 'second' });
    const texts = async (starttime: number, endtime: number) =>
      (await records(world, { starttime, endtime }))['recordlist'];
    expect(await texts(now, now)).toMatchObject([{ text: 'first' }]);
    expect(await texts(now + 1, now + 1)).toMatchObject([{ text: 'second' }]);
    expect(await texts(now + 2, now + 2)).toEqual([]);
  });

  test.each([
    [{ endtime: now + 86_400 }, undefined],
    [{ endtime: now + 86_401 }, 65_417],
    [{ endtime: now - 1 }, 65_416],
    [{ starttime: 'yesterday' }, 65_416],
    [{ number: 0 }, 65_416],
    [{ number: 10_001 }, 65_416],
    [{ msgid: -1 }, 65_416],
  ])('%j is answered with %s', async (body, errcode) => {
    expect((await records(await phoned(), body)).errcode).toBe(errcode);
  });
});

describe('POST /_ctl/kf_sessions', () => {
  test.each([
    [{}, 'invalid_kf_session'],
    [{ kf_account: account, say: 'hi' }, 'invalid_kf_session'],
    [{ close: false }, 'invalid_kf_session'],
    [{ kf_account: 'nobody@test' }, 'invalid_kf_session'],
    [{ say: 'hi' }, 'invalid_kf_session'],
    [{ close: true }, 'invalid_kf_session'],
    [{ kf_account: account, colour: 'red' }, 'invalid_body'],
    [{ openid: 'oNobody', close: true }, 'unknown_person'],
  ])('%j is refused as %s', async (body, type) => {
    expect(await work(await phoned(), body)).toMatchObject({ error: { type } });
  });
});

test('sessions, those who wait and records outlive the simulator', async () => {
  const world = await serving();
  await world.ask('POST', '/_ctl/followers', { openid: 'oBob' });
  await world.act('send', { type: 'text', text: 'help' });
  await world.ask('POST', '/_ctl/kf_sessions', { openid: 'oBob', kf_account: account });
  await world.ask('POST', '/_ctl/kf_sessions', { openid: 'oBob', say: '您好' });
  const next = simulate({ saved: parseSaved(JSON.parse(JSON.stringify(world.save()))) }) as Phoned;
  const before = (await world.ask('GET', '/_ctl/kf_sessions')) as unknown as readonly ServiceSessionView[];
  expect(before.map(({ openid, kf_account }) => [openid, kf_account])).toEqual([
    [alice, null],
    ['oBob', account],
  ]);
  expect(await next.ask('GET', '/_ctl/kf_sessions')).toEqual(before);
  expect((await records(next, {}))['recordlist']).toEqual((await records(world, {}))['recordlist']);
});
