/** What strangers send to a callback URL: broken, huge, slow and forged requests, as bytes on a socket. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import net from 'node:net';

export interface Target {
  readonly port: number;
  readonly path: string;
  readonly callbackToken: string;
  readonly appId: string;
  readonly aesKey: string;
}

const sha1 = (parts: readonly string[]): string =>
  createHash('sha1').update(parts.toSorted().join('')).digest('hex');
const now = (): string => String(Math.floor(Date.now() / 1000));

/** A query as WeChat signs it; `change` bends it afterwards. */
export function signedQueryOf(
  { callbackToken }: Pick<Target, 'callbackToken'>,
  encrypt?: string,
  change: Readonly<Record<string, string | undefined>> = {},
): string {
  const timestamp = change['timestamp'] ?? now();
  const nonce = '1514711492';
  const query: Record<string, string | undefined> = {
    signature: sha1([callbackToken, timestamp, nonce]),
    timestamp,
    nonce,
    ...(encrypt === undefined
      ? {}
      : { encrypt_type: 'aes', msg_signature: sha1([callbackToken, timestamp, nonce, encrypt]) }),
    ...change,
  };
  const entries = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(entries).toString();
}

/** The official scheme written straight down, with every part replaceable. */
export function encryptAs(
  { aesKey, appId }: Target,
  message: string | Buffer,
  bend: { readonly appId?: string; readonly length?: number; readonly padding?: Buffer } = {},
): string {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const text = Buffer.from(message);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bend.length ?? text.length);
  const plain = Buffer.concat([randomBytes(16), length, text, Buffer.from(bend.appId ?? appId)]);
  const pad = 32 - (plain.length % 32);
  const padded = Buffer.concat([plain, bend.padding ?? Buffer.alloc(pad, pad)]);
  const whole = Buffer.concat([padded, Buffer.alloc((16 - (padded.length % 16)) % 16)]);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(whole), cipher.final()]).toString('base64');
}

export const envelopeOf = (encrypt: string): string =>
  `<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`;

/** A text message as WeChat writes it. */
export const messageOf = (content: string, id: string | number = '24534963034417920'): string =>
  `<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName>\n<FromUserName><![CDATA[o9AgO5Kd5ggOC-bXrbNODIiE3bGY]]></FromUserName>\n<CreateTime>1714037059</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[${content}]]></Content>\n<MsgId>${id}</MsgId>\n</xml>`;

