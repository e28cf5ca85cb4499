import { describe, expect, test } from 'vitest';
import type { ChatView, MassView } from '../../../../src/simulator/control/types/index.ts';
import { alice, phoned, type Phoned } from '../../control/phoned.ts';
import { pushed } from '../../control/pushed.ts';
import { simulate, type JsonAnswer, type Simulated } from '../../simulated.ts';
import { addDraft, addCover, amr, article, jpg, mp4, post, upload } from '../../uploads.ts';

const sendall = '/cgi-bin/message/mass/sendall';
const text = { msgtype: 'text', text: { content: '你好' } };
const all = { filter: { is_to_all: true }, ...text };

const sendAll = (world: Simulated, changes: Readonly<Record<string, unknown>> = {}): Promise<JsonAnswer> =>
  post(world, sendall, { ...all, ...changes });
const follow = (world: Simulated, follower: Readonly<Record<string, unknown>>): Promise<JsonAnswer> =>
  world.ask('POST', '/_ctl/followers', follower);
const mass = async (world: Simulated) =>
  (await world.ask('GET', '/_ctl/mass')) as unknown as readonly MassView[];

async function contents(world: Simulated, openId = alice) {
  const view = (await world.ask('GET', `/_ctl/chats/${openId}`)) as unknown as ChatView;
  return view.messages.map(({ content }) => content);
}

/** What stands between the tags, by the names of the first level. */
async function finishes(world: Phoned): Promise<readonly Readonly<Record<string, string>>[]> {
  return (await pushed(world, 'mass_finish')).map(([, fields]) =>
    Object.fromEntries(
      Array.from(
        fields.matchAll(/<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|(.*?))<\/\1>/g),
        ([, name = '', cdata, plain]) => [name, cdata ?? plain ?? ''],
      ),
    ),
  );
}

const noArticles = {
  CopyrightCheckResult: '<Count>0</Count><ResultList></ResultList><CheckState>0</CheckState>',
  ArticleUrlResult: '<Count>0</Count><ResultList></ResultList>',
};
const event = { MsgType: 'event', Event: 'MASSSENDJOBFINISH' };

