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
import { askHttpProxy, askSocks5, type ProxyLogin } from './tunnel.ts';

export interface Proxy {
  readonly dispatcher: Dispatcher;
  /** Scheme, host and port, for messages; never the user name and password. */
  readonly name: string;
}

type Target = Pick<buildConnector.Options, 'protocol' | 'hostname' | 'port'>;

interface ProxyAddress {
  readonly scheme: Scheme;
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
 * Throws a input error for an address that cannot be one. `onPhase` is told how far a connection
 * has come.
 */
export function createProxy(
  address: string,
  onPhase: (target: Target, phase: 'proxy' | 'tls') => void,
): Proxy {
  // People write "proxy.example.com:3128"; curl takes that as http, and so do we.
  const text = /^[a-z0-9+.-]+:\/\//i.test(address) ? address : `http://${address}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const proxy = url === undefined ? undefined : readAddress(url);
  if (url === undefined || proxy === undefined) throw invalidProxy();
  const secure = buildConnector({ timeout: TUNNEL_LIMIT_MS });
  const dispatcher = new Agent({
    connect: (target, callback) => {
      onPhase(target, 'proxy');
      openTunnel(proxy, target).then(
        (socket) => {
          onPhase(target, 'tls');
          if (target.protocol !== 'https:') return callback(null, socket);
          // undici returns the socket although its types do not say so; see `createConnector` in fetch.ts.
          const inside = secure({ ...target, httpSocket: socket }, callback) as unknown as Socket;
          inside.unref();
        },
        (error: unknown) => callback(error as Error, null),
      );
    },
  });
  return { dispatcher, name: `${url.protocol}//${url.host}` };
}

function readAddress(url: URL): ProxyAddress | undefined {
  const { protocol: scheme, hostname, port, username, password } = url;
  if (hostname === '' || !isScheme(scheme)) return undefined;
  const login = { user: decode(username), password: decode(password) };
  if (login.user === undefined || login.password === undefined) return undefined;
  return {
    scheme,
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
async function openTunnel(proxy: ProxyAddress, target: Target): Promise<Socket> {
  const socket = await dial(proxy);
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

function dial({ scheme, host, port }: ProxyAddress): Promise<Socket> {
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
