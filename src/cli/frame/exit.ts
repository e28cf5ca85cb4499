import type { ErrorFamily } from '../../core/errors.ts';

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

/** Error types that have a code of their own: what a shell would say in their place. */
export const exitCodesOfTypes: ReadonlyMap<string, number> = new Map([
  ['command_not_runnable', 126],
  ['command_not_found', 127],
  ['hung_up', 129],
  ['quit', 131],
  ['terminated', 143],
]);
