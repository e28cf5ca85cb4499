/** The tool's files: written whole or not at all, and private. */
import { dirname, join } from 'node:path';
import type { Text } from '../../core/text/text.ts';
import { localError, systemCode, type WechatMpError } from '../../core/errors.ts';
import { noWriter, pipeWaitMs, readLimits, tooLarge } from '../../core/text/read-limits.ts';
import {
  checkTemporary,
  ignoreMissing,
  openTemporary,
  pipeReader,
  quietly,
  readAll,
  retryBusy,
  thisSystem,
  withoutWaiting,
  writeAll,
  type FileSystemFacts,
  type RawFiles,
} from './steps.ts';
import type { Files } from '../ports.ts';
import * as nodeFiles from './raw.ts';

/** The files of this machine. */
export function createFiles(fs: RawFiles = nodeFiles, system: FileSystemFacts = thisSystem): Files {
  return {
    read: (file, maxBytes = readLimits.own) => readWhole(fs, system, file, maxBytes),
    write: (file, data, mode = 0o600, { sync = true } = {}) => writeWhole(fs, system, file, data, mode, sync),
    makeFolder: (directory) => void makeDirectory(fs, directory, 0o777),
    remove: (file) => ignoreMissing(() => retryBusy(system, () => fs.unlinkSync(file))),
    rename: (from, to) => retryBusy(system, () => fs.renameSync(from, to)),
    list: (directory) => ignoreMissing(() => fs.readdirSync(directory)) ?? [],
    entries: (directory) => fs.readdirSync(directory, { withFileTypes: true }),
    makePrivate: (directory, isOurs) => makePrivate(fs, system, directory, isOurs),
    append: (file, data) => {
      fs.appendFileSync(file, data);
    },
    stat: (file) => {
      const found = fs.statSync(file, { throwIfNoEntry: false });
      return (
        found && {
          // Where users have no numbers, the bits of others are made up.
          mode: found.mode & (system.userId === undefined ? 0o7700 : 0o7777),
          mtimeMs: found.mtimeMs,
          size: found.size,
          directory: found.isDirectory(),
        }
      );
    },
  };
}

function readWhole(
  fs: RawFiles,
  system: FileSystemFacts,
  file: string,
  maxBytes: number,
): Buffer | undefined {
  // Asked first: an exception for a file that is not there costs ten times the question.
  const found = fs.statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (found.size > maxBytes && found.isFile()) throw tooLarge(file, maxBytes);
  // The pipes of /dev/fd and /proc have no name to open for writing: without a writer they are at their end.
  const isNamedPipe = found.isFIFO() && !/^\/(?:dev|proc)\//.test(file);
  const descriptor = ignoreMissing(() => fs.openSync(file, isNamedPipe ? withoutWaiting : 'r'));
  if (descriptor === undefined) return undefined;
  try {
    const read = isNamedPipe ? pipeReader(fs, system, pipeWaitMs, () => refusePipe(file)) : fs.readSync;
    const bytes = readAll(fs, descriptor, found.size, maxBytes, read);
    if (bytes === undefined) throw tooLarge(file, maxBytes);
    return bytes;
  } finally {
    fs.closeSync(descriptor);
  }
}

function refusePipe(file: string): never {
  throw noWriter(file);
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
  return localError(
    'foreign_owner',
    {
      en: `Cannot use the directory "${directory}": it must belong to user ${user}, but belongs to user ${owner}`,
      zh: `无法使用目录 "${directory}"：它应属于用户 ${user}，实际属于用户 ${owner}`,
    },
    {
      en: 'Set WECHAT_MP_CONFIG_DIR, WECHAT_MP_CACHE_DIR and WECHAT_MP_STATE_DIR to directories of your own',
      zh: '请把 WECHAT_MP_CONFIG_DIR、WECHAT_MP_CACHE_DIR 和 WECHAT_MP_STATE_DIR 设为自己的目录',
    },
    { path: directory },
  );
}
