import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { WechatMpError } from '../../core/errors.ts';
import type { Listening, ListenOptions } from '../ports.ts';

type Address = Pick<ListenOptions, 'host' | 'port'>;

const defaultGraceMs = 2000;
/** Connections that wait to be accepted: a thousand clients may come in the same moment. The system may allow fewer. */
const backlog = 4096;

/** What a server of ours waits for and takes. Times in milliseconds. */
export const serverLimits = {
  headersTimeout: 3000,
  requestTimeout: 5000,
  // As important as the timeouts: with Node's default of 30 s slow senders stayed for 28 s.
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 4000,
  maxHeaderSize: 8192,
} as const;

/**
 * Binds a server to its address and describes it. Rejects with family `local`: `port_taken`, `port_forbidden`, or
 * `address_unavailable` for a host that is no address of this machine.
 */
export async function startServer(server: Server, options: Address): Promise<Listening> {
  await bind(server, options);
  return listening(server, options.host);
}

function bind(server: Server, options: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    // Stays attached: an error after the start, such as too many open files, must not end the process.
    server.on('error', (error: NodeJS.ErrnoException) => reject(bindError(error, options)));
    server.listen({ port: options.port, host: options.host, backlog }, resolve);
  });
}

function listening(server: Server, host: string): Listening {
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    url: `http://${reachable(host)}:${port}`,
    port,
    close: (graceMs = defaultGraceMs) => close(server, graceMs),
  };
}

/** A host that a browser on this machine can open: "all addresses" is none. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** Stops accepting at once, and ends idle connections; busy ones get time to finish. */
function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function bindError(error: NodeJS.ErrnoException, { host, port }: Address): unknown {
  if (error.code === 'EADDRINUSE') {
    return new WechatMpError({
      family: 'local',
      type: 'port_taken',
      text: {
        en: `Cannot listen on port ${port} of "${host}": another program uses it`,
        zh: `无法监听“${host}”的端口 ${port}：已被其他程序占用`,
      },
      hint: {
        en: 'Use another port, or any free one: --port 0',
        zh: '请换一个端口，或使用任意空闲端口：--port 0',
      },
      cause: error,
    });
  }
  if (error.code === 'EACCES') {
    return new WechatMpError({
      family: 'local',
      type: 'port_forbidden',
      text: {
        en: `Cannot listen on port ${port} of "${host}": this user is not allowed to`,
        zh: `无法监听“${host}”的端口 ${port}：当前用户没有权限`,
      },
      hint: {
        en: 'Use a port above 1023, or any free one: --port 0',
        zh: '请使用 1023 以上的端口，或任意空闲端口：--port 0',
      },
      cause: error,
    });
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new WechatMpError({
      family: 'local',
      type: 'address_unavailable',
      text: {
        en: `Cannot listen on "${host}": it is no address of this machine`,
        zh: `无法监听“${host}”：它不是本机地址`,
      },
      hint: { en: 'Use --host 127.0.0.1', zh: '请使用 --host 127.0.0.1' },
      cause: error,
    });
  }
  return error;
}

/**
 * Hands over the body of a request when it has come as a whole. One of more than `maxBytes` is answered 413 and not read
 * on, and a client that goes away in the middle gets nothing: then nobody hears of the request. Most requests have no
 * body, and pass at once.
 */
export function receiveBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  take: (body: Buffer<ArrayBuffer>) => void,
  onRefused: (request: IncomingMessage) => void = () => {},
): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (length === undefined && encoding === undefined) {
    take(noBody);
    return;
  }
  if ((parseContentLength(length) ?? 0) > maxBytes) {
    refuseBody(request, response);
    onRefused(request);
    return;
  }
  const chunks: Buffer<ArrayBuffer>[] = [];
  let received = 0;
  request.on('data', (chunk: Buffer<ArrayBuffer>) => {
    received += chunk.length;
    if (received > maxBytes) {
      request.removeAllListeners('data').removeAllListeners('end');
      refuseBody(request, response);
      onRefused(request);
    } else chunks.push(chunk);
  });
  request.on('end', () => {
    const [first = noBody] = chunks;
    take(chunks.length > 1 ? Buffer.concat(chunks) : first);
  });
  // The client went away while it was sending.
  request.on('error', () => response.destroy());
}

/** The number in a `Content-Length` header; `undefined` where there is none. */
export function parseContentLength(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

const noBody = Buffer.alloc(0);

/** Says 413 to a client that may still be writing, and does not read on. */
function refuseBody(request: IncomingMessage, response: ServerResponse): void {
  request.pause();
  response.writeHead(413, { 'content-length': 0, connection: 'close' });
  response.end(() => request.socket.destroySoon());
}
