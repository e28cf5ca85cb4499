/** What a batch has to do: the rows that are wanted against the codes that are there. */
import type { QrScene } from '../../../../core/qrcode/index.ts';
import { type EarlierCodes, entryKey, type QrEntry, type UnknownCode } from './manifest.ts';
import type { QrRow } from './rows.ts';

/** A row whose code or picture is missing. */
export interface QrTask {
  readonly row: QrRow;
  /** The code is there; only its picture is wanted. */
  readonly entry?: QrEntry | undefined;
  /** The code may exist already, and is to be made all the same. */
  readonly again?: UnknownCode;
}

export interface QrPlan {
  readonly tasks: readonly QrTask[];
  /** Rows that are done, as they are wanted now. */
  readonly kept: readonly QrEntry[];
  /** Rows whose code may exist: they are left alone. */
  readonly unknown: readonly UnknownCode[];
  /** Codes that no row asks for any more. */
  readonly leftOver: readonly QrEntry[];
  /** The same for codes that may exist. */
  readonly leftUnknown: readonly UnknownCode[];
}

interface PlanOptions {
  readonly nowMs: number;
  /** Whether the picture of an entry is there as it was written. */
  readonly hasImage: (entry: QrEntry) => boolean;
  /** Makes the codes that may exist all the same. */
  readonly retryUnknown: boolean;
}

export function planBatch(
  rows: readonly QrRow[],
  earlier: EarlierCodes | undefined,
  { nowMs, hasImage, retryUnknown }: PlanOptions,
): QrPlan {
  const rest = new Map(earlier?.entries);
  const restUnknown = new Map(earlier?.unknown);
  const unknown: UnknownCode[] = [];
  const tasks: QrTask[] = [];
  const kept: QrEntry[] = [];
  for (const row of rows) {
    const key = entryKey(row.scene);
    const found = rest.get(key);
    rest.delete(key);
    const asked = restUnknown.get(key);
    restUnknown.delete(key);
    if (asked !== undefined) {
      const code = { ...asked, line: row.line, name: row.name };
      if (retryUnknown) tasks.push({ row, again: code });
      else unknown.push(code);
    } else if (found === undefined || !isUsable(found, row.scene, nowMs)) tasks.push({ row });
    else if (found.file === row.file && hasImage(found))
      kept.push({ ...found, line: row.line, name: row.name });
    else tasks.push({ row, entry: toEntry(row, found) });
  }
  return { tasks, kept, unknown, leftOver: [...rest.values()], leftUnknown: [...restUnknown.values()] };
}

/** A code whose life in the table has changed, or that has ended, is made anew. */
function isUsable(entry: QrEntry, wanted: QrScene, nowMs: number): boolean {
  if (wanted.permanent || entry.scene.permanent) return true;
  return entry.scene.expireSeconds === wanted.expireSeconds && (entry.expiresAtMs ?? 0) > nowMs;
}

/** The code of a row; its picture is not there yet. */
export function toEntry(
  { line, name, scene, file }: QrRow,
  code: Pick<QrEntry, 'ticket' | 'url' | 'createdAtMs' | 'expiresAtMs'>,
): QrEntry {
  const { ticket, url, createdAtMs, expiresAtMs } = code;
  return { line, name, scene, file, ticket, url, createdAtMs, expiresAtMs };
}
