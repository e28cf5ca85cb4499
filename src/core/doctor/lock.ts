/** Locks that somebody left behind. */
import { isObject, own, parseJson } from '../text/json-value.ts';
import type { Finding } from './rows.ts';
import * as say from './texts.ts';

/** A lock file as it was found. Its holder is whoever it says, if it says so. */
export interface FoundLock {
  readonly path: string;
  readonly ageMs: number;
  readonly holder: LockOwner | undefined;
}

export interface LockOwner {
  readonly host: string;
  readonly pid: number;
}

/** What a lock file says about its owner. */
export function readLockOwner(text: string): LockOwner | undefined {
  const value = parseJson(text);
  if (!isObject(value)) return undefined;
  const [host, pid] = [own(value, 'host'), own(value, 'pid')];
  return typeof host === 'string' && typeof pid === 'number' ? { host, pid } : undefined;
}

/** A holder that works says so every second; after this long it is dead to everybody who waits. */
const staleMs = 30_000;

/** Also one from the future: it was made before the clock was set back. */
export function isStaleLock({ ageMs }: Pick<FoundLock, 'ageMs'>): boolean {
  return Math.abs(ageMs) > staleMs;
}

/** `removed` are those that are gone now. */
export function judgeLocks(locks: readonly FoundLock[], removed: readonly FoundLock[]): Finding {
  const left = locks.filter((lock) => isStaleLock(lock) && !removed.includes(lock));
  const [first] = left;
  if (first !== undefined)
    return {
      status: 'warn',
      ...say.staleLock(first, left.length),
      next: [{ command: 'wechat-mp doctor --fix', why: say.removesIt }],
    };
  if (removed[0] !== undefined) return { status: 'pass', text: say.removedLocks(removed[0], removed.length) };
  const [held] = locks;
  return { status: 'pass', text: held === undefined ? say.noLocks : say.heldLock(held) };
}
