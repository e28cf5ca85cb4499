import type { Text } from './text.ts';

/** Something wrong with a menu file. */
export interface MenuProblem {
  /** Stable name of the rule, for example `name-bytes`. */
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  /** JSON pointer into the value that was validated. */
  readonly path: string;
  /** What the platform answers; errors always have one. */
  readonly errcode?: number;
  /** Another code that the documentation gives for the same mistake; which one comes is not settled. */
  readonly alternative?: number;
  readonly text: Text;
  readonly hint?: Text;
  /** For "did you mean": what stands there, and what may stand there. */
  readonly choices?: { readonly given: string; readonly known: readonly string[] };
}

/** A JSON pointer of a parent and a name or position in it. */
export function pointer(parent: string, name: string | number): string {
  return `${parent}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
