import { describe, expect, test } from 'vitest';
import { type CallBody, type CallRequest, validateCall } from '../../../src/core/call/index.ts';
import { findKnownCalls, readCallExamples, readParameters } from '../../../src/core/catalogue/index.ts';

async function check(
  path: string,
  sent: Partial<CallRequest> & { readonly value?: unknown },
): Promise<readonly string[]> {
  const [call] = await findKnownCalls(path);
  if (call === undefined) throw new Error(`unknown: ${path}`);
  const parameters = await readParameters(call, (await readCallExamples())[call.name]?.body);
  const { value, ...request } = sent;
  const body: CallBody | undefined =
    value === undefined ? undefined : { kind: 'text', text: JSON.stringify(value), file: undefined };
  const problems = validateCall(call, parameters, { method: call.method, path, query: {}, body, ...request });
  return problems.map(({ severity, at, text }) => `${severity} ${at}: ${text.en}`);
}

const raw = (text: string): Partial<CallRequest> => ({ body: { kind: 'text', text, file: undefined } });
const form = (name: string, bytes: number, part = 'media'): CallBody => ({
  kind: 'form',
  parts: [{ name: part, content: { path: name, fileName: name, bytes: new Uint8Array(bytes) } }],
});

describe('what is required', () => {
  test.each([
    ['/cgi-bin/tags/create', undefined, ['error tag.name: "tag.name" is missing']],
    ['/cgi-bin/tags/create', {}, ['error tag.name: "tag.name" is missing']],
    ['/cgi-bin/tags/create', { tag: {} }, ['error tag.name: "tag.name" is missing']],
    ['/cgi-bin/tags/create', { tag: { name: '' } }, ['error tag.name: "tag.name" is missing']],
    ['/cgi-bin/tags/create', { tag: { name: null } }, ['error tag.name: "tag.name" is missing']],
    ['/cgi-bin/tags/create', { tag: { name: 'x' } }, []],
    [
      '/cgi-bin/message/custom/send',
      { text: { content: 'x' } },
      ['error touser: "touser" is missing', 'error msgtype: "msgtype" is missing'],
    ],
    // Of each item, and of none where there is none.
    [
      '/cgi-bin/user/info/batchget',
      { user_list: [{ openid: 'a' }, { lang: 'zh_CN' }] },
      ['error user_list[1].openid: "user_list[1].openid" is missing'],
    ],
    ['/cgi-bin/user/info/batchget', { user_list: [] }, ['error user_list: "user_list" is empty']],
  ])('%s with %j', async (path, value, problems) => {
    expect(await check(path, { value })).toEqual(problems);
  });

  test('in the query as well', async () => {
    expect(await check('/cgi-bin/user/info', {})).toEqual(['error openid: "openid" is missing']);
    expect(await check('/cgi-bin/user/info', { query: { openid: 'o1' } })).toEqual([]);
  });
});

describe('limits, and one beyond each', () => {
  const openids = (count: number): string[] => Array.from({ length: count }, (_, index) => `o${index}`);
  const date = (value: string) => ({ begin_date: value, end_date: '2026-01-14' });

  test.each([
    [
      '/cgi-bin/tags/create',
      { tag: { name: '十'.repeat(10) } },
      { tag: { name: `${'十'.repeat(10)}a` } },
      'tag.name',
    ],
    [
      '/cgi-bin/tags/members/batchtagging',
      { openid_list: openids(50), tagid: 1 },
      { openid_list: openids(51), tagid: 1 },
      'openid_list',
    ],
    [
      '/cgi-bin/message/mass/send',
      { touser: openids(2), msgtype: 'text' },
      { touser: openids(1), msgtype: 'text' },
      'touser',
    ],
    ['/cgi-bin/draft/batchget', { offset: 0, count: 20 }, { offset: 0, count: 21 }, 'count'],
    ['/cgi-bin/draft/batchget', { offset: 0, count: 1 }, { offset: 0, count: 0 }, 'count'],
    [
      '/cgi-bin/qrcode/create',
      { action_name: 'QR_LIMIT_STR_SCENE', action_info: { scene: { scene_str: '汉'.repeat(64) } } },
      { action_name: 'QR_LIMIT_STR_SCENE', action_info: { scene: { scene_str: '汉'.repeat(65) } } },
      'action_info.scene.scene_str',
    ],
    ['/cgi-bin/draft/batchget', { offset: 0, count: 20 }, { offset: 0, count: '2x' }, 'count'],
    ['/cgi-bin/draft/batchget', { offset: 0, count: 20 }, { offset: 0, count: 'x2' }, 'count'],
    ['/datacube/getusersummary', date('2026-01-13'), date('2026-01-13T'), 'begin_date'],
    ['/datacube/getusersummary', date('2026-01-13'), date(' 2026-01-13'), 'begin_date'],
    ['/cgi-bin/openapi/quota/get', { cgi_path: '/a/b' }, { cgi_path: '/a/b?c' }, 'cgi_path'],
    ['/cgi-bin/draft/batchget', { offset: 0, count: '20' }, { offset: 0, count: 'many' }, 'count'],
    ['/datacube/getusersummary', date('2026-01-13'), date('20260113'), 'begin_date'],
    ['/cgi-bin/openapi/quota/get', { cgi_path: '/a/b' }, { cgi_path: 'a/b' }, 'cgi_path'],
    [
      '/cgi-bin/message/custom/typing',
      { touser: 'o', command: 'CancelTyping' },
      { touser: 'o', command: 'typing' },
      'command',
    ],
    ['/cgi-bin/shorten/gen', { long_data: 'x'.repeat(4096) }, { long_data: 'x'.repeat(4097) }, 'long_data'],
  ])('%s takes %j, and not %j', async (path, good, bad, at) => {
    expect(await check(path, { value: good })).toEqual([]);
    expect(await check(path, { value: bad })).toEqual([expect.stringMatching(new RegExp(`^error ${at}: `))]);
  });

  test('where sources differ is only warned of', async () => {
    const remark = (length: number) => ({ value: { openid: 'o1', remark: 'x'.repeat(length) } });
    expect(await check('/cgi-bin/user/info/updateremark', remark(29))).toEqual([]);
    expect(await check('/cgi-bin/user/info/updateremark', remark(30))).toEqual([
      'warning remark: "remark" has 30 bytes, at most 29 are allowed',
    ]);
  });
});

