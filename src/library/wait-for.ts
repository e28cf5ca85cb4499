/** `waitFor`: what will have happened soon, without sleeping. */
import { defined } from '../core/text/defined.ts';
import type { Account, ChatMessage, ChatView, PushView, RequestRecord } from './types.ts';

type Entry = RequestRecord | PushView | ChatMessage;

interface AnyWanted {
  readonly openid?: string;
  readonly count?: number;
  readonly wait?: string;
  readonly [filter: string]: unknown;
}

/** A little less than the five seconds that test runners give a test: this error says more than theirs. */
const usualWait = '4s';

/** As many as tell what happened instead. */
const shownOthers = 5;

/** `get` is for calls below `/_ctl/`. */
export async function waitForEntries(
  get: (call: string) => Promise<unknown>,
  what: Parameters<Account['waitFor']>[0],
  { openid, count = 1, wait = usualWait, ...filters }: AnyWanted,
): Promise<readonly Entry[]> {
  const place = what === 'chat' ? `chats/${encodeURIComponent(openid ?? '')}` : what;
  const chosen = defined(what === 'chat' ? filters : { openid, ...filters });
  const listed = async (query: Readonly<Record<string, unknown>>): Promise<readonly Entry[]> => {
    const texts = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
    const answer = await get(`${place}?${new URLSearchParams(texts).toString()}`);
    return what === 'chat' ? (answer as ChatView).messages : (answer as readonly Entry[]);
  };
  const found = await listed({ ...chosen, count, wait });
  if (found.length >= count) return found;
  const others = (await listed({})).slice(-shownOthers).map(describe);
  const wanted = JSON.stringify({ ...(what === 'chat' && { openid }), ...chosen });
  throw new Error(
    `Waited ${wait} for ${count} of the ${names[what]} ${wanted}, and ${found.length} came; ` +
      (others.length === 0 ? 'there are none at all' : `the last ones of all are ${others.join(', ')}`),
  );
}

const names = { requests: 'requests', pushes: 'pushes', chat: 'messages in the chat' };

function describe(entry: Entry): string {
  if ('method' in entry) return `${entry.method} ${entry.path}`;
  return 'plain' in entry ? `${entry.type} (${entry.state})` : `${entry.content.type} of the ${entry.from}`;
}
