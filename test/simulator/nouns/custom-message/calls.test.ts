import { describe, expect, test } from 'vitest';
import { simulate, type JsonAnswer, type Simulated } from '../../simulated.ts';
import { addDraft, amr, jpg, mp4, publish, upload } from '../../uploads.ts';

const send = '/cgi-bin/message/custom/send';
const typing = '/cgi-bin/message/custom/typing';
const ok = { errcode: 0, errmsg: 'ok' };
const hello = { touser: 'o1', msgtype: 'text', text: { content: 'Hello World' } };

/** A follower who has just written. */
async function chatting(): Promise<Simulated> {
  const simulated = simulate();
  await simulated.ask('POST', '/_ctl/followers', { openid: 'o1' });
  await simulated.ask('POST', '/_ctl/phone/o1/send', { type: 'text', text: 'hi' });
  return simulated;
}

async function post({ ask, path }: Simulated, url: string, body: unknown): Promise<JsonAnswer> {
  return ask('POST', await path(url), body);
}

async function lastMessage({ ask }: Simulated): Promise<unknown> {
  return ((await ask('GET', '/_ctl/chats/o1'))['messages'] as unknown[]).at(-1);
}

/** Media and articles of the account by the names that stand for them below. */
async function shelved(world: Simulated): Promise<Readonly<Record<string, string>>> {
  const add = async (scope: string, type: string, name: string, bytes: Uint8Array<ArrayBuffer>) => {
    const added = await upload(world, `/cgi-bin/${scope}?type=${type}`, { name, bytes });
    return added.media_id ?? (added['thumb_media_id'] as string);
  };
  const { articleId } = await publish(world, await addDraft(world, { title: 'A', digest: 'D' }));
  return {
    $image: await add('media/upload', 'image', 'a.jpg', jpg()),
    $permanent: await add('material/add_material', 'image', 'a.jpg', jpg()),
    $voice: await add('media/upload', 'voice', 'a.amr', amr(1)),
    $video: await add('media/upload', 'video', 'a.mp4', mp4()),
    $thumb: await add('media/upload', 'thumb', 'a.jpg', jpg()),
    $draft: await addDraft(world, { title: 'A', digest: 'D' }),
    $two: await addDraft(world, {}, {}),
    $article: articleId,
  };
}

function filled<Value>(value: Value, ids: Readonly<Record<string, string>>): Value {
  return JSON.parse(JSON.stringify(value).replaceAll(/\$\w+/g, (name) => ids[name] ?? name)) as Value;
}

const [picture, page] = ['http://127.0.0.1:8090/mmbiz//0', 'http://127.0.0.1:8090/s/'];
const mediaUrl = (name: string): string => `/_ctl/media/${name}`;

/** A message whose body has so many characters. */
function ofLength(characters: number) {
  const message = (title: string) => ({ touser: 'o1', msgtype: 'news', news: { articles: [{ title }] } });
  return message('t'.repeat(characters - JSON.stringify(message('')).length));
}

