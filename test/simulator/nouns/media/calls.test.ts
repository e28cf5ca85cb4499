import { describe, expect, test } from 'vitest';
import { simulate, startMs, type Simulated } from '../../simulated.ts';
import {
  addCover,
  amr,
  bmp,
  formOf,
  gif,
  jpg,
  megabyte,
  mp3,
  mp4,
  png,
  post,
  upload,
  wma,
  type UploadedFile,
} from '../../uploads.ts';

const temporary = '/cgi-bin/media/upload?type=';
const permanent = '/cgi-bin/material/add_material?type=';
const words = { description: JSON.stringify({ title: '标题', introduction: '介绍' }) };

const errcode = async (world: Simulated, url: string, file: UploadedFile): Promise<number> =>
  (await upload(world, url, file)).errcode ?? 0;

async function download(world: Simulated, mediaId: string): Promise<Response> {
  return world.call('GET', await world.path(`/cgi-bin/media/get?media_id=${mediaId}`));
}

describe('GET /cgi-bin/media/get/jssdk', () => {
  test('gives a voice that a page has recorded as speex, and media/get as amr, for three days', async () => {
    const world = simulate();
    const { media_id: id } = await world.ask('POST', '/_ctl/jssdk/voice');
    const get = async (): Promise<Response> =>
      world.call('GET', await world.path(`/cgi-bin/media/get/jssdk?media_id=${String(id)}`));
    const clear = await get();
    expect(clear.headers.get('content-type')).toBe('voice/speex');
    expect(clear.headers.get('content-disposition')).toBe(`attachment; filename="${String(id)}.speex"`);
    expect((await clear.arrayBuffer()).byteLength).toBe(100);
    expect((await download(world, String(id))).headers.get('content-type')).toBe('audio/amr');
    await world.advance('3d');
    expect(await (await get()).json()).toMatchObject({ errcode: 40_007 });
  });

  test('refuses what was uploaded in another way, and no id at all', async () => {
    const world = simulate();
    const file = { name: 'a.amr', bytes: amr(50) };
    const { media_id: id } = await upload(world, `${temporary}voice`, file);
    const path = '/cgi-bin/media/get/jssdk';
    expect(await world.errcode('GET', await world.path(`${path}?media_id=${id}`))).toBe(40_007);
    expect(await world.errcode('GET', await world.path(path))).toBe(41_006);
  });
});

