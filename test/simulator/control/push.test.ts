import { describe, expect, test } from 'vitest';
import { decodeEncodingAESKey } from '../../../src/core/callback/message-crypto.ts';
import {
  openCallback,
  readCallbackQuery,
  sealReply,
  verifyQuery,
} from '../../../src/core/callback/callback.ts';
import type { EncryptionMode } from '../../../src/core/callback/mode.ts';
import { pushNameOf } from '../../../src/core/message/message.ts';
import type { HttpRequest } from '../../../src/io/ports.ts';
import type { ControlState, PushView } from '../../../src/simulator/control/types/index.ts';
import type { JsonAnswer } from '../simulated.ts';
import { alice, callbackToken, phoned, refused, reply, type Phoned } from './phoned.ts';

const words = '该公众号提供的服务出现故障，请稍后再试';
const textReply = '<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hello]]></Content>';

/** A server that answers each message with its text reply, from the right account. */
const greeting = (request: HttpRequest): string =>
  reply(alice, /<ToUserName><!\[CDATA\[(.*?)\]\]>/.exec(String(request.body))?.[1] ?? '', textReply);

describe('a push to a server that answers', () => {
  test('shows the reply in the chat, tied to the push', async () => {
    const world = await phoned(greeting);
    const { messages, pushes } = await world.act('send', { text: 'hi' });
    expect(pushes).toMatchObject([
      {
        id: 1,
        state: 'answered',
        valid: true,
        problems: [],
        user_sees: 'reply',
        reply: { msg_type: 'text', content: 'hello' },
      },
    ]);
    expect(messages).toMatchObject([
      { from: 'person', push_id: 1, content: { type: 'text', text: 'hi' } },
      { from: 'account', origin: 'reply', push_id: 1, content: { type: 'text', text: 'hello' } },
    ]);
  });

  test('is told with the headers with which it is sent', async () => {
    const world = await phoned(greeting);
    const { pushes } = await world.act('send', { text: 'hi' });
    const headers = {
      'user-agent': 'Mozilla/4.0',
      accept: '*/*',
      pragma: 'no-cache',
      'content-type': 'text/xml',
    };
    expect(pushes[0]?.attempts[0]?.headers).toEqual(headers);
    expect(world.received[0]?.headers).toEqual(headers);
  });

  test.each(['success', ''])('shows nothing for %j', async (body) => {
    const world = await phoned(() => body);
    const { messages, pushes } = await world.act('send', { text: 'hi' });
    expect(pushes).toMatchObject([{ state: 'answered', valid: true, user_sees: 'nothing', reply: null }]);
    expect(messages).toHaveLength(1);
  });

  test('shows the fault for an answer that is no reply', async () => {
    const world = await phoned(() => '<html><body>Fatal error</body></html>');
    const { messages, pushes } = await world.act('send', { text: 'hi' });
    expect(pushes[0]).toMatchObject({ state: 'answered', valid: false, user_sees: 'unavailable' });
    expect(world.received).toHaveLength(1);
    expect(messages[1]).toMatchObject({
      from: 'account',
      origin: 'platform',
      content: { type: 'unavailable', text: words, reason: pushes[0]?.problems[0]?.text },
    });
  });

  test('shows only the first article in answer to a message', async () => {
    const article = (title: string): string =>
      `<item><Title>${title}</Title><Description>d</Description><PicUrl>http://localhost/p.jpg</PicUrl><Url>http://localhost/</Url></item>`;
    const news = `<MsgType><![CDATA[news]]></MsgType><ArticleCount>2</ArticleCount><Articles>${article('one')}${article('two')}</Articles>`;
    const world = await phoned((request) => greeting(request).replace(textReply, news));
    const titles = async (action: string, body: Record<string, unknown>) => {
      const content = (await world.act(action, body)).messages.at(-1)?.content;
      return content?.type === 'news' ? content.articles.map(({ title }) => title) : content;
    };
    expect(await titles('send', { text: 'hi' })).toEqual(['one']);
    await world.act('unfollow');
    expect(await titles('follow', {})).toEqual(['one', 'two']);
  });

  test('tells that the message went to customer service', async () => {
    const handOver = '<MsgType><![CDATA[transfer_customer_service]]></MsgType>';
    const world = await phoned((request) => greeting(request).replace(textReply, handOver));
    expect((await world.act('send', { text: 'hi' })).messages[1]).toMatchObject({
      from: 'system',
      content: { type: 'notice', text: { en: 'Handed to customer service', zh: '已转接人工客服' } },
    });
  });
});

