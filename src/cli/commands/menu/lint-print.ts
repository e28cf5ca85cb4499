/** What `menu lint` prints of each file, and in the end. */
import { WechatMpError } from '../../../core/errors.ts';
import {
  drawMenu,
  normaliseMatchRule,
  normaliseMenu,
  toConditionalBodies,
} from '../../../core/menu/index.ts';
import { own } from '../../../core/text/json-value.ts';
import { sanitise } from '../../../core/text/sanitise.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import { inputName } from '../../files/input-file.ts';
import { createPaint, formatJson, type Paint, wantsColor } from '../../frame/output.ts';
import {
  annotation,
  annotationText,
  type MenuLint,
  type PlacedProblem,
  problemLine,
  problemLines,
  withGroupedNotices,
} from './linter.ts';

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
  readonly print: (report: LintReport) => void;
}

/** A file that is no JSON has no problems to print, but its mistake has a place as well. */
export function annotateUnreadable(context: Context, format: LintFormat, file: string, error: unknown): void {
  if (format !== 'github' || !(error instanceof WechatMpError) || error.family !== 'input') return;
  const { line, column } = error.facts;
  const place = { line: Number(line ?? 1), column: Number(column ?? 1) };
  const text = annotation(inputName(file), place, 'error', context.say(error.text));
  context.io.terminal.writeStdout(`${text}\n`);
}

export async function createPrinter(
  context: Context,
  format: LintFormat,
): Promise<(report: LintReport) => void> {
  const { color } = context.options;
  const { terminal } = context.io;
  const paint = await createPaint(wantsColor(color, context.environment, terminal.stdoutIsTty));
  const inActions = context.environment['GITHUB_ACTIONS'] === 'true';
  return (report) => {
    const { file, value } = report;
    const problems = withGroupedNotices(report.problems);
    const annotations = (): string =>
      linesOf(
        problems.map((problem) =>
          annotation(file, problem, problem.severity, context.say(annotationText(problem))),
        ),
      );
    // The runner of GitHub Actions reads both streams, and stdout is what was asked for.
    if (inActions && format !== 'github') terminal.writeStderr(annotations());
    const data: Readonly<Record<LintFormat, () => string>> = {
      text: () => linesOf(problemLines(file, problems).map((line) => inColour(paint, context.say(line)))),
      json: () => linesOf([formatJson(jsonReport(context, report))]),
      github: annotations,
      tree: () => sanitise(linesOf(drawings(value))),
    };
    terminal.writeStdout(data[format]());
    if (format === 'tree') for (const problem of problems) context.warn(problemLine(file, problem));
  };
}

/** The severity is what the eye looks for; the place steps back. */
function inColour(paint: Paint, line: string): string {
  return line.replace(
    /^(.*?:\d+:\d+:) (error|warning|错误|警告)/,
    (_, place: string, word: string) =>
      `${paint.dim(place)} ${/^(?:error|错误)$/.test(word) ? paint.error(word) : paint.warning(word)}`,
  );
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
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

function jsonReport(context: Context, report: LintReport): unknown {
  const { file, ok, errors, warnings, problems } = report;
  const described = ({ rule, severity, path, line, column, errcode, text }: PlacedProblem): object => ({
    rule,
    severity,
    path,
    line,
    column,
    errcode: errcode ?? null,
    message: context.say(text),
  });
  return { file, ok, errors, warnings, problems: problems.map(described) };
}

/** The default menu, then each conditional one below its rule; nothing where there is no menu to draw. */
function drawings(value: unknown): readonly string[] {
  const menu = normaliseMenu(value);
  const conditional = toConditionalBodies(value).map((body) => {
    const rule = Object.entries(normaliseMatchRule(own(body, 'matchrule')));
    return [rule.map(([name, wanted]) => `${name}=${wanted}`).join(' '), drawMenu(normaliseMenu(body))].join(
      '\n',
    );
  });
  const drawn = [...(menu.button.length === 0 ? [] : [drawMenu(menu)]), ...conditional];
  return drawn.length === 0 ? [] : [drawn.join('\n\n')];
}
