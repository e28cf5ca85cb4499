/** What answers requests and logs them: loaded when the first one comes. */
import type { ServerHandler } from '../../../io/ports.ts';
import { createCallbackHandler, type CallbackHandlerOptions } from '../../../server/callback-handler.ts';
import type { Context } from '../../context.ts';
import { createServeLog } from './log.ts';
import type { Recorder } from './recorder.ts';

export interface Requests {
  readonly handler: ServerHandler;
  /** Writes what is left of the log. */
  readonly flush: () => void;
}

export function openRequests(
  context: Context,
  service: Omit<CallbackHandlerOptions, 'clock' | 'random' | 'onEvent'>,
  listeners: readonly Recorder[],
): Requests {
  const { clock, random } = context.io;
  const log = createServeLog(context);
  const handler = createCallbackHandler({
    ...service,
    clock,
    random,
    onEvent: (event, exchange) => {
      log.print(event);
      for (const listener of listeners) listener(event, exchange);
    },
  });
  return { handler, flush: log.flush };
}
