import { describe, expect, test } from 'vitest';
import { phoned } from '../../control/phoned.ts';
import { simulate, startMs } from '../../simulated.ts';
import { addCover, addDraft, amr, article, jpg, post, publish, upload } from '../../uploads.ts';

const add = '/cgi-bin/draft/add';
const paged = { offset: 0, count: 20 };

describe('POST /cgi-bin/draft/add', () => {
  test('keeps an article as draft/get reads it, with an address that opens', async () => {
    const world = simulate();
    const thumb = await addCover(world);
    const full = {
      ...article(thumb),
      content_source_url: 'https://example.com/',
      need_open_comment: 1,
      only_fans_can_comment: '1',
      show_cover_pic: 1,
      pic_crop_235_1: '0_0_1_0.5',
    };
    const { media_id: id } = await post(world, add, { articles: [full] });
    expect(id).toMatch(/^[\w-]{64}$/);
    const { news_item: items } = await post(world, '/cgi-bin/draft/get', { media_id: id });
    const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:8090\/s\/[\w-]{22}$/) as string;
    expect(items).toEqual([{ ...full, only_fans_can_comment: 1, url }]);
  });

  test('takes the beginning of the words where there is no digest, and scripts out', async () => {
    const world = simulate();
    const content = `<p>你<b>好</b></p>&nbsp;<script>alert(1)</script><b>${'长'.repeat(60)}</b>`;
    const id = await addDraft(world, { content, digest: undefined });
    const { news_item: items } = await post(world, '/cgi-bin/draft/get', { media_id: id });
    expect(items).toMatchObject([
      { digest: `你好 ${'长'.repeat(51)}`, content: `<p>你<b>好</b></p>&nbsp;<b>${'长'.repeat(60)}</b>` },
    ]);
  });

  test('takes scripts out that never end', async () => {
    const world = simulate();
    const id = await addDraft(world, { content: 'a<script>b<script src=c' });
    const { news_item: items } = await post(world, '/cgi-bin/draft/get', { media_id: id });
    expect(items).toMatchObject([{ content: 'a' }]);
    const other = await addDraft(world, { content: 'a<scripted>b<script src=c' });
    const { news_item: others } = await post(world, '/cgi-bin/draft/get', { media_id: other });
    expect(others).toMatchObject([{ content: 'a<scripted>b' }]);
  });

  test.each(['<script ', '<script></script '])('is not slowed down by a million of %j', async (piece) => {
    const world = simulate();
    const articles = [article('M', { content: piece.repeat(1_000_000) })];
    // Looked at again and again, this would take hours.
    expect((await post(world, add, { articles })).errcode).toBe(44003);
  });

  test.each([
    ['a title of 64 characters', { title: '题'.repeat(64) }, 0],
    ['a title of 65', { title: '题'.repeat(65) }, 45003],
    ['64 emoji as title', { title: '😀'.repeat(64) }, 0],
    ['no title', { title: undefined }, 45003],
    ['an empty title', { title: '' }, 45003],
    ['a title that is a number', { title: 1 }, 40097],
    ['a digest of 120 characters', { digest: '摘'.repeat(120) }, 0],
    ['a digest of 121', { digest: '摘'.repeat(121) }, 45004],
    ['19999 characters', { content: 'x'.repeat(19_999) }, 0],
    ['20000 characters', { content: 'x'.repeat(20_000) }, 45002],
    ['no content', { content: undefined }, 44003],
    ['blanks', { content: ' \n' }, 44003],
    ['nothing but a script', { content: '<script>a</script>' }, 44003],
    ['an address of 1024 bytes', { content_source_url: 'x'.repeat(1024) }, 0],
    ['an address of 1025', { content_source_url: 'x'.repeat(1025) }, 45005],
    ['no cover', { thumb_media_id: undefined }, 40007],
    ['an unknown cover', { thumb_media_id: 'M' }, 40007],
    ['a comment switch of 2', { need_open_comment: 2 }, 40097],
    ['a crop of 2000 characters', { pic_crop_235_1: 'x'.repeat(1998) }, 0],
    ['a crop of 2001', { pic_crop_235_1: 'x'.repeat(1999) }, 40097],
    ['a product', { product_info: { footer_product_info: { product_key: 'k' } } }, 53406],
    ['an unknown article_type', { article_type: 'video' }, 10170002],
    ['the article_type news', { article_type: 'news' }, 0],
  ])('answers %s with the platform’s errcode', async (_, changes, errcode) => {
    const world = simulate();
    const thumb = await addCover(world);
    const answered = await post(world, add, { articles: [article(thumb, changes)] });
    expect(answered.errcode ?? 0).toBe(errcode);
    const { total_count: total } = await world.ask('GET', await world.path('/cgi-bin/draft/count'));
    expect(total).toBe(errcode === 0 ? 1 : 0);
  });

  test('answers 40097 for a crop that is nested deeper than can be written again', async () => {
    const world = simulate();
    const articles = [article(await addCover(world), { cover_info: 'deep' })];
    const body = JSON.stringify({ articles }).replace('"deep"', `${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}`);
    expect(await world.errcode('POST', await world.path(add), body)).toBe(40097);
  });

  test('takes one to eight articles: 44003 for none, 45008 for nine', async () => {
    const world = simulate();
    const thumb = await addCover(world);
    const articles = (count: number) => Array.from({ length: count }, () => article(thumb));
    for (const [body, errcode] of [
      [{ articles: articles(1) }, 0],
      [{ articles: articles(8) }, 0],
      [{ articles: articles(9) }, 45008],
      [{ articles: [] }, 44003],
      [{}, 44003],
      [{ articles: [null] }, 45003],
    ] as const) {
      expect((await post(world, add, body)).errcode ?? 0).toBe(errcode);
    }
  });

  test('wants a permanent picture as cover, no temporary one and no voice', async () => {
    const world = simulate();
    const temporary = await upload(world, '/cgi-bin/media/upload?type=image', {
      name: 'a.jpg',
      bytes: jpg(),
    });
    const voice = await upload(world, '/cgi-bin/material/add_material?type=voice', {
      name: 'a.amr',
      bytes: amr(1),
    });
    const thumb = await upload(world, '/cgi-bin/material/add_material?type=thumb', {
      name: 'a.jpg',
      bytes: jpg(),
    });
    for (const [{ media_id: id }, errcode] of [
      [temporary, 40007],
      [voice, 40007],
      [thumb, 0],
    ] as const) {
      expect((await post(world, add, { articles: [article(id)] })).errcode ?? 0).toBe(errcode);
    }
  });

  test('takes a newspic with one to twenty permanent pictures, whose first is the cover', async () => {
    const world = simulate();
    const picture = await addCover(world);
    const newspic = (count: number) => ({
      article_type: 'newspic',
      title: 'T',
      content: 'words',
      image_info: { image_list: Array.from({ length: count }, () => ({ image_media_id: picture })) },
    });
    const { media_id: id } = await post(world, add, { articles: [newspic(20)] });
    const { news_item: items } = await post(world, '/cgi-bin/draft/get', { media_id: id });
    expect(items).toMatchObject([
      { article_type: 'newspic', thumb_media_id: picture, digest: '', image_info: newspic(20).image_info },
    ]);
    for (const [articles, errcode] of [
      [newspic(21), 40097],
      [newspic(0), 40097],
      [{ ...newspic(1), image_info: { image_list: [{ image_media_id: 'M' }] } }, 40007],
    ] as const) {
      expect((await post(world, add, { articles: [articles] })).errcode).toBe(errcode);
    }
  });
});

