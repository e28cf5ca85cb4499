/** Backups of menus: a menu that is replaced or deleted can be pushed again. */
import { join } from 'node:path';
import { usageError, WechatMpError } from '../core/errors.ts';
import type { Text } from '../core/text.ts';
import type { Context } from './context.ts';
import { unwritable, writeOutput } from './output-file.ts';

/** A menu as a file that `menu push` takes. */
export function formatMenuFile(menu: unknown): string {
  return `${JSON.stringify(menu, null, 2)}\n`;
}

/**
 * Saves what is live, in `path` or privately in the cache directory. Returns where, or nothing where this machine has no
 * place for a cache. A file of `path` with other content stays: it may be the menu that is about to be pushed.
 */
export function backUpMenu(
  context: Context,
  appId: string | undefined,
  menu: unknown,
  path: string | undefined,
): string | undefined {
  if (path !== undefined) {
    writeOutput(context, path, formatMenuFile(menu), { force: false, hint: anotherName });
    return path;
  }
  const { cacheDirectory } = context.settings;
  if (cacheDirectory === undefined) return undefined;
  const directory = join(cacheDirectory, 'menu-backups');
  const time = new Date(context.io.clock.now()).toISOString().replaceAll(/[:.]/g, '-');
  const file = join(directory, `${appId ?? 'menu'}-${time}.json`);
  try {
    for (const repaired of context.io.files.makePrivate(directory)) context.warn(repaired);
    context.io.files.write(file, formatMenuFile(menu));
    return file;
  } catch (error) {
    const trouble = unwritable(file, error);
    if (!(trouble instanceof WechatMpError)) throw error;
    context.warn(trouble.text);
    return undefined;
  }
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
