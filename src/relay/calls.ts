/** The platform's calls as the relay sees them: where each goes, what it needs, whether it only reads. */
import { effectOf, type KnownCall } from '../core/catalogue/index.ts';
import { type QueryPair, valueOf } from './target.ts';

export type CallBook = ReadonlyMap<string, readonly KnownCall[]>;

export function createCallBook(calls: readonly KnownCall[]): CallBook {
  const book = new Map<string, KnownCall[]>();
  // What a browser opens is no call.
  for (const call of calls)
    if (call.answers !== 'page') book.set(call.path, [...(book.get(call.path) ?? []), call]);
  return book;
}

/** The calls that a request may mean: several paths have some that only a parameter tells apart. */
export function meantBy(
  calls: readonly KnownCall[],
  method: string,
  query: readonly QueryPair[],
): readonly KnownCall[] {
  const byQuery = calls.filter((call) =>
    call.query.every((name) => {
      const [key = '', value] = name.split('=');
      return value === undefined || query.some((pair) => pair.name === key && pair.value === value);
    }),
  );
  const byMethod = byQuery.filter((call) => call.method === method);
  return [byMethod, byQuery, calls].find((found) => found.length > 0) ?? [];
}

/** Whether none of them changes anything, whichever is meant. */
export function onlyReads(calls: readonly KnownCall[], query: readonly QueryPair[]): boolean {
  const sent = { query: Object.fromEntries(query.map(({ name, value }) => [name, value])) };
  return calls.every((call) => effectOf(call, sent) === 'read');
}

export function hasTwice(query: readonly QueryPair[]): boolean {
  return new Set(query.map(({ name }) => name)).size < query.length;
}

/** The parameter that holds the AppSecret, of the few calls that take one in place of a token. */
export function secretParameter({ query }: KnownCall): 'secret' | 'appsecret' | undefined {
  return (['secret', 'appsecret'] as const).find((name) => query.includes(name));
}

/** The AppID that a call without a token names. */
export function namedAppId(call: KnownCall, query: readonly QueryPair[]): string | undefined {
  return call.query.includes('appid') ? valueOf(query, 'appid') : undefined;
}
