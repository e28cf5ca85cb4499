/** A list of checks for people: a mark, the name, what was found, and what to do about it. */
import type { Text } from '../core/text.ts';
import type { Context } from './context.ts';

export interface CheckLine {
  readonly name: string;
  readonly status: 'pass' | 'fail' | 'warn' | 'skip';
  readonly text: Text;
  readonly hint?: Text | undefined;
  /** A number or a class in brackets behind the text. */
  readonly mark?: string | undefined;
}

/** One line a check, and one more for the hint of those that did not pass. */
export function checkLines(context: Context, checks: readonly CheckLine[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const fix = context.say({ en: 'Fix: ', zh: '解决：' });
  const lines = checks.flatMap(({ name, status, text, hint, mark }) => [
    `${marks[status]} ${name.padEnd(width)}  ${context.say(text)}${mark === undefined ? '' : ` (${mark})`}`,
    ...(hint === undefined || status === 'pass'
      ? []
      : [`  ${' '.repeat(width)}  ${fix}${context.say(hint)}`]),
  ]);
  return lines.join('\n');
}

const marks = { pass: '✓', fail: '✗', warn: '!', skip: '–' } as const;
