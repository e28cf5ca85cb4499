/** What `menu lint` prints of each file, and in the end. */
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import type { MenuLint } from './linter.ts';

export const lintFormats = ['text', 'json', 'github', 'tree'] as const;
export type LintFormat = (typeof lintFormats)[number];

export interface LintReport extends MenuLint {
  readonly file: string;
  readonly ok: boolean;
  readonly errors: number;
  readonly warnings: number;
}

/** What is done with one file after the other. */
export interface Linting {
  readonly format: LintFormat;
  /** Throws an input error for a file that cannot be read, or is no JSON. */
  readonly check: (file: string) => Promise<LintReport>;
  readonly print: (report: LintReport) => Promise<void>;
}

/** Prints a report. Of a file without problems people are told nothing here: the summary says it. */
export function createPrinter(context: Context, format: LintFormat): Linting['print'] {
  let print: Promise<(report: LintReport) => void> | undefined;
  return async (report) => {
    if (report.problems.length === 0 && (format === 'text' || format === 'github')) return;
    print ??= import('./lint-problems.ts').then(({ createProblemPrinter }) =>
      createProblemPrinter(context, format),
    );
    (await print)(report);
  };
}

export interface Counts {
  readonly errors: number;
  readonly warnings: number;
  /** With the notices. */
  readonly problems: number;
}

/** Where there is nothing else to read, the summary is the answer. */
export function tellSummary(context: Context, format: LintFormat, about: Text, counts: Counts): void {
  if (format === 'json') return;
  const summary = summaryOf(about, counts);
  if (format === 'text' && counts.problems === 0) context.print(null, summary);
  else context.note(summary);
}

function summaryOf({ en, zh }: Text, { errors, warnings, problems }: Counts): Text {
  if (problems === 0) return { en: `${en}: no problems`, zh: `${zh}：没有问题` };
  if (errors + warnings === 0) return { en: `${en}: no errors or warnings`, zh: `${zh}：没有错误或警告` };
  return {
    en: `${en}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}`,
    zh: `${zh}：${errors} 个错误，${warnings} 个警告`,
  };
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
