/** What is wrong with a set-up: what `doctor` makes of what it sees. The door of this folder: what others import. */
export { judgeHistory, judgeQuota, judgeRights } from './calls.ts';
export { type FoundLock, isStaleLock, judgeClock, judgeLocks, judgeNode, readLockOwner } from './machine.ts';
export { type Check, type Finding, type Row, blocked, runChecks, troubleOf } from './rows.ts';
export { judgeStore } from './store.ts';
export { spanOf } from './span.ts';
