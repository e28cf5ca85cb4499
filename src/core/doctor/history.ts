/** Who replaced my token: out of what the cache remembers, and WeChat's word about the token in it. */
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
