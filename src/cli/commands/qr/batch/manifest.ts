/**
 * What a batch of QR codes has made (带参数二维码): `manifest.json`, and the journal that grows next to it while the batch
 * runs. A line of the journal is one entry, and a later one of the same scene replaces an earlier one; so it can be
 * added to at any point of the work and cut off at any byte.
 */
import type { QrScene } from '../../../../core/qrcode/index.ts';
import { isObject, own } from '../../../../core/text/json-value.ts';

/** One code that exists on the platform. */
export interface QrEntry {
  readonly scene: QrScene;
  readonly name: string;
  readonly line: number;
  /** Key of the picture; may hold `+`, `/` and `=`. */
  readonly ticket: string;
  /** What the code says when it is scanned. */
  readonly url: string;
  readonly createdAtMs: number;
  /** Missing for a permanent code. */
  readonly expiresAtMs?: number | undefined;
  /** Name in the folder of the batch. */
  readonly file: string;
  /** Missing as long as the picture was not written. */
  readonly image?: { readonly bytes: number; readonly sha256: string } | undefined;
}

/**
 * A permanent code that was asked for without a clear answer. It may exist, nobody can look it up or delete it, and
 * asking again may use up another of the account's 100,000.
 */
export interface UnknownCode {
  readonly scene: QrScene;
  readonly name: string;
  readonly line: number;
  readonly askedAtMs: number;
  /** Type of the error; `no_answer` where the run was killed before there was any. */
  readonly reason: string;
}

export interface MissingRow {
  readonly line: number;
  readonly scene: QrScene;
  readonly name: string;
  /** Type of the error; `not_reached` for a row that the batch did not come to, `unknown` for one whose code may exist. */
  readonly reason: string;
}

export interface QrManifest {
  /** Whose codes these are; missing where only a token was given. */
  readonly appId?: string | undefined;
  readonly apiBase: string;
  readonly codes: readonly QrEntry[];
  readonly missing: readonly MissingRow[];
  readonly unknown: readonly UnknownCode[];
  /** Codes of earlier runs whose rows are gone; nobody can delete a permanent one, so they are kept in mind. */
  readonly leftOver: readonly QrEntry[];
}

/** What makes two rows ask for the same: a push names a number and a text in the same way. */
export function sceneText(scene: QrScene): string {
  return String(scene.scene);
}

/** What makes two entries the same code: kind and scene. */
export function entryKey({ permanent, scene }: QrScene): string {
  return `${permanent ? 'permanent' : 'temporary'} ${typeof scene} ${scene}`;
}

export function wireScene(scene: QrScene): { readonly scene_id: number } | { readonly scene_str: string } {
  return typeof scene.scene === 'number' ? { scene_id: scene.scene } : { scene_str: scene.scene };
}

/** The fields of an entry as files and `--json` have them. */
export function wireEntry(entry: QrEntry): Readonly<Record<string, unknown>> {
  const { scene, image, expiresAtMs } = entry;
  return {
    line: entry.line,
    name: entry.name,
    ...wireScene(scene),
    permanent: scene.permanent,
    expire_seconds: scene.permanent ? null : scene.expireSeconds,
    ticket: entry.ticket,
    url: entry.url,
    created_at: new Date(entry.createdAtMs).toISOString(),
    expires_at: expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString(),
    file: entry.file,
    bytes: image?.bytes ?? null,
    sha256: image?.sha256 ?? null,
  };
}

export function wireUnknown({ line, name, scene, askedAtMs, reason }: UnknownCode) {
  const asked_at = new Date(askedAtMs).toISOString();
  return { line, name, ...wireScene(scene), permanent: scene.permanent, asked_at, reason };
}

/** A line of the journal before a permanent code is asked for, and `refused` behind one that certainly was not made. */
export function formatAskedLine(code: UnknownCode, outcome: 'unknown' | 'refused'): string {
  return `${JSON.stringify({ ...wireUnknown(code), outcome })}\n`;
}

export function formatJournalLine(entry: QrEntry): string {
  return `${JSON.stringify(wireEntry(entry))}\n`;
}

/** `manifest.json`: one code a line, so that a comparison of two shows codes. */
export function formatManifest({ appId, apiBase, codes, missing, unknown, leftOver }: QrManifest): string {
  const rows = missing.map(({ line, scene, name, reason }) => ({ line, name, ...wireScene(scene), reason }));
  return `{
  "version": 1,
  "appid": ${JSON.stringify(appId ?? null)},
  "api_base": ${JSON.stringify(apiBase)},
  "codes": ${formatList(codes.map(wireEntry))},
  "missing": ${formatList(rows)},
  "unknown": ${formatList(unknown.map(wireUnknown))},
  "left_over": ${formatList(leftOver.map(wireEntry))}
}
`;
}

