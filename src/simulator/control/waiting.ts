/**
 * Lists that can be waited for: `?wait=5s&count=2` answers when so many matching entries stand there, or when the time is
 * over, with what there is and the header `x-wait: timeout`. What happens "later" is tested so without sleeping.
 */
import { durationRefusal, readDuration } from '../../core/text/duration.ts';
import { own } from '../../core/text/json-value.ts';
import type { Clock } from '../../io/ports.ts';
import { isCallPath, nextPage, quoteAll, readLimit, refuse } from './input.ts';
import { afterForm, countForm, mustBeOneOf, mustBeWhole, pathForm } from './texts.ts';
import { forEachInPieces, inTurns } from './turns.ts';

/** A request that waits holds its connection, and clients give up about then; whoever wants longer asks again. */
const longestWait = '5m';
/** To look for a text in so many entries takes some milliseconds where each of them is long. */
const entriesATurn = 50;

/** What a field can be: one of these words, a number or `null`, the path of a call, or any text. */
type Form = readonly string[] | 'number' | 'path' | 'text';

/** A list, and how its changes are heard of. */
export interface Watched<Entry> {
  readonly list: () => readonly Entry[];
  /** Calls the listener when an entry is new or different; returns the function that ends it. */
  readonly subscribe: (listener: (entry: Entry) => void) => () => void;
  /** Fields of an entry by which it can be chosen. What a field never is, is refused: whoever waits for it waits in vain. */
  readonly fields: { readonly [Field in keyof Entry]?: Form };
  /** As many as are ever kept. */
  readonly most: number;
  /** What is still under way does not count for whoever waits. */
  readonly isOver?: (entry: Entry) => boolean;
}

interface Listed {
  readonly id: number;
}

/** What a list needs of the call that asks for it. */
interface Asked {
  readonly req: { readonly url: string; readonly raw: { readonly signal: AbortSignal } };
  header(name: string, value: string): void;
}

/** `signal` ends all waiting: then what there is, is answered. */
export function createWaiting(clock: Clock, signal: AbortSignal) {
  // A single listener: one for each who waits would be warned about as a leak.
  const waiting = new Set<AbortController>();
  signal.addEventListener('abort', () => waiting.forEach((each) => each.abort()), { once: true });

  const arrival = async (
    isThere: () => boolean,
    waitMs: number,
    gone: AbortSignal,
    subscribe: (look: () => void) => () => void,
  ): Promise<void> => {
    if (isThere() || waitMs === 0 || signal.aborted) return;
    const stop = new AbortController();
    const end = (): void => stop.abort();
    waiting.add(stop);
    gone.addEventListener('abort', end, { once: true });
    const unsubscribe = subscribe(() => {
      if (isThere()) end();
    });
    // Rejects when it is stopped, whatever for: what there is then is looked at afterwards.
    await clock.sleep(waitMs, stop.signal).catch(() => undefined);
    unsubscribe();
    gone.removeEventListener('abort', end);
    waiting.delete(stop);
  };

  return {
    /**
     * The entries that the query chooses, when there are as many as it waits for; with `limit` the first of them, and
     * where the next ones are. Throws an input error for a wrong query.
     */
    async choose<Entry extends Listed>(
      context: Asked,
      { list, subscribe, fields, most, isOver }: Watched<Entry>,
    ): Promise<readonly Entry[]> {
      const { url, raw } = context.req;
      const { wait, waitMs, count, limit, matches } = readWanted(url, fields, most);
      const isWanted = judgedOnce((entry: Entry) => matches(entry) && (!wait || (isOver?.(entry) ?? true)));
      const chosen = (): readonly Entry[] => list().filter(isWanted);
      await inTurns(forEachInPieces(list(), entriesATurn, isWanted));
      if (wait)
        await arrival(
          () => chosen().length >= count,
          waitMs,
          raw.signal,
          (look) => subscribe((entry) => isWanted(entry) && look()),
        );
      const found = chosen();
      if (wait && found.length < count) context.header('x-wait', 'timeout');
      const page = found.slice(0, limit);
      const last = page.at(-1);
      context.header('x-total', String(found.length));
      if (last !== undefined && page.length < found.length) context.header('x-next', nextPage(url, last.id));
      return page;
    },
  };
}

/** An entry never changes: what has been said of it is not worked out again with each that comes. */
function judgedOnce<Entry extends object>(judge: (entry: Entry) => boolean): (entry: Entry) => boolean {
  const verdicts = new WeakMap<Entry, boolean>();
  return (entry) => {
    const verdict = verdicts.get(entry) ?? judge(entry);
    verdicts.set(entry, verdict);
    return verdict;
  };
}

function readWanted(url: string, fields: Readonly<Record<string, Form | undefined>>, most: number) {
  const query = new URL(url).searchParams;
  const [wait, after, contains] = ['wait', 'after', 'contains'].map((name) => query.get(name) ?? undefined);
  const chosen = Object.entries(fields).flatMap(([name, form]) => {
    const wanted = query.get(name);
    if (wanted === null || form === undefined) return [];
    return [[name, checkForm(name, wanted, form)] as const];
  });
  const afterId = after === undefined ? 0 : wholeOf(after);
  if (afterId === undefined) return refuse(afterForm, 'invalid_query');
  // As it stands in JSON, where a text within a text is found whatever is quoted in it.
  const part = contains === undefined ? undefined : JSON.stringify(contains).slice(1, -1);
  return {
    wait: query.has('wait') || query.has('count'),
    waitMs: wait === undefined ? 0 : readWait(wait),
    count: readCount(query.get('count') ?? '1', most),
    limit: readLimit(query.get('limit') ?? undefined, most),
    matches: (entry: Listed): boolean =>
      entry.id > afterId &&
      chosen.every(([name, wanted]) => String(own(entry, name)) === wanted) &&
      (part === undefined || JSON.stringify(entry).includes(part)),
  };
}

function checkForm(name: string, wanted: string, form: Form): string {
  if (form === 'number' && !/^(?:-?(?:0|[1-9]\d{0,14})|null)$/.test(wanted))
    refuse(mustBeWhole(name), 'invalid_query');
  if (form === 'path' && !isCallPath(wanted)) refuse(pathForm, 'invalid_query');
  if (typeof form !== 'string' && !form.includes(wanted))
    refuse(mustBeOneOf(name, quoteAll(form)), 'invalid_query');
  return wanted;
}

function readWait(text: string): number {
  const { ms, refused } = readDuration(text, longestWait);
  return ms ?? refuse(durationRefusal(text, '"wait"', refused), 'invalid_query');
}

function readCount(text: string, most: number): number {
  const count = wholeOf(text) ?? 0;
  return count >= 1 && count <= most ? count : refuse(countForm(most), 'invalid_query');
}

function wholeOf(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
