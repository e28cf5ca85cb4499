import type { MessageFormat, OpenedCallback } from '../core/callback.ts';
import type { IncomingMessage } from '../core/message.ts';
import type { Clock } from '../io/ports.ts';
import { createDuplicates, duplicateKey } from './duplicates.ts';
import type { Answer } from './echo.ts';

/** Chooses the answer to a push. It runs once for a push, however often that is delivered. */
export type Reply = (
  message: IncomingMessage,
  push: { readonly format: MessageFormat; readonly encrypted: boolean },
) => Answer | Promise<Answer>;

/** An answer with the plain body that carries it. */
export interface Answered {
  readonly answer: Answer;
  readonly body: string;
  readonly error?: unknown;
}

/** `success` in time is better than a reply too late: it ends the platform's retries（5 秒内回复）. */
const gaveUp: Answered = { answer: 'success', body: 'success' };

/** Makes answers before the deadline, and the same one for the same push. */
export function createAnswering(options: {
  readonly clock: Clock;
  readonly reply: Reply;
  readonly deadlineMs: number;
}) {
  const { clock, reply, deadlineMs } = options;
  const duplicates = createDuplicates<Answered>(clock);

  async function work(opened: OpenedCallback): Promise<Answered> {
    try {
      const answer = await reply(opened.message, { format: opened.format, encrypted: opened.encrypted });
      return { answer, body: await formatAnswer(answer, opened, Math.floor(clock.now() / 1000)) };
    } catch (error) {
      return { ...gaveUp, error };
    }
  }

  return {
    /** `started` is when the request came, on the clock that never goes back. Never rejects. */
    async answer(
      opened: OpenedCallback,
      started: number,
    ): Promise<Answered & { readonly repeated: boolean; readonly timedOut: boolean }> {
      const key = duplicateKey(opened.message);
      const { answer, repeated } =
        key === undefined
          ? { answer: work(opened), repeated: false }
          : duplicates.once(key, () => work(opened));
      const inTime = await beforeDeadline(answer, clock, started + deadlineMs - clock.monotonic());
      return inTime === undefined
        ? { ...gaveUp, repeated, timedOut: true }
        : { ...inTime, repeated, timedOut: false };
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

async function formatAnswer(answer: Answer, opened: OpenedCallback, createTime: number): Promise<string> {
  if (typeof answer === 'string') return answer;
  const { formatReply, formatReplyJson } = await import('../core/reply.ts');
  const { toUserName, fromUserName } = opened.message;
  const envelope = { toUserName: fromUserName, fromUserName: toUserName, createTime };
  return opened.format === 'json' ? formatReplyJson(answer, envelope) : formatReply(answer, envelope);
}
