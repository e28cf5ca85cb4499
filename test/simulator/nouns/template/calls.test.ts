import { describe, expect, test } from 'vitest';
import type { ChatView, TemplatesView } from '../../../../src/simulator/control/types/index.ts';
import { simulate, type JsonAnswer, type Simulated } from '../../simulated.ts';
import { alice, phoned, type Phoned } from '../../control/phoned.ts';
import { pushed } from '../../control/pushed.ts';

const templateId = 'ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY';
const typedId = 'Doclyl5uP7Aciu-qZ7mJNPtWkbkYnWBWVja26EGbNyk';
const data = { keyword1: { value: '巧克力' }, keyword2: { value: '39.8元' }, keyword3: { value: '今天' } };
const message = { touser: alice, template_id: templateId, data };
const sendPath = '/cgi-bin/message/template/send';

async function post(world: Simulated, path: string, body: unknown): Promise<JsonAnswer> {
  return world.ask('POST', await world.path(path), body);
}

async function chat(world: Simulated): Promise<ChatView['messages']> {
  return ((await world.ask('GET', `/_ctl/chats/${alice}`)) as unknown as ChatView).messages;
}

const finish = (status: string, msgId = 200_228_332) => [
  alice,
  `<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event><MsgID>${msgId}</MsgID><Status><![CDATA[${status}]]></Status>`,
];
const finished = (world: Phoned) => pushed(world, 'template_finish');

