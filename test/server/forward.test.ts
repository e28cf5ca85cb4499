import { describe, expect, test } from 'vitest';
import { createForward } from '../../src/server/forward.ts';
import type { ServerRequest } from '../../src/io/ports.ts';
import { fakeFetch, networkError, type FakeAnswer } from '../helpers/fake-fetch.ts';

const clock = { monotonic: () => 0 };
const request: ServerRequest = {
  method: 'POST',
  path: '/wechat',
  query: 'signature=a%2Bb&timestamp=1&nonce=%E4%BD%A0',
  headers: {
    host: 'tunnel.example.com',
    connection: 'keep-alive',
    'content-length': '3',
    'transfer-encoding': 'chunked',
    expect: '100-continue',
    'accept-encoding': 'gzip',
    'content-type': 'text/xml',
    'user-agent': 'Mozilla/4.0',
    pragma: 'no-cache',
    'x-none': undefined,
  },
  body: Buffer.from([0xff, 0x00, 0x0a]),
  remoteAddress: '10.0.0.1',
};
const forward = (answer: FakeAnswer, url = 'http://127.0.0.1:3000/wechat') => {
  const { fetch, requests } = fakeFetch(answer);
  return { requests, send: createForward({ url, fetch, clock }) };
};

describe('createForward()', () => {
  test('the forwarder passes bytes, query and headers on, those between neighbours excepted', async () => {
    const { send, requests } = forward({});
    await send(request);
    expect(requests).toMatchObject([
      {
        method: 'POST',
        url: 'http://127.0.0.1:3000/wechat?signature=a%2Bb&timestamp=1&nonce=%E4%BD%A0',
        body: request.body,
        allowHttp: true,
        keepEncoding: true,
      },
    ]);
    expect(requests[0]?.headers).toEqual({
      'content-type': 'text/xml',
      'user-agent': 'Mozilla/4.0',
      pragma: 'no-cache',
      'x-forwarded-for': '10.0.0.1',
    });
  });

  test('the forwarder keeps a query of the upstream, and adds to the list of addresses', async () => {
    const { send, requests } = forward({}, 'https://example.com/a?key=1');
    await send({ ...request, method: 'GET', headers: { 'x-forwarded-for': '1.2.3.4' } });
    expect(requests).toMatchObject([
      {
        method: 'GET',
        url: `https://example.com/a?key=1&${request.query}`,
        headers: { 'x-forwarded-for': '1.2.3.4, 10.0.0.1' },
      },
    ]);
    expect(requests[0]).not.toHaveProperty('body');
  });

  test('the forwarder sends an empty query as none, and takes a megabyte at most', async () => {
    const { send, requests } = forward({});
    await send({ ...request, query: '' });
    expect(requests).toMatchObject([{ url: 'http://127.0.0.1:3000/wechat', maxBytes: 1_048_576 }]);
  });

  test.each([{}, networkError('reset', true)])('the forwarder times the upstream: %j', async (answer) => {
    const times = [1000, 1030];
    const ticking = { monotonic: () => times.shift() ?? 0 };
    const send = createForward({ url: 'http://127.0.0.1/', fetch: fakeFetch(answer).fetch, clock: ticking });
    expect((await send(request)).ms).toBe(30);
  });

  test('the forwarder hands status, headers and bytes back unchanged', async () => {
    const body = Buffer.from([0xef, 0xbb, 0xbf, 0x00]);
    const headers = {
      'content-type': 'text/html; charset=gbk',
      'x-powered-by': 'PHP',
      connection: 'close',
      'content-length': '4',
    };
    const { send } = forward({ status: 301, headers: { ...headers, location: '/login' }, body });
    expect(await send(request)).toEqual({
      status: 301,
      ms: 0,
      response: {
        status: 301,
        contentType: 'text/html; charset=gbk',
        body,
        headers: { 'x-powered-by': 'PHP', location: '/login' },
      },
    });
  });

  test('the forwarder adds no content type that the upstream did not send', async () => {
    expect((await forward({ body: '' }).send(request)).response.contentType).toBe('');
  });

  test.each([
    ['refused', 502],
    ['reset', 502],
    ['timeout', 504],
  ])('the forwarder answers %s with %i and keeps the reason', async (type, status) => {
    const error = networkError(type, false);
    expect(await forward(error).send(request)).toEqual({
      status: undefined,
      ms: 0,
      error,
      response: { status, contentType: 'text/plain', body: '' },
    });
  });
});
