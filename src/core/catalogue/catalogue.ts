/**
 * The calls that the platform has, as data: `calls.json` says by path what there is and what it does, `details.json` how
 * it is called and `examples.json` what the official pages show, both by name. Each is loaded when somebody asks for it,
 * and all are kept by hand: no official list says what a call does, or how its success is proved. Who may call what is
 * `core/account`'s.
 */
import type { Text } from '../text/text.ts';
import type { Effect } from './effect.ts';
import { callQuotas, type CallQuota } from './quotas.ts';

/** What a list says of a call. */
export interface CallSummary {
  /** Its own: `menu.create`. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly title: Text;
  /** Of the call as a rule; what a body or a parameter changes about it, `effectOf` knows. */
  readonly effect: Effect;
}

export interface KnownCall extends CallSummary {
  /** Of the console's list of calls: `menu`, `mass` … */
  readonly group: string;
  readonly host: string;
  /** Names of query parameters but for `access_token`; `name=value` is a fixed one. */
  readonly query: readonly string[];
  readonly body: 'json' | 'multipart' | undefined;
  /** Whether the body is the text or the file itself, whatever `body` says. */
  readonly isRaw: boolean;
  /** The part with the file, where it is not called `media`. */
  readonly filePart: string | undefined;
  /** Whether an access token is sent. */
  readonly needsToken: boolean;
  /** Whether the token of a person is sent（网页授权）, which is another one. */
  readonly takesWebToken: boolean;
  /** `file`: bytes, for some requests; `page`: what a browser opens. */
  readonly answers: 'json' | 'file' | 'page';
  /** Fields of a good answer of which one must be there, such as `tag.id`; an `errcode` where the list is empty. */
  readonly proof: readonly string[];
  readonly quota: CallQuota | undefined;
  /** Answers 45106 today; only calls of which somebody has told that. */
  readonly isWithdrawn: boolean;
  /** The path that does the same today, for a call of before. */
  readonly replacedBy: string | undefined;
  /** Address of the official page, where it is known. */
  readonly doc: string | undefined;
}

export interface CallExample {
  readonly body?: unknown;
  readonly answer?: unknown;
}

interface Row {
  readonly name: string;
  readonly method: string;
  readonly effect: string;
  readonly zh: string;
  readonly en: string;
}

interface Details {
  readonly group: string;
  readonly host?: string;
  readonly query?: readonly string[];
  readonly body?: string;
  readonly raw?: boolean;
  readonly file?: string;
  readonly token?: boolean;
  readonly webToken?: boolean;
  readonly answers?: string;
  readonly proof?: readonly string[];
  readonly withdrawn?: boolean;
  readonly replacedBy?: string;
  readonly doc?: string;
}

const usualHost = 'api.weixin.qq.com';
const documentation = 'https://developers.weixin.qq.com';

/** What a list says of all of them, in the order of the official list. */
export async function readCallList(): Promise<readonly CallSummary[]> {
  return Object.entries(await readRows()).flatMap(([path, rows]) => rows.map((row) => summarise(path, row)));
}

/** All that is known of all of them, in the same order. */
export async function readKnownCalls(): Promise<readonly KnownCall[]> {
  const [list, details] = await Promise.all([readCallList(), readDetails()]);
  return list.map((call) => describe(call, details));
}

/** The calls of this path: several where a query parameter or the method tells them apart, none for an unknown path. */
export async function findKnownCalls(path: string): Promise<readonly KnownCall[]> {
  const calls = await readRows();
  const rows = Object.hasOwn(calls, path) ? (calls[path] ?? []) : [];
  if (rows.length === 0) return [];
  const details = await readDetails();
  return rows.map((row) => describe(summarise(path, row), details));
}

/** What is sent and answered, by the name of the call. */
export async function readCallExamples(): Promise<Readonly<Record<string, CallExample>>> {
  return (await import('./examples.json')).examples;
}

/** Everything is below one name: paths would become names of exports, and thousands of them. */
async function readRows(): Promise<Readonly<Record<string, readonly Row[]>>> {
  return (await import('./calls.json')).calls;
}

async function readDetails(): Promise<Readonly<Record<string, Details>>> {
  return (await import('./details.json')).details;
}

function summarise(path: string, { name, method, effect, en, zh }: Row): CallSummary {
  return {
    name,
    method: method === 'GET' ? 'GET' : 'POST',
    path,
    title: { en, zh },
    effect: effect === 'read' || effect === 'reaches_people' || effect === 'irreversible' ? effect : 'write',
  };
}

function describe(call: CallSummary, all: Readonly<Record<string, Details>>): KnownCall {
  const {
    group = '',
    host,
    query,
    body,
    raw,
    file,
    token,
    webToken,
    answers,
    proof,
    withdrawn,
    replacedBy,
    doc,
  }: Partial<Details> = all[call.name] ?? {};
  return {
    ...call,
    group,
    host: host ?? usualHost,
    query: query ?? [],
    body: body === 'json' || body === 'multipart' ? body : undefined,
    isRaw: raw ?? false,
    filePart: file,
    needsToken: token ?? false,
    takesWebToken: webToken ?? false,
    answers: answers === 'file' || answers === 'page' ? answers : 'json',
    proof: proof ?? [],
    quota: callQuotas[call.path],
    isWithdrawn: withdrawn ?? false,
    replacedBy,
    doc: doc === undefined ? undefined : addressOf(doc),
  };
}

function addressOf(doc: string): string {
  if (doc.startsWith('/')) return `${documentation}${doc}`;
  return /^https?:/.test(doc) ? doc : `https://${doc}`;
}

/** The same page as Markdown, for programs: the documentation has one beside each. */
export function markdownPage(doc: string): string | undefined {
  return doc.startsWith(`${documentation}/doc/`) && /\.html(?=#|$)/.test(doc)
    ? doc.replace(/\.html(?=#|$)/, '.md')
    : undefined;
}
