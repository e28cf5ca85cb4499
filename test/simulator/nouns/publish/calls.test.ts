import { describe, expect, test, vi } from 'vitest';
import { ownFields, phoned, type Phoned } from '../../control/phoned.ts';
import { simulate, startMs } from '../../simulated.ts';
import { addCover, addDraft, article, post, publish } from '../../uploads.ts';

const get = (world: Phoned, publishId: string | number) =>
  post(world, '/cgi-bin/freepublish/get', { publish_id: publishId });

/** So many events as the developer's server has received them. They leave when the call has been answered. */
async function events(world: Phoned, count: number): Promise<readonly string[]> {
  await vi.waitFor(() => expect(world.received.length).toBeGreaterThanOrEqual(count));
  expect(world.received).toHaveLength(count);
  return world.received.map(({ body }) => ownFields(Buffer.from(body ?? '').toString()));
}

describe('POST /cgi-bin/freepublish/submit', () => {
  test('takes a draft out of the box, and pushes PUBLISHJOBFINISH', async () => {
    const world = await phoned();
    const draft = await addDraft(world, { title: 'one' }, { title: 'two' });
    const { publishId, articleId, submitted, status } = await publish(world, draft);
    expect(submitted).toEqual({
      errcode: 0,
      errmsg: 'ok',
      publish_id: Number(publishId),
      msg_data_id: expect.stringMatching(/^\d{10}$/),
    });
    const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:8090\/s\/[\w-]{22}$/) as string;
    expect(status).toEqual({
      publish_id: publishId,
      publish_status: 0,
      article_id: expect.stringMatching(/^[\w-]{43}$/),
      article_detail: {
        count: 2,
        item: [
          { idx: 1, article_url: url },
          { idx: 2, article_url: url },
        ],
      },
      fail_idx: [],
    });
    expect((await post(world, '/cgi-bin/draft/get', { media_id: draft })).errcode).toBe(40007);
    const [event] = await events(world, 1);
    expect(event).toMatch(
      new RegExp(
        `<Event><!\\[CDATA\\[PUBLISHJOBFINISH\\]\\]></Event>\\s*<PublishEventInfo>\\s*<publish_id>${publishId}</publish_id>\\s*<publish_status>0</publish_status>\\s*<article_id><!\\[CDATA\\[${articleId}\\]\\]></article_id>\\s*<article_detail>\\s*<count>2</count>\\s*<item>\\s*<idx>1</idx>\\s*<article_url><!\\[CDATA\\[http://127.0.0.1:8090/s/[\\w-]{22}\\]\\]></article_url>\\s*</item>\\s*<item>\\s*<idx>2</idx>`,
      ),
    );
  });

  test.each([
    ['not_original', 2, [1]],
    ['failed', 3, []],
    ['refused', 4, [1]],
  ])(
    'ends as %s (%d) where a test wants that, once, and the draft stays',
    async (outcome, status, failed) => {
      const world = await phoned();
      await world.ask('POST', '/_ctl/outcomes', { publish: outcome });
      const draft = await addDraft(world);
      const { publishId, status: answered } = await publish(world, draft);
      expect(answered).toEqual({ publish_id: publishId, publish_status: status, fail_idx: failed });
      const [event = ''] = await events(world, 1);
      expect(event).toContain(`<publish_status>${status}</publish_status>`);
      expect(event).not.toContain('article_id');
      expect(event.includes('<fail_idx>1</fail_idx>')).toBe(failed.length > 0);
      expect((await post(world, '/cgi-bin/draft/get', { media_id: draft })).errcode).toBeUndefined();
      expect((await publish(world, draft)).status['publish_status']).toBe(0);
    },
  );

  test('stays in progress on hold, until POST /_ctl/publications/:publish_id ends it', async () => {
    const world = await phoned();
    await world.ask('POST', '/_ctl/outcomes', { publish: 'hold' });
    const { publishId, status } = await publish(world, await addDraft(world));
    expect(status).toEqual({ publish_id: publishId, publish_status: 1, fail_idx: [] });
    const end = (body: unknown, id = publishId) => world.call('POST', `/_ctl/publications/${id}`, body);
    expect(await (await end({ status: 'banned' })).json()).toMatchObject({
      error: { type: 'invalid_publication' },
    });
    expect((await end({ status: 'publishing' })).status).toBe(400);
    expect(await (await end({ status: 'success' }, '1')).json()).toMatchObject({
      error: { type: 'unknown_publication' },
    });
    expect(await (await end({ status: 'success' })).json()).toMatchObject({
      publish_id: publishId,
      status: 'success',
    });
    expect(await get(world, publishId)).toMatchObject({ publish_status: 0 });
    await events(world, 1);
    expect((await end({ status: 'failed' })).status).toBe(400);
    expect((await end({ status: 'banned' })).status).toBe(200);
    expect(await get(world, publishId)).toEqual({ publish_id: publishId, publish_status: 6, fail_idx: [] });
    const [event] = await events(world, 1);
    expect(event).toContain('<publish_status>0</publish_status>');
  });

  test('refuses an unknown draft with 40007 and uses up no outcome', async () => {
    const world = simulate();
    await world.ask('POST', '/_ctl/outcomes', { publish: 'failed' });
    expect((await post(world, '/cgi-bin/freepublish/submit', { media_id: 'M' })).errcode).toBe(40007);
    expect(await world.ask('GET', '/_ctl/outcomes')).toEqual([{ publish: 'failed', times: 1 }]);
  });
});

