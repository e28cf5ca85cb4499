/** The HTTP client, made of undici's parts: no redirects, no decompression, one deadline, a limit on every body. */
import { isIP, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import type { Dispatcher } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';
import buildConnector from 'undici/lib/core/connect.js';
import { isLoopbackHost } from '../../core/account/index.ts';
import { WechatMpError } from '../../core/errors.ts';
import { defined } from '../../core/text/defined.ts';
import { ExchangeFailure, exchange } from './exchange.ts';
import type { ConnectPhase, FailureContext } from './fetch-errors.ts';
import type { ConnectionWay, Fetch, HttpRequest } from '../ports.ts';
import { findProxy, type ProxySettings } from './proxy-settings.ts';
import type { Proxy } from './proxy.ts';

export interface FetchOptions extends ProxySettings {
  /** `process.platform`, for hints. */
  readonly platform: string;
}

/** Longer than any sensible `--timeout`: the deadline of the exchange decides, this only bounds abandoned sockets. */
const CONNECT_TIMEOUT_MS = 120_000;

/** The way out: connections that stay open, directly or through a proxy, and what is said where one fails. */
export interface Outlet {
  /** `undefined` for a direct connection. */
  proxyFor(url: URL): Promise<Proxy> | undefined;
  readonly agent: Dispatcher;
  /** How the last direct connection to this address was made. */
  way(url: URL): ConnectionWay | undefined;
  /** The error for people; anything but the failure of an exchange stays as it is. */
  describe(error: unknown, url: URL, request: FailureContext['request'], proxy?: Proxy): Promise<unknown>;
}

/** `connections`: at most so many to one origin; any number where it is not given. */
export function createOutlet(
  options: ProxySettings & { readonly platform: string; readonly connections?: number },
): Outlet {
  const phases = new Map<string, ConnectPhase>();
  const ways = new Map<string, ConnectionWay>();
  const agent = new Agent({
    connect: createConnector(phases, ways),
    ...defined({ connections: options.connections }),
  });
  const proxies = new Map<string, Promise<Proxy>>();
  return {
    agent,
    proxyFor(url) {
      const address = isLoopbackHost(url.hostname) ? undefined : findProxy(options, url);
      if (address === undefined) return undefined;
      const proxy =
        proxies.get(address) ??
        import('./proxy.ts').then(({ createProxy }) =>
          createProxy(address, ({ hostname, port }, phase) => phases.set(addressOf(hostname, port), phase)),
        );
      proxies.set(address, proxy);
      return proxy;
    },
    way: (url) => ways.get(addressOf(url.hostname, url.port)),
    async describe(error, url, request, proxy) {
      if (!(error instanceof ExchangeFailure)) return error;
      const { describeFailure } = await import('./fetch-errors.ts');
      return describeFailure(error, {
        host: url.host,
        request,
        proxy: proxy?.name,
        platform: options.platform,
        connecting: phases.get(addressOf(url.hostname, url.port)),
      });
    },
  };
}

/** Makes the client. Connections stay open between requests and do not keep the process alive. */
export function createFetch(options: FetchOptions): Fetch {
  keepParserUnoptimised();
  const outlet = createOutlet(options);
  return async (request) => {
    const url = parseRequestUrl(request);
    const proxy = await outlet.proxyFor(url);
    try {
      const response = await exchange(proxy?.dispatcher ?? outlet.agent, url, request);
      const way = request.tellWay === true ? outlet.way(url) : undefined;
      return way === undefined ? response : { ...response, way };
    } catch (error) {
      throw await outlet.describe(error, url, request, proxy);
    }
  };
}

/**
 * Stops Node from recompiling undici's HTTP parser (WebAssembly) with the optimising compiler. The parser is already fast
 * enough for our small answers; Node 20 waits for that compilation at its end, 22 and 24 spend 50 to 70 ms of processor
 * time and 15 MiB on it. Must run before the first connection.
 */
function keepParserUnoptimised(): void {
  setFlagsFromString('--wasm-tiering-budget=1000000000');
}

/** How far the last connection to a host has come: what a timeout waited for. */
function createConnector(
  phases: Map<string, ConnectPhase>,
  ways: Map<string, ConnectionWay>,
): buildConnector.connector {
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS });
  return (details, callback) => {
    const address = addressOf(details.hostname, details.port);
    phases.set(address, 'dns');
    // undici returns the socket although its types do not say so. The deadline's timer keeps the process alive while
    // somebody waits; a connection that nobody waits for any more must not.
    const socket = connect(details, callback) as unknown as Socket;
    socket.unref();
    // Addresses need no look-up, and then the event does not come.
    if (isIP(details.hostname.replace(/^\[|\]$/g, '')) !== 0) phases.set(address, 'connect');
    socket.once('lookup', () => phases.set(address, 'connect'));
    socket.once('connect', () => phases.set(address, 'tls'));
    recordWay(socket, (way) => ways.set(address, way));
  };
}

/** Tells the steps of a connection as they are made. */
function recordWay(socket: Socket, tell: (way: ConnectionWay) => void): void {
  let lastMs = performance.now();
  const step = (): number => {
    const beganMs = lastMs;
    lastMs = performance.now();
    return lastMs - beganMs;
  };
  let lookUpMs: number | undefined;
  socket.once('lookup', () => (lookUpMs = step()));
  socket.once('connect', () => {
    const way = { address: socket.remoteAddress ?? '', connectMs: step(), ...defined({ lookUpMs }) };
    tell(way);
    socket.once('secureConnect', () => tell({ ...way, tlsMs: step() }));
  });
}

function addressOf(hostname: string, port: string): string {
  return `${hostname}:${port}`;
}

function parseRequestUrl(request: HttpRequest): URL {
  // Node's own error would repeat the URL with the token in its query.
  if (!URL.canParse(request.url)) throw new TypeError('fetch() needs an absolute URL');
  const url = new URL(request.url);
  const httpAllowed = request.allowHttp === true || isLoopbackHost(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && httpAllowed)) return url;
  throw new WechatMpError({
    family: 'network',
    type: 'http_not_loopback',
    text: {
      en: `Cannot send to "${url.host}" over "${url.protocol}": only https is allowed, and http to this machine`,
      zh: `不能通过“${url.protocol}”访问“${url.host}”：只允许 https，本机可用 http`,
    },
    hint: { en: 'Use an address that begins with "https://"', zh: '请使用以“https://”开头的地址' },
    facts: { host: url.host, request_sent: false },
  });
}
