import { describe, expect, test } from 'vitest';
import type { ChatView, PhoneResult } from '../../../../src/simulator/control/types/index.ts';
import { alice, ownFields, phoned, type Phoned } from '../../control/phoned.ts';
import { pushed } from '../../control/pushed.ts';
import { simulate, type Simulated } from '../../simulated.ts';
import { post } from '../../uploads.ts';

const oneTime = '9Aw5ZV1j9xdWTFEkqCpZ7mIBbSC34khK55OtzUPl0rU';
const longTerm = 'cy_DfOZL7lypxHh3ja3DyAUbn1GYQRGwezuy5LBTFME';
const template = '1uDxHNXwYQfBmXOfPJcjAS3FynHArD8aWMEFNRGSbCc';
const bizsend = '/cgi-bin/message/subscribe/bizsend';

const data = { date2: { value: '2026年1月15日' }, thing1: { value: '广州' } };
const message = { touser: alice, template_id: oneTime, page: 'https://a.b/', data };
const machine = {
  ...message,
  template_id: longTerm,
  data: {
    time1: { value: '12:00' },
    enum_string2: { value: '客厅' },
    enum_string3: { value: '设备发生故障，导致工作异常，请及时查看' },
  },
};

const errcode = async (world: Simulated, body: unknown, path = bizsend) =>
  (await post(world, path, body)).errcode;
const left = (world: Simulated) => world.ask('GET', `/_ctl/chats/${alice}/subscriptions`);

async function contents(world: Simulated) {
  const view = (await world.ask('GET', `/_ctl/chats/${alice}`)) as unknown as ChatView;
  return view.messages.map(({ content }) => content);
}

async function own(world: Phoned, body: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const { pushes } = await world.act('subscribe', body);
  return pushes.map(({ plain }) => ownFields(plain).replaceAll('\n', ''));
}

describe('POST /_ctl/phone/:openid/subscribe', () => {
  const popup = (list: string) =>
    `<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe_msg_popup_event]]></Event><SubscribeMsgPopupEvent>${list}</SubscribeMsgPopupEvent>`;
  const entry = (id: string, status: string, scene?: number) =>
    `<List><TemplateId><![CDATA[${id}]]></TemplateId><SubscribeStatusString><![CDATA[${status}]]></SubscribeStatusString>${scene === undefined ? '' : `<PopupScene>${scene}</PopupScene>`}</List>`;

  test('pushes what the pop-up of a page or an article was answered', async () => {
    const world = await phoned();
    expect(await own(world, { accept: [oneTime], reject: [longTerm] })).toEqual([
      popup(entry(oneTime, 'accept', 1) + entry(longTerm, 'reject', 1)),
    ]);
    expect(await own(world, { accept: [longTerm], where: 'article' })).toEqual([
      popup(entry(longTerm, 'accept', 2)),
    ]);
    expect(await left(world)).toEqual([
      { template_id: oneTime, status: 'accept', left: 1 },
      { template_id: longTerm, status: 'accept', left: null },
    ]);
  });

  test('pushes of the settings only what is refused there', async () => {
    const world = await phoned();
    await own(world, { accept: [oneTime, longTerm] });
    expect(await own(world, { reject: [oneTime], accept: [longTerm], where: 'settings' })).toEqual([
      `<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe_msg_change_event]]></Event><SubscribeMsgChangeEvent>${entry(oneTime, 'reject')}</SubscribeMsgChangeEvent>`,
    ]);
    expect(await own(world, { accept: [oneTime], where: 'settings' })).toEqual([]);
  });

  test.each([
    {},
    { accept: [] },
    { accept: oneTime },
    { accept: ['other'] },
    { accept: [oneTime], reject: [oneTime] },
    { accept: [oneTime], where: 'chat' },
    { one_time_scene: 10_001 },
    { one_time_scene: '1' },
    { scene: 1 },
  ])('refuses %j', async (body) => {
    const world = await phoned();
    const response = await world.call('POST', `/_ctl/phone/${alice}/subscribe`, body);
    expect([response.status, (await response.json()) as unknown]).toMatchObject([
      400,
      { error: { type: 'invalid_body' } },
    ]);
    expect(await left(world)).toEqual([]);
    expect(world.received).toEqual([]);
  });
});

