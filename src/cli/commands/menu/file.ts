/** Menu files: reading and checking them, before anything is sent. */
import { basename } from 'node:path';
import { WechatMpError } from '../../../core/errors.ts';
import { toConditionalBodies, toMenuBody } from '../../../core/menu/index.ts';
import { readLimits } from '../../../core/text/read-limits.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import { inputName, readTextInput } from '../../files/input-file.ts';
import type { ArgumentSpec } from '../../frame/command.ts';
import { lintMenu, type MenuLint, type PlacedProblem, problemLine } from './linter.ts';

export const menuArgument: ArgumentSpec = {
  name: '[file]',
  text: { en: 'menu.json by default, "-" for stdin', zh: '默认 menu.json，“-”表示 stdin' },
};

/** A menu file as it is sent: no `$schema`, no wrapper. */
export interface MenuFile {
  /** What menu/create gets. */
  readonly body: object;
  /** What addconditional gets, one call each: `{button, matchrule}`. */
  readonly conditional: readonly object[];
}

export interface NamedLint extends MenuLint {
  readonly name: string;
}

/** Warnings are printed on stderr; the errors of the file are thrown as one, type `menu_invalid`. */
export async function readMenuFile(context: Context, path: string): Promise<MenuFile> {
  const { name, value, problems } = await lintMenuFile(context, path);
  for (const problem of problems) {
    if (problem.severity === 'warning') context.warn(problemLine(name, problem));
  }
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw invalidMenu(context, name, errors);
  // Without an error they are objects.
  return {
    body: toMenuBody(value) as object,
    conditional: toConditionalBodies(value) as readonly object[],
  };
}

/** A menu file with its problems. Throws an input error where it cannot be read, or is no UTF-8 or no JSON. */
export async function lintMenuFile(context: Context, given: string): Promise<NamedLint> {
  const path = mayHaveMoved(context, given)
    ? (await import('../../shared/live-menu/backup.ts')).followBackup(context, given)
    : given;
  const name = inputName(path);
  const text = await readTextInput(context, path, readLimits.text);
  const appId = /appid/i.test(text) ? await findAppId(context) : undefined;
  return { name, ...lintMenu(text, name, () => appId) };
}

/** Reading says the reason where one cannot even look. */
function mayHaveMoved({ io }: Context, given: string): boolean {
  try {
    return basename(given) !== given && io.files.stat(given) === undefined;
  } catch {
    return false;
  }
}

/** A file whose kind cannot be told is read: then the reason is said. */
export function isFolder(context: Context, file: string): boolean {
  try {
    return file !== '-' && (context.io.files.stat(file)?.directory ?? false);
  } catch {
    return false;
  }
}

/** Checking a file needs no account, so settings that cannot be read must not stop it; whoever sends will say so. */
async function findAppId(context: Context): Promise<string | undefined> {
  try {
    return (await context.settings.appId())?.value;
  } catch {
    return undefined;
  }
}

function invalidMenu(context: Context, name: string, errors: readonly PlacedProblem[]): WechatMpError {
  const count = errors.length;
  const byWeChat = errors.every(({ errcode }) => errcode !== undefined);
  return new WechatMpError({
    family: 'input',
    type: 'menu_invalid',
    text: {
      en: `Cannot use "${name}": ${byWeChat ? 'WeChat would refuse it, ' : ''}${count} ${count === 1 ? 'error' : 'errors'}`,
      zh: `无法使用 "${name}"：${byWeChat ? '微信会拒绝，' : ''}共 ${count} 处错误`,
    },
    details: errors.map((problem) => problemLine(name, problem)),
    hint: count === 1 ? (errors[0]?.hint ?? nothingSent) : nothingSent,
    facts: {
      file: name,
      problems: errors.map(({ rule, path, line, column, errcode, text }) => ({
        rule,
        path,
        line,
        column,
        errcode,
        message: context.say(text),
      })),
    },
  });
}

const nothingSent: Text = { en: 'Correct the file; nothing was sent', zh: '请修改文件；未发送任何请求' };
