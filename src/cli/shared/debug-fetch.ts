/** `--debug`: each exchange with its headers and bodies. Secrets are taken out where lines are written. */
import type { Fetch } from '../../io/ports.ts';
import type { Context } from '../context.ts';

/** Enough for every answer that people read; a longer one is cut. */
const maxCharacters = 4096;

export function debuggingFetch(context: Context, fetch: Fetch): Fetch {
  return async (request) => {
    context.debug(`> ${request.method} ${request.url}`);
    tellHeaders(context, '>', request.headers ?? {});
    if (request.body !== undefined) context.debug(`> ${textOf(Buffer.from(request.body), 'text')}`);
    const response = await fetch(request);
    context.debug(`< ${response.status}`);
    tellHeaders(context, '<', response.headers);
    if (response.body.length > 0)
      context.debug(`< ${textOf(Buffer.from(response.body), response.headers['content-type'] ?? 'text')}`);
    return response;
  };
}

function tellHeaders(context: Context, mark: string, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) context.debug(`${mark} ${name}: ${value}`);
}

function textOf(bytes: Buffer, type: string): string {
  if (!/text|json|xml|form|javascript/i.test(type)) return `(${bytes.length} bytes, ${type})`;
  const text = bytes.toString('utf8');
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters)}… (${bytes.length} bytes)`;
}
