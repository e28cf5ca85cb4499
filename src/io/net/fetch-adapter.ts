/** Between Node's requests and a `Request`/`Response` function. Asking for the runtime's own costs as much as Node's start. */
import { getRequestListener, RequestError } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { byteLength, type ListedHeaders, type WholeResponse } from '../http.ts';
import type { CutAnswer, ListenFetch } from '../ports.ts';

/** After an answer the connection is kept while `isOpen`. */
export function createAdapter(
  handler: Parameters<ListenFetch>[0],
  isOpen: () => boolean,
): ReturnType<typeof getRequestListener> {
  return getRequestListener(
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
