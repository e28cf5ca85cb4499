import { VerificationError } from '../errors.ts';
import { type Fields, nestedFields, parseJsonFields, parseXml } from '../message/index.ts';
import { httpHead } from '../diagnosis/index.ts';
import { replyError, replyWarning, type ReplyProblem } from './problem.ts';
import * as say from './texts.ts';
import type { Text } from '../text/text.ts';
import { decodeUtf8 } from '../text/utf8.ts';

/** The body of an answer to a push, as far as it can be understood. */
export type ParsedReply = {
  /** What is wrong with the text itself; what a reply says is judged by `validateReply`. */
  readonly problems: readonly ReplyProblem[];
} & (
  | /** Empty or `success`: nothing is shown, and the push does not come again. */
    { readonly kind: 'none' }
    /** A reply, in the clear. */
  | { readonly kind: 'reply'; readonly format: 'xml' | 'json'; readonly fields: Fields }
  /** An envelope（消息加解密）, still closed. */
  | { readonly kind: 'envelope'; readonly format: 'xml' | 'json'; readonly fields: Fields }
  /** Nothing that the platform takes; `problems` says why. */
  | { readonly kind: 'unreadable' }
);

/** Longer answers are no replies: the longest valid one has a few kilobytes. */
const maxBytes = 256 * 1024;

/**
 * Reads the body of an answer to a push（被动回复用户消息）as the platform reads it. Bytes are better than text: a wrong
 * encoding can be told only from them. Never throws.
 */
export function parseReply(body: string | Uint8Array): ParsedReply {
  const { text, problems } = decode(body);
  if (text === undefined) return { kind: 'unreadable', problems };
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'success') return parseNothing(text, trimmed, problems);
  const formal = wordProblem(trimmed) ?? quotedProblem(trimmed);
  if (formal !== undefined) return unreadable(problems, formal);
  if (trimmed.startsWith('{')) return parseJson(trimmed, problems);
  const start = text.search(xmlStart);
  const page = start === -1 ? htmlTag : htmlPage;
  if (page.test(trimmed)) return unreadable(problems, replyError('html', say.html));
  if (start === -1) return unreadable(problems, replyError('not-xml', say.notXml()));
  const before = start === 0 ? [] : [replyError('before-xml', say.beforeXml(text.slice(0, start)))];
  return parseXmlReply(text.slice(start), [...problems, ...before]);
}

/** "success", or nearly so. */
function wordProblem(trimmed: string): ReplyProblem | undefined {
  if (/^success$/i.test(trimmed)) return replyError('letter-case', say.letterCase(trimmed));
  if (/^(["'])success\1$/i.test(trimmed)) return quoted({ en: '"success"', zh: '“success”' });
  const isNearly = /^["']?success["']?[;.!]?$/i.test(trimmed);
  return isNearly ? replyError('success-spelling', say.misspelt(trimmed)) : undefined;
}

/** The right thing as text inside something else: a JSON string, a whole HTTP answer, an object in words. */
function quotedProblem(trimmed: string): ReplyProblem | undefined {
  if (httpHead.test(trimmed)) return replyError('http-head', say.httpHead);
  if (trimmed === '[object Object]') return replyError('parsed', say.parsed);
  return /^(["'])\s*(?:\\[nrt])*<(?:xml|\?xml)\b.*\1$/s.test(trimmed)
    ? quoted({ en: 'The reply', zh: '回复内容' })
    : undefined;
}

const xmlStart = /<(?:xml|\?xml)\b/;
const htmlPage = /^<(?:!doctype\s+html|html)\b/i;
const htmlTag = /^<(?:!doctype\s+html|html|head|body|title|meta|script|style|div|pre|br|p|b|h1)\b/i;

function unreadable(problems: readonly ReplyProblem[], problem: ReplyProblem): ParsedReply {
  return { kind: 'unreadable', problems: [...problems, problem] };
}

/** Nothing is shown either way, so that blanks round the word are no more than a warning. */
function parseNothing(text: string, trimmed: string, problems: readonly ReplyProblem[]): ParsedReply {
  const all =
    trimmed === text ? problems : [...problems, replyWarning('success-spelling', say.blanksAround(trimmed))];
  return { kind: problems.length === 0 ? 'none' : 'unreadable', problems: all };
}

function quoted(what: Text): ReplyProblem {
  return replyError('quoted', say.quoted(what));
}

function decode(body: string | Uint8Array): {
  readonly text: string | undefined;
  readonly problems: readonly ReplyProblem[];
} {
  const text = typeof body === 'string' ? body : decodeUtf8(body);
  if (text === undefined) return { text, problems: [replyError('not-utf8', say.notUtf8)] };
  if (!text.startsWith('\uFEFF')) return { text, problems: [] };
  return { text: text.slice(1), problems: [replyError('bom', say.byteOrderMark)] };
}

function parseXmlReply(xml: string, problems: readonly ReplyProblem[]): ParsedReply {
  const all = [...problems, ...checkReplyText(xml)];
  try {
    const fields = parseXml(xml, { maxBytes });
    return { kind: kindOf(fields), format: 'xml', fields, problems: all };
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return unreadable(all, replyError('not-xml', say.notXml(error)));
  }
}

function parseJson(text: string, problems: readonly ReplyProblem[]): ParsedReply {
  try {
    const fields = parseJsonFields(text);
    // xml2js names the root; a form parser that was given XML makes all of it the first name.
    if (nestedFields(fields, 'xml') !== undefined || Object.keys(fields)[0]?.startsWith('<xml') === true)
      return unreadable(problems, replyError('parsed', say.parsed));
    return { kind: kindOf(fields), format: 'json', fields, problems };
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return unreadable(problems, replyError('not-xml', say.notXml(error)));
  }
}

function kindOf(fields: Fields): 'reply' | 'envelope' {
  return fields['Encrypt'] !== undefined && fields['MsgType'] === undefined ? 'envelope' : 'reply';
}

/**
 * Checks the text of a reply in XML for what a parser of ours may forgive and the platform's does not. Linear in the
 * length of the text.
 */
function checkReplyText(xml: string): readonly ReplyProblem[] {
  const bare = withoutCdata(xml);
  const control = forbidden.exec(xml)?.[0].codePointAt(0);
  return [
    ...(bare.includes(']]>') ? [replyError('cdata-end', say.cdataEnd)] : []),
    ...(control === undefined ? [] : [replyError('control-character', say.controlCharacter(control))]),
    ...(bareAmpersand.test(bare) ? [replyError('ampersand', say.ampersand)] : []),
  ];
}

// A lone half of a pair cannot even be encoded; what stands here could have come over the wire.
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;

const bareAmpersand = /&(?!(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)/;

/** What stands outside CDATA; an unclosed section ends with the text. */
function withoutCdata(xml: string): string {
  const pieces: string[] = [];
  let position = 0;
  for (;;) {
    const start = xml.indexOf('<![CDATA[', position);
    if (start === -1) break;
    pieces.push(xml.slice(position, start));
    const end = xml.indexOf(']]>', start + 9);
    if (end === -1) return pieces.join(' ');
    position = end + 3;
  }
  pieces.push(xml.slice(position));
  return pieces.join(' ');
}