describe('message/mass/sendall', () => {
  test('reaches who follows and takes messages, and reports true figures', async () => {
    const world = await phoned();
    await follow(world, { openid: 'oBlack', blacklisted: true });
    await follow(world, { openid: 'oBlocks', blocks_messages: true });
    await follow(world, { openid: 'oLeft', subscribed: false });
    await follow(world, { openid: 'oBob' });
    expect(await sendAll(world)).toEqual({
      errcode: 0,
      errmsg: 'send job submission success',
      msg_id: 1_000_000_001,
      msg_data_id: 2_247_483_648,
    });
    for (const openId of [alice, 'oBob']) {
      expect(await contents(world, openId)).toEqual([{ type: 'text', text: '你好' }]);
    }
    for (const openId of ['oBlack', 'oBlocks', 'oLeft']) expect(await contents(world, openId)).toEqual([]);
    expect(await finishes(world)).toEqual([
      {
        ...event,
        MsgID: '1000000001',
        Status: 'send success',
        TotalCount: '4',
        FilterCount: '2',
        SentCount: '2',
        ErrorCount: '0',
        ...noArticles,
      },
    ]);
  });

  test('reaches who has the tag', async () => {
    const world = await phoned();
    await follow(world, { openid: 'oBob', tag_ids: [100] });
    expect(await sendAll(world, { filter: { is_to_all: false, tag_id: 100 } })).toMatchObject({ errcode: 0 });
    expect([await contents(world), await contents(world, 'oBob')]).toEqual([
      [],
      [{ type: 'text', text: '你好' }],
    ]);
    expect(await finishes(world)).toMatchObject([{ TotalCount: '1', FilterCount: '1', SentCount: '1' }]);
  });

  test.each<[number, Readonly<Record<string, unknown>>]>([
    [40035, { filter: undefined }],
    [40035, { filter: {} }],
    [40035, { filter: { is_to_all: false } }],
    [40035, { filter: { is_to_all: 'true', tag_id: 2 } }],
    [45159, { filter: { tag_id: 100 } }],
    [40008, { msgtype: undefined }],
    [40008, { msgtype: 'constructor' }],
    [40008, { msgtype: 'image' }],
    [44004, { text: { content: '' } }],
    [45002, { text: { content: 'a'.repeat(65_537) } }],
    [40007, { msgtype: 'image', image: { media_id: 'x' } }],
    [40007, { msgtype: 'image', images: { media_ids: [] } }],
    [40215, { msgtype: 'image', images: { media_ids: Array.from({ length: 21 }, () => 'x') } }],
    [40007, { msgtype: 'voice', voice: {} }],
    [40007, { msgtype: 'mpvideo', mpvideo: { media_id: 'x' } }],
    [40007, { msgtype: 'mpnews', mpnews: { media_id: 'x' } }],
    [40097, { msgtype: 'wxcard', wxcard: {} }],
    [45067, { clientmsgid: 'c'.repeat(33) }],
  ])('answers %d for %j and sends nothing', async (errcode, changes) => {
    const world = await phoned();
    expect(await sendAll(world, changes)).toMatchObject({ errcode });
    expect([await contents(world), await mass(world), await finishes(world)]).toEqual([[], [], []]);
  });

  test('answers a clientmsgid of the last 24 hours with 45065 and the first msg_id', async () => {
    const world = await phoned();
    const clientmsgid = 'c'.repeat(32);
    const { msg_id } = await sendAll(world, { clientmsgid });
    const again = await sendAll(world, { clientmsgid });
    expect(again).toEqual({
      errcode: 45065,
      errmsg: expect.stringMatching(/^clientmsgid exist rid: /),
      msg_id,
    });
    await world.advance('23h');
    await world.advance('3599999ms');
    expect(await sendAll(world, { clientmsgid })).toMatchObject({ errcode: 45065 });
    await world.advance('1ms');
    expect(await sendAll(world, { clientmsgid })).toMatchObject({ errcode: 0 });
  });

  test('answers 45028 to the fifth in a month', async () => {
    const world = await phoned();
    for (let sent = 0; sent < 4; sent += 1) expect(await sendAll(world)).toMatchObject({ errcode: 0 });
    expect(await sendAll(world)).toMatchObject({
      errcode: 45028,
      errmsg: expect.stringMatching(/^has no masssend quota rid: /),
    });
    // To the first of February in Beijing.
    await world.advance('396h');
    expect(await sendAll(world)).toMatchObject({ errcode: 0 });
    expect(await contents(world)).toHaveLength(5);
  });

  test('leaves out who has had four this month', async () => {
    const world = await phoned();
    await follow(world, { openid: 'oBob' });
    for (let sent = 0; sent < 4; sent += 1) await sendAll(world);
    await follow(world, { openid: 'oNew' });
    expect(
      await post(world, '/cgi-bin/message/mass/send', { touser: [alice, 'oNew'], ...text }),
    ).toMatchObject({
      errcode: 0,
    });
    expect([await contents(world), await contents(world, 'oNew')].map(({ length }) => length)).toEqual([
      4, 1,
    ]);
    expect((await finishes(world)).at(-1)).toMatchObject({
      TotalCount: '2',
      FilterCount: '1',
      SentCount: '1',
    });
  });

  test('answers 45009 after 100 a day, 45011 after 60 a minute', async () => {
    const world = await phoned();
    await follow(world, { openid: 'oBob', tag_ids: [100] });
    const send = async () => (await sendAll(world, { filter: { tag_id: 100 } })).errcode;
    for (let sent = 0; sent < 60; sent += 1) expect(await send()).toBe(0);
    expect(await send()).toBe(45011);
    await world.advance('1m');
    for (let sent = 61; sent < 100; sent += 1) expect(await send()).toBe(0);
    expect(await send()).toBe(45009);
  });
});

