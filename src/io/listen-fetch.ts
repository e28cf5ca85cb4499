/** A `Request`/`Response` function on a port, as the simulator is one. */
import { getRequestListener, RequestError } from '@hono/node-server';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WechatMpError } from '../core/errors.ts';
import type { Listening, ListenFetch, ListenOptions } from './ports.ts';

const defaultGraceMs = 2000;

/**
 * Starts a server around a function, by default reachable from this machine only.
 *
 * A function that rejects gives no answer: the connection is reset, as by a server that died. A body of more than
 * `maxBodyBytes` is answered 413 without the function, and not read on.
 * Rejects with family `local`: `port_taken`, `port_forbidden` or `address_unavailable`.
 */
export const listenFetch: ListenFetch = async (handler, options) => {
  const answer = getRequestListener(
    async (request, { outgoing }) => {
      try {
        return await handler(request);
      } catch (error) {
        (outgoing as ServerResponse).socket?.resetAndDestroy();
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
  const server = http.createServer(
    {
      headersTimeout: 3000,
      requestTimeout: 5000,
      // Without it the two limits above are checked every 30 seconds only.
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: 4000,
      maxHeaderSize: 8192,
    },
    (incoming, outgoing) => {
      collectBody(incoming, options.maxBodyBytes, (body) => {
        if (body === undefined) refuseBody(outgoing);
        // The listener takes a body that is already there from this property.
        else void answer(Object.assign(incoming, { rawBody: body }), outgoing);
      });
    },
  );
  server.maxConnections = 2000;
  await bind(server, options);
  return listening(server);
};

/** Calls back once with the whole body, or with nothing as soon as it is too long; never when the client gives up. */
function collectBody(incoming: IncomingMessage, maxBytes: number, done: (body?: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const refuse = (): void => {
    incoming.removeAllListeners('data').removeAllListeners('end');
    incoming.pause();
    done();
  };
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) {
    refuse();
    return;
  }
  incoming.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) refuse();
    else chunks.push(chunk);
  });
  incoming.on('end', () => {
    done(Buffer.concat(chunks));
  });
  // The client went away in the middle of its body: there is nobody to answer.
  incoming.on('error', () => undefined);
}

function refuseBody(outgoing: ServerResponse): void {
  outgoing.once('finish', () => outgoing.socket?.destroySoon());
  outgoing.writeHead(413, { connection: 'close', 'content-length': 0 }).end();
}

function bind(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(describeBindError(error, host, port));
    });
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function listening(server: Server): Listening {
  const { address, port } = server.address() as AddressInfo;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    port,
    close: (graceMs = defaultGraceMs) => close(server, graceMs),
  };
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  // A connection whose last answer leaves during the grace period would stay open for another request.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, 20);
  const deadline = setTimeout(() => {
    server.closeAllConnections();
  }, graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}

function describeBindError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const where = `${host}:${port}`;
  const anotherPort = {
    en: 'Choose another port, or let the system choose one: --port 0',
    zh: '请换一个端口，或用 --port 0 让系统自动分配',
  };
  if (error.code === 'EADDRINUSE') {
    const text = {
      en: `Cannot listen on "${where}": the port is taken by another program`,
      zh: `无法监听 “${where}”：端口已被其他程序占用`,
    };
    return new WechatMpError({ family: 'local', type: 'port_taken', text, hint: anotherPort, cause: error });
  }
  if (error.code === 'EACCES') {
    const text = {
      en: `Cannot listen on "${where}": this user may not use the port`,
      zh: `无法监听 “${where}”：当前用户无权使用该端口`,
    };
    return new WechatMpError({
      family: 'local',
      type: 'port_forbidden',
      text,
      hint: anotherPort,
      cause: error,
    });
  }
  const text = {
    en: `Cannot listen on "${where}": ${error.code ?? 'the system refused'}`,
    zh: `无法监听 “${where}”：${error.code ?? '系统拒绝'}`,
  };
  const hint = {
    en: 'Use an address of this machine: --host 127.0.0.1',
    zh: '请使用本机地址：--host 127.0.0.1',
  };
  return new WechatMpError({ family: 'local', type: 'address_unavailable', text, hint, cause: error });
}
