/** The HTTP client: no redirects, no decompression, one deadline, a limit on every body. */
import { isIP, type Socket } from 'node:net';
import { isLoopbackHost } from '../../core/account/index.ts';
import { WechatMpError } from '../../core/errors.ts';
import { defined } from '../../core/text/defined.ts';
import { createDirect } from './direct.ts';
import { ExchangeFailure, exchange, type Sender } from './exchange.ts';
import type { ConnectPhase, FailureContext } from './fetch-errors.ts';
import type { ConnectionWay, Fetch, HttpRequest } from '../ports.ts';
import { findProxy, type ProxySettings } from './proxy-settings.ts';
import type { Proxy } from './proxy.ts';

export interface FetchOptions extends ProxySettings {
  /** `process.platform`, for hints. */
  readonly platform: string;
  /** Where the address stands, for hints. */
  readonly addressFlag?: string | undefined;
}

/** The way out: through a proxy or not, how far each connection has come, and what is said where one fails. */
export interface Outlet {
  /** `undefined` for a direct connection. */
  proxyFor(url: URL): Promise<Proxy> | undefined;
  /** A direct connection is being made. */
  watch(socket: Socket, address: Address): void;
  /** How the last direct connection to this address was made. */
  way(address: Address): ConnectionWay | undefined;
  /** The error for people; anything but the failure of an exchange stays as it is. */
  describe(error: unknown, url: URL, request: FailureContext['request'], proxy?: Proxy): Promise<unknown>;
}

interface Address {
  readonly hostname: string;
  readonly port: string;
}

export function createOutlet(options: FetchOptions): Outlet {
  const phases = new Map<string, ConnectPhase>();
  const ways = new Map<string, ConnectionWay>();
  const proxies = new Map<string, Promise<Proxy>>();
  return {
    proxyFor(url) {
      const address = isLoopbackHost(url.hostname) ? undefined : findProxy(options, url);
      if (address === undefined) return undefined;
      const proxy =
        proxies.get(address) ??
        import('./proxy.ts').then(({ createProxy }) =>
          createProxy(address, (target, phase) => phases.set(nameOf(target), phase)),
        );
      proxies.set(address, proxy);
      return proxy;
    },
    watch(socket, address) {
      const name = nameOf(address);
      // Addresses need no look-up, and then the event does not come.
      const isAddress = isIP(address.hostname.replace(/^\[|\]$/g, '')) !== 0;
      phases.set(name, isAddress ? 'connect' : 'dns');
      socket.once('lookup', () => phases.set(name, 'connect'));
      socket.once('connect', () => phases.set(name, 'tls'));
      recordWay(socket, (way) => ways.set(name, way));
    },
    way: (address) => ways.get(nameOf(address)),
    async describe(error, url, request, proxy) {
      if (!(error instanceof ExchangeFailure)) return error;
      const { describeFailure } = await import('./fetch-errors.ts');
      return describeFailure(error, {
        host: url.host,
        request,
        proxy: proxy?.name,
        platform: options.platform,
        addressFlag: options.addressFlag ?? '--api-base',
        connecting: phases.get(nameOf(url)),
      });
    },
  };
}

/** Makes the client. Connections stay open between requests and do not keep the process alive. */
export function createFetch(options: FetchOptions): Fetch {
  const outlet = createOutlet(options);
  const direct = new Map<string, Promise<Sender>>();
  const openDirect = (protocol: string): Promise<Sender> => {
    const sender =
      direct.get(protocol) ?? createDirect(protocol, (socket, address) => outlet.watch(socket, address));
    direct.set(protocol, sender);
    return sender;
  };
  return async (request) => {
    const url = parseRequestUrl(request);
    const proxy = await outlet.proxyFor(url);
    if (proxy !== undefined) await keepParserUnoptimised();
    try {
      const response = await exchange(proxy?.dispatcher ?? (await openDirect(url.protocol)), url, request);
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
async function keepParserUnoptimised(): Promise<void> {
  (await import('node:v8')).setFlagsFromString('--wasm-tiering-budget=1000000000');
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

function nameOf({ hostname, port }: Address): string {
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
