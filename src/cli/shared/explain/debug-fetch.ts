/** `--debug`: each exchange with its headers and bodies. Secrets are taken out where lines are written. */
import { decodeUtf8 } from '../../../core/text/utf8.ts';
import type { Fetch } from '../../../io/ports.ts';
import type { Exchange } from '../../../server/callback-record.ts';
import type { Context } from '../../context.ts';

/** Enough for every answer that people read; a longer one is cut. */
const maxCharacters = 4096;

export function debuggingFetch(context: Context, fetch: Fetch): Fetch {
  return async (request) => {
    tellRequest(context, request);
    const response = await fetch(request);
    tellResponse(context, response);
    return response;
  };
}

/** A request that came in, and what it was answered. */
export function tellExchange(context: Context, { request, response }: Exchange): void {
  const { path, query } = request;
  tellRequest(context, { ...request, url: query === '' ? path : `${path}?${query}` });
  const headers = { 'content-type': response.contentType || undefined, ...response.headers };
  tellResponse(context, { ...response, headers });
}

/** A request or a response, behind its first line. */
interface Half {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array;
}

function tellRequest(
  context: Context,
  { method, url, ...half }: Half & { readonly method: string; readonly url: string },
): void {
  tellHalf(context, '>', `${method} ${url}`, half);
}

function tellResponse(context: Context, { status, ...half }: Half & { readonly status: number }): void {
  tellHalf(context, '<', String(status), half);
}

function tellHalf(context: Context, mark: string, head: string, { headers = {}, body = '' }: Half): void {
  context.debug(`${mark} ${head}`);
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) context.debug(`${mark} ${name}: ${value}`);
  if (body.length > 0) context.debug(`${mark} ${textOf(Buffer.from(body), headers['content-type'])}`);
}

function textOf(bytes: Buffer, type = 'text'): string {
  const text = /text|json|xml|form|javascript/i.test(type) ? decodeUtf8(bytes) : undefined;
  if (text === undefined) return `(${bytes.length} bytes, ${type})`;
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters)}… (${bytes.length} bytes)`;
}
