import { describe, expect, test } from 'vitest';
import type { ChatMessage } from '../../../../src/simulator/control/types/index.ts';
import { alice, phoned, type Phoned } from '../../control/phoned.ts';
import { simulate, type Simulated } from '../../simulated.ts';
import { jpg, upload } from '../../uploads.ts';

const text = (content: string) => ({ type: 'text', content });
const friend = text('Welcome');
const usual = text('Nobody is here');
const rule = (match_mode: string, content: string, ...replies: readonly unknown[]) => ({
  rule_name: content,
  keyword_list_info: [{ type: 'text', match_mode, content }],
  reply_list_info: replies,
});
const info = {
  add_friend_autoreply_info: friend,
  message_default_autoreply_info: usual,
  keyword_autoreply_info: {
    list: [rule('equal', 'hours', text('9 to 5')), rule('contain', 'our', text('Ours'), text('Theirs'))],
  },
};

const save = (world: Simulated, body: unknown) => world.call('POST', '/_ctl/autoreply', body);
const noServer = (world: Phoned) => world.ask('POST', '/_ctl/callback', { url: null });

/** What the account answers. */
function answers(messages: readonly ChatMessage[]): readonly unknown[] {
  return messages
    .filter(({ from }) => from === 'account')
    .map(({ origin, content }) => [origin, content.type === 'text' ? content.text : content.type]);
}

async function said(world: Phoned, message: Readonly<Record<string, unknown>>): Promise<readonly unknown[]> {
  return answers((await world.act('send', message)).messages);
}

describe('get_current_autoreply_info', () => {
  const get = async (world: Simulated) =>
    world.ask('GET', await world.path('/cgi-bin/get_current_autoreply_info'));

  test('tells that nothing is on before it is set', async () => {
    expect(await get(simulate())).toEqual({ is_add_friend_reply_open: 0, is_autoreply_open: 0 });
  });

  test('tells what was saved, with what was left out', async () => {
    const world = simulate();
    expect((await save(world, info)).status).toBe(200);
    expect(await get(world)).toEqual({
      is_add_friend_reply_open: 1,
      is_autoreply_open: 1,
      ...info,
      keyword_autoreply_info: {
        list: info.keyword_autoreply_info.list.map((each) => ({
          create_time: 1_768_449_600,
          reply_mode: 'reply_all',
          ...each,
        })),
      },
    });
    await save(world, {});
    expect(await get(world)).toEqual({ is_add_friend_reply_open: 0, is_autoreply_open: 0 });
  });
});

describe('the automatic reply in the chat', () => {
  test('greets who follows, and only them', async () => {
    const world = await phoned();
    await save(world, info);
    await noServer(world);
    await world.act('unfollow');
    expect(answers((await world.act('follow')).messages)).toEqual([['autoreply', 'Welcome']]);
    expect(answers((await world.act('unfollow')).messages)).toEqual([]);
  });

  test('takes the first rule that fits, and else the usual reply', async () => {
    const world = await phoned();
    await save(world, info);
    await noServer(world);
    expect(await said(world, { text: 'hours' })).toEqual([['autoreply', '9 to 5']]);
    expect(await said(world, { text: 'hours?' })).toEqual([
      ['autoreply', 'Ours'],
      ['autoreply', 'Theirs'],
    ]);
    expect(await said(world, { text: 'ou' })).toEqual([['autoreply', 'Nobody is here']]);
    expect(await said(world, { type: 'image' })).toEqual([['autoreply', 'Nobody is here']]);
  });

  test('takes one of several with random_one', async () => {
    const world = await phoned();
    const list = [{ ...rule('contain', 'a', text('1'), text('2')), reply_mode: 'random_one' }];
    await save(world, { keyword_autoreply_info: { list } });
    await noServer(world);
    const seen = new Set<string>();
    for (let count = 0; count < 20; count += 1) {
      const given = await said(world, { text: 'a' });
      expect(given).toHaveLength(1);
      seen.add(JSON.stringify(given[0]));
    }
    expect([...seen].toSorted()).toEqual(['["autoreply","1"]', '["autoreply","2"]']);
  });

  test('shows pictures with their content, and articles', async () => {
    const world = await phoned();
    const { media_id } = await upload(world, '/cgi-bin/material/add_material?type=image', {
      name: 'a.jpg',
      bytes: jpg(),
    });
    const news = {
      type: 'news',
      news_info: { list: [{ title: 'T', digest: 'D', content_url: 'http://a.b/' }] },
    };
    const list = [rule('equal', 'all', { type: 'img', content: media_id }, news)];
    await save(world, { keyword_autoreply_info: { list } });
    await noServer(world);
    const { messages } = await world.act('send', { text: 'all' });
    expect(messages.slice(1).map(({ content }) => content)).toEqual([
      { type: 'image', media_id, media_url: `/_ctl/media/${media_id}`, pic_url: null },
      { type: 'news', articles: [{ title: 'T', description: 'D', pic_url: '', url: 'http://a.b/' }] },
    ]);
  });

  test('is off while a server is configured, and where its switch is', async () => {
    const world = await phoned();
    await save(world, info);
    expect(await said(world, { text: 'hours' })).toEqual([]);
    expect(world.received).toHaveLength(1);
    await noServer(world);
    await save(world, { ...info, is_autoreply_open: 0, is_add_friend_reply_open: 0 });
    expect(await said(world, { text: 'hours' })).toEqual([]);
    await world.act('unfollow');
    expect(answers((await world.act('follow')).messages)).toEqual([]);
  });
});

