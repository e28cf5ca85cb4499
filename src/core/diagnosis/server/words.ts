/** What an error page of a developer's server says, for people who do not see its log. */
import { isObject, parseJson } from '../../text/json-value.ts';
import { decodeUtf8 } from '../../text/utf8.ts';

/** More than anybody reads; a whole page would be kept for nothing. */
const maxCharacters = 4000;
/** An error page of a framework in development has its styles first. */
export const maxPageBytes = 64 * 1024;

/**
 * The server's own words in an answer: the message of a JSON error, the text of a page, or the body as it is. Empty where
 * there are none. It comes from outside and may hold secrets: take them out before it is cut and shown.
 */
export function serverWords(body: Uint8Array): string {
  const bytes = body.subarray(0, maxPageBytes);
  const text = (decodeUtf8(bytes) ?? Buffer.from(bytes).toString('latin1')).trim();
  const words = jsonWords(text) ?? withoutTitle(text, pageText(text));
  return words.replace(stackFrames, '').slice(0, maxCharacters).trim();
}

/** Where an error was made is for its developer's log. */
const stackFrames = /\s+at [\w.<>[\] ]{1,80} \((?:<anonymous>|[^()\s]*:\d+:).*$/s;

/** Most pages say the same in their title and in what they show. */
function withoutTitle(page: string, words: string): string {
  const title = pageText(/<title\b[^<>]*>([^<]*)/i.exec(page)?.[1] ?? '');
  const rest = words.startsWith(title) ? words.slice(title.length).trim() : '';
  return rest.includes(title) ? rest : words;
}

/** Under these names frameworks put the reason, the most telling first. */
const reasonNames = ['message', 'detail', 'msg', 'errmsg', 'error_description', 'title', 'error', 'code'];

function jsonWords(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  const value = parseJson(text);
  if (!isObject(value)) return undefined;
  const words = reasonNames.map((name) => value[name]).find((entry) => isWords(entry));
  if (words === undefined) return text;
  return typeof words === 'string' ? words : JSON.stringify(words);
}

function isWords(entry: unknown): boolean {
  return typeof entry === 'string' ? entry.trim() !== '' : typeof entry === 'object' && entry !== null;
}

/** The text of an HTML page on one line, without scripts, styles, tags and what is in them; plain text stays. */
export function pageText(page: string): string {
  if (!/<[a-z!/]/i.test(page)) return page.replaceAll(/\s+/g, ' ').trim();
  return withoutHidden(page)
    .replaceAll(/<[a-z!/][^<>]*>/gi, ' ')
    .replaceAll(/&(?:lt|gt|amp|quot|nbsp|#39|#x27);/gi, (entity) => entities[entity.toLowerCase()] ?? entity)
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** By hand rather than by one pattern, which would take quadratic time on a page that closes nothing. */
function withoutHidden(page: string): string {
  const opening = /<!--|<(script|style|svg)\b/gi;
  const lower = page.toLowerCase();
  let [text, from] = ['', 0];
  for (let found = opening.exec(page); found !== null; found = opening.exec(page)) {
    const closing = found[1] === undefined ? '--' : `</${found[1].toLowerCase()}`;
    text += `${page.slice(from, found.index)} `;
    const close = lower.indexOf(closing, found.index + 4);
    const end = close === -1 ? -1 : lower.indexOf('>', close);
    if (end === -1) return text;
    from = end + 1;
    opening.lastIndex = from;
  }
  return text + page.slice(from);
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&nbsp;': ' ',
  '&#39;': "'",
  '&#x27;': "'",
};
