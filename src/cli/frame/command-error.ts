/** What is said about a command line that names no command, or no program to run. */
import { usageError, type WechatMpError } from '../../core/errors.ts';
import type { Text } from '../../core/text/text.ts';
import { findEarlyFlags, type Scan } from './arguments.ts';
import { entries } from '../commands/index.ts';
import { refusedFlagError } from '../settings/refused-flags.ts';
import { didYouMean } from './suggest.ts';

/** The error for a command line that names no command. */
export function commandError(scan: Scan): WechatMpError {
  const path = scan.path.join(' ');
  const refused = refusedFlagError(scan.rest, () => [...findEarlyFlags().names]);
  if (refused !== undefined) return refused;
  if (scan.misplaced !== undefined) return misplacedFlag(scan.misplaced);
  if (scan.unknown === undefined) {
    const verbs = scan.group?.verbs.map((verb) => verb.name).join(', ') ?? '';
    return usageError(
      'command_missing',
      { en: `Command "${path}" needs one of: ${verbs}`, zh: `"${path}" 后面要跟一个子命令：${verbs}` },
      { en: `Run: wechat-mp ${path} --help`, zh: `运行：wechat-mp ${path} --help` },
    );
  }
  const names = ((scan.group ?? scan.leaf)?.verbs ?? entries()).map((entry) => entry.name);
  const full = [...scan.path, scan.unknown].join(' ');
  const help = `wechat-mp ${[...scan.path, ''].join(' ')}--help`;
  return usageError(
    'command_unknown',
    { en: `There is no command "${full}"`, zh: `没有 "${full}" 这个命令` },
    didYouMean(['wechat-mp', ...scan.path].join(' '), scan.unknown, names) ??
      (scan.leaf === undefined
        ? { en: `Run: ${help}`, zh: `运行：${help}` }
        : programBehindDashes(`wechat-mp ${scan.path.join(' ')} -- ${scan.unknown}`)),
  );
}

/** What follows such a flag cannot be told from a command, so nothing is said about it. */
function misplacedFlag(name: string): WechatMpError {
  return usageError(
    'option_misplaced',
    {
      en: `Option ${name} cannot stand before a command`,
      zh: `选项 ${name} 不能写在命令前面`,
    },
    {
      en: `Write it after the command: wechat-mp <command> ${name}`,
      zh: `请写在命令之后：wechat-mp <命令> ${name}`,
    },
  );
}

/** A command that has verbs takes other words behind the dashes alone. */
function programBehindDashes(line: string): Text {
  return { en: `A command to run stands after --: ${line}`, zh: `要运行的命令应写在 -- 之后：${line}` };
}

/** A variable that is empty leaves nothing after `--`, quoted or not; a server that runs for ever is not what was meant. */
export function programMissing(): WechatMpError {
  return usageError(
    'command_after_dashes_missing',
    { en: 'There is no command after --', zh: '-- 之后没有命令' },
    {
      en: 'Write a command after --, or leave -- out; perhaps a variable is empty',
      zh: '请在 -- 之后写上命令，或去掉 --；也可能是某个变量为空',
    },
  );
}