describe('what has been published', () => {
  test.each([
    ['in a list', (id: string) => [id]],
    ['with a blank', (id: string) => ` ${id}`],
    ['as null', () => null],
  ])('is not found by a publish_id %s', async (_what, wrong) => {
    const world = await phoned();
    const { publishId } = await publish(world, await addDraft(world));
    const answer = await post(world, '/cgi-bin/freepublish/get', { publish_id: wrong(publishId) });
    expect(answer.errcode).toBe(40097);
  });

  test('is read by its article_id, and listed newest first', async () => {
    const world = await phoned();
    const older = await publish(world, await addDraft(world, { title: 'older' }));
    await world.advance('1s');
    const newer = await publish(world, await addDraft(world, { title: 'newer' }));
    expect(
      await post(world, '/cgi-bin/freepublish/getarticle', { article_id: older.articleId }),
    ).toMatchObject({
      news_item: [{ title: 'older', is_deleted: false }],
    });
    const list = (body: object = {}) =>
      post(world, '/cgi-bin/freepublish/batchget', { offset: 0, count: 20, ...body });
    expect(await list()).toMatchObject({
      total_count: 2,
      item_count: 2,
      item: [
        { article_id: newer.articleId, update_time: startMs / 1000 + 1 },
        { article_id: older.articleId, content: { news_item: [{ content: '<p>C</p>' }] } },
      ],
    });
    expect(JSON.stringify(await list({ no_content: 1 }))).not.toContain('"content":"');
    expect((await list({ count: 21 })).errcode).toBe(40097);
    expect(await get(world, Number(older.publishId))).toEqual(older.status);
  });

  test('has status 5 when all is deleted one by one', async () => {
    const world = await phoned();
    const { publishId, articleId } = await publish(world, await addDraft(world, {}, {}));
    const remove = (index: unknown, id = articleId) =>
      post(world, '/cgi-bin/freepublish/delete', { article_id: id, index });
    for (const index of [3, -1, 1.5, '1']) expect((await remove(index)).errcode).toBe(40060);
    expect((await remove(1, 'A')).errcode).toBe(53600);
    expect((await remove(2)).errcode).toBe(0);
    expect(await post(world, '/cgi-bin/freepublish/getarticle', { article_id: articleId })).toMatchObject({
      news_item: [{ is_deleted: false }, { is_deleted: true }],
    });
    expect(await get(world, publishId)).toMatchObject({ publish_status: 0 });
    expect((await remove(1)).errcode).toBe(0);
    expect(await get(world, publishId)).toMatchObject({ publish_status: 5 });
  });

  test('is deleted whole with the index 0, or without one', async () => {
    for (const body of [{ index: 0 }, {}]) {
      const world = await phoned();
      const { publishId, articleId } = await publish(world, await addDraft(world, {}, {}));
      expect(await post(world, '/cgi-bin/freepublish/delete', { article_id: articleId, ...body })).toEqual({
        errcode: 0,
        errmsg: 'ok',
      });
      expect(await get(world, publishId)).toMatchObject({ publish_status: 5 });
    }
  });

  test('is not found under another id: 53600 for an article, 40097 for a publication', async () => {
    const world = await phoned();
    expect((await post(world, '/cgi-bin/freepublish/getarticle', { article_id: 'A' })).errcode).toBe(53600);
    expect((await get(world, '1')).errcode).toBe(40097);
    expect((await post(world, '/cgi-bin/freepublish/get', {})).errcode).toBe(40097);
  });
});

