/** The folder of a batch of QR codes: pictures, `manifest.json`, the journal of a run, and who may write there. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { WechatMpError } from '../../../../core/errors.ts';
import type { GrowingFile, LockAttempt, LockHolder, ManyFiles } from '../../../../io/ports.ts';
import type { Context } from '../../../context.ts';
import { unwritable } from '../../../files/output-file.ts';
import { unreadable } from '../../../shared/system-error.ts';
import { fileNameKey } from './file-name.ts';
import {
  type EarlierCodes,
  entryKey,
  formatAskedLine,
  formatJournalLine,
  formatManifest,
  parseManifest,
  type QrEntry,
  type QrManifest,
  type UnknownCode,
} from './manifest.ts';
import { batchExists, filesExist, folderBusy, manifestInvalid, otherAccount, takenOver } from './texts.ts';

const manifestName = 'manifest.json';
export const sheetName = 'index.html';
/** Lines of a running batch; `manifest.json` has them all when it ends or goes on. */
const journalName = 'manifest.jsonl';
/** An fsync for each line would cost sixty times as much as one for so many; it is made beside the calls. */
const linesBetweenSyncs = 25;
/** A loss of power costs these at most, and the codes under way: with more, who adds one waits for the disk. */
const linesAtRisk = 50;
/** For everybody to see: a picture is no secret. */
const publicMode = 0o644;
/** Temporary files of a run that was killed, among them those of pictures. */
const orphan = /^(?:.+\.jpg|manifest\.json|index\.html)\.[a-z0-9]{1,12}\.tmp$/;

/** What an earlier run left. Throws where it is not to be touched by this one. */
export function readFolder(
  context: Context,
  { directory, appId }: { readonly directory: string; readonly appId: string | undefined },
  resume: boolean,
): EarlierCodes | undefined {
  const names = listFolder(context, directory);
  if (!names.includes(manifestName) && !names.includes(journalName)) return undefined;
  if (!resume) throw batchExists(directory);
  const read = (name: string): string =>
    readOurs(context, path.join(directory, name))?.toString('utf8') ?? '';
  const earlier = parseManifest(read(manifestName), read(journalName));
  if (earlier === undefined) throw manifestInvalid(path.join(directory, manifestName));
  checkAccount(context, directory, earlier, appId);
  if (earlier.unreadable > 0) {
    context.warn({
      en: `${earlier.unreadable} entries of "${directory}/${manifestName}" cannot be read; their codes are made anew`,
      zh: `“${directory}/${manifestName}”中有 ${earlier.unreadable} 条无法读取，将重新创建对应的二维码`,
    });
  }
  return earlier;
}

/** Codes of a simulator are worth nothing to WeChat, and those of another account are not this one's. */
function checkAccount(
  { settings }: Context,
  directory: string,
  earlier: EarlierCodes,
  appId: string | undefined,
): void {
  const sameApp = appId === undefined || earlier.appId === undefined || appId === earlier.appId;
  if (sameApp && earlier.apiBase === settings.apiBase.value) return;
  throw otherAccount(directory, `${earlier.appId ?? '?'} (${earlier.apiBase})`);
}

/** Throws where a file that is to be written is there and not ours. */
export function checkTargets(
  context: Context,
  directory: string,
  wanted: readonly string[],
  earlier: EarlierCodes | undefined,
): void {
  const ours = new Set(Array.from(earlier?.entries.values() ?? [], ({ file }) => fileNameKey(file)));
  if (earlier !== undefined) ours.add(sheetName);
  const keys = new Set(wanted.map(fileNameKey).filter((key) => !ours.has(key)));
  const found = listFolder(context, directory).filter((name) => keys.has(fileNameKey(name)));
  if (found.length > 0) throw filesExist(directory, found);
}

/** Whether the picture of an entry is there as it was written. */
export function hasImage(context: Context, directory: string, { file, image }: QrEntry): boolean {
  if (image === undefined) return false;
  const bytes = readOurs(context, path.join(directory, file));
  return bytes !== undefined && bytes.length === image.bytes && sha256(bytes) === image.sha256;
}

function listFolder({ io }: Context, directory: string): readonly string[] {
  try {
    return io.files.list(directory);
  } catch (error) {
    throw unreadable(directory, error);
  }
}