describe('a message of somebody on the black list', () => {
  test('stands in their chat and is not pushed; what they tap still is', async () => {
    const world = await phoned();
    await world.pushMenu({ type: 'click', name: 'a', key: 'K' });
    await world.ask('POST', '/_ctl/followers', { openid: alice, blacklisted: true });
    const { messages, pushes } = await world.act('send', { text: 'hi' });
    expect([messages.map(({ from, push_id }) => [from, push_id]), pushes, world.received]).toEqual([
      [['person', null]],
      [],
      [],
    ]);
    const chat = await world.ask('GET', `/_ctl/chats/${alice}`);
    expect(chat['window_until']).toBeNull();
    await world.act('tap', { button: [0] });
    expect(world.received).toHaveLength(1);
    await world.ask('POST', '/_ctl/followers', { openid: alice, blacklisted: false });
    await world.act('send', { text: 'hi' });
    expect(world.received).toHaveLength(2);
  });
});

describe('POST /_ctl/autoreply', () => {
  test.each<[unknown, string]>([
    [{ other: 1 }, 'got "other"'],
    [{ is_autoreply_open: 2 }, '"is_autoreply_open" must be 0 or 1'],
    [
      { add_friend_autoreply_info: 'hi' },
      '"add_friend_autoreply_info" must be an object with "type", "content"',
    ],
    [
      { add_friend_autoreply_info: { type: 'news', content: 'x' } },
      '"add_friend_autoreply_info.type" must be one of "text", "img", "voice", "video"',
    ],
    [
      { message_default_autoreply_info: text('') },
      '"message_default_autoreply_info.content" must be a text of 1 to 2000 characters',
    ],
    [
      { keyword_autoreply_info: { list: {} } },
      '"keyword_autoreply_info.list" must be a list of 0 to 200 entries',
    ],
    [
      { keyword_autoreply_info: { list: [rule('like', 'a', usual)] } },
      '"keyword_autoreply_info.list[0].keyword_list_info[0].match_mode" must be one of "contain", "equal"',
    ],
    [
      { keyword_autoreply_info: { list: [rule('equal', 'a')] } },
      '"keyword_autoreply_info.list[0].reply_list_info" must be a list of 1 to 5 entries',
    ],
    [
      { keyword_autoreply_info: { list: [{ ...rule('equal', 'a', usual), create_time: 'now' }] } },
      '"keyword_autoreply_info.list[0].create_time" must be a time in whole seconds',
    ],
    [
      {
        keyword_autoreply_info: {
          list: [rule('equal', 'a', { type: 'news', news_info: { list: [{ digest: 'D' }] } })],
        },
      },
      '"keyword_autoreply_info.list[0].reply_list_info[0].news_info.list[0].title" must be a text of 1 to 2000 characters',
    ],
  ])('refuses %j and says what was expected', async (body, words) => {
    const world = simulate();
    await save(world, info);
    const before = await world.ask('GET', '/_ctl/autoreply');
    const response = await save(world, body);
    expect([response.status, (await response.json()) as unknown]).toEqual([
      400,
      {
        error: {
          type: 'invalid_autoreply',
          message: expect.stringContaining(words),
          message_zh: expect.stringMatching(/\p{Script=Han}/u),
        },
      },
    ]);
    expect(await world.ask('GET', '/_ctl/autoreply')).toEqual(before);
  });
});
