/** What the platform's numbers mean (全局返回码), whose trouble each is, and what to do about it. */
import { fillInPlaces } from '../account/index.ts';
import type { ErrorFamily } from '../errors.ts';
import type { Text } from '../text/text.ts';

export interface ErrcodeClass {
  readonly family: ErrorFamily;
  /** Whether the same call may succeed a little later without anybody doing anything. */
  readonly retryable: boolean;
}

export interface ErrcodeDescription extends ErrcodeClass {
  readonly code: number;
  /** Stable name in snake_case, for example `ip_not_allowed`; `errcode_<n>` for codes that few people meet. */
  readonly type: string;
  /** A clause that begins small: `the AppID is not valid`. */
  readonly meaning: Text;
  /** The next command or click. `{ip}` stands for the address out of the errmsg. */
  readonly hint: Text | undefined;
  /** The platform's own words, where known. */
  readonly errmsg: string | undefined;
  /** The Chinese text of the official table, where there is one. */
  readonly official: string | undefined;
  /** Further advice, in English only. */
  readonly advice: string | undefined;
}

/** The platform is busy; any call may be repeated. 系统繁忙. */
export const BUSY_CODES: ReadonlySet<number> = new Set([-1, -1000]);

/** The access token is dead, foreign or malformed: replace it once and repeat the call once. */
export const DEAD_TOKEN_CODES: ReadonlySet<number> = new Set([40001, 40014, 42001]);

/** A human must change the account, its credentials or its permissions. */
const accountCodes: ReadonlySet<number> = new Set([
  40001, 40013, 40014, 40125, 40164, 40243, 41001, 41002, 41004, 42001, 48001, 48004, 50001, 50002, 50004,
  50007, 61004, 89501, 89503, 89506, 89507,
]);

/** Too many calls or things: by day, month, minute or second. */
const limitCodes: ReadonlySet<number> = new Set([
  44990, 45009, 45011, 45028, 45029, 45047, 45102, 48006, 886000,
]);

/** Limits that end by themselves within minutes. */
const shortLimitCodes: ReadonlySet<number> = new Set([44990, 45011, 45102]);

/** Decides the family of an `errcode`; it is never 0 here. Needs no table. */
export function classifyErrcode(code: number): ErrcodeClass {
  if (BUSY_CODES.has(code)) return { family: 'network', retryable: true };
  if (accountCodes.has(code)) return { family: 'account', retryable: false };
  if (limitCodes.has(code)) return { family: 'limit', retryable: shortLimitCodes.has(code) };
  return { family: 'api', retryable: false };
}

/** Where a code came from: the token endpoints use 40001 for another mistake than all others. */
export type ErrcodeOrigin = 'token' | 'business';

interface Help {
  readonly type: string;
  readonly en: string;
  readonly zh: string;
  readonly hint_en: string;
  readonly hint_zh: string;
}

/** One row of the generated table: Chinese text, errmsg, English meaning, advice. */
type Row = readonly [official?: string, errmsg?: string, english?: string, advice?: string];

/**
 * Describes a code out of the tables, which are loaded by this call: they are large, and most commands meet no error.
 * Quirk: at the token endpoints 40001 says that the AppSecret is wrong; elsewhere it says that the token is dead.
 */
export async function describeErrcode(
  code: number,
  origin: ErrcodeOrigin = 'business',
): Promise<ErrcodeDescription> {
  const [{ rows }, { helps }] = await Promise.all([import('./errcodes.json'), import('./help.json')]);
  const row: Row | undefined = lookUp<string[]>(rows, String(code)) as Row | undefined;
  const help = lookUp<Help>(helps, `${code}:${origin}`) ?? lookUp<Help>(helps, String(code));
  return {
    ...classifyErrcode(code),
    code,
    type: help?.type ?? `errcode_${String(code).replace('-', 'minus_')}`,
    meaning: help === undefined ? meaningOf(row) : { en: help.en, zh: help.zh },
    hint: help === undefined ? undefined : fillInPlaces({ en: help.hint_en, zh: help.hint_zh }),
    official: present(row?.[0]),
    errmsg: present(row?.[1]),
    advice: present(row?.[3]),
  };
}

function meaningOf(row: Row | undefined): Text {
  const en = present(row?.[2]) ?? present(row?.[1]);
  const zh = present(row?.[0]) ?? en;
  return {
    en: en === undefined ? 'it gives a code that is not in the official table' : beginSmall(en),
    zh: zh ?? '官方返回码表中没有该错误码',
  };
}

/** `The platform is busy` → `the platform is busy`, but `AppSecret …`, `POST …` and `IP …` stay. */
function beginSmall(sentence: string): string {
  return /^[A-Z][a-z]*(?:[ ,;]|$)/.test(sentence)
    ? sentence.charAt(0).toLowerCase() + sentence.slice(1)
    : sentence;
}

function lookUp<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function present(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
