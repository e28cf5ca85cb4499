import http from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { listenFetch } from '../../../src/io/net/listen-fetch.ts';
import type { Listening } from '../../../src/io/ports.ts';

type Handler = Parameters<typeof listenFetch>[0];

/** As they are before any server has started. */
const native = [globalThis.Request, globalThis.Response];

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close(0)));
});

async function start(handler: Handler, maxBodyBytes = 1000): Promise<Listening> {
  const listening = await listenFetch(handler, { host: '127.0.0.1', port: 0, maxBodyBytes });
  open.push(listening);
  return listening;
}

const ok: Handler = () => new Response('ok');

/** Sends text through a socket of its own; resolves with what came back when the connection has ended. */
function raw(port: number, text: string): Promise<{ received: string; error: string | undefined }> {
  return new Promise((resolve) => {
    let received = '';
    let error: string | undefined;
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (received += chunk));
    socket.on('error', (failure: NodeJS.ErrnoException) => (error = failure.code));
    socket.on('close', () => resolve({ received, error }));
  });
}

/** Resolves as soon as `settle` has been called. */
function signal(): { settled: Promise<void>; settle: () => void } {
  const settler: { settle?: () => void } = {};
  const settled = new Promise<void>((resolve) => {
    settler.settle = resolve;
  });
  return { settled, settle: () => settler.settle?.() };
}

