import { defined } from '../text/defined.ts';
import type { Text } from '../text/text.ts';

/**
 * What is wrong with an answer to a push. `error`: the platform does not take it, or not all of it. `warning`: it does,
 * but somebody made a mistake.
 */
export interface ReplyProblem {
  /** Stable name in kebab-case that scripts may rely on. */
  readonly rule: ReplyRule;
  readonly severity: 'error' | 'warning';
  readonly text: Text;
  /** What to change. */
  readonly hint: Text;
  /** Place on the wire, `Image.MediaId`, where there is one. */
  readonly field?: string | undefined;
}

export type ReplyRule =
  | 'bom'
  | 'before-xml'
  | 'not-utf8'
  | 'success-spelling'
  | 'letter-case'
  | 'quoted'
  | 'parsed'
  | 'http-head'
  | 'html'
  | 'json'
  | 'not-xml'
  | 'cdata-end'
  | 'control-character'
  | 'ampersand'
  | 'encrypted'
  | 'not-encrypted'
  | 'mode'
  | 'envelope'
  | 'missing-field'
  | 'to-user'
  | 'from-user'
  | 'create-time'
  | 'create-time-ms'
  | 'timestamp-ms'
  | 'msg-type'
  | 'content-bytes'
  | 'literal-newline'
  | 'article-count'
  | 'one-article'
  | 'not-shown';

/** The words of a problem; they stand in `texts.ts`. */
export type Said = Pick<ReplyProblem, 'text' | 'hint'>;

export function replyError(rule: ReplyRule, said: Said, field?: string): ReplyProblem {
  return { rule, severity: 'error', ...said, ...defined({ field }) };
}

export function replyWarning(rule: ReplyRule, said: Said, field?: string): ReplyProblem {
  return { ...replyError(rule, said, field), severity: 'warning' };
}

/** Seconds have ten digits until the year 2286. */
export function isMilliseconds(time: string): boolean {
  return /^\d{13}$/.test(time);
}