describe('message/mass/send', () => {
  const path = '/cgi-bin/message/mass/send';
  const people = (count: number) => Array.from({ length: count }, () => alice);

  test.each([
    [40130, []],
    [40130, [alice]],
    [40130, alice],
    [40003, [alice, 'oNobody']],
    [40003, [alice, 5]],
    [40032, people(10_001)],
    [0, people(10_000)],
    [0, people(2)],
  ])('answers %d', async (errcode, touser) => {
    const world = await phoned();
    expect(await post(world, path, { touser, ...text })).toMatchObject({ errcode });
    expect(await contents(world)).toHaveLength(errcode === 0 ? 1 : 0);
  });
});

describe('the content of a mass message', () => {
  const send = async (changes: Readonly<Record<string, unknown>>, prepared: Phoned) => {
    expect(await sendAll(prepared, changes)).toMatchObject({ errcode: 0 });
    return (await contents(prepared)).at(-1);
  };

  test('shows pictures and voices with their content', async () => {
    const world = await phoned();
    const temporary = '/cgi-bin/media/upload?type=';
    const { media_id: picture } = await upload(world, `${temporary}image`, { name: 'a.jpg', bytes: jpg() });
    const { media_id: voice } = await upload(world, `${temporary}voice`, { name: 'a.amr', bytes: amr(1) });
    const seen = (media_id: string) => ({ media_id, media_url: `/_ctl/media/${media_id}` });
    expect(await send({ msgtype: 'image', image: { media_id: picture } }, world)).toEqual({
      type: 'image',
      ...seen(picture),
      pic_url: null,
    });
    const images = { media_ids: [picture, picture], recommend: 'r' };
    expect(await send({ msgtype: 'image', images }, world)).toEqual({
      type: 'album',
      pictures: [seen(picture), seen(picture)],
      text: 'r',
    });
    expect(await send({ msgtype: 'voice', voice: { media_id: voice } }, world)).toEqual({
      type: 'voice',
      ...seen(voice),
      recognition: null,
    });
    expect(await sendAll(world, { msgtype: 'voice', voice: { media_id: picture } })).toMatchObject({
      errcode: 40007,
    });
  });

  test('shows a video that uploadvideo has made, and no other', async () => {
    const world = await phoned();
    const { media_id } = await upload(world, '/cgi-bin/media/upload?type=video', {
      name: 'a.mp4',
      bytes: mp4(),
    });
    const made = await post(world, '/cgi-bin/media/uploadvideo', { media_id, title: 'T', description: 'D' });
    expect(made).toMatchObject({ type: 'video', created_at: 1_768_449_600 });
    const mpvideo = { media_id: made['media_id'] };
    expect(await sendAll(world, { msgtype: 'mpvideo', mpvideo: { media_id } })).toMatchObject({
      errcode: 40007,
    });
    expect(await send({ msgtype: 'mpvideo', mpvideo }, world)).toEqual({
      type: 'video',
      media_id: made['media_id'],
      title: 'T',
      description: 'D',
      media_url: `/_ctl/media/${media_id}`,
      thumb_url: null,
    });
    await world.advance('3d');
    expect(await sendAll(world, { msgtype: 'mpvideo', mpvideo })).toMatchObject({ errcode: 40007 });
    expect(await post(world, '/cgi-bin/media/uploadvideo', { media_id: 'x' })).toMatchObject({
      errcode: 40007,
    });
  });

  test('carries a card through', async () => {
    expect(await send({ msgtype: 'wxcard', wxcard: { card_id: 'C' } }, await phoned())).toEqual({
      type: 'other',
      name: 'wxcard',
      fields: { card_id: 'C' },
    });
  });

  test('shows the articles of a draft; the event has their addresses, and they open', async () => {
    const world = await phoned();
    const media_id = await addDraft(world, { title: 'One' }, { title: 'Two' });
    const shown = await send({ msgtype: 'mpnews', mpnews: { media_id } }, world);
    const urls = shown?.type === 'news' ? shown.articles.map(({ url }) => url) : [];
    expect(shown).toMatchObject({ articles: [{ title: 'One', description: 'D' }, { title: 'Two' }] });
    const items = urls.map(
      (url, index) =>
        `<item><ArticleIdx>${index + 1}</ArticleIdx><ArticleUrl><![CDATA[${url}]]></ArticleUrl></item>`,
    );
    expect(await finishes(world)).toMatchObject([
      {
        CopyrightCheckResult: '<Count>0</Count><ResultList></ResultList><CheckState>1</CheckState>',
        ArticleUrlResult: `<Count>2</Count><ResultList>${items.join('')}</ResultList>`,
      },
    ]);
    await post(world, '/cgi-bin/draft/delete', { media_id });
    const page = await world.call('GET', new URL(urls[1] ?? '').pathname);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Two')]);
  });

  test('takes articles of uploadnews for three days', async () => {
    const world = await phoned();
    const articles = [article(await addCover(world), { title: 'Happy Day' })];
    const uploaded = await post(world, '/cgi-bin/media/uploadnews', { articles });
    expect(uploaded).toEqual({
      type: 'news',
      media_id: expect.stringMatching(/^[\w-]{64}$/),
      created_at: 1_768_449_600,
    });
    const mpnews = { media_id: uploaded['media_id'] };
    expect(await send({ msgtype: 'mpnews', mpnews }, world)).toMatchObject({
      articles: [{ title: 'Happy Day' }],
    });
    await world.advance('3d');
    expect(await sendAll(world, { msgtype: 'mpnews', mpnews })).toMatchObject({ errcode: 40007 });
    expect(await post(world, '/cgi-bin/media/uploadnews', { articles: [] })).toMatchObject({
      errcode: 44003,
    });
  });
});

