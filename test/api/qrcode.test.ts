import { describe, expect, test } from 'vitest';
import { createQrcode, fetchQrImage } from '../../src/api/qrcode.ts';
import { apiClient } from '../helpers/api-client.ts';
import { networkError } from '../helpers/fake-fetch.ts';

const ticket =
  'gQH47joAAAAAAAAAASxodHRwOi8vd2VpeGluLnFxLmNvbS9xL2taZ2Z3TVRtNzJXV1Brb3ZhYmJJAAIEZ23sUwMEmm3sUw==';
const url = 'http://weixin.qq.com/q/kZgfwMTm72WWPkovabbI';
const temporary = { permanent: false, scene: 123, expireSeconds: 60 } as const;
const permanent = { permanent: true, scene: '店' } as const;

describe('createQrcode()', () => {
  test('posts a temporary scene with its life', async () => {
    const { client, fake } = apiClient({ body: { ticket, expire_seconds: 60, url } });
    expect(await createQrcode(client, temporary)).toEqual({ ticket, url, expiresInSeconds: 60 });
    expect(fake.requests[0]).toMatchObject({
      method: 'POST',
      url: 'http://127.0.0.1:8090/cgi-bin/qrcode/create?access_token=SIM_token',
      body: '{"expire_seconds":60,"action_name":"QR_SCENE","action_info":{"scene":{"scene_id":123}}}',
    });
  });

  test('posts a permanent scene without a life, and gets none back', async () => {
    const { client, fake } = apiClient({ body: { ticket, url } });
    expect(await createQrcode(client, permanent)).toEqual({ ticket, url });
    expect(fake.requests[0]?.body).toBe(
      '{"action_name":"QR_LIMIT_STR_SCENE","action_info":{"scene":{"scene_str":"店"}}}',
    );
  });

  test('does not repeat a permanent code that may have been made', async () => {
    const { client, fake } = apiClient(networkError('timeout', true));
    await expect(createQrcode(client, permanent)).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
    expect(fake.requests).toHaveLength(1);
  });

  test.each([
    ['no ticket', { url }],
    ['an empty ticket', { ticket: '', url }],
    ['a ticket with a blank', { ticket: 'a b', url }],
    ['no url', { ticket }],
    ['a url of another scheme', { ticket, url: 'javascript:alert(1)' }],
    ['a url with an escape', { ticket, url: 'http://weixin.qq.com/q/\u001b[2J' }],
  ])('refuses an answer with %s', async (_what, body) => {
    await expect(createQrcode(apiClient({ body }).client, temporary)).rejects.toMatchObject({
      family: 'network',
      type: 'unexpected_answer',
    });
  });
});

describe('fetchQrImage()', () => {
  const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 0xff, 0xd9]);
  const headers = { 'content-type': 'image/jpg' };

  test.each(['image/jpg', 'image/jpeg', 'IMAGE/JPEG; a=b'])('takes a JPEG of type %s', async (type) => {
    const { client } = apiClient({ body: jpeg, headers: { 'content-type': type } });
    expect(await fetchQrImage(client, ticket)).toEqual(jpeg);
  });

  test('asks without a token, with the ticket percent-encoded', async () => {
    const { client, fake } = apiClient({ body: jpeg, headers });
    await fetchQrImage(client, 'a+b/c==');
    expect(fake.requests[0]?.url).toBe('http://127.0.0.1:8090/cgi-bin/showqrcode?ticket=a%2Bb%2Fc%3D%3D');
  });

  test('says for HTTP 404 that the ticket is unknown', async () => {
    const { client } = apiClient({ status: 404, body: '', headers: { 'content-type': 'text/html' } });
    await expect(fetchQrImage(client, ticket)).rejects.toMatchObject({
      family: 'api',
      type: 'qr_ticket_invalid',
    });
  });

  test.each([
    ['a page', { body: '<html>', headers: { 'content-type': 'text/html' } }],
    ['a JPEG that calls itself PNG', { body: jpeg, headers: { 'content-type': 'image/png' } }],
    ['a PNG that calls itself JPEG', { body: new Uint8Array([0x89, 0x50, 0x4e, 0x47]), headers }],
    ['a JPEG without its beginning', { body: jpeg.slice(1), headers }],
    ['a JPEG with another second byte', { body: jpeg.with(1, 0), headers }],
    ['a JPEG with another third byte', { body: jpeg.with(2, 0), headers }],
    ['a JPEG with another last byte but one', { body: jpeg.with(7, 0), headers }],
    ['a JPEG without its end', { body: jpeg.slice(0, -1), headers }],
    ['a JPEG with another last byte', { body: jpeg.with(8, 0), headers }],
    ['nothing', { body: new Uint8Array(0), headers }],
    ['a JPEG behind another status', { status: 206, body: jpeg, headers }],
  ])('refuses %s', async (_what, answer) => {
    await expect(fetchQrImage(apiClient(answer).client, ticket)).rejects.toMatchObject({
      family: 'network',
      type: 'not_an_image',
    });
  });
});
