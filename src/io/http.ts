/** Small facts of HTTP that servers and clients share: bodies with a limit, byte lengths, content types, queries. */

export const contentTypes = {
  json: 'application/json; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  xml: 'text/xml; charset=utf-8',
} as const;

/** Length of a body on the wire. A Chinese character has three bytes, so characters must not be counted. */
export function byteLength(body: string | Uint8Array): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
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

/** The number in a `Content-Length` header; `undefined` where there is none. */
export function parseContentLength(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * Decodes a query, without its question mark. Of a repeated parameter the first value counts.
 *
 * Quirk: `+` stays `+` and is no blank. No parameter of a callback holds blanks, but Base64 texts hold `+`, and
 * senders do not all escape it. What is not valid percent-encoding stays as it is.
 */
export function parseQuery(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of query.split('&')) {
    const separator = pair.indexOf('=');
    const name = decode(separator === -1 ? pair : pair.slice(0, separator));
    if (name !== '' && !parameters.has(name))
      parameters.set(name, separator === -1 ? '' : decode(pair.slice(separator + 1)));
  }
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Splits a request target into path and query. Proxies send whole URLs; the origin is dropped. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const local = target.replace(/^https?:\/\/[^/?#]*/i, '').split('#', 1)[0] ?? '';
  const separator = local.indexOf('?');
  const path = separator === -1 ? local : local.slice(0, separator);
  return { path: path === '' ? '/' : path, query: separator === -1 ? '' : local.slice(separator + 1) };
}
