/** Rounds in which many processes meet one dead lock within the same millisecond. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createProcesses } from '../../src/io/files/process-identity.ts';
import { startWorker } from './workers.ts';

let deadPid: number | undefined;

/** A lock whose holder has died. */
export function plantDeadLock(path: string): void {
  deadPid ??= spawnSync('true').pid;
  const owner = { ...createProcesses().self(), generation: '0'.repeat(24), pid: deadPid };
  writeFileSync(path, JSON.stringify(owner));
}

/** Lets that many workers take each lock in turn; a round begins when the one before is over. */
export async function takeOver(program: string, processes: number, paths: readonly string[]): Promise<void> {
  const workers = Array.from({ length: processes }, () => startWorker(program, { paths }));
  await Promise.all(workers.map((worker) => worker.ready));
  for (const round of paths.keys()) {
    const done = workers.map(
      ({ child }) =>
        new Promise<void>((resolve) => {
          const listen = (data: Buffer): void => {
            if (!data.toString().includes(`done ${round}\n`)) return;
            child.stdout?.off('data', listen);
            resolve();
          };
          child.stdout?.on('data', listen);
        }),
    );
    for (const { child } of workers) child.stdin?.write(`${round}\n`);
    await Promise.all(done);
  }
  for (const { child } of workers) child.stdin?.end();
  await Promise.all(workers.map((worker) => worker.ended));
}

/** The most holders at one moment, from lines "+pid" and "-pid". */
export function longestOverlap(log: readonly string[]): number {
  let now = 0;
  let most = 0;
  for (const line of log) {
    now += line.startsWith('+') ? 1 : -1;
    most = Math.max(most, now);
  }
  return most;
}
