import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import v8 from 'node:v8';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WechatMpError } from '../../../src/core/errors.ts';
import { listen, splitTarget } from '../../../src/io/net/listen.ts';
import { parseContentLength } from '../../../src/io/net/start-server.ts';
import type { Listening, RefusedRequest, ServerHandler, ServerRequest } from '../../../src/io/ports.ts';

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close(0)));
});

async function start(
  handler: ServerHandler,
  maxBodyBytes = 1000,
  onRefused?: (refused: RefusedRequest) => void,
): Promise<Listening> {
  const listening = await listen(handler, { host: '127.0.0.1', port: 0, maxBodyBytes, onRefused });
  open.push(listening);
  return listening;
}

const ok: ServerHandler = () => ({ status: 200, contentType: 'text/plain', body: 'ok' });

/** Sends bytes through a socket of its own and collects what comes back until the connection ends. */
function raw(port: number, text: string, onData?: (all: string) => void): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
      onData?.(received);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
}

describe('listen()', () => {
  test('listen() hands over method, path, query, headers and whole body', async () => {
    let seen: ServerRequest | undefined;
    const { url, port } = await start((request) => {
      seen = request;
      return { status: 201, contentType: 'text/xml', body: '', headers: { 'x-a': 'b' } };
    });
    expect(url).toBe(`http://127.0.0.1:${port}`);
    const response = await fetch(`${url}/we%20chat?a=1&b=%2B`, {
      method: 'POST',
      body: '你好',
      headers: { 'X-Custom': 'C' },
    });
    expect([response.status, response.headers.get('content-type'), response.headers.get('x-a')]).toEqual([
      201,
      'text/xml',
      'b',
    ]);
    expect(seen).toMatchObject({
      method: 'POST',
      path: '/we%20chat',
      query: 'a=1&b=%2B',
      headers: { 'x-custom': 'C', 'content-length': '6' },
      remoteAddress: '127.0.0.1',
    });
    expect(Buffer.from(seen?.body ?? []).toString()).toBe('你好');
  });

  test('listen() sends Content-Length in bytes', async () => {
    const text = '你好，世界 😀';
    const { url } = await start(() => ({
      status: 200,
      contentType: 'text/plain; charset=utf-8',
      body: text,
    }));
    const response = await fetch(url);
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    expect(await response.text()).toBe(text);
  });

  test('listen() sends bytes as they are', async () => {
    const bytes = Buffer.from([0xff, 0xd8, 0x00, 0xff]);
    const { url } = await start(() => ({ status: 200, contentType: 'image/jpeg', body: bytes }));
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(bytes);
  });

  test('listen() takes a body at the limit and answers 413 beyond, declared or chunked', async () => {
    let handled = 0;
    const { url, port } = await start(() => {
      handled += 1;
      return { status: 200, contentType: 'text/plain', body: 'ok' };
    }, 10);
    expect((await fetch(url, { method: 'POST', body: '0123456789' })).status).toBe(200);
    const declared = await raw(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n');
    expect(declared).toMatch(/^HTTP\/1\.1 413 /);
    expect(declared).toMatch(/\r\nconnection: close\r\n/i);
    const chunked = await raw(
      port,
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n',
    );
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
    expect(handled).toBe(1);
  });

  test('listen() reads little of a body that never ends', async () => {
    const { port } = await start(ok, 1000);
    let written = 0;
    await new Promise<void>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => {
        socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${1024 ** 3}\r\n\r\n`);
        const pour = (): void => {
          while (!socket.destroyed && written < 64 * 1024 * 1024) {
            written += 65_536;
            if (!socket.write(Buffer.alloc(65_536))) {
              socket.once('drain', pour);
              return;
            }
          }
        };
        pour();
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve());
    });
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  test('listen() answers 400 to what is not HTTP, and repeats nothing of it', async () => {
    const { port } = await start(ok);
    const answer = await raw(port, 'canary canary\r\n\r\n');
    expect(answer).toBe('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });

  test.each([
    ['canary canary\r\n\r\n', 400, 'bad_request', ''],
    ['GET / HTTP/1.1\r\n\r\n', 400, 'bad_request', 'GET'],
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(8300)}\r\n\r\n`, 400, 'headers_too_large', ''],
    ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n', 413, 'body_too_large', 'POST'],
    [
      'PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n',
      413,
      'body_too_large',
      'PUT',
    ],
  ])('listen() tells once of a request it refuses itself: %j', async (bytes, status, reason, method) => {
    const refused: RefusedRequest[] = [];
    const { port } = await start(ok, 10, (request) => refused.push(request));
    expect(await raw(port, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(refused).toEqual([{ status, reason, method, remoteAddress: '127.0.0.1' }]);
  });

  test('listen() keeps the young heap small from the first connection on, once', async () => {
    const setFlags = vi.spyOn(v8, 'setFlagsFromString').mockReturnValue();
    syncBuiltinESMExports();
    onTestFinished(() => {
      setFlags.mockRestore();
      syncBuiltinESMExports();
    });
    const { port } = await start(ok);
    expect(setFlags).not.toHaveBeenCalled();
    for (let count = 0; count < 2; count += 1)
      await raw(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(setFlags.mock.calls).toEqual([['--semi-space-growth-factor=1']]);
  });

  test('listen() answers HTTP/1.0 without Host, and tells of nothing it answers', async () => {
    const refused: RefusedRequest[] = [];
    const { port } = await start(ok, 10, (request) => refused.push(request));
    expect(await raw(port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 [^]*ok$/);
    expect(refused).toEqual([]);
  });

  test('listen() refuses headers above 8 KiB', async () => {
    const { port } = await start(ok);
    const request = (bytes: number) =>
      `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ${'a'.repeat(bytes)}\r\n\r\n`;
    expect(await raw(port, request(8000))).toMatch(/^HTTP\/1\.1 200 /);
    expect(await raw(port, request(8300))).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('listen() ends connections with slow headers, then slow bodies', async () => {
    const refused: RefusedRequest[] = [];
    const { port, url } = await start(ok, 1000, (request) => refused.push(request));
    // As a browser opens them beforehand; it is ended with the others.
    const silent = raw(port, '');
    const started = performance.now();
    const since = (answer: Promise<string>) => answer.then(() => performance.now() - started);
    const slow = Promise.all([
      since(raw(port, 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ')),
      since(raw(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12')),
    ]);
    expect((await fetch(url)).status).toBe(200);
    const [headers, body] = await slow;
    // With the interval that Node has by default, both stay for 28 s.
    expect(Math.max(headers, body)).toBeLessThan(20_000);
    expect(headers).toBeLessThan(body);
    expect(await silent).toMatch(/^HTTP\/1\.1 408 /);
    expect(refused.map(({ reason }) => reason)).toEqual(['timeout', 'timeout']);
  });

  test('listen() sends no content type where the handler gives none', async () => {
    const { url } = await start(() => ({ status: 200, contentType: '', body: 'x' }));
    expect((await fetch(url)).headers.has('content-type')).toBe(false);
  });

  test('listen() joins a body that comes in pieces', async () => {
    const { port } = await start(({ body }) => ({ status: 200, contentType: '', body }), 10);
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
    const pieces = '1\r\na\r\n3\r\nbcd\r\n6\r\nefghij\r\n0\r\n\r\n';
    expect(await raw(port, head + pieces)).toMatch(/\r\n\r\nabcdefghij$/);
    expect(await raw(port, head + pieces.replace('efghij', 'efghijk').replace('6', '7'))).toMatch(
      /^HTTP\/1\.1 413 /,
    );
  });

  test('listen() takes an answer that is there at once and one that is not', async () => {
    let later = false;
    const { url } = await start(() => {
      const answer = { status: 200, contentType: 'text/plain', body: String(later) };
      return later ? Promise.resolve(answer) : answer;
    });
    expect(await (await fetch(url)).text()).toBe('false');
    later = true;
    expect(await (await fetch(url)).text()).toBe('true');
  });

  test('listen() ends a silent connection after the time it is told', async () => {
    const never: ServerHandler = () => new Promise(() => {});
    const listening = await listen(never, { host: '127.0.0.1', port: 0, maxBodyBytes: 1, idleMs: 50 });
    open.push(listening);
    expect(await raw(listening.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('');
  });

  test('listen() answers 500 with an empty body where the handler fails', async () => {
    const { url } = await start(() => Promise.reject(new Error('canary')));
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([500, '']);
    const { url: second } = await start(() => {
      throw new Error('canary');
    });
    expect((await fetch(second)).status).toBe(500);
  });
});

describe('listen(): addresses', () => {
  async function refusalOf(host: string, port: number): Promise<WechatMpError> {
    try {
      open.push(await listen(ok, { host, port, maxBodyBytes: 1 }));
    } catch (error) {
      if (error instanceof WechatMpError) return error;
      throw error;
    }
    throw new Error('nothing was refused');
  }

  test('listen() refuses a port that is taken, and names the way out', async () => {
    const { port } = await start(ok);
    const error = await refusalOf('127.0.0.1', port);
    expect(error).toMatchObject({ family: 'local', type: 'port_taken' });
    expect(error.text.en).toContain(String(port));
    expect(error.hint?.en).toContain('--port 0');
  });

  test('listen() refuses an address of another machine', async () => {
    expect(await refusalOf('192.0.2.1', 0)).toMatchObject({ family: 'local', type: 'address_unavailable' });
  });

  test('listen() gives an address that can be opened for "all addresses"', async () => {
    const listening = await listen(ok, { host: '0.0.0.0', port: 0, maxBodyBytes: 1 });
    open.push(listening);
    expect(listening.url).toBe(`http://127.0.0.1:${listening.port}`);
    expect((await fetch(listening.url)).status).toBe(200);
  });
});

describe('close()', () => {
  /** A server whose one request is at work until `finish`. */
  async function busy() {
    let finish: () => void = () => undefined;
    let arrived: () => void = () => undefined;
    const atWork = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const listening = await start(async () => {
      arrived();
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { status: 200, contentType: 'text/plain', body: 'finished' };
    });
    return { listening, atWork, finish: () => finish() };
  }

  test('close() lets a running request finish and refuses new ones', async () => {
    const { listening, atWork, finish } = await busy();
    const running = raw(listening.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await atWork;
    const closed = listening.close();
    await expect(fetch(listening.url)).rejects.toThrow('fetch failed');
    finish();
    const answer = await running;
    expect(answer).toMatch(/finished$/);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    await closed;
  });

  test('close() cuts what has not finished after the grace', async () => {
    const { listening, atWork } = await busy();
    const running = raw(listening.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await atWork;
    const started = performance.now();
    await listening.close(10);
    expect(await running).toBe('');
    // Without the cut, the silence of the connection would end it after 10 s.
    expect(performance.now() - started).toBeLessThan(9000);
  });

  test('close() called again waits for the same end', async () => {
    const { listening, atWork, finish } = await busy();
    const running = raw(listening.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await atWork;
    const order: string[] = [];
    const first = listening.close().then(() => order.push('closed'));
    const second = listening.close().then(() => order.push('closed again'));
    void running.then(() => order.push('answered'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual([]);
    finish();
    await Promise.all([first, second, running]);
    expect(order.toSorted()).toEqual(['answered', 'closed', 'closed again']);
  });

  test('close() ends idle connections at once, and may be called twice', async () => {
    const listening = await start(ok);
    let closed: Promise<void> | undefined;
    const answer = await raw(listening.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', (all) => {
      if (all.endsWith('ok')) closed ??= listening.close(60_000);
    });
    expect(answer).toMatch(/ok$/);
    await closed;
    await listening.close();
  });
});

describe('parseContentLength()', () => {
  test.each([
    ['0', 0],
    ['65536', 65_536],
    ['-1', undefined],
    ['1,1', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('parseContentLength() reads %j as %j', (text, length) => {
    expect(parseContentLength(text)).toBe(length);
  });
});

describe('splitTarget()', () => {
  test.each([
    ['/wechat?a=1', '/wechat', 'a=1'],
    ['/wechat', '/wechat', ''],
    ['/a?b?c', '/a', 'b?c'],
    ['/a#b?c', '/a', ''],
    ['?a', '/', 'a'],
    ['*', '*', ''],
    ['http://example.com/a?b', '/a', 'b'],
    ['http://example.com', '/', ''],
    ['//a/b', '//a/b', ''],
  ])('splitTarget() splits %j into %j and %j', (target, path, query) => {
    expect(splitTarget(target)).toEqual({ path, query });
  });
});
