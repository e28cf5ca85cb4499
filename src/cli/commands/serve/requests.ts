/** What answers requests and logs them: loaded when the first one comes. */
import type { Clock, RefusedRequest, ServerHandler } from '../../../io/ports.ts';
import {
  createCallbackHandler,
  createCount,
  type CallbackHandlerOptions,
} from '../../../server/callback-handler.ts';
import type { Context } from '../../context.ts';
import { createServeLog } from './log.ts';
import type { Recorder } from './recorder.ts';

/** A stranger can have thousands refused in a second, without a signature: more lines would say nothing new. */
const refusalsPerSecond = 10;

export interface Requests {
  readonly handler: ServerHandler;
  /** Logs a request that the server has refused by itself. */
  readonly onRefused: (refused: RefusedRequest) => void;
  /** Writes what is left of the log. */
  readonly flush: () => void;
}

export function openRequests(
  context: Context,
  service: Omit<CallbackHandlerOptions, 'clock' | 'random' | 'nextId' | 'onEvent'>,
  listeners: readonly Recorder[],
): Requests {
  const { clock, random } = context.io;
  const log = createServeLog(context);
  const nextId = createCount();
  const handler = createCallbackHandler({
    ...service,
    clock,
    random,
    nextId,
    onEvent: (event, exchange) => {
      log.print(event);
      for (const listener of listeners) listener(event, exchange);
    },
  });
  const onRefused = limitRefusals(clock, (refused, omitted) =>
    log.print({ id: nextId(), path: '', ms: 0, kind: 'refused', omitted, ...refused }),
  );
  return { handler, onRefused, flush: log.flush };
}

/** Of each reason the first ones of a second are told, and with the next one how many were not. */
export function limitRefusals(
  { monotonic }: Pick<Clock, 'monotonic'>,
  tell: (refused: RefusedRequest, omitted: number | undefined) => void,
): (refused: RefusedRequest) => void {
  const seconds = new Map<string, { since: number; told: number; omitted: number }>();
  return (refused) => {
    const now = monotonic();
    const second = seconds.get(refused.reason) ?? { since: now, told: 0, omitted: 0 };
    seconds.set(refused.reason, second);
    if (now - second.since >= 1000) Object.assign(second, { since: now, told: 0 });
    if (second.told === refusalsPerSecond) {
      second.omitted += 1;
      return;
    }
    tell(refused, second.omitted === 0 ? undefined : second.omitted);
    second.told += 1;
    second.omitted = 0;
  };
}
