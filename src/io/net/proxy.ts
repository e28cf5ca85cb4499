/**
 * Requests through a proxy: a tunnel by HTTP CONNECT or SOCKS5, opened once for each connection that undici wants.
 * Loaded only where a proxy is configured. undici's own ProxyAgent asks again for ever, and without a pause, where the
 * proxy closes a tunnel unanswered, and its SOCKS5 makes the runtime warn on stderr.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Dispatcher } from 'undici';
import buildConnector from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import { WechatMpError } from '../../core/errors.ts';
import { ProxyFailure } from './exchange.ts';

export interface Proxy {
  readonly dispatcher: Dispatcher;
  /** Scheme, host and port, for messages; never the user name and password. */
  readonly name: string;
}

type Target = Pick<buildConnector.Options, 'protocol' | 'hostname' | 'port'>;

export interface ProxyAddress {
  readonly scheme: Scheme;
  /** Scheme, host and port, for messages; never the user name and password. */
  readonly name: string;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  readonly login: ProxyLogin | undefined;
}

/** curl's socks5h is what we do anyway: the proxy looks up the name. */
const defaultPorts = { 'http:': 80, 'https:': 443, 'socks5:': 1080, 'socks5h:': 1080 } as const;
type Scheme = keyof typeof defaultPorts;

/** As for direct connections: the deadline of the exchange decides, this only bounds tunnels that nobody waits for. */
const TUNNEL_LIMIT_MS = 120_000;

/**
 * Throws an input error for an address that cannot be one. `onPhase` is told how far a connection has come.
 */
export function createProxy(
  address: string,
  onPhase: (target: Target, phase: 'proxy' | 'tls') => void,
): Proxy {
  const proxy = parseProxy(address);
  const secure = buildConnector({ timeout: TUNNEL_LIMIT_MS });
  const dispatcher = new Agent({
    connect: (target, callback) => {
      onPhase(target, 'proxy');
      openTunnel(proxy, target).then(
        (socket) => {
          onPhase(target, 'tls');
          if (target.protocol !== 'https:') return callback(null, socket);
          // undici returns the socket although its types do not say so; see `createConnector` in stream-fetch.ts.
          const inside = secure({ ...target, httpSocket: socket }, callback) as unknown as Socket;
          inside.unref();
        },
        (error: unknown) => callback(error as Error, null),
      );
    },
  });
  return { dispatcher, name: proxy.name };
}

/** Throws an input error for an address that cannot be one. */
export function parseProxy(address: string): ProxyAddress {
  // People write "proxy.example.com:3128"; curl takes that as http, and so do we.
  const text = /^[a-z0-9+.-]+:\/\//i.test(address) ? address : `http://${address}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const proxy = url === undefined ? undefined : readAddress(url);
  if (proxy === undefined) throw invalidProxy();
  return proxy;
}

function readAddress(url: URL): ProxyAddress | undefined {
  const { protocol: scheme, hostname, port, username, password } = url;
  if (hostname === '' || !isScheme(scheme)) return undefined;
  const login = { user: decode(username), password: decode(password) };
  if (login.user === undefined || login.password === undefined) return undefined;
  return {
    scheme,
    name: `${scheme}//${url.host}`,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? defaultPorts[scheme] : Number(port),
    login: username === '' && password === '' ? undefined : { user: login.user, password: login.password },
  };
}

function isScheme(text: string): text is Scheme {
  return Object.hasOwn(defaultPorts, text);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Rejects with a `ProxyFailure`. */
export async function openTunnel(proxy: ProxyAddress, target: Target): Promise<Socket> {
  const socket = await dialProxy(proxy);
  const limit = setTimeout(() => socket.destroy(), TUNNEL_LIMIT_MS).unref();
  const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
  const wish = { host: target.hostname, port, login: proxy.login };
  try {
    await (proxy.scheme.startsWith('socks5') ? askSocks5(socket, wish) : askHttpProxy(socket, wish));
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(limit);
  }
}

/** Rejects with a `ProxyFailure`. */
export function dialProxy({ scheme, host, port }: ProxyAddress): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const isTls = scheme === 'https:';
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = isTls ? connectTls({ host, port, ...servername }) : connectTcp({ host, port });
    // The deadline's timer keeps the process alive while somebody waits; a tunnel that nobody waits for must not.
    socket.unref();
    socket.setNoDelay(true).setKeepAlive(true, 60_000);
    // Stays, for errors between two steps: whoever reads next finds the socket closed.
    socket.on('error', (error) => reject(new ProxyFailure('unreachable', { cause: error })));
    socket.once('close', () => reject(new ProxyFailure('closed')));
    socket.once(isTls ? 'secureConnect' : 'connect', () => resolve(socket));
    setTimeout(() => socket.connecting && socket.destroy(), TUNNEL_LIMIT_MS).unref();
  });
}

// What is said to a proxy until the way to the target stands: HTTP CONNECT (RFC 9110) and SOCKS5 (RFC 1928, 1929).

interface ProxyLogin {
  readonly user: string;
  readonly password: string;
}

interface TunnelWish {
  /** A name, or an address without brackets. The proxy looks up names. */
  readonly host: string;
  readonly port: number;
  readonly login: ProxyLogin | undefined;
}

/** Longer than any real head of an answer to CONNECT. */
const MAX_HEAD_BYTES = 16_384;

