/** The proxy that programs are led to: the platform's hosts are answered here, every other host is passed on as it is. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { isPlatformHost } from './certificates.ts';
import { serverNameOf } from './client-hello.ts';
import { firstWords, type PlatformServer } from './platform-server.ts';
import type { Environment } from './trust.ts';
import { dial, leave, type Target, usersProxy } from './way-out.ts';

export interface ProxyParts {
  readonly platform: PlatformServer;
  /** Answers what is the platform's. */
  readonly answers: http.Server;
  /** The user's own, for their proxy. */
  readonly environment: Environment;
  /** Hears of each host that is passed on. */
  readonly passed: (host: string) => void;
}

/** A client that says nothing for this long waits for the other side to begin, in milliseconds. */
const silenceMs = 1000;

/** Not listening yet. */
export function createProxyServer(parts: ProxyParts): http.Server {
  const server = http.createServer({ requestTimeout: 0, maxHeaderSize: 65_536 }, (incoming, outgoing) => {
    const url = addressOf(incoming);
    if (url === undefined) turnAway(outgoing, 400, 'This is a proxy: it takes CONNECT and whole addresses');
    else if (isPlatformHost(url.hostname) || isPlatformHost(hostOf(incoming)))
      parts.answers.emit('request', incoming, outgoing);
    else void passOn(parts, url, incoming, outgoing);
  });
  server.on('connect', (request, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const target = targetOf(request.url ?? '');
    if (target === undefined) socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    else if (isPlatformHost(target.host)) {
      socket.write(established);
      parts.platform.take(socket, head);
    } else if (isIP(target.host) !== 0 && target.port === 443) lookInside(parts, target, socket, head);
    else void tunnel(parts, target, socket, head);
  });
  return server;
}

const established = 'HTTP/1.1 200 Connection established\r\n\r\n';

function targetOf(authority: string): Target | undefined {
  const [, bracketed, name, port] = /^(?:\[([\da-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(authority) ?? [];
  const host = bracketed ?? name;
  return host === undefined ? undefined : { scheme: 'https:', host, port: Number(port) };
}

/**
 * Somebody has looked up the name already: TLS says what it was. What is the platform's stays here, and before that is
 * known nothing leaves.
 */
function lookInside(parts: ProxyParts, target: Target, socket: Socket, head: Buffer): void {
  socket.write(established);
  if (head.length > 0) socket.unshift(head);
  firstWords(
    socket,
    (words) => {
      if (isPlatformHost(serverNameOf(words) ?? '')) parts.platform.take(socket, words);
      else void tunnel(parts, target, socket, words, 'told');
    },
    silenceMs,
  );
}

async function tunnel(
  { environment, passed }: ProxyParts,
  target: Target,
  socket: Socket,
  head: Buffer,
  told?: 'told',
): Promise<void> {
  passed(target.host);
  try {
    const far = await leave(environment, target);
    if (socket.destroyed) return void far.destroy();
    if (told === undefined) socket.write(established);
    if (head.length > 0) far.write(head);
    join(socket, far);
    join(far, socket);
  } catch (error) {
    if (told === undefined) socket.end(`HTTP/1.1 502 Bad Gateway\r\nX-Reason: ${reasonOf(error)}\r\n\r\n`);
    else socket.destroy();
  }
}

function join(from: Socket, to: Socket): void {
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroySoon());
  from.pipe(to);
}

/** What a proxy is asked: a whole address, or a path for a `Host`, as PHP's streams write it. */
function addressOf({ url = '', headers: { host = '' }, socket }: IncomingMessage): URL | undefined {
  const text = url.startsWith('/') ? `http://${host}${url}` : url;
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const address = new URL(text);
  // Somebody has opened the proxy itself, perhaps by a name that leads back here: it would ask itself for ever.
  return Number(address.port) === socket.localPort ? undefined : address;
}

function hostOf({ headers: { host = '' } }: IncomingMessage): string {
  return host.replace(/:\d+$/, '');
}

/** A request that came without a tunnel goes on as it is; only what is between a client and its proxy is taken out. */
async function passOn(
  { environment, passed }: ProxyParts,
  url: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  passed(url.hostname);
  outgoing.on('error', () => incoming.destroy());
  try {
    const { socket, path, headers } = await wayFor(environment, url);
    const further = http.request({
      createConnection: () => socket,
      method: incoming.method ?? 'GET',
      path,
      headers: [...betweenEnds(incoming.rawHeaders), ...headers, 'Connection', 'close'],
      setHost: false,
    });
    further.on('response', (response) => {
      outgoing.sendDate = false;
      outgoing.writeHead(
        response.statusCode ?? 502,
        response.statusMessage ?? '',
        betweenEnds(response.rawHeaders),
      );
      response.on('error', () => outgoing.destroy());
      response.pipe(outgoing);
    });
    further.on('error', (error) => turnAway(outgoing, 502, reasonOf(error)));
    outgoing.on('close', () => further.destroy());
    incoming.pipe(further);
  } catch (error) {
    turnAway(outgoing, 502, reasonOf(error));
  }
}

interface Way {
  readonly socket: Socket;
  readonly path: string;
  readonly headers: readonly string[];
}

async function wayFor(environment: Environment, url: URL): Promise<Way> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const scheme = url.protocol === 'https:' ? 'https:' : 'http:';
  const target = { scheme, host, port: Number(url.port) || (scheme === 'https:' ? 443 : 80) } as const;
  const path = `${url.pathname}${url.search}`;
  const proxy = scheme === 'http:' ? usersProxy(environment, target) : undefined;
  if (proxy !== undefined) {
    const { dialProxy, formatLogin, parseProxy } = await import('../net/proxy.ts');
    const address = parseProxy(proxy);
    if (!address.scheme.startsWith('socks')) {
      const headers = address.login === undefined ? [] : ['Proxy-Authorization', formatLogin(address.login)];
      return { socket: await dialProxy(address), path: url.href, headers };
    }
  }
  const socket =
    proxy === undefined && scheme === 'http:'
      ? await dial(host, target.port)
      : await leave(environment, target);
  if (scheme === 'http:') return { socket, path, headers: [] };
  return { socket: connectTls({ socket, ...(isIP(host) === 0 && { servername: host }) }), path, headers: [] };
}

/** Headers as they came, but for those that are meant for the next machine alone. */
function betweenEnds(raw: readonly string[]): string[] {
  return raw.filter(
    (_, index) => !/^(?:connection|keep-alive|proxy-[a-z-]+)$/i.test(raw[index - (index % 2)] ?? ''),
  );
}

function turnAway(outgoing: ServerResponse, status: number, reason: string): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  outgoing.writeHead(status, { 'content-type': 'text/plain', connection: 'close' });
  outgoing.end(`${reason}\n`);
}

/** One line of ASCII: it may stand in a header. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 200);
}
