/** `menu lint`: what WeChat would refuse in a menu file, and what it would show differently (自定义菜单创建接口). */
import { usageError, WechatMpError } from '../../../core/errors.ts';
import { choice, defineCommand, flag } from '../../frame/command.ts';
import type { Context } from '../../context.ts';
import { inputName } from '../../files/input-file.ts';
import { lintMenuFile, menuArgument, type NamedLint } from './file.ts';
import { annotation } from './lint-lines.ts';
import { lintFormats, printLint, type LintFormat } from './lint-print.ts';

export const command = defineCommand({
  arguments: [menuArgument],
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
  async run(context, { arguments: [file = 'menu.json'], options }) {
    const format = chooseFormat(context, options.format);
    const { name, ...lint } = await readAndLint(context, file, format);
    const errors = lint.problems.filter(({ severity }) => severity === 'error').length;
    const warnings = lint.problems.filter(({ severity }) => severity === 'warning').length;
    const ok = errors === 0 && (warnings === 0 || !options.strict);
    printLint(context, format, { file: name, ...lint, ok, errors, warnings });
    return ok ? 0 : 1;
  },
});

function chooseFormat(context: Context, format: LintFormat | undefined): LintFormat {
  if (!context.options.json) return format ?? 'text';
  if (format === undefined || format === 'json') return 'json';
  throw usageError('flags_conflict', {
    en: `Flags --json and --format ${format} exclude each other`,
    zh: `--json 与 --format ${format} 不能同时使用`,
  });
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
