/** `--dotenv FILE`: variables out of a file, below the real ones. */
import { parse } from 'dotenv';
import { readLimits } from '../../core/text/read-limits.ts';
import { readTextFile } from '../files/input-file.ts';
import type { Files } from '../../io/ports.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The variables in force, and which of them are those of the file. */
export interface Dotenv {
  readonly environment: Variables;
  readonly file: string;
  readonly names: ReadonlySet<string>;
}

/** An empty real variable counts as not set, here too. Throws an input error where the file cannot be read. */
export function readDotenv(files: Files, file: string, real: Variables): Dotenv {
  const found = Object.entries(parse(readTextFile(files, file, readLimits.text, '--dotenv'))).filter(
    ([name]) => !real[name],
  );
  return {
    environment: { ...real, ...Object.fromEntries(found) },
    file,
    names: new Set(found.map(([name]) => name)),
  };
}
