/** Menu files: reading and checking them, before anything is sent. */
import { basename } from 'node:path';
import { toConditionalBodies, toMenuBody, validateMenuFile } from '../../../core/menu/index.ts';
import { readLimits } from '../../../core/text/read-limits.ts';
import type { Context } from '../../context.ts';
import { parsePlainJson } from '../../files/plain-json.ts';
import { inputName, readTextInput } from '../../files/text-input.ts';
import type { ArgumentSpec } from '../../frame/command.ts';
import type { MenuLint } from './linter.ts';

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
  if (problems.length > 0) (await import('./linter.ts')).warnOrRefuse(context, name, problems);
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
  const ownAppId = (): string | undefined => appId;
  const lint = lintPerfect(text, ownAppId) ?? (await import('./linter.ts')).lintMenu(text, name, ownAppId);
  return { name, ...lint };
}

/** Where there is nothing to say, neither the words nor the places in the file are needed. */
function lintPerfect(text: string, ownAppId: () => string | undefined): MenuLint | undefined {
  const plain = parsePlainJson(text);
  if (plain === undefined || validateMenuFile(plain.value, ownAppId).length > 0) return undefined;
  return { value: plain.value, problems: [] };
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
