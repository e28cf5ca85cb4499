/** What a text is about that somebody pastes: an answer of WeChat, a line of a log, an error of this tool. */
import { type ErrcodeOrigin, findIp, originOf } from '../errcode/index.ts';
import { plainAddress } from '../account/index.ts';
import { defined } from '../text/defined.ts';
import { isObject, parseJson } from '../text/json-value.ts';

/** What can be explained. */
export type Subject =
  | { readonly kind: 'errcode' | 'exit_code' | 'http'; readonly code: number }
  | { readonly kind: 'error_type' | 'jssdk'; readonly code: string }
  | { readonly kind: 'page'; readonly code: 'html' };

export interface Pasted {
  /** In the order in which they matter; none where the text has no code. */
  readonly subjects: readonly Subject[];
  /** The address that WeChat saw. */
  readonly ip?: string;
  /** The platform's request id, perhaps cut short. */
  readonly rid?: Rid;
  /** Path of the call. */
  readonly path?: string;
  readonly origin?: ErrcodeOrigin;
}

export interface Rid {
  readonly rid: string;
  /** Whether it is whole: a part of one still tells the time. */
  readonly whole: boolean;
  /** The time of the request, in milliseconds. */
  readonly atMs?: number;
}

/** Reads everything out of a text. */
export function readPasted(text: string): Pasted {
  const words = text.trim();
  const rid = readRid(words);
  const path = readPath(words);
  const ip = findAddress(words);
  return {
    subjects: readWord(words) ?? distinct(readText(words)),
    ...defined({ ip, rid, path, origin: path === undefined ? undefined : originOf(path) }),
  };
}

const callPath =
  /\/(?:cgi-bin|sns|connect|datacube|customservice|cv|wxa|wxaapi|card|semantic|merchant|device|shakearound|bizwifi|nontax)\/\w+(?:\/\w+)*/;

/** Our own error objects say it; elsewhere it is known by how it begins. */
function readPath(words: string): string | undefined {
  return /"path"\s*:\s*"(\/[\w/-]+)"/.exec(words)?.[1] ?? callPath.exec(words)?.[0] ?? calledPath(words);
}

/** Our own error lines name the call without `/cgi-bin`: `203.0.113.7 called stable_token for wx…`. */
function calledPath(words: string): string | undefined {
  const called = /(?:\bcalled|调用) (\w+(?:\/\w+)*)(?: (?:for|on) |，| {3}rid |$)/m.exec(words)?.[1];
  return called === undefined ? undefined : (callPath.exec(`/${called}`)?.[0] ?? `/cgi-bin/${called}`);
}

/** The whole text is one number, one name or one rid. */
export function readWord(word: string): readonly Subject[] | undefined {
  if (/^[-−]?\d{1,10}$/.test(word)) return byNumber(Number(word.replace('−', '-')));
  const minus = /^errcode_(minus_)?(\d{1,10})$/.exec(word);
  if (minus !== null) return [errcode(Number(minus[2]) * (minus[1] === undefined ? 1 : -1))];
  return /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(word) ? [{ kind: 'error_type', code: word }] : undefined;
}

/** Exit codes, statuses of HTTP and return codes do not overlap, but for 0. */
function byNumber(code: number): readonly Subject[] {
  if (code === 0) return [exitCode(0), errcode(0)];
  if (code > 0 && code < 256) return [exitCode(code)];
  return [code >= 300 && code < 600 ? { kind: 'http', code } : errcode(code)];
}

function exitCode(code: number): Subject {
  return { kind: 'exit_code', code };
}

function errcode(code: number): Subject {
  return { kind: 'errcode', code };
}

