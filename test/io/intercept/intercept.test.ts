import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Text } from '../../../src/core/text/text.ts';
import { intercept } from '../../../src/io/intercept/intercept.ts';
import type { Interception } from '../../../src/io/ports.ts';
import { selfSigned } from '../../helpers/self-signed.ts';

interface World {
  readonly interception: Interception;
  readonly port: number;
  readonly authority: string;
  /** What was answered here: method, address and length of the body. */
  readonly seen: string[];
  readonly told: Text[];
  readonly passed: string[];
}

async function start(environment: Readonly<Record<string, string>> = {}): Promise<World> {
  const [seen, told, passed]: [string[], Text[], string[]] = [[], [], []];
  const answer = async (request: Request): Promise<Response> => {
    const body = await request.arrayBuffer();
    if (request.url.endsWith('/drop')) throw new Error('dropped');
    seen.push(`${request.method} ${request.url} ${body.byteLength}`);
    return new Response('here');
  };
  const interception = await intercept(answer, {
    environment,
    maxBodyBytes: 16 * 1024 * 1024,
    nowMs: Date.now(),
    tell: (trouble) => told.push(trouble),
    passed: (host) => passed.push(host),
  });
  onTestFinished(() => interception.close());
  const { proxy, authority } = interception;
  return {
    interception,
    port: Number(new URL(proxy).port),
    authority: readFileSync(authority, 'utf8'),
    seen,
    told,
    passed,
  };
}

async function listening<Made extends Server>(server: Made): Promise<Made> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** A proxy of the user's that counts, and leads everything to one port. */
async function countingProxy(leadsTo: number): Promise<{ readonly asked: string[]; readonly url: string }> {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
    response.end('from the proxy');
  });
  server.on('connect', (request, socket: Socket) => {
    asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization']}`);
    const far = connect(leadsTo, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      far.pipe(socket).pipe(far);
    });
    for (const each of [far, socket]) each.on('error', () => {});
  });
  await listening(server);
  return { asked, url: `http://user:pass%40word@127.0.0.1:${portOf(server)}` };
}

/** Says something to the proxy and hands back all that comes. */
function say(port: number, words: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(words));
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

/** Asks through a tunnel, as programs do. Rejects with what TLS has against it. */
async function through(
  port: number,
  target: string,
  { servername, ca }: { readonly servername: string; readonly ca: string },
  request = 'GET / HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n',
): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  const head = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  if (!head.toString().startsWith('HTTP/1.1 200 ')) throw new Error(head.toString());
  return await new Promise((resolve, reject) => {
    let text = '';
    const inside = connectTls({ socket, servername, ca }, () => inside.write(request));
    inside.on('data', (data) => (text += data.toString('latin1')));
    inside.on('close', () => resolve(text));
    inside.on('error', (error) => {
      socket.destroy();
      reject(error);
    });
  });
}

const token = 'GET /cgi-bin/token HTTP/1.1\r\nHost: api.weixin.qq.com\r\nConnection: close\r\n\r\n';

