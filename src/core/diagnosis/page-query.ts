/** What goes wrong with the query of a page's URL before it is signed. */
import { permutations, type OtherValue } from './variants.ts';

const shareNames = ['from', 'isappinstalled', 'scene', 'clicktime', 'enterid', 'nsukey', 'wechat_redirect'];

function isShare(pair: string): boolean {
  return shareNames.includes(nameOf(pair));
}

/** All of them gone, and each alone. */
export function withoutShare(url: string): OtherValue[] {
  const { start, pairs } = splitQuery(url);
  const rests = [
    pairs.filter((pair) => !isShare(pair)),
    ...pairs
      .filter(isShare)
      .slice(0, mostCuts)
      .map((share) => pairs.filter((pair) => pair !== share)),
  ];
  return rests.map((rest) => ({ value: joinQuery(start, rest) }));
}

interface Query {
  /** What stands before the question mark. */
  readonly start: string;
  readonly pairs: readonly string[];
}

export function splitQuery(url: string): Query {
  const at = url.indexOf('?');
  return at === -1
    ? { start: url, pairs: [] }
    : { start: url.slice(0, at), pairs: url.slice(at + 1).split('&') };
}

export function joinQuery(start: string, pairs: readonly string[]): string {
  return pairs.length === 0 ? start : `${start}?${pairs.join('&')}`;
}

function nameOf(pair: string): string {
  return pair.replace(/=.*$/s, '');
}

/** What the page of 网页授权 appends when it comes back; shared on from there, the page has both kinds. */
export function withoutOauth(url: string): readonly OtherValue[] {
  const query = splitQuery(url);
  return [
    isOauth,
    (pair: string): boolean => nameOf(pair) === 'code',
    (pair: string): boolean => nameOf(pair) === 'state',
    (pair: string): boolean => isOauth(pair) || isShare(pair),
  ].flatMap((leavesOut) => (query.pairs.some(isOauth) ? leaveOut(query, leavesOut) : []));
}

function isOauth(pair: string): boolean {
  return ['code', 'state'].includes(nameOf(pair));
}

/** The URL without some of its parameters; nothing where all of them stay. */
function leaveOut(
  { start, pairs }: Query,
  leavesOut: (pair: string, index: number) => boolean,
): readonly OtherValue[] {
  const left = pairs.filter(leavesOut);
  if (left.length === 0) return [];
  const rest = pairs.filter((pair, index) => !leavesOut(pair, index));
  return [{ value: joinQuery(start, rest), detail: left.map(nameOf).join(', ') }];
}

/** Up to so many parameters, every choice of them is tried; of more, one and neighbours. */
const mostChoices = 6;

export function* withoutParameters(url: string): Iterable<OtherValue> {
  const query = splitQuery(url);
  const { length } = query.pairs;
  if (length < 2) return;
  if (length <= mostChoices) {
    for (let choice = 1; choice < 2 ** length - 1; choice += 1)
      yield* leaveOut(query, (_, index) => (choice & (1 << index)) !== 0);
    return;
  }
  const most = Math.min(length, mostCuts);
  for (let count = 1; count < most; count += 1) {
    for (let from = 0; from + count <= most; from += 1)
      yield* leaveOut(query, (_, index) => index >= from && index < from + count);
  }
}

/** Up to so many parameters, every order of them is tried: that of a hash table is any. */
const mostOrdered = 5;

export function otherQueryOrders(url: string): OtherValue[] {
  const { start, pairs } = splitQuery(url);
  if (pairs.length < 2) return [];
  const orders = [
    pairs.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1)),
    pairs.toSorted(),
    pairs.toReversed(),
    ...(pairs.length <= mostOrdered ? permutations(pairs) : []),
  ];
  return orders.map((order) => ({ value: joinQuery(start, order) }));
}

const shareQueries = ['singlemessage', 'groupmessage', 'timeline'].flatMap((from) => [
  `from=${from}`,
  `from=${from}&isappinstalled=0`,
  `from=${from}&isappinstalled=1`,
]);

export function withShare(url: string): OtherValue[] {
  const join = url.includes('?') ? '&' : '?';
  return [...shareQueries, 'isappinstalled=0', 'isappinstalled=1'].map((query) => ({
    value: url + join + query,
    detail: query,
  }));
}

/** More parameters than this are not tried one by one. */
const mostCuts = 20;

/** What is left of a URL that was handed on as `?url=https://…&x=1` without encoding it. */
export function* cutAtAmpersand(url: string): Iterable<OtherValue> {
  let at = -1;
  for (let cut = 0; cut < mostCuts; cut += 1) {
    at = url.indexOf('&', at + 1);
    if (at === -1) return;
    yield { value: url.slice(0, at) };
  }
}
