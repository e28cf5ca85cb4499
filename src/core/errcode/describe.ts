/** What the platform's numbers mean (全局返回码), whose trouble each is, and what to do about it. */
import { fillInPlaces } from '../account/index.ts';
import type { ErrorFamily } from '../errors.ts';
import { sanitiseLine } from '../text/sanitise.ts';
import type { Text } from '../text/text.ts';
import { type Codes, type Help, readCodes } from './codes.ts';

export interface ErrcodeDescription {
  readonly code: number;
  readonly family: ErrorFamily;
  /** Whether the same call may succeed a little later without anybody doing anything. */
  readonly retryable: boolean;
  /** Whether the code stands in the official table. */
  readonly known: boolean;
  /** Stable name in snake_case, for example `ip_not_allowed`; `errcode_<n>` for codes that few people meet. */
  readonly type: string;
  /** A clause that begins small: `the AppID is not valid`. */
  readonly meaning: Text;
  /** The platform's own words, where known. */
  readonly errmsg: string | undefined;
  /** The Chinese text of the official table, where there is one. */
  readonly official: string | undefined;
  /** The likeliest first; none for codes that few people meet. */
  readonly causes: readonly Text[];
  /** What to do; the first is the next command or click. Never empty. */
  readonly fixes: readonly Text[];
  /** The place in the console. */
  readonly where: Text | undefined;
  /** Address of the official page. */
  readonly doc: string;
  /** Commands of this tool that help. */
  readonly next: readonly string[];
}

/** Where a code came from: the token endpoints use 40001 for another mistake than all others. */
export type ErrcodeOrigin = 'token' | 'business';

/** The endpoints that take the AppSecret. They use 40001 for a wrong AppSecret. */
const tokenPaths: ReadonlySet<string> = new Set(['/cgi-bin/token', '/cgi-bin/stable_token']);

export function originOf(path: string): ErrcodeOrigin {
  return tokenPaths.has(path) ? 'token' : 'business';
}

/**
 * Describes a code out of the table, of which the part with the code is loaded by this call. `ip` is the address that
 * the errmsg names.
 * Quirk: at the token endpoints 40001 says that the AppSecret is wrong; elsewhere it says that the token is dead.
 */
export async function describeErrcode(
  code: number,
  origin: ErrcodeOrigin = 'business',
  ip?: string,
): Promise<ErrcodeDescription> {
  return describeFrom(await readCodes(code), code, origin, ip);
}

/** The same out of a part of the table that has been read. */
export function describeFrom(
  { rows, helps }: Codes,
  code: number,
  origin: ErrcodeOrigin = 'business',
  ip?: string,
): ErrcodeDescription {
  const row = lookUp(rows, String(code));
  const help = lookUp(helps, `${code}:${origin}`) ?? lookUp(helps, String(code));
  return {
    code,
    family: families[help?.family ?? ''] ?? 'api',
    retryable: help?.retryable ?? false,
    known: row !== undefined,
    type: help?.type ?? `errcode_${String(code).replace('-', 'minus_')}`,
    meaning: help?.name ?? meaningOf(row),
    errmsg: present(row?.[1]),
    official: present(row?.[0]),
    ...adviceOf(help, ip),
  };
}

const families: Readonly<Record<string, ErrorFamily>> = {
  account: 'account',
  limit: 'limit',
  network: 'network',
  negative: 'negative',
};

const officialTable = 'https://developers.weixin.qq.com/doc/oplatform/developers/errCode/';

/** What is known of a code that nobody has written about. */
const unwritten: Pick<Help, 'causes' | 'fixes' | 'where'> = {
  causes: [],
  fixes: [
    {
      en: 'Compare the call with its official page: the errmsg usually names the field',
      zh: '请对照该接口的官方文档检查请求：errmsg 通常会指出字段',
    },
    { en: 'Look up the rid at {place:ridDiagnosis}', zh: '在 {place:ridDiagnosis}查询 rid' },
  ],
  where: 'ridDiagnosis',
};

function adviceOf(help: Help | undefined, ip: string | undefined) {
  const { causes, fixes, where } = help ?? unwritten;
  const fill = (text: Text): Text => {
    const { en, zh } = fillInPlaces(text);
    return {
      en: en.replace('{ip}', ip ?? 'the IP of this machine'),
      zh: zh.replace('{ip}', ip ?? '本机的公网 IP'),
    };
  };
  return {
    causes: causes.map(fill),
    fixes: fixes.map(fill),
    where: where === undefined ? undefined : placeNamed(where),
    doc: help?.doc ?? officialTable,
    next: help?.next ?? [],
  };
}

/** The place of the console under its name in our tables. */
export function placeNamed(name: string): Text {
  return fillInPlaces({ en: `{place:${name}}`, zh: `{place:${name}}` });
}

function meaningOf(row: readonly string[] | undefined): Text {
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

/**
 * Parts an errmsg from its request id.
 * Quirk: cgi-bin writes ` rid: …` after the words, the sns endpoints `, rid: …`; older answers end in ` hint: […]`.
 */
export function splitErrmsg(text: string): { errmsg: string; rid: string | undefined } {
  const line = sanitiseLine(text).slice(0, MAX_ERRMSG_LENGTH);
  const found = /(?:^|,? |,)rid: ?([0-9a-f]{8}(?:-[0-9a-f]{2,12}){1,4})\s*$/i.exec(line);
  return { errmsg: (found === null ? line : line.slice(0, found.index)).trim(), rid: found?.[1] };
}

/** Longer than any real one; a stranger's answer must not fill the terminal or the logs. */
const MAX_ERRMSG_LENGTH = 1000;

/** Quirk: `invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist` names the address twice; the first is the one to add. */
export function findIp(errmsg: string): string | undefined {
  return /\bip:? ((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]*:[0-9a-f:.]+)/i.exec(errmsg)?.[1];
}