describe('message/template/send', () => {
  test('puts a card into the chat and reports success with the same msgid', async () => {
    const world = await phoned();
    const miniprogram = { appid: 'wx286b93c14bbf93aa', pagepath: 'p?a=b' };
    const answer = await post(world, sendPath, { ...message, url: 'https://a.b/', miniprogram });
    expect(answer).toEqual({ errcode: 0, errmsg: 'ok', msgid: 200_228_332 });
    expect(await chat(world)).toMatchObject([
      {
        from: 'account',
        origin: 'template',
        content: {
          type: 'template',
          kind: 'template',
          template_id: templateId,
          title: '购买成功通知',
          lines: [
            { label: '商品名称', value: '巧克力', color: null },
            { label: '消费金额', value: '39.8元', color: null },
            { label: '购买时间', value: '今天', color: null },
          ],
          url: 'https://a.b/',
          miniprogram,
        },
      },
    ]);
    expect(await finished(world)).toEqual([finish('success')]);
  });

  test('takes a mini program of empty texts for none', async () => {
    const world = await phoned();
    for (const miniprogram of [{ appid: '', pagepath: '' }, { appid: null, pagepath: null }, null]) {
      expect((await post(world, sendPath, { ...message, url: null, miniprogram })).errcode).toBe(0);
      expect((await chat(world)).at(-1)).toMatchObject({ content: { url: null, miniprogram: null } });
    }
    await finished(world);
  });

  test('reports what has been sent also when its answer was lost', async () => {
    const world = await phoned();
    await world.ask('POST', '/_ctl/faults', { path: sendPath, drop: true, after: true });
    await expect(post(world, sendPath, message)).rejects.toThrow('dropped');
    expect(await finished(world)).toEqual([finish('success')]);
  });

  test('reports who has switched the messages off, and shows nothing', async () => {
    const world = await phoned();
    await world.ask('POST', '/_ctl/followers', { openid: alice, blocks_messages: true });
    expect(await post(world, sendPath, message)).toMatchObject({ errcode: 0, msgid: 200_228_332 });
    expect(await chat(world)).toEqual([]);
    expect(await finished(world)).toEqual([finish('failed:user block')]);
  });

  test('fails exactly as often as it was told to', async () => {
    const world = await phoned();
    await world.ask('POST', '/_ctl/outcomes', { template: 'failed: system failed', times: 2 });
    for (let sent = 0; sent < 3; sent += 1) await post(world, sendPath, message);
    expect(await chat(world)).toHaveLength(1);
    expect(await finished(world)).toEqual([
      finish('failed: system failed', 200_228_332),
      finish('failed: system failed', 200_228_333),
      finish('success', 200_228_334),
    ]);
    expect(await world.ask('GET', '/_ctl/outcomes')).toEqual([]);
  });

  test.each<[number, Readonly<Record<string, unknown>>]>([
    [40003, { touser: 'oNobody' }],
    [40003, { touser: undefined }],
    [40037, { template_id: `${templateId.slice(1)}x` }],
    [40037, { template_id: undefined }],
    [47001, { data: undefined }],
    [47001, { url: 5 }],
    [40013, { miniprogram: { pagepath: 'p' } }],
    [47003, { template_id: typedId }],
    [45014, { url: 'u'.repeat(32_768) }],
  ])('answers %d for %j and sends nothing', async (errcode, change) => {
    const world = await phoned();
    expect(await world.errcode('POST', await world.path(sendPath), { ...message, ...change })).toBe(errcode);
    expect(await chat(world)).toEqual([]);
    expect(await finished(world)).toEqual([]);
  });

  test('answers 43004 to who has left, 43019 for the black list', async () => {
    const world = await phoned();
    await world.ask('POST', '/_ctl/followers', { openid: alice, blacklisted: true });
    expect(await post(world, sendPath, message)).toMatchObject({ errcode: 43019 });
    await world.ask('POST', '/_ctl/followers', { openid: alice, blacklisted: false, subscribed: false });
    const refused = await post(world, sendPath, message);
    expect(refused).toMatchObject({
      errcode: 43004,
      errmsg: expect.stringMatching(/^require subscribe rid: /),
    });
    await world.ask('POST', '/_ctl/followers', { openid: alice, subscribed: true });
    expect(await post(world, sendPath, message)).toMatchObject({ errcode: 0 });
  });

  test('names the keyword whose value is too long', async () => {
    const world = await phoned();
    const fields = { time2: { value: '12:00' }, thing4: { value: '广州' } };
    const send = async (value: string) =>
      post(world, sendPath, { ...message, template_id: typedId, data: { ...fields, thing1: { value } } });
    expect(await send('汉'.repeat(20))).toMatchObject({ errcode: 0 });
    expect(await send('汉'.repeat(21))).toMatchObject({
      errcode: 47003,
      errmsg: expect.stringMatching(/^argument invalid! data\.thing1\.value invalid rid: /),
    });
  });

  test('sends one message for one openid and client_msg_id within ten minutes', async () => {
    const world = await phoned();
    const send = async (id: string, touser = alice) =>
      (await post(world, sendPath, { ...message, touser, client_msg_id: id }))['msgid'];
    const first = await send('A');
    await world.ask('POST', '/_ctl/followers', { openid: 'oBob' });
    expect(await send('A')).toBe(first);
    expect(await send('B')).not.toBe(first);
    expect(await send('A', 'oBob')).not.toBe(first);
    await world.advance('599999ms');
    expect(await send('A')).toBe(first);
    await world.advance('1ms');
    expect(await send('A')).not.toBe(first);
    expect(await chat(world)).toHaveLength(3);
  });

  test('answers 45009 when the day is used up', async () => {
    const world = await phoned();
    await world.ask('POST', '/_ctl/settings', { quotas: { [sendPath]: 1 } });
    const errcodes = [await post(world, sendPath, message), await post(world, sendPath, message)];
    expect(errcodes.map(({ errcode }) => errcode)).toEqual([0, 45009]);
  });
});

describe('template/api_add_template', () => {
  const add = '/cgi-bin/template/api_add_template';
  const order = { template_id_short: '43216', keyword_name_list: ['支付金额', '商品名称'] };

  test('gives a template that can be sent, its keywords in the order of the call', async () => {
    const world = await phoned();
    const { template_id: id } = await post(world, add, order);
    expect(id).toMatch(/^[\w-]{43}$/);
    const { template_list: list } = await world.ask(
      'GET',
      await world.path('/cgi-bin/template/get_all_private_template'),
    );
    expect((list as readonly Record<string, unknown>[]).at(-1)).toMatchObject({
      template_id: id,
      title: '订单支付成功通知',
      content: '支付金额：{{amount3.DATA}}\n商品名称：{{thing2.DATA}}',
    });
    const values = { amount3: { value: '1元' }, thing2: { value: 'a' } };
    expect(await post(world, sendPath, { ...message, template_id: id, data: values })).toMatchObject({
      errcode: 0,
    });
  });

  test.each([
    [40247, { template_id_short: 'TM00015' }],
    [40247, { template_id_short: 'OPENTM207327169' }],
    [40037, { template_id_short: '1' }],
    [40037, {}],
    [40246, { ...order, keyword_name_list: undefined }],
    [40246, { ...order, keyword_name_list: [] }],
    [40246, { ...order, keyword_name_list: ['商品名称', 'nothing'] }],
  ])('answers %d for %j', async (errcode, body) => {
    expect(await post(simulate(), add, body)).toMatchObject({ errcode });
  });

  test('answers 45026 for the twenty-sixth', async () => {
    const world = simulate();
    for (let count = 3; count < 25; count += 1) {
      expect(await post(world, add, order)).toMatchObject({ errcode: 0 });
    }
    expect(await post(world, add, order)).toMatchObject({ errcode: 45026 });
    await post(world, '/cgi-bin/template/del_private_template', { template_id: typedId });
    expect(await post(world, add, order)).toMatchObject({ errcode: 0 });
  });
});

