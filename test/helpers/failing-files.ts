/** The files of this machine, whose calls of the system fail as a plan says. */
import * as nodeFs from 'node:fs';
import type { RawFiles } from '../../src/io/files/steps.ts';

export interface FailingFiles {
  readonly fs: RawFiles;
  /** Calls so far. */
  calls(): number;
  /** The call that failed first: `openSync /tmp/x`. */
  failed(): string | undefined;
  /** From now on nothing fails. */
  heal(): void;
}

/** What a full disk refuses; reading, closing and removing go on. */
const growing = new Set([
  'appendFileSync',
  'fsync',
  'fsyncSync',
  'linkSync',
  'mkdirSync',
  'openSync',
  'renameSync',
  'write',
  'writeSync',
]);

/** `once`: the nth call fails. `full`: from the nth on, every call that needs space. */
export function failingFiles(failAt: number, code: string, kind: 'once' | 'full'): FailingFiles {
  let calls = 0;
  let active = true;
  let failed: string | undefined;
  const fs = new Proxy(nodeFs, {
    get(target, name: keyof RawFiles) {
      return (...values: unknown[]): unknown => {
        calls += 1;
        const isRead = name === 'openSync' && values[1] === 'r';
        const meets = kind === 'once' ? calls === failAt : calls >= failAt && growing.has(name) && !isRead;
        if (!active || !meets) return (target[name] as (...each: unknown[]) => unknown)(...values);
        failed ??= `${name} ${String(values[0])}`;
        // A failing close still closes, and a failing write may have written a part.
        if (name === 'closeSync') target.closeSync(values[0] as number);
        if (name === 'writeSync') {
          const [descriptor, bytes, at = 0, length = 0] = values as [number, Uint8Array, number, number];
          if (length > 1) target.writeSync(descriptor, bytes, at, Math.floor(length / 2));
        }
        const syscall = name.replace(/Sync$/, '').replace('readdir', 'scandir');
        throw Object.assign(new Error(`${code}: injected, ${name}`), { code, syscall });
      };
    },
  });
  return { fs, calls: () => calls, failed: () => failed, heal: () => void (active = false) };
}