/** One whole POST. */
export function postBytes(target: Target, query: string, body: string | Buffer, headers = ''): Buffer {
  const bytes = Buffer.from(body);
  const head = `POST ${target.path}?${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${bytes.length}\r\nConnection: close\r\n${headers}\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** Sends bytes and collects the answer until the connection ends. `halfClose` ends the sending side at once. */
export function exchangeBytes(
  port: number,
  bytes: Buffer,
  { halfClose = false }: { readonly halfClose?: boolean } = {},
): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => {
      if (halfClose) socket.end(bytes);
      else socket.write(bytes);
    });
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('end', () => socket.end());
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}

/** Turns one bit of a text of one byte a character. */
export function flipBit(text: string, bit: number): string {
  const bytes = Buffer.from(text, 'latin1');
  const at = bit >> 3;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
  return bytes.toString('latin1');
}

/** Status and everything but the date. */
export function withoutDate(answer: string): string {
  return answer.replace(/\r\nDate: [^\r]*/i, '');
}

/** Documents that a parser must not take, each at most 64 KiB. */
export function hostileXml(): Readonly<Record<string, string | Buffer>> {
  const fill = (piece: string, around = (text: string) => `<xml>${text}</xml>`): string =>
    around(piece.repeat(Math.floor(64_000 / Buffer.byteLength(piece))));
  const entities = Array.from({ length: 10 }, (_, index) =>
    index === 0 ? '<!ENTITY a0 "ha">' : `<!ENTITY a${index} "${`&a${index - 1};`.repeat(10)}">`,
  ).join('');
  return {
    'billion laughs': `<!DOCTYPE xml [${entities}]><xml><MsgType>&a9;</MsgType></xml>`,
    'billion laughs inside': `<xml><!DOCTYPE xml [${entities}]><MsgType>&a9;</MsgType></xml>`,
    'external entity':
      '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>',
    'parameter entity': '<!DOCTYPE xml [<!ENTITY % a SYSTEM "http://127.0.0.1:1/"> %a;]><xml></xml>',
    'deep nesting': fill('<a>', (text) => `<xml>${text}`),
    'closed deep nesting': `<xml>${'<a>'.repeat(9000)}${'</a>'.repeat(9000)}</xml>`,
    'end tags': fill('</a>'),
    'open brackets': fill('<'),
    comments: fill('<!-- x -->'),
    instructions: fill('<?x y?>'),
    'unclosed CDATA': fill('x', (text) => `<xml><a><![CDATA[${text}`),
    'many CDATA openings': fill('<![CDATA['),
    attributes: fill('a="b" ', (text) => `<xml ${text}`),
    'mismatched tags': '<xml><a></b></xml>',
    'two roots': '<xml></xml><xml></xml>',
    'another root': fill('x', (text) => `<html>${text}</html>`),
    'text round the root': 'a<xml></xml>b',
    prototype: '<xml><__proto__><MsgType>text</MsgType></__proto__></xml>',
    constructor: '<xml><constructor><prototype>1</prototype></constructor></xml>',
    nothing: '',
    blanks: ' '.repeat(64_000),
    'NUL bytes': Buffer.alloc(64_000),
    'no UTF-8': Buffer.from('<xml><MsgType>\xff\xfe</MsgType></xml>', 'latin1'),
    'UTF-16': Buffer.from('<xml><MsgType>text</MsgType></xml>', 'utf16le'),
    'JSON nesting': `{"a":${'['.repeat(60_000)}`,
    'JSON closed nesting': `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    'JSON prototype': '{"__proto__":{"MsgType":"text"}}',
    'JSON strings': `{"a":"${'\\'.repeat(60_000)}`,
    'JSON list': '[1,2,3]',
    'nested type': '<xml><MsgType><a>text</a></MsgType></xml>',
    'repeated type': '<xml><MsgType>text</MsgType><MsgType>event</MsgType></xml>',
  };
}

/** Large documents that are well formed: they may be answered, but not slowly. */
export function heavyXml(): Readonly<Record<string, string>> {
  const inside = (text: string): string => `<xml><MsgType>x</MsgType>${text}</xml>`;
  return {
    'distinct tags': inside(Array.from({ length: 3500 }, (_, index) => `<t${index}>1</t${index}>`).join('')),
    'equal tags': inside('<t>1</t>'.repeat(7500)),
    'empty tags': inside('<t/>'.repeat(15_000)),
    ampersands: inside(`<t>${'&'.repeat(60_000)}</t>`),
    'character references': inside(`<t>${'&#65;'.repeat(12_000)}</t>`),
    'flat text': inside(`<t>${'x'.repeat(60_000)}</t>`),
    'CDATA pieces': inside(`<t>${'<![CDATA[x]]>'.repeat(4500)}</t>`),
  };
}

/** Ten ways of being no genuine message in safe mode. */
export function attacks(target: Target): Readonly<Record<string, () => Buffer>> {
  const message = messageOf('forged', 1);
  const sealed = (encrypt: string, change: Readonly<Record<string, string | undefined>> = {}): Buffer =>
    postBytes(target, signedQueryOf(target, encrypt, change), envelopeOf(encrypt));
  const flipped = (text: string, at: number): string => {
    const bytes = Buffer.from(text, 'base64');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes.toString('base64');
  };
  return {
    'no signature at all': () => postBytes(target, `timestamp=${now()}&nonce=1`, message),
    'a plain message, signed': () => postBytes(target, signedQueryOf(target), message),
    'a wrong msg_signature': () => sealed(encryptAs(target, message), { msg_signature: '0'.repeat(40) }),
    'no msg_signature': () => sealed(encryptAs(target, message), { msg_signature: undefined }),
    'another body under a right signature': () => {
      const query = signedQueryOf(target, encryptAs(target, message));
      return postBytes(target, query, envelopeOf(encryptAs(target, message)));
    },
    'another AppID': () => sealed(encryptAs(target, message, { appId: 'wx00000000000000aa' })),
    'a length beyond the end': () => sealed(encryptAs(target, message, { length: 0xffff_ffff })),
    'bad padding': () => sealed(encryptAs(target, message, { padding: Buffer.alloc(32, 33) })),
    'a flipped bit': () => sealed(flipped(encryptAs(target, message), 40)),
    'an old timestamp': () => {
      const timestamp = String(Number(now()) - 301);
      const encrypt = encryptAs(target, message);
      return postBytes(target, signedQueryOf(target, encrypt, { timestamp }), envelopeOf(encrypt));
    },
  };
}

/** Bytes that are no HTTP, or hardly. */
export function garbage(target: Target): Readonly<Record<string, Buffer>> {
  const text = (value: string): Buffer => Buffer.from(value, 'latin1');
  return {
    'TLS hello': Buffer.from('16030100f4010000f00303', 'hex'),
    'random bytes': randomBytes(2000),
    SSH: text('SSH-2.0-OpenSSH_9.6\r\n'),
    'no host': text(`GET ${target.path} HTTP/1.1\r\n\r\n`),
    'long header': text(`GET ${target.path} HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(9000)}\r\n\r\n`),
    'two lengths': text(
      `POST ${target.path} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    ),
    'length and chunks': text(
      `POST ${target.path} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ),
    'negative length': text(`POST ${target.path} HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n`),
    'bad chunk': text(`POST ${target.path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`),
    'pipelined garbage': text(
      `GET ${target.path} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(5) + '\0\0\0 garbage \r\n\r\n',
    ),
    'odd method': text(`PROPFIND ${target.path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
    'other path': text('GET /.env HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
    compressed: postBytes(target, signedQueryOf(target), 'x', 'Content-Encoding: gzip\r\n'),
  };
}
