/** One batch at a time in a folder. */
import path from 'node:path';
import type { LockAttempt, LockHolder } from '../../../../io/ports.ts';
import type { Context } from '../../../context.ts';
import { folderBusy } from './folder-errors.ts';

export interface FolderLock {
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
export async function lockFolder(context: Context, directory: string): Promise<FolderLock> {
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
