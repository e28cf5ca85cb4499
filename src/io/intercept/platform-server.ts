/** The platform's hosts, spoken for on this machine: TLS with a certificate made for the host that is asked for, and plain HTTP. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import { createSecureContext, createServer as createTlsServer, type SecureContext } from 'node:tls';
import type { Text } from '../../core/text/text.ts';
import { type Authority, isPlatformHost } from './certificates.ts';
import { serverNameOf } from './client-hello.ts';

/** Where nobody says which host is meant. */
const usualHost = 'api.weixin.qq.com';

export interface PlatformServer {
  /** Takes over a connection whose client believes that it has reached the platform; `head` is what it has said already. */
  take(socket: Socket, head?: Buffer): void;
  /** For those that connect by themselves. Not listening yet. */
  readonly server: Server;
}

/** What is known of a connection from its first words to its end. */
interface Visit {
  readonly host: string;
  asked: boolean;
  trouble?: string;
}

/** `http` answers the requests; `tell` hears of clients that came and did not ask. */
export function createPlatformServer(
  authority: Authority,
  http: HttpServer,
  tell: (trouble: Text) => void,
): PlatformServer {
  const contexts = new Map<string, SecureContext>();
  const contextOf = (name: string): SecureContext => {
    const host = isPlatformHost(name) ? name : usualHost;
    const context = contexts.get(host) ?? createSecureContext(authority.certify(host));
    contexts.set(host, context);
    return context;
  };
  const visits = new Map<number | undefined, Visit>();
  const tls = createTlsServer({
    ...authority.certify(usualHost),
    ALPNProtocols: ['http/1.1'],
    SNICallback: (name, done) => done(null, contextOf(name.toLowerCase())),
  });
  tls.on('secureConnection', (socket) => http.emit('connection', socket));
  tls.on('tlsClientError', (error: NodeJS.ErrnoException & { readonly reason?: string }, { remotePort }) => {
    const visit = visits.get(remotePort);
    if (visit !== undefined) visit.trouble = error.reason ?? error.code ?? error.message;
  });
  http.on('request', ({ socket: { remotePort } }) => {
    const visit = visits.get(remotePort);
    if (visit !== undefined) visit.asked = true;
  });
  const welcome = (socket: Socket, words: Buffer): void => {
    socket.unshift(words);
    if (words[0] !== tlsHandshake) return void http.emit('connection', socket);
    const visit: Visit = { host: serverNameOf(words) ?? usualHost, asked: false };
    const { remotePort } = socket;
    visits.set(remotePort, visit);
    socket.once('close', () => {
      visits.delete(remotePort);
      if (!visit.asked) tell(leftUnasked(visit));
    });
    tls.emit('connection', socket);
  };
  const take: PlatformServer['take'] = (socket, head) => {
    if (head !== undefined && head.length > 0) socket.unshift(head);
    // A proxy's connections wait for both ends; without this, one whose client has gone would stay.
    socket.allowHalfOpen = false;
    socket.on('error', () => socket.destroy());
    firstWords(socket, (words) => welcome(socket, words));
  };
  return { take, server: createServer((socket) => take(socket)) };
}

const tlsHandshake = 22;

/**
 * Calls once with what a client says first: of TLS all of its first record, which may come in pieces. One that goes away
 * before is never heard; after `patienceMs` whatever has come is.
 */
export function firstWords(socket: Socket, heard: (words: Buffer) => void, patienceMs?: number): void {
  let words: Buffer = Buffer.alloc(0);
  const finish = (): void => {
    clearTimeout(timer);
    socket.off('readable', read);
    heard(words);
  };
  const read = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk !== null) words = Buffer.concat([words, chunk]);
    if (isWhole(words)) finish();
    else if (socket.readableEnded) socket.destroy();
  };
  const timer = patienceMs === undefined ? undefined : setTimeout(finish, patienceMs);
  socket.once('close', () => clearTimeout(timer));
  socket.on('readable', read);
  read();
}

function isWhole(words: Buffer): boolean {
  if (words[0] !== tlsHandshake) return words.length > 0;
  return words.length >= 5 && words.length >= 5 + words.readUInt16BE(3);
}

/** Only what was seen is said: whether a certificate was the reason, the program itself knows. */
function leftUnasked({ host, trouble }: Visit): Text {
  const why = trouble === undefined ? '' : ` (${trouble})`;
  return {
    en: `A program came for ${host} and left without a request${why}; if it reported an untrusted certificate, it has authorities of its own`,
    zh: `有程序连接 ${host}，未发出请求就断开${why}；若它提示证书不受信任，说明它只信任自己的证书列表`,
  };
}
