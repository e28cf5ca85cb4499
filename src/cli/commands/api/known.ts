/** Which call of the catalogue a path names. */
import { findKnownCalls, type KnownCall, readCallList } from '../../../core/catalogue/index.ts';
import { closestTo } from '../../frame/suggest.ts';

type Query = readonly (readonly [name: string, value: string])[];

/** All calls of a path that the query allows: `?action=set_contact` tells six of one path apart. */
export async function findCalls(path: string, query: Query): Promise<readonly KnownCall[]> {
  const calls = await findKnownCalls(path);
  const given = new Map(query);
  return calls.filter((call) => fixedOf(call).every(([name, value]) => (given.get(name) ?? value) === value));
}

/** `[['action', 'set_contact']]`. */
export function fixedOf({ query }: KnownCall): Query {
  return query
    .filter((text) => text.includes('='))
    .map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]);
}

/** The path that was probably meant. */
export async function closestPath(path: string): Promise<string | undefined> {
  const paths = new Set((await readCallList()).map((call) => call.path));
  // Errors and the documentation call it tags/get for short.
  const whole = `/cgi-bin${path}`;
  return paths.has(whole) ? whole : closestTo(path, [...paths]);
}
