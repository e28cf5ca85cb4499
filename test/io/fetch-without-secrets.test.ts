import { describe, expect, onTestFinished, test } from 'vitest';
import { createFetch } from '../../src/io/net/fetch.ts';
import type { HttpRequest } from '../../src/io/ports.ts';
import { badServer, httpAnswer } from '../helpers/bad-server.ts';

const fetch = createFetch({
  proxy: undefined,
  environment: {},
  platform: 'linux',
});

async function open(body: string | Buffer, headers = ''): Promise<string> {
  const server = await badServer((socket) => socket.end(httpAnswer(body, { headers })));
  onTestFinished(async () => await server.close());
  return server.url;
}

const get = (url: string): HttpRequest => ({ method: 'GET', url, timeoutMs: 2000, maxBytes: 1000 });

describe('createFetch() for requests without a secret', () => {
  test('sends plain http to another machine only where it is allowed', async () => {
    // No name and no address of loopback, but no way out of this machine either.
    const elsewhere = get((await open('ok')).replace('127.0.0.1', '0.0.0.0'));
    await expect(fetch(elsewhere)).rejects.toMatchObject({ type: 'http_not_loopback' });
    expect((await fetch({ ...elsewhere, allowHttp: true })).status).toBe(200);
  });

  test('hands out a compressed answer as it is only where it is wanted', async () => {
    const body = Buffer.from([0x1f, 0x8b, 0x08]);
    const url = await open(body, 'content-encoding: gzip\r\n');
    await expect(fetch(get(url))).rejects.toMatchObject({ type: 'encoded_answer' });
    const response = await fetch({ ...get(url), keepEncoding: true });
    expect([response.headers['content-encoding'], Buffer.from(response.body)]).toEqual(['gzip', body]);
  });
});
