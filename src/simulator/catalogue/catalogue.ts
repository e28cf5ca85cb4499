/** The calls that the real platform has: for the form（接口调试）, and to tell a call that is not simulated from a misspelt one. */
import type { CatalogueEntry } from '../control/types/index.ts';

interface Row {
  readonly group: string;
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly body?: 'json' | 'multipart';
  readonly example?: unknown;
  readonly answer?: unknown;
  readonly token?: boolean;
  readonly quota?: number | string;
  readonly doc?: string;
}

const documentation = 'https://developers.weixin.qq.com';

/** All calls, those that the simulator answers first; `isSimulated` knows which. The table is loaded by this call. */
export async function readCatalogue(
  isSimulated: (path: string) => boolean,
): Promise<readonly CatalogueEntry[]> {
  const { entries } = await import('./catalogue.json');
  const all = (entries as readonly Row[]).map((row) => format(row, isSimulated(row.path)));
  return [...all.filter(({ simulated }) => simulated), ...all.filter(({ simulated }) => !simulated)];
}

/** The methods with which the platform has this path; empty for a path that it does not have. */
export async function platformMethods(path: string): Promise<readonly string[]> {
  const { entries } = await import('./catalogue.json');
  return [...new Set(entries.filter((row) => row.path === path).map(({ method }) => method))];
}

function format(row: Row, simulated: boolean): CatalogueEntry {
  const { doc } = row;
  return {
    group: row.group,
    name: row.name,
    title: { en: row.en, zh: row.zh },
    method: row.method,
    path: row.path,
    query: row.query,
    body: row.body ?? null,
    body_example: row.example ?? null,
    response_example: row.answer ?? null,
    needs_token: row.token ?? false,
    daily_quota: row.quota ?? null,
    doc: doc === undefined ? null : doc.startsWith('/') ? `${documentation}${doc}` : doc,
    simulated,
  };
}