function formatList(items: readonly unknown[]): string {
  if (items.length === 0) return '[]';
  return `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
}

/** What was made before: entries by `entryKey`, and whose they are. */
export interface EarlierCodes {
  readonly appId?: string | undefined;
  readonly apiBase: string;
  readonly entries: ReadonlyMap<string, QrEntry>;
  /** Codes that may exist, by the same key. */
  readonly unknown: ReadonlyMap<string, UnknownCode>;
  /** Lines of the journal that cannot be read, the last one apart: that one may be cut off by a kill. */
  readonly unreadable: number;
}

/** Reads both files. `undefined` where `manifest` is not one of ours. */
export function parseManifest(manifest: string, journal: string): EarlierCodes | undefined {
  const head = parseJson(manifest);
  const apiBase = own(head, 'api_base');
  const appId = own(head, 'appid');
  if (own(head, 'version') !== 1 || typeof apiBase !== 'string') return undefined;
  const entries = new Map<string, QrEntry>();
  const unknown = new Map<string, UnknownCode>();
  const keep = (value: unknown): boolean => {
    const asked = parseUnknown(value);
    if (asked !== undefined) {
      const key = entryKey(asked.scene);
      if (own(value, 'outcome') === 'refused') unknown.delete(key);
      else unknown.set(key, asked);
      return true;
    }
    const entry = parseEntry(value);
    if (entry === undefined) return false;
    entries.set(entryKey(entry.scene), entry);
    unknown.delete(entryKey(entry.scene));
    return true;
  };
  let unreadable = 0;
  // A manifest of an earlier version has no list of codes that may exist.
  for (const list of [own(head, 'left_over'), own(head, 'codes'), own(head, 'unknown') ?? []]) {
    if (!Array.isArray(list)) return undefined;
    for (const item of list) if (!keep(item)) unreadable += 1;
  }
  const lines = journal.split('\n');
  // What follows the last newline was cut off, or is empty.
  for (const line of lines.slice(0, -1)) if (!keep(parseJson(line))) unreadable += 1;
  return { ...(typeof appId === 'string' ? { appId } : {}), apiBase, entries, unknown, unreadable };
}

/** `undefined` for anything that is not exactly an entry: the file may have been edited by anybody. */
function parseEntry(value: unknown): QrEntry | undefined {
  const scene = parseScene(value);
  const [name, ticket, url, file] = ['name', 'ticket', 'url', 'file'].map((field) => own(value, field));
  const line = own(value, 'line');
  const createdAtMs = parseTime(own(value, 'created_at'));
  const expires = own(value, 'expires_at');
  const expiresAtMs = parseTime(expires);
  if (scene === undefined || typeof name !== 'string' || typeof line !== 'number') return undefined;
  if (typeof ticket !== 'string' || !/^[\x21-\x7e]{1,512}$/.test(ticket)) return undefined;
  if (typeof url !== 'string' || typeof file !== 'string' || !isPlainName(file)) return undefined;
  if (createdAtMs === undefined || (expires !== null && expiresAtMs === undefined)) return undefined;
  const image = parseImage(value);
  return { scene, name, line, ticket, url, createdAtMs, expiresAtMs, file, image };
}

function parseUnknown(value: unknown): UnknownCode | undefined {
  const scene = parseScene(value);
  const [name, line, reason] = ['name', 'line', 'reason'].map((field) => own(value, field));
  const askedAtMs = parseTime(own(value, 'asked_at'));
  if (scene?.permanent !== true || askedAtMs === undefined) return undefined;
  if (typeof name !== 'string' || typeof line !== 'number' || typeof reason !== 'string') return undefined;
  return { scene, name, line, askedAtMs, reason };
}

/** A name that cannot leave the folder, whatever somebody wrote into the manifest. */
function isPlainName(file: string): boolean {
  return /^[^/\\\0:]+\.jpg$/.test(file) && !file.startsWith('.');
}

function parseScene(value: unknown): QrScene | undefined {
  const scene = own(value, 'scene_id') ?? own(value, 'scene_str');
  const expireSeconds = own(value, 'expire_seconds');
  if (typeof scene !== 'number' && typeof scene !== 'string') return undefined;
  if (own(value, 'permanent') === true) return { permanent: true, scene };
  return typeof expireSeconds === 'number' ? { permanent: false, scene, expireSeconds } : undefined;
}

function parseImage(value: unknown): QrEntry['image'] {
  const [bytes, sha256] = [own(value, 'bytes'), own(value, 'sha256')];
  return typeof bytes === 'number' && typeof sha256 === 'string' ? { bytes, sha256 } : undefined;
}

function parseTime(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
