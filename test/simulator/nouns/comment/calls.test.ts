import { describe, expect, test } from 'vitest';
import { parseSaved } from '../../../../src/simulator/account/saved.ts';
import { simulate, startMs, type JsonAnswer, type Simulated } from '../../simulated.ts';
import { addDraft, post, publish } from '../../uploads.ts';

type Article = { readonly msg_data_id: number; readonly index: number };

/** Alice and Bob, of whom Bob does not follow, and a publication of one article that takes comments. */
async function published(
  change: object = { need_open_comment: 1 },
): Promise<{ world: Simulated; article: Article; url: string }> {
  const world = simulate();
  await world.ask('POST', '/_ctl/followers', { openid: 'oAlice' });
  await world.ask('POST', '/_ctl/followers', { openid: 'oBob', subscribed: false });
  const { submitted, articleId } = await publish(world, await addDraft(world, { ...change }));
  const read = await post(world, '/cgi-bin/freepublish/getarticle', { article_id: articleId });
  const [{ url } = { url: '' }] = read['news_item'] as unknown as readonly { url: string }[];
  return { world, article: { msg_data_id: Number(submitted['msg_data_id']), index: 0 }, url };
}

const call = (world: Simulated, name: string, body: object): Promise<JsonAnswer> =>
  post(world, `/cgi-bin/comment/${name}`, body);
const write = (world: Simulated, body: object, openid = 'oAlice'): Promise<JsonAnswer> =>
  world.ask('POST', `/_ctl/phone/${openid}/comment`, body);
const list = (world: Simulated, article: Article, body: object = {}): Promise<JsonAnswer> =>
  call(world, 'list', { ...article, begin: 0, count: 50, type: 0, ...body });
const contents = async (...of: Parameters<typeof list>): Promise<readonly string[]> =>
  ((await list(...of))['comment'] as readonly { content: string }[]).map(({ content }) => content);

describe('comments on an article that takes them', () => {
  test('are written on the phone, by its address or its id, and listed newest first', async () => {
    const { world, article, url } = await published();
    expect(await write(world, { url, content: 'one' })).toMatchObject({ outcome: 'done', pushes: [] });
    await world.advance('1m');
    await write(world, { msg_data_id: String(article.msg_data_id), content: 'two' }, 'oBob');
    expect(await list(world, article)).toEqual({
      errcode: 0,
      errmsg: 'ok',
      total: 2,
      comment: [
        {
          user_comment_id: 2,
          openid: 'oBob',
          create_time: startMs / 1000 + 60,
          content: 'two',
          comment_type: 0,
          reply: [],
        },
        {
          user_comment_id: 1,
          openid: 'oAlice',
          create_time: startMs / 1000,
          content: 'one',
          comment_type: 0,
          reply: [],
        },
      ],
    });
    expect(await contents(world, article, { begin: 1, count: 1 })).toEqual(['one']);
    expect(await contents(world, article, { begin: 2 })).toEqual([]);
  });

  test('are featured, and read by their type', async () => {
    const { world, article, url } = await published();
    for (const content of ['one', 'two']) await write(world, { url, content });
    const first = { ...article, user_comment_id: 1 };
    expect(await call(world, 'markelect', first)).toMatchObject({ errcode: 0 });
    expect(await contents(world, article, { type: 2 })).toEqual(['one']);
    expect(await contents(world, article, { type: 1 })).toEqual(['two']);
    await call(world, 'unmarkelect', first);
    expect(await contents(world, article, { type: 2 })).toEqual([]);
  });

  test('get one reply, which can be taken back', async () => {
    const { world, article, url } = await published();
    await write(world, { url, content: 'one' });
    const first = { ...article, user_comment_id: 1 };
    const answer = (body: object) => call(world, 'reply/add', { ...first, ...body });
    expect(await answer({ content: '' })).toMatchObject({ errcode: 88_007 });
    expect(await answer({ content: 'x'.repeat(20_001) })).toMatchObject({ errcode: 88_007 });
    expect(await answer({ content: '谢谢' })).toMatchObject({ errcode: 0 });
    expect(await answer({ content: '谢谢' })).toMatchObject({ errcode: 88_005 });
    const { comment } = (await list(world, article)) as unknown as { comment: readonly object[] };
    expect(comment).toMatchObject([{ reply: [{ content: '谢谢', create_time: startMs / 1000 }] }]);
    expect(await call(world, 'reply/delete', first)).toMatchObject({ errcode: 0 });
    expect(await call(world, 'reply/delete', first)).toMatchObject({ errcode: 88_009 });
  });

  test('are deleted by the account, or by whoever wrote them', async () => {
    const { world, article, url } = await published();
    for (const content of ['one', 'two']) await write(world, { url, content });
    expect(await write(world, { delete: 2 }, 'oBob')).toMatchObject({ error: { type: 'unknown_comment' } });
    await write(world, { delete: 2 });
    expect(await call(world, 'markelect', { ...article, user_comment_id: 2 })).toMatchObject({
      errcode: 88_004,
    });
    const first = { ...article, user_comment_id: 1 };
    expect(await call(world, 'delete', first)).toMatchObject({ errcode: 0 });
    expect(await call(world, 'delete', first)).toMatchObject({ errcode: 88_008 });
    expect(await list(world, article)).toMatchObject({ total: 0 });
  });

  test('are featured a hundred times at most', async () => {
    const { world, article, url } = await published();
    const marks: number[] = [];
    for (let id = 1; id <= 101; id += 1) {
      await write(world, { url, content: 'x' });
      marks.push((await call(world, 'markelect', { ...article, user_comment_id: id })).errcode ?? -1);
    }
    expect(marks.slice(0, 100).every((errcode) => errcode === 0)).toBe(true);
    expect(marks[100]).toBe(88_003);
    expect(await call(world, 'markelect', { ...article, user_comment_id: 1 })).toMatchObject({ errcode: 0 });
  });
});

