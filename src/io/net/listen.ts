import http from 'node:http';
import type { IncomingMessage, Server, ServerResponse as NodeResponse } from 'node:http';
import type { Socket } from 'node:net';
import { receiveBody, serverLimits, startServer } from './start-server.ts';
import type { Listen, RefusedRequest, ServerHandler, ServerRequest, ServerResponse } from '../ports.ts';

/** A request without `Host` is refused here, where somebody hears of it. */
const limits = { ...serverLimits, requireHostHeader: false } as const;

/**
 * Starts a handler on a port. Slow and oversized requests are ended here, so that a handler sees whole ones only.
 * A handler that fails is answered 500 with an empty body.
 */
export const listen: Listen = async (handler, options) => {
  const { maxBodyBytes, onRefused = () => {} } = options;
  const tell = (request: IncomingMessage, status: number, reason: RefusedRequest['reason']): void =>
    onRefused({ status, reason, method: request.method ?? '', remoteAddress: addressOf(request.socket) });
  const refuseLong = (request: IncomingMessage): void => tell(request, 413, 'body_too_large');
  const server = http.createServer(limits, (request, response) => {
    if (request.headers.host === undefined && request.httpVersion === '1.1') {
      response.writeHead(400, { 'content-length': 0, connection: 'close' }).end();
      tell(request, 400, 'bad_request');
      return;
    }
    const take = (body: Buffer): void => answer(server, handler, request, response, body);
    receiveBody(request, response, maxBodyBytes, take, refuseLong);
  });
  server.maxConnections = 2000;
  server.maxRequestsPerSocket = 1000;
  server.timeout = options.idleMs ?? 10_000;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const refused = refuseClient(error, socket);
    if (refused !== undefined) onRefused(refused);
  });
  server.once('connection', () => void keepNurserySmall());
  return await startServer(server, options);
};

/**
 * Stops the young generation of the heap from growing. Whatever a server remembers makes it grow to twice 16 MiB, although
 * what a request leaves behind dies at once in a small one, too: a third less memory for the same processor time. Not
 * before somebody comes, since loading the module is work for the start.
 */
async function keepNurserySmall(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** What is decided at once is sent at once. */
function answer(
  server: Server,
  handler: ServerHandler,
  request: IncomingMessage,
  response: NodeResponse,
  body: Buffer,
): void {
  try {
    const answered = handler(toServerRequest(request, body));
    if (answered instanceof Promise)
      void answered.then((late) => send(server, response, late)).catch(() => fail(server, response));
    else send(server, response, answered);
  } catch {
    fail(server, response);
  }
}

/** The handler broke its promise not to throw. */
function fail(server: Server, response: NodeResponse): void {
  if (!response.headersSent) send(server, response, { status: 500, contentType: 'text/plain', body: '' });
}

function toServerRequest(request: IncomingMessage, body: Uint8Array): ServerRequest {
  const { path, query } = splitTarget(request.url ?? '/');
  return {
    method: request.method ?? 'GET',
    path,
    query,
    // Only `set-cookie` comes as an array, and no request has it.
    headers: request.headers as Readonly<Record<string, string | undefined>>,
    body,
    remoteAddress: addressOf(request.socket),
  };
}

/** Splits a request target into path and query. Proxies send whole URLs; the origin is dropped. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const isLocal = target.startsWith('/') && !target.includes('#');
  const local = isLocal ? target : (target.replace(/^https?:\/\/[^/?#]*/i, '').split('#', 1)[0] ?? '');
  const separator = local.indexOf('?');
  const path = separator === -1 ? local : local.slice(0, separator);
  return { path: path === '' ? '/' : path, query: separator === -1 ? '' : local.slice(separator + 1) };
}

function send(server: Server, response: NodeResponse, answered: ServerResponse): void {
  const { status, contentType, headers = {}, body } = answered;
  // One flat list: the engine reads objects that are put together anew for each answer slowly.
  const lines: (string | number)[] = [];
  for (const name of Object.keys(headers)) lines.push(name, headers[name] ?? '');
  if (contentType !== '') lines.push('content-type', contentType);
  lines.push('content-length', Buffer.byteLength(body));
  if (!server.listening) lines.push('connection', 'close');
  response.writeHead(status, lines);
  response.end(body);
}

/**
 * A request that is not HTTP, or too slow, or has too long headers. Nothing of it is repeated. A connection that has sent
 * nothing, as browsers open them beforehand, is no request.
 */
export function refuseClient(error: NodeJS.ErrnoException, socket: Socket): RefusedRequest | undefined {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return undefined;
  }
  const { status, words, reason } = clientErrors[error.code ?? ''] ?? badRequest;
  const end = (): void => void socket.destroy();
  socket.end(`HTTP/1.1 ${status} ${words}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, end);
  return socket.bytesRead === 0
    ? undefined
    : { status, reason, method: '', remoteAddress: addressOf(socket) };
}

const badRequest = { status: 400, words: 'Bad Request', reason: 'bad_request' } as const;
const clientErrors: Readonly<
  Record<string, Pick<RefusedRequest, 'status' | 'reason'> & { readonly words: string }>
> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, words: 'Request Timeout', reason: 'timeout' },
  HPE_HEADER_OVERFLOW: { ...badRequest, reason: 'headers_too_large' },
};

function addressOf({ remoteAddress = '' }: Socket): string {
  return remoteAddress;
}
