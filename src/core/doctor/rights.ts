/** What an account may do, and what is left of it today, out of the quotas of a dozen calls. */
import { findRight } from '../account/index.ts';
import { type CallUsage, isNearlyUsedUp } from '../catalogue/index.ts';
import type { Text } from '../text/text.ts';
import type { Finding } from './rows.ts';
import * as say from './texts.ts';

/**
 * Quirk: a call that the account may not make has a daily limit of 0, as far as is known. No page says that it is the
 * only reason for one, so the finding names the number, and warns.
 */
export function judgeRights(usages: readonly CallUsage[], unanswered: number): Finding {
  const closed = usages.filter(({ dailyLimit }) => dailyLimit === 0).map(({ path }) => path);
  if (usages.length === 0) return { status: 'warn', ...say.untoldRights };
  if (closed.length === 0) return { status: 'pass', text: say.allOpen(usages.length, unanswered) };
  const names = new Map(closed.map(namedRight).map((name) => [name.en, name]));
  return {
    status: 'warn',
    ...say.closedCalls([...names.values()]),
    next: [{ command: `wechat-mp quota ${closed.join(' ')}`, why: say.seeNumbers }],
  };
}

/** The line of the platform's table that a call stands in, or the call itself. */
function namedRight(path: string): Text {
  return findRight(path)?.name ?? { en: path, zh: path };
}

export function judgeQuota(usages: readonly CallUsage[]): Finding {
  const few = usages.filter(isNearlyUsedUp);
  const none = few.filter(({ remain }) => remain <= 0);
  const shown = none.length > 0 ? none : few;
  if (shown.length === 0) return { status: 'pass', text: say.enoughLeft };
  return {
    status: none.length > 0 ? 'fail' : 'warn',
    ...(none.length > 0 ? say.usedUp(none) : say.fewLeft(few)),
    next: [{ command: `wechat-mp quota ${shown.map(({ path }) => path).join(' ')}`, why: say.seeNumbers }],
  };
}
