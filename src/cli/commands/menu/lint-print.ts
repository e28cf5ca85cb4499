/** What `menu lint` prints in each of its formats. */
import { own } from '../../../core/text/json-value.ts';
import {
  drawMenu,
  normaliseMatchRule,
  normaliseMenu,
  toConditionalBodies,
} from '../../../core/menu/index.ts';
import { sanitise } from '../../../core/text/sanitise.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import { withGroupedNotices, type MenuLint, type PlacedProblem } from './linter.ts';
import { annotation, annotationText, problemLine, problemLines } from './lint-lines.ts';
import { formatJson } from '../../frame/output.ts';

export const lintFormats = ['text', 'json', 'github', 'tree'] as const;
export type LintFormat = (typeof lintFormats)[number];

export interface LintReport extends MenuLint {
  readonly file: string;
  readonly ok: boolean;
  readonly errors: number;
  readonly warnings: number;
}

export function printLint(context: Context, format: LintFormat, report: LintReport): void {
  const { file, value } = report;
  const problems = withGroupedNotices(report.problems);
  const annotations = (): string =>
    linesOf(
      problems.map((problem) =>
        annotation(file, problem, problem.severity, context.say(annotationText(problem))),
      ),
    );
  const inActions = context.environment['GITHUB_ACTIONS'] === 'true';
  // The runner of GitHub Actions reads both streams, and stdout is what was asked for.
  if (inActions && format !== 'github') context.io.terminal.writeStderr(annotations());
  const data: Readonly<Record<LintFormat, () => string>> = {
    text: () => linesOf(problemLines(file, problems).map((line) => context.say(line))),
    json: () => linesOf([formatJson(jsonReport(context, report))]),
    github: annotations,
    tree: () => sanitise(linesOf(drawings(value))),
  };
  context.io.terminal.writeStdout(data[format]());
  if (format === 'tree') for (const problem of problems) context.warn(problemLine(file, problem));
  if (format === 'json') return;
  const summary = summaryOf(report);
  if (format === 'text' && problems.length === 0) context.print(null, context.say(summary));
  else context.note(summary);
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function summaryOf({ file, errors, warnings, problems }: LintReport): Text {
  if (problems.length === 0) return { en: `${file}: no problems`, zh: `${file}：没有问题` };
  if (errors + warnings === 0) return { en: `${file}: no errors or warnings`, zh: `${file}：没有错误或警告` };
  return {
    en: `${file}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}`,
    zh: `${file}：${errors} 个错误，${warnings} 个警告`,
  };
}

function plural(count: number, word: string): string {
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