describe('POST /_ctl/outcomes for mass messages', () => {
  test('ends a message as the developer wants, and nobody gets it', async () => {
    const world = await phoned();
    await world.ask('POST', '/_ctl/outcomes', { mass: 'send fail' });
    await world.ask('POST', '/_ctl/outcomes', { mass: 'err(20001)' });
    await sendAll(world);
    await sendAll(world);
    expect(await contents(world)).toEqual([]);
    expect(await finishes(world)).toMatchObject([
      { Status: 'send fail', TotalCount: '1', FilterCount: '1', SentCount: '0', ErrorCount: '1' },
      { Status: 'err(20001)', TotalCount: '0', FilterCount: '0', SentCount: '0', ErrorCount: '0' },
    ]);
    expect((await mass(world)).map(({ status }) => status)).toEqual(['SEND_FAIL', 'SEND_FAIL']);
  });

  test('lets send_ignore_reprint decide about a reprint', async () => {
    const world = await phoned();
    await world.ask('POST', '/_ctl/outcomes', { mass: 'reprint', times: 2 });
    const mpnews = { media_id: await addDraft(world) };
    await sendAll(world, { msgtype: 'mpnews', mpnews });
    await sendAll(world, { msgtype: 'mpnews', mpnews, send_ignore_reprint: 1 });
    const [stopped, sent] = await finishes(world);
    expect([stopped?.['Status'], sent?.['Status']]).toEqual(['err(30003)', 'send success']);
    for (const finish of [stopped, sent]) {
      expect(finish?.['CopyrightCheckResult']).toMatch(
        /^<Count>1<\/Count><ResultList><item><ArticleIdx>1<\/ArticleIdx>.*<AuditState>2<\/AuditState>.*<CheckState>2<\/CheckState>$/,
      );
    }
    expect(await contents(world)).toHaveLength(1);
  });

  test('holds a message until it is told how it ends', async () => {
    const world = await phoned();
    await world.ask('POST', '/_ctl/outcomes', { mass: 'hold' });
    const { msg_id } = await sendAll(world, { clientmsgid: 'c' });
    const status = async () => (await post(world, '/cgi-bin/message/mass/get', { msg_id }))['msg_status'];
    expect([await status(), await contents(world), await finishes(world)]).toEqual(['SENDING', [], []]);
    await world.advance('59999ms');
    expect(await sendAll(world, { clientmsgid: 'c' })).toMatchObject({ errcode: 45066 });
    await world.advance('1ms');
    expect(await sendAll(world, { clientmsgid: 'c' })).toMatchObject({ errcode: 45065, msg_id });
    expect(await post(world, '/cgi-bin/message/mass/delete', { msg_id })).toMatchObject({ errcode: 40065 });
    const ended = await world.ask('POST', `/_ctl/mass/${String(msg_id)}`, { status: 'send success' });
    expect(ended).toMatchObject({ msg_id, status: 'SEND_SUCCESS', filter_count: 1, sent_count: 1 });
    expect(await status()).toBe('SEND_SUCCESS');
    expect([await contents(world), await finishes(world)]).toMatchObject([
      [{ type: 'text' }],
      [{ MsgID: String(msg_id), Status: 'send success', SentCount: '1' }],
    ]);
  });

  test.each([
    ['1', 'send success', 'unknown_mass'],
    ['1000000001', 'send success', 'unknown_mass'],
    ['1000000001', 'hold', 'invalid_outcome'],
    ['1000000001', undefined, 'invalid_outcome'],
    ['1000000001', 'err(1)', 'invalid_outcome'],
  ])('refuses to end %s as %j', async (id, status, type) => {
    const world = await phoned();
    await sendAll(world);
    const response = await world.call('POST', `/_ctl/mass/${id}`, { status });
    expect([response.status, (await response.json()) as unknown]).toMatchObject([400, { error: { type } }]);
  });
});

