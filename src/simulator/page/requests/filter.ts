/** Which calls and pushes the list shows. Pure, so that the rules can be tested without a browser. */
import type { PushView, RequestRecord } from '../../control/types/index.ts';

export type Entry =
  | { readonly kind: 'call'; readonly id: string; readonly at: string; readonly call: RequestRecord }
  | { readonly kind: 'push'; readonly id: string; readonly at: string; readonly push: PushView };

export type Shown = 'all' | 'calls' | 'pushes' | 'failed';

/** Calls and pushes together, the newest first; of the same moment the one that was logged later. */
export function mergeEntries(calls: readonly RequestRecord[], pushes: readonly PushView[]): readonly Entry[] {
  const entries: Entry[] = [
    ...pushes.map((push) =>
      entryOf(push, (): Entry => ({ kind: 'push', id: `push-${push.id}`, at: push.at, push })),
    ),
    ...calls.map((call) =>
      entryOf(call, (): Entry => ({ kind: 'call', id: `call-${call.id}`, at: call.at, call })),
    ),
  ];
  return entries.toReversed().toSorted((one, other) => Number(one.at < other.at) - Number(one.at > other.at));
}

/** What is logged never changes, so its entry stays the same, and a row that has it is not drawn again. */
const madeEntries = new WeakMap<RequestRecord | PushView, Entry>();

function entryOf(logged: RequestRecord | PushView, make: () => Entry): Entry {
  const entry = madeEntries.get(logged) ?? make();
  madeEntries.set(logged, entry);
  return entry;
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
  return hasCallFailed(entry.call);
}

export function hasCallFailed({ status, errcode }: Pick<RequestRecord, 'status' | 'errcode'>): boolean {
  return status === null || status >= 400 || (errcode !== null && errcode !== 0);
}

/** Entries that follow upon each other and say the same, the newest first. */
export interface Group {
  /** That of its oldest entry: it stays when others come. */
  readonly id: string;
  readonly entries: readonly [Entry, ...Entry[]];
}

/** Puts calls together that repeat the one before; each push is a message of its own. */
export function groupEntries(entries: readonly Entry[]): readonly Group[] {
  const groups: [Entry, ...Entry[]][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last !== undefined && isRepeated(last[0], entry)) last.push(entry);
    else groups.push([entry]);
  }
  return groups.map(groupOf);
}

/** By its newest entry: a group that has not grown stays the same, too. */
const knownGroups = new WeakMap<Entry, Group>();

function groupOf(entries: Group['entries']): Group {
  const [first] = entries;
  const last = entries.at(-1) ?? first;
  const before = knownGroups.get(first);
  if (before?.entries.length === entries.length && before.entries.at(-1) === last) return before;
  const group = { id: `group-${last.id}`, entries };
  knownGroups.set(first, group);
  return group;
}

function isRepeated(one: Entry, other: Entry): boolean {
  if (one.kind !== 'call' || other.kind !== 'call') return false;
  const same = ['method', 'path', 'status', 'errcode', 'note', 'user_agent'] as const;
  return same.every((name) => one.call[name] === other.call[name]);
}

/** Who asked, in a word: the browser's name, or the first product that a program calls itself. */
export function shortAgent(agent: string): string {
  if (!agent.startsWith('Mozilla/')) return (agent.split(/[\s(;]/, 1)[0] ?? '').slice(0, 24);
  const browsers = ['MicroMessenger', 'Edg', 'Firefox', 'Chrome', 'Safari'];
  const found = browsers.find((name) => agent.includes(`${name}/`)) ?? 'Mozilla';
  return { MicroMessenger: 'WeChat', Edg: 'Edge' }[found] ?? found;
}
