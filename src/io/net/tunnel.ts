/** What is said to a proxy until the way to the target stands: HTTP CONNECT (RFC 9110) and SOCKS5 (RFC 1928, 1929). */
import { isIP, type Socket } from 'node:net';
import { ProxyFailure } from './exchange.ts';

export interface ProxyLogin {
  readonly user: string;
  readonly password: string;
}

export interface TunnelWish {
  /** A name, or an address without brackets. The proxy looks up names. */
  readonly host: string;
  readonly port: number;
  readonly login: ProxyLogin | undefined;
}

/** Longer than any real head of an answer to CONNECT. */
const MAX_HEAD_BYTES = 16_384;

/** Asks with HTTP CONNECT. Rejects with a `ProxyFailure`. */
export async function askHttpProxy(socket: Socket, { host, port, login }: TunnelWish): Promise<void> {
  const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`, 'Proxy-Connection: keep-alive'];
  if (login !== undefined) {
    const words = Buffer.from(`${login.user}:${login.password}`).toString('base64');
    lines.push(`Proxy-Authorization: Basic ${words}`);
  }
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const head = (await receive(socket, headLength)).toString('latin1');
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === undefined) throw new ProxyFailure('foreign');
  if (status.startsWith('2')) return;
  throw new ProxyFailure(status === '407' ? loginFault(login) : 'refused', { detail: `HTTP ${status}` });
}

/** Who was given a name and a password must not be told to give them. */
function loginFault(login: ProxyLogin | undefined): 'login' | 'denied' {
  return login === undefined ? 'login' : 'denied';
}

function headLength(bytes: Buffer): number | undefined {
  const text = bytes.toString('latin1');
  if (!text.startsWith('HTTP/1.'.slice(0, text.length)) || bytes.length > MAX_HEAD_BYTES)
    throw new ProxyFailure('foreign');
  const end = text.indexOf('\r\n\r\n');
  return end === -1 ? undefined : end + 4;
}

const socks = { version: 5, noLogin: 0, byPassword: 2, connect: 1, ipv4: 1, name: 3, ipv6: 4 } as const;

/** Asks a SOCKS5 proxy. Rejects with a `ProxyFailure`. */
export async function askSocks5(socket: Socket, { host, port, login }: TunnelWish): Promise<void> {
  const methods = login === undefined ? [socks.noLogin] : [socks.noLogin, socks.byPassword];
  socket.write(Buffer.from([socks.version, methods.length, ...methods]));
  const method = (await receive(socket, socksAnswer(socks.version, 2)))[1];
  if (method === socks.byPassword && login !== undefined) {
    socket.write(Buffer.concat([Buffer.from([1]), counted(login.user), counted(login.password)]));
    const verdict = (await receive(socket, socksAnswer(1, 2)))[1];
    if (verdict !== 0) throw new ProxyFailure(loginFault(login), { detail: 'SOCKS5' });
  } else if (method !== socks.noLogin) throw new ProxyFailure(loginFault(login), { detail: 'SOCKS5' });
  const target = Buffer.concat([
    Buffer.from([socks.name]),
    counted(host),
    Buffer.from([port >> 8, port & 255]),
  ]);
  socket.write(Buffer.concat([Buffer.from([socks.version, socks.connect, 0]), target]));
  const reply = (await receive(socket, socksReplyLength))[1];
  if (reply !== 0) throw new ProxyFailure('refused', { detail: `SOCKS5 reply ${reply}` });
}

/** A text after its length. An address is sent as a name, too: looking it up finds itself. */
function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) throw new ProxyFailure('denied', { detail: 'SOCKS5' });
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function socksAnswer(version: number, length: number): (bytes: Buffer) => number | undefined {
  return (bytes) => {
    if (bytes[0] !== version) throw new ProxyFailure('foreign');
    return bytes.length < length ? undefined : length;
  };
}

/** Version, reply, a reserved byte, then the address that the proxy uses, whose kind says how long it is. */
function socksReplyLength(bytes: Buffer): number | undefined {
  if (bytes[0] !== socks.version) throw new ProxyFailure('foreign');
  const [, reply, , kind, first] = bytes;
  // Some proxies end a refusal after its second byte.
  if (reply !== undefined && reply !== 0) return 2;
  if (kind === undefined || first === undefined) return undefined;
  const lengths: Readonly<Record<number, number>> = {
    [socks.ipv4]: 4,
    [socks.ipv6]: 16,
    [socks.name]: 1 + first,
  };
  const length = lengths[kind];
  if (length === undefined) throw new ProxyFailure('foreign');
  return bytes.length < 6 + length ? undefined : 6 + length;
}

/** Waits for an answer of which `lengthOf` knows the end; what follows stays in the socket. */
function receive(socket: Socket, lengthOf: (bytes: Buffer) => number | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const stop = (): void => {
      socket.off('data', take).off('end', closed).off('close', closed);
      socket.pause();
    };
    const closed = (): void => {
      stop();
      reject(new ProxyFailure('closed'));
    };
    const take = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      try {
        const length = lengthOf(bytes);
        if (length === undefined) return;
        stop();
        if (bytes.length > length) socket.unshift(bytes.subarray(length));
        resolve(bytes.subarray(0, length));
      } catch (error) {
        stop();
        reject(error);
      }
    };
    if (socket.destroyed) return closed();
    socket.on('data', take).on('end', closed).on('close', closed).resume();
  });
}
