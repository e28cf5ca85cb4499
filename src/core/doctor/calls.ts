/** What the calls of an account tell: who replaced its token, what it may do, and what is left of it today. */
import { findRight } from '../account/index.ts';
import { type CallUsage, isNearlyUsedUp } from '../catalogue/index.ts';
import type { Text } from '../text/text.ts';
import type { HistoryLine, StoredEntry } from '../token/index.ts';
import type { Finding } from './rows.ts';
import * as say from './texts.ts';

interface TokenVerdict {
  readonly entry: StoredEntry;
  readonly nowMs: number;
  /**
   * What WeChat said to a harmless call: `renewed` where it refused the token and gave another one when it was asked
   * again without force, `refused` where nobody asked, `unasked` where nothing was sent.
   */
  readonly word: 'accepted' | 'renewed' | 'refused' | 'unasked';
}

export function judgeHistory({ entry, nowMs, word }: TokenVerdict): Finding {
  const fetched: say.Fetched = { ...lastFetch(entry), nowMs, endsAtMs: entry.expiresAtMs };
  if (word === 'accepted') return { status: 'pass', text: say.acceptedToken(fetched) };
  if (word === 'unasked') return { status: 'pass', text: say.uncheckedToken(fetched) };
  const next = [{ command: 'wechat-mp token --status', why: say.seeHistory }];
  const replaced = say.replacedToken(fetched, word === 'renewed');
  const hint = entry.endpoint === 'token' ? say.shareClassic : say.findForcer;
  return { status: word === 'renewed' ? 'warn' : 'fail', text: replaced, hint, next };
}

/** An entry that was written by hand may have no history. */
function lastFetch({
  history,
  obtainedAtMs,
  endpoint,
}: StoredEntry): Pick<HistoryLine, 'atMs' | 'endpoint' | 'host' | 'pid'> {
  return history.at(-1) ?? { atMs: obtainedAtMs, endpoint, host: '?', pid: 0 };
}

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
