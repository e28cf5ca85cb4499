/** Direct connections by Node's own client: undici, which the proxies and the relay use, would be half of a command's start. */
import type { Socket } from 'node:net';
import type { Sender } from './exchange.ts';

/** As long as undici keeps a connection that nobody uses, unless the server has said less. */
const IDLE_MS = 4000;
/** Longer than any sensible `--timeout`: the deadline of the exchange decides, this only bounds abandoned sockets. */
const CONNECT_LIMIT_MS = 120_000;

/** `watch` is told of each new connection, while it is being made. */
export async function createDirect(
  protocol: string,
  watch: (socket: Socket, url: URL) => void,
): Promise<Sender> {
  const isSecure = protocol === 'https:';
  const { Agent, request: open } = isSecure ? await import('node:https') : await import('node:http');
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  return {
    dispatch({ origin, path, method, headers, body }, handler) {
      const url = new URL(origin);
      const request = open({
        agent,
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port,
        path,
        method,
        headers: {
          host: url.host,
          ...headers,
          ...(body === null ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
      });
      // Without the error, for which nobody would listen on a connection whose answer has come to its end.
      const controller = { abort: () => void request.destroy() };
      // Nothing is written before: until then the request has certainly not been sent.
      const start = (): void => {
        handler.onRequestStart(controller);
        if (!request.destroyed) request.end(body ?? undefined);
      };
      const fail = (error: Error): void => handler.onResponseError(controller, error);
      request.on('error', fail);
      request.once('socket', (socket: Socket) => {
        if (request.reusedSocket) return start();
        // The deadline's timer keeps the process alive while somebody waits; a connection that nobody waits for any
        // more must not.
        socket.unref();
        const limit = setTimeout(() => request.destroy(), CONNECT_LIMIT_MS).unref();
        socket.once('close', () => clearTimeout(limit));
        socket.once(isSecure ? 'secureConnect' : 'connect', () => {
          clearTimeout(limit);
          start();
        });
        watch(socket, url);
      });
      request.once('response', (response) => {
        response.on('data', (chunk: Buffer) => handler.onResponseData(controller, chunk));
        response.on('end', () => handler.onResponseEnd());
        response.on('error', fail);
        handler.onResponseStart(controller, response.statusCode ?? 0, response.headersDistinct);
      });
    },
  };
}