describe('what is the platform’s is answered here', () => {
  let world: World;
  let count: Awaited<ReturnType<typeof countingProxy>>;
  beforeEach(async () => {
    count = await countingProxy(1);
    world = await start({ HTTPS_PROXY: count.url, HTTP_PROXY: count.url, ALL_PROXY: count.url });
  });

  test('through a tunnel, under its own name', async () => {
    const { port, authority, seen } = world;
    const answer = await through(
      port,
      'api.weixin.qq.com:443',
      { servername: 'api.weixin.qq.com', ca: authority },
      token,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*here$/);
    expect([seen, count.asked]).toEqual([['GET https://api.weixin.qq.com/cgi-bin/token 0'], []]);
  });

  test('through a tunnel to an address that somebody has looked up', async () => {
    const { port, authority, seen } = world;
    for (const target of ['192.0.2.1:443', '[2001:db8::1]:443']) {
      await through(port, target, { servername: 'mp.weixin.qq.com', ca: authority }, token);
    }
    expect(seen).toHaveLength(2);
    expect(count.asked).toEqual([]);
  });

  test.each([
    [
      'GET https://api.weixin.qq.com/cgi-bin/token?a=1 HTTP/1.1\r\nHost: api.weixin.qq.com',
      'GET https://api.weixin.qq.com/cgi-bin/token?a=1 0',
    ],
    [
      'GET http://api.weixin.qq.com/cgi-bin/token HTTP/1.1\r\nHost: api.weixin.qq.com',
      'GET http://api.weixin.qq.com/cgi-bin/token 0',
    ],
    [
      'GET /cgi-bin/token HTTP/1.0\r\nHost: api.weixin.qq.com:80',
      'GET http://api.weixin.qq.com/cgi-bin/token 0',
    ],
    ['GET http://192.0.2.1/a HTTP/1.1\r\nHost: api.weixin.qq.com', 'GET http://192.0.2.1/a 0'],
  ])('without a tunnel: %j', async (words, expected) => {
    expect(await say(world.port, `${words}\r\nConnection: close\r\n\r\n`)).toContain('here');
    expect([world.seen, count.asked]).toEqual([[expected], []]);
  });

  test('with its own address in the place of the proxy, as Node is led here', async () => {
    const { interception, authority, seen } = world;
    const preload = readFileSync(path.join(path.dirname(interception.authority), 'node.cjs'), 'utf8');
    const port = Number(/port: (\d+)/.exec(preload)?.[1]);
    const agent = new https.Agent({ ca: authority, servername: 'api.weixin.qq.com', keepAlive: true });
    onTestFinished(() => agent.destroy());
    const upload = (): Promise<boolean> =>
      new Promise((resolve, reject) => {
        const options = { port, agent, method: 'POST', headers: { host: 'api.weixin.qq.com' } };
        const request = https.request(options, (response) => {
          response.resume().on('end', () => resolve(request.reusedSocket));
        });
        request.on('error', reject);
        request.end(Buffer.alloc(10_000_000));
      });
    expect([await upload(), await upload()]).toEqual([false, true]);
    const plain = await say(port, 'GET / HTTP/1.1\r\nHost: api.weixin.qq.com\r\nConnection: close\r\n\r\n');
    expect(plain).toContain('here');
    expect(seen).toEqual([
      'POST https://api.weixin.qq.com/ 10000000',
      'POST https://api.weixin.qq.com/ 10000000',
      'GET http://api.weixin.qq.com/ 0',
    ]);
  });

  test('and an answer that is lost on purpose is lost there, too', async () => {
    const { port, authority } = world;
    const lost = token.replace('/cgi-bin/token', '/drop');
    const asked = through(
      port,
      'api.weixin.qq.com:443',
      { servername: 'api.weixin.qq.com', ca: authority },
      lost,
    );
    expect(await asked.catch(() => '')).toBe('');
    expect(
      await say(port, 'GET http://api.weixin.qq.com/drop HTTP/1.1\r\nHost: a\r\n\r\n').catch(() => ''),
    ).toBe('');
  });
});

