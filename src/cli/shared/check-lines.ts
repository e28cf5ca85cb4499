/** A list of checks for people: a mark, the name, what was found, and what to do about it. */
import { sanitiseLine } from '../../core/text/sanitise.ts';
import type { Text } from '../../core/text/text.ts';
import type { Context } from '../context.ts';
import { columnsOf, hang, type Hanging } from '../frame/fold.ts';
import { fixLine } from '../frame/output.ts';

interface CheckLine {
  readonly name: string;
  readonly status: 'pass' | 'fail' | 'warn' | 'skip';
  readonly text: Text;
  readonly hint?: Text | undefined;
  /** A number or a class in brackets behind the text. */
  readonly mark?: string | undefined;
  /** What somebody else said, already cut; it is shown in quotes. */
  readonly said?: string | undefined;
  /** Code to copy, under the name of what it is for. */
  readonly code?: { readonly title: string; readonly lines: readonly string[] } | undefined;
}

/** A check with its hint where it did not pass, each folded under itself. Known secrets are taken out. */
export function checkLines(context: Context, checks: readonly CheckLine[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const columns = columnsOf(context);
  const fold = (line: Hanging): readonly string[] => hang(line, columns);
  const clean = (text: string, own?: string): string => context.redactor.redact(sanitiseLine(text), own);
  const lines = checks.flatMap(({ name, status, text, hint, mark, said, code }) => {
    const behind = mark === undefined ? '' : ` (${mark})`;
    const found = {
      prefix: `${marks[status]} ${name.padEnd(width)}  `,
      text: clean(context.say(text)) + behind,
    };
    if (hint === undefined || status === 'pass') return fold(found);
    const prefix = ' '.repeat(width + 4);
    const words = fixLine(hint, context.language);
    const quoted =
      said === undefined ? [] : [context.say({ en: `It says: “${said}”`, zh: `服务器称：“${said}”` })];
    const title = code === undefined ? [] : [`${code.title}:`];
    return [
      ...fold(found),
      ...quoted.flatMap((line) => fold({ prefix, text: clean(line) })),
      ...fold({ prefix, text: clean(words, words) }),
      ...title.flatMap((line) => fold({ prefix, text: line })),
      // Further left than the rest: a line of code should stay one.
      ...(code?.lines ?? []).flatMap((line) => fold({ prefix: '    ', text: clean(line, line) })),
    ];
  });
  return lines.join('\n');
}

const marks = { pass: '✓', fail: '✗', warn: '!', skip: '–' } as const;
