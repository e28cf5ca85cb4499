/** Makes the codes of a batch and fetches their pictures, several at a time; stops when going on is no use. */
import type { Client } from '../../../../api/client.ts';
import { type CreatedQrcode, createQrcode, fetchQrImage } from '../../../../api/qrcode.ts';
import { isUnclear } from '../../../../api/repeat.ts';
import { WechatMpError } from '../../../../core/errors.ts';
import type { Clock, Random } from '../../../../io/ports.ts';
import type { QrFolder } from './folder.ts';
import type { QrEntry } from './manifest.ts';
import { type QrTask, toEntry } from './plan.ts';
import type { QrRow } from './rows.ts';

interface BatchParts {
  readonly client: Client;
  /** Gets a record after each step. */
  readonly folder: QrFolder;
  readonly clock: Clock;
  readonly random: Random;
  readonly concurrency: number;
  /** Nothing new is begun after this; what is under way comes to its end. */
  readonly interruption: AbortSignal;
  /** A code exists now, whether or not it can be recorded. */
  readonly onMade: () => void;
  readonly onDone: (row: QrRow) => void;
  readonly onFailed: (failure: RowFailure) => void;
}

export interface RowFailure {
  readonly row: QrRow;
  readonly error: WechatMpError;
}

export interface BatchOutcome {
  readonly done: number;
  /** In the order of the table. */
  readonly failures: readonly RowFailure[];
  readonly stop: WechatMpError | undefined;
  /** From the first call to the last. */
  readonly seconds: number;
}

/** So many rows that fail one after the other have a cause that the next one will meet, too. */
const failuresInARow = 10;
/** Each code that may exist is a question to a person, so a platform that answers nothing is not asked for many. */
const unclearInARow = 3;
/** Rounds after the client's own repetitions. */
const repetitions = 2;
const firstDelayMs = 1000;

/** Rejects only for a programmer's mistake. */
export async function runBatch(tasks: readonly QrTask[], parts: BatchParts): Promise<BatchOutcome> {
  const { clock } = parts;
  const startedMs = clock.monotonic();
  const run = new BatchRun(parts);
  const queue = tasks.values();
  const worker = async (): Promise<void> => {
    for (const task of queue) {
      if (parts.interruption.aborted) run.stop ??= parts.interruption.reason as WechatMpError;
      if (run.stop !== undefined) return;
      await run.work(task);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parts.concurrency, tasks.length) }, worker));
  const seconds = (clock.monotonic() - startedMs) / 1000;
  const failures = run.failures.toSorted((one, other) => one.row.line - other.row.line);
  return { done: run.done, failures, stop: run.stop, seconds };
}

class BatchRun {
  readonly failures: RowFailure[] = [];
  done = 0;
  stop: WechatMpError | undefined;
  readonly #parts: BatchParts;
  #failedInARow = 0;
  #unclearInARow = 0;

  constructor(parts: BatchParts) {
    this.#parts = parts;
  }

  async work(task: QrTask): Promise<void> {
    try {
      await this.#make(task);
      this.done += 1;
      this.#failedInARow = 0;
      this.#unclearInARow = 0;
      this.#parts.onDone(task.row);
    } catch (error) {
      if (!(error instanceof WechatMpError)) throw error;
      this.#judge({ row: task.row, error });
    }
  }

  /** A refusal of one scene or a bad exchange is this row's; anything else would meet every row. */
  #judge(failure: RowFailure): void {
    const { error } = failure;
    if (error.family !== 'api' && error.family !== 'network') {
      this.stop ??= error;
      return;
    }
    this.failures.push(failure);
    this.#failedInARow += 1;
    if (failure.row.scene.permanent && isUnclear(error)) this.#unclearInARow += 1;
    this.#parts.onFailed(failure);
    if (this.#failedInARow >= failuresInARow || this.#unclearInARow >= unclearInARow) this.stop ??= error;
  }

  async #make({ row, entry }: QrTask): Promise<void> {
    const { folder, client } = this.#parts;
    let code = entry ?? (await this.#create(row));
    let image: Uint8Array;
    try {
      image = await this.#persist(() => fetchQrImage(client, code.ticket));
    } catch (error) {
      // A ticket of an earlier run that the platform has forgotten.
      if (entry === undefined || !(error instanceof WechatMpError) || error.type !== 'qr_ticket_invalid')
        throw error;
      code = await this.#create(row);
      const { ticket } = code;
      image = await this.#persist(() => fetchQrImage(client, ticket));
    }
    await folder.saveImage(code, image);
  }

  async #create(row: QrRow): Promise<QrEntry> {
    const { client, clock, folder } = this.#parts;
    const { scene } = row;
    const { ticket, url, expiresInSeconds } = scene.permanent
      ? await this.#createForEver(row)
      : await this.#persist(() => createQrcode(client, scene));
    const createdAtMs = clock.now();
    const expiresAtMs = expiresInSeconds === undefined ? undefined : createdAtMs + expiresInSeconds * 1000;
    const entry = toEntry(row, { ticket, url, createdAtMs, expiresAtMs });
    this.#parts.onMade();
    // Before the picture is asked for: a kill in between must not cost a code.
    await folder.record(entry);
    return entry;
  }

  /** Asks once: a permanent code that may have been made is not asked for again by itself. */
  async #createForEver({ scene, name, line }: QrRow): Promise<CreatedQrcode> {
    const { client, clock, folder } = this.#parts;
    const asked = { scene, name, line, askedAtMs: clock.now(), reason: 'no_answer' };
    await folder.ask(asked);
    try {
      return await createQrcode(client, scene);
    } catch (error) {
      if (!(error instanceof WechatMpError)) throw error;
      const mayExist = error.family === 'interrupted' || isUnclear(error);
      if (mayExist) await folder.ask({ ...asked, reason: error.type });
      else await folder.refuse(asked);
      throw error;
    }
  }

  /** Repeats what a moment's trouble of the network or the platform has spoilt. */
  async #persist<T>(work: () => Promise<T>): Promise<T> {
    const { clock, random, interruption } = this.#parts;
    for (let round = 0; ; round += 1) {
      try {
        return await work();
      } catch (error) {
        if (round === repetitions || this.stop !== undefined || !isPassing(error)) throw error;
        const [byte = 0] = random.bytes(1);
        await clock.sleep(firstDelayMs * 2 ** round * (0.5 + byte / 255), interruption);
      }
    }
  }
}

/** A lost answer is none of these: a code that may have been made is not made again by itself. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof WechatMpError) || error.family !== 'network') return false;
  return error.retryable || error.type === 'not_an_image';
}
