/** What reading, writing and locking of files are made of: calls of the system that go on where one is not the whole. */
import { constants } from 'node:fs';
import { systemCode } from '../../core/errors.ts';
import type * as nodeFiles from './raw.ts';

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

export function ignoreMissing<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** As `readSync` of `node:fs`. */
type ReadSome = (descriptor: number, piece: Buffer, offset: number, length: number, position: null) => number;

/** For `openSync`: a named pipe that nobody writes to is opened, too, where otherwise the call would not return. */
export const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a named pipe that was opened `withoutWaiting`. Its end is only an end after a writer was seen; until one is,
 * `limitMs` are waited, then `outOfTime` is called, which throws. A writer that is there has all the time it wants.
 */
export function pipeReader(
  fs: RawFiles,
  system: FileSystemFacts,
  limitMs: number,
  outOfTime: () => never,
): ReadSome {
  const stepMs = 20;
  let hasWriter = false;
  return (...request) => {
    for (let waitedMs = 0; hasWriter || waitedMs <= limitMs; waitedMs += stepMs) {
      try {
        const count = fs.readSync(...request);
        hasWriter ||= count > 0;
        if (hasWriter) return count;
      } catch (error) {
        if (systemCode(error) !== 'EAGAIN') throw error;
        hasWriter = true;
      }
      system.pause(stepMs);
    }
    return outOfTime();
  };
}

/** What is asked for at a time where the size is not known, as with a pipe. */
const CHUNK_BYTES = 65_536;

/**
 * Everything to the end, `undefined` where that does not come within `maxBytes`. The size is only a first guess: pipes,
 * devices and the files of /proc say 0, and another process may be writing.
 */
export function readAll(
  fs: RawFiles,
  descriptor: number,
  size: number,
  maxBytes: number,
  read: ReadSome = fs.readSync,
): Buffer | undefined {
  const full: Buffer[] = [];
  // One byte more than the size, so that a file that is as long as it says is read into one piece.
  let piece = Buffer.allocUnsafe(Math.min(size || CHUNK_BYTES, maxBytes) + 1);
  let used = 0;
  for (let total = 0; total <= maxBytes;) {
    const count = read(descriptor, piece, used, piece.length - used, null);
    if (count === 0) return Buffer.concat([...full, piece.subarray(0, used)], total);
    total += count;
    used += count;
    if (used < piece.length) continue;
    full.push(piece);
    piece = Buffer.allocUnsafe(CHUNK_BYTES);
    used = 0;
  }
  return undefined;
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

export function checkTemporary(fs: RawFiles, descriptor: number, size: number, mode: number): void {
  const found = fs.fstatSync(descriptor);
  if (found.size !== size) throw systemError('EIO', `the file has ${found.size} of ${size} bytes`);
  // A private file is 0600 under any umask; other modes are what the umask leaves of them.
  if ((mode & 0o077) === 0 && (found.mode & 0o777) !== mode) quietly(() => fs.fchmodSync(descriptor, mode));
}

/** One `write` may take only a part: that is how a full disk shows itself first. */
export function writeAll(fs: RawFiles, descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    const count = fs.writeSync(descriptor, bytes, written, bytes.length - written);
    if (count === 0) throw systemError('EIO', 'the system wrote nothing');
    written += count;
  }
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

export function systemError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}

export function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // What was wanted here only makes things better; nothing depends on it.
  }
}
