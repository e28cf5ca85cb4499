import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ChatContent } from '../../../../src/simulator/control/types/index.ts';
import { simulate } from '../../simulated.ts';
import {
  addCover,
  addDraft,
  amr,
  jpg,
  megabyte,
  mp3,
  mp4,
  png,
  post,
  publish,
  upload,
} from '../../uploads.ts';
import { alice, phoned, reply, type Phoned } from '../phoned.ts';

const dataUrl = (bytes: Uint8Array, type = 'application/octet-stream'): string =>
  `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;

function field(xml: string | undefined, name: string): string {
  return new RegExp(`<${name}><!\\[CDATA\\[(.*?)\\]\\]></${name}>`).exec(xml ?? '')?.[1] ?? '';
}

async function download(world: Phoned, mediaId: string): Promise<Response> {
  return world.call('GET', await world.path(`/cgi-bin/media/get?media_id=${mediaId}`));
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

describe('POST /_ctl/phone/:openid/send', () => {
  test('sends a picture that media/get, PicUrl and the page all have', async () => {
    const world = await phoned();
    for (const body of [{}, { data: dataUrl(png(5000)) }]) {
      const { pushes, messages } = await world.act('send', { type: 'image', ...body });
      const [mediaId, url] = [field(pushes[0]?.plain, 'MediaId'), field(pushes[0]?.plain, 'PicUrl')];
      const content = messages[0]?.content as ChatContent & { type: 'image' };
      expect(content).toEqual({
        type: 'image',
        media_id: mediaId,
        pic_url: url,
        media_url: `/_ctl/media/${mediaId}`,
      });
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:8090\/mmbiz\//);
      const answers = await Promise.all([
        download(world, mediaId),
        world.call('GET', new URL(url).pathname),
        world.call('GET', content.media_url ?? ''),
      ]);
      const contents = await Promise.all(answers.map(bytesOf));
      expect(contents[1]).toEqual(contents[0]);
      expect(contents[2]).toEqual(contents[0]);
      const type = 'data' in body ? 'image/png' : 'image/jpeg';
      expect(answers.map(({ headers }) => headers.get('content-type'))).toEqual([type, type, type]);
      if ('data' in body) expect(contents[0]).toEqual(png(5000));
    }
  });

  test('sends a voice in both rates, and a video with its cover', async () => {
    const world = await phoned();
    const { pushes } = await world.act('send', { type: 'voice' });
    for (const name of ['MediaId', 'MediaId16K']) {
      const answer = await download(world, field(pushes[0]?.plain, name));
      expect(answer.headers.get('content-type')).toBe('audio/amr');
    }
    expect(field(pushes[0]?.plain, 'Format')).toBe('amr');
    const spoken = await world.act('send', { type: 'voice', data: dataUrl(mp3(10)) });
    expect(field(spoken.pushes[0]?.plain, 'Format')).toBe('mp3');
    for (const type of ['video', 'shortvideo']) {
      const sent = await world.act('send', { type, data: dataUrl(mp4(99)) });
      const [video, cover] = ['MediaId', 'ThumbMediaId'].map((name) => field(sent.pushes[0]?.plain, name));
      const { video_url: url } = (await (await download(world, video ?? '')).json()) as { video_url: string };
      expect(await bytesOf(await world.call('GET', new URL(url).pathname))).toEqual(mp4(99));
      expect((await download(world, cover ?? '')).headers.get('content-type')).toBe('image/jpeg');
      expect(sent.messages[0]?.content).toMatchObject({
        media_url: `/_ctl/media/${video}`,
        thumb_url: `/_ctl/media/${cover}`,
      });
    }
  });

  test('sends media of the account, and invents unknown ones', async () => {
    const world = await phoned();
    const { media_id: known } = await upload(world, '/cgi-bin/media/upload?type=image', {
      name: 'a.jpg',
      bytes: jpg(123),
    });
    const sent = await world.act('send', { type: 'image', media_id: known });
    expect(field(sent.pushes[0]?.plain, 'MediaId')).toBe(known);
    expect(await bytesOf(await download(world, known))).toEqual(jpg(123));
    await world.act('send', { type: 'image', media_id: 'mine' });
    expect((await download(world, 'mine')).headers.get('content-type')).toBe('image/jpeg');
  });

  test.each([
    ['image', 'https://example.com/a.jpg'],
    ['image', 'data:image/png,abc'],
    ['image', 1],
    ['image', dataUrl(Buffer.from('<svg onload="alert(1)"/>'), 'image/png')],
    ['image', dataUrl(mp4())],
    ['image', dataUrl(jpg(10 * megabyte + 1))],
    ['voice', dataUrl(amr(3050))],
    ['voice', dataUrl(jpg())],
    ['video', dataUrl(jpg())],
  ])('refuses an %s that WeChat would not take, without a push', async (type, data) => {
    const world = await phoned();
    const response = await world.call('POST', `/_ctl/phone/${alice}/send`, { type, data });
    expect([response.status, world.received]).toEqual([400, []]);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_body' } });
  });

  test('says which limit a picture breaks, in both languages', async () => {
    const world = await phoned();
    const response = await world.call('POST', `/_ctl/phone/${alice}/send`, {
      type: 'image',
      data: dataUrl(mp4()),
    });
    expect(await response.json()).toEqual({
      error: {
        type: 'invalid_body',
        message: '"data" must be an image that WeChat takes: the format is not accepted (40005), got mp4',
        message_zh: '“data”必须是微信接受的图片：格式不支持（40005），收到的是 mp4',
      },
    });
  });
});

describe('POST /_ctl/phone/:openid/tap', () => {
  test('on a picture button pushes the MD5 of the pictures that follow', async () => {
    const world = await phoned();
    await world.pushMenu({ type: 'pic_photo_or_album', name: 'a', key: 'K' });
    const { pushes } = await world.act('tap', { button: [0], pictures: 2 });
    const sums = Array.from(
      pushes[0]?.plain.matchAll(/<PicMd5Sum><!\[CDATA\[(\w+)\]\]>/g) ?? [],
      ([, sum]) => sum,
    );
    const found = await Promise.all(
      pushes.slice(1).map(async ({ plain }) => bytesOf(await download(world, field(plain, 'MediaId')))),
    );
    expect(found.map((bytes) => createHash('md5').update(bytes).digest('hex'))).toEqual(sums);
    expect(new Set(sums).size).toBe(2);
  });

  test('shows media and articles of the menu that are there', async () => {
    const world = await phoned();
    const cover = await addCover(world);
    const { articleId } = await publish(world, await addDraft(world, { title: 'one' }, { title: 'two' }));
    await world.pushMenu(
      { type: 'media_id', name: 'a', media_id: cover },
      {
        name: 'b',
        sub_button: [
          { type: 'article_id', name: 'a', article_id: articleId },
          { type: 'article_view_limited', name: 'b', article_id: articleId },
          { type: 'media_id', name: 'c', media_id: 'gone' },
          { type: 'article_id', name: 'd', article_id: 'gone' },
          { type: 'view_limited', name: 'e', media_id: cover },
        ],
      },
    );
    const tap = (...button: readonly number[]) => world.act('tap', { button });
    expect((await tap(0)).messages).toMatchObject([
      { origin: 'menu', content: { type: 'image', media_id: cover, media_url: `/_ctl/media/${cover}` } },
    ]);
    const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:8090\/s\//) as string;
    expect((await tap(1, 0)).messages).toMatchObject([
      {
        content: {
          type: 'news',
          articles: [
            { title: 'one', url },
            { title: 'two', url },
          ],
        },
      },
    ]);
    expect((await tap(1, 1)).opened).toEqual(url);
    for (const place of [2, 3, 4]) {
      expect(await tap(1, place)).toMatchObject({
        messages: [],
        pushes: [],
        notice: { en: expect.stringMatching(/^Nothing comes: /) },
      });
    }
    await post(world, '/cgi-bin/freepublish/delete', { article_id: articleId });
    expect((await tap(1, 0)).messages).toEqual([]);
  });
});

describe('a passive reply', () => {
  const image = (mediaId: string) => `<MsgType>image</MsgType><Image><MediaId>${mediaId}</MediaId></Image>`;

  test('with media of the account shows them without a problem, with other media warns', async () => {
    let media = '';
    const world = await phoned(({ body }) => {
      const original = field(Buffer.from(body ?? '').toString(), 'ToUserName');
      return reply(alice, original, image(media));
    });
    media = await addCover(world);
    const good = await world.act('send', { text: 'hi' });
    expect(good.pushes[0]?.problems).toEqual([]);
    expect(good.messages[1]?.content).toMatchObject({ media_id: media, media_url: `/_ctl/media/${media}` });
    media = 'unknown';
    const bad = await world.act('send', { text: 'hi' });
    expect(bad.pushes[0]).toMatchObject({
      valid: true,
      problems: [
        {
          rule: 'unknown_media',
          severity: 'warning',
          field: 'MediaId',
          text: { en: 'MediaId must be media of this account, got "unknown"' },
        },
      ],
    });
    expect(bad.messages[1]?.content).toMatchObject({ type: 'image', media_id: 'unknown', media_url: null });
  });
});

describe('GET /_ctl/media/:media_id', () => {
  test('shows the content to this machine only, and never as a page', async () => {
    const world = simulate();
    const cover = await addCover(world);
    const response = await world.call('GET', `/_ctl/media/${cover}`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    const foreign = { origin: 'http://evil.example' };
    expect((await world.call('GET', `/_ctl/media/${cover}`, undefined, foreign)).status).toBe(403);
    expect(
      (await world.call('GET', `/_ctl/media/${cover}`, undefined, { host: 'evil.example' })).status,
    ).toBe(403);
    expect(await world.ask('GET', '/_ctl/media/none')).toEqual({
      error: { type: 'unknown_media', message: 'There is no media "none"', message_zh: '没有素材“none”' },
    });
  });
});
