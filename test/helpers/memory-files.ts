/** Files in memory, as `io/files/files.ts` keeps them on a disk: parents must exist, and errors have the system's codes. */
import path from 'node:path';
import { tooLarge } from '../../src/core/text/read-limits.ts';
import type { Files, ManyFiles } from '../../src/io/ports.ts';

export interface MemoryFiles extends Files {
  /** Every file by its absolute path. */
  readonly contents: ReadonlyMap<string, Buffer>;
  /** The same files for what is long in the making. */
  readonly many: ManyFiles;
  /** From now on this call fails with this code. */
  fail(operation: 'read' | 'write' | 'append' | 'stat', file: string, code: string): void;
  /** From now on nothing fails. */
  heal(): void;
}

export function createMemoryFiles(
  start: Readonly<Record<string, string | Uint8Array>>,
  directory: string,
): MemoryFiles {
  const contents = new Map<string, Buffer>();
  const folders = new Set(['/']);
  const failures = new Map<string, string>();
  const absolute = (name: string): string => path.posix.resolve(directory, name);
  const makeFolder = (name: string): void => {
    for (let folder = name; !folders.has(folder); folder = path.posix.dirname(folder)) folders.add(folder);
  };
  const meet = (operation: string, name: string): string => {
    const file = absolute(name);
    const code = failures.get(`${operation} ${file}`);
    if (code !== undefined) throw systemError(code, file);
    return file;
  };
  const put = (file: string, data: string | Uint8Array): void => {
    if (folders.has(file)) throw systemError('EISDIR', file);
    if (!folders.has(path.posix.dirname(file))) throw systemError('ENOENT', file);
    contents.set(file, Buffer.from(data));
  };
  makeFolder(directory);
  for (const [name, data] of Object.entries(start)) {
    makeFolder(path.posix.dirname(absolute(name)));
    put(absolute(name), data);
  }
  const many: ManyFiles = {
    writeParts: async (name, parts) => put(meet('write', name), parts.join('')),
    create(name) {
      const file = meet('create', name);
      if (contents.has(file)) throw systemError('EEXIST', file);
      put(file, '');
      return {
        add: (data) =>
          put(
            meet('append', name),
            Buffer.concat([contents.get(file) ?? Buffer.alloc(0), Buffer.from(data)]),
          ),
        sync: async () => {},
        close: () => {},
      };
    },
  };
  return {
    contents,
    many,
    fail: (operation, file, code) => failures.set(`${operation} ${absolute(file)}`, code),
    heal: () => failures.clear(),
    read(name, maxBytes = Number.POSITIVE_INFINITY) {
      const file = meet('read', name);
      if (folders.has(file)) throw systemError('EISDIR', file);
      const data = contents.get(file);
      if (data !== undefined && data.length > maxBytes) throw tooLarge(name, maxBytes);
      return data && Buffer.from(data);
    },
    write: (name, data) => put(meet('write', name), data),
    makeFolder: (name) => makeFolder(absolute(name)),
    append(name, data) {
      const file = meet('append', name);
      put(file, Buffer.concat([contents.get(file) ?? Buffer.alloc(0), Buffer.from(data)]));
    },
    remove: (name) => void contents.delete(absolute(name)),
    rename(from, to) {
      put(absolute(to), contents.get(absolute(from)) ?? '');
      contents.delete(absolute(from));
    },
    list: (name) =>
      [...contents.keys()]
        .filter((file) => path.posix.dirname(file) === absolute(name))
        .map((file) => path.posix.basename(file)),
    entries(name) {
      if (!folders.has(absolute(name))) throw systemError('ENOENT', name);
      return [...contents.keys(), ...folders]
        .filter((file) => path.posix.dirname(file) === absolute(name) && file !== '/')
        .map((file) => ({
          name: path.posix.basename(file),
          isDirectory: () => folders.has(file),
          isFile: () => contents.has(file),
          isSymbolicLink: () => false,
        }));
    },
    makePrivate(name) {
      makeFolder(absolute(name));
      return [];
    },
    stat(name) {
      const file = meet('stat', name);
      const isFolder = folders.has(file);
      if (!isFolder && !contents.has(file)) return undefined;
      return {
        mode: isFolder ? 0o700 : 0o600,
        mtimeMs: 0,
        size: contents.get(file)?.length ?? 0,
        directory: isFolder,
      };
    },
  };
}

export function systemError(code: string, file: string): Error {
  return Object.assign(new Error(`${code}: ${file}`), { code });
}
