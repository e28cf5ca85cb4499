/** Backups of menus: a menu that is replaced or deleted can be pushed again. */
import { join } from 'node:path';
import type { Context } from './context.ts';

/** A menu as a file that `menu push` takes. */
export function formatMenuFile(menu: unknown): string {
  return `${JSON.stringify(menu, null, 2)}\n`;
}

/** Saves what is live, privately, in the cache directory or in `path`. Returns where, or nothing if there is no place. */
export function backUpMenu(
  context: Context,
  appId: string,
  menu: unknown,
  path: string | undefined,
): string | undefined {
  if (path !== undefined) {
    context.io.files.write(path, formatMenuFile(menu));
    return path;
  }
  const { cacheDirectory } = context.settings;
  if (cacheDirectory === undefined) return undefined;
  const directory = join(cacheDirectory, 'menu-backups');
  for (const repaired of context.io.files.makePrivate(directory)) context.warn(repaired);
  const time = new Date(context.io.clock.now()).toISOString().replaceAll(/[:.]/g, '-');
  const file = join(directory, `${appId}-${time}.json`);
  context.io.files.write(file, formatMenuFile(menu));
  return file;
}
