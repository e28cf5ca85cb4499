import { getRequestListener, RequestError } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { byteLength, type ListedHeaders, type WholeResponse } from '../http.ts';
import type { CutAnswer, ListenFetch } from '../ports.ts';
import { receiveBody, serverLimits, startServer } from './start-server.ts';

/**
 * A request that waits in its socket while this process is busy with a thousand others is not slow: with the limits of
 * a public server such clients got a 408 without a body, or a reset.
 */
const patientLimits = { ...serverLimits, headersTimeout: 60_000, requestTimeout: 120_000 } as const;

/**
 * Starts a server around a `Request`/`Response` function, as the simulator is one.
 *
 * A function that rejects gives no answer: the connection is reset, as by a server that died, or it ends after the
 * beginning of an answer where the error is a `CutAnswer`. A body of more than `maxBodyBytes` is answered 413 without
 * the function, and not read on.
 * Rejects with family `local`: `port_taken`, `port_forbidden` or `address_unavailable`.
 */
export const listenFetch: ListenFetch = async (handler, options) => {
  const server = createFetchServer(handler, options.maxBodyBytes, () => server.listening);
  server.maxConnections = 2000;
  return await startServer(server, options);
};

/** The server without a port; after an answer the connection is kept while `isOpen`. */
export function createFetchServer(
  handler: Parameters<ListenFetch>[0],
  maxBodyBytes: number,
  isOpen: () => boolean,
): Server {
  const answer = getRequestListener(
    async (request, { incoming, outgoing }) => {
      try {
        const listed: ListedHeaders = { headerList: incoming.rawHeaders };
        const response = await handler(Object.assign(request, listed));
        if (!isOpen()) outgoing.setHeader('connection', 'close');
        return isWhole(response) ? sendWhole(response, outgoing as ServerResponse) : response;
      } catch (error) {
        cutOff(incoming.socket, outgoing as ServerResponse, error);
        throw error;
      }
    },
    {
      // Other code in this process keeps the Request and Response that Node gave it.
      overrideGlobalObjects: false,
      // A malformed Host or target is the client's mistake; after any other error there is nobody left to answer.
      errorHandler: (error) =>
        error instanceof RequestError ? new Response(null, { status: 400 }) : undefined,
    },
  );
  return http.createServer(patientLimits, (incoming, outgoing) => {
    if (!hasAddress(incoming)) refuseAddress(incoming, outgoing);
    else
      receiveBody(incoming, outgoing, maxBodyBytes, (rawBody) => {
        // The listener takes a body that has been read already from this property.
        void answer(Object.assign(incoming, { rawBody }), outgoing);
      });
  });
}

function isWhole(response: Response): response is Response & WholeResponse {
  return 'whole' in response;
}

function sendWhole({ status, headers, whole }: Response & WholeResponse, outgoing: ServerResponse): Response {
  // One flat list: Node writes it as it is.
  const lines: (string | number)[] = [];
  let isFramed = false;
  for (const [name, value] of headers) {
    lines.push(name, value);
    isFramed ||= name === 'content-length' || name === 'transfer-encoding';
  }
  if (!isFramed) lines.push('content-length', byteLength(whole));
  outgoing.writeHead(status, lines);
  outgoing.end(whole);
  return RESPONSE_ALREADY_SENT;
}

function cutOff(socket: Socket, outgoing: ServerResponse, error: unknown): void {
  const { cut } = error instanceof Error ? (error as Error & Partial<CutAnswer>) : {};
  if (cut === undefined) {
    // A connection with TLS has no reset of its own; it ends without the goodbye that TLS asks for.
    if ('encrypted' in socket) socket.destroy();
    else socket.resetAndDestroy();
    return;
  }
  outgoing.writeHead(cut.status, { ...cut.headers });
  outgoing.write(cut.bytes);
  // A reset could overtake what has been written.
  socket.destroySoon();
}

function refuseAddress({ socket }: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(400, { 'content-length': 0, connection: 'close' });
  outgoing.end(() => socket.destroySoon());
}

/** Whether `Host` and target are an address at all: "xn--" passes for a name until somebody parses it. */
function hasAddress({ headers: { host = 'localhost' }, url = '/' }: IncomingMessage): boolean {
  return URL.canParse(url.startsWith('/') ? `http://${host}${url}` : url);
}
