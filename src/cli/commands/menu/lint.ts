/** `menu lint`: what WeChat would refuse in a menu file, and what it would show differently (自定义菜单创建接口). */
import type { Context } from '../../context.ts';
import { choice, defineCommand, flag } from '../../frame/command.ts';
import { excludes } from '../../frame/flag-errors.ts';
import { isFolder, lintMenuFile } from './file.ts';
import {
  createPrinter,
  type LintFormat,
  lintFormats,
  type LintReport,
  type Linting,
  tellSummary,
} from './lint-print.ts';

export const command = defineCommand({
  arguments: [
    {
      name: '[file...]',
      text: {
        en: 'menu.json by default, "-" for stdin; several, and folders',
        zh: '默认 menu.json，“-”表示 stdin；可写多个，也可写目录',
      },
    },
  ],
  options: {
    format: choice('--format <name>', { en: 'Shape of the output', zh: '输出格式' }, lintFormats),
    strict: flag('--strict', { en: 'Warnings fail as well', zh: '有警告也算失败' }),
  },
  examples: [
    {
      command: 'wechat-mp menu lint menu.json',
      text: { en: 'Offline, no account', zh: '离线检查，无需账号' },
    },
    {
      command: 'wechat-mp menu lint menus shop.json',
      text: { en: 'A folder and a file', zh: '一个目录和一个文件' },
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
    en: 'One line a problem: file:line:column: severity text [rule] (errcode). A column is a UTF-16 unit, as in editors. github: ::error, ::warning and ::notice commands. tree: the menu, drawn; its problems on stderr.\nA folder means the *.json files in it and below that hold a menu, without node_modules and names that begin with a dot.\nJSON: {"file","ok","errors","warnings","problems":[{"rule","severity","path","line","column","errcode","message"}]}; of several files or a folder one line each, with "error" for one that cannot be read, then {"type":"summary","ok","files","errors","warnings","unreadable","skipped"}',
    zh: '每个问题一行：文件:行:列: 级别 说明 [规则] (errcode)。列按 UTF-16 单元计，与编辑器一致。github：::error、::warning 与 ::notice 命令。tree：画出菜单，问题在 stderr。\n目录表示其中及各级子目录内含有菜单的 *.json 文件，不含 node_modules 和以点开头的名称。\nJSON：{"file","ok","errors","warnings","problems":[{"rule","severity","path","line","column","errcode","message"}]}；多个文件或目录时每个文件一行，无法读取的带 "error"，最后是 {"type":"summary","ok","files","errors","warnings","unreadable","skipped"}',
  },
  exitCodes: {
    1: {
      en: 'WeChat would refuse it; with --strict also for warnings, not for notices',
      zh: '微信会拒绝；带 --strict 时有警告也算，提示不算',
    },
    2: {
      en: 'A file cannot be read, or is no JSON; the others are checked nevertheless',
      zh: '有文件无法读取，或不是 JSON；其余文件照常检查',
    },
  },
  effect: 'none',
  async run(context, { arguments: given, options }) {
    const format = chooseFormat(context, options.format);
    const print = createPrinter(context, format);
    const linting: Linting = {
      format,
      print,
      check: async (file) => await checkFile(context, file, options.strict ?? false),
    };
    const [file = 'menu.json', ...others] = new Set(given);
    if (others.length > 0 || isFolder(context, file)) {
      return await (await import('./lint-many.ts')).lintMany(context, [file, ...others], linting);
    }
    const report = await linting.check(file).catch(async (error: unknown) => {
      if (format === 'github') (await import('./lint-problems.ts')).annotateUnreadable(context, file, error);
      throw error;
    });
    await print(report);
    const { file: name, errors, warnings, problems } = report;
    tellSummary(context, format, { en: name, zh: name }, { errors, warnings, problems: problems.length });
    return report.ok ? 0 : 1;
  },
});

function chooseFormat(context: Context, format: LintFormat | undefined): LintFormat {
  if (!context.options.json) return format ?? 'text';
  if (format === undefined || format === 'json') return 'json';
  throw excludes('--json', `--format ${format}`);
}

async function checkFile(context: Context, given: string, strict: boolean): Promise<LintReport> {
  const { name: file, ...lint } = await lintMenuFile(context, given);
  const errors = lint.problems.filter(({ severity }) => severity === 'error').length;
  const warnings = lint.problems.filter(({ severity }) => severity === 'warning').length;
  return { file, ...lint, ok: errors === 0 && (warnings === 0 || !strict), errors, warnings };
}