describe('POST /cgi-bin/draft/update', () => {
  test('replaces one article, counted from 0, and leaves its address and the others', async () => {
    const world = simulate();
    const id = await addDraft(world, { title: 'first' }, { title: 'second' });
    const get = async () => (await post(world, '/cgi-bin/draft/get', { media_id: id }))['news_item'];
    const [first, second] = (await get()) as unknown as Record<string, unknown>[];
    const thumb = String(first?.['thumb_media_id']);
    const update = (index: unknown, changes = {}) =>
      post(world, '/cgi-bin/draft/update', { media_id: id, index, articles: article(thumb, changes) });
    expect(await update(1, { title: 'new' })).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(await get()).toEqual([first, { ...second, title: 'new' }]);
    for (const index of [2, -1, 0.5, '1', undefined]) expect((await update(index)).errcode).toBe(40114);
    expect((await update(0, { title: '' })).errcode).toBe(45003);
    const unknown = await post(world, '/cgi-bin/draft/update', {
      media_id: 'M',
      index: 0,
      articles: article(thumb),
    });
    expect(unknown.errcode).toBe(40007);
    expect(await get()).toMatchObject([{ title: 'first' }, { title: 'new' }]);
  });
});

describe('the draft box', () => {
  test('is open for every account', async () => {
    const world = simulate();
    const open = { errcode: 0, errmsg: 'ok', is_open: 1 };
    expect(await world.ask('POST', await world.path('/cgi-bin/draft/switch?checkonly=1'))).toEqual(open);
    expect(await world.ask('POST', await world.path('/cgi-bin/draft/switch'))).toEqual(open);
  });

  test('lists the last changed draft first, in pages', async () => {
    const world = simulate();
    const older = await addDraft(world, { title: 'older' });
    await world.advance('1s');
    const newer = await addDraft(world, { title: 'newer' });
    const list = (body: object) => post(world, '/cgi-bin/draft/batchget', { ...paged, ...body });
    expect(await list({})).toMatchObject({
      total_count: 2,
      item_count: 2,
      item: [
        { media_id: newer, update_time: startMs / 1000 + 1 },
        { media_id: older, update_time: startMs / 1000, content: { news_item: [{ content: '<p>C</p>' }] } },
      ],
    });
    const brief = await list({ no_content: 1, offset: 1 });
    expect(brief).toMatchObject({ total_count: 2, item_count: 1, item: [{ media_id: older }] });
    expect(JSON.stringify(brief)).not.toContain('"content":"');
  });

  test.each([
    [{ no_content: true, offset: '0' }, undefined],
    [{ no_content: '1', count: '20' }, undefined],
    [{ no_content: false }, undefined],
    [{ no_content: null }, undefined],
    [{ no_content: 2 }, 40097],
    [{ no_content: 'true' }, 40097],
    [{ offset: '-1' }, 40097],
    [{ offset: '' }, 40097],
    [{ offset: 0.5 }, 40097],
    [{ count: 0 }, 40097],
    [{ count: '21' }, 40097],
  ])('judges %j alike on an empty and on a filled list', async (body, errcode) => {
    const world = await phoned();
    const paths = ['/cgi-bin/draft/batchget', '/cgi-bin/freepublish/batchget'];
    const ask = (path: string) => post(world, path, { ...paged, ...body });
    for (const path of paths) expect((await ask(path)).errcode, `empty ${path}`).toBe(errcode);
    await publish(world, await addDraft(world));
    await addDraft(world);
    for (const path of paths) {
      const answer = await ask(path);
      expect(answer.errcode, path).toBe(errcode);
      const hasContent = !('no_content' in body) || body.no_content === false || body.no_content === null;
      if (errcode === undefined) {
        expect(answer).toMatchObject({ item_count: 1 });
        expect(JSON.stringify(answer).includes('"content":"')).toBe(hasContent);
      }
    }
  });

  test('deletes a draft once', async () => {
    const world = simulate();
    const media_id = await addDraft(world);
    expect(await post(world, '/cgi-bin/draft/delete', { media_id })).toEqual({ errcode: 0, errmsg: 'ok' });
    for (const path of ['delete', 'get']) {
      expect((await post(world, `/cgi-bin/draft/${path}`, { media_id })).errcode).toBe(40007);
    }
  });
});
