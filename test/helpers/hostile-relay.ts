/** What strangers, and clients gone bad, send to a relay to reach another host, other secrets or its end: bytes on a socket. */

export interface RelayTarget {
  /** Host and port of a server that nothing may reach. */
  readonly other: string;
  /** A good key, and the AppID that it belongs to. */
  readonly key: string;
  readonly appid: string;
  /** A good token of the relay. */
  readonly relayToken: string;
}

export interface HostileRequest {
  readonly name: string;
  readonly bytes: Buffer;
  /** The request has an end: it is answered, and then the connection is closed. */
  readonly whole: boolean;
}

const harmless = '/cgi-bin/getcallbackip';

export function hostileRequests(target: RelayTarget): readonly HostileRequest[] {
  const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
  const login = `Authorization: Bearer ${target.key}\r\n`;
  const closing = `Host: relay\r\nConnection: close\r\n`;
  const whole = (name: string, text: string): HostileRequest => ({ name, bytes: latin1(text), whole: true });
  const broken = (name: string, text: string): HostileRequest => ({
    name,
    bytes: latin1(text),
    whole: false,
  });

  const gets = (targets: readonly string[]): readonly HostileRequest[] =>
    targets.flatMap((each) => [
      whole(`GET ${excerpt(each)}`, `GET ${each} HTTP/1.1\r\n${closing}${login}\r\n`),
      whole(
        `POST ${excerpt(each)}`,
        `POST ${each} HTTP/1.1\r\n${closing}${login}Content-Length: 2\r\n\r\n{}`,
      ),
    ]);
  const headed = (headers: readonly string[]): readonly HostileRequest[] =>
    headers.map((each) =>
      whole(excerpt(each), `GET ${harmless} HTTP/1.1\r\n${closing}${login}${each}\r\n\r\n`),
    );
  const keyed = (values: readonly string[]): readonly HostileRequest[] =>
    values.map((each) => whole(excerpt(each), `GET ${harmless} HTTP/1.1\r\n${closing}${each}\r\n`));
  const posted = (bodies: readonly (readonly [path: string, body: string])[]): readonly HostileRequest[] =>
    bodies.map(([path, body]) =>
      whole(
        `${path} ${excerpt(body)}`,
        `POST ${path} HTTP/1.1\r\n${closing}Content-Length: ${body.length}\r\n\r\n${body}`,
      ),
    );
  const framed = (frames: readonly string[]): readonly HostileRequest[] =>
    frames.map((each) =>
      broken(excerpt(each), `POST ${harmless} HTTP/1.1\r\nHost: relay\r\n${login}${each}`),
    );

  return [
    ...gets(strangeTargets(target)),
    ...headed(strangeHeaders(target)),
    ...keyed(logins(target)),
    ...posted(tokenBodies(target)),
    ...framed(strangeFrames(target)),
    ...lines(target).map((line) => broken(excerpt(line), `${line}\r\nHost: relay\r\n${login}\r\n`)),
  ];
}

