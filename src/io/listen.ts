import http from 'node:http';
import type { IncomingMessage, Server, ServerResponse as NodeResponse } from 'node:http';
import type { Socket } from 'node:net';
import { startServer } from './start-server.ts';
import { byteLength, parseContentLength, readBody, splitTarget } from './http.ts';
import type { Listen, ServerHandler, ServerRequest, ServerResponse } from './ports.ts';

/**
 * Starts a handler on a port. Slow and oversized requests are ended here, so that a handler sees whole ones only.
 * A handler that fails is answered 500 with an empty body.
 */
export const listen: Listen = async (handler, options) => {
  const server = http.createServer(
    {
      headersTimeout: 3000,
      requestTimeout: 5000,
      // As important as the timeouts: with Node's default of 30 s slow senders stayed for 28 s.
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: 4000,
      maxHeaderSize: 8192,
    },
    (request, response) => {
      void answer(server, handler, options.maxBodyBytes, request, response);
    },
  );
  server.maxConnections = 2000;
  server.maxRequestsPerSocket = 1000;
  server.timeout = 10_000;
  server.on('clientError', refuseClient);
  return await startServer(server, options);
};

async function answer(
  server: Server,
  handler: ServerHandler,
  maxBodyBytes: number,
  request: IncomingMessage,
  response: NodeResponse,
): Promise<void> {
  try {
    const body = await readWithin(request, maxBodyBytes);
    if (body === undefined) {
      refuseBody(request, response);
      return;
    }
    send(server, response, await handler(toServerRequest(request, body)));
  } catch {
    // Either the client went away while it was sending, or the handler broke its promise not to throw.
    if (request.destroyed && !request.complete) response.destroy();
    else if (!response.headersSent)
      send(server, response, { status: 500, contentType: 'text/plain', body: '' });
  }
}

async function readWithin(request: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  if ((parseContentLength(request.headers['content-length']) ?? 0) > maxBytes) return undefined;
  // The iterator's own way to stop is to destroy the socket, and then no answer could be sent.
  return await readBody(request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>, maxBytes);
}

/** Says 413 to a client that may still be writing, and does not read on. */
function refuseBody(request: IncomingMessage, response: NodeResponse): void {
  request.pause();
  response.writeHead(413, { 'content-length': 0, connection: 'close' });
  response.end(() => request.socket.destroySoon());
}

function toServerRequest(request: IncomingMessage, body: Uint8Array): ServerRequest {
  const headers = Object.entries(request.headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value] as const,
  );
  return {
    method: request.method ?? 'GET',
    ...splitTarget(request.url ?? '/'),
    headers: Object.fromEntries(headers),
    body,
    remoteAddress: request.socket.remoteAddress ?? '',
  };
}

function send(server: Server, response: NodeResponse, answered: ServerResponse): void {
  response.writeHead(answered.status, {
    ...answered.headers,
    'content-type': answered.contentType,
    'content-length': byteLength(answered.body),
    ...(server.listening ? {} : { connection: 'close' }),
  });
  response.end(answered.body);
}

/** A request that is not HTTP, or too slow, or has too long headers. Nothing of it is repeated. */
function refuseClient(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
