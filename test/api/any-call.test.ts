import { describe, expect, test } from 'vitest';
import { type AnyCall, formatForm, sendAnyCall } from '../../src/api/any-call.ts';
import { findKnownCalls } from '../../src/core/catalogue/index.ts';
import { WechatMpError } from '../../src/core/errors.ts';
import { apiClient } from '../helpers/api-client.ts';
import type { FakeAnswer } from '../helpers/fake-fetch.ts';

async function callOf(path: string, changes: Partial<AnyCall> = {}): Promise<AnyCall> {
  const [known] = await findKnownCalls(path);
  return {
    known,
    method: known?.method ?? 'POST',
    path,
    query: {},
    body: undefined,
    contentType: undefined,
    effect: known?.effect ?? 'write',
    token: true,
    secrets: [],
    ...changes,
  };
}

/** The text of the answer, `bytes`, or what went wrong. */
async function outcome(path: string, answer: FakeAnswer, changes?: Partial<AnyCall>): Promise<string> {
  const { client, fake } = apiClient(answer);
  try {
    const { json } = await sendAnyCall(client, await callOf(path, changes));
    fake.verify();
    return json ?? 'bytes';
  } catch (error) {
    if (!(error instanceof WechatMpError)) throw error;
    return `${error.family} ${error.type}${error.facts['outcome'] === 'unknown' ? ' unclear' : ''}`;
  }
}

const text = (body: string, more: Partial<FakeAnswer> = {}): FakeAnswer => ({ body, ...more });

describe('a change is done only where the platform says so', () => {
  test.each([
    // The documented answer has an errcode.
    ['/cgi-bin/tags/update', '{"errcode":0,"errmsg":"ok"}', '{"errcode":0,"errmsg":"ok"}'],
    ['/cgi-bin/tags/update', '{"errcode":"0"}', '{"errcode":"0"}'],
    ['/cgi-bin/tags/update', '{}', 'network unexpected_answer unclear'],
    ['/cgi-bin/tags/update', '{"errmsg":"ok"}', 'network unexpected_answer unclear'],
    ['/cgi-bin/tags/update', '{"errcode":45159}', 'api invalid_tag_id'],
    // It has a field instead.
    ['/cgi-bin/tags/create', '{"tag":{"id":100}}', '{"tag":{"id":100}}'],
    ['/cgi-bin/tags/create', '{"errcode":0}', 'network unexpected_answer unclear'],
    ['/cgi-bin/tags/create', '{"tag":{"id":""}}', 'network unexpected_answer unclear'],
    ['/cgi-bin/media/upload', '{"thumb_media_id":"M"}', '{"thumb_media_id":"M"}'],
    ['/device/bind', '{"base_resp":{"errcode":0}}', '{"base_resp":{"errcode":0}}'],
    ['/device/bind', '{"base_resp":{"errcode":-1}}', 'network unexpected_answer unclear'],
    // Nobody has described what this one answers.
    ['/cgi-bin/of/tomorrow', '{"id":1}', '{"id":1}'],
    ['/cgi-bin/of/tomorrow', '{}', 'network unexpected_answer unclear'],
  ])('%s answers %s', async (path, body, expected) => {
    expect(await outcome(path, text(body))).toBe(expected);
  });

  test('a good body with another status is none', async () => {
    expect(await outcome('/cgi-bin/tags/update', text('{"errcode":0}', { status: 201 }))).toBe(
      'network http_status unclear',
    );
  });

  test('what only reads may answer anything that is an object', async () => {
    expect(await outcome('/cgi-bin/tags/get', text('{}'))).toBe('{}');
    expect(await outcome('/cgi-bin/tags/get', text('[]'))).toBe('network unexpected_answer');
  });
});

describe('files', () => {
  const path = '/cgi-bin/media/get';
  const type = (name: string) => ({ headers: { 'content-type': name } });

  test.each([
    ['a picture', text('\xff\xd8', type('image/jpeg')), 'bytes'],
    ['bytes of no type', text('\xff\xd8'), 'bytes'],
    ['a film, by its address', text('{"video_url":"u"}', type('text/plain')), '{"video_url":"u"}'],
    ['JSON of no type', text('{"video_url":"u"}'), '{"video_url":"u"}'],
    ['a refusal', text('{"errcode":40007}', type('application/json')), 'api invalid_media_id'],
    ['a page of a gateway', text('<html>', type('text/html')), 'network html_answer'],
    ['another status', text('x', { ...type('image/jpeg'), status: 404 }), 'network http_status'],
  ])('%s', async (_, answer, expected) => {
    const found = await outcome(path, answer);
    expect(found.replace(/^api .*/, 'api invalid_media_id')).toBe(expected);
  });

  test('a page is what a call for a page wants', async () => {
    const page = text('<html>', type('text/html'));
    expect(await outcome('/connect/oauth2/authorize', page, { token: false })).toBe('bytes');
  });

  test('a call that answers JSON never brings bytes', async () => {
    expect(await outcome('/cgi-bin/tags/get', text('\xff\xd8', type('image/jpeg')))).toMatch(/^network /);
  });
});

test('asks the host that the call is on, and repeats only what reads', async () => {
  const { client, fake } = apiClient(text('{"errcode":0}'));
  await sendAnyCall(client, await callOf('/cgi-bin/tags/update', { query: { a: 'b' }, body: '{"x":1}' }));
  expect(fake.requests[0]).toMatchObject({
    method: 'POST',
    url: 'http://127.0.0.1:8090/cgi-bin/tags/update?a=b&access_token=SIM_token',
    body: '{"x":1}',
    maxBytes: 64 * 1024 * 1024,
  });
});

test('formatForm() writes names of files as raw UTF-8, with the type of their ending', async () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const { body, contentType } = await formatForm([
    { name: 'media', content: { path: 'x/封面.JPG', fileName: '封面.JPG', bytes } },
    { name: 'description', content: '{"title":"片名"}' },
  ]);
  const sent = Buffer.from(body).toString('utf8');
  expect(sent).toContain('Content-Disposition: form-data; name="media"; filename="封面.JPG"\r\n');
  expect(sent).toContain('Content-Type: image/jpeg\r\n');
  expect(sent).toContain('name="description"\r\n\r\n{"title":"片名"}\r\n');
  expect(sent).not.toContain('filename*');
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  const file = form.get('media');
  expect(file).toBeInstanceOf(File);
  expect(new Uint8Array(await (file as File).arrayBuffer())).toEqual(bytes);
});

test.each(['a', 'a.constructor', 'a.xyz'])('formatForm() knows nothing of "%s"', async (fileName) => {
  const { body } = await formatForm([
    { name: 'media', content: { path: fileName, fileName, bytes: new Uint8Array(1) } },
  ]);
  expect(Buffer.from(body).toString('latin1')).toContain('Content-Type: application/octet-stream\r\n');
});