describe('whether an article takes comments', () => {
  test('is what its flag says until the account opens or closes it', async () => {
    const { world, article, url } = await published({});
    const closed = { error: { type: 'comments_closed' } };
    expect(await write(world, { url, content: 'x' })).toMatchObject(closed);
    expect(await call(world, 'open', article)).toMatchObject({ errcode: 0 });
    expect(await write(world, { url, content: 'x' })).toMatchObject({ outcome: 'done' });
    await call(world, 'close', article);
    expect(await write(world, { url, content: 'x' })).toMatchObject(closed);
    // What is there stays.
    expect(await list(world, article)).toMatchObject({ total: 1 });
  });

  test('can be for followers alone', async () => {
    const { world, url } = await published({ need_open_comment: 1, only_fans_can_comment: 1 });
    expect(await write(world, { url, content: 'x' }, 'oBob')).toMatchObject({
      error: { type: 'not_following' },
    });
    expect(await write(world, { url, content: 'x' })).toMatchObject({ outcome: 'done' });
  });

  test('is so for each article of a mass message, too, which is no publication', async () => {
    const { world, article } = await published();
    const media_id = await addDraft(world, {}, { need_open_comment: 1 });
    const filter = { is_to_all: true };
    const sent = await post(world, '/cgi-bin/message/mass/sendall', {
      filter,
      msgtype: 'mpnews',
      mpnews: { media_id },
    });
    const second = { msg_data_id: Number(sent['msg_data_id']), index: 1 };
    expect(await write(world, { ...second, content: 'x' })).toMatchObject({ outcome: 'done' });
    expect(await write(world, { ...second, index: 0, content: 'x' })).toMatchObject({
      error: { type: 'comments_closed' },
    });
    expect(await list(world, second)).toMatchObject({ total: 1 });
    expect(await list(world, article)).toMatchObject({ total: 0 });
    expect(await world.ask('GET', '/_ctl/comments')).toMatchObject([
      { ...article, open: true, comments: [] },
      { msg_data_id: second.msg_data_id, index: 0, open: false },
      { ...second, open: true, followers_only: false, comments: [{ openid: 'oAlice', content: 'x' }] },
    ]);
  });
});

describe('comment/*', () => {
  test.each([
    ['list', { count: 50 }, 0],
    ['list', { count: 51 }, 88_010],
    ['list', { count: 0 }, 88_010],
    ['list', { count: undefined }, 88_010],
    ['list', { type: 3 }, 40_097],
    ['list', { begin: -1 }, 40_097],
    ['list', { index: undefined }, 0],
    ['list', { index: 1 }, 88_001],
    ['list', { msg_data_id: 1 }, 88_001],
    ['open', { msg_data_id: undefined }, 88_001],
    ['markelect', { user_comment_id: 7 }, 88_008],
    ['unmarkelect', {}, 88_008],
    ['reply/add', { user_comment_id: 7, content: 'x' }, 88_008],
    ['reply/delete', { user_comment_id: 7 }, 88_008],
  ])('%s with %j is answered with %i', async (name, body, errcode) => {
    const { world, article } = await published();
    const whole = { ...article, begin: 0, count: 1, type: 0, ...body };
    expect(await call(world, name, whole)).toMatchObject({ errcode });
  });

  test('is refused with 88000 where the account has no comments, drafts with comments as well', async () => {
    const { world, article } = await published();
    await world.ask('POST', '/_ctl/settings', { comments: false });
    expect(await list(world, article)).toMatchObject({ errcode: 88_000 });
    const draft = (need_open_comment: number) =>
      post(world, '/cgi-bin/draft/add', { articles: [{ title: 't', need_open_comment }] });
    expect(await draft(1)).toMatchObject({ errcode: 88_000 });
    expect((await draft(0)).errcode).not.toBe(88_000);
  });

  test('knows no article that was deleted or banned', async () => {
    const { world, article } = await published();
    const { publishId, articleId } = await publish(world, await addDraft(world, { need_open_comment: 1 }));
    await world.ask('POST', `/_ctl/publications/${publishId}`, { status: 'banned' });
    const listed = (await world.ask('GET', '/_ctl/comments')) as unknown as readonly object[];
    expect(listed).toMatchObject([article]);
    expect(articleId).toBeTypeOf('string');
  });
});

test.each([
  [{ content: 'x' }, 'invalid_body'],
  [{ url: 'http://x/s/none', content: 'x' }, 'unknown_article'],
  [{ url: 'u', msg_data_id: 1, content: 'x' }, 'invalid_body'],
  [{ msg_data_id: 1 }, 'invalid_body'],
  [{ delete: 0 }, 'invalid_body'],
  [{ delete: 1, content: 'x' }, 'invalid_body'],
])('a phone cannot comment with %j', async (body, type) => {
  const { world } = await published();
  expect(await write(world, body)).toMatchObject({ error: { type } });
});

test('comments and switches outlive the simulator', async () => {
  const { world, article, url } = await published();
  await write(world, { url, content: 'one' });
  await call(world, 'reply/add', { ...article, user_comment_id: 1, content: '谢谢' });
  await call(world, 'close', article);
  const next = simulate({ saved: parseSaved(JSON.parse(JSON.stringify(world.save()))) });
  expect(await next.ask('GET', '/_ctl/comments')).toEqual(await world.ask('GET', '/_ctl/comments'));
  await call(next, 'open', article);
  await write(next, { url, content: 'two' });
  expect(await list(next, article)).toMatchObject({
    comment: [{ user_comment_id: 2 }, { user_comment_id: 1 }],
  });
});
