import type { createAdapter, ReceivedRequest } from './fetch-adapter.ts';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ListenFetch } from '../ports.ts';
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

/** Time to say that the port is open, and for a process that has waited for it to begin. */
const ADAPTER_AFTER_MS = 50;

/** The server without a port; after an answer the connection is kept while `isOpen`. */
export function createFetchServer(
  handler: Parameters<ListenFetch>[0],
  maxBodyBytes: number,
  isOpen: () => boolean,
): Server {
  let answer: ReturnType<typeof createAdapter> | undefined;
  const load = async (): Promise<NonNullable<typeof answer>> =>
    (answer ??= (await import('./fetch-adapter.ts')).createAdapter(handler, isOpen));
  const server = http.createServer(patientLimits, (incoming, outgoing) => {
    if (!hasAddress(incoming)) refuseAddress(incoming, outgoing);
    else
      receiveBody(incoming, outgoing, maxBodyBytes, (rawBody) => {
        // The adapter takes a body that has been read already from this property.
        const received: ReceivedRequest = Object.assign(incoming, { rawBody });
        if (answer !== undefined) void answer(received, outgoing);
        else void load().then((loaded) => loaded(received, outgoing));
      });
  });
  // Loading it takes as long as all of Node's start, and nobody needs it before the first request.
  return server.once('listening', () => setTimeout(() => void load(), ADAPTER_AFTER_MS).unref());
}

function refuseAddress({ socket }: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(400, { 'content-length': 0, connection: 'close' });
  outgoing.end(() => socket.destroySoon());
}

/**
 * Whether `Host` and target are an address at all: "xn--" passes for a name until somebody parses it. Behind a good host
 * every path is one, and nearly all requests are for the same host.
 */
function hasAddress({ headers: { host = 'localhost' }, url = '/' }: IncomingMessage): boolean {
  if (!url.startsWith('/')) return URL.canParse(url);
  if (host === goodHost) return true;
  if (!URL.canParse(`http://${host}${url}`)) return false;
  goodHost = host;
  return true;
}

let goodHost: string | undefined;
