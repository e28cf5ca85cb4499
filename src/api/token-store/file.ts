/** The default token store: one private file for each credential, in the `tokens` folder of the cache directory. */
import {
  chooseEntry,
  type CredentialKey,
  formatEntry,
  formatSetback,
  nameCredentialKey,
  parseEntry,
  parseSetback,
  type StoredEntry,
} from '../../core/token/index.ts';
import { systemCode, WechatMpError } from '../../core/errors.ts';
import type { Text } from '../../core/text/text.ts';
import type { Clock, Files, Locks } from '../../io/ports.ts';
import type { Reading, TokenStore } from './store.ts';
import { noPlace, openToOthers, storeTrouble } from './texts.ts';

/** A holder that has not renewed its lock for so long is stopped or hangs: a busy machine delays it less. */
const SILENT_HOLDER_MS = 5000;

export interface FileStoreParts {
  readonly files: Files;
  /** Loaded only by those who have to ask the platform; most commands find a fresh token. */
  readonly locks: () => Promise<Locks>;
  readonly clock: Clock;
  /** The tool's cache directory; `undefined` where there is no place for one. */
  readonly directory: string | undefined;
  /** Told about modes that had to be repaired. */
  readonly note: (text: Text) => void;
}

export function createFileStore(parts: FileStoreParts): TokenStore {
  const { files, locks } = parts;
  const pathOf = (key: CredentialKey, ending: 'json' | 'setback' | 'lock'): string =>
    `${folderIn(parts.directory)}/${nameCredentialKey(key)}.${ending}`;
  const lookAtModes = modeKeeper(parts);
  let prepared = false;
  /** Only those who write come here: the warm path is one read and a look at modes. */
  const writing = <T>(path: string, work: () => T): T => {
    try {
      if (!prepared) files.makePrivate(folderIn(parts.directory)).forEach((text) => parts.note(text));
      prepared = true;
      return work();
    } catch (error) {
      prepared = false;
      throw storeTrouble('write', path, error);
    }
  };

  return {
    required: false,
    async read(key) {
      const path = pathOf(key, 'json');
      try {
        const reading = readEntry(files, path, key);
        if (reading.entry !== undefined) lookAtModes(path);
        return reading;
      } catch (error) {
        throw storeTrouble('read', path, error);
      }
    },
    async tryLock(key) {
      const path = pathOf(key, 'lock');
      const loaded = await locks();
      return writing(folderIn(parts.directory), () => loaded.tryLock(path, leaseOf(key)));
    },
    async publish(key, candidate, failed) {
      const path = pathOf(key, 'json');
      return writing(path, () => {
        const standing = publishEntry(parts, path, key, candidate, failed);
        lookAtModes(path);
        files.remove(pathOf(key, 'setback'));
        collectGarbage(files, folderIn(parts.directory), path);
        return standing;
      });
    },
    async readSetback(key) {
      try {
        const bytes = files.read(pathOf(key, 'setback'));
        return bytes && parseSetback(bytes);
      } catch {
        // It only saves requests; whatever is wrong with the folder shows itself at the entry.
        return undefined;
      }
    },
    async writeSetback(key, setback) {
      const path = pathOf(key, 'setback');
      writing(path, () => {
        files.write(path, formatSetback(setback));
      });
    },
    async clear(key) {
      const path = pathOf(key, 'json');
      try {
        return forget(files, path, pathOf(key, 'setback'));
      } catch (error) {
        throw storeTrouble('write', path, error);
      }
    },
  };
}

/** Returns whether there was an entry. */
function forget(files: Files, entry: string, setback: string): boolean {
  const existed = files.stat(entry) !== undefined;
  files.remove(entry);
  files.remove(setback);
  return existed;
}

/** Looks once: those who wait for another process read the entry many times. */
function modeKeeper(parts: FileStoreParts): (path: string) => void {
  let looked = false;
  return (path) => {
    if (!looked) closeToOthers(parts, path);
    looked = true;
  };
}