describe('what is not the platform’s is passed on', () => {
  test('to its own certificate, untouched', async () => {
    const other = await listening(
      https.createServer(selfSigned, (_, response) => void response.end('other')),
    );
    const { port, seen, passed } = await start();
    const trust = { servername: 'localhost', ca: selfSigned.cert };
    expect(await through(port, `localhost:${portOf(other)}`, trust)).toContain('other');
    expect([seen, passed]).toEqual([[], ['localhost']]);
  });

  test('through the user’s own proxy, with its login', async () => {
    const other = await listening(
      https.createServer(selfSigned, (_, response) => void response.end('other')),
    );
    const count = await countingProxy(portOf(other));
    const { port } = await start({
      HTTPS_PROXY: count.url,
      http_proxy: count.url,
      NO_PROXY: 'direct.example',
    });
    const trust = { servername: 'wechat.example', ca: selfSigned.cert };
    expect(await through(port, 'wechat.example:443', trust)).toContain('other');
    // By its address, with another name inside.
    expect(await through(port, '192.0.2.1:443', trust)).toContain('other');
    const plain =
      'GET http://plain.example/a?b=1 HTTP/1.1\r\nHost: plain.example\r\nProxy-Connection: close\r\n\r\n';
    expect(await say(port, plain.replace('Proxy-', ''))).toContain('from the proxy');
    const login = `Basic ${Buffer.from('user:pass@word').toString('base64')}`;
    expect(count.asked).toEqual([
      `CONNECT wechat.example:443 ${login}`,
      `CONNECT 192.0.2.1:443 ${login}`,
      `GET http://plain.example/a?b=1 ${login}`,
    ]);
  });

  test('plain requests with their headers and bodies, both ways', async () => {
    let got: unknown;
    const other = await listening(
      http.createServer((request, response) => {
        got = request.rawHeaders;
        response.writeHead(418, 'Short And Stout', [
          'Set-Cookie',
          'a=1',
          'X-Odd',
          'One',
          'Set-Cookie',
          'b=2',
        ]);
        request.pipe(response);
      }),
    );
    const { port } = await start();
    const address = `127.0.0.1:${portOf(other)}`;
    const words = `POST http://${address}/a HTTP/1.1\r\nHost: ${address}\r\nX-Mixed-Case: Yes\r\nProxy-Authorization: secret\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody`;
    const answer = await say(port, words);
    expect(answer).toMatch(
      /^HTTP\/1\.1 418 Short And Stout\r\nSet-Cookie: a=1\r\nX-Odd: One\r\nSet-Cookie: b=2\r\n/,
    );
    expect(answer).toContain('body');
    expect(got).toEqual([
      'Host',
      address,
      'X-Mixed-Case',
      'Yes',
      'Content-Length',
      '4',
      'Connection',
      'close',
    ]);
  });

  test('and what cannot be reached is said', async () => {
    const gone = await listening(createServer());
    const port = portOf(gone);
    await new Promise((resolve) => gone.close(resolve));
    const world = await start();
    const trust = { servername: 'localhost', ca: selfSigned.cert };
    await expect(through(world.port, `127.0.0.1:${port}`, trust)).rejects.toThrow(
      `HTTP/1.1 502 Bad Gateway\r\nX-Reason: connect ECONNREFUSED 127.0.0.1:${port}`,
    );
    for (const [words, status] of [
      [`GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: a`, 502],
      ['GET / HTTP/1.1\r\nHost: ', 400],
      [`GET / HTTP/1.1\r\nHost: 127.0.0.1:${world.port}`, 400],
      [`GET http://leads-here.example:${world.port}/ HTTP/1.1\r\nHost: a`, 400],
      ['GET ftp://a/ HTTP/1.1\r\nHost: a', 400],
      ['CONNECT nonsense HTTP/1.1\r\nHost: a', 400],
    ] as const) {
      expect(await say(world.port, `${words}\r\nConnection: close\r\n\r\n`)).toMatch(
        new RegExp(`^HTTP/1.1 ${status} `),
      );
    }
  });
});

describe('who came for the platform and did not ask', () => {
  test('is named with the reason that TLS gave', async () => {
    const { port, told, seen } = await start();
    const stranger = { servername: 'api.weixin.qq.com', ca: selfSigned.cert };
    await expect(through(port, 'api.weixin.qq.com:443', stranger)).rejects.toThrow(
      /unable to verify|self-signed/,
    );
    await expect.poll(() => told).toHaveLength(1);
    expect(told[0]?.en).toMatch(/^A program came for api\.weixin\.qq\.com and left without a request/);
    expect(seen).toEqual([]);
  });

  test('is not named where it asked', async () => {
    const { port, authority, told } = await start();
    await through(port, 'api.weixin.qq.com:443', { servername: 'api.weixin.qq.com', ca: authority }, token);
    expect(told).toEqual([]);
  });
});

describe('the files of a run', () => {
  test('are private, have no key, and go with it', async () => {
    const { interception } = await start();
    const folder = path.dirname(interception.authority);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
      path.join(folder, name),
    );
    expect(files.length).toBeGreaterThan(8);
    for (const file of files) {
      expect(statSync(file).mode & 0o077).toBe(0);
      if (statSync(file).isFile()) expect(readFileSync(file, 'latin1')).not.toContain('PRIVATE');
    }
    interception.close();
    expect(existsSync(folder)).toBe(false);
  });

  test('of two runs are apart, and so is what they trust', async () => {
    const [one, two] = [await start(), await start()];
    expect(one.interception.authority).not.toBe(two.interception.authority);
    const wrong = { servername: 'api.weixin.qq.com', ca: two.authority };
    await expect(through(one.port, 'api.weixin.qq.com:443', wrong, token)).rejects.toThrow(
      /unable to verify|signature/,
    );
    two.interception.close();
    const right = { servername: 'api.weixin.qq.com', ca: one.authority };
    expect(await through(one.port, 'api.weixin.qq.com:443', right, token)).toContain('here');
  });
});
