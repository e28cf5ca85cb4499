/** The tool's files: written whole or not at all, and private. */
import { dirname, join } from 'node:path';
import type { Text } from '../core/text.ts';
import { WechatMpError } from '../core/errors.ts';
import type { Files } from './ports.ts';
import * as nodeFiles from './raw-files.ts';

/** Tests pass one whose nth call fails. */
export type RawFiles = typeof nodeFiles;

/** The facts of the system that decide how files behave. */
export interface FileSystemFacts {
  readonly platform: string;
  /** Whose process this is; `undefined` where users have no numbers (Windows). */
  readonly userId: number | undefined;
  /** Blocks for that many milliseconds. */
  pause(milliseconds: number): void;
}

export const thisSystem: FileSystemFacts = {
  platform: process.platform,
  userId: process.geteuid?.(),
  pause(milliseconds) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  },
};

/** The files of this machine. */
export function createFiles(fs: RawFiles = nodeFiles, system: FileSystemFacts = thisSystem): Files {
  return {
    // Asked first: an exception for a file that is not there costs ten times the question.
    read: (file) =>
      fs.statSync(file, { throwIfNoEntry: false }) && ignoreMissing(() => fs.readFileSync(file)),
    write: (file, data, mode = 0o600, { sync = true } = {}) => writeWhole(fs, system, file, data, mode, sync),
    create: (file) => {
      const descriptor = fs.openSync(file, 'wx', 0o644);
      return {
        add: (data) => writeAll(fs, descriptor, Buffer.from(data)),
        sync: () => fs.fsyncSync(descriptor),
        close: () => fs.closeSync(descriptor),
      };
    },
    makeFolder: (directory) => void makeDirectory(fs, directory, 0o777),
    remove: (file) => ignoreMissing(() => retryBusy(system, () => fs.unlinkSync(file))),
    rename: (from, to) => retryBusy(system, () => fs.renameSync(from, to)),
    list: (directory) => ignoreMissing(() => fs.readdirSync(directory)) ?? [],
    makePrivate: (directory, isOurs) => makePrivate(fs, system, directory, isOurs),
    append: (file, data) => {
      fs.appendFileSync(file, data);
    },
    stat: (file) => {
      const found = fs.statSync(file, { throwIfNoEntry: false });
      return (
        found && {
          mode: found.mode & 0o7777,
          mtimeMs: found.mtimeMs,
          size: found.size,
          directory: found.isDirectory(),
        }
      );
    },
  };
}

/** The code of a system error, for example `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function ignoreMissing<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function writeWhole(
  fs: RawFiles,
  system: FileSystemFacts,
  file: string,
  data: string | Uint8Array,
  mode: number,
  sync: boolean,
): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  const temporary = openTemporary(fs, file, mode);
  try {
    try {
      writeAll(fs, temporary.descriptor, bytes);
      if (sync) fs.fsyncSync(temporary.descriptor);
      checkTemporary(fs, temporary.descriptor, bytes.length, mode);
    } finally {
      // Closing may be what reports the full disk (NFS), so its error counts.
      fs.closeSync(temporary.descriptor);
    }
    retryBusy(system, () => fs.renameSync(temporary.name, file));
  } catch (error) {
    quietly(() => fs.unlinkSync(temporary.name));
    throw error;
  }
  if (sync) syncDirectory(fs, dirname(file));
}

/**
 * A new file that nobody else has: `wx` refuses an existing name and a symbolic link. The name is drawn anew for each
 * try; derived from the process number alone, two containers with one volume would share it.
 */
export function openTemporary(
  fs: RawFiles,
  file: string,
  mode: number,
): { readonly name: string; readonly descriptor: number } {
  for (let attempt = 1; ; attempt += 1) {
    const name = `${file}.${Math.random().toString(36).slice(2, 14)}.tmp`;
    try {
      return { name, descriptor: fs.openSync(name, 'wx', mode) };
    } catch (error) {
      if (systemCode(error) !== 'EEXIST' || attempt === 5) throw error;
    }
  }
}

/** One `write` may take only a part: that is how a full disk shows itself first. */
export function writeAll(fs: RawFiles, descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    const count = fs.writeSync(descriptor, bytes, written, bytes.length - written);
    if (count === 0) throw systemError('EIO', 'the system wrote nothing');
    written += count;
  }
}

function checkTemporary(fs: RawFiles, descriptor: number, size: number, mode: number): void {
  const found = fs.fstatSync(descriptor);
  if (found.size !== size) throw systemError('EIO', `the file has ${found.size} of ${size} bytes`);
  // A private file is 0600 under any umask; other modes are what the umask leaves of them.
  if ((mode & 0o077) === 0 && (found.mode & 0o777) !== mode) quietly(() => fs.fchmodSync(descriptor, mode));
}