describe('POST /cgi-bin/media/upload', () => {
  test('answers type, media_id and the time, and media/get gives the same bytes back', async () => {
    const world = simulate();
    const bytes = png(1000);
    const added = await upload(world, `${temporary}image`, { name: '图 片.png', bytes });
    expect(added).toEqual({
      type: 'image',
      media_id: expect.stringMatching(/^[\w-]{64}$/),
      created_at: startMs / 1000,
    });
    const response = await download(world, added.media_id);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('content-length')).toBe('1000');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${added.media_id}.png"`);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test('calls the id of a thumb thumb_media_id', async () => {
    expect(await upload(simulate(), `${temporary}thumb`, { name: 'a.jpg', bytes: jpg() })).toEqual({
      type: 'thumb',
      thumb_media_id: expect.any(String),
      created_at: startMs / 1000,
    });
  });

  test.each([
    ['image', 'a.jpg', jpg(10 * megabyte), jpg(10 * megabyte + 1)],
    ['image', 'a.jpeg', jpg(10 * megabyte), jpg(10 * megabyte + 1)],
    ['image', 'a.PNG', png(10 * megabyte), png(10 * megabyte + 1)],
    ['image', 'a.gif', gif(10 * megabyte), gif(10 * megabyte + 1)],
    ['video', 'a.mp4', mp4(10 * megabyte), mp4(10 * megabyte + 1)],
    ['thumb', 'a.jpg', jpg(64 * 1024), jpg(64 * 1024 + 1)],
  ])('takes an %s %s to the last byte and refuses one more with 45001', async (type, name, last, beyond) => {
    const world = simulate();
    expect(await errcode(world, temporary + type, { name, bytes: last })).toBe(0);
    expect(await errcode(world, temporary + type, { name, bytes: beyond })).toBe(45001);
    expect(await errcode(world, permanent + type, { name, bytes: beyond, fields: words })).toBe(45001);
  });

  test('takes a voice of 60 whole seconds and refuses one of 61 with 45007', async () => {
    const world = simulate();
    expect(await errcode(world, `${temporary}voice`, { name: 'a.amr', bytes: amr(3049) })).toBe(0);
    expect(await errcode(world, `${temporary}voice`, { name: 'a.amr', bytes: amr(3050) })).toBe(45007);
    expect(await errcode(world, `${temporary}voice`, { name: 'a.mp3', bytes: mp3(2541) })).toBe(0);
    expect(await errcode(world, `${temporary}voice`, { name: 'a.mp3', bytes: mp3(2542) })).toBe(45007);
  });

  test('refuses a voice of more than 2 MB with 45001', async () => {
    const world = simulate();
    // A tag may be as long as it likes.
    const long = (length: number) => {
      const bytes = new Uint8Array(length);
      const size = length - 10;
      bytes.set([0x49, 0x44, 0x33, 4, 0, 0, size >> 21, (size >> 14) & 127, (size >> 7) & 127, size & 127]);
      return bytes;
    };
    expect(await errcode(world, `${temporary}voice`, { name: 'a.mp3', bytes: long(2 * megabyte) })).toBe(0);
    expect(await errcode(world, `${temporary}voice`, { name: 'a.mp3', bytes: long(2 * megabyte + 1) })).toBe(
      45001,
    );
  });

  test.each([
    ['no type', '', { name: 'a.jpg', bytes: jpg() }, 40004],
    ['an unknown type', 'file', { name: 'a.jpg', bytes: jpg() }, 40004],
    ['an inherited name as type', 'constructor', { name: 'a.jpg', bytes: jpg() }, 40004],
    ['a name without an ending', 'image', { name: 'picture', bytes: jpg() }, 40005],
    ['the name of an unnamed file', 'image', { name: 'blob', bytes: jpg() }, 40005],
    ['the ending of another format', 'image', { name: 'a.txt', bytes: jpg() }, 40005],
    ['the ending of another type', 'image', { name: 'a.mp4', bytes: jpg() }, 40005],
    [
      'a page with the name of a picture',
      'image',
      { name: 'a.jpg', bytes: new Uint8Array(Buffer.from('<html>')) },
      40005,
    ],
    ['the content of another type', 'image', { name: 'a.jpg', bytes: mp4() }, 40005],
    ['a picture of another format of the type', 'image', { name: 'a.png', bytes: jpg() }, 0],
    ['a bmp, which only permanent pictures are', 'image', { name: 'a.bmp', bytes: bmp() }, 40005],
    ['a wma, which only permanent voices are', 'voice', { name: 'a.wma', bytes: wma() }, 40005],
    ['a thumb that is no jpg', 'thumb', { name: 'a.png', bytes: png() }, 40005],
    ['an empty file', 'image', { name: 'a.jpg', bytes: new Uint8Array() }, 44001],
    ['a part with another name', 'image', { name: 'a.jpg', bytes: jpg(), part: 'file' }, 41005],
  ])('answers %s with the platform’s errcode', async (_, type, file, expected) => {
    expect(await errcode(simulate(), temporary + type, file)).toBe(expected);
  });

  test.each([
    ['blob', 40113],
    ['my.folder/blob', 40113],
    ['a.', 40113],
    ['a.txt', 40005],
    ['a.jpg', 0],
  ])('of a permanent picture with the name %j is answered with %i', async (name, expected) => {
    expect(await errcode(simulate(), `${permanent}image`, { name, bytes: jpg() })).toBe(expected);
  });

  test.each([
    ['JSON', '{"media":"x"}', { 'content-type': 'application/json' }],
    ['bytes', jpg(), { 'content-type': 'image/jpeg' }],
    ['nothing', undefined, {}],
    [
      'a field without a file name',
      '--b\r\nContent-Disposition: form-data; name="media"\r\n\r\nabc\r\n--b--\r\n',
      { 'content-type': 'multipart/form-data; boundary=b' },
    ],
    [
      'a file name in the spelling of RFC 5987 alone',
      `--b\r\nContent-Disposition: form-data; name="media"; filename*=UTF-8''a.jpg\r\n\r\nabc\r\n--b--\r\n`,
      { 'content-type': 'multipart/form-data; boundary=b' },
    ],
    [
      'a form that breaks off',
      '--b\r\nContent-Disposition: form-data; name="media"; filename="a.jpg"\r\n\r\nabc',
      { 'content-type': 'multipart/form-data; boundary=b' },
    ],
  ])('answers %s with 41005', async (_, body, headers) => {
    const world = simulate();
    expect(await world.errcode('POST', await world.path(`${temporary}image`), body, headers)).toBe(41005);
  });

  test('checks the token first, and takes only POST', async () => {
    const world = simulate();
    const [body, headers] = await formOf({ name: 'a.jpg', bytes: jpg() });
    expect(await world.errcode('POST', `${temporary}image`, body, headers)).toBe(41001);
    expect(await world.errcode('GET', await world.path(`${temporary}image`))).toBe(43002);
  });
});

