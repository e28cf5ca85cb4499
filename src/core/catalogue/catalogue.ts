/**
 * The calls that the platform has, as data: `calls.json` says what each is, by path, and `examples.json` has the
 * examples of the official pages, by name. Both are loaded when somebody asks. Who may call what is `core/account`'s.
 */
import type { Text } from '../text/text.ts';
import { callQuotas, type CallQuota } from './quotas.ts';

export interface KnownCall {
  /** Of the console's list of calls: `menu`, `mass` … */
  readonly group: string;
  /** Its own: `menu.create`. */
  readonly name: string;
  readonly title: Text;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** Names of query parameters but for `access_token`; `name=value` is a fixed one. */
  readonly query: readonly string[];
  readonly body: 'json' | 'multipart' | undefined;
  /** The part with the file, where it is not called `media`. */
  readonly filePart: string | undefined;
  /** Whether an access token is sent. */
  readonly needsToken: boolean;
  readonly quota: CallQuota | undefined;
  /** Address of the official page, where it is known. */
  readonly doc: string | undefined;
}

export interface CallExample {
  readonly body?: unknown;
  readonly answer?: unknown;
}

interface Row {
  readonly group: string;
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  readonly method: string;
  readonly host?: string;
  readonly query?: readonly string[];
  readonly body?: string;
  readonly file?: string;
  readonly token?: boolean;
  readonly doc?: string;
}

const usualHost = 'api.weixin.qq.com';
const documentation = 'https://developers.weixin.qq.com';

/** All of them, in the order of the official list. */
export async function readKnownCalls(): Promise<readonly KnownCall[]> {
  return Object.entries(await readRows()).flatMap(([path, rows]) => rows.map((row) => parseRow(path, row)));
}

/** The calls of this path: several where a query parameter or the method tells them apart, none for an unknown path. */
export async function findKnownCalls(path: string): Promise<readonly KnownCall[]> {
  const calls = await readRows();
  return Object.hasOwn(calls, path) ? (calls[path] ?? []).map((row) => parseRow(path, row)) : [];
}

/** What is sent and answered, by the name of the call. */
export async function readCallExamples(): Promise<Readonly<Record<string, CallExample>>> {
  return (await import('./examples.json')).examples;
}

/** Everything is below one name: paths would become names of exports, and thousands of them. */
async function readRows(): Promise<Readonly<Record<string, readonly Row[]>>> {
  return (await import('./calls.json')).calls;
}

function parseRow(path: string, row: Row): KnownCall {
  const { doc } = row;
  return {
    group: row.group,
    name: row.name,
    title: { en: row.en, zh: row.zh },
    method: row.method,
    host: row.host ?? usualHost,
    path,
    query: row.query ?? [],
    body: row.body === 'json' || row.body === 'multipart' ? row.body : undefined,
    filePart: row.file,
    needsToken: row.token ?? false,
    quota: callQuotas[path],
    doc: doc?.startsWith('/') === true ? `${documentation}${doc}` : doc,
  };
}