describe('template/del_private_template', () => {
  test('takes a template away once', async () => {
    const world = await phoned();
    const path = '/cgi-bin/template/del_private_template';
    expect(await post(world, path, { template_id: templateId })).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(await post(world, path, { template_id: templateId })).toMatchObject({ errcode: 40037 });
    expect(await post(world, sendPath, message)).toMatchObject({ errcode: 40037 });
  });
});

describe('template/api_set_industry', () => {
  const path = '/cgi-bin/template/api_set_industry';

  test('changes the industries once a month of Beijing', async () => {
    const world = simulate();
    expect(await post(world, path, { industry_id1: '1', industry_id2: 41 })).toEqual({
      errcode: 0,
      errmsg: 'ok',
    });
    expect(await world.ask('GET', await world.path('/cgi-bin/template/get_industry'))).toEqual({
      primary_industry: { first_class: 'IT科技', second_class: '互联网|电子商务' },
      secondary_industry: { first_class: '其它', second_class: '其它' },
    });
    const other = { industry_id1: '13', industry_id2: '1' };
    // To the last millisecond of January in Beijing.
    for (const duration of ['395h', '59m', '59s', '999ms']) await world.advance(duration);
    expect(await post(world, path, other)).toMatchObject({ errcode: 43100 });
    await world.advance('1ms');
    expect(await post(world, path, other)).toMatchObject({ errcode: 0 });
  });

  test.each(['0', '42', '', 'x', undefined])('answers 40102 for the code %j', async (code) => {
    expect(await post(simulate(), path, { industry_id1: '1', industry_id2: code })).toMatchObject({
      errcode: 40102,
    });
  });
});

describe('GET /_ctl/templates', () => {
  test('lists what can be sent, with the names of the values', async () => {
    const view = (await simulate().ask('GET', '/_ctl/templates')) as unknown as TemplatesView;
    expect(view.template.map(({ keywords }) => keywords)).toEqual([
      ['keyword1', 'keyword2', 'keyword3'],
      ['result', 'withdrawMoney', 'withdrawTime', 'cardInfo', 'arrivedTime', 'remark'],
      ['thing1', 'time2', 'thing4'],
    ]);
    expect(view.subscription.map(({ lasts }) => lasts)).toEqual(['one_time', 'long_term']);
    expect(view.one_time.template_id).toHaveLength(43);
  });
});

describe('POST /_ctl/outcomes', () => {
  test.each([
    {},
    { template: 'success' },
    { mass: 'err(1)' },
    { template: 'failed: system failed', mass: 'send fail' },
    { template: 'failed: system failed', times: 0 },
    { template: 'failed: system failed', times: 1001 },
    { other: 1 },
  ])('refuses %j', async (body) => {
    const world = simulate();
    const response = await world.call('POST', '/_ctl/outcomes', body);
    expect([response.status, (await response.json()) as unknown]).toMatchObject([
      400,
      { error: { type: 'invalid_outcome' } },
    ]);
    expect(await world.ask('GET', '/_ctl/outcomes')).toEqual([]);
  });

  test('keeps an order until it is used up', async () => {
    const world = simulate();
    expect(await world.ask('POST', '/_ctl/outcomes', { mass: 'err(20001)', times: 1000 })).toEqual([
      { mass: 'err(20001)', times: 1000 },
    ]);
  });
});
