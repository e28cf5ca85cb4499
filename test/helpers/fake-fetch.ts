import { WechatMpError } from '../../src/core/errors.ts';
import type { Fetch, HttpRequest, HttpResponse } from '../../src/io/ports.ts';

export type FakeAnswer = WechatMpError | (Partial<Omit<HttpResponse, 'body'>> & { body?: unknown });

export interface FakeFetch {
  readonly fetch: Fetch;
  /** What was asked, oldest first. */
  readonly requests: readonly (HttpRequest & { readonly parsedUrl: URL })[];
  /** Throws when an answer was prepared that nobody asked for. */
  verify(): void;
}

/** A client that gives the prepared answers in their order, and refuses any further request. */
export function fakeFetch(...answers: readonly FakeAnswer[]): FakeFetch {
  const left = [...answers];
  const requests: (HttpRequest & { readonly parsedUrl: URL })[] = [];
  return {
    requests,
    fetch: async (request) => {
      request.signal?.throwIfAborted();
      requests.push({ ...request, parsedUrl: new URL(request.url) });
      const answer = left.shift();
      if (answer === undefined) throw new Error(`unexpected request ${requests.length}: ${request.method}`);
      if (answer instanceof WechatMpError) throw answer;
      return { status: answer.status ?? 200, headers: answer.headers ?? {}, body: toBytes(answer.body) };
    },
    verify() {
      if (left.length > 0) throw new Error(`${left.length} prepared answers were not asked for`);
    },
  };
}

/** What `io/fetch.ts` throws for a failure on the way. */
export function networkError(type: string, sent: boolean, retryable = true): WechatMpError {
  return new WechatMpError({
    family: 'network',
    type,
    text: { en: `Cannot reach the server: ${type}`, zh: `无法连接服务器：${type}` },
    retryable,
    facts: { request_sent: sent },
  });
}

function toBytes(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
}