describe('message/mass/get and delete', () => {
  const get = '/cgi-bin/message/mass/get';
  const remove = '/cgi-bin/message/mass/delete';

  test('know a message by its id as number or text, and no other', async () => {
    const world = await phoned();
    const { msg_id } = await sendAll(world);
    expect(await post(world, get, { msg_id: String(msg_id) })).toEqual({
      msg_id,
      msg_status: 'SEND_SUCCESS',
    });
    expect(await post(world, remove, { msg_id })).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(await post(world, get, { msg_id })).toEqual({ msg_id, msg_status: 'DELETE' });
    for (const path of [get, remove]) {
      expect(await post(world, path, { msg_id: 1 })).toMatchObject({ errcode: 40059 });
      expect(await post(world, path, {})).toMatchObject({ errcode: 40059 });
    }
  });

  test('delete takes one article of several away, and with the last one the message', async () => {
    const world = await phoned();
    const media_id = await addDraft(world, { title: 'One' }, { title: 'Two' });
    const { msg_id } = await sendAll(world, { msgtype: 'mpnews', mpnews: { media_id } });
    await post(world, '/cgi-bin/draft/delete', { media_id });
    const [shown] = await contents(world);
    const urls = shown?.type === 'news' ? shown.articles.map(({ url }) => url) : [];
    const opened = async () => {
      const pages = await Promise.all(urls.map((url) => world.call('GET', new URL(url).pathname)));
      return pages.map(({ status }) => status);
    };
    const status = async () => (await post(world, get, { msg_id }))['msg_status'];
    expect(await opened()).toEqual([200, 200]);
    for (const article_idx of [3, -1, 1.5, '1']) {
      expect(await post(world, remove, { msg_id, article_idx })).toMatchObject({ errcode: 40060 });
    }
    expect(await post(world, remove, { msg_id, article_idx: 2 })).toMatchObject({ errcode: 0 });
    expect([await opened(), await status()]).toEqual([[200, 404], 'SEND_SUCCESS']);
    expect(await post(world, remove, { url: urls[0] })).toMatchObject({ errcode: 0 });
    expect([await opened(), await status()]).toEqual([[404, 404], 'DELETE']);
  });

  test('delete answers 45009 at the eleventh of a day', async () => {
    const world = await phoned();
    const { msg_id } = await sendAll(world);
    for (let count = 0; count < 10; count += 1) await post(world, remove, { msg_id });
    expect(await post(world, remove, { msg_id })).toMatchObject({ errcode: 45009 });
  });
});

