/** A server on loopback that misbehaves on purpose, byte by byte, and counts what it was asked. */
import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface BadServer {
  readonly url: string;
  readonly port: number;
  /** Whole requests, oldest first, head and body. */
  readonly requests: readonly string[];
  /** Connections that were accepted. */
  readonly connections: number;
  /** Bytes of answers that were handed to the system. */
  readonly written: number;
  close(): Promise<void>;
}

export type Behaviour = (socket: Socket, request: string, count: number) => void;

/** Answers each complete request with the behaviour. */
export async function badServer(behave: Behaviour): Promise<BadServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let written = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let pending = '';
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      written += socket.bytesWritten;
    });
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1');
      const head = pending.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(pending)?.[1] ?? 0);
      if (pending.length < head + 4 + length) return;
      const request = pending;
      pending = '';
      requests.push(request);
      behave(socket, request, requests.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests,
    get connections() {
      return connections;
    },
    get written() {
      return [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, written);
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** A proper answer. */
export function httpAnswer(
  body: string | Buffer,
  { status = 200, type = 'application/json; encoding=utf-8', headers = '' } = {},
): Buffer {
  const bytes = Buffer.from(body);
  const head = `HTTP/1.1 ${status} X\r\ncontent-type: ${type}\r\ncontent-length: ${bytes.length}\r\n${headers}\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

const mebibyte = Buffer.alloc(1 << 20, 0x20);

/** Writes until the peer goes away or the number of mebibytes is reached. */
function flood(socket: Socket, mebibytes: number): void {
  if (mebibytes === 0 || socket.destroyed) return void socket.end();
  if (socket.write(mebibyte)) setImmediate(flood, socket, mebibytes - 1);
  else socket.once('drain', () => flood(socket, mebibytes - 1));
}

/** Writes one piece every few milliseconds until the peer goes away: never idle, never done. */
function drip(socket: Socket, piece: string): void {
  const timer = setInterval(() => socket.write(piece), 20);
  socket.on('close', () => clearInterval(timer));
}

/** Made before it is asked for: the caller's patience is short. */
const bomb = gzipSync(Buffer.alloc(20 << 20), { level: 1 });

/** Every way of not answering properly, by name. */
export const faults = {
  html: (socket) => socket.end(httpAnswer('<!DOCTYPE html><title>login</title>', { type: 'text/html' })),
  'bad gateway': (socket) => socket.end(httpAnswer('<h1>502</h1>', { status: 502, type: 'text/html' })),
  empty: (socket) => socket.end(httpAnswer('')),
  'truncated json': (socket) => socket.end(httpAnswer('{"access_token":"SIM_abc","expires_')),
  'not json': (socket) => socket.end(httpAnswer('service unavailable')),
  'json list': (socket) => socket.end(httpAnswer('[]')),
  'invalid utf-8': (socket) => socket.end(httpAnswer(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]))),
  'huge body': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n');
    flood(socket, 50);
  },
  'huge declared body': (socket) => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${50 << 20}\r\n\r\n`),
  'gzip bomb': (socket) => socket.end(httpAnswer(bomb, { headers: 'content-encoding: gzip\r\n' })),
  'slow head': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    drip(socket, 'x-a: b\r\n');
  },
  'dripping body': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 900000\r\n\r\n');
    drip(socket, ' ');
  },
  silent: () => {},
  reset: (socket) => socket.resetAndDestroy(),
  'early end': (socket) => socket.end(),
  'short body': (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"errcode":0}'),
  'not http': (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
} satisfies Record<string, Behaviour>;
