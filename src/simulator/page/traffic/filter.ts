/** Which calls and pushes the list shows. Pure, so that the rules can be tested without a browser. */
import type { PushView, RequestRecord } from '../../control/types/index.ts';

export type Entry =
  | { readonly kind: 'call'; readonly id: string; readonly at: string; readonly call: RequestRecord }
  | { readonly kind: 'push'; readonly id: string; readonly at: string; readonly push: PushView };

export type Shown = 'all' | 'calls' | 'pushes' | 'failed';

/** Calls and pushes together, the newest first; of the same moment the one that was logged later. */
export function mergeEntries(calls: readonly RequestRecord[], pushes: readonly PushView[]): readonly Entry[] {
  const entries: Entry[] = [
    ...pushes.map((push): Entry => ({ kind: 'push', id: `push-${push.id}`, at: push.at, push })),
    ...calls.map((call): Entry => ({ kind: 'call', id: `call-${call.id}`, at: call.at, call })),
  ];
  return entries.toReversed().toSorted((one, other) => Number(one.at < other.at) - Number(one.at > other.at));
}

/** Every word of the search has to occur somewhere in the entry, in any case. */
export function filterEntries(entries: readonly Entry[], shown: Shown, search: string): readonly Entry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    if (shown === 'calls' && entry.kind !== 'call') return false;
    if (shown === 'pushes' && entry.kind !== 'push') return false;
    if (shown === 'failed' && !hasFailed(entry)) return false;
    if (words.length === 0) return true;
    const text = textOf(entry.kind === 'call' ? entry.call : entry.push);
    return words.every((word) => text.includes(word));
  });
}

/** Every arriving call searches the whole list again: what was read once stays read. */
const texts = new WeakMap<RequestRecord | PushView, string>();

function textOf(logged: RequestRecord | PushView): string {
  const known = texts.get(logged);
  if (known !== undefined) return known;
  const text = JSON.stringify(logged).toLowerCase();
  texts.set(logged, text);
  return text;
}

/** Refused, dropped, unanswered, or answered with something that the platform does not take. */
export function hasFailed(entry: Entry): boolean {
  if (entry.kind === 'push') return entry.push.state === 'failed' || entry.push.valid === false;
  const { status, errcode } = entry.call;
  return status === null || status >= 400 || (errcode !== null && errcode !== 0);
}
