/** The token source, the lock and the files under full load, in processes that hold nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { createFiles } from '../../src/io/files/files.ts';
import { createLocks } from '../../src/io/files/locks.ts';
import { longestOverlap, plantDeadLock, takeOver } from '../helpers/lock-rounds.ts';
import { mostInFlight, readLog, requests } from '../helpers/platform-log.ts';
import { temporaryFolder } from '../helpers/command.ts';
import { readThroughRefreshes } from '../helpers/readers.ts';
import { buildWorker, stampede, startWorker } from '../helpers/workers.ts';
import { repeat, report } from './figures.ts';

let tokenWorker: string;
let lockWorker: string;
let writerWorker: string;
beforeAll(() => {
  tokenWorker = buildWorker('token-worker');
  lockWorker = buildWorker('lock-worker');
  writerWorker = buildWorker('writer-worker');
});

interface Result {
  readonly value?: string;
  readonly tookMs?: number;
  readonly notes: readonly unknown[];
  readonly error?: { readonly type: string };
}

function world(): { readonly directory: string; readonly log: string } {
  const folder = temporaryFolder();
  return { directory: join(folder, 'cache'), log: join(folder, 'platform.log') };
}

test('T1: 100 processes that begin in the same moment make one request, 20 times; p99 within 3 s', async () => {
  const took: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const settings = { ...world(), latencyMs: 200, wait: true };
    const results = (
      await stampede(
        tokenWorker,
        repeat(100, () => settings),
      )
    ).map(({ stdout }) => JSON.parse(stdout) as Result);
    expect(new Set(results.map((result) => result.value)).size).toBe(1);
    expect(results.flatMap((result) => result.notes)).toEqual([]);
    expect(requests(readLog(settings.log))).toEqual({ stable_token: 1 });
    took.push(...results.map((result) => result.tookMs ?? Number.NaN));
  }
  report('T1 100 processes × 20 from a common start', took);
  expect(took.toSorted((one, other) => one - other)[Math.floor(took.length * 0.99)]).toBeLessThanOrEqual(
    3000,
  );
});

test('T2: 20 readers with 4000 reads each across 3 refreshes make 4 requests and tear nothing', async () => {
  const readers = await readThroughRefreshes(tokenWorker, { processes: 20, reads: 4000, refreshes: 3 });
  expect(readers.requests).toBe(4);
  expect(readers.notes).toEqual([]);
  expect(readers.reads).toBeGreaterThanOrEqual(80_000);
  for (const seen of readers.seen) {
    expect(seen).toEqual(seen.toSorted());
    expect(seen.every((value) => /^50_stable_token-[1-4]-x{16}$/.test(value))).toBe(true);
  }
});

test('T16: 100 processes that want token, jsapi and wx_card make one request each', async () => {
  const settings = { ...world(), latencyMs: 200, wait: true };
  const wishes = [{}, { ticket: 'jsapi' }, { ticket: 'wx_card' }];
  const all = Array.from({ length: 100 }, (_, index) => ({ ...settings, ...wishes[index % 3] }));
  const results = (await stampede(tokenWorker, all)).map(({ stdout }) => JSON.parse(stdout) as Result);
  expect(results.filter((result) => result.error !== undefined)).toEqual([]);
  expect(requests(readLog(settings.log))).toEqual({ stable_token: 1, jsapi: 1, wx_card: 1 });
});

test('T6b: 50 of 100 processes are killed, 20 times; never two requests at once', async () => {
  for (let round = 0; round < 20; round += 1) {
    const settings = { ...world(), latencyMs: 200, wait: true };
    const workers = repeat(100, () => startWorker(tokenWorker, settings));
    await Promise.all(workers.map((worker) => worker.ready));
    for (const worker of workers) worker.go();
    for (const { child } of workers.slice(0, 50))
      setTimeout(() => child.kill('SIGKILL'), Math.random() * 900);
    const ends = await Promise.all(workers.map((worker) => worker.ended));
    for (const { stdout } of ends.slice(50)) expect((JSON.parse(stdout) as Result).error).toBeUndefined();
    const killed = new Set(
      workers.filter((_, index) => ends[index]?.signal === 'SIGKILL').map(({ child }) => child.pid ?? 0),
    );
    const log = readLog(settings.log);
    const lost = new Set(log.filter(({ pid }) => killed.has(pid)).map(({ pid }) => pid)).size;
    expect(mostInFlight(log, killed)).toBe(1);
    expect(requests(log)['stable_token']).toBeLessThanOrEqual(1 + lost);
  }
});

test('T6c: 32 processes, 150 dead locks, no two holders', async () => {
  const folder = temporaryFolder();
  const paths = Array.from({ length: 150 }, (_, round) => join(folder, `${round}.lock`));
  for (const path of paths) plantDeadLock(path);
  await takeOver(lockWorker, 32, paths);
  const logs = paths.map((path) => readFileSync(`${path}.log`, 'utf8').trim().split('\n'));
  expect(logs.map((log) => log.length)).toEqual(repeat(150, () => 64));
  expect(logs.filter((log) => longestOverlap(log) > 1)).toEqual([]);
  expect(readdirSync(folder).filter((name) => !name.endsWith('.log'))).toEqual([]);
});

test('T7: a stopped holder holds up a stable waiter for 16 s, a classic one for its lease, and changes nothing later', async () => {
  const check = async (endpoint: string, waitMs: number): Promise<void> => {
    // The classic lease ends 12 s after they come, and a request needs time, too.
    const settings = { ...world(), endpoint, latencyMs: 500, timeoutMs: 20_000 };
    const holder = startWorker(tokenWorker, settings);
    while (readLog(settings.log).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    holder.child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    const waiters = await Promise.all(repeat(10, () => startWorker(tokenWorker, settings).ended));
    const results = waiters.map(({ stdout }) => JSON.parse(stdout) as Result);
    const stored = currentValue(settings.directory);
    expect(results.filter((result) => result.error !== undefined)).toEqual([]);
    report(
      `T7 ${endpoint}, 10 waiters that came after ${waitMs} ms`,
      results.map((result) => result.tookMs ?? Number.NaN),
    );
    expect(Math.max(...results.map((result) => result.tookMs ?? Number.NaN))).toBeLessThan(16_500);
    holder.child.kill('SIGCONT');
    await holder.ended;
    expect(currentValue(settings.directory)).toBe(stored);
    expect(readdirSync(join(settings.directory, 'tokens')).filter((name) => name.endsWith('.lock'))).toEqual(
      [],
    );
  };
  await Promise.all([check('stable_token', 0), check('token', 18_000)]);
});

const namespaces = process.platform === 'linux' && spawnSync('unshare', ['-p', '-f', 'true']).status === 0;

test.skipIf(!namespaces)(
  'T8: a holder in another PID namespace is taken over after the lease, not before',
  async () => {
    const folder = temporaryFolder();
    const [living, dead] = [join(folder, 'living.lock'), join(folder, 'dead.lock')];
    // A shell in between: the first process of a namespace ignores its own SIGKILL.
    const prefix = ['unshare', '-p', '-f', 'sh', '-c', '"$@"; true', 'sh'];
    const holder = startWorker(lockWorker, { path: living, holdMs: 29_000 }, { prefix });
    // 5 is the link: locked, and dead before anything else.
    await startWorker(lockWorker, { path: dead, killAt: 6 }, { prefix }).ended;
    while (!readdirSync(folder).includes('living.lock'))
      await new Promise((resolve) => setTimeout(resolve, 5));
    const startedMs = performance.now();
    const takenMs = async (path: string): Promise<number> => {
      for (;;) {
        const attempt = createLocks().tryLock(path);
        if (attempt.held) return performance.now() - startedMs;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const [afterLiving, afterDead] = await Promise.all([takenMs(living), takenMs(dead)]);
    report('T8 taken over from the dead', [afterDead]);
    expect(afterLiving).toBeGreaterThan(28_500);
    expect(afterDead).toBeGreaterThan(28_500);
    expect(afterDead).toBeLessThan(31_000);
    await holder.ended;
  },
);

test('W1: 4 writers, 250 kills, 300 000 reads, none of them bad', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a');
  createFiles().write(path, sealed('first'));
  let kills = 0;
  let reads = 0;
  let running = 4;
  const writer = async (): Promise<void> => {
    while (kills < 250) {
      kills += 1;
      const worker = startWorker(writerWorker, { path });
      await worker.ready;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
      worker.child.kill('SIGKILL');
      await worker.ended;
    }
    running -= 1;
  };
  const reader = async (): Promise<void> => {
    for (;;) {
      if (running === 0 && reads >= 300_000) return;
      for (let burst = 0; burst < 200; burst += 1) {
        const text = readFileSync(path, 'utf8');
        if (sealed(text.slice(64)) !== text) throw new Error(`bad read: ${text.slice(0, 100)}`);
        reads += 1;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all([...repeat(4, writer), reader()]);
  const orphans = readdirSync(folder).filter((name) => name.endsWith('.tmp')).length;
  console.log(`W1: ${kills} kills, ${reads} reads, ${orphans} orphans`);
  expect(reads).toBeGreaterThanOrEqual(300_000);
});

function sealed(body: string): string {
  return createHash('sha256').update(body).digest('hex') + body;
}

function currentValue(directory: string): unknown {
  const folder = join(directory, 'tokens');
  const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { value: unknown }).value;
}
