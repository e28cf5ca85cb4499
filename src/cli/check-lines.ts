/** A list of checks for people: a mark, the name, what was found, and what to do about it. */
import { sanitiseLine } from '../core/sanitise.ts';
import type { Text } from '../core/text.ts';
import type { Context } from './context.ts';
import { hang } from './fold.ts';
import { fixLine } from './output.ts';

export interface CheckLine {
  readonly name: string;
  readonly status: 'pass' | 'fail' | 'warn' | 'skip';
  readonly text: Text;
  readonly hint?: Text | undefined;
  /** A number or a class in brackets behind the text. */
  readonly mark?: string | undefined;
}

/** A check with its hint where it did not pass, each folded under itself. Known secrets are taken out. */
export function checkLines(context: Context, checks: readonly CheckLine[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const clean = (text: string, own?: string): string => context.redactor.redact(sanitiseLine(text), own);
  const lines = checks.flatMap(({ name, status, text, hint, mark }) => {
    const behind = mark === undefined ? '' : ` (${mark})`;
    const found = {
      prefix: `${marks[status]} ${name.padEnd(width)}  `,
      text: clean(context.say(text)) + behind,
    };
    if (hint === undefined || status === 'pass') return hang(found);
    const words = fixLine(hint, context.language);
    const fix = { prefix: ' '.repeat(width + 4), text: clean(words, words) };
    return [...hang(found), ...hang(fix)];
  });
  return lines.join('\n');
}

const marks = { pass: '✓', fail: '✗', warn: '!', skip: '–' } as const;