/** Asks with HTTP CONNECT. Rejects with a `ProxyFailure`. */
async function askHttpProxy(socket: Socket, { host, port, login }: TunnelWish): Promise<void> {
  const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`, 'Proxy-Connection: keep-alive'];
  if (login !== undefined) lines.push(`Proxy-Authorization: ${formatLogin(login)}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const head = (await receive(socket, headLength)).toString('latin1');
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === undefined) throw new ProxyFailure('foreign');
  if (status.startsWith('2')) return;
  throw new ProxyFailure(status === '407' ? loginFault(login) : 'refused', { detail: `HTTP ${status}` });
}

export function formatLogin({ user, password }: ProxyLogin): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Who was given a name and a password must not be told to give them. */
function loginFault(login: ProxyLogin | undefined): 'login' | 'denied' {
  return login === undefined ? 'login' : 'denied';
}

function headLength(bytes: Buffer): number | undefined {
  const text = bytes.toString('latin1');
  if (!text.startsWith('HTTP/1.'.slice(0, text.length)) || bytes.length > MAX_HEAD_BYTES)
    throw new ProxyFailure('foreign');
  const end = text.indexOf('\r\n\r\n');
  return end === -1 ? undefined : end + 4;
}

const socks = { version: 5, noLogin: 0, byPassword: 2, connect: 1, ipv4: 1, name: 3, ipv6: 4 } as const;

/** Asks a SOCKS5 proxy. Rejects with a `ProxyFailure`. */
async function askSocks5(socket: Socket, { host, port, login }: TunnelWish): Promise<void> {
  const methods = login === undefined ? [socks.noLogin] : [socks.noLogin, socks.byPassword];
  socket.write(Buffer.from([socks.version, methods.length, ...methods]));
  const method = (await receive(socket, socksAnswer(socks.version, 2)))[1];
  if (method === socks.byPassword && login !== undefined) {
    socket.write(Buffer.concat([Buffer.from([1]), counted(login.user), counted(login.password)]));
    const verdict = (await receive(socket, socksAnswer(1, 2)))[1];
    if (verdict !== 0) throw new ProxyFailure(loginFault(login), { detail: 'SOCKS5' });
  } else if (method !== socks.noLogin) throw new ProxyFailure(loginFault(login), { detail: 'SOCKS5' });
  const target = Buffer.concat([
    Buffer.from([socks.name]),
    counted(host),
    Buffer.from([port >> 8, port & 255]),
  ]);
  socket.write(Buffer.concat([Buffer.from([socks.version, socks.connect, 0]), target]));
  const reply = (await receive(socket, socksReplyLength))[1];
  if (reply !== 0) throw new ProxyFailure('refused', { detail: `SOCKS5 reply ${reply}` });
}

/** A text after its length. An address is sent as a name, too: looking it up finds itself. */
function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) throw new ProxyFailure('denied', { detail: 'SOCKS5' });
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function socksAnswer(version: number, length: number): (bytes: Buffer) => number | undefined {
  return (bytes) => {
    if (bytes[0] !== version) throw new ProxyFailure('foreign');
    return bytes.length < length ? undefined : length;
  };
}

/** Version, reply, a reserved byte, then the address that the proxy uses, whose kind says how long it is. */
function socksReplyLength(bytes: Buffer): number | undefined {
  if (bytes[0] !== socks.version) throw new ProxyFailure('foreign');
  const [, reply, , kind, first] = bytes;
  // Some proxies end a refusal after its second byte.
  if (reply !== undefined && reply !== 0) return 2;
  if (kind === undefined || first === undefined) return undefined;
  const lengths: Readonly<Record<number, number>> = {
    [socks.ipv4]: 4,
    [socks.ipv6]: 16,
    [socks.name]: 1 + first,
  };
  const length = lengths[kind];
  if (length === undefined) throw new ProxyFailure('foreign');
  return bytes.length < 6 + length ? undefined : 6 + length;
}

/** Waits for an answer of which `lengthOf` knows the end; what follows stays in the socket. */
function receive(socket: Socket, lengthOf: (bytes: Buffer) => number | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const stop = (): void => {
      socket.off('data', take).off('end', closed).off('close', closed);
      socket.pause();
    };
    const closed = (): void => {
      stop();
      reject(new ProxyFailure('closed'));
    };
    const take = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      try {
        const length = lengthOf(bytes);
        if (length === undefined) return;
        stop();
        if (bytes.length > length) socket.unshift(bytes.subarray(length));
        resolve(bytes.subarray(0, length));
      } catch (error) {
        stop();
        reject(error);
      }
    };
    if (socket.destroyed) return closed();
    socket.on('data', take).on('end', closed).on('close', closed).resume();
  });
}

/** The address is not repeated: it may hold a password. */
function invalidProxy(): WechatMpError {
  return new WechatMpError({
    family: 'input',
    type: 'proxy_invalid',
    text: {
      en: 'Cannot use the configured proxy: its address must be a URL with http, https or socks5',
      zh: '无法使用所配置的代理：地址必须是 http、https 或 socks5 开头的网址',
    },
    hint: {
      en: 'Write it as "http://proxy.example.com:3128" in --proxy or HTTPS_PROXY, or give --proxy none',
      zh: '请在 --proxy 或 HTTPS_PROXY 中写成“http://proxy.example.com:3128”，不用代理请写 --proxy none',
    },
    facts: { request_sent: false },
  });
}
