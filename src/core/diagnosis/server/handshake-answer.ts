/** What a server answered to the handshake（接入）, and in which way that is not exactly echostr. */
import { parseJson } from '../../text/json-value.ts';
import type { Text } from '../../text/text.ts';
import { decodeUtf8 } from '../../text/utf8.ts';
import * as say from './texts.ts';

/** The kinds of failure that `handshake probe` tells apart. */
export type ProbeCause =
  | 'bom'
  | 'quoted'
  | 'newline'
  | 'html'
  | 'wrapped'
  | 'redirect'
  | 'forbidden'
  | 'csrf'
  | 'empty'
  | 'gzip'
  | 'timeout'
  | 'reset'
  | 'tls'
  | 'refused'
  | 'method'
  | 'status'
  | 'unsigned_accepted'
  | 'reflected_html'
  | 'body_parser'
  | 'body_limit'
  | 'upstream_unreachable'
  | 'upstream_timeout'
  | 'letter_case'
  | 'parsed'
  | 'http_head'
  | 'mode'
  | 'other';

export interface ProbeFinding {
  readonly cause: ProbeCause;
  readonly text: Text;
  readonly hint: Text;
}

/**
 * Judges the body of an answer with status 200 as the platform does: it must be exactly the bytes of echostr.
 * `undefined` where it is; else what stands there instead.
 */
export function judgeEcho(body: Uint8Array, echostr: string): ProbeFinding | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return say.compressed('gzip');
  if (bytes.equals(Buffer.from(echostr))) return undefined;
  if (bytes.length === 0) return say.empty();
  const text = decodeUtf8(bytes);
  if (text === undefined || text.startsWith('\uFEFF')) {
    const byteOrder = judgeByteOrder(bytes, text, echostr);
    if (byteOrder !== undefined) return byteOrder;
  }
  const readable = text ?? bytes.toString('latin1');
  return holdsEcho(bytes, echostr) ? judgeSurroundings(readable, echostr) : judgeOther(readable, echostr);
}

/**
 * Whether the body holds echostr as an answer. Error pages and login pages often quote the address that was asked for,
 * with everything in it; that is no echo.
 */
export function holdsEcho(body: Uint8Array, echostr: string): boolean {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  // UTF-16 has a zero byte beside each of the digits.
  return [text, text.replaceAll('\0', '')].some((form) => standsFree(form, echostr));
}

/** The parameter inside an address, as it is, percent-encoded (once or twice), or escaped for HTML or JSON. */
const parameterBefore = /(?:[?&;]|%(?:25)?(?:3f|26)|\\u0026)echostr(?:=|%(?:25)?3d|&#61;|&#x3d;|\\u003d)$/i;

function standsFree(text: string, echostr: string): boolean {
  for (let at = text.indexOf(echostr); at !== -1; at = text.indexOf(echostr, at + 1)) {
    if (!parameterBefore.test(text.slice(Math.max(0, at - 24), at))) return true;
  }
  return false;
}

function judgeByteOrder(bytes: Buffer, text: string | undefined, echostr: string): ProbeFinding | undefined {
  const mark = text === undefined ? bytes.subarray(0, 2) : bytes.subarray(0, 3);
  if (text === undefined && !/^(?:fffe|feff)$/.test(mark.toString('hex'))) return undefined;
  if (text !== undefined && text.replaceAll('\uFEFF', '').trim() !== echostr) return undefined;
  return say.byteOrderMark(mark);
}

function judgeSurroundings(text: string, echostr: string): ProbeFinding {
  const at = text.indexOf(echostr);
  const [before, after] = [text.slice(0, at), text.slice(at + echostr.length)];
  if (text.trim() === echostr) return say.blanks(before, after);
  const trimmed = text.trim();
  if (httpHead.test(trimmed))
    return { cause: 'http_head', text: say.headInBodyText, hint: say.headInBodyHint };
  if (/^(["'])[^"']*\1$/.test(trimmed)) return say.quoted(trimmed.slice(0, 1));
  if (typeof parseJson(trimmed) === 'object') return say.wrapped('a JSON object', 'JSON 对象');
  if (/<[a-z!]/i.test(before) && /<\//.test(after)) return say.html(true);
  const around = [before === '' ? '' : before.trim().slice(0, 40), after.trim().slice(0, 40)].filter(Boolean);
  return say.wrapped(around.map((part) => JSON.stringify(part)).join(', '), around.map(inQuotes).join('、'));
}

function inQuotes(text: string): string {
  return `“${text}”`;
}

function judgeOther(text: string, echostr: string): ProbeFinding {
  const trimmed = text.trim();
  if (/^<(?:!doctype|html|head|body|div|script|meta|title|h1)\b/i.test(trimmed)) return say.html(false);
  if (/^\d+(?:\.\d+(?:e\+?\d+)?)?$/i.test(trimmed) && Number(trimmed) === Number(echostr))
    return say.rounded(trimmed);
  return say.withoutEcho(trimmed);
}

/** The head of an HTTP answer, which belongs before the body. */
export const httpHead = /^HTTP\/\d(?:\.\d)? \d{3}\b/;

/** 201, 204 and their like: the request was taken, and only the status is wrong. */
export function isOtherSuccess(status: number | undefined): boolean {
  return status !== undefined && status > 200 && status < 300;
}
