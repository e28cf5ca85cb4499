import { expect, onTestFinished, test } from 'vitest';
import { listenStream } from '../../../src/io/net/listen-stream.ts';

test.each([0, 1, 16_384, 16_385])('answers %i bytes of every value as they are', async (length) => {
  const body = Uint8Array.from({ length }, (_, index) => index % 256);
  const { url, close } = await listenStream(async () => ({ status: 200, headers: {}, body }), {
    host: '127.0.0.1',
    port: 0,
  });
  onTestFinished(() => close(0));
  const response = await fetch(url);
  expect(response.headers.get('content-length')).toBe(String(length));
  expect(Buffer.compare(body, Buffer.from(await response.arrayBuffer()))).toBe(0);
});
