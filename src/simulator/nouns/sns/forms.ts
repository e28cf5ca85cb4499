/** Forms that are open in a browser: each carries a token that is good for one answer. */
import type { Clock, Random } from '../../../io/ports.ts';
import { randomBase64Url } from '../../random/text.ts';

const lifeMs = 600_000;
/** A simulator that runs for weeks forgets the oldest. */
const keptForms = 1000;

/** What a person has pressed, and what was chosen before, if there was a choice. */
export interface FormAnswer {
  readonly button: string;
  readonly choice: string | undefined;
}

type AnswerForm = (answer: FormAnswer, request: Request) => Response | Promise<Response>;

export function createForms(clock: Clock, random: Random) {
  const open = new Map<string, { readonly answer: AnswerForm; readonly untilMs: number }>();
  return {
    open(answer: AnswerForm): string {
      const token = randomBase64Url(random, 32);
      open.set(token, { answer, untilMs: clock.now() + lifeMs });
      const [oldest] = open.keys();
      if (open.size > keptForms && oldest !== undefined) open.delete(oldest);
      return token;
    },
    owns: (token: string): boolean => open.has(token),
    /** What the answer of this form leads to, once; `undefined` for a form that is answered, too old or none of ours. */
    take(token: string): AnswerForm | undefined {
      const form = open.get(token);
      open.delete(token);
      return form === undefined || clock.now() >= form.untilMs ? undefined : form.answer;
    },
  };
}
