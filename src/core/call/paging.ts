/** Lists that come page by page: by `next_openid`, or by `offset` and `count`. */
import { isObject, own } from '../text/json-value.ts';

export type Paging =
  /** The last person of one page is named for the next; `parameter` is where. */
  | {
      readonly by: 'cursor';
      readonly parameter: 'next_openid' | 'begin_openid';
      readonly in: 'query' | 'body';
    }
  | { readonly by: 'offset' };

/** How the list of a call comes, by the names of its parameters; `undefined` for a call without pages. */
export function pagingOf(query: readonly string[], fields: readonly string[]): Paging | undefined {
  if (query.includes('next_openid')) return { by: 'cursor', parameter: 'next_openid', in: 'query' };
  for (const parameter of ['next_openid', 'begin_openid'] as const)
    if (fields.includes(parameter)) return { by: 'cursor', parameter, in: 'body' };
  return fields.includes('offset') && fields.includes('count') ? { by: 'offset' } : undefined;
}

/** The most that a page holds. */
export const pageCount = 20;

export interface Page {
  /** Where the list stands in the answer: `['data', 'openid']`. */
  readonly at: readonly string[];
  readonly items: number;
  /** What names the next page; `undefined` behind the last one. */
  readonly next: string | number | undefined;
}

/** By what a page was asked for, and how many items came before it. */
export interface Asked {
  readonly by: string | number;
  readonly before: number;
}

/** What a page says; `undefined` for an answer without a list, unless it says that there is nothing. */
export function readPage(answer: unknown, paging: Paging, asked: Asked): Page | undefined {
  const at = findList(answer);
  if (at === undefined && !saysNothing(answer)) return undefined;
  const items = at === undefined ? 0 : lengthAt(answer, at);
  const next = paging.by === 'cursor' ? nextCursor(answer, asked) : Number(asked.by) + items;
  const isLast =
    items === 0 || isComplete(answer, paging.by === 'cursor' ? asked.before + items : Number(next));
  return { at: at ?? [], items, next: isLast ? undefined : next };
}

/** Quirk: the last page names its last person, too. */
function nextCursor(answer: unknown, asked: Asked): string | undefined {
  const next = own(answer, 'next_openid');
  return typeof next === 'string' && next !== '' && next !== asked.by ? next : undefined;
}

function isComplete(answer: unknown, count: number): boolean {
  return ['total', 'total_count', 'total_num'].some((name) => {
    const total = own(answer, name);
    return typeof total === 'number' && count >= total;
  });
}

/** The only list of the answer, on its own or one level deep. */
function findList(answer: unknown): readonly string[] | undefined {
  if (!isObject(answer)) return undefined;
  const entries = Object.entries(answer);
  const lists = entries.filter(([, value]) => Array.isArray(value)).map(([name]) => [name]);
  const inner = entries.flatMap(([name, value]) =>
    isObject(value)
      ? Object.entries(value)
          .filter(([, member]) => Array.isArray(member))
          .map(([member]) => [name, member])
      : [],
  );
  return lists[0] ?? inner[0];
}

function lengthAt(answer: unknown, at: readonly string[]): number {
  const list = at.reduce<unknown>((value, name) => own(value, name), answer);
  return Array.isArray(list) ? list.length : 0;
}

/** Quirk: where nobody is left there is a count of 0 and no list at all. */
function saysNothing(answer: unknown): boolean {
  return ['count', 'item_count', 'total_count', 'total'].some((name) => own(answer, name) === 0);
}