describe('a push to a server that does not answer', () => {
  test('is tried three times, and then the person sees the fault', async () => {
    const world = await phoned(() => Promise.reject(refused()));
    const { messages, pushes } = await world.act('send', { text: 'hi' });
    const [push] = pushes;
    expect(push).toMatchObject({ state: 'failed', valid: null, user_sees: 'unavailable' });
    expect(push?.attempts).toHaveLength(3);
    expect(new Set(world.received.map(({ body }) => body))).toEqual(new Set([push?.plain]));
    expect(new Set(world.received.map(({ url }) => new URL(url).searchParams.get('nonce'))).size).toBe(3);
    expect(world.received.map(({ timeoutMs }) => timeoutMs)).toEqual([5000, 5000, 5000]);
    expect(messages[1]?.content).toMatchObject({ type: 'unavailable', text: words });
  });

  test('stops at the first attempt that is answered', async () => {
    let asked = 0;
    const world = await phoned((request) => {
      asked += 1;
      return asked < 3 ? Promise.reject(refused()) : greeting(request);
    });
    const { pushes } = await world.act('send', { text: 'hi' });
    expect(pushes[0]?.attempts.map(({ response }) => response?.status ?? null)).toEqual([null, null, 200]);
    expect(pushes[0]).toMatchObject({ state: 'answered', user_sees: 'reply', problems: [] });
  });

  test.each([301, 302, 307, 404, 500])(
    'takes status %i for no answer, and follows nothing',
    async (status) => {
      const world = await phoned(() => ({ status, body: 'success' }));
      const { pushes } = await world.act('send', { text: 'hi' });
      expect(pushes[0]).toMatchObject({ state: 'failed', user_sees: 'unavailable' });
      expect(world.received).toHaveLength(3);
    },
  );

  test('shows nothing after an event that has no chat', async () => {
    const world = await phoned(() => Promise.reject(refused()));
    const { messages, pushes } = await world.act('location', { latitude: 1, longitude: 1 });
    expect(pushes[0]).toMatchObject({ state: 'failed', user_sees: 'nothing' });
    expect(messages).toEqual([]);
  });

  test('is not sent for a minute after ten failures in a row', async () => {
    const world = await phoned(() => Promise.reject(refused()));
    const send = async () => (await world.act('send', { text: 'hi' })).pushes[0];
    for (let failed = 0; failed < 9; failed += 1) expect((await send())?.state).toBe('failed');
    expect(await world.ask('GET', '/_ctl/callback')).toMatchObject({ paused_until: null });
    expect((await send())?.state).toBe('failed');
    expect(await world.ask('GET', '/_ctl/callback')).toMatchObject({
      paused_until: '2026-01-15T04:01:00.000Z',
    });
    expect(await send()).toMatchObject({
      state: 'skipped',
      skipped: 'paused',
      attempts: [],
      user_sees: 'unavailable',
    });
    expect(world.received).toHaveLength(30);
    await world.advance('59999ms');
    expect((await send())?.skipped).toBe('paused');
    await world.advance('1ms');
    expect((await send())?.state).toBe('failed');
  });

  test('counts failures in a row only', async () => {
    let down = true;
    const world = await phoned(() => (down ? Promise.reject(refused()) : 'success'));
    for (const round of [9, 9]) {
      down = true;
      for (let failed = 0; failed < round; failed += 1) await world.act('send', { text: 'hi' });
      down = false;
      expect((await world.act('send', { text: 'hi' })).pushes[0]?.state).toBe('answered');
    }
  });

  test('is skipped where no server is configured, but shown', async () => {
    const world = await phoned(() => 'success', { callback: {} });
    const { pushes, messages } = await world.act('send', { text: 'hi' });
    expect(pushes).toMatchObject([{ state: 'skipped', skipped: 'no_server', user_sees: 'nothing' }]);
    expect(messages).toMatchObject([{ from: 'person', content: { text: 'hi' } }]);
  });
});

