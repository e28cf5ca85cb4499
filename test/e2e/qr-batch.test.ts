/** `qr batch` as a process: killed, interrupted, twice at once, on a full disk. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  ended,
  run,
  start,
  startSimulator,
  temporaryFolder,
  type RunningSimulator,
} from '../helpers/command.ts';
import { runHere } from '../helpers/in-process.ts';

interface Manifest {
  readonly codes: readonly { readonly ticket: string; readonly bytes: number | null }[];
  readonly missing: readonly { readonly line: number }[];
}

function desk(rows: number) {
  const folder = temporaryFolder();
  const codes = path.join(folder, 'codes');
  writeFileSync(
    path.join(folder, 'a.csv'),
    `scene\n${Array.from({ length: rows }, (_, index) => index + 1).join('\n')}\n`,
  );
  return {
    codes,
    words: (...more: string[]) => ['qr', 'batch', path.join(folder, 'a.csv'), '--out-dir', codes, ...more],
    manifest: () => JSON.parse(readFileSync(path.join(codes, 'manifest.json'), 'utf8')) as Manifest,
    journal: () => {
      const file = path.join(codes, 'manifest.jsonl');
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
    },
  };
}

type Desk = ReturnType<typeof desk>;

async function slow(simulator: RunningSimulator, delay = '50ms'): Promise<void> {
  await simulator.control('faults', { path: '/cgi-bin/qrcode/create', delay, times: 100_000 });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function expectWhole(simulator: RunningSimulator, { words, codes, manifest }: Desk, rows: number) {
  const resumed = await runHere(words('--resume'), { env: simulator.env });
  expect([resumed.code, resumed.stderr]).toEqual([0, expect.any(String)]);
  expect(new Set(manifest().codes.map(({ ticket }) => ticket)).size).toBe(rows);
  expect(readdirSync(codes).filter((name) => !/^\d+\.jpg$/.test(name))).toEqual(['manifest.json']);
  expect(readdirSync(codes)).toHaveLength(rows + 1);
}

async function created(simulator: RunningSimulator): Promise<number> {
  const { qrcodes: codes } = (await simulator.control('state')) as { qrcodes: { temporary: number } };
  return codes.temporary;
}

describe('qr batch', () => {
  test('that is killed makes at most the codes under way twice', { timeout: 60_000 }, async () => {
    const simulator = await startSimulator();
    const place = desk(60);
    await slow(simulator);
    const child = start(place.words(), { env: simulator.env });
    const gone = ended(child);
    await until(() => place.journal() > 20);
    child.kill('SIGKILL');
    await gone;
    await expectWhole(simulator, place, 60);
    expect(await created(simulator)).toBeGreaterThanOrEqual(60);
    expect(await created(simulator)).toBeLessThanOrEqual(60 + 8);
  });

  test('ends at a signal with a manifest of what is done', { timeout: 60_000 }, async () => {
    const simulator = await startSimulator();
    const place = desk(60);
    await slow(simulator);
    const child = start(place.words('--json'), { env: simulator.env });
    const gone = ended(child);
    await until(() => place.journal() > 10);
    child.kill('SIGINT');
    const { code, stderr } = await gone;
    expect([code, JSON.parse(stderr.trim().split('\n').at(-1) ?? '')]).toMatchObject([
      130,
      { error: { type: 'interrupted' } },
    ]);
    expect(readdirSync(place.codes).filter((name) => !name.endsWith('.jpg'))).toEqual(['manifest.json']);
    expect(place.manifest().missing.length).toBeGreaterThan(0);
    await expectWhole(simulator, place, 60);
    // What was under way came to its end, so nothing was made twice.
    expect(await created(simulator)).toBe(60);
  });

  test('refuses a folder in which another run works', { timeout: 60_000 }, async () => {
    const simulator = await startSimulator();
    const place = desk(200);
    await slow(simulator, '200ms');
    const first = start(place.words(), { env: simulator.env });
    const gone = ended(first);
    await until(() => place.journal() > 0);
    const { code, stderr } = await runHere(place.words('--resume', '--json'), { env: simulator.env });
    const { error } = JSON.parse(stderr) as { error: Record<string, unknown> };
    expect([code, error]).toMatchObject([
      7,
      { type: 'folder_busy', pid: first.pid, host: expect.any(String) as string },
    ]);
    first.kill('SIGTERM');
    await gone;
  });

  test('writes into no file that a link in the folder points to', { timeout: 60_000 }, async () => {
    const simulator = await startSimulator();
    for (const name of ['1.jpg', 'manifest.json', 'manifest.jsonl', 'index.html']) {
      const place = desk(2);
      const outside = path.join(place.codes, '..', 'outside');
      writeFileSync(outside, 'mine');
      mkdirSync(place.codes);
      symlinkSync(outside, path.join(place.codes, name));
      for (const more of [[], ['--resume']]) {
        const { code } = await runHere(place.words('--sheet', ...more), { env: simulator.env });
        expect([name, code === 0]).toEqual([name, false]);
      }
      expect(readFileSync(outside, 'utf8')).toBe('mine');
      const dangling = desk(2);
      mkdirSync(dangling.codes);
      symlinkSync(path.join(dangling.codes, '..', 'none'), path.join(dangling.codes, name));
      expect((await runHere(dangling.words('--sheet'), { env: simulator.env })).code).toBe(2);
      expect(existsSync(path.join(dangling.codes, '..', 'none'))).toBe(false);
    }
  });

  test(
    'ends with exit 7 on a full disk, and goes on when there is room',
    { timeout: 60_000 },
    async (context) => {
      const simulator = await startSimulator();
      const place = desk(40);
      mkdirSync(place.codes);
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', place.codes]);
      if (mounted.status !== 0) return context.skip('no right to mount');
      onTestFinished(() => void spawnSync('umount', ['-l', place.codes]));
      // A process of its own: on a full disk its lock may stay, and dies with it.
      const full = await run(place.words('--json'), { env: simulator.env });
      const { error } = JSON.parse(full.stderr.trim().split('\n').at(-1) ?? '') as {
        error: Record<string, unknown>;
      };
      expect([full.code, error]).toMatchObject([7, { type: 'disk_full' }]);
      spawnSync('mount', ['-o', 'remount,size=64m', place.codes]);
      await expectWhole(simulator, place, 40);
      expect(await created(simulator)).toBeLessThanOrEqual(40 + 8);
    },
  );
});
