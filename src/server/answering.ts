import type { MessageFormat, OpenedCallback } from '../core/callback/index.ts';
import type { IncomingMessage } from '../core/message/index.ts';
import { formatReply, formatReplyJson, type PassiveReply } from '../core/reply/index.ts';
import type { Clock } from '../io/ports.ts';
import { createDuplicates, duplicateKey, type Pending } from './duplicates.ts';
import type { Chosen } from './echo.ts';

/** Chooses what is answered to a push. It runs once for a push, however often that is delivered. */
export type ChooseReply = (
  message: IncomingMessage,
  push: { readonly format: MessageFormat; readonly encrypted: boolean },
) => Chosen | Promise<Chosen>;

/** An answer with the plain body that carries it. */
export interface Answered {
  /** The whole reply the first time, and its type when it is given again. */
  readonly answer: Chosen | Pick<PassiveReply, 'msgType'>;
  readonly body: string;
  readonly error?: unknown;
}

/** `success` in time is better than a reply too late: it ends the platform's retries（5 秒内回复）. */
const gaveUp: Answered = { answer: 'success', body: 'success' };

/** Remembered like any other answer: work that failed is not done again for a repeated push. */
const fail = (error: unknown): Answered => ({ ...gaveUp, error });

/** A reply may hold pieces of the push, and a piece keeps the whole text in memory: the body says all that it says. */
function keep({ answer, body, error }: Answered): Answered {
  return { answer: typeof answer === 'string' ? answer : { msgType: answer.msgType }, body, error };
}

/** How an answer came about. */
export interface Delivery extends Answered {
  readonly repeated: boolean;
  readonly timedOut: boolean;
}

/** Makes answers before the deadline, and the same one for the same push. */
export function createAnswering(options: {
  readonly clock: Clock;
  readonly reply: ChooseReply;
  readonly deadlineMs: number;
}) {
  const { clock, reply, deadlineMs } = options;
  const duplicates = createDuplicates<Answered>(clock, { keep, weigh: ({ body }) => 2 * body.length });

  function work(opened: OpenedCallback): Pending<Answered> {
    try {
      const answer = reply(opened.message, { format: opened.format, encrypted: opened.encrypted });
      return answer instanceof Promise ? answer.then(finish).catch(fail) : finish(answer);
    } catch (error) {
      return fail(error);
    }
    function finish(answer: Chosen): Answered {
      return { answer, body: formatAnswer(answer, opened, Math.floor(clock.now() / 1000)) };
    }
  }

  return {
    /** `started` is when the request came, on the clock that never goes back. Never rejects. */
    answer(opened: OpenedCallback, started: number): Pending<Delivery> {
      const key = duplicateKey(opened.message);
      const { answer, repeated } =
        key === undefined
          ? { answer: work(opened), repeated: false }
          : duplicates.once(key, () => work(opened));
      if (!(answer instanceof Promise)) return { repeated, timedOut: false, ...answer };
      return beforeDeadline(answer, clock, started + deadlineMs - clock.monotonic()).then((inTime) => ({
        repeated,
        timedOut: inTime === undefined,
        ...(inTime ?? gaveUp),
      }));
    },
  };
}

/** The answer, or `undefined` when the time is up; the work goes on then. */
async function beforeDeadline(
  answer: Promise<Answered>,
  clock: Clock,
  ms: number,
): Promise<Answered | undefined> {
  if (ms === Infinity) return await answer;
  const done = new AbortController();
  const timeUp = clock.sleep(Math.max(0, ms), done.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([answer, timeUp]);
  } finally {
    done.abort();
  }
}

function formatAnswer(answer: Chosen, opened: OpenedCallback, createTime: number): string {
  if (typeof answer === 'string') return answer;
  const { toUserName, fromUserName } = opened.message;
  const envelope = { toUserName: fromUserName, fromUserName: toUserName, createTime };
  return opened.format === 'json' ? formatReplyJson(answer, envelope) : formatReply(answer, envelope);
}