describe('many pushes at once', () => {
  const sendAll = ({ ask }: Phoned, count: number): Promise<readonly JsonAnswer[]> =>
    Promise.all(Array.from({ length: count }, () => ask('POST', '/_ctl/push', { type: 'text' })));

  test('are sent a hundred at a time, and all in the end', async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const world = await phoned(async () => {
      await gate;
      return 'success';
    });
    const sent = sendAll(world, 150);
    await expect.poll(() => world.received.length).toBe(100);
    // Each that ends lets one in; nothing else does.
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.received).toHaveLength(100);
    open();
    const states = (await sent).map(({ state }) => state);
    expect([states.length, new Set(states), world.received.length]).toEqual([
      150,
      new Set(['answered']),
      150,
    ]);
  });

  test('are skipped while they wait, once ten have failed', async () => {
    const world = await phoned(() => ({ status: 500 }));
    const answers = await sendAll(world, 150);
    expect(answers.filter(({ skipped }) => skipped === 'paused')).toHaveLength(50);
    expect(world.received).toHaveLength(300);
  });
});

describe('a push in each mode', () => {
  test.each(
    (['plain', 'compat', 'safe'] as const).flatMap((mode) =>
      (['xml', 'json'] as const).map((format) => [mode, format] as const),
    ),
  )('in %s mode as %s is what the receiving side opens', async (mode, format) => {
    const world = await phoned(() => 'success');
    await world.ask('POST', '/_ctl/callback', { mode, format, check: false });
    const { pushes } = await world.act('send', { text: '你好' });
    const [request] = world.received.slice(-1);
    const modes: Record<typeof mode, EncryptionMode> = { plain: 'plain', compat: 'compatible', safe: 'safe' };
    const body = String(request?.body);
    const query = readCallbackQuery(new Map(new URL(request?.url ?? '').searchParams));
    const verified = verifyQuery({ callbackToken, mode: modes[mode], query, body: () => body });
    const { message, encrypted } = openCallback(verified, {
      key: decodeEncodingAESKey(world.account.encodingAESKey),
      appId: world.account.appId,
      mode: modes[mode],
      body,
    });
    expect(message).toMatchObject({ msgType: 'text', content: '你好', fromUserName: alice });
    expect(encrypted).toBe(mode !== 'plain');
    expect(request?.headers?.['content-type']).toBe(format === 'xml' ? 'text/xml' : 'application/json');
    expect(String(request?.body).includes('你好')).toBe(mode !== 'safe');
    expect(pushes[0]).toMatchObject({ mode, format, state: 'answered' });
    expect(pushes[0]?.plain).toContain('你好');
    expect(pushes[0]?.attempts[0]?.body).toBe(request?.body);
    expect(pushes[0]?.attempts[0]?.signatures.map(({ name }) => name)).toEqual(
      mode === 'plain' ? ['signature'] : ['signature', 'msg_signature'],
    );
  });

  test('opens an encrypted reply, and refuses one in the clear in safe mode', async () => {
    const box: { open?: (request: HttpRequest) => string } = {};
    const world = await phoned((request) => box.open?.(request) ?? '');
    const { account } = world;
    const key = decodeEncodingAESKey(account.encodingAESKey);
    await world.ask('POST', '/_ctl/callback', { mode: 'safe', check: false });
    const plain = reply(alice, account.originalId, textReply);
    const common = {
      format: 'xml',
      timestamp: 1768449600,
      nonce: '1',
      random16: new Uint8Array(16),
    } as const;
    box.open = () => sealReply({ ...common, callbackToken, key, appId: account.appId, reply: plain });
    expect((await world.act('send', { text: 'hi' })).pushes[0]).toMatchObject({
      reply_encrypted: true,
      reply_text: plain,
      valid: true,
      user_sees: 'reply',
    });
    box.open = () => plain;
    expect((await world.act('send', { text: 'hi' })).pushes[0]).toMatchObject({
      reply_encrypted: false,
      valid: false,
      problems: [{ rule: 'not-encrypted' }],
      user_sees: 'unavailable',
    });
  });

  test('explains its signatures step by step, with the Token hidden unless asked for', async () => {
    const world = await phoned();
    await world.act('send', { text: 'hi' });
    const attempt = async (query: string) =>
      ((await world.ask('GET', `/_ctl/pushes/1${query}`)) as unknown as PushView).attempts[0];
    const url = new URL((await attempt(''))?.url ?? '');
    const [timestamp, nonce] = [url.searchParams.get('timestamp'), url.searchParams.get('nonce')];
    const sha1 = url.searchParams.get('signature');
    const sorted = [timestamp, nonce, callbackToken].toSorted();
    expect((await attempt('?secrets=show'))?.signatures).toEqual([
      {
        name: 'signature',
        sorted: sorted.map((value) => ({
          name: value === timestamp ? 'timestamp' : value === nonce ? 'nonce' : 'token',
          value,
        })),
        joined: sorted.join(''),
        sha1,
      },
    ]);
    const masked = (await attempt(''))?.signatures[0];
    expect(masked?.joined).toBe(sorted.map((value) => (value === callbackToken ? '●●●' : value)).join(''));
    expect(JSON.stringify([await world.pushes(), await attempt('')])).not.toContain(callbackToken);
  });
});

