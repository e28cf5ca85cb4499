import { durationRefusal, longestTimer, readDuration } from '../../core/text/duration.ts';
import { usageError } from '../../core/errors.ts';

/** Milliseconds of a flag's duration. Throws a usage error that names the flag. */
export function parseDuration(value: string, flag: string, longest?: string): number {
  const { ms, refused } = readDuration(value, longest);
  if (refused !== undefined) throw usageError('duration_invalid', durationRefusal(value, flag, refused));
  return ms;
}

/** The same for what this process itself waits. */
export function parseWait(value: string, flag: string): number {
  return parseDuration(value, flag, longestTimer);
}
