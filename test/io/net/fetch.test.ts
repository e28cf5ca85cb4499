import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { inspect, promisify } from 'node:util';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { WechatMpError } from '../../../src/core/errors.ts';
import { createFetch } from '../../../src/io/net/fetch.ts';
import { findProxy } from '../../../src/io/net/proxy-settings.ts';
import type { HttpRequest } from '../../../src/io/ports.ts';
import { badServer, faults, httpAnswer, type BadServer, type Behaviour } from '../../helpers/bad-server.ts';
import { selfSigned } from '../../helpers/self-signed.ts';
import { buildWorker, temporaryFolder } from '../../helpers/workers.ts';

const canary = 'CANARY0123456789abcdef';
const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

async function open(behave: Behaviour): Promise<BadServer> {
  const server = await badServer(behave);
  opened.push(server);
  return server;
}

function client(environment: Record<string, string> = {}, proxy?: string) {
  return createFetch({ proxy, environment, platform: 'linux' });
}

function get(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'GET',
    url: `${url}/path?access_token=${canary}`,
    timeoutMs: 400,
    maxBytes: 1 << 20,
    ...more,
  };
}

async function failure(promise: Promise<unknown>): Promise<WechatMpError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WechatMpError);
  return error as WechatMpError;
}

describe('createFetch() sends', () => {
  test('method, path with query, headers and body as they are, without accept-encoding', async () => {
    const server = await open((socket) => socket.end(httpAnswer('好')));
    const response = await client()(
      get(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"name":"菜单"}',
      }),
    );
    expect(response.status).toBe(200);
    expect(Buffer.from(response.body).toString()).toBe('好');
    expect(response.headers['content-type']).toBe('application/json; encoding=utf-8');
    const [head = '', body = ''] = (server.requests[0] ?? '').split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toBe(`POST /path?access_token=${canary} HTTP/1.1`);
    expect(head.toLowerCase()).not.toContain('accept-encoding');
    expect(head).toContain('content-length: 17');
    expect(Buffer.from(body, 'latin1').toString()).toBe('{"name":"菜单"}');
  });

  test('several requests over one connection', async () => {
    const server = await open((socket, _request, count) => socket.write(httpAnswer(String(count))));
    const fetch = client();
    const bodies = [];
    for (let index = 0; index < 3; index += 1)
      bodies.push(Buffer.from((await fetch(get(server.url))).body).toString());
    expect(bodies).toEqual(['1', '2', '3']);
    expect(server.connections).toBe(1);
  });

  test.each([301, 302, 307, 308])(
    'no second request after a redirect %i, and hands it back',
    async (status) => {
      const other = await open((socket) => socket.end(httpAnswer('stolen')));
      const server = await open((socket) =>
        socket.end(httpAnswer('', { status, headers: `location: ${other.url}/steal\r\n` })),
      );
      const response = await client()(get(server.url, { method: 'POST', body: canary }));
      expect(response.status).toBe(status);
      expect(response.headers['location']).toBe(`${other.url}/steal`);
      expect(other.connections).toBe(0);
    },
  );

  test('repeated headers joined with a comma', async () => {
    const server = await open((socket) => socket.end(httpAnswer('', { headers: 'x-a: 1\r\nX-A: 2\r\n' })));
    expect((await client()(get(server.url))).headers['x-a']).toBe('1, 2');
  });
});

describe('createFetch() tells the way', () => {
  test('to an address, to a name, and to nobody who has not asked', async () => {
    const server = await open((socket) => socket.end(httpAnswer('{}')));
    const ms = expect.any(Number) as number;
    const fetch = client();
    expect((await fetch(get(server.url, { tellWay: true }))).way).toEqual({
      address: '127.0.0.1',
      connectMs: ms,
    });
    const named = server.url.replace('127.0.0.1', 'localhost');
    expect((await fetch(get(named, { tellWay: true }))).way).toEqual({
      address: '127.0.0.1',
      lookUpMs: ms,
      connectMs: ms,
    });
    expect(await fetch(get(server.url))).not.toHaveProperty('way');
  });
});