describe('GET /cgi-bin/media/get', () => {
  test('gives media for three days, to the millisecond', async () => {
    const world = simulate();
    const { media_id: id } = await upload(world, `${temporary}voice`, { name: 'a.amr', bytes: amr(1) });
    await world.advance('259199999ms');
    const response = await download(world, id);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'audio/amr']);
    await world.advance('1ms');
    expect(await (await download(world, id)).json()).toMatchObject({ errcode: 40007 });
  });

  test('tells only the address of a video, where it can be opened without a token', async () => {
    const world = simulate();
    const bytes = mp4(500);
    const { media_id: id } = await upload(world, `${temporary}video`, { name: 'a.mp4', bytes });
    const { video_url: url } = (await (await download(world, id)).json()) as { video_url: string };
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:8090\/mpvideo\/[\w-]{40}$/);
    const response = await world.call('GET', new URL(url).pathname);
    expect(response.headers.get('content-type')).toBe('video/mp4');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test('refuses a permanent media_id with 40007, an unknown one too, and none with 41006', async () => {
    const world = simulate();
    const cover = await addCover(world);
    for (const [id, expected] of [
      [cover, 40007],
      ['M', 40007],
      ['', 41006],
    ] as const) {
      expect(await (await download(world, id)).json()).toMatchObject({ errcode: expected });
    }
    expect(await world.errcode('GET', await world.path('/cgi-bin/media/get'))).toBe(41006);
  });
});

describe('POST /cgi-bin/media/uploadimg', () => {
  const url = '/cgi-bin/media/uploadimg';

  test('answers an address that shows the picture to everybody, and counts it nowhere', async () => {
    const world = simulate();
    const bytes = jpg(777);
    const { url: address = '' } = await upload(world, url, { name: 'a.jpg', bytes });
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:8090\/mmbiz\/[\w-]{40}\/0$/);
    const response = await world.call('GET', new URL(address).pathname);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    const counted = await world.ask('GET', await world.path('/cgi-bin/material/get_materialcount'));
    expect(counted).toEqual({ voice_count: 0, video_count: 0, image_count: 0, news_count: 0 });
    expect((await world.call('GET', '/mmbiz/unknown/0')).status).toBe(404);
  });

  test('refuses 1 MB with 40009, and a gif with 40005', async () => {
    const world = simulate();
    expect(await errcode(world, url, { name: 'a.png', bytes: png(megabyte - 1) })).toBe(0);
    expect(await errcode(world, url, { name: 'a.png', bytes: png(megabyte) })).toBe(40009);
    expect(await errcode(world, url, { name: 'a.gif', bytes: gif() })).toBe(40005);
  });
});

