/** `menu lint`: what WeChat would refuse in a menu file, and what it would show differently (自定义菜单创建接口). */
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
import { choice, defineCommand, flag } from '../../frame/command.ts';
import { excludes } from '../../frame/flag-errors.ts';
import { createPaint, formatJson, type Paint, wantsColor } from '../../frame/output.ts';
import { lintMenuFile, menuArgument, type NamedLint } from './file.ts';
import {
  annotation,
  annotationText,
  type MenuLint,
  type PlacedProblem,
  problemLine,
  problemLines,
  withGroupedNotices,
} from './linter.ts';

const formats = ['text', 'json', 'github', 'tree'] as const;
type LintFormat = (typeof formats)[number];

export const command = defineCommand({
  arguments: [menuArgument],
  options: {
    format: choice('--format <name>', { en: 'Shape of the output', zh: '输出格式' }, formats),
    strict: flag('--strict', { en: 'Warnings fail as well', zh: '有警告也算失败' }),
  },
  examples: [
    {
      command: 'wechat-mp menu lint menu.json',
      text: { en: 'Offline, no account', zh: '离线检查，无需账号' },
    },
    {
      command: 'wechat-mp menu lint menu.json --format github --strict',
      text: { en: 'In CI: beside the lines of a pull request', zh: '在 CI 中：标注在代码行旁' },
    },
    {
      command: 'wechat-mp menu lint menu.json --format tree',
      text: { en: 'What the phone shows', zh: '手机上的样子' },
    },
  ],
  output: {
    en: 'One line a problem: file:line:column: severity text [rule] (errcode). A column is a UTF-16 unit, as in editors. github: ::error, ::warning and ::notice commands. tree: the menu, drawn; its problems on stderr.\nJSON: {"file","ok","errors","warnings","problems":[{"rule","severity","path","line","column","errcode","message"}]}',
    zh: '每个问题一行：文件:行:列: 级别 说明 [规则] (errcode)。列按 UTF-16 单元计，与编辑器一致。github：::error、::warning 与 ::notice 命令。tree：画出菜单，问题在 stderr。\nJSON：{"file","ok","errors","warnings","problems":[{"rule","severity","path","line","column","errcode","message"}]}',
  },
  exitCodes: {
    1: {
      en: 'WeChat would refuse it; with --strict also for warnings, not for notices',
      zh: '微信会拒绝；带 --strict 时有警告也算，提示不算',
    },
    2: { en: 'The file cannot be read, or is no JSON', zh: '文件无法读取，或不是 JSON' },
  },
  effect: 'none',
  async run(context, { arguments: [file = 'menu.json'], options }) {
    const format = chooseFormat(context, options.format);
    const { name, ...lint } = await readAndLint(context, file, format);
    const errors = lint.problems.filter(({ severity }) => severity === 'error').length;
    const warnings = lint.problems.filter(({ severity }) => severity === 'warning').length;
    const ok = errors === 0 && (warnings === 0 || !options.strict);
    await printLint(context, format, { file: name, ...lint, ok, errors, warnings });
    return ok ? 0 : 1;
  },
});

function chooseFormat(context: Context, format: LintFormat | undefined): LintFormat {
  if (!context.options.json) return format ?? 'text';
  if (format === undefined || format === 'json') return 'json';
  throw excludes('--json', `--format ${format}`);
}

/** A file that is no JSON ends the command, but its mistake has a place as well: it is annotated first. */
async function readAndLint(context: Context, file: string, format: LintFormat): Promise<NamedLint> {
  try {
    return await lintMenuFile(context, file);
  } catch (error) {
    if (format === 'github' && error instanceof WechatMpError && error.family === 'input') {
      const { line, column } = error.facts;
      const place = { line: Number(line ?? 1), column: Number(column ?? 1) };
      const text = annotation(inputName(file), place, 'error', context.say(error.text));
      context.io.terminal.writeStdout(`${text}\n`);
    }
    throw error;
  }
}

interface LintReport extends MenuLint {
  readonly file: string;
  readonly ok: boolean;
  readonly errors: number;
  readonly warnings: number;
}

async function printLint(context: Context, format: LintFormat, report: LintReport): Promise<void> {
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
  const { color } = context.options;
  const paint = await createPaint(wantsColor(color, context.environment, context.io.terminal.stdoutIsTty));
  const data: Readonly<Record<LintFormat, () => string>> = {
    text: () => linesOf(problemLines(file, problems).map((line) => inColour(paint, context.say(line)))),
    json: () => linesOf([formatJson(jsonReport(context, report))]),
    github: annotations,
    tree: () => sanitise(linesOf(drawings(value))),
  };
  context.io.terminal.writeStdout(data[format]());
  if (format === 'tree') for (const problem of problems) context.warn(problemLine(file, problem));
  if (format === 'json') return;
  const summary = summaryOf(report);
  if (format === 'text' && problems.length === 0) context.print(null, summary);
  else context.note(summary);
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
