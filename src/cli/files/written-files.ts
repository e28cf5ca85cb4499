/** What this tool has written into people's folders: a text nobody has touched since may be replaced without asking. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { isObject } from '../../core/text/json-value.ts';
import type { Context } from '../context.ts';

/** Enough for the files of years; what falls out only needs `--force` once. */
const maxEntries = 500;

/** Whether the bytes at this place are exactly what this tool left there. Without a state directory nobody knows. */
export function isUntouched(context: Context, path: string, bytes: Uint8Array): boolean {
  const place = recordPlace(context);
  if (place === undefined) return false;
  return readRecord(context, place.file).get(absolute(context, path)) === hashOf(bytes);
}

/** Remembers what was written. Where that fails the file is written all the same, and the next run asks for `--force`. */
export function remember(context: Context, path: string, bytes: Uint8Array): void {
  const place = recordPlace(context);
  if (place === undefined) return;
  const { files } = context.io;
  try {
    files.makePrivate(place.folder);
    const record = readRecord(context, place.file);
    const key = absolute(context, path);
    record.delete(key);
    record.set(key, hashOf(bytes));
    const newest = [...record].slice(-maxEntries).map(([file, sha256]) => ({ file, sha256 }));
    files.write(place.file, `${JSON.stringify(newest, null, 1)}\n`);
  } catch (error) {
    context.verbose({
      en: `Could not remember that "${path}" was written: ${reason(error)}`,
      zh: `无法记录已写入 "${path}"：${reason(error)}`,
    });
  }
}

function recordPlace(context: Context): { readonly folder: string; readonly file: string } | undefined {
  const { stateDirectory } = context.settings;
  if (stateDirectory === undefined) return undefined;
  const folder = join(stateDirectory, 'written');
  return { folder, file: join(folder, 'files.json') };
}

/** SHA-256 by absolute path, the oldest first. A record that cannot be read is none. */
function readRecord(context: Context, file: string): Map<string, string> {
  try {
    const list: unknown = JSON.parse(context.io.files.read(file)?.toString('utf8') ?? '[]');
    const entries = Array.isArray(list) ? list.filter(isEntry) : [];
    return new Map(entries.map((entry) => [entry.file, entry.sha256]));
  } catch {
    return new Map();
  }
}

function isEntry(value: unknown): value is { readonly file: string; readonly sha256: string } {
  return isObject(value) && typeof value['file'] === 'string' && typeof value['sha256'] === 'string';
}

function absolute(context: Context, path: string): string {
  return resolve(context.io.directory, path);
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