describe('message/subscribe/bizsend', () => {
  test('sends one message for one accept, and tells that it was sent', async () => {
    const world = await phoned();
    expect(await errcode(world, message)).toBe(43101);
    await world.act('subscribe', { accept: [oneTime] });
    expect(await post(world, bizsend, message)).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(await post(world, bizsend, message)).toMatchObject({
      errcode: 43101,
      errmsg: expect.stringMatching(/^user refuse to accept the msg rid: /),
    });
    expect(await contents(world)).toEqual([
      {
        type: 'template',
        kind: 'subscription',
        template_id: oneTime,
        title: '报名结果通知',
        lines: [
          { label: '会议时间', value: '2026年1月15日', color: null },
          { label: '会议地点', value: '广州', color: null },
        ],
        url: 'https://a.b/',
        miniprogram: null,
      },
    ]);
    expect(await pushed(world, 'subscribe_msg_sent')).toEqual([
      [
        alice,
        expect.stringMatching(
          new RegExp(
            String.raw`<SubscribeMsgSentEvent><List><TemplateId><!\[CDATA\[${oneTime}\]\]></TemplateId><MsgID>1\d{18}</MsgID><ErrorCode>0</ErrorCode><ErrorStatus><!\[CDATA\[success\]\]></ErrorStatus></List></SubscribeMsgSentEvent>$`,
          ),
        ),
      ],
    ]);
  });

  test('counts every accept of a one-time template', async () => {
    const world = await phoned();
    await world.act('subscribe', { accept: [oneTime] });
    await world.act('subscribe', { accept: [oneTime] });
    await world.act('subscribe', { reject: [oneTime] });
    expect(await left(world)).toEqual([{ template_id: oneTime, status: 'accept', left: 2 }]);
    expect(await errcode(world, message)).toBe(0);
    await world.act('subscribe', { reject: [oneTime], where: 'settings' });
    expect(await left(world)).toEqual([{ template_id: oneTime, status: 'reject', left: 0 }]);
    expect(await errcode(world, message)).toBe(43101);
  });

  test('sends of a long-term template until it is taken back', async () => {
    const world = await phoned();
    await world.act('subscribe', { accept: [longTerm] });
    expect([await errcode(world, machine), await errcode(world, machine)]).toEqual([0, 0]);
    await world.act('subscribe', { reject: [longTerm], where: 'settings' });
    expect(await errcode(world, machine)).toBe(43101);
    await world.act('subscribe', { accept: [longTerm] });
    expect(await errcode(world, machine)).toBe(0);
  });

  test('reaches somebody who does not follow', async () => {
    const world = await phoned();
    await world.act('subscribe', { accept: [oneTime] });
    await world.act('unfollow');
    expect(await errcode(world, message)).toBe(0);
  });

  test.each([
    [40003, { ...message, touser: 'oNobody' }],
    [40037, { ...message, template_id: template }],
    [47001, { ...message, data: 'x' }],
    [47003, { ...message, data: { thing1: { value: '广州' } } }],
    [47003, { ...message, data: { ...data, thing1: { value: '汉'.repeat(21) } } }],
    [47003, { ...machine, data: { ...machine.data, enum_string2: { value: '花园' } } }],
    [45014, { ...message, page: 'p'.repeat(32_768) }],
  ])('answers %d and keeps the accept', async (code, body) => {
    const world = await phoned();
    await world.act('subscribe', { accept: [oneTime, longTerm] });
    expect(await errcode(world, body)).toBe(code);
    expect(await errcode(world, message)).toBe(0);
  });
});

describe('message/template/subscribe', () => {
  const path = '/cgi-bin/message/template/subscribe';
  const once = {
    touser: alice,
    template_id: template,
    url: 'https://a.b/',
    scene: '7',
    title: '汉'.repeat(15),
    data: { content: { value: '汉'.repeat(200), color: '#FF0000' } },
  };
  const allow = (world: Phoned): Promise<PhoneResult> => world.act('subscribe', { one_time_scene: 7 });

  test('sends one message for a consent of the same scene', async () => {
    const world = await phoned();
    expect((await allow(world)).pushes).toEqual([]);
    expect(await errcode(world, { ...once, scene: '8' }, path)).toBe(43101);
    expect(await errcode(world, once, path)).toBe(0);
    expect(await errcode(world, { ...once, scene: 7 }, path)).toBe(43101);
    expect(await contents(world)).toEqual([
      {
        type: 'template',
        kind: 'one_time',
        template_id: template,
        title: once.title,
        lines: [{ label: '', value: '汉'.repeat(200), color: '#FF0000' }],
        url: 'https://a.b/',
        miniprogram: null,
      },
    ]);
  });

  test.each([
    [40003, { ...once, touser: 'oNobody' }],
    [40037, { ...once, template_id: oneTime }],
    [40035, { ...once, scene: '10001' }],
    [40035, { ...once, scene: undefined }],
    [40062, { ...once, title: '汉'.repeat(16) }],
    [40062, { ...once, title: '' }],
    [45002, { ...once, data: { content: { value: '汉'.repeat(201) } } }],
    [47001, { ...once, data: undefined }],
    [47003, { ...once, data: {} }],
  ])('answers %d and keeps the consent', async (code, body) => {
    const world = await phoned();
    await allow(world);
    expect(await errcode(world, body, path)).toBe(code);
    expect(await errcode(world, once, path)).toBe(0);
  });
});