function readOurs({ io }: Context, file: string): Buffer | undefined {
  try {
    return io.files.read(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Opens the folder for writing; nobody else can until it is closed. */
export async function openFolder(context: Context, directory: string): Promise<QrFolder> {
  try {
    context.io.files.makeFolder(directory);
    const many = await context.io.manyFiles();
    return new QrFolder(context, directory, many, await lockFolder(context, directory));
  } catch (error) {
    throw unwritable(context.io.files, directory, error);
  }
}

export class QrFolder {
  readonly #context: Context;
  readonly #directory: string;
  readonly #many: ManyFiles;
  readonly #lock: FolderLock;
  readonly #entries = new Map<string, QrEntry>();
  readonly #unknown = new Map<string, UnknownCode>();
  /** What an earlier run did not know, for a row that is asked for again. */
  readonly #earlier = new Map<string, UnknownCode>();
  readonly #unsaved = new Map<string, QrEntry>();
  #journal: GrowingFile | undefined;
  #unsynced = 0;
  /** Never rejects. */
  #syncing: Promise<void> | undefined;
  #syncFailure: unknown;

  constructor(context: Context, directory: string, many: ManyFiles, lock: FolderLock) {
    this.#context = context;
    this.#directory = directory;
    this.#many = many;
    this.#lock = lock;
  }

  /** All codes that are known, by `entryKey`. */
  get entries(): ReadonlyMap<string, QrEntry> {
    return this.#entries;
  }

  /** Permanent codes that may exist, by `entryKey`. */
  get unknown(): ReadonlyMap<string, UnknownCode> {
    return this.#unknown;
  }

  /** Codes that exist and that no file has taken. */
  get unsaved(): readonly QrEntry[] {
    return [...this.#unsaved.values()];
  }

  /** Puts what is known into the manifest, and begins a journal: one that was cut off must not be added to. */
  begin(manifest: QrManifest): void {
    const { files } = this.#context.io;
    for (const entry of [...manifest.leftOver, ...manifest.codes])
      this.#entries.set(entryKey(entry.scene), entry);
    for (const code of manifest.unknown) {
      this.#unknown.set(entryKey(code.scene), code);
      this.#earlier.set(entryKey(code.scene), code);
    }
    const orphans = listFolder(this.#context, this.#directory).filter((name) => orphan.test(name));
    this.#write(this.#directory, () => {
      for (const name of orphans) files.remove(this.#path(name));
    });
    this.#publish(manifest);
    const journal = this.#path(journalName);
    this.#write(journal, () => {
      this.#journal = this.#many.create(journal);
    });
  }

  /**
   * Keeps in mind that a permanent code may exist: before it is asked for, so that a kill leaves a trace, and with the
   * reason where no clear answer came.
   */
  async ask(code: UnknownCode): Promise<void> {
    if (this.#lock.lost()) throw takenOver(this.#directory);
    await this.#addLine(formatAskedLine(code, 'unknown'));
    this.#unknown.set(entryKey(code.scene), code);
  }

  /** It was certainly not made this time. What an earlier run did not know is not known by that. */
  async refuse(code: UnknownCode): Promise<void> {
    const key = entryKey(code.scene);
    const earlier = this.#earlier.get(key);
    if (earlier === undefined) this.#unknown.delete(key);
    else this.#unknown.set(key, earlier);
    await this.#addLine(
      earlier === undefined ? formatAskedLine(code, 'refused') : formatAskedLine(earlier, 'unknown'),
    );
  }

  /** Keeps in mind a code that exists now, or whose picture does. */
  async record(entry: QrEntry): Promise<void> {
    const key = entryKey(entry.scene);
    this.#entries.set(key, entry);
    this.#unknown.delete(key);
    // With a picture it is a code that was written down before.
    if (entry.image === undefined) this.#unsaved.set(key, entry);
    // The code exists, whoever has the folder by now.
    if (this.#lock.lost()) throw takenOver(this.#directory);
    await this.#addLine(formatJournalLine(entry));
    this.#unsaved.delete(key);
  }

  async #addLine(line: string): Promise<void> {
    const file = this.#path(journalName);
    this.#write(file, () => this.#journal?.add(line));
    this.#unsynced += 1;
    if (this.#unsynced >= linesBetweenSyncs) this.#syncing ??= this.#sync();
    if (this.#unsynced >= linesAtRisk) await this.#syncing;
    if (this.#syncFailure !== undefined)
      throw withResume(unwritable(this.#context.io.files, file, this.#syncFailure));
  }

  async #sync(): Promise<void> {
    const covered = this.#unsynced;
    try {
      await this.#journal?.sync();
      this.#unsynced -= covered;
    } catch (error) {
      this.#syncFailure = error;
    } finally {
      this.#syncing = undefined;
    }
  }

  /** Writes the picture whole and records it. Its digest tells later whether it is the one that was written. */
  async saveImage(entry: QrEntry, bytes: Uint8Array): Promise<void> {
    const file = this.#path(entry.file);
    this.#write(file, () => this.#context.io.files.write(file, bytes, publicMode, { sync: false }));
    await this.record({ ...entry, image: { bytes: bytes.length, sha256: sha256(bytes) } });
  }

  writeSheet(html: string): void {
    const file = this.#path(sheetName);
    this.#write(file, () => this.#context.io.files.write(file, html, publicMode));
  }

  /** Everything into the manifest; the journal goes. Where that fails, both say together what there is. */
  async finish(manifest: QrManifest): Promise<void> {
    await this.#endJournal();
    this.#publish(manifest);
  }

  #publish(manifest: QrManifest): void {
    if (this.#lock.lost()) throw takenOver(this.#directory);
    const { files } = this.#context.io;
    const file = this.#path(manifestName);
    this.#write(file, () => {
      files.write(file, formatManifest(manifest), publicMode);
      this.#unsaved.clear();
      files.remove(this.#path(journalName));
    });
  }

  async #endJournal(): Promise<void> {
    const journal = this.#journal;
    this.#journal = undefined;
    await this.#syncing;
    try {
      await journal?.sync();
    } catch (error) {
      throw withResume(unwritable(this.#context.io.files, this.#path(journalName), error));
    } finally {
      journal?.close();
    }
  }

  /** Lets others in. What was recorded stays; where the journal is still open, an error led here and is the one to tell. */
  async close(): Promise<void> {
    try {
      await this.#endJournal();
    } catch {
      // The lines are written; only a loss of power could take them now.
    } finally {
      this.#lock.unlock();
    }
  }

  #path(name: string): string {
    const file = path.join(this.#directory, name);
    // Names are made safe where they come from; this is the second lock on the same door.
    if (path.dirname(path.resolve(file)) !== path.resolve(this.#directory)) {
      throw new TypeError('a file of a batch must be in its folder');
    }
    return file;
  }

  #write(file: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      throw withResume(unwritable(this.#context.io.files, file, error));
    }
  }
}

/** A full disk ends a run; it does not end the batch. */
function withResume(error: unknown): unknown {
  if (!(error instanceof WechatMpError) || error.type !== 'disk_full') return error;
  const hint = {
    en: 'Free some space, then run it again with --resume',
    zh: '请释放空间，然后加上 --resume 重新运行',
  };
  return error.with({ hint });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

interface FolderLock {
  /** Whether somebody else has the folder by now, which may happen to a process that was stopped for long. */
  lost(): boolean;
  unlock(): void;
}

const lockName = '.wechat-mp.lock';
/** The lock of a killed run goes at the first attempt; more only help when several wait for it. */
const attempts = 4;
const pauseMs = 100;
/** Another machine takes a holder for dead after 30 s without a sign. */
const renewMs = 8000;

/** Throws at once where another process works in the folder, and names it. */
async function lockFolder(context: Context, directory: string): Promise<FolderLock> {
  const { io } = context;
  const locks = await io.locks();
  const file = path.join(directory, lockName);
  let holder: LockHolder = { ageMs: 0 };
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const found = locks.tryLock(file, { whileAlive: true });
    if (found.held) return keep(context, found);
    holder = found.holder;
    if (attempt < attempts) await io.clock.sleep(pauseMs, io.interruption());
  }
  throw folderBusy(directory, holder);
}

/** Shows signs of life until the lock is given back. */
function keep({ io }: Context, held: LockAttempt & { readonly held: true }): FolderLock {
  const ended = new AbortController();
  let lost = false;
  const renew = async (): Promise<void> => {
    while (!lost) {
      await io.clock.sleep(renewMs, ended.signal);
      try {
        lost = !held.renew();
      } catch {
        // A full disk has no place for a sign of life; the batch meets it where it writes, and there may be space soon.
      }
    }
  };
  // Ends by being aborted.
  renew().catch(() => {});
  return {
    lost: () => lost,
    unlock() {
      ended.abort();
      held.unlock();
    },
  };
}