/** Makes the rename last. Not every system can do that to a directory, and the file is good without it. */
function syncDirectory(fs: RawFiles, directory: string): void {
  quietly(() => {
    const descriptor = fs.openSync(directory, 'r');
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

const BUSY = new Set(['EPERM', 'EACCES', 'EBUSY']);
const LONGEST_BUSY_MS = 1000;

/** On Windows a file that somebody reads at this moment can be neither replaced nor removed. */
export function retryBusy(system: FileSystemFacts, work: () => void): void {
  let waitedMs = 0;
  for (let delayMs = 10; ; delayMs *= 2) {
    try {
      work();
      return;
    } catch (error) {
      const busy = system.platform === 'win32' && BUSY.has(systemCode(error) ?? '');
      if (!busy || waitedMs + delayMs > LONGEST_BUSY_MS) throw error;
      system.pause(delayMs);
      waitedMs += delayMs;
    }
  }
}

function makePrivate(
  fs: RawFiles,
  system: FileSystemFacts,
  directory: string,
  isOurs: (name: string) => boolean = () => true,
): readonly Text[] {
  const created = makeDirectory(fs, directory);
  if (system.userId === undefined) return [];
  const found = fs.statSync(directory);
  if (found.uid !== system.userId) throw foreignOwner(directory, found.uid, system.userId);
  if (created && (found.mode & 0o777) !== 0o700) fs.chmodSync(directory, 0o700);
  const reports = created ? [] : narrow(fs, directory, found.mode, 0o700);
  for (const name of fs.readdirSync(directory).filter(isOurs)) {
    const file = join(directory, name);
    const entry = ignoreMissing(() => fs.lstatSync(file));
    if (entry?.isFile() === true && entry.uid === system.userId) {
      reports.push(...narrow(fs, file, entry.mode, 0o600));
    }
  }
  return reports;
}

/**
 * Makes the directory and its parents, one by one. Returns whether it was missing.
 *
 * Node's own recursive mkdir says "no such directory" for a read-only file system, and never ends where mkdir itself
 * answers that for a directory whose parent is there, as below /proc.
 */
function makeDirectory(fs: RawFiles, directory: string, mode = 0o700): boolean {
  for (let withParent = false; ; withParent = true) {
    try {
      fs.mkdirSync(directory, { mode });
      return true;
    } catch (error) {
      // There: from the start, or made by another process in this very moment.
      if (isDirectory(fs, directory)) return false;
      const parent = dirname(directory);
      if (systemCode(error) !== 'ENOENT' || withParent || parent === directory) throw error;
      makeDirectory(fs, parent, mode);
    }
  }
}

function isDirectory(fs: RawFiles, directory: string): boolean {
  try {
    return fs.statSync(directory).isDirectory();
  } catch {
    return false;
  }
}

/** Takes from a mode what others may do, and says so. */
function narrow(fs: RawFiles, file: string, mode: number, wanted: number): Text[] {
  if ((mode & 0o077) === 0) return [];
  quietly(() => fs.chmodSync(file, wanted));
  const now = ignoreMissing(() => fs.lstatSync(file));
  // Gone: it was the temporary file of another process.
  if (now === undefined) return [];
  const before = octal(mode);
  // FAT, SMB and the like keep no modes, whatever chmod says.
  return (now.mode & 0o077) === 0 || now.isSymbolicLink()
    ? [
        {
          en: `Repaired the mode of "${file}": it was ${before} and is now ${octal(wanted)}`,
          zh: `已修正 "${file}" 的权限：原为 ${before}，现为 ${octal(wanted)}`,
        },
      ]
    : [
        {
          en: `Cannot make "${file}" private: its mode is ${before} and the file system keeps it`,
          zh: `无法把 "${file}" 设为私有：权限为 ${before}，文件系统不允许更改`,
        },
      ];
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}

function foreignOwner(directory: string, owner: number, user: number): WechatMpError {
  return new WechatMpError({
    family: 'local',
    type: 'foreign_owner',
    text: {
      en: `Cannot use the directory "${directory}": it must belong to user ${user}, but belongs to user ${owner}`,
      zh: `无法使用目录 "${directory}"：它应属于用户 ${user}，实际属于用户 ${owner}`,
    },
    hint: {
      en: 'Set WECHAT_MP_CONFIG_DIR and WECHAT_MP_CACHE_DIR to directories of your own',
      zh: '请把 WECHAT_MP_CONFIG_DIR 和 WECHAT_MP_CACHE_DIR 设为自己的目录',
    },
    facts: { path: directory },
  });
}

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // What was wanted here only makes things better; nothing depends on it.
  }
}