/** Request targets that mean, or might be taken to mean, another host or another path. */
function strangeTargets({ other, appid, relayToken }: RelayTarget): readonly string[] {
  const port = other.split(':')[1] ?? '';
  return [
    `http://${other}${harmless}`,
    `https://${other}${harmless}`,
    `HTTP://${other}${harmless}`,
    `http:${other}${harmless}`,
    `http://user:password@${other}${harmless}`,
    `http://api.weixin.qq.com@${other}${harmless}`,
    `http://api.weixin.qq.com:80@${other}${harmless}`,
    `ftp://${other}${harmless}`,
    'file:///etc/passwd',
    `//${other}${harmless}`,
    `///${other}${harmless}`,
    `/\\${other}${harmless}`,
    `\\\\${other}${harmless}`,
    `/http://${other}${harmless}`,
    `/${appid}/http://${other}${harmless}`,
    `/${appid}//${other}${harmless}`,
    `/${appid}@${other}${harmless}`,
    `@${other}${harmless}`,
    `:${port}${harmless}`,
    `.${other}${harmless}`,
    `${harmless}@${other}`,
    `${harmless}:${port}`,
    `/127.0.0.1:${port}${harmless}`,
    `/[::1]:${port}${harmless}`,
    `/2130706433:${port}${harmless}`,
    `/0x7f.1:${port}${harmless}`,
    `//localhost:${port}${harmless}`,
    '/_ctl/accounts?secrets=show',
    '/cgi-bin/../_ctl/accounts?secrets=show',
    '/cgi-bin/%2e%2e/_ctl/accounts?secrets=show',
    '/cgi-bin/%2E%2E%2F_ctl/accounts?secrets=show',
    '/cgi-bin/%252e%252e/_ctl/accounts?secrets=show',
    '/cgi-bin/..%5c_ctl/accounts?secrets=show',
    '/cgi-bin/..;/_ctl/accounts?secrets=show',
    '/cgi-bin/menu/get/../../../_ctl/accounts?secrets=show',
    '/cgi-bin/%c0%ae%c0%ae/_ctl/accounts?secrets=show',
    '/cgi-bin/.%00./_ctl/accounts?secrets=show',
    String.raw`/cgi-bin\..\_ctl\accounts?secrets=show`,
    '/./cgi-bin/getcallbackip',
    '/cgi-bin//getcallbackip',
    '/CGI-BIN/GETCALLBACKIP',
    `${harmless}/`,
    `${harmless}%00`,
    `${harmless}%0d%0aHost:%20${other}`,
    `${harmless}%20HTTP/1.1%0d%0aHost:%20${other}%0d%0a%0d%0a`,
    `${harmless}%23`,
    `${harmless}%3faccess_token=x`,
    `${harmless};a=b`,
    '/cgi-bin/getcallback%69p',
    `/cgi-bin/getcallbackip\xff`,
    `${harmless}#@${other}`,
    `${harmless}?access_token=${relayToken}`,
    `${harmless}?access_token=a&access_token=b`,
    `${harmless}?access%5ftoken=a&%61ccess_token=b&ACCESS_TOKEN=c`,
    `${harmless}?access_token[]=a&access_token%00=b`,
    `${harmless}?access_token=${relayToken}&access_token=${relayToken}x`,
    `${harmless}?access_token=a;access_token=b`,
    `${harmless}?access_token=a%26access_token%3db`,
    `${harmless}?access_token=a%0d%0aHost:%20${other}`,
    `${harmless}?access_token`,
    `${harmless}?a=%&b=%zz&=&&&`,
    `${harmless}/${relayToken}`,
    `${harmless}??access_token=a?access_token=b`,
    `${harmless}?host=${other}&url=http://${other}&proxy=${other}`,
    `${harmless}?appid=wxffffffffffffffff&secret=x`,
    `${harmless}?__proto__[access_token]=a&constructor=b`,
    `/wxffffffffffffffff${harmless}`,
    `/__proto__${harmless}`,
    `/constructor${harmless}`,
    `/${appid}/${appid}${harmless}`,
    '/token?appid=__proto__',
    `/token?access_token=${relayToken}`,
    '/ticket?type=__proto__',
    '/ticket?type=../../menu/get',
    '/ticket?type=jsapi%26access_token%3dx',
    '/healthz?access_token=a',
    '/',
    '*',
    '?',
    '/cgi-bin/token?grant_type=client_credential&appid=__proto__&secret=constructor',
    `/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=`,
    `/cgi-bin/token?grant_type=client_credential&appid=${appid}&appid=wxffffffffffffffff&secret=a&secret=b`,
    `/cgi-bin/token?grant_type=authorization_code&appid=${appid}&secret=%00`,
    `${harmless}?${'a'.repeat(7000)}`,
    `${harmless}?${'a'.repeat(70_000)}`,
    `/${'cgi-bin/'.repeat(900)}`,
  ];
}

/** Headers beside a good key. */
function strangeHeaders({ other }: RelayTarget): readonly string[] {
  return [
    `Host: ${other}`,
    `Host: relay@${other}`,
    `X-Forwarded-Host: ${other}`,
    `X-Forwarded-For: ${other}\r\nX-Forwarded-Proto: https\r\nX-Real-IP: 203.0.113.7`,
    `Forwarded: host=${other};proto=http`,
    `X-Original-URL: http://${other}/\r\nX-Rewrite-URL: /_ctl/accounts?secrets=show`,
    'X-HTTP-Method-Override: DELETE\r\nX-Method-Override: DELETE',
    `X-Host: ${other}\r\nX-Backend: ${other}\r\nX-Upstream: ${other}`,
    `Proxy-Authorization: Basic YTpi\r\nProxy-Connection: keep-alive\r\nVia: 1.1 ${other}`,
    `Cookie: access_token=x\r\nReferer: http://${other}/?access_token=x\r\nOrigin: http://${other}`,
    `Destination: http://${other}/\r\nLocation: http://${other}/\r\nContent-Location: http://${other}/`,
    'Connection: authorization',
    'Connection: host, content-length, close',
    'Keep-Alive: timeout=99999\r\nTE: trailers, deflate\r\nTrailer: Authorization',
    'Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13',
    'Upgrade: h2c\r\nConnection: upgrade, http2-settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
    'Expect: 100-continue',
    'Expect: something-else',
    'Range: bytes=0-1\r\nIf-None-Match: *\r\nAccept-Encoding: gzip, br',
    'Authorization: Bearer second',
    'Wechat-Mp-Relay: passed',
    'access_token: SIM_x\r\nX-Access-Token: SIM_x',
    '__proto__: a\r\nconstructor: b\r\ntoString: c',
    `X-Long: ${'a'.repeat(7000)}`,
    `X-Long: ${'a'.repeat(100_000)}`,
    Array.from({ length: 3000 }, (_, index) => `X-${index}: a`).join('\r\n'),
    'X-Binary: \x01\x02\x7f\xff',
    'X-Folded: a\r\n b',
    'X Space: a',
    'X-Colon : a',
    ': a',
    'X-NUL: a\0b',
    'X-CR: a\rb',
    'X-LF: a\nHost: b',
  ];
}