describe('newtmpl', () => {
  const add = '/wxaapi/newtmpl/addtemplate';
  const order = { tid: '855', kidList: [3, 1], sceneDesc: '汉'.repeat(15) };
  const get = async (world: Simulated, path: string) =>
    world.ask('GET', await world.path(`/wxaapi/newtmpl/${path}`));

  test('addtemplate keeps the keywords in the order of the call', async () => {
    const world = await phoned();
    const { priTmplId } = await post(world, add, order);
    expect(priTmplId).toMatch(/^[\w-]{43}$/);
    expect(((await get(world, 'gettemplate'))['data'] as readonly unknown[]).at(-1)).toEqual({
      priTmplId,
      title: '订单发货通知',
      content: '收货人:{{name3.DATA}}\n商品名称:{{thing1.DATA}}\n',
      example: '收货人:张三\n商品名称:风衣\n',
      type: 2,
    });
    await world.act('subscribe', { accept: [priTmplId] });
    const values = { name3: { value: '张三' }, thing1: { value: 'a' } };
    expect(await errcode(world, { ...message, template_id: priTmplId, data: values })).toBe(0);
  });

  test.each([
    [200014, { ...order, tid: '1' }],
    [200014, { ...order, tid: undefined }],
    [200020, { ...order, kidList: [1] }],
    [200020, { ...order, kidList: [1, 7] }],
    [200020, { ...order, kidList: [1, 1] }],
    [200020, { ...order, kidList: [1, 2, 3, 4, 5, 6] }],
    [200020, { ...order, kidList: '1,2' }],
    [200021, { ...order, sceneDesc: '汉'.repeat(16) }],
    [200021, { ...order, sceneDesc: 1 }],
    [0, { ...order, kidList: [1, 2, 3, 4, 5] }],
  ])('addtemplate answers %d for %j', async (code, body) => {
    expect(await errcode(simulate(), body, add)).toBe(code);
  });

  test('addtemplate answers 200012 for the twenty-sixth', async () => {
    const world = simulate();
    for (let count = 2; count < 25; count += 1) expect(await errcode(world, order, add)).toBe(0);
    expect(await errcode(world, order, add)).toBe(200012);
  });

  test('deltemplate takes a template away, and with it what people have accepted', async () => {
    const world = await phoned();
    await world.act('subscribe', { accept: [oneTime, longTerm] });
    const remove = '/wxaapi/newtmpl/deltemplate';
    expect(await post(world, remove, { priTmplId: oneTime })).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(await errcode(world, { priTmplId: oneTime }, remove)).toBe(40037);
    expect(await errcode(world, message)).toBe(40037);
    expect(await left(world)).toEqual([{ template_id: longTerm, status: 'accept', left: null }]);
  });

  test('getpubtemplatetitles gives a page of the categories asked for', async () => {
    const world = simulate();
    expect(await get(world, 'getpubtemplatetitles?ids=616,307&start=1&limit=30')).toEqual({
      errcode: 0,
      errmsg: 'ok',
      count: 3,
      data: [
        { tid: 401, title: '车辆到站提醒', type: 3, categoryId: '616' },
        { tid: 855, title: '订单发货通知', type: 2, categoryId: '307' },
      ],
    });
  });

  test.each([
    [200018, 'getpubtemplatetitles?start=0&limit=1'],
    [200019, 'getpubtemplatetitles?ids=616,1&start=0&limit=1'],
    [200016, 'getpubtemplatetitles?ids=616&limit=1'],
    [200016, 'getpubtemplatetitles?ids=616&start=-1&limit=1'],
    [200017, 'getpubtemplatetitles?ids=616&start=0'],
    [200017, 'getpubtemplatetitles?ids=616&start=0&limit=31'],
    [200014, 'getpubtemplatekeywords?tid=1'],
    [200014, 'getpubtemplatekeywords'],
  ])('answers %d to %s', async (code, path) => {
    expect(await get(simulate(), path)).toMatchObject({ errcode: code });
  });
});