function readText(text: string): readonly Subject[] {
  const own = text.split(/(?=\{"error":\{)/).flatMap(readOwnError);
  if (own.length > 0) return own;
  const numbers = [...labelled(text), ...inBrackets(text)];
  const errcodes = numbers.length > 0 ? numbers : bareNumbers(text);
  const types = Array.from(
    text.matchAll(/(?<!Msg)"?\btype"?\s*[:=]\s*"([a-z][a-z0-9]*(?:_[a-z0-9]+)*)"/g),
    ([, type = '']) => type,
  );
  return [
    ...errcodes.map(errcode),
    ...readJssdk(text),
    ...types.map((type): Subject => ({ kind: 'error_type', code: type })),
    ...readStatus(text),
    ...(/<!doctype html|<html[\s>]/i.test(text) ? [{ kind: 'page', code: 'html' } as const] : []),
    ...readSystemCodes(text),
    ...readExitCode(text),
  ];
}

/** The error object of `--json`: its errcode says more than its type, and its type more than its exit code. */
function readOwnError(text: string): readonly Subject[] {
  const line = /\{"error":\{.*\}\}/.exec(text)?.[0];
  const value = line === undefined ? undefined : parseJson(line);
  if (!isObject(value) || !isObject(value['error'])) return [];
  const { errcode: code, type, http_status: status } = value['error'];
  if (typeof code === 'number' && type !== 'not_simulated') return [errcode(code)];
  if (typeof type !== 'string') return [];
  const answer: readonly Subject[] = typeof status === 'number' ? [{ kind: 'http', code: status }] : [];
  return [{ kind: 'error_type', code: type }, ...answer];
}

/** `"errcode":40164`, `errcode=40164`, `Error code: 40164`, `错误代码：40164`. */
const label =
  /(?:\berr_?code|\berror[ _]?code|\bret(?:urn)?_?code|错误代码|错误码|返回码)\\?["']?\s*[:=：(]?\s*\\?["']?(-?\d{1,10})(?![\d.])/gi;

function labelled(text: string): readonly number[] {
  return Array.from(text.matchAll(label), ([, number]) => Number(number)).filter((code) => code !== 0);
}

/** `… is not in the whitelist (40164)`, as our own lines end. */
function inBrackets(text: string): readonly number[] {
  return Array.from(text.matchAll(/[(（](-?\d{1,10})[)）]/g), ([, number]) => Number(number)).filter(
    mayBeErrcode,
  );
}

/** Numbers that stand for themselves: no part of an address, a time, an id or a longer word. */
function bareNumbers(text: string): readonly number[] {
  return Array.from(text.matchAll(/(?<![\w.:/-])(-?\d{5,10}|-1)(?![\w:/-]|\.\d)/g), ([, number]) =>
    Number(number),
  ).filter(mayBeErrcode);
}

/** A number that is a time in seconds, or a year, is no return code. */
function mayBeErrcode(code: number): boolean {
  return code === -1 || (code <= -1000 && code >= -40_011) || (code >= 40_001 && code < 300_000_000);
}

function readStatus(text: string): readonly Subject[] {
  const pattern =
    /\bHTTP(?:\/[\d.]+)?[ /:]+([345]\d\d)\b|\bstatus(?:[ _]?code)?["']?\s*[:=]?\s*([345]\d\d)\b|<title>\s*([345]\d\d)\b|\b([345]\d\d) (?:Moved|Found|Bad|Unauthorized|Forbidden|Not|Method|Proxy|Request|Length|Precondition|Payload|URI|Unsupported|Too|Internal|Service|Gateway)\b/gi;
  return Array.from(text.matchAll(pattern), (found) =>
    Number(found.slice(1).find((part) => part !== undefined)),
  ).map((code) => ({ kind: 'http', code }));
}

/** What `wx.config` says: `config:invalid signature`, `chooseImage:permission denied`. */
function readJssdk(text: string): readonly Subject[] {
  const words =
    /\b[a-zA-Z]+:((?:fail, ?|fail )?(?:invalid (?:signature|url domain)|the permission value is offline verifying|permission denied|function not exist))/.exec(
      text,
    )?.[1];
  return words === undefined ? [] : [{ kind: 'jssdk', code: words }];
}

/** What Node and curl call troubles of the network, by our own types. */
const systemCodes: readonly (readonly [RegExp, string])[] = [
  [/\bENOTFOUND\b|\bEAI_AGAIN\b|Could not resolve host|Name or service not known/, 'dns'],
  [/\bECONNREFUSED\b|Connection refused/, 'refused'],
  [/\bECONNRESET\b|socket hang up|Connection reset/, 'reset'],
  [/\bETIMEDOUT\b|UND_ERR_\w*TIMEOUT|timed? ?out\b/i, 'timeout'],
  [/CERT_HAS_EXPIRED|SELF_SIGNED_CERT|UNABLE_TO_\w+|SSL certificate problem|ERR_TLS_\w+/, 'tls'],
  [/\bENOSPC\b/, 'disk_full'],
  [/\bEADDRINUSE\b/, 'port_taken'],
];

function readSystemCodes(text: string): readonly Subject[] {
  return systemCodes.flatMap(([pattern, type]) =>
    pattern.test(text) ? [{ kind: 'error_type', code: type }] : [],
  );
}

function readExitCode(text: string): readonly Subject[] {
  const found = /\bexit(?:ed)?(?: (?:code|status|with))*:? ?(\d{1,3})\b|退出码[:： ]?(\d{1,3})/i.exec(text);
  return found === null ? [] : [exitCode(Number(found[1] ?? found[2]))];
}

function distinct(subjects: readonly Subject[]): readonly Subject[] {
  return subjects.filter(
    ({ kind, code }, index) =>
      subjects.findIndex((other) => other.kind === kind && other.code === code) === index,
  );
}

/** The address that WeChat names, or the one of our own lines; never a private one out of a log. */
function findAddress(text: string): string | undefined {
  const named = findIp(text) ?? /"ip"\s*:\s*"([\da-f.:]+)"/i.exec(text)?.[1];
  if (named !== undefined) return plainAddress(named);
  return /(\d{1,3}(?:\.\d{1,3}){3}) (?:called|调用)/.exec(text)?.[1];
}

/** The first call of the platform that answered with a rid lies after this day of 2020. */
const firstRidMs = Date.UTC(2020, 0, 1);
const lastRidMs = 0xffff_ffff * 1000;

/**
 * Quirk: a rid is three groups of eight hex digits, and the first is the time of the request in Unix seconds. Nobody
 * documents it; all that were ever seen agree.
 */
function readRid(text: string): Rid | undefined {
  const whole = /(?<![\da-f-])[\da-f]{8}(?:-[\da-f]{8}){2}(?![\da-f-])/i.exec(text)?.[0];
  const rid = whole ?? /\brid["']?\s*[:=]?\s*["']?([\da-f]{8}(?:-[\da-f]{1,12}){0,4})/i.exec(text)?.[1];
  if (rid === undefined) return undefined;
  const atMs = Number.parseInt(rid.slice(0, 8), 16) * 1000;
  const isTime = atMs >= firstRidMs && atMs <= lastRidMs;
  return { rid: rid.toLowerCase(), whole: whole !== undefined, ...(isTime ? { atMs } : {}) };
}