describe('POST /cgi-bin/message/custom/send', () => {
  test('refuses with 48002 who blocks messages, and nobody else', async () => {
    const world = await chatting();
    const answer = async (blocked: boolean): Promise<JsonAnswer> => {
      await world.ask('POST', '/_ctl/followers', { openid: 'o1', blocks_messages: blocked });
      return await post(world, send, hello);
    };
    expect(await answer(true)).toMatchObject({
      errcode: 48002,
      errmsg: expect.stringMatching(/^user block receive message rid: /),
    });
    expect(await answer(false)).toEqual(ok);
  });

  test.each([
    [
      { msgtype: 'text', text: { content: '你好' } },
      { type: 'text', text: '你好' },
    ],
    [
      { msgtype: 'image', image: { media_id: '$image' } },
      { type: 'image', media_id: '$image', media_url: mediaUrl('$image'), pic_url: null },
    ],
    [
      { msgtype: 'image', image: { media_id: '$permanent' } },
      { type: 'image', media_id: '$permanent', media_url: mediaUrl('$permanent'), pic_url: null },
    ],
    [
      { msgtype: 'voice', voice: { media_id: '$voice' } },
      { type: 'voice', media_id: '$voice', media_url: mediaUrl('$voice'), recognition: null },
    ],
    [
      {
        msgtype: 'video',
        video: { media_id: '$video', thumb_media_id: '$thumb', title: 't', description: 'd' },
      },
      {
        type: 'video',
        media_id: '$video',
        media_url: mediaUrl('$video'),
        thumb_url: mediaUrl('$thumb'),
        title: 't',
        description: 'd',
      },
    ],
    // Programs write null for what they leave out.
    [
      {
        msgtype: 'text',
        text: { content: 'hi' },
        image: null,
        customservice: null,
      },
      { type: 'text', text: 'hi' },
    ],
    [
      { msgtype: 'text', text: { content: 'hi' }, customservice: { kf_account: null } },
      { type: 'text', text: 'hi' },
    ],
    [
      { msgtype: 'news', news: { articles: [{ title: 't', description: null, url: null, picurl: null }] } },
      { type: 'news', articles: [{ title: 't', description: '', pic_url: '', url: '' }] },
    ],
    [
      {
        msgtype: 'video',
        video: { media_id: '$video', thumb_media_id: null, title: null, description: null },
      },
      { type: 'video', media_id: '$video', thumb_url: null, title: '', description: '' },
    ],
    [
      { msgtype: 'video', video: { media_id: '$video' } },
      { type: 'video', media_id: '$video', thumb_url: null, title: '', description: '' },
    ],
    [
      {
        msgtype: 'music',
        music: { title: 't', description: 'd', musicurl: 'u', hqmusicurl: 'h', thumb_media_id: '$thumb' },
      },
      {
        type: 'music',
        title: 't',
        description: 'd',
        music_url: 'u',
        hq_music_url: 'h',
        thumb_media_id: '$thumb',
        thumb_url: mediaUrl('$thumb'),
      },
    ],
    [
      { msgtype: 'news', news: { articles: [{ title: 't', description: 'd', url: 'u', picurl: 'p' }] } },
      { type: 'news', articles: [{ title: 't', description: 'd', pic_url: 'p', url: 'u' }] },
    ],
    [
      {
        msgtype: 'msgmenu',
        msgmenu: { head_content: 'h', list: [{ id: '101', content: '满意' }], tail_content: 't' },
      },
      { type: 'msgmenu', head: 'h', list: [{ id: '101', content: '满意' }], tail: 't' },
    ],
    [
      {
        msgtype: 'miniprogrampage',
        miniprogrampage: { title: 't', appid: 'a', pagepath: 'p', thumb_media_id: '$image' },
      },
      { type: 'miniprogrampage', title: 't', appid: 'a', thumb_url: mediaUrl('$image') },
    ],
    [
      { msgtype: 'mpnewsarticle', mpnewsarticle: { article_id: '$article' } },
      { type: 'news', articles: [{ title: 'A', description: 'D', pic_url: picture, url: page }] },
    ],
    [
      { msgtype: 'mpnews', mpnews: { media_id: '$draft' } },
      { type: 'news', articles: [{ title: 'A', description: 'D', pic_url: picture, url: page }] },
    ],
    [
      { msgtype: 'wxcard', wxcard: { card_id: 'C' } },
      { type: 'other', name: 'wxcard', fields: { card_id: 'C' } },
    ],
  ])('puts %j into the chat', async (message, content) => {
    const simulated = await chatting();
    const ids = await shelved(simulated);
    const customservice = { kf_account: 'test1@kftest' };
    await post(simulated, '/customservice/kfaccount/add', { ...customservice, nickname: '客服1' });
    expect(await post(simulated, send, { touser: 'o1', ...filled(message, ids), customservice })).toEqual(ok);
    const shown = JSON.parse(
      JSON.stringify(await lastMessage(simulated)).replaceAll(/\/(mmbiz|s)\/[\w-]+/g, '/$1/'),
    );
    expect(shown).toMatchObject({ from: 'account', origin: 'custom', content: filled(content, ids) });
  });

  test.each([
    ['a stranger', { ...hello, touser: 'nobody' }, 40003, 'invalid openid'],
    ['nobody', { ...hello, touser: undefined }, 40003, 'invalid openid'],
    ['an unknown type', { ...hello, msgtype: 'letter' }, 40008, 'invalid message type'],
    [
      'an inherited name',
      { ...hello, msgtype: 'constructor', constructor: {} },
      40008,
      'invalid message type',
    ],
    ['no type', { ...hello, msgtype: undefined }, 40008, 'invalid message type'],
    ['a type without its object', { ...hello, msgtype: 'image' }, 40008, 'invalid message type'],
    ['an empty text', { ...hello, text: {} }, 44004, 'empty content'],
    ['2049 bytes', { ...hello, text: { content: 'a'.repeat(2049) } }, 45002, 'content size out of limit'],
    ['2048 bytes', { ...hello, text: { content: 'a'.repeat(2048) } }, 0, 'ok'],
    ['a text of another kind', { ...hello, text: { content: 1 } }, 47001, 'data format error'],
    ['no media_id', { touser: 'o1', msgtype: 'image', image: {} }, 40007, 'invalid media_id'],
    [
      'an unknown media_id',
      { touser: 'o1', msgtype: 'image', image: { media_id: 'M' } },
      40007,
      'invalid media_id',
    ],
    [
      'media of another type',
      { touser: 'o1', msgtype: 'voice', voice: { media_id: '$image' } },
      40007,
      'invalid media_id',
    ],
    [
      'a video with an unknown cover',
      { touser: 'o1', msgtype: 'video', video: { media_id: '$video', thumb_media_id: 'T' } },
      40007,
      'invalid media_id',
    ],
    [
      'music with a voice as cover',
      { touser: 'o1', msgtype: 'music', music: { thumb_media_id: '$voice' } },
      40007,
      'invalid media_id',
    ],
    [
      'an unknown cover of a mini program',
      { touser: 'o1', msgtype: 'miniprogrampage', miniprogrampage: { thumb_media_id: 'T' } },
      40007,
      'invalid media_id',
    ],
    ['an unknown draft', { touser: 'o1', msgtype: 'mpnews', mpnews: { media_id: 'M' } }, 40007, 'invalid'],
    [
      'two articles in a draft',
      { touser: 'o1', msgtype: 'mpnews', mpnews: { media_id: '$two' } },
      45008,
      'article',
    ],
    [
      'an unknown article',
      { touser: 'o1', msgtype: 'mpnewsarticle', mpnewsarticle: { article_id: 'A' } },
      53600,
      'invalid article_id',
    ],
    ['no article_id', { touser: 'o1', msgtype: 'mpnewsarticle', mpnewsarticle: {} }, 53600, 'invalid'],
    ['a body of 32768 characters', ofLength(32_768), 0, 'ok'],
    ['a body of 32769 characters', ofLength(32_769), 45002, 'content size out of limit'],
    ['no article', { touser: 'o1', msgtype: 'news', news: { articles: [] } }, 44003, 'empty news data'],
    [
      'two articles',
      { touser: 'o1', msgtype: 'news', news: { articles: [{}, {}] } },
      45008,
      'article size out of limit',
    ],
  ])('answers %s with the platform’s errcode', async (_, body, errcode, errmsg) => {
    const simulated = await chatting();
    const answer = await post(simulated, send, filled(body, await shelved(simulated)));
    expect(answer).toMatchObject({ errcode, errmsg: expect.stringMatching(new RegExp(`^${errmsg}`)) });
    if (errcode !== 0) expect(await lastMessage(simulated)).toMatchObject({ from: 'person' });
  });

  test('takes five messages after one of the person, refuses the sixth with 45047', async () => {
    const simulated = await chatting();
    for (let count = 0; count < 5; count += 1) expect(await post(simulated, send, hello)).toEqual(ok);
    expect(await post(simulated, send, hello)).toMatchObject({
      errcode: 45047,
      errmsg: expect.stringMatching(/^out of response count limit rid: /),
    });
    await simulated.ask('POST', '/_ctl/phone/o1/send', { type: 'text', text: 'again' });
    expect(await post(simulated, send, hello)).toEqual(ok);
  });

  test('takes messages for 48 hours after the last, then refuses with 45015', async () => {
    const simulated = await chatting();
    await simulated.advance('172799999ms');
    expect(await post(simulated, send, hello)).toEqual(ok);
    await simulated.advance('1ms');
    const closed = {
      errcode: 45015,
      errmsg: expect.stringMatching(/^response out of time limit or subscription is canceled rid: /),
    };
    expect(await post(simulated, send, hello)).toMatchObject(closed);
    await simulated.ask('POST', '/_ctl/followers', { openid: 'silent' });
    expect(await post(simulated, send, { ...hello, touser: 'silent' })).toMatchObject(closed);
    const left = await chatting();
    await left.ask('POST', '/_ctl/phone/o1/unfollow', {});
    expect(await post(left, send, hello)).toMatchObject(closed);
  });
});