describe('the body as a text', () => {
  const path = '/cgi-bin/tags/create';
  test.each([
    [
      String.raw`{"tag":{"name":"\u5e7f\u4e1c"}}`,
      ['error body: \\u5e7f in line 1: WeChat refuses escapes (40033); write the character itself'],
    ],
    [
      `{\n"tag":\n{"name":"${String.raw`\u0041`}"}}`,
      ['error body: \\u0041 in line 3: WeChat refuses escapes (40033); write the character itself'],
    ],
    // A backslash before the u is not the beginning of an escape.
    [String.raw`{"tag":{"name":"\\u5e7f"}}`, []],
    [String.raw`{"tag":{"name":"a\nb"}}`, []],
    [
      '{"tag":{"name":"x"},}',
      ['error body: it is not JSON: WeChat takes neither comments nor a comma at the end'],
    ],
    ['// x\n{}', ['error body: it is not JSON: WeChat takes neither comments nor a comma at the end']],
    ['{"tag":{"name":"http://x"}', ['error body: its body is not JSON']],
    [' \n', ['error body: its body is empty']],
    ['["x"]', ['error body: it must be a JSON object']],
  ])('%s', async (text, problems) => {
    expect(await check(path, raw(text))).toEqual(problems);
  });

  test.each([
    [{ tag: 'x' }, ['warning tag: "tag" should be an object']],
    [{ tag: ['x'] }, ['warning tag: "tag" should be an object']],
    [{ tag: { name: ['x'] } }, ['warning tag.name: "tag.name" should be a single value']],
    [{ tag: { name: { a: 1 } } }, ['warning tag.name: "tag.name" should be a single value']],
    [{ tag: { name: 7 } }, []],
  ])('%j is looked at as far as its levels are there', async (value, problems) => {
    expect(await check(path, { value })).toEqual(problems);
  });

  test('a value where a list should be is warned of', async () => {
    const value = { openid_list: 'o1', tagid: 2 };
    expect(await check('/cgi-bin/tags/members/batchtagging', { value })).toEqual([
      'warning openid_list: "openid_list" should be a list',
    ]);
  });

  test('another method and a body that nobody reads are warned of', async () => {
    expect(await check('/cgi-bin/menu/get', { method: 'POST', ...raw('{}') })).toEqual([
      'warning method: the documentation says GET, not POST',
      'warning body: this call takes no body',
    ]);
  });
});

describe('a media id', () => {
  const problem = (at: string, id: string, more = '') => [`error ${at}: "${id}" is no media_id${more}`];
  const upload = '; upload the file first, the answer names it';
  test.each([
    ['MEDIA_ID', []],
    ['qI6_Ze_6PtV7svjolgs-rN6stStuHIjs9', []],
    ['cover.jpg', problem('media_id', 'cover.jpg', upload)],
    ['https://example.com/a', problem('media_id', 'https://example.com/a', upload)],
    ['a b', problem('media_id', 'a b')],
  ])('%s', async (id, problems) => {
    expect(await check('/cgi-bin/draft/get', { value: { media_id: id } })).toEqual(problems);
  });

  test('at any depth, and in the query', async () => {
    const value = { touser: 'o1', msgtype: 'image', image: { media_id: 'a.jpg' } };
    expect(await check('/cgi-bin/message/custom/send', { value })).toEqual(
      problem('image.media_id', 'a.jpg', upload),
    );
    expect(await check('/cgi-bin/media/get', { query: { media_id: 'a/b' } })).toEqual(
      problem('media_id', 'a/b', upload),
    );
  });
});

