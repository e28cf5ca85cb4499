/** What lies on the disk: files, locks, and a body that is written down on its way. */
import type { Dirent } from 'node:fs';
import type { Text } from '../../core/text/text.ts';

/** Files of the tool. Everything is synchronous: a command reads few and small ones, and that is the fastest start. */
export interface Files {
  /**
   * The whole file, or `undefined` where there is none. Throws an input error (`file_too_large`) where more than
   * `maxBytes` come, also out of a device or a pipe; the limit of our own files unless told otherwise. Throws the
   * system's error for anything else.
   */
  read(path: string, maxBytes?: number): Buffer | undefined;
  /**
   * Writes the whole file or leaves the old one untouched: private temporary file, fsync, size check, rename.
   * `mode` is 0600 unless told otherwise. Throws the system's error (ENOSPC, EACCES, EROFS …).
   * `sync: false` leaves out the fsync, for one of thousands of files whose content is checked before it is relied on:
   * a loss of power may then leave an empty one.
   */
  write(path: string, data: string | Uint8Array, mode?: number, options?: { readonly sync?: boolean }): void;
  /** Makes a directory and its parents for everybody to see, where they are missing. */
  makeFolder(directory: string): void;
  /** Removes a file; silent where there is none. */
  remove(path: string): void;
  /** Renames within one file system. */
  rename(from: string, to: string): void;
  /** Names in a directory; empty where there is none. */
  list(directory: string): string[];
  /** What stands in a directory, in no order; a link is neither a file nor a directory. Throws the system's error. */
  entries(directory: string): readonly Pick<Dirent, 'name' | 'isFile' | 'isDirectory' | 'isSymbolicLink'>[];
  /**
   * Makes a directory and its parents with mode 0700, and the files in it that are ours (all, unless told otherwise)
   * private; repairs a wider mode of an existing one and returns what was repaired. Throws a `WechatMpError` (family `local`) for a foreign owner.
   */
  makePrivate(directory: string, isOurs?: (name: string) => boolean): readonly Text[];
  /** Adds to the end of a file that somebody else keeps, as `$GITHUB_OUTPUT` is; makes it where there is none. */
  append(path: string, data: string): void;
  /** Mode, age, size and kind of a file, or `undefined` where there is none. */
  stat(path: string): FileFacts | undefined;
}

/** Files that are long in the making, beside other work: a slow disk keeps nobody waiting who does not need it. */
export interface ManyFiles {
  /**
   * As `Files.write` of a private file; other work goes on between the parts, and while the disk takes them. Rejects with
   * the reason of the signal, and leaves the old file, where that comes before the new one is whole.
   */
  writeParts(path: string, parts: readonly string[], signal: AbortSignal): Promise<void>;
  /** Makes a file that must not be there yet (EEXIST, also for a symbolic link), with mode 0644, to add to. */
  create(path: string): GrowingFile;
}

/** A file that is open for adding. */
export interface GrowingFile {
  /** Adds to the end, whole or nothing; only a death in the middle, or a disk that fails altogether, leaves a part. */
  add(data: string): void;
  /** What was added before survives a loss of power from the time it resolves. */
  sync(): Promise<void>;
  close(): void;
}

export interface FileFacts {
  /** Permissions, without those of others on Windows, where they mean nothing. */
  readonly mode: number;
  readonly mtimeMs: number;
  readonly size: number;
  readonly directory: boolean;
}

/** Who holds a lock, as far as its file says. */
export interface LockHolder {
  readonly host?: string;
  readonly pid?: number;
  /** How long the lock has been held, in milliseconds of the file system's clock. */
  readonly ageMs: number;
}

/** A lock between processes that survives the death of its holder at any point. */
export interface Locks {
  /**
   * One attempt. Removes a dead holder's lock, but leaves the next attempt to the caller.
   * A holder is dead after 30 s, or `leaseMs`, unless it calls `renew` more often; with `whileAlive` a process of this
   * machine is not dead before it has ended.
   */
  tryLock(path: string, options?: { readonly whileAlive?: boolean; readonly leaseMs?: number }): LockAttempt;
}

export type LockAttempt =
  | {
      readonly held: true;
      /** Whether it was still ours. Never throws for trouble of the disk: then the lock stays, and dies with its owner. */
      unlock(): boolean;
      /** Begins the lease anew. `false` when the lock is no longer ours. */
      renew(): boolean;
    }
  | { readonly held: false; readonly holder: LockHolder };

/** A body of unknown length, written down to be sent again with its length. */
export interface Spool {
  add(bytes: Uint8Array): Promise<void>;
  /** From the beginning. */
  read(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}
