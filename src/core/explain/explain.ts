/** What is known about a trouble: a return code, an error type or an exit code of this tool, an answer over HTTP. */
import {
  describeErrcode,
  describeFrom,
  type ErrcodeDescription,
  placeNamed,
  readAllCodes,
} from '../errcode/index.ts';
import { fillInPlaces } from '../account/index.ts';
import { defined } from '../text/defined.ts';
import type { Text } from '../text/text.ts';
import type { ExitCode } from './exit-codes.ts';
import type { HttpTrouble } from './http.ts';
import type { Pasted, Subject } from './pasted.ts';

export interface Explanation {
  readonly kind: Subject['kind'];
  /** As it is asked for: 40164, `option_unknown`. */
  readonly code: number | string;
  readonly names: Names;
  /** The likeliest first. */
  readonly causes: readonly Text[];
  /** What to do, the first thing first. */
  readonly fixes: readonly Text[];
  /** The place in the console. */
  readonly where?: Text;
  /** Addresses of official pages. */
  readonly docs: readonly string[];
  /** Commands of this tool that help. */
  readonly next: readonly string[];
  /** Whose turn it is, where that decides an exit code of this tool. */
  readonly family?: string;
}

interface Names {
  readonly meaning: Text;
  /** Stable name for scripts. */
  readonly type?: string;
  /** The platform's own words on the wire. */
  readonly errmsg?: string;
  /** Those of its table of return codes. */
  readonly official?: string;
}

/** A row of `types.json`: what is written about an error type of this tool. */
interface TypeHelp {
  readonly family: string;
  readonly name: Text;
  readonly causes?: readonly Text[];
  readonly fixes: readonly Text[];
  readonly where?: string;
  readonly next?: readonly string[];
}

/** What is written about each error type of this tool, by its name. */
export async function readTypes(): Promise<Readonly<Record<string, TypeHelp>>> {
  return (await import('./types.json')).types;
}

/** Everything that is known of a subject; `undefined` for what nobody knows. */
export async function explain(
  subject: Subject,
  { origin, ip }: Partial<Pasted> = {},
): Promise<Explanation | undefined> {
  switch (subject.kind) {
    case 'errcode': {
      const found = await describeErrcode(subject.code, origin, ip);
      return found.known ? ofErrcode(found) : undefined;
    }
    case 'error_type':
      return await ofType(subject.code);
    case 'exit_code':
      return ofExitCode(subject.code, (await import('./exit-codes.ts')).findExitCode(subject.code));
    case 'http':
      return ofHttp(subject.code, (await import('./http.ts')).findHttpTrouble(subject.code));
    case 'page':
      return ofHttp('html', (await import('./http.ts')).webPage, 'page');
    case 'jssdk':
      return await ofJssdk(subject.code);
  }
}

function ofErrcode(found: ErrcodeDescription): Explanation {
  const { code, type, meaning, errmsg, official, causes, fixes, where, doc, next, family } = found;
  return {
    kind: 'errcode',
    code,
    names: { meaning, type, ...defined({ errmsg, official }) },
    causes,
    fixes,
    ...defined({ where }),
    docs: [doc],
    next,
    family,
  };
}

/** A type of ours, or the name of a return code. */
async function ofType(type: string): Promise<Explanation | undefined> {
  const types = await readTypes();
  const help = Object.hasOwn(types, type) ? types[type] : undefined;
  if (help !== undefined) return ofTypeHelp(type, help);
  const codes = await readAllCodes();
  const code = Object.entries(codes.helps).find(([, each]) => each.type === type)?.[0];
  if (code === undefined) return undefined;
  return ofErrcode(
    describeFrom(codes, Number.parseInt(code, 10), code.endsWith(':token') ? 'token' : 'business'),
  );
}

function ofTypeHelp(type: string, help: TypeHelp): Explanation {
  const { family, name, causes = [], fixes, where, next = [] } = help;
  return {
    kind: 'error_type',
    code: type,
    names: { meaning: name, type },
    causes: causes.map(fillInPlaces),
    fixes: fixes.map(fillInPlaces),
    ...(where === undefined ? {} : { where: placeNamed(where) }),
    docs: [],
    next,
    family,
  };
}

function ofExitCode(code: number, found: ExitCode | undefined): Explanation | undefined {
  if (found === undefined) return undefined;
  const { name, fix } = found;
  return {
    kind: 'exit_code',
    code,
    names: { meaning: name },
    causes: [],
    fixes: [fix],
    docs: [],
    next: ['wechat-mp help exit-codes'],
  };
}

function ofHttp(code: number | string, trouble: HttpTrouble | undefined, kind: 'http' | 'page' = 'http') {
  if (trouble === undefined) return undefined;
  const { name, causes, fixes } = trouble;
  return { kind, code, names: { meaning: name }, causes, fixes, docs: [], next: [], family: 'network' };
}

async function ofJssdk(words: string): Promise<Explanation | undefined> {
  const { jssdkErrorCauses } = await import('../jssdk/errors.ts');
  const found = jssdkErrorCauses.find(({ patterns }) => patterns.some((each) => words.includes(each)));
  if (found === undefined) return undefined;
  return {
    kind: 'jssdk',
    code: found.patterns[0] ?? words,
    names: { meaning: { en: `the JS-SDK says: ${words}`, zh: `JS-SDK 提示：${words}` } },
    causes: [found.text],
    fixes: [
      {
        en: 'Take the URL from the page and the values from wx.config, and let the tool compare them: sign-url --check',
        zh: '取页面的 URL 与 wx.config 中的值，由工具比较：sign-url --check',
      },
    ],
    docs: ['https://developers.weixin.qq.com/doc/service/guide/h5/jssdk.html'],
    next: ['wechat-mp sign-url --help'],
  };
}

/** All that can be explained, in a fixed order, for those who search. */
export async function explainAll(): Promise<readonly Explanation[]> {
  const codes = await readAllCodes();
  const { exitCodeTable } = await import('./exit-codes.ts');
  const { findHttpTrouble, knownStatuses } = await import('./http.ts');
  const numbers = Object.keys(codes.rows)
    .map(Number)
    .toSorted((one, other) => one - other);
  return [
    ...numbers.map((code) => ofErrcode(describeFrom(codes, code))),
    ...Object.entries(await readTypes()).map(([type, help]) => ofTypeHelp(type, help)),
    ...exitCodeTable.flatMap((row) => row.codes.flatMap((code) => ofExitCode(code, row) ?? [])),
    ...knownStatuses.flatMap((status) => ofHttp(status, findHttpTrouble(status)) ?? []),
  ];
}
