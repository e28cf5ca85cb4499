import { decodeEncodingAESKey } from '../core/callback/index.ts';
import type { ServerHandler, ServerRequest, ServerResponse } from '../io/ports.ts';
import {
  type CallbackService,
  createDecide,
  type Decision,
  type DecisionContext,
} from './callback-decision.ts';
import type { CallbackRecord, Exchange } from './callback-record.ts';
import { type CallbackAccount, checkSecrets, maxCallbackBytes } from './callback-setup.ts';

export interface CallbackHandlerOptions extends CallbackService, CallbackAccount {
  /** Receives one record for each request, after its answer is decided. */
  readonly onEvent?: ((record: CallbackRecord, exchange: Exchange) => void) | undefined;
  /** Numbers of requests, for whoever counts others with them. */
  readonly nextId?: (() => string) | undefined;
  /** How far a request's timestamp may be off; `Infinity` switches the check off. */
  readonly maxSkewSeconds?: number | undefined;
  /** When the answer is given up and `success` is sent; `Infinity` waits for ever. */
  readonly deadlineMs?: number | undefined;
}

/** The platform repeats a push within 15 seconds; clocks of servers differ by minutes. */
const defaultMaxSkewSeconds = 300;
/** The platform waits for 5 seconds, the network included. */
const defaultDeadlineMs = 4500;

/**
 * The developer's side of a callback URL（服务器配置）: verifies handshakes and pushes, answers them before the platform
 * gives up, and answers repeated pushes once. Every refusal of a genuine-looking request is the same 403 with an empty
 * body, so that it teaches nothing. Throws as `checkSecrets` does.
 */
export function createCallbackHandler(options: CallbackHandlerOptions): ServerHandler {
  const decide = createDecide(createContext(options));
  const nextId = options.nextId ?? createCount();
  return (request) => {
    const id = nextId();
    const started = options.clock.monotonic();
    // What can be decided at once is answered at once: every turn of the event loop would delay the others.
    const decision = decide(request, started);
    return decision instanceof Promise
      ? decision.then((late) => finish(id, request, started, late))
      : finish(id, request, started, decision);
  };

  function finish(
    id: string,
    request: ServerRequest,
    started: number,
    { response, outcome }: Decision,
  ): ServerResponse {
    const ms = options.clock.monotonic() - started;
    const { method, path, remoteAddress } = request;
    const record = { id, method, path, remoteAddress, status: response.status, ms, ...outcome };
    options.onEvent?.(record, { request, response });
    return response;
  }
}

/** 1, 2, 3 and so on. */
export function createCount(): () => string {
  let count = 0;
  return () => String(++count);
}

function createContext(options: CallbackHandlerOptions): DecisionContext {
  checkSecrets(options);
  const { mode, encodingAESKey } = options;
  const isPlain = mode === 'plain' || encodingAESKey === undefined;
  return {
    ...options,
    key: isPlain ? undefined : decodeEncodingAESKey(encodingAESKey),
    maxSkewSeconds: options.maxSkewSeconds ?? defaultMaxSkewSeconds,
    deadlineMs: options.deadlineMs ?? (options.delayMs === undefined ? defaultDeadlineMs : Infinity),
    maxBodyBytes: maxCallbackBytes,
  };
}
