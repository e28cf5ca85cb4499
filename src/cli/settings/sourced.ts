/** Values of settings, with the place that each came from. */
import type { Dotenv } from './dotenv.ts';

export type Level = 'flag' | 'environment' | 'profile' | 'project' | 'default';

/** A value and where it came from: `environment WECHAT_MP_APPID`. */
export interface Sourced<T> {
  readonly value: T;
  readonly level: Level;
  /** The flag, the variable, or the profile's name. */
  readonly name: string;
  /** The file of `--dotenv` that says so. */
  readonly file?: string;
}

/** `undefined` for an empty value, which counts as not set. */
export function sourced(
  value: string | undefined,
  level: Level,
  name: string,
  dotenv?: Dotenv,
): Sourced<string> | undefined {
  if (value === undefined || value === '') return undefined;
  return { value, level, name, ...(dotenv?.names.has(name) === true ? { file: dotenv.file } : {}) };
}
