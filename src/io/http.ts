/** Small facts of HTTP that servers and clients share: bodies with a limit, content types, queries, headers. */

export const contentTypes = {
  json: 'application/json; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  xml: 'text/xml; charset=utf-8',
} as const;

/** A `Response` that still knows what it is made of, so that a server of ours need not read it out: that takes as long as a call. */
export interface WholeResponse {
  readonly whole: string | Uint8Array;
  /** Names in small letters, and values, in turn. */
  headerList(): readonly string[];
}

/** What a `Request` of a server of ours has besides. */
export interface WholeRequest {
  /** Its headers as they came, names and values in turn. */
  readonly headerList?: readonly string[];
  /** What `arrayBuffer()` copies. */
  readonly whole?: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a body to its end, or answers `undefined` as soon as it has more than `maxBytes`; what follows is not read.
 * Rejects with the stream's error.
 */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/**
 * Decodes a query, without its question mark. Of a repeated parameter the first value counts.
 *
 * Quirk: `+` stays `+` and is no blank. No parameter of a callback holds blanks, but Base64 texts hold `+`, and
 * senders do not all escape it. What is not valid percent-encoding stays as it is.
 */
export function parseQuery(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  let separator = query.indexOf('=');
  for (let start = 0, end = 0; start <= query.length; start = end + 1) {
    end = query.indexOf('&', start);
    if (end === -1) end = query.length;
    // Looked for from where it was found last: a query without any is read once, not once for each of its names.
    if (separator !== -1 && separator < start) separator = query.indexOf('=', start);
    const nameEnd = separator === -1 || separator > end ? end : separator;
    const name = decode(query.slice(start, nameEnd));
    if (name !== '' && !parameters.has(name)) parameters.set(name, decode(query.slice(nameEnd + 1, end)));
  }
  return parameters;
}

/**
 * The same, for a few names of a query that is read at every request: where nothing is escaped, each is looked for when
 * it is asked for, and no list is made.
 */
export function openQuery(query: string): Pick<ReadonlyMap<string, string>, 'get'> {
  return query.includes('%') ? parseQuery(query) : { get: (name) => findParameter(query, name) };
}

function findParameter(query: string, name: string): string | undefined {
  for (let start = query.indexOf(name); start !== -1; start = query.indexOf(name, start + 1)) {
    const end = start + name.length;
    const isName = start === 0 || query[start - 1] === '&';
    if (isName && query[end] === '=') {
      const next = query.indexOf('&', end);
      return query.slice(end + 1, next === -1 ? undefined : next);
    }
    if (isName && (end === query.length || query[end] === '&')) return '';
  }
  return undefined;
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What a client or a server writes for its own neighbour (RFC 9110, 7.6.1 and 11.7), or anew for each request. */
const hopHeaders: ReadonlySet<string> = new Set([
  // The answer is to be read here, too: the offer to compress is not the client's any more.
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers that are passed on, without those of the connection, those that `Connection` names, and `without`. Names
 * are in small letters.
 */
export function endToEndHeaders(
  headers: Readonly<Record<string, string | undefined>>,
  without: readonly string[] = [],
): Record<string, string> {
  const named = headers['connection']?.toLowerCase().split(/\s*,\s*/) ?? [];
  const dropped = new Set([...hopHeaders, ...named, ...without]);
  return Object.fromEntries(
    Object.entries(headers).filter(
      (header): header is [string, string] => header[1] !== undefined && !dropped.has(header[0]),
    ),
  );
}
