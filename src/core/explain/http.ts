/**
 * Answers that are not WeChat's: it answers with status 200, also when it refuses. Any other status, and a web page,
 * come from something before it.
 */
import type { Text } from '../text/text.ts';
import table from './http.json' with { type: 'json' };

export interface HttpTrouble {
  readonly name: Text;
  readonly causes: readonly Text[];
  readonly fixes: readonly Text[];
}

/** A row of `http.json`; with `as` it has the causes and fixes of another status. */
type Row = Partial<HttpTrouble> & { readonly name: Text; readonly as?: string };

const { html, redirect, other, ...statuses } = table.troubles;
const troubles: Readonly<Record<string, Row>> = statuses;

/** What a web page in the place of JSON says. */
export const webPage: HttpTrouble = html;

/** What a status from 300 to 599 says. */
export function findHttpTrouble(status: number): HttpTrouble | undefined {
  if (status < 300 || status > 599) return undefined;
  if (status < 400) return redirect;
  const row: Row = troubles[status] ?? other;
  const { causes = [], fixes = [] } = row.as === undefined ? row : (troubles[row.as] ?? row);
  return { name: row.name, causes, fixes };
}

/** Those that are worth a line in a list. */
export const knownStatuses: readonly number[] = Object.keys(troubles).map(Number);
