import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { defined } from '../../core/text/defined.ts';
import type { ListenStream, StreamHandler, StreamRequest, StreamResponse } from '../ports.ts';
import { refuseClient } from './listen.ts';
import { parseContentLength, serverLimits, startServer } from './start-server.ts';

/**
 * Clients keep their connections, nginx for one minute and Caddy for two: whoever keeps them longer never sends into one
 * that is just being closed. An upload may come over a slow line. Milliseconds.
 */
const limits = {
  ...serverLimits,
  headersTimeout: 20_000,
  requestTimeout: 600_000,
  keepAliveTimeout: 130_000,
  maxHeaderSize: 16_384,
} as const;
const maxConnections = 10_000;
/** A body that nobody wants is still read, as long as it is short; else the client hears so and is cut off. */
const maxDrainedBytes = 65_536;
const maxTextBytes = 16_384;
/** For the client to read its answer while it is still sending, in milliseconds. */
const lingerMs = 2000;

/**
 * Starts a handler on a port that sees a request before its body has come, and answers piece by piece. A handler that
 * fails is answered 500 with an empty body; an answer that fails in its middle ends the connection.
 */
export const listenStream: ListenStream = async (handler, options) => {
  const server = http.createServer(limits, (request, response) => {
    void serve(server, handler, request, response);
  });
  server.maxConnections = maxConnections;
  server.timeout = options.idleMs ?? 10_000;
  server.on('clientError', refuseClient);
  return await startServer(server, options);
};

async function serve(
  server: Server,
  handler: StreamHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const streamed = toStreamRequest(request, gone.signal);
  let answer: StreamResponse;
  try {
    answer = await handler(streamed);
  } catch {
    // The handler broke its promise not to throw.
    answer = { status: 500, headers: {}, body: '' };
  }
  if (response.destroyed) return;
  const isUnread = !request.readableEnded && streamed.bodyLength !== 0;
  const lingers = isUnread && (streamed.bodyLength ?? Infinity) > maxDrainedBytes;
  const { status, headers, body } = answer;
  const isWhole = typeof body === 'string' || body instanceof Uint8Array;
  response.writeHead(status, {
    ...headers,
    ...(isWhole ? { 'content-length': Buffer.byteLength(body) } : {}),
    ...defined({ connection: lingers || !server.listening ? 'close' : undefined }),
  });
  if (!isWhole) return await writeAll(response, body);
  if (isUnread) request.resume();
  if (lingers) return linger(request, response, body);
  // Node writes a short text together with the head, and bytes behind it.
  if (typeof body !== 'string' && body.byteLength <= maxTextBytes)
    response.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1'), 'latin1');
  else response.end(body);
}

function toStreamRequest(request: IncomingMessage, gone: AbortSignal): StreamRequest {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    // Only `set-cookie` comes as an array, and no request has it.
    headers: request.headers as Readonly<Record<string, string | undefined>>,
    bodyLength: encoding === undefined ? (parseContentLength(length) ?? 0) : undefined,
    body: request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>,
    gone,
  };
}

async function writeAll(response: ServerResponse, body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of body) {
      if (response.destroyed) return;
      if (!response.write(chunk)) await drained(response);
    }
    response.end();
  } catch {
    // The client learns from the missing end that something is missing.
    response.destroy();
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

/** The whole answer goes out at once, but the connection ends only when the client has had time to stop sending. */
function linger(request: IncomingMessage, response: ServerResponse, body: string | Uint8Array): void {
  response.write(body);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, lingerMs).unref();
  request.once('end', end).once('close', end);
}
