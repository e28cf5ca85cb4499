import { createServer, type AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { beforeAll, expect, test } from 'vitest';
import { serverNameOf } from '../../../src/io/intercept/client-hello.ts';

/** What a TLS client says first. */
function hello(servername: string): Promise<Buffer> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.once('data', (words) => {
        resolve(words);
        socket.destroy();
        server.close();
      });
    });
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      connect({ host: '127.0.0.1', port, servername }).on('error', () => {});
    });
  });
}

let words: Buffer;
beforeAll(async () => {
  words = await hello('API.weixin.qq.com');
});

test('the name is read in small letters', () => {
  expect(serverNameOf(words)).toBe('api.weixin.qq.com');
});

test('a client without a name has none', async () => {
  expect(serverNameOf(await hello(''))).toBeUndefined();
});

test('what breaks off, or is no TLS, has none and does no harm', () => {
  const end = words.indexOf('qq.com', 0, 'latin1') + 'qq.com'.length;
  expect(serverNameOf(words.subarray(0, end))).toBe('api.weixin.qq.com');
  for (let length = 0; length < end; length += 1) {
    expect(serverNameOf(words.subarray(0, length))).toBeUndefined();
  }
  expect(serverNameOf(Buffer.from('GET / HTTP/1.1\r\nHost: api.weixin.qq.com\r\n\r\n'))).toBeUndefined();
});