describe('permanent media', () => {
  test('are added with an address for a picture, read, listed newest first, counted and deleted', async () => {
    const world = simulate();
    const bytes = bmp(300);
    const picture = await upload(world, `${permanent}image`, { name: 'a.bmp', bytes });
    expect(picture).toEqual({ media_id: expect.any(String), url: expect.stringContaining('/mmbiz/') });
    await world.advance('1s');
    const thumb = await upload(world, `${permanent}thumb`, { name: 'b.jpg', bytes: jpg() });
    const voice = await upload(world, `${permanent}voice`, { name: 'c.wma', bytes: wma() });
    expect(voice).toEqual({ media_id: expect.any(String) });
    const response = await world.call('POST', await world.path('/cgi-bin/material/get_material'), {
      media_id: picture.media_id,
    });
    expect(response.headers.get('content-type')).toBe('image/bmp');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    const list = (type: string, offset = 0, count = 20) =>
      post(world, '/cgi-bin/material/batchget_material', { type, offset, count });
    expect(await list('image')).toEqual({
      total_count: 2,
      item_count: 2,
      item: [
        { media_id: thumb.media_id, name: 'b.jpg', update_time: startMs / 1000 + 1, url: thumb.url },
        { media_id: picture.media_id, name: 'a.bmp', update_time: startMs / 1000, url: picture.url },
      ],
    });
    expect(await list('image', 1, 1)).toMatchObject({
      total_count: 2,
      item_count: 1,
      item: [{ name: 'a.bmp' }],
    });
    expect(await list('news')).toEqual({ total_count: 0, item_count: 0, item: [] });
    const count = async () => world.ask('GET', await world.path('/cgi-bin/material/get_materialcount'));
    expect(await count()).toEqual({ voice_count: 1, video_count: 0, image_count: 2, news_count: 0 });
    const remove = () => post(world, '/cgi-bin/material/del_material', { media_id: voice.media_id });
    expect(await remove()).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(await remove()).toMatchObject({ errcode: 40007 });
    expect(await count()).toMatchObject({ voice_count: 0 });
  });

  test('live longer than three days', async () => {
    const world = simulate();
    const cover = await addCover(world);
    await world.advance('365d');
    const answer = await world.call('POST', await world.path('/cgi-bin/material/get_material'), {
      media_id: cover,
    });
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
  });

  test('are described where they are videos: title, description, address', async () => {
    const world = simulate();
    const file = { name: 'a.mp4', bytes: mp4() };
    const { media_id: id } = await upload(world, `${permanent}video`, { ...file, fields: words });
    expect(await post(world, '/cgi-bin/material/get_material', { media_id: id })).toEqual({
      title: '标题',
      description: '介绍',
      down_url: expect.stringContaining('/mpvideo/'),
    });
    for (const description of [undefined, '', 'title', '[]', '{"introduction":"x"}', '{"title":1}']) {
      const fields = description === undefined ? {} : { description };
      expect(await errcode(world, `${permanent}video`, { ...file, fields })).toBe(47001);
    }
  });

  test.each([
    [{ type: 'image', offset: 0, count: 0 }, 40097],
    [{ type: 'image', offset: 0, count: 1 }, 0],
    [{ type: 'image', offset: 0, count: 20 }, 0],
    [{ type: 'image', offset: 0, count: 21 }, 40097],
    [{ type: 'image', offset: -1, count: 20 }, 40097],
    [{ type: 'image', offset: 0 }, 40097],
    [{ type: 'thumb', offset: 0, count: 20 }, 40004],
    [{ offset: 0, count: 20 }, 40004],
  ])('are listed by %j with errcode %d', async (body, expected) => {
    expect((await post(simulate(), '/cgi-bin/material/batchget_material', body)).errcode ?? 0).toBe(expected);
  });

  test('are not read under a temporary media_id (40007) nor without one (41006)', async () => {
    const world = simulate();
    const { media_id: id } = await upload(world, `${temporary}image`, { name: 'a.jpg', bytes: jpg() });
    for (const path of ['/cgi-bin/material/get_material', '/cgi-bin/material/del_material']) {
      expect((await post(world, path, { media_id: id })).errcode).toBe(40007);
      expect((await post(world, path, {})).errcode).toBe(41006);
    }
  });

  test('that a menu names are not deleted (48005) before the menu is', async () => {
    const world = simulate();
    const cover = await addCover(world);
    const button = [{ name: 'a', sub_button: [{ type: 'media_id', name: 'b', media_id: cover }] }];
    expect((await post(world, '/cgi-bin/menu/create', { button })).errcode).toBe(0);
    expect((await post(world, '/cgi-bin/material/del_material', { media_id: cover })).errcode).toBe(48005);
    await world.ask('GET', await world.path('/cgi-bin/menu/delete'));
    expect((await post(world, '/cgi-bin/material/del_material', { media_id: cover })).errcode).toBe(0);
  });
});