/** What stands in the place of a good key; whole header lines. */
function logins({ key, relayToken }: RelayTarget): readonly string[] {
  const bearer = (value: string): string => `Authorization: Bearer ${value}\r\n`;
  return [
    '',
    'Authorization:\r\n',
    'Authorization: Bearer\r\n',
    bearer(''),
    bearer(' '),
    bearer(`${key}x`),
    bearer(key.slice(0, -1)),
    bearer(key.toUpperCase()),
    bearer(`${key}\0`),
    bearer(`${key},${key}x`),
    bearer(`"${key}"`),
    bearer('__proto__'),
    bearer('constructor'),
    bearer('undefined'),
    bearer('null'),
    bearer('#'),
    bearer(':'),
    bearer('\xff\xfe'),
    bearer('a'.repeat(7000)),
    bearer(relayToken.slice(0, -1)),
    `Authorization: Basic ${Buffer.from(`a:${key}x`).toString('base64')}\r\n`,
    'Authorization: Basic !!!!\r\n',
    'Authorization: Basic Og==\r\n',
    `Authorization: Digest username="${key}"\r\n`,
    `${bearer('wrong')}${bearer(key)}`,
    `X-Authorization: Bearer ${key}\r\n`,
    `Cookie: Authorization=Bearer ${key}\r\n`,
  ];
}

/** What a client library may say where it asks for a token, bent. */
function tokenBodies({ appid, key }: RelayTarget): readonly (readonly [path: string, body: string])[] {
  const path = '/cgi-bin/stable_token';
  const text = (value: unknown): string => JSON.stringify(value);
  const good = { grant_type: 'client_credential', appid, secret: key };
  return [
    '',
    'null',
    '[]',
    '"text"',
    '{',
    '{}',
    '{"__proto__":{"secret":"x"}}',
    text({ ...good, secret: '' }),
    text({ ...good, secret: null }),
    text({ ...good, secret: [key] }),
    text({ ...good, secret: { toString: key } }),
    text({ ...good, secret: '__proto__' }),
    text({ ...good, secret: `${key}\0` }),
    text({ ...good, secret: key.slice(1) }),
    text({ ...good, appid: '__proto__' }),
    text({ ...good, appid: 'wxffffffffffffffff' }),
    text({ ...good, appid: [appid] }),
    text({ ...good, appid: `${appid}/../..` }),
    text({ ...good, grant_type: 'password' }),
    text({ ...good, force_refresh: true }),
    `{"appid":"${appid}","appid":"wxffffffffffffffff","secret":"${key}","secret":"x"}`,
    `{"a":${'['.repeat(60_000)}`,
    `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)},"secret":"${key}"}`,
    `{"a":${'9'.repeat(60_000)}}`,
    `\xef\xbb\xbf${text({ ...good, secret: 'x' })}`,
    '\xff\xfe{\0}\0',
    `appid=${appid}&secret=${key}x`,
    '<xml><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><appid>&b;</appid></xml>',
    'a'.repeat(200_000),
  ].map((body) => [path, body] as const);
}