describe('message/mass/preview', () => {
  const path = '/cgi-bin/message/mass/preview';

  test('shows the message to one person, by openid or WeChat id, without an event', async () => {
    const world = await phoned();
    await follow(world, { openid: 'oBob', wechat_id: 'bob' });
    expect(await post(world, path, { touser: alice, towxname: 'bob', ...text })).toEqual({
      errcode: 0,
      errmsg: 'preview success',
      msg_id: 1_000_000_001,
    });
    await post(world, path, { touser: alice, ...text });
    expect([await contents(world), await contents(world, 'oBob')].map(({ length }) => length)).toEqual([
      1, 1,
    ]);
    expect([await mass(world), await finishes(world)]).toEqual([[], []]);
  });

  test.each([
    [40003, { touser: 'oNobody' }],
    [40132, { towxname: 'nobody' }],
    [43004, { touser: 'oLeft' }],
    [43019, { touser: 'oBlack' }],
    [40008, { touser: alice, msgtype: 'x' }],
  ])('answers %d for %j', async (errcode, changes) => {
    const world = await phoned();
    await follow(world, { openid: 'oLeft', subscribed: false });
    await follow(world, { openid: 'oBlack', blacklisted: true });
    expect(await post(world, path, { ...text, ...changes })).toMatchObject({ errcode });
  });

  test('answers 45009 at the hundred and first of a day', async () => {
    const world = await phoned();
    const preview = async () => (await post(world, path, { touser: alice, ...text })).errcode;
    for (let count = 0; count < 100; count += 1) expect(await preview()).toBe(0);
    expect(await preview()).toBe(45009);
  });
});

describe('message/mass/speed', () => {
  test('is 0 until it is set, and then is kept', async () => {
    const world = simulate();
    const get = () => post(world, '/cgi-bin/message/mass/speed/get', {});
    expect(await get()).toEqual({ speed: 0, realspeed: 80 });
    const realSpeeds: unknown[] = [];
    for (const speed of [0, 1, 2, 3, 4]) {
      expect(await post(world, '/cgi-bin/message/mass/speed/set', { speed })).toMatchObject({ errcode: 0 });
      realSpeeds.push((await get())['realspeed']);
    }
    expect(realSpeeds).toEqual([80, 60, 45, 30, 10]);
  });

  test.each([
    [45084, {}],
    [45083, { speed: 5 }],
    [45083, { speed: -1 }],
    [45083, { speed: 1.5 }],
    [45083, { speed: '1' }],
  ])('answers %d for %j', async (errcode, body) => {
    expect(await post(simulate(), '/cgi-bin/message/mass/speed/set', body)).toMatchObject({ errcode });
  });
});

describe('a mass message to very many', () => {
  test('keeps the chats that somebody has had, and stays quick', async () => {
    const world = await phoned();
    await world.act('send', { text: 'hi' });
    await world.ask('POST', '/_ctl/followers', { count: 10_000 });
    await sendAll(world, { clientmsgid: 'many' });
    expect(await mass(world)).toMatchObject([{ total_count: 10_001, sent_count: 10_001 }]);
    expect(await contents(world)).toHaveLength(2);
    const { followers } = (await world.ask('GET', '/_ctl/state')) as unknown as {
      followers: readonly { openid: string }[];
    };
    expect(await contents(world, followers.at(-1)?.openid)).toEqual([{ type: 'text', text: '你好' }]);
    // Nobody else's chat is forgotten for those who have only been written to.
    await world.ask('POST', '/_ctl/phone/' + String(followers[0]?.openid) + '/send', { text: 'hi' });
    expect(await contents(world)).toHaveLength(2);
  });
});