describe('POST /_ctl/push with a message that is written out', () => {
  const xml = (fields: string) => `<xml><ToUserName>gh_1</ToUserName>${fields}</xml>`;
  const event = (name: string, more = '') =>
    xml(
      `<FromUserName>${alice}</FromUserName><CreateTime>1714037059</CreateTime><MsgType>event</MsgType><Event>${name}</Event>${more}`,
    );
  const ticket =
    '<xml><AppId>wx1</AppId><CreateTime>1714037059</CreateTime><InfoType>component_verify_ticket</InfoType><ComponentVerifyTicket>t</ComponentVerifyTicket></xml>';
  const media =
    '{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1626959646,"MsgType":"event","Event":"wxa_media_check","trace_id":"t-1"}';

  test.each([
    ['submit_invoice_title', event('submit_invoice_title', '<title>A</title>'), 'xml'],
    ['weapp_audit_success', event('weapp_audit_success', '<SuccTime>1</SuccTime>'), 'xml'],
    ['xpay_goods_deliver_notify', event('xpay_goods_deliver_notify'), 'xml'],
    ['hologram', xml('<MsgType>hologram</MsgType>'), 'xml'],
    ['component_verify_ticket', ticket, 'xml'],
    ['wxa_media_check', media, 'json'],
    ['message', '{"action":"CheckContainerPath"}', 'json'],
  ])('%s is sent as it is, and opened in every mode', async (type, message, format) => {
    const world = await phoned(() => 'success');
    for (const [mode, coreMode] of [
      ['plain', 'plain'],
      ['compat', 'compatible'],
      ['safe', 'safe'],
    ] as const) {
      await world.ask('POST', '/_ctl/callback', { mode, format: 'xml', check: false });
      expect(await world.ask('POST', '/_ctl/push', { message })).toMatchObject({
        type,
        format,
        plain: message,
        state: 'answered',
        valid: true,
      });
      const [request] = world.received.slice(-1);
      const { searchParams } = new URL(request?.url ?? '');
      expect(searchParams.get('openid')).toBe(/FromUserName"?[>:]"?(\w+)/.exec(message)?.[1] ?? null);
      const body = String(request?.body);
      if (mode === 'plain') expect(body).toBe(message);
      const query = readCallbackQuery(new Map(searchParams));
      const verified = verifyQuery({ callbackToken, mode: coreMode, query, body: () => body });
      const { encodingAESKey, appId } = world.account;
      const key = decodeEncodingAESKey(encodingAESKey);
      const opened = openCallback(verified, { key, appId, mode: coreMode, body });
      expect(pushNameOf(opened.message) || 'message').toBe(type);
      // A server in plain mode behind a console in compatible mode reads what stands in the clear.
      if (mode === 'compat') {
        const plain = verifyQuery({ callbackToken, mode: 'plain', query, body: () => body });
        expect(openCallback(plain, { mode: 'plain', body }).encrypted).toBe(false);
      }
    }
  });

  test.each([
    [{ message: 'hello' }, 'invalid_message'],
    [{ message: '{"a":' }, 'invalid_message'],
    [{ message: '' }, undefined],
    [{ message: {} }, undefined],
    [{ message: media, type: 'text' }, undefined],
  ])('refuses %j', async (order, type) => {
    const world = await phoned(() => 'success');
    const response = await world.call('POST', '/_ctl/push', order);
    expect(response.status).toBe(400);
    if (type !== undefined) expect(await response.json()).toMatchObject({ error: { type } });
    expect(world.received).toHaveLength(0);
  });
});