describe('createFetch() limits', () => {
  test('a body of exactly maxBytes is taken, one byte more is not', async () => {
    const server = await open((socket) => socket.end(httpAnswer('x'.repeat(1000))));
    expect((await client()(get(server.url, { maxBytes: 1000 }))).body).toHaveLength(1000);
    expect((await failure(client()(get(server.url, { maxBytes: 999 })))).type).toBe('body_too_large');
  });

  test('a body without a length is counted as it comes', async () => {
    const chunked = (socket: Socket) =>
      socket.end(
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n5\r\nfghij\r\n0\r\n\r\n',
      );
    const server = await open(chunked);
    expect(Buffer.from((await client()(get(server.url, { maxBytes: 10 }))).body).toString()).toBe(
      'abcdefghij',
    );
    expect((await failure(client()(get(server.url, { maxBytes: 9 })))).type).toBe('body_too_large');
  });

  test('a body that has come whole before it is refused', async () => {
    // The whole of a chunked answer is here when its first byte is too many.
    const server = await open((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n'),
    );
    const fetch = client();
    expect((await failure(fetch(get(server.url, { maxBytes: 0 })))).type).toBe('body_too_large');
    expect((await fetch(get(server.url))).status).toBe(200);
  });

  test('an interruption rejects with its own reason and ends the request', async () => {
    const server = await open(() => controller.abort(reason));
    const reason = new WechatMpError({
      family: 'interrupted',
      type: 'interrupted',
      text: { en: 'Stopped', zh: '已停止' },
    });
    const controller = new AbortController();
    await expect(client()(get(server.url, { signal: controller.signal, timeoutMs: 5000 }))).rejects.toBe(
      reason,
    );
    await expect(client()(get(server.url, { signal: controller.signal }))).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });

  test('any number of requests wait for one signal, without a word from Node', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const server = await open((socket) => socket.end(httpAnswer('{}')));
    const [fetch, { signal }] = [client(), new AbortController()];
    await Promise.all(Array.from({ length: 11 }, async () => await fetch(get(server.url, { signal }))));
    expect(warnings).toEqual([]);
  });
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  });
  return (server.address() as { port: number }).port;
}

/** A TLS server on loopback with a certificate for localhost and wechat.example. It notes what it was sent. */
function openTls(received: string[] = []): Promise<number> {
  const server = createTlsServer(selfSigned, (socket) => {
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        received.push(chunk.toString());
        socket.end(httpAnswer('{}'));
      });
  });
  return listen(server.on('tlsClientError', () => {}));
}

