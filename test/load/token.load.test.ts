/** The real command against the real simulator, a hundred processes at a time. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ended, run, start, spawnSimulator, type RunningSimulator } from '../helpers/command.ts';
import { repeat, report } from './figures.ts';

const TOKEN_PATH = '/cgi-bin/stable_token';

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

async function timed(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
  const startedMs = performance.now();
  const outcome = await run(words, { env });
  return { ...outcome, tookMs: performance.now() - startedMs };
}

/** The first of those that failed. */
function failures(outcomes: readonly Pick<Outcome, 'code' | 'stderr'>[]): readonly unknown[] {
  return outcomes.filter((outcome) => outcome.code !== 0).slice(0, 2);
}

function cacheOf(simulator: RunningSimulator): string {
  return path.join(simulator.env['HOME'] ?? '', '.cache', 'wechat-mp', 'tokens');
}

/** Makes the token endpoint as slow as the platform is. */
async function slowDown(simulator: RunningSimulator, delay: string): Promise<void> {
  await simulator.control('faults', { path: TOKEN_PATH, delay, times: 1_000_000 });
}

async function coldStampede(processes: number, runs: number): Promise<void> {
  const simulator = await spawnSimulator();
  await slowDown(simulator, '200ms');
  const took: number[] = [];
  for (let round = 1; round <= runs; round += 1) {
    rmSync(cacheOf(simulator), { recursive: true, force: true });
    const before = await simulator.count(TOKEN_PATH);
    const outcomes = await Promise.all(repeat(processes, () => timed(['token'], simulator.env)));
    expect(failures(outcomes)).toEqual([]);
    expect(new Set(outcomes.map((outcome) => outcome.stdout)).size).toBe(1);
    expect(await simulator.count(TOKEN_PATH)).toBe(before + 1);
    expect(readdirSync(cacheOf(simulator))).toHaveLength(1);
    took.push(...outcomes.map((outcome) => outcome.tookMs));
  }
  report(`T1 ${processes} processes × ${runs}, start-up included`, took);
}

test('T1: 100 commands on a cold cache make one request, 8 times', () => coldStampede(100, 8));
test('T1: 300 commands on a cold cache make one request', () => coldStampede(300, 1));

test('T5: 100 commands whose token died replace it once', async () => {
  const simulator = await spawnSimulator();
  await run(['token'], { env: simulator.env });
  const [name = ''] = readdirSync(cacheOf(simulator));
  const file = path.join(cacheOf(simulator), name);
  const entry = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...entry, value: 'SIM_this-token-is-dead-and-long-enough' }));
  await slowDown(simulator, '200ms');
  // Each asks twice: once with the dead token, once with the new one.
  const outcomes = await Promise.all(repeat(100, () => timed(['menu', 'pull'], simulator.env)));
  expect(new Set(outcomes.map((outcome) => outcome.code)).size).toBe(1);
  expect(outcomes.filter((outcome) => /4000[1]|42001/.test(outcome.stderr))).toEqual([]);
  expect(await simulator.count(TOKEN_PATH)).toBe(2);
  expect(await simulator.count('/cgi-bin/menu/get')).toBeLessThanOrEqual(200);
  report(
    'T5 100 processes',
    outcomes.map((outcome) => outcome.tookMs),
  );
});

test('T6b: 50 of 100 commands are killed, 8 times; the others succeed', async () => {
  const took: number[] = [];
  let kills = 0;
  for (let round = 1; round <= 8; round += 1) {
    const simulator = await spawnSimulator();
    await slowDown(simulator, '200ms');
    const endings: Promise<Omit<Outcome, 'stdout'>>[] = [];
    for (let index = 0; index < 100; index += 1) {
      const startedMs = performance.now();
      const child = start(['token'], { env: simulator.env });
      endings.push(ended(child).then((end) => ({ ...end, tookMs: performance.now() - startedMs })));
      if (index % 2 === 0) setTimeout(() => child.kill('SIGKILL'), Math.random() * 1500);
      // Starting a process blocks this one; the timers must have their turn in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const ends = await Promise.all(endings);
    const survivors = ends.filter((_, index) => index % 2 === 1);
    const killed = ends.filter((end) => end.signal === 'SIGKILL').length;
    kills += killed;
    expect(failures(survivors)).toEqual([]);
    expect(await simulator.count(TOKEN_PATH)).toBeLessThanOrEqual(1 + killed);
    const outcome = await timed(['token', '--json'], simulator.env);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ source: 'cache' });
    took.push(...survivors.map((end) => end.tookMs));
  }
  // Kills that come when the work is done prove nothing.
  expect(kills).toBeGreaterThan(120);
  report(`T6b survivors of 100 processes × 8, ${kills} killed`, took);
});

test('T16: 100 commands that want the token or a ticket make one request each', async () => {
  const simulator = await spawnSimulator();
  await slowDown(simulator, '200ms');
  const wishes = [['token'], ['sign-url', 'https://example.com/a']];
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, index) => timed(wishes[index % 2] ?? [], simulator.env)),
  );
  expect(failures(outcomes)).toEqual([]);
  expect(await simulator.count(TOKEN_PATH)).toBe(1);
  expect(await simulator.count('/cgi-bin/ticket/getticket')).toBe(1);
  report(
    'T16 100 processes',
    outcomes.map((outcome) => outcome.tookMs),
  );
});

test('T20: 100 commands with a wrong secret make at most two requests and fail alike', async () => {
  const simulator = await spawnSimulator();
  await slowDown(simulator, '200ms');
  const env = { ...simulator.env, WECHAT_MP_APPSECRET: '0'.repeat(32) };
  const outcomes = await Promise.all(repeat(100, () => timed(['token', '--json'], env)));
  const errors = outcomes.map(({ stderr }) => {
    const last = stderr.trim().split('\n').at(-1) ?? '';
    const { code, type, errcode } = (JSON.parse(last) as { error: Record<string, unknown> }).error;
    return JSON.stringify({ code, type, errcode });
  });
  expect(new Set(errors).size).toBe(1);
  expect(outcomes.map((outcome) => outcome.code)).toEqual(repeat(100, () => 3));
  expect(await simulator.count(TOKEN_PATH)).toBeLessThanOrEqual(2);
  report(
    'T20 100 processes',
    outcomes.map((outcome) => outcome.tookMs),
  );
});

test('S5: 100 profiles that are added at once are all there', async () => {
  const simulator = await spawnSimulator();
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      timed(['profile', 'add', `shop-${index}`, '--no-input'], simulator.env),
    ),
  );
  expect(failures(outcomes)).toEqual([]);
  const listed = await run(['profile', 'list', '--json'], { env: simulator.env });
  for (let index = 0; index < 100; index += 1) expect(listed.stdout).toContain(`"shop-${index}"`);
  report(
    'S5 100 processes',
    outcomes.map((outcome) => outcome.tookMs),
  );
});
