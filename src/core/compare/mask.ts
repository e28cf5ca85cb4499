/** Answers without what is personal: tokens, openids, ids, addresses, times, names and counts. */
import { isObject } from '../text/json-value.ts';

/** What is replaced inside a text of the platform, in this order. */
const parts: readonly (readonly [RegExp, string])[] = [
  [/\s*,?\s*rid: [\w-]+/g, ' rid: <rid>'],
  [/hint: \[[^\]]*\]/g, 'hint: [<hint>]'],
  [/https?:\/\/[^\s"'<>]+/g, '<url>'],
  [/\bwx[0-9a-f]{16}\b/g, '<appid>'],
  [/\bgh_[0-9a-z]{8,}\b/g, '<original id>'],
  [/(?:::ffff:)?\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '<ip>'],
  [/(?<![\w-])[\w-]{20,}(?![\w-])/g, '<id>'],
  [/\d{5,}/g, '<number>'],
];

/** The platform's own words, with what is of one account or one moment replaced. */
export function maskWords(text: string): string {
  return parts.reduce((words, [form, mark]) => words.replace(form, mark), text).trim();
}

const codes = new Set(['errcode', 'ret']);

/** A JSON value of the same form; error codes and the words beside them stay. */
export function maskAnswer(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => maskAnswer(each));
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, maskAnswer(each, key)]));
  if (typeof value === 'number')
    return codes.has(name) || (Number.isInteger(value) && Math.abs(value) < 10) ? value : '<number>';
  if (typeof value === 'string') return name === 'errmsg' ? maskWords(value) : maskText(value);
  return value;
}

function maskText(text: string): string {
  if (text === '') return '';
  const masked = maskWords(text);
  return /^<[a-z ]+>$/.test(masked) ? masked : '<text>';
}
