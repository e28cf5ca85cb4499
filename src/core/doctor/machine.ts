/** What the machine is: its Node.js, its clock, and the locks that somebody left behind. */
import { isObject, own, parseJson } from '../text/json-value.ts';
import type { Finding } from './rows.ts';
import * as say from './texts.ts';

/** The oldest Node.js that the tool is tested on: `engines` of the package. */
const oldestNode = { major: 20, minor: 19 };

/** The days after which a line gets no more repairs of security holes, by the plan of the Node.js project. */
const endOfLife: Readonly<Record<number, string>> = {
  20: '2026-04-30',
  22: '2027-04-30',
  24: '2028-04-30',
};

/** `version` is that of `process.versions.node`. */
export function judgeNode(version: string, nowMs: number): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const { major: oldestMajor, minor: oldestMinor } = oldestNode;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
    return { status: 'fail', ...say.oldNode(version, `${oldestMajor}.${oldestMinor}`) };
  const end = endOfLife[major];
  if (end !== undefined && nowMs > Date.parse(`${end}T23:59:59Z`))
    return { status: 'warn', ...say.endedNode(version, end) };
  return { status: 'pass', text: { en: `Node.js ${version}`, zh: `Node.js ${version}` } };
}

/** The header has whole seconds, and an answer takes its time. */
const unseenSkewMs = 60_000;
/** Servers commonly refuse a push whose timestamp is further away. */
const harmfulSkewMs = 300_000;

/** Both clocks in milliseconds: this one at the answer, and that of its `Date` header. */
export function judgeClock(localMs: number, serverMs: number): Finding {
  const skewMs = localMs - serverMs;
  const size = Math.abs(skewMs);
  if (size <= unseenSkewMs) return { status: 'pass', text: say.rightClock };
  return { status: size <= harmfulSkewMs ? 'warn' : 'fail', ...say.wrongClock(skewMs) };
}

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
