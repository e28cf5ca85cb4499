/** Where the text that a server hashed for `wx.config`（string1）begins to differ from the right one. */
import { formatString1, type JssdkFields, signString1 } from '../jssdk/index.ts';

export interface String1Difference {
  /** The first character that differs, counted from 1. */
  readonly at: number;
  /** In which of the four it stands, by the right text. */
  readonly part: string;
  /** A piece of either text round that place: JSON texts, so that blanks and line ends are seen. No secret is in them. */
  readonly given: string;
  readonly right: string;
}

const hidden = '***';

/** What would have been signed with that text, in which `***` stands for the ticket. */
export function hashString1(ticket: string, given: string): string {
  return signString1(given.replace(`=${hidden}&`, () => `=${ticket}&`));
}

/** `null` where the text is the right one. The ticket may be written as `***`. */
export function compareString1(fields: JssdkFields, given: string): String1Difference | null {
  const whole = given.replace(`=${hidden}&`, () => `=${fields.ticket}&`);
  const right = formatString1(fields);
  if (whole === right) return null;
  const shownRight = right.replaceAll(fields.ticket, hidden);
  const shownGiven = hideOthers(whole, right).replaceAll(fields.ticket, hidden);
  const at = firstDifference(shownGiven, shownRight);
  return {
    at: at + 1,
    part: partAt(shownRight, at),
    given: excerpt(shownGiven, at),
    right: excerpt(shownRight, at),
  };
}

/** What stands for the ticket by its name and is not right: it may be another secret. */
function hideOthers(given: string, right: string): string {
  return given.replaceAll(/(?<=^|&)(\w*(?:ticket|token)=)([^&]*)/gi, (pair, name: string, value: string) =>
    right.includes(pair) ? pair : `${name}<another, ${value.length} characters>`,
  );
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  return at;
}

function partAt(right: string, at: number): string {
  const names = ['noncestr', 'timestamp', 'url'];
  return names.findLast((name) => right.indexOf(`&${name}=`) <= at) ?? 'jsapi_ticket';
}

function excerpt(text: string, at: number): string {
  const start = Math.max(0, at - 12);
  const end = at + 28;
  const piece = JSON.stringify(text.slice(start, end));
  return `${start === 0 ? '' : '… '}${piece}${end < text.length ? ' …' : ''}`;
}
