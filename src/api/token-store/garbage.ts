/** Removes what killed processes and bygone accounts left in the folder of the token store. */
import type { Files } from '../../io/ports.ts';

/** Temporary files and guards live for milliseconds; a guard must outlive its lease of 10 minutes. */
const ORPHAN_MS = 600_000;
/** Entries of reset secrets and of simulators that ran once; and damaged files, which hold a token. */
const BYGONE_MS = 7 * 24 * 3600_000;

/** Ages are by the clock of the file system: that of `written`, which was just written. */
export function collectGarbage(files: Files, folder: string, written: string): void {
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
