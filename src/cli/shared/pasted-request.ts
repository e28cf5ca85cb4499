/** The parameters of a call of WeChat that somebody pasted. */
import { readPastedRequest } from '../../core/diagnosis/index.ts';
import { parseQuery } from '../../io/http.ts';
import type { Context } from '../context.ts';

/** Says what had to be repaired. */
export function readRequest(context: Context, pasted: string): ReadonlyMap<string, string> {
  const { query, warnings } = readPastedRequest(pasted);
  for (const text of warnings) context.warn(text);
  return parseQuery(query);
}