/** A token that others may read is theirs, and one that they may replace sends what we write to their account. */
function closeToOthers({ files, directory, note }: FileStoreParts, path: string): void {
  const folder = folderIn(directory);
  const bits = [path, folder].reduce((all, each) => all | (files.stat(each)?.mode ?? 0), 0);
  try {
    if ((bits & 0o077) !== 0) files.makePrivate(folder).forEach(note);
  } catch (error) {
    // A folder of another user is refused where anybody could have put the token there.
    if ((bits & 0o022) !== 0) throw error;
  }
  // The folder above may be shared on purpose, as /tmp is with its sticky bit; that is not ours to change.
  const above = files.stat(directory ?? '')?.mode ?? 0;
  if ((above & 0o022) !== 0 && (above & 0o1000) === 0) note(openToOthers(directory ?? '', above));
}

function leaseOf({ endpoint }: CredentialKey): { readonly leaseMs?: number } {
  return endpoint === 'token' ? {} : { leaseMs: SILENT_HOLDER_MS };
}

function folderIn(directory: string | undefined): string {
  if (directory === undefined) throw noPlace();
  return `${directory}/tokens`;
}

/** Read, compare, write. Whoever holds the lock is alone here; one who lost it must not undo what came later. */
function publishEntry(
  { files, clock }: FileStoreParts,
  path: string,
  key: CredentialKey,
  candidate: StoredEntry,
  failed: string | undefined,
): StoredEntry {
  const reading = readUnlessForbidden(files, path, key);
  const standing = chooseEntry(reading.entry, candidate, clock.now(), failed);
  if (standing === reading.entry) return standing;
  // Only here, under the lock: outside, another process may have repaired the file since it was read.
  if (reading.damaged !== undefined) files.rename(path, `${path}.corrupt-${clock.now()}`);
  files.write(path, formatEntry(standing));
  return standing;
}

/** An entry that this user may not read is replaced by one that it may. */
function readUnlessForbidden(files: Files, path: string, key: CredentialKey): Reading {
  try {
    return readEntry(files, path, key);
  } catch (error) {
    if (systemCode(error) === 'EACCES') return {};
    throw error;
  }
}

function readEntry(files: Files, path: string, key: CredentialKey): Reading {
  let bytes: Uint8Array | undefined;
  try {
    bytes = files.read(path);
  } catch (error) {
    const isForeign = error instanceof WechatMpError && error.type === 'file_too_large';
    if (!isForeign && systemCode(error) !== 'EISDIR') throw error;
    return { damaged: path };
  }
  if (bytes === undefined) return {};
  const entry = parseEntry(bytes, key);
  return entry === undefined ? { damaged: path } : { entry };
}

/** Temporary files and guards live for milliseconds; a guard must outlive its lease of 10 minutes. */
const ORPHAN_MS = 600_000;
/** Entries of reset secrets and of simulators that ran once; and damaged files, which hold a token. */
const BYGONE_MS = 7 * 24 * 3600_000;

/** Removes what killed processes and bygone accounts left. Ages are by the clock of the file system: that of `written`, which was just written. */
function collectGarbage(files: Files, folder: string, written: string): void {
  try {
    const nowMs = files.stat(written)?.mtimeMs;
    if (nowMs === undefined) return;
    for (const name of files.list(folder)) {
      const longestMs = longestAge(name);
      const path = `${folder}/${name}`;
      if (longestMs === undefined || path === written) continue;
      const found = files.stat(path);
      if (found !== undefined && nowMs - found.mtimeMs > longestMs) files.remove(path);
    }
  } catch {
    // Another process collects at the same time, or the folder is odd: nothing depends on it.
  }
}

function longestAge(name: string): number | undefined {
  if (/\.(tmp|g)$/.test(name)) return ORPHAN_MS;
  // Not the locks: they are removed through their guards only.
  return /^[0-9a-f]{64}\.(json|setback)(\.corrupt-\d+)?$/.test(name) ? BYGONE_MS : undefined;
}
