/** Backups of menus: a menu that is replaced or deleted can be pushed again. */
import { basename, join } from 'node:path';
import { WechatMpError } from '../../../core/errors.ts';
import { isPast, isPushable, toMenuBody, toMenuFile } from '../../../core/menu/index.ts';
import { own, parseJson } from '../../../core/text/json-value.ts';
import type { Files } from '../../../io/ports.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import { checkOutput, unwritable, writeKept } from '../../files/output-file.ts';
import type { LiveState } from './live-state.ts';

const anotherName: Text = { en: 'Choose another name for --backup', zh: '请为 --backup 换一个文件名' };

/** A menu as a file that `menu push` takes. */
export function formatMenuFile(menu: unknown): string {
  return `${JSON.stringify(menu, null, 2)}\n`;
}

/** Whether a file cannot be what is about to be written: this tool writes menus in one form, to the byte. */
export function isOtherFile(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  const menu = parseJson(text);
  return menu === undefined || formatMenuFile(menu) !== text;
}

/** Refuses a file of `--backup` that can never become the backup, before anything is asked. */
export async function checkBackup(context: Context, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  await checkOutput(context, path, { force: false, keep: true, hint: anotherName, differs: isOtherFile });
}

/**
 * All that is live in one file: a menu that was made by API as `menu push` takes it, one of the web console in its own
 * shape, with what is in its texts and articles. Rules of the past are left out: nobody matches them, and they cannot be
 * made again.
 */
export function backupOf({ live, made, current }: LiveState): unknown {
  const { conditional = [] } = toMenuFile(
    live.menu,
    live.conditional.filter(({ rule }) => !isPast(rule)),
  );
  const rest = conditional.length === 0 ? {} : { conditional };
  if (live.origin !== 'console') return { button: own(toMenuBody(made), 'button'), ...rest };
  return {
    is_menu_open: own(current, 'is_menu_open'),
    selfmenu_info: own(current, 'selfmenu_info'),
    ...rest,
  };
}

/**
 * Saves what is live, readable by its owner only, in `path` or in the state directory. Returns where, or nothing where
 * this machine has no place for it. A file of `path` with other content stays: it may be the menu that is about to be
 * pushed.
 */
export function backUpMenu(
  context: Context,
  appId: string | undefined,
  state: LiveState,
  path: string | undefined,
): string | undefined {
  const text = formatMenuFile(backupOf(state));
  if (path === undefined) return saveInState(context, appId, text);
  writeKept(context, path, text, anotherName);
  return path;
}

const folderName = 'menu-backups';

function saveInState(context: Context, appId: string | undefined, text: string): string | undefined {
  const { stateDirectory } = context.settings;
  if (stateDirectory === undefined) return undefined;
  const directory = join(stateDirectory, folderName);
  const time = new Date(context.io.clock.now()).toISOString().replaceAll(/[:.]/g, '-');
  const file = join(directory, `${appId ?? 'menu'}-${time}.json`);
  try {
    for (const repaired of context.io.files.makePrivate(directory)) context.warn(repaired);
    context.io.files.write(file, text);
    bringEarlierBackups(context, directory);
    return file;
  } catch (error) {
    const trouble = unwritable(context.io.files, file, error);
    if (!(trouble instanceof WechatMpError)) throw error;
    context.warn(trouble.text);
    return undefined;
  }
}

/** Where backups were at first. Caches are cleaned, and what was replaced is nowhere else. */
function earlierFolder(context: Context): string | undefined {
  const { cacheDirectory } = context.settings;
  return cacheDirectory === undefined ? undefined : join(cacheDirectory, folderName);
}

/** Moves them. One that cannot be moved stays where it is, and what is under way does not suffer. */
function bringEarlierBackups(context: Context, directory: string): void {
  const earlier = earlierFolder(context);
  // On Windows both are the same.
  if (earlier === undefined || earlier === directory) return;
  try {
    const { files } = context.io;
    const names = files.list(earlier).filter((name) => name.endsWith('.json'));
    const moved = names.filter((name) => move(files, join(earlier, name), join(directory, name)));
    if (moved.length === 0) return;
    const backups = moved.length === 1 ? '1 earlier backup' : `${moved.length} earlier backups`;
    context.note({
      en: `Moved ${backups} out of the cache, which is cleaned away: from ${earlier} to ${directory}`,
      zh: `缓存目录可能被清理，已将此前的 ${moved.length} 个备份从 ${earlier} 移到 ${directory}`,
    });
  } catch (error) {
    const trouble = unwritable(context.io.files, directory, error);
    if (!(trouble instanceof WechatMpError)) throw error;
    context.warn({
      en: `Earlier backups stay in ${earlier}: ${trouble.text.en}`,
      zh: `此前的备份仍在 ${earlier}：${trouble.text.zh}`,
    });
  }
}

/** Not by renaming: the two may be on different disks. Nothing that is there already is replaced. */
function move(files: Files, from: string, to: string): boolean {
  if (files.stat(to) !== undefined) return false;
  const content = files.read(from);
  if (content === undefined) return false;
  files.write(to, content);
  files.remove(from);
  return true;
}

/** Where a file is that an earlier run has named as its backup: that line must go on to work. */
export function followBackup(context: Context, path: string): string {
  const { stateDirectory } = context.settings;
  const earlier = earlierFolder(context);
  if (stateDirectory === undefined || earlier === undefined) return path;
  if (path !== join(earlier, basename(path))) return path;
  const { files } = context.io;
  const moved = join(stateDirectory, folderName, basename(path));
  if (files.stat(path) !== undefined || files.stat(moved) === undefined) return path;
  context.note({ en: `Using ${moved}, where that backup is now`, zh: `该备份现位于 ${moved}，使用此文件` });
  return moved;
}

export function noteUndo(context: Context, { live }: LiveState, backup: string): void {
  if (isPushable(live.menu)) {
    context.note({
      en: `Saved what was live; to undo: wechat-mp menu push ${backup}`,
      zh: `已备份线上菜单；撤销方法：wechat-mp menu push ${backup}`,
    });
    return;
  }
  context.warn({
    en: `Saved what was live in ${backup}; some of its buttons can only be made on the web console`,
    zh: `已将线上菜单备份到 ${backup}；其中部分按钮只能在公众平台网页上重新设置`,
  });
}
