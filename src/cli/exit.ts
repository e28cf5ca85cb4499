import type { ErrorFamily } from '../core/errors.ts';

/** The only place that knows exit codes. */
export const exitCodes: Readonly<Record<ErrorFamily | 'bug', number>> = {
  negative: 1,
  usage: 2,
  input: 2,
  account: 3,
  api: 4,
  network: 5,
  limit: 6,
  local: 7,
  bug: 70,
  interrupted: 130,
};

/** Exit code of a process that SIGTERM ended. */
export const terminated = 143;
