import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { inspect, promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createClient, type Call } from '../../../src/api/client.ts';
import { errcodeZero } from '../../../src/api/answer.ts';
import { WechatMpError } from '../../../src/core/errors.ts';
import { createFetch } from '../../../src/io/net/fetch.ts';
import { faults, httpAnswer } from '../../helpers/bad-server.ts';
import { selfSigned } from '../../helpers/self-signed.ts';
import { buildWorker, temporaryFolder } from '../../helpers/workers.ts';

const canary = 'CANARY0123456789abcdef';

/** Counts connections. Every one of them ends with the test. */
async function listen(
  server: Server,
): Promise<{ readonly port: number; readonly connections: () => number }> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as { port: number }).port, connections: () => sockets.length };
}

/** Does something to whoever has sent something. */
const onBytes = (behave: (socket: Socket, bytes: Buffer) => void): Server =>
  createServer((socket) => socket.on('data', (bytes) => behave(socket, bytes)));

const onTls = (behave: (socket: Socket, bytes: Buffer) => void): Server =>
  createTlsServer(selfSigned, (socket) =>
    socket.on('error', () => {}).on('data', (bytes) => behave(socket, bytes)),
  ).on('tlsClientError', () => {});

/** Joins the client with a server on this machine, whatever target it has asked for. */
function bridge(socket: Socket, port: number, welcome: string | Buffer): void {
  socket.removeAllListeners('data');
  const target = connect(port, '127.0.0.1', () => {
    socket.write(welcome);
    socket.pipe(target).pipe(socket);
  });
  target.on('error', () => socket.destroy());
}

const granted = 'HTTP/1.1 200 Connection established\r\n\r\n';

function fetchThrough(proxy: string) {
  return createFetch({ proxy, environment: {}, platform: 'linux' });
}

const request = (url: string, timeoutMs = 400) => ({
  method: 'POST' as const,
  url: `${url}/path?access_token=${canary}`,
  body: canary,
  timeoutMs,
  maxBytes: 1 << 20,
  allowHttp: true,
});

async function failure(promise: Promise<unknown>): Promise<WechatMpError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WechatMpError);
  return error as WechatMpError;
}

interface Misbehaviour {
  readonly server: () => Server;
  readonly scheme?: string;
  readonly words: RegExp;
  readonly retryable: boolean;
}

const welcomeThen = (behave: (socket: Socket) => void): Server =>
  createServer((socket) =>
    socket.once('data', () => {
      socket.write(granted);
      socket.once('data', () => behave(socket));
    }),
  );

