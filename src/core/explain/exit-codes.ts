/** What the tool's exit codes say: the one table behind `help exit-codes` and `explain`. */
import type { Text } from '../text/text.ts';
import table from './exit-codes.json' with { type: 'json' };

export interface ExitCode {
  readonly codes: readonly number[];
  readonly name: Text;
  /** What to do about it. */
  readonly fix: Text;
}

export const exitCodeTable: readonly ExitCode[] = table;

export function findExitCode(code: number): ExitCode | undefined {
  return exitCodeTable.find(({ codes }) => codes.includes(code));
}
