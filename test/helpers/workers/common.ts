import * as nodeFs from 'node:fs';
import type { RawFiles } from '../../../src/io/files/steps.ts';
import type { Clock, Random } from '../../../src/io/ports.ts';
import { randomBytes } from 'node:crypto';
import { sleep } from '../../../src/io/sleep.ts';

export const settings = JSON.parse(process.argv[2] ?? '{}') as Record<string, unknown>;

export const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now(), sleep };
export const random: Random = { bytes: randomBytes };

/** Says that the program is loaded, and waits for the others. */
export async function waitForGo(): Promise<void> {
  process.stdout.write('ready\n');
  await new Promise<void>((resolve) => process.stdin.once('data', () => resolve()));
  process.stdin.destroy();
}

/** `node:fs` that kills this process in front of the nth call; a real death, nothing is cleaned up. */
export function mortalFiles(killAt: unknown): RawFiles {
  let calls = 0;
  return new Proxy(nodeFs, {
    get(target, name: keyof typeof nodeFs) {
      const original = target[name] as unknown;
      if (typeof original !== 'function') return original;
      return (...values: unknown[]): unknown => {
        calls += 1;
        if (calls === killAt) process.kill(process.pid, 'SIGKILL');
        return (original as (...each: unknown[]) => unknown).apply(target, values);
      };
    },
  });
}