describe('POST /cgi-bin/message/custom/typing', () => {
  const start = { touser: 'o1', command: 'Typing' };
  const cancel = { touser: 'o1', command: 'CancelTyping' };

  test('refuses a second start with 45081 until the first ends', async () => {
    const simulated = await chatting();
    expect(await post(simulated, typing, start)).toEqual(ok);
    expect(await post(simulated, typing, start)).toMatchObject({
      errcode: 45081,
      errmsg: expect.stringMatching(/^you are already typing rid: /),
    });
    expect(await post(simulated, typing, cancel)).toEqual(ok);
    expect(await post(simulated, typing, start)).toEqual(ok);
    await post(simulated, send, hello);
    expect(await post(simulated, typing, start)).toEqual(ok);
    await simulated.advance('14999ms');
    expect(await post(simulated, typing, start)).toMatchObject({ errcode: 45081 });
    await simulated.advance('1ms');
    expect(await post(simulated, typing, start)).toEqual(ok);
  });

  test('needs a message of either side within 30 s, else 45080', async () => {
    const simulated = await chatting();
    await simulated.advance('29999ms');
    expect(await post(simulated, typing, start)).toEqual(ok);
    await simulated.advance('1ms');
    expect(await post(simulated, typing, cancel)).toMatchObject({
      errcode: 45080,
      errmsg: expect.stringMatching(/^need sending message to user, or recving message from user in the/),
    });
    await post(simulated, send, hello);
    expect(await post(simulated, typing, start)).toEqual(ok);
  });

  test('refuses another command with 45072, and who does not follow with 40003', async () => {
    const simulated = await chatting();
    for (const command of ['typing', undefined]) {
      expect(await post(simulated, typing, { touser: 'o1', command })).toMatchObject({ errcode: 45072 });
    }
    expect(await post(simulated, typing, { ...start, touser: 'nobody' })).toMatchObject({ errcode: 40003 });
    await simulated.ask('POST', '/_ctl/phone/o1/unfollow', {});
    expect(await post(simulated, typing, start)).toMatchObject({ errcode: 40003 });
  });
});
