import { defined } from '../core/text/defined.ts';
import { endToEndHeaders } from '../io/http.ts';
import type { Clock, Fetch, HttpRequest, ServerRequest, ServerResponse } from '../io/ports.ts';
import type { Upstream } from './callback-record.ts';

/** Hands a request to another server. Never rejects: a fault of that server is an answer, too. */
export type Forward = (request: ServerRequest) => Promise<Upstream & { readonly response: ServerResponse }>;

/** The platform waits for 5 seconds; a little longer shows how slow the upstream really is. */
const forwardTimeoutMs = 15_000;
/** The longest valid reply has a few kilobytes. */
const maxBytes = 1024 * 1024;

/**
 * Makes a forwarder to `url`: method, query, headers and the bytes of the body as they came, and the answer as it came.
 * A query that the URL has itself stands before that of the request. An upstream that does not answer at all is 502, or
 * 504 when its time is up.
 */
export function createForward(options: {
  readonly url: string;
  readonly fetch: Fetch;
  readonly clock: Pick<Clock, 'monotonic'>;
}): Forward {
  const { url, fetch, clock } = options;
  return async (request) => {
    const started = clock.monotonic();
    try {
      const answered = await fetch(toUpstream(url, request));
      return {
        status: answered.status,
        ms: clock.monotonic() - started,
        response: {
          status: answered.status,
          contentType: answered.headers['content-type'] ?? '',
          body: answered.body,
          headers: endToEndHeaders(answered.headers, ['content-type']),
        },
      };
    } catch (error) {
      const late = (error as { readonly type?: unknown }).type === 'timeout';
      const response = { status: late ? 504 : 502, contentType: 'text/plain', body: '' };
      return { status: undefined, ms: clock.monotonic() - started, error, response };
    }
  };
}

function toUpstream(url: string, request: ServerRequest): HttpRequest {
  const forwardedFor = request.headers['x-forwarded-for'];
  return {
    method: request.method === 'GET' ? 'GET' : 'POST',
    url: request.query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${request.query}`,
    headers: {
      ...endToEndHeaders(request.headers),
      'x-forwarded-for':
        forwardedFor === undefined ? request.remoteAddress : `${forwardedFor}, ${request.remoteAddress}`,
    },
    ...defined({ body: request.method === 'GET' ? undefined : request.body }),
    timeoutMs: forwardTimeoutMs,
    maxBytes,
    allowHttp: true,
    keepEncoding: true,
  };
}