describe('POST /_ctl/push', () => {
  test('sends any sample with changes, from the first follower unless told otherwise', async () => {
    const world = await phoned(greeting);
    const order = { type: 'subscribe_msg_sent', set: { 'SubscribeMsgSentEvent.List.ErrorCode': '3' } };
    expect(await world.ask('POST', '/_ctl/push', order)).toMatchObject({
      openid: alice,
      type: 'subscribe_msg_sent',
      event: 'subscribe_msg_sent_event',
      plain: expect.stringContaining('<ErrorCode>3</ErrorCode>'),
    });
    expect(
      await world.ask('POST', '/_ctl/push', {
        type: 'menu_click',
        from: 'oOther',
        key: 'K',
        unset: ['Event'],
      }),
    ).toMatchObject({ openid: 'oOther', event_key: 'K', plain: expect.not.stringContaining('<Event>') });
    expect(world.received).toHaveLength(2);
  });

  test('puts the reply to a follower into the chat, and that to a stranger nowhere', async () => {
    const world = await phoned(greeting);
    const chat = async () =>
      ((await world.ask('GET', `/_ctl/chats/${alice}`)) as unknown as { messages: unknown[] }).messages;
    await world.ask('POST', '/_ctl/push', { type: 'text' });
    expect(await chat()).toMatchObject([{ from: 'account', content: { text: 'hello' } }]);
    await world.ask('POST', '/_ctl/push', { type: 'text', from: 'oStranger' });
    expect(await chat()).toHaveLength(1);
  });

  test.each([
    [{ type: 'nonsense' }, 'unknown_type'],
    [{}, 'invalid_body'],
    [{ type: 'text', set: { Content: 1 } }, 'invalid_body'],
    [{ type: 'text', unset: 'Content' }, 'invalid_body'],
    [{ type: 'text', set: { 'Content.deep': 'x' } }, 'field_invalid'],
    [{ type: 'text', openid: 'x' }, 'invalid_body'],
  ])('refuses %j', async (body, type) => {
    const world = await phoned();
    const response = await world.call('POST', '/_ctl/push', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type } });
    expect(world.received).toEqual([]);
  });

  test('sends a push again as a new message', async () => {
    const world = await phoned();
    await world.act('send', { text: 'hi' });
    const again = (await world.ask('POST', '/_ctl/pushes/1/again')) as unknown as PushView;
    const [first] = await world.pushes();
    const msgId = /<MsgId>(\d+)<\/MsgId>/;
    expect(again).toMatchObject({ id: 2, type: 'text', state: 'answered' });
    expect(again.plain.replace(msgId, '')).toBe(first?.plain.replace(msgId, ''));
    expect(msgId.exec(again.plain)?.[1]).not.toBe(msgId.exec(first?.plain ?? '')?.[1]);
    expect((await world.call('POST', '/_ctl/pushes/99/again')).status).toBe(400);
  });

  test('does not wait when told so', async () => {
    let answerNow: (body: string) => void = () => {};
    const world = await phoned(() => new Promise((resolve) => (answerNow = resolve)));
    const push = await world.ask('POST', '/_ctl/push', { type: 'text', wait: false });
    expect(push).toMatchObject({ state: 'sending', attempts: [] });
    await expect.poll(() => world.received.length).toBe(1);
    answerNow('success');
    await expect.poll(async () => (await world.pushes())[0]?.state).toBe('answered');
  });

  test('keeps the last 200 pushes and 200 messages of a chat', async () => {
    const world = await phoned(() => 'success');
    await Promise.all(
      Array.from({ length: 250 }, (_none, index) => world.act('send', { text: String(index) })),
    );
    const pushes = await world.pushes();
    expect([pushes.length, pushes[0]?.id, pushes.at(-1)?.id]).toEqual([200, 51, 250]);
    const { messages } = (await world.ask('GET', `/_ctl/chats/${alice}`)) as unknown as {
      messages: { id: number }[];
    };
    expect([messages.length, messages[0]?.id]).toEqual([200, 51]);
    expect(((await world.ask('GET', '/_ctl/state')) as unknown as ControlState).pushes).toBe(200);
  });
});

describe('a seed', () => {
  test('repeats every push byte by byte, also after a reset', async () => {
    const walk = async (world: Awaited<ReturnType<typeof phoned>>) => {
      await world.ask('POST', '/_ctl/callback', { mode: 'safe', check: false });
      await world.pushMenu({ type: 'pic_weixin', name: 'a', key: 'P' });
      await world.act('send', { type: 'voice' });
      await world.act('tap', { button: [0], pictures: 3 });
      return await world.pushes();
    };
    const world = await phoned();
    const first = await walk(world);
    expect(await walk(await phoned())).toEqual(first);
    await world.call('POST', '/_ctl/reset');
    await world.call('POST', '/_ctl/followers', { openid: alice, nickname: 'Alice' });
    expect(await walk(world)).toEqual(first);
    expect(await walk(await phoned(undefined, { seed: 8 }))).not.toEqual(first);
  });
});
