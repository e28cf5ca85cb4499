/** Backups of menus: a menu that is replaced or deleted can be pushed again. */
import { join } from 'node:path';
import { isPast } from '../core/conditional-plan.ts';
import { usageError, WechatMpError } from '../core/errors.ts';
import { own } from '../core/json-value.ts';
import { toMenuFile } from '../core/live-menu.ts';
import { isPushable, toMenuBody } from '../core/menu.ts';
import type { Text } from '../core/text.ts';
import type { Context } from './context.ts';
import type { LiveState } from './menu-plan.ts';
import { unwritable, writeOutput } from './output-file.ts';

/** A menu as a file that `menu push` takes. */
export function formatMenuFile(menu: unknown): string {
  return `${JSON.stringify(menu, null, 2)}\n`;
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
 * Saves what is live, readable by its owner only, in `path` or in the cache directory, and says how to undo. Returns
 * where, or nothing where this machine has no place for a cache. A file of `path` with other content stays: it may be
 * the menu that is about to be pushed.
 */
export function backUpMenu(
  context: Context,
  appId: string | undefined,
  state: LiveState,
  path: string | undefined,
): string | undefined {
  const text = formatMenuFile(backupOf(state));
  if (path === undefined) return saveInCache(context, appId, text);
  writeOutput(context, path, text, { force: false, private: true, hint: anotherName });
  return path;
}

function saveInCache(context: Context, appId: string | undefined, text: string): string | undefined {
  const { cacheDirectory } = context.settings;
  if (cacheDirectory === undefined) return undefined;
  const directory = join(cacheDirectory, 'menu-backups');
  const time = new Date(context.io.clock.now()).toISOString().replaceAll(/[:.]/g, '-');
  const file = join(directory, `${appId ?? 'menu'}-${time}.json`);
  try {
    for (const repaired of context.io.files.makePrivate(directory)) context.warn(repaired);
    context.io.files.write(file, text);
    return file;
  } catch (error) {
    const trouble = unwritable(file, error);
    if (!(trouble instanceof WechatMpError)) throw error;
    context.warn(trouble.text);
    return undefined;
  }
}

/** How to get back what was saved. */
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

const anotherName: Text = { en: 'Choose another name for --backup', zh: '请为 --backup 换一个文件名' };

export function bothBackups(): WechatMpError {
  return usageError('flags_conflict', {
    en: 'Flags --backup and --no-backup exclude each other',
    zh: '--backup 与 --no-backup 不能同时使用',
  });
}

/** What is deleted is gone, so this is asked for explicitly. */
export function noPlaceForBackup(): WechatMpError {
  return new WechatMpError({
    family: 'local',
    type: 'no_backup',
    text: {
      en: 'Cannot back up the menu that would be deleted; nothing was deleted',
      zh: '无法备份将要删除的菜单；未删除任何内容',
    },
    hint: {
      en: 'Name a place with --backup <file>, or do without: --no-backup',
      zh: '用 --backup <文件> 指定位置，或用 --no-backup 放弃备份',
    },
  });
}