describe('pictures of an article', () => {
  const add = async (content: string) =>
    await check('/cgi-bin/draft/add', {
      value: { articles: [{ title: 'T', content, thumb_media_id: 'M' }] },
    });

  test.each([
    '<p>text</p>',
    '<img src="https://mmbiz.qpic.cn/mmbiz/0">',
    "<IMG alt='x' data-src='//mmbiz.qpic.cn/a'>",
    '<img src="http://mmbiz.qlogo.cn/a"/>',
    // A simulator keeps what was uploaded to it on this machine.
    '<img src=http://127.0.0.1:8090/mmbiz/0>',
    '<a href="https://example.com/a.jpg">link</a>',
  ])('%s stays', async (content) => {
    expect(await add(content)).toEqual([]);
  });

  test.each([
    ['<img src="https://example.com/a.jpg">', 'https://example.com/a.jpg'],
    ["<p><img\nclass='x' src='http://qpic.cn.example.com/a'></p>", 'http://qpic.cn.example.com/a'],
    ['<img src=//example.com/a.png >', '//example.com/a.png'],
    ['<img src="data:image/png;base64,AAAA">', 'data:image/png;base64,AAAA'],
    ['<img src="/a.jpg">', '/a.jpg'],
  ])('%s is taken out', async (content, url) => {
    expect(await add(content)).toEqual([
      `error articles[0].content: WeChat takes the picture ${url} out of "articles[0].content"; upload it: /cgi-bin/media/uploadimg`,
    ]);
  });

  test('in a change of one article, too', async () => {
    const articles = { title: 'T', content: '<img src="http://a.example/b">', thumb_media_id: 'M' };
    const problems = await check('/cgi-bin/draft/update', { value: { media_id: 'M', index: 0, articles } });
    expect(problems).toEqual([expect.stringMatching(/^error articles\.content: /)]);
  });
});

describe('uploads', () => {
  const upload = async (type: string, body: CallBody | undefined) =>
    await check('/cgi-bin/media/upload', { query: { type }, body });

  test.each([
    ['image', 'a.jpg', 10 * 1024 * 1024],
    ['voice', 'a.amr', 2 * 1024 * 1024],
    ['video', 'a.mp4', 10 * 1024 * 1024],
    ['thumb', 'a.JPG', 64 * 1024],
  ])('%s: %s with %i bytes, and not one more', async (type, name, most) => {
    expect(await upload(type, form(name, most))).toEqual([]);
    expect(await upload(type, form(name, most + 1))).toEqual([
      `error media: "${name}" has ${most + 1} bytes, at most ${most} are allowed`,
    ]);
  });

  test.each([
    [undefined, ['error media: the file is missing: --form media=@FILE']],
    [form('a.jpg', 1, 'file'), ['error media: the file is missing: --form media=@FILE']],
    [
      { kind: 'form', parts: [{ name: 'media', content: 'a.jpg' }] } as const,
      ['error media: "media" must be a file: --form media=@FILE'],
    ],
    [form('a.jpg', 0), ['error media: "a.jpg" is empty']],
    [form('a.webp', 1), ['warning media: "a.webp" has another ending than png, jpeg, jpg, gif']],
    [form('picture', 1), ['warning media: "picture" has another ending than png, jpeg, jpg, gif']],
    [
      { kind: 'text', text: '{}', file: undefined } as const,
      [
        'error body: this call takes a file: --form name=@FILE',
        'error media: the file is missing: --form media=@FILE',
      ],
    ],
  ])('%j', async (body, problems) => {
    expect(await upload('image', body)).toEqual(problems);
  });

  test('the type is among the four', async () => {
    expect(await upload('file', form('a.jpg', 1))).toEqual([
      'error type: "type" is "file"; known are image, voice, video, thumb',
    ]);
    expect(await upload('constructor', form('a.jpg', 1))).toHaveLength(1);
  });
});

test('a call that is withdrawn is warned of', async () => {
  const value = { action: 'long2short', long_url: 'http://x/' };
  expect(await check('/cgi-bin/shorturl', { value })).toEqual([
    'warning path: WeChat has withdrawn this call, and answers 45106',
  ]);
});

test('six calls of one path are told apart by a fixed parameter', async () => {
  expect(await check('/card/invoice/setbizattr', { query: { action: 'x' }, value: {} })).toContain(
    'error action: "action" must be set_pay_mch',
  );
});