describe('GET /s/:page', () => {
  const open = async (world: ReturnType<typeof simulate>, url: string, language = 'en') => {
    const response = await world.call('GET', new URL(url).pathname, undefined, {
      'accept-language': language,
    });
    return [response.status, await response.text(), response.headers] as const;
  };
  const published = async (world: ReturnType<typeof simulate>, changes = {}) => {
    const { articleId } = await publish(world, await addDraft(world, changes));
    const { news_item: items } = await post(world, '/cgi-bin/freepublish/getarticle', {
      article_id: articleId,
    });
    return { articleId, url: (items as unknown as { url: string }[])[0]?.url ?? '' };
  };

  test('shows title, author, time, content and how often it was opened, in both languages', async () => {
    const world = simulate();
    const { url } = await published(world, {
      title: '<标题> & "co"',
      author: "O'Neill",
      content: '<p>正文</p>',
      content_source_url: 'https://example.com/?a=1&b=2',
    });
    const [status, html] = await open(world, url);
    expect(status).toBe(200);
    expect(html).toContain('<h1>&lt;标题&gt; &amp; &quot;co&quot;</h1>');
    expect(html).toContain('<p class="facts">O&#39;Neill · 2026-01-15 12:00</p>');
    expect(html).toContain('<div><p>正文</p></div>');
    expect(html).toContain(
      '<a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">Read the original</a> · Reads 1',
    );
    await world.ask('POST', '/_ctl/settings', { name: 'A & B' });
    const [, chinese] = await open(world, url, 'zh-CN,zh;q=0.9');
    expect(chinese).toContain('>阅读原文</a> · 阅读 2');
    expect(chinese).toContain('<p class="facts">O&#39;Neill · A &amp; B · 2026-01-15 12:00</p>');
    expect(await world.ask('GET', '/_ctl/publications')).toMatchObject([{ articles: [{ reads: 2, url }] }]);
  });

  test('lets nothing in the content act', async () => {
    const world = simulate();
    const { url } = await published(world, {
      content: '<img src=x onerror=alert(1)>',
      content_source_url: 'javascript:alert(1)',
    });
    const [, html, headers] = await open(world, url);
    const policy = headers.get('content-security-policy')?.split('; ');
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "img-src 'self'", "form-action 'none'"]),
    );
    expect(policy).toEqual(expect.arrayContaining(['sandbox allow-popups', "frame-ancestors 'none'"]));
    expect(policy?.join()).not.toContain('script');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(html).not.toContain('javascript:');
  });

  test('shows a draft under its own address, and its pictures', async () => {
    const world = simulate();
    const cover = await addCover(world);
    const articles = [article(cover, { show_cover_pic: 1 })];
    const { media_id: id } = await post(world, '/cgi-bin/draft/add', { articles });
    const { news_item: items } = await post(world, '/cgi-bin/draft/get', { media_id: id });
    const [status, html] = await open(world, (items as unknown as { url: string }[])[0]?.url ?? '');
    expect([status, html.includes(' · Draft</p>'), html.includes('Reads')]).toEqual([200, true, false]);
    const source = /<img src="http:\/\/127\.0\.0\.1:8090([^"]+)"/.exec(html)?.[1] ?? '';
    expect((await world.call('GET', source)).headers.get('content-type')).toBe('image/jpeg');
  });

  test('says what is deleted, banned, or was never there', async () => {
    const world = simulate();
    const { articleId, url } = await published(world);
    await post(world, '/cgi-bin/freepublish/delete', { article_id: articleId });
    expect((await open(world, url)).slice(0, 2)).toEqual([
      200,
      expect.stringContaining('The author has deleted this article'),
    ]);
    const other = await published(world);
    const [publication] = (
      (await world.ask('GET', '/_ctl/publications')) as unknown as { publish_id: string }[]
    ).slice(-1);
    await world.ask('POST', `/_ctl/publications/${publication?.publish_id}`, { status: 'banned' });
    expect((await open(world, other.url, 'zh'))[1]).toContain('此内容因违规无法查看');
    expect((await open(world, 'http://127.0.0.1:8090/s/nothing'))[0]).toBe(404);
  });
});