/** A proxy that tunnels every CONNECT to one port, or gives a fixed answer. */
async function openProxy(
  targetPort: number,
  answer?: string,
): Promise<{ url: string; heads: readonly string[] }> {
  const heads: string[] = [];
  const server = createServer((socket) => {
    socket
      .on('error', () => {})
      .once('data', (head) => {
        heads.push(head.toString());
        if (answer !== undefined) return void socket.end(answer);
        const target = connect(targetPort, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
        target.on('error', () => socket.destroy());
        socket.pipe(target).pipe(socket);
      });
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, heads };
}

interface Wanted {
  readonly type: string;
  readonly sent: boolean;
}

const wanted: Partial<Record<keyof typeof faults, Wanted>> = {
  'huge body': { type: 'body_too_large', sent: true },
  'huge declared body': { type: 'body_too_large', sent: true },
  'gzip bomb': { type: 'encoded_answer', sent: true },
  'slow head': { type: 'timeout', sent: true },
  'dripping body': { type: 'timeout', sent: true },
  silent: { type: 'timeout', sent: true },
  reset: { type: 'reset', sent: true },
  'early end': { type: 'reset', sent: true },
  'short body': { type: 'truncated_answer', sent: true },
  'not http': { type: 'not_http', sent: true },
};

describe('createFetch() names', () => {
  test.each(Object.entries(wanted))('%s, in time, without the query', async (name, { type, sent }) => {
    const server = await open(faults[name as keyof typeof faults]);
    const before = process.memoryUsage().rss;
    // A busy machine must not meet the limit where the answer is at fault.
    const timeoutMs = type === 'timeout' ? 400 : 30_000;
    const error = await failure(client()(get(server.url, { method: 'POST', body: canary, timeoutMs })));
    expect(error).toMatchObject({ family: 'network', type, facts: { request_sent: sent } });
    expect(error.hint).toBeDefined();
    expect(process.memoryUsage().rss - before).toBeLessThan(50 << 20);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(canary);
  });

  test('a refused connection as certainly not sent', async () => {
    const server = await badServer(() => {});
    await server.close();
    const error = await failure(client()(get(server.url)));
    expect(error).toMatchObject({
      type: 'refused',
      retryable: true,
      text: { en: `"127.0.0.1:${server.port}" refused the connection` },
      facts: { request_sent: false, cause_code: 'ECONNREFUSED' },
    });
  });

  test('an address that does not resolve', async () => {
    const error = await failure(client()(get('https://nowhere.invalid', { timeoutMs: 5000 })));
    // A machine without any resolver may wait instead of answering.
    expect(['dns', 'timeout']).toContain(error.type);
    expect(error.facts['request_sent']).toBe(false);
    expect(inspect(error, { depth: 20 })).not.toContain(canary);
  });

  test('plain http to another host before anything is sent', async () => {
    for (const url of [
      'http://example.com',
      'http://10.0.0.1',
      'http://128.0.0.1',
      'http://127.0.0.1.example.com',
    ]) {
      expect((await failure(client()(get(url)))).type).toBe('http_not_loopback');
    }
  });

  test('a URL that cannot be parsed as a mistake of the program, without repeating it', async () => {
    await expect(client()(get('no url'))).rejects.toThrow(new TypeError('fetch() needs an absolute URL'));
  });

  test('a server that does not speak TLS', async () => {
    const port = await listen(
      createServer((socket) =>
        socket.on('error', () => {}).on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      ),
    );
    const error = await failure(client()(get(`https://127.0.0.1:${port}`)));
    expect(error).toMatchObject({ type: 'tls', facts: { request_sent: false } });
  });

  test('a certificate that nobody trusts, with the way to trust it, and sends nothing', async () => {
    const received: string[] = [];
    const port = await openTls(received);
    const error = await failure(client()(get(`https://localhost:${port}`, { method: 'POST', body: canary })));
    expect(error).toMatchObject({
      type: 'tls',
      retryable: false,
      facts: { cause_code: 'DEPTH_ZERO_SELF_SIGNED_CERT', request_sent: false },
    });
    expect(received).toEqual([]);
    expect(error.hint?.en).toContain('NODE_EXTRA_CA_CERTS');
    expect(error.hint?.zh).toContain('NODE_EXTRA_CA_CERTS');
  });
});

describe('createFetch() through a proxy', () => {
  test('asks it to CONNECT and shows it neither path nor query', async () => {
    const port = await openTls();
    const proxy = await openProxy(port);
    const error = await failure(client({}, proxy.url)(get('https://wechat.example')));
    // The tunnel stands, and inside it the certificate is the self-signed one of the test's server.
    expect(error).toMatchObject({ type: 'tls', facts: { proxy: proxy.url } });
    expect(proxy.heads).toHaveLength(1);
    expect(proxy.heads[0]).toMatch(/^CONNECT wechat\.example:443 HTTP\/1\.1/);
    expect(proxy.heads[0]).not.toContain(canary);
  });

  test('is the way of HTTPS_PROXY, but not for loopback', async () => {
    const proxy = await openProxy(1, 'HTTP/1.1 403 Forbidden\r\n\r\n');
    const fetch = client({ HTTPS_PROXY: proxy.url });
    const server = await open((socket) => socket.end(httpAnswer('{}')));
    expect((await fetch(get(server.url))).status).toBe(200);
    expect(proxy.heads).toHaveLength(0);
    const error = await failure(fetch(get('https://wechat.example')));
    expect(error).toMatchObject({ type: 'proxy', facts: { request_sent: false } });
    expect(error.text.en).toBe(`Cannot connect through the proxy "${proxy.url}" (HTTP 403)`);
    expect(proxy.heads).toHaveLength(1);
  });

  test('names a proxy that wants a password, without the one it was given', async () => {
    const proxy = await openProxy(1, 'HTTP/1.1 407 Auth\r\n\r\n');
    const address = proxy.url.replace('http://', `http://user:${canary}@`);
    const error = await failure(client({}, address)(get('https://wechat.example')));
    expect(error.type).toBe('proxy');
    expect(error.hint?.en).toContain('user name and password');
    expect(
      Buffer.from(
        /proxy-authorization: Basic (\S+)/i.exec(proxy.heads[0] ?? '')?.[1] ?? '',
        'base64',
      ).toString(),
    ).toBe(`user:${canary}`);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(canary);
  });

  test('names a proxy that does not answer', async () => {
    const error = await failure(client({}, 'http://127.0.0.1:1')(get('https://wechat.example')));
    expect(error).toMatchObject({
      type: 'proxy',
      text: { en: 'Cannot connect through the proxy "http://127.0.0.1:1" (ECONNREFUSED)' },
    });
  });

  test.each(['ftp://127.0.0.1', 'http://', '::'])(
    'refuses the address %s without repeating it',
    async (address) => {
      const error = await failure(client({}, address)(get('https://wechat.example')));
      expect(error.type).toBe('proxy_invalid');
      expect(error.text.en).toContain('must be a URL');
    },
  );
});

describe('findProxy()', () => {
  const url = new URL('https://api.weixin.qq.com/cgi-bin/token');
  const inUse = { HTTPS_PROXY: 'http://proxy:3128' };

  test('prefers the option, then small names, then https names', () => {
    expect(findProxy({ proxy: 'http://flag:1', environment: inUse }, url)).toBe('http://flag:1');
    expect(findProxy({ environment: { ...inUse, https_proxy: 'http://small:1' } }, url)).toBe(
      'http://small:1',
    );
    expect(findProxy({ environment: { HTTP_PROXY: 'http://plain:1' } }, url)).toBe('http://plain:1');
    expect(findProxy({ environment: { ...inUse, HTTP_PROXY: 'http://plain:1' } }, url)).toBe(
      'http://proxy:3128',
    );
    expect(findProxy({ environment: { HTTPS_PROXY: '' } }, url)).toBeUndefined();
    expect(findProxy({ environment: {} }, url)).toBeUndefined();
  });

  test.each(['', 'none'])('goes direct for the option "%s"', (proxy) => {
    expect(findProxy({ proxy, environment: inUse }, url)).toBeUndefined();
  });

  test.each([
    'api.weixin.qq.com',
    'weixin.qq.com',
    '.qq.com',
    '*.qq.com',
    'a.example, QQ.com',
    'qq.com:443',
    '*',
  ])('goes direct for NO_PROXY %s', (list) => {
    expect(findProxy({ environment: { ...inUse, NO_PROXY: list } }, url)).toBeUndefined();
  });

  test.each(['', ',', 'pi.weixin.qq.com', 'q.com', 'qq.com:8443', 'example.com', 'com.'])(
    'asks the proxy for NO_PROXY "%s"',
    (list) => {
      expect(findProxy({ environment: { ...inUse, NO_PROXY: list } }, url)).toBe('http://proxy:3128');
    },
  );

  test('an explicit proxy is not limited by NO_PROXY', () => {
    expect(findProxy({ proxy: 'http://flag:1', environment: { NO_PROXY: '*' } }, url)).toBe('http://flag:1');
  });
});

describe('a process that used createFetch()', () => {
  const program = buildWorker('fetch-once');
  const run = promisify(execFile);

  test('ends although the server keeps the connection open', async () => {
    const server = await open((socket) =>
      socket.write(httpAnswer('{}', { headers: 'keep-alive: timeout=600\r\n' })),
    );
    const { stdout } = await run(process.execPath, [program, JSON.stringify({ url: server.url })], {
      timeout: 10_000,
    });
    expect(stdout).toBe('200\n');
  });

  test('ends although a connection is still being made', async () => {
    // Nothing answers the TLS handshake: after the deadline nobody waits for it any more.
    const url = `https://localhost:${await listen(createServer())}`;
    const parameters = [program, JSON.stringify({ url, timeoutMs: 100 })];
    const { stdout } = await run(process.execPath, parameters, { timeout: 10_000 });
    expect(stdout).toBe('timeout\n');
  });

  test('trusts the certificate in NODE_EXTRA_CA_CERTS, and without it does not', async () => {
    const url = `https://localhost:${await openTls()}`;
    const file = join(temporaryFolder(), 'ca.pem');
    writeFileSync(file, selfSigned.cert);
    const parameters = [program, JSON.stringify({ url })];
    const trusting = await run(process.execPath, parameters, { env: { NODE_EXTRA_CA_CERTS: file } });
    expect(trusting.stdout).toBe('200\n');
    expect((await run(process.execPath, parameters, { env: {} })).stdout).toBe('tls\n');
  });
});