describe('listenFetch()', () => {
  test('sends the beginning of an answer and ends the connection where the function says so', async () => {
    const cut = {
      status: 200,
      headers: { 'content-type': 'text/plain', 'content-length': '9' },
      bytes: Buffer.from('beg'),
    };
    const { port, url } = await start(() => Promise.reject(Object.assign(new Error('cut'), { cut })));
    const { received, error } = await raw(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(error).toBeUndefined();
    expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*content-length: 9\r\n[\s\S]*\r\n\r\nbeg$/i);
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow(TypeError);
  });

  test('hands over method, URL with the Host that was asked for, headers and whole body', async () => {
    let seen: unknown;
    const { port } = await start(async (request) => {
      const body = await request.text();
      seen = [request.method, request.url, request.headers.get('x-a'), body];
      return new Response(null, { status: 204 });
    });
    const { received } = await raw(
      port,
      'POST /cgi-bin/token?a=%2B HTTP/1.1\r\nHost: api.weixin.qq.com\r\nX-A: b\r\nConnection: close\r\nContent-Length: 6\r\n\r\n你好',
    );
    expect(received).toMatch(/^HTTP\/1\.1 204 /);
    expect(seen).toEqual(['POST', 'http://api.weixin.qq.com/cgi-bin/token?a=%2B', 'b', '你好']);
  });

  test('sends status, headers, length and body as they were set', async () => {
    const date = 'Thu, 15 Jan 2026 04:00:00 GMT';
    const { url } = await start(
      () => new Response('{"name":"菜单"}', { status: 404, headers: { date, 'x-a': 'b' } }),
    );
    const response = await fetch(url);
    expect(response.status).toBe(404);
    expect([response.headers.get('date'), response.headers.get('x-a')]).toEqual([date, 'b']);
    expect(response.headers.get('content-length')).toBe('17');
    expect(await response.text()).toBe('{"name":"菜单"}');
  });

  test('sends bytes unchanged', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
    const { url } = await start(() => new Response(bytes));
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
  });

  test('sends the body that a response knows, without reading the response', async () => {
    const headers = new Headers({ 'x-a': 'b', 'content-type': 'application/json' });
    for (const cookie of ['a=1', 'b=2']) headers.append('set-cookie', cookie);
    const known = (whole: string | Uint8Array, init: ResponseInit): Response =>
      Object.defineProperties(new Response(null, init), {
        whole: { value: whole },
        headerList: { value: () => [...new Headers(init.headers)].flat() },
        ...Object.fromEntries(
          ['body', 'headers'].map((name) => [
            name,
            { get: () => expect.unreachable('the response was read') },
          ]),
        ),
      });
    const { url, port } = await start((request) =>
      request.url.endsWith('/framed')
        ? known(Buffer.from('abc'), { headers: { 'content-length': '3' } })
        : known('{"name":"菜单"}', { status: 404, headers }),
    );
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([404, '{"name":"菜单"}']);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(Object.fromEntries(response.headers)).toMatchObject({ 'x-a': 'b', 'content-length': '17' });
    const { received } = await raw(port, 'GET /framed HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(received.match(/content-length: \d+/gi)).toEqual(['content-length: 3']);
    expect(received).toMatch(/\r\n\r\nabc$/);
  });

  test('resets the connection when the function rejects or throws, and lives on', async () => {
    const { url, port } = await start((request) => {
      if (request.url.endsWith('/throw')) throw new Error('thrown');
      return request.url.endsWith('/reject') ? Promise.reject(new Error('rejected')) : new Response('ok');
    });
    for (const path of ['/throw', '/reject']) {
      expect(await raw(port, `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)).toEqual({
        received: '',
        error: 'ECONNRESET',
      });
    }
    expect(await (await fetch(`${url}/fine`)).text()).toBe('ok');
  });

  test('answers 413 to a body one byte above the limit', async () => {
    const lengths: number[] = [];
    const { url, port } = await start(async (request) => {
      lengths.push((await request.arrayBuffer()).byteLength);
      return new Response('ok');
    });
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(1000) })).status).toBe(200);
    const declared = await raw(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n');
    expect(declared.received).toMatch(/^HTTP\/1\.1 413 .*\r\nconnection: close\r\n/is);
    const chunk = `1f4\r\n${'x'.repeat(500)}\r\n`;
    const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n';
    const fitting = await raw(port, `${chunked}Connection: close\r\n\r\n${chunk}${chunk}0\r\n\r\n`);
    expect(fitting.received).toMatch(/^HTTP\/1\.1 200 /);
    expect((await raw(port, `${chunked}\r\n${chunk}${chunk}1\r\nx\r\n`)).received).toMatch(
      /^HTTP\/1\.1 413 /,
    );
    expect(lengths).toEqual([1000, 1000]);
  });

  test.each(['a b/c', 'xn--', 'xn--a.example.com', '[::', 'a:99999', '%', '1.2.3.999'])(
    'answers 400 to the malformed Host %j, without the function, and lives on',
    async (host) => {
      let calls = 0;
      const { url, port } = await start((request) => {
        calls += 1;
        return new Response(new URL(request.url).pathname);
      });
      for (const line of ['GET / HTTP/1.1', 'POST /_ctl/push HTTP/1.1', `GET http://${host}/ HTTP/1.1`]) {
        const { received } = await raw(port, `${line}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
        expect([line, received]).toEqual([line, expect.stringMatching(/^HTTP\/1\.1 400 /)]);
      }
      expect(calls).toBe(0);
      expect(await (await fetch(`${url}/fine`)).text()).toBe('/fine');
    },
  );

  test('answers 200 requests at once', async () => {
    const { url } = await start((request) => new Response(new URL(request.url).search));
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => (await fetch(`${url}/?${index}`)).text()),
    );
    expect(answers).toEqual(Array.from({ length: 200 }, (_, index) => `?${index}`));
  });

  test('aborts the signal of a request whose client has gone', async () => {
    const arrived = signal();
    const aborted = signal();
    const { port } = await start(async (request) => {
      request.signal.addEventListener('abort', aborted.settle);
      arrived.settle();
      await aborted.settled;
      return new Response('too late');
    });
    const socket = net.connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    await arrived.settled;
    socket.destroy();
    await expect(aborted.settled).resolves.toBeUndefined();
  });

  test('leaves the Request and Response of this process as they are', async () => {
    const { url } = await start(ok);
    await (await fetch(url)).text();
    expect([globalThis.Request, globalThis.Response]).toEqual(native);
  });

  test('rejects with port_taken and a way out', async () => {
    const { port } = await start(ok);
    await expect(listenFetch(ok, { host: '127.0.0.1', port, maxBodyBytes: 1 })).rejects.toMatchObject({
      family: 'local',
      type: 'port_taken',
      message: expect.stringContaining(String(port)),
      hint: { en: expect.stringContaining('--port 0'), zh: expect.stringContaining('--port 0') },
    });
  });

  test('rejects with address_unavailable for an address of another machine', async () => {
    const options = { host: '192.0.2.1', port: 0, maxBodyBytes: 1 };
    await expect(listenFetch(ok, options)).rejects.toMatchObject({
      family: 'local',
      type: 'address_unavailable',
    });
  });
});

describe('close()', () => {
  test('lets a running request finish, ends its kept-alive connection, and accepts no other', async () => {
    const arrived = signal();
    const released = signal();
    const { url, port, close } = await start(async () => {
      arrived.settle();
      await released.settled;
      return new Response('finished');
    });
    const agent = new http.Agent({ keepAlive: true });
    const answered = new Promise<string>((resolve, reject) => {
      const request = http.get(url, { agent }, (response) => {
        response.setEncoding('utf8').on('data', (text) => resolve(`${response.headers.connection} ${text}`));
      });
      request.on('error', reject);
    });
    await arrived.settled;
    const closed = close(60_000);
    expect((await raw(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).error).toBe('ECONNREFUSED');
    released.settle();
    expect(await answered).toBe('close finished');
    await closed;
    agent.destroy();
  });

  test('ends a request that does not finish within the grace', async () => {
    const arrived = signal();
    const { port, close } = await start(async () => {
      arrived.settle();
      await new Promise(() => undefined);
      return new Response('never');
    });
    const cut = raw(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await arrived.settled;
    await close(0);
    expect((await cut).received).toBe('');
  });
});