const way = 'opened a way to "wechat\\.example", but';
const misbehaviours: Readonly<Record<string, Misbehaviour>> = {
  'destroys each CONNECT': {
    server: () => onBytes((socket) => socket.destroy()),
    words: /\(it closed the connection without an answer\)$/,
    retryable: true,
  },
  'resets each CONNECT': {
    server: () => onBytes((socket) => socket.resetAndDestroy()),
    words: /\(it closed the connection without an answer\)$/,
    retryable: true,
  },
  'closes before it has read anything': {
    server: () => createServer((socket) => socket.end()),
    words: /\(it closed the connection without an answer\)$/,
    retryable: true,
  },
  hangs: {
    server: () => onBytes(() => {}),
    words: /did not open a way to .* within 0\.4 s$/,
    retryable: true,
  },
  'begins to answer and hangs': {
    server: () => onBytes((socket) => socket.write('HTTP/1.1 200 ')),
    words: /did not open a way to .* within 0\.4 s$/,
    retryable: true,
  },
  'answers garbage': {
    server: () => onBytes(faults['not http']),
    words: /\(its answer is not that of a proxy\)$/,
    retryable: false,
  },
  'answers a head without an end': {
    server: () => onBytes((socket) => socket.write(`HTTP/1.1 200 ${'x'.repeat(20_000)}`)),
    words: /\(its answer is not that of a proxy\)$/,
    retryable: false,
  },
  'wants a password': {
    server: () => onBytes((socket) => socket.end('HTTP/1.1 407 Auth\r\n\r\n')),
    words: /\(HTTP 407: it does not accept the user name and password\)$/,
    retryable: false,
  },
  forbids: {
    server: () => onBytes((socket) => socket.end('HTTP/1.1 403 No\r\ncontent-length: 2\r\n\r\nno')),
    words: /\(HTTP 403\)$/,
    retryable: false,
  },
  'cannot get through': {
    server: () => onBytes((socket) => socket.end('HTTP/1.1 502 Bad\r\n\r\n')),
    words: /\(HTTP 502\)$/,
    retryable: true,
  },
  'opens the way and destroys it': {
    server: () => welcomeThen((socket) => socket.destroy()),
    words: new RegExp(`${way} it broke before anything was sent \\(ECONNRESET\\)$`),
    retryable: true,
  },
  'opens the way and is silent': {
    server: () => welcomeThen(() => {}),
    words: new RegExp(`${way} nothing came through it within 0\\.4 s$`),
    retryable: true,
  },
  'opens the way and answers garbage': {
    server: () => welcomeThen((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')),
    words: new RegExp(`${way} it broke before anything was sent \\(ERR_SSL_\\w+\\)$`),
    retryable: true,
  },
  'has a certificate that nobody trusts': {
    server: () => onTls((socket) => socket.end(granted)),
    scheme: 'https',
    words: /^Cannot trust the certificate of the proxy ".*" \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
    retryable: false,
  },
  'speaks no TLS': {
    server: () => onBytes((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    scheme: 'https',
    words: /\(ERR_SSL_\w+\)$/,
    retryable: true,
  },
  'closes a SOCKS5 greeting': {
    server: () => onBytes((socket) => socket.destroy()),
    scheme: 'socks5',
    words: /\(it closed the connection without an answer\)$/,
    retryable: true,
  },
  'hangs after a SOCKS5 greeting': {
    server: () => createServer((socket) => socket.once('data', () => socket.write(Buffer.from([5, 0])))),
    scheme: 'socks5',
    words: /did not open a way to .* within 0\.4 s$/,
    retryable: true,
  },
  'answers a SOCKS5 greeting in HTTP': {
    server: () => onBytes((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    scheme: 'socks5',
    words: /\(its answer is not that of a proxy\)$/,
    retryable: false,
  },
  'wants a SOCKS5 password': {
    server: () => onBytes((socket) => socket.write(Buffer.from([5, 0xff]))),
    scheme: 'socks5',
    words: /\(SOCKS5: it does not accept the user name and password\)$/,
    retryable: false,
  },
  'refuses by SOCKS5': {
    server: () =>
      createServer((socket) =>
        socket.once('data', () => {
          socket.write(Buffer.from([5, 0]));
          socket.on('data', () => socket.write(Buffer.from([5, 2, 0, 1, 0, 0, 0, 0, 0, 0])));
        }),
      ),
    scheme: 'socks5',
    words: /\(SOCKS5 reply 2\)$/,
    retryable: false,
  },
};

describe('a proxy is named as the proxy where it', () => {
  test.each(Object.entries(misbehaviours))(
    '%s',
    async (_name, { server, scheme = 'http', words, retryable }) => {
      const { port, connections } = await listen(server());
      const name = `${scheme}://127.0.0.1:${port}`;
      const fetch = fetchThrough(name.replace('://', `://me:${canary}@`));
      const error = await failure(fetch(request('https://wechat.example')));
      expect(error).toMatchObject({
        family: 'network',
        type: 'proxy',
        retryable,
        facts: { host: 'wechat.example', proxy: name, request_sent: false },
      });
      expect(error.text.en).toMatch(words);
      for (const text of [error.text.en, error.text.zh]) expect(text).toContain(name);
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(canary);
      expect(connections()).toBe(1);
    },
  );

  test.each([
    ['http', 'HTTP/1.1 407 Auth\r\n\r\n', 'HTTP 407'],
    ['socks5', Buffer.from([5, 0xff]), 'SOCKS5'],
  ] as const)('wants a login and was given none, by %s', async (scheme, answer, detail) => {
    const { port } = await listen(onBytes((socket) => socket.end(answer)));
    const error = await failure(
      fetchThrough(`${scheme}://127.0.0.1:${port}`)(request('https://wechat.example')),
    );
    expect(error.text.en).toMatch(new RegExp(`\\(${detail}: it wants a user name and password\\)$`));
    expect(error.hint?.en).toBe('Put the user name and password into the proxy URL in HTTPS_PROXY');
  });

  test.each(['ftp://x', 'http://', 'http://a b', 'http://%zz@x'])(
    'cannot be one: %j is an input error',
    async (proxy) => {
      const error = await failure(
        Promise.resolve().then(async () => await fetchThrough(proxy)(request('https://wechat.example'))),
      );
      expect(error).toMatchObject({ family: 'input', type: 'proxy_invalid' });
    },
  );

  test('cannot be found or reached', async () => {
    for (const [proxy, code] of [
      ['http://127.0.0.1:1', 'ECONNREFUSED'],
      ['socks5://127.0.0.1:1', 'ECONNREFUSED'],
      ['https://127.0.0.1:1', 'ECONNREFUSED'],
    ] as const) {
      const error = await failure(fetchThrough(proxy)(request('https://wechat.example')));
      expect(error.text.en).toBe(`Cannot connect through the proxy "${proxy}" (${code})`);
    }
  });
});

describe('a call through a proxy', () => {
  const call: Call<true> = {
    effect: 'write',
    method: 'POST',
    path: '/cgi-bin/menu/create',
    body: {},
    proof: errcodeZero,
    token: false,
    check: { en: 'Look', zh: '查看' },
  };

  function callThrough(proxy: string, timeoutMs: number) {
    const sleeps: number[] = [];
    let sleptMs = 0;
    const client = createClient({
      fetch: fetchThrough(proxy),
      apiBase: 'https://wechat.example',
      timeoutMs,
      clock: {
        now: () => Date.now(),
        monotonic: () => performance.now() + sleptMs,
        sleep: async (milliseconds) => {
          sleeps.push(milliseconds);
          sleptMs += milliseconds;
        },
      },
      random: { bytes: (count) => new Uint8Array(count) },
      debug: () => {},
    });
    return { ended: failure(client.call(call)), sleeps };
  }

  test('that destroys each CONNECT makes three connections with pauses, and no more', async () => {
    const { port, connections } = await listen(onBytes((socket) => socket.destroy()));
    const { ended, sleeps } = callThrough(`http://127.0.0.1:${port}`, 10_000);
    const error = await ended;
    expect([error.type, connections(), sleeps]).toEqual(['proxy', 3, [200, 200]]);
    // A write that never left this machine was certainly not done.
    expect(error.facts['outcome']).toBeUndefined();
  });

  test('that hangs makes one connection', async () => {
    const { port, connections } = await listen(onBytes(() => {}));
    const { ended, sleeps } = callThrough(`http://127.0.0.1:${port}`, 300);
    expect([(await ended).type, connections(), sleeps]).toEqual(['proxy', 1, []]);
  });
});

describe('createFetch() gets an answer', () => {
  const answer = httpAnswer('{"errcode":0}');

  test('through HTTP CONNECT, over one tunnel for several requests', async () => {
    const target = await listen(onBytes((socket) => socket.write(answer)));
    const heads: string[] = [];
    const proxy = await listen(
      createServer((socket) =>
        socket.once('data', (head) => {
          heads.push(head.toString());
          bridge(socket, target.port, granted);
        }),
      ),
    );
    const fetch = fetchThrough(`http://me:p%40ss@127.0.0.1:${proxy.port}`);
    for (let index = 0; index < 3; index += 1) {
      const response = await fetch(request('http://wechat.example', 5000));
      expect([response.status, Buffer.from(response.body).toString()]).toEqual([200, '{"errcode":0}']);
    }
    expect([proxy.connections(), target.connections()]).toEqual([1, 1]);
    expect(heads).toEqual([
      'CONNECT wechat.example:80 HTTP/1.1\r\nHost: wechat.example:80\r\nProxy-Connection: keep-alive\r\n' +
        `Proxy-Authorization: Basic ${Buffer.from('me:p@ss').toString('base64')}\r\n\r\n`,
    ]);
  });

  test('where the answer of the proxy comes in pieces', async () => {
    const target = await listen(onBytes((socket) => socket.write(answer)));
    const proxy = await listen(
      createServer((socket) =>
        socket.setNoDelay(true).once('data', () => {
          const half = granted.length - 2;
          socket.write(granted.slice(0, half), () => bridge(socket, target.port, granted.slice(half)));
        }),
      ),
    );
    // An address without a scheme is one of HTTP, as for curl.
    const fetch = fetchThrough(`127.0.0.1:${proxy.port}`);
    expect((await fetch(request('http://wechat.example', 5000))).status).toBe(200);
  });

  test.each([
    ['without a login', '', [5, 1, 0], undefined],
    ['with a login', 'me:p%40ss@', [5, 2, 0, 2], [1, 2, 109, 101, 4, 112, 64, 115, 115]],
  ] as const)('through SOCKS5 %s, which looks up the name', async (_name, login, greeting, password) => {
    const target = await listen(onBytes((socket) => socket.write(answer)));
    const said: number[][] = [];
    const steps = [
      Buffer.from([5, password === undefined ? 0 : 2]),
      ...(password === undefined ? [] : [Buffer.from([1, 0])]),
    ];
    const proxy = await listen(
      createServer((socket) => {
        const left = [...steps];
        socket.on('data', (bytes) => {
          said.push([...bytes]);
          const next = left.shift();
          if (next !== undefined) socket.write(next);
          else bridge(socket, target.port, Buffer.from([5, 0, 0, 3, 1, 120, 0, 80]));
        });
      }),
    );
    const fetch = fetchThrough(`socks5://${login}127.0.0.1:${proxy.port}`);
    const response = await fetch(request('http://wechat.example', 5000));
    expect(response.status).toBe(200);
    const name = Buffer.from('wechat.example');
    expect(said).toEqual([
      greeting,
      ...(password === undefined ? [] : [password]),
      [5, 1, 0, 3, name.length, ...name, 0, 80],
    ]);
  });
});

describe('a process that used a proxy', () => {
  const program = buildWorker('fetch-once');
  const run = promisify(execFile);

  test.each(['http', 'https', 'socks5'])(
    'of scheme %s reaches a TLS server, and nothing is said on stderr',
    async (scheme) => {
      const target = await listen(onTls((socket) => socket.end(httpAnswer('{}'))));
      const opened = (socket: Socket, bytes: Buffer): void => {
        if (scheme !== 'socks5') return bridge(socket, target.port, granted);
        if (bytes.length === 3) socket.write(Buffer.from([5, 0]));
        else bridge(socket, target.port, Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
      };
      const proxy = await listen(scheme === 'https' ? onTls(opened) : onBytes(opened));
      const file = join(temporaryFolder(), 'ca.pem');
      writeFileSync(file, selfSigned.cert);
      const wish = { url: 'https://wechat.example', proxy: `${scheme}://localhost:${proxy.port}` };
      const result = await run(process.execPath, [program, JSON.stringify(wish)], {
        env: { NODE_EXTRA_CA_CERTS: file },
        timeout: 20_000,
      });
      expect(result).toEqual({ stdout: '200\n', stderr: '' });
      expect([proxy.connections(), target.connections()]).toEqual([1, 1]);
    },
  );

  test('ends although the proxy still hangs', async () => {
    const { port } = await listen(onBytes(() => {}));
    const wish = { url: 'https://wechat.example', proxy: `http://127.0.0.1:${port}`, timeoutMs: 100 };
    const result = await run(process.execPath, [program, JSON.stringify(wish)], { timeout: 10_000 });
    expect(result).toEqual({ stdout: 'proxy\n', stderr: '' });
  });
});
