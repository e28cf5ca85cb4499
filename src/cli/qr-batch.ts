/** Makes the codes of a batch and fetches their pictures, several at a time; stops when going on is no use. */
import type { Client } from '../api/client.ts';
import { createQrcode, fetchQrImage } from '../api/qrcode.ts';
import { WechatMpError } from '../core/errors.ts';
import type { QrEntry } from '../core/qr-manifest.ts';
import type { Clock, Random } from '../io/ports.ts';
import { toEntry, type QrTask } from './qr-plan.ts';
import type { QrRow } from './qr-rows.ts';

/** What a batch needs of its folder: a record after each step. */
export interface QrRecorder {
  record(entry: QrEntry): void;
  saveImage(entry: QrEntry, bytes: Uint8Array): void;
}

export interface BatchParts {
  readonly client: Client;
  readonly folder: QrRecorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly concurrency: number;
  /** Nothing new is begun after this; what is under way comes to its end. */
  readonly interruption: AbortSignal;
  readonly onDone: (row: QrRow) => void;
  readonly onFailed: (failure: RowFailure) => void;
}

export interface RowFailure {
  readonly row: QrRow;
  readonly error: WechatMpError;
}

export interface BatchOutcome {
  readonly done: number;
  readonly failures: readonly RowFailure[];
  /** Why the batch did not come to its end. */
  readonly stop: WechatMpError | undefined;
}

/** So many rows that fail one after the other have a cause that the next one will meet, too. */
const failuresInARow = 10;
/** Rounds after the client's own repetitions. A permanent code that may have been made is asked for once more only. */
const repetitions = { temporary: 2, permanent: 1 };
const firstDelayMs = 1000;

/** Rejects only for a programmer's mistake. */
export async function runBatch(tasks: readonly QrTask[], parts: BatchParts): Promise<BatchOutcome> {
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
  return { done: run.done, failures: run.failures, stop: run.stop };
}

class BatchRun {
  readonly failures: RowFailure[] = [];
  done = 0;
  stop: WechatMpError | undefined;
  readonly #parts: BatchParts;
  #failedInARow = 0;

  constructor(parts: BatchParts) {
    this.#parts = parts;
  }

  async work(task: QrTask): Promise<void> {
    try {
      await this.#make(task);
      this.done += 1;
      this.#failedInARow = 0;
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
    this.#parts.onFailed(failure);
    if (this.#failedInARow >= failuresInARow) this.stop ??= error;
  }

  async #make({ row, entry }: QrTask): Promise<void> {
    const { folder, client } = this.#parts;
    let code = entry ?? (await this.#create(row));
    let image: Uint8Array;
    try {
      image = await this.#persist(2, () => fetchQrImage(client, code.ticket));
    } catch (error) {
      // A ticket of an earlier run that the platform has forgotten.
      if (entry === undefined || !(error instanceof WechatMpError) || error.type !== 'qr_ticket_invalid')
        throw error;
      code = await this.#create(row);
      const { ticket } = code;
      image = await this.#persist(2, () => fetchQrImage(client, ticket));
    }
    folder.saveImage(code, image);
  }

  async #create(row: QrRow): Promise<QrEntry> {
    const { client, clock, folder } = this.#parts;
    const { scene } = row;
    const rounds = scene.permanent ? repetitions.permanent : repetitions.temporary;
    const { ticket, url, expiresInSeconds } = await this.#persist(rounds, () => createQrcode(client, scene));
    const createdAtMs = clock.now();
    const expiresAtMs = expiresInSeconds === undefined ? undefined : createdAtMs + expiresInSeconds * 1000;
    const entry = toEntry(row, { ticket, url, createdAtMs, expiresAtMs });
    // Before the picture is asked for: a kill in between must not cost a code.
    folder.record(entry);
    return entry;
  }

  /** Repeats what a moment's trouble of the network or the platform has spoilt. */
  async #persist<T>(rounds: number, work: () => Promise<T>): Promise<T> {
    const { clock, random, interruption } = this.#parts;
    for (let round = 0; ; round += 1) {
      try {
        return await work();
      } catch (error) {
        if (round === rounds || this.stop !== undefined || !isPassing(error)) throw error;
        const [byte = 0] = random.bytes(1);
        await clock.sleep(firstDelayMs * 2 ** round * (0.5 + byte / 255), interruption);
      }
    }
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof WechatMpError) || error.family !== 'network') return false;
  return error.retryable || error.facts['outcome'] === 'unknown' || error.type === 'not_an_image';
}
