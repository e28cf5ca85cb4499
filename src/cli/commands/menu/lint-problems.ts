/** What `menu lint` prints of a file with problems, as a drawing, and for programs. */
import { WechatMpError } from '../../../core/errors.ts';
import {
  drawMenu,
  normaliseMatchRule,
  normaliseMenu,
  toConditionalBodies,
} from '../../../core/menu/index.ts';
import { own } from '../../../core/text/json-value.ts';
import { sanitise } from '../../../core/text/sanitise.ts';
import type { Context } from '../../context.ts';
import { inputName } from '../../files/text-input.ts';
import { foldTalk } from '../../frame/fold.ts';
import { createPaint, formatJson, type Paint, wantsColor } from '../../frame/output.ts';
import type { LintFormat, LintReport } from './lint-print.ts';
import {
  annotation,
  annotationText,
  type PlacedProblem,
  problemLine,
  problemLines,
  withGroupedNotices,
} from './linter.ts';

/** A file that is no JSON has no problems to print, but its mistake has a place as well. */
export function annotateUnreadable(context: Context, file: string, error: unknown): void {
  if (!(error instanceof WechatMpError) || error.family !== 'input') return;
  const { line, column } = error.facts;
  const place = { line: Number(line ?? 1), column: Number(column ?? 1) };
  const text = annotation(inputName(file), place, 'error', context.say(error.text));
  context.io.terminal.writeStdout(`${text}\n`);
}

export async function createProblemPrinter(
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
      text: () =>
        linesOf(
          problemLines(file, problems)
            .flatMap((line) => folded(context, context.say(line)))
            .map((line) => inColour(paint, line)),
        ),
      json: () => linesOf([formatJson(jsonReport(context, report))]),
      github: annotations,
      tree: () => sanitise(linesOf(drawings(value))),
    };
    terminal.writeStdout(data[format]());
    if (format === 'tree') for (const problem of problems) context.warn(problemLine(file, problem));
  };
}

/** A way out is folded where a terminal shows it; the line of a problem stays one for those who look for its words. */
function folded({ io: { terminal } }: Context, line: string): readonly string[] {
  return terminal.stdoutIsTty && line.startsWith('  ') ? foldTalk(line, terminal.columns) : [line];
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
