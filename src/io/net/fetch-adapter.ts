/** Between Node's requests and a `Request`/`Response` function. Asking for the runtime's own costs as much as Node's start. */
import { getRequestListener, RequestError } from '@hono/node-server';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { WholeRequest, WholeResponse } from '../http.ts';
import type { CutAnswer, ListenFetch } from '../ports.ts';

/** A request whose body has been read. */
export interface ReceivedRequest extends IncomingMessage {
  readonly rawBody: Buffer<ArrayBuffer>;
}

/** After an answer the connection is kept while `isOpen`. */
export function createAdapter(
  handler: Parameters<ListenFetch>[0],
  isOpen: () => boolean,
): (incoming: ReceivedRequest, outgoing: ServerResponse) => Promise<void> {
  return getRequestListener(
    async (request, { incoming, outgoing }) => {
      const { rawHeaders, rawBody, socket } = incoming as ReceivedRequest;
      const received: WholeRequest = { headerList: rawHeaders, whole: rawBody };
      try {
        const response = await handler(Object.assign(request, received));
        if (!isOpen()) outgoing.setHeader('connection', 'close');
        if (!isWhole(response)) return response;
        sendWhole(response, outgoing as ServerResponse);
      } catch (error) {
        cutOff(socket, outgoing as ServerResponse, error);
        throw error;
      }
      // An answer of its own for this would be looked through, header by header; after an error the listener just ends.
      throw alreadySent;
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

const alreadySent = new Error('This has been answered');

function isWhole(response: Response): response is Response & WholeResponse {
  return 'whole' in response;
}

function sendWhole(response: Response & WholeResponse, outgoing: ServerResponse): void {
  const { status, whole } = response;
  // One flat list: Node writes it as it is.
  const lines: (string | number)[] = [...response.headerList()];
  const isFramed = lines.some(
    (name, index) => index % 2 === 0 && (name === 'content-length' || name === 'transfer-encoding'),
  );
  if (!isFramed) lines.push('content-length', Buffer.byteLength(whole));
  outgoing.writeHead(status, lines);
  outgoing.end(whole);
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
