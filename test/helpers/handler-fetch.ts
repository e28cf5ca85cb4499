/** A client whose requests are answered by a function, with the callback handler of `serve` as the usual one. */
import { WechatMpError } from '../../src/core/errors.ts';
import type { Clock, Fetch, HttpRequest, ServerHandler } from '../../src/io/ports.ts';
import { createCallbackHandler } from '../../src/server/callback-handler.ts';
import type { CallbackHandlerOptions } from '../../src/server/callback-handler.ts';
import { networkError } from './fake-fetch.ts';

/** The example account of the official page, with a key that is not all the same. */
export const testAccount = {
  appId: 'wxba5fad812f8e6fb9',
  callbackToken: 'AAAAA',
  encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};

export interface HandlerFetch {
  readonly fetch: Fetch;
  readonly requests: readonly HttpRequest[];
}

/** Requests go to the handler as `io/listen.ts` would hand them over. */
export function handlerFetch(handler: ServerHandler): HandlerFetch {
  const requests: HttpRequest[] = [];
  return {
    requests,
    fetch: async (request) => {
      requests.push(request);
      const { pathname, search } = new URL(request.url);
      const answer = await handler({
        method: request.method,
        path: pathname,
        query: search.slice(1),
        headers: request.headers ?? {},
        body: Buffer.from((request.body ?? '') as string),
        remoteAddress: '127.0.0.1',
      });
      const headers = { 'content-type': answer.contentType, ...answer.headers };
      return { status: answer.status, headers, body: Buffer.from(answer.body as string) };
    },
  };
}

/** An honest server at `/wechat`. */
export function honestHandler(
  clock: Clock,
  options: Partial<CallbackHandlerOptions> & Pick<CallbackHandlerOptions, 'reply'>,
): ServerHandler {
  const random = { bytes: (count: number) => new Uint8Array(count) };
  return createCallbackHandler({ ...testAccount, path: '/wechat', mode: 'safe', clock, random, ...options });
}

/** What the client throws when five seconds are over; the clock has moved on by as much. */
export function timeout(): WechatMpError {
  const { text, retryable } = networkError('timeout', true);
  return new WechatMpError({
    family: 'network',
    type: 'timeout',
    text,
    retryable,
    facts: { phase: 'answer', request_sent: true },
  });
}
