/** Real processes for tests of what happens between processes. The programs are in `workers/`. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ended } from './command.ts';

export { temporaryFolder } from './command.ts';

/** Builds `workers/<name>.ts` and returns the program's path. It lies there until this test file ends. */
export function buildWorker(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'wechat-mp-worker-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const build = join(import.meta.dirname, '../tools/build.mjs');
  execFileSync(process.execPath, [build, folder, join(import.meta.dirname, 'workers', `${name}.ts`)]);
  return join(folder, `${name}.js`);
}

export interface Worker {
  readonly child: ChildProcess;
  /** Resolves when it has written its first line: it is loaded and waits for `go`. */
  readonly ready: Promise<void>;
  readonly ended: Promise<Ended>;
  /** Lets it begin. */
  go(): void;
}

/** Starts a worker with a settings object as its only argument. */
export function startWorker(
  program: string,
  settings: object,
  options: { readonly uid?: number; readonly prefix?: readonly string[] } = {},
): Worker {
  const [command = '', ...rest] = [
    ...(options.prefix ?? []),
    process.execPath,
    program,
    JSON.stringify(settings),
  ];
  const child = spawn(command, rest, {
    stdio: 'pipe',
    env: {},
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  let stdout = '';
  let stderr = '';
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
      if (stdout.includes('\n')) resolve();
    });
    child.once('close', () => resolve());
  });
  // "exit" may come before the last of stdout.
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) =>
      resolve({ code, signal, stdout: stdout.replace(/^ready\n/, ''), stderr }),
    );
  });
  return { child, ready, ended, go: () => child.stdin?.write('go\n') };
}

/** Starts that many at the same moment and waits for all. */
export async function stampede(program: string, settings: readonly object[]): Promise<readonly Ended[]> {
  const workers = settings.map((each) => startWorker(program, each));
  await Promise.all(workers.map((worker) => worker.ready));
  for (const worker of workers) worker.go();
  return Promise.all(workers.map((worker) => worker.ended));
}