/** Bodies whose end two readers would see at two places; each begins in the middle of the head. */
function strangeFrames({ other }: RelayTarget): readonly string[] {
  const smuggled = `GET http://${other}/smuggled HTTP/1.1\r\nHost: ${other}\r\n\r\n`;
  return [
    'Content-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'Content-Length: 2, 2\r\n\r\nab',
    'Content-Length: -1\r\n\r\n',
    'Content-Length: +2\r\n\r\nab',
    'Content-Length: 0x2\r\n\r\nab',
    'Content-Length: 2e0\r\n\r\nab',
    'Content-Length: 1000000000000000\r\n\r\nab',
    'Content-Length: 99999999999999999999999\r\n\r\nab',
    'Content-Length:\r\n\r\nab',
    `Content-Length: 0\r\n\r\n${smuggled}`,
    `Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
    `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
    `Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`,
    `Transfer-Encoding: identity\r\n\r\n${smuggled}`,
    `Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    `Transfer-Encoding: chunked\r\n\r\n2;a=${'b'.repeat(20_000)}\r\nab\r\n0\r\n\r\n`,
    'Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nAuthorization: Bearer x\r\nHost: b\r\n\r\n',
    'Transfer-Encoding: chunked\r\n\r\nzz\r\n',
    'Transfer-Encoding: chunked\r\n\r\n-1\r\n',
    'Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n',
    'Transfer-Encoding: chunked\r\n\r\n2\nab\n0\n\n',
    'Transfer-Encoding: chunked\r\n\r\n2\r\nabX\r\n0\r\n\r\n',
    `\r\n${smuggled}${smuggled}`,
    `Content-Type: multipart/form-data; boundary=${'-'.repeat(2000)}\r\nContent-Length: 2\r\n\r\n--`,
    'Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b',
  ];
}

/** First lines. */
function lines({ other, appid }: RelayTarget): readonly string[] {
  const methods = ['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'BREW', 'get'];
  return [
    ...methods.map((method) => `${method} ${harmless} HTTP/1.1`),
    `CONNECT ${other} HTTP/1.1`,
    'CONNECT api.weixin.qq.com:443 HTTP/1.1',
    `CONNECT ${harmless} HTTP/1.1`,
    'OPTIONS * HTTP/1.1',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n',
    `GET ${harmless}`,
    `GET ${harmless} HTTP/1.0`,
    `GET ${harmless} HTTP/0.9`,
    `GET ${harmless} HTTP/2.0`,
    `GET ${harmless} HTTP/1.1 HTTP/1.1`,
    `GET ${harmless} HTTPS/1.1`,
    `GET  ${harmless}  HTTP/1.1`,
    `GET\t${harmless}\tHTTP/1.1`,
    `GET ${harmless}\0 HTTP/1.1`,
    `GET ${harmless}\x0b HTTP/1.1`,
    `G\0T ${harmless} HTTP/1.1`,
    `${'A'.repeat(20_000)} ${harmless} HTTP/1.1`,
    ` GET ${harmless} HTTP/1.1`,
    `\r\n\r\nGET /${appid}/nothing HTTP/1.1`,
    '\x16\x03\x01\0\xf4\x01\0\0\xf0\x03\x03',
    '\0'.repeat(3000),
  ];
}

const excerpt = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text).slice(1, -1);

/** The same requests with bytes lost, doubled, flipped or put in, or the tail of another one: the same ones for a seed. */
export function* mutated(
  requests: readonly HostileRequest[],
  seed: number,
): Generator<HostileRequest, never, void> {
  const random = mulberry32(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const special = [
    '\r\n',
    '\0',
    ' ',
    '/',
    '//',
    '..',
    '%2e',
    '@',
    ':',
    '#',
    '?',
    '\\',
    '\xff',
    'HTTP/1.1\r\n',
  ];
  for (;;) {
    const request = requests[below(requests.length)] ?? noRequest;
    const tail = requests[below(requests.length)] ?? noRequest;
    let bytes = request.bytes;
    for (let change = below(4); change >= 0; change -= 1) {
      // Most of them near the start, where what matters stands.
      const at = below(Math.min(bytes.length, random() < 0.8 ? 200 : bytes.length) + 1);
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
      const put = Buffer.from(special[below(special.length)] ?? '', 'latin1');
      const flipped = Buffer.from([(after[0] ?? 0) ^ (1 << below(8))]);
      const ways: readonly (readonly Buffer[])[] = [
        [before, after.subarray(1 + below(4))],
        [before, after.subarray(0, below(40)), after],
        [before, put, after],
        [before, flipped, after.subarray(1)],
        [before, tail.bytes.subarray(Math.min(at, tail.bytes.length))],
      ];
      bytes = Buffer.concat(ways[below(ways.length)] ?? []);
    }
    yield { name: `${request.name}, bent`, bytes, whole: false };
  }
}

const noRequest: HostileRequest = { name: '', bytes: Buffer.alloc(0), whole: false };

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
