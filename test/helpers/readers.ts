/** T2: processes that read a credential while it ends and is fetched anew. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, type Ended } from './command.ts';
import { readLog, requests } from './platform-log.ts';
import { startWorker } from './workers.ts';

export interface Readers {
  readonly requests: number;
  /** What each process saw, in order, each value once in a row. */
  readonly seen: readonly (readonly string[])[];
  readonly reads: number;
  readonly notes: readonly unknown[];
}

/** Starts the processes, lets the clock pass the end of the credential `refreshes` times, and waits for all. */
export async function readThroughRefreshes(
  program: string,
  load: { readonly processes: number; readonly reads: number; readonly refreshes: number },
): Promise<Readers> {
  const folder = temporaryFolder();
  const log = join(folder, 'platform.log');
  const [clockFile, stop] = [join(folder, 'clock'), join(folder, 'stop')];
  const advance = (seconds: number): void => {
    writeFileSync(`${clockFile}.new`, String(seconds));
    renameSync(`${clockFile}.new`, clockFile);
  };
  advance(0);
  const settings = {
    directory: join(folder, 'cache'),
    log,
    clockFile,
    stop,
    reads: load.reads,
    latencyMs: 20,
  };
  const workers = Array.from({ length: load.processes }, () =>
    startWorker(program, { ...settings, wait: true }),
  );
  await Promise.all(workers.map((worker) => worker.ready));
  for (const worker of workers) worker.go();
  for (let refresh = 0; ; refresh += 1) {
    await answered(
      log,
      refresh + 1,
      workers.map((worker) => worker.ended),
    );
    if (refresh === load.refreshes) break;
    advance((refresh + 1) * 7200);
  }
  writeFileSync(stop, '');
  const results = (await Promise.all(workers.map((worker) => worker.ended))).map(({ stdout, stderr }) =>
    parse(stdout, stderr),
  );
  return {
    requests: requests(readLog(log))['stable_token'] ?? 0,
    seen: results.map((result) => result.seen),
    reads: results.reduce((sum, result) => sum + result.count, 0),
    notes: results.flatMap((result) => result.notes),
  };
}

function parse(stdout: string, stderr: string): { seen: string[]; count: number; notes: unknown[] } {
  if (stdout === '') throw new Error(`a reader died: ${stderr}`);
  return JSON.parse(stdout) as { seen: string[]; count: number; notes: unknown[] };
}

/** Waits until the platform has answered so often; fails where a reader ends before. */
async function answered(log: string, count: number, ends: readonly Promise<Ended>[]): Promise<void> {
  let early: Ended | undefined;
  for (const end of ends) void end.then((ended) => (early = ended));
  while (readLog(log).filter(({ what }) => what === 'answer').length < count) {
    if (early !== undefined) throw new Error(`a reader ended early: ${early.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
