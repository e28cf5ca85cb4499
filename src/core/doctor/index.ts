/** What is wrong with a set-up: what `doctor` makes of what it sees. The door of this folder: what others import. */
export { judgeHistory } from './history.ts';
export { type FoundLock, isStaleLock, judgeLocks, readLockOwner } from './lock.ts';
export { judgeClock, judgeNode } from './machine.ts';
export { judgeQuota, judgeRights } from './rights.ts';
export { type Check, type Finding, type Row, blocked, runChecks, troubleOf } from './rows.ts';
export { judgeStore } from './store.ts';
export { spanOf } from './span.ts';
