/** Q1: thousands of QR codes with the real command against the real simulator. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { parseQrTicket } from '../../src/core/qrcode/ticket.ts';
import { readQr } from '../e2e/qr-readers.ts';
import {
  builtFile,
  cleanEnvironment,
  ended,
  run,
  start,
  spawnSimulator,
  temporaryFolder,
  type RunningSimulator,
} from '../helpers/command.ts';
import { measureBatch } from '../tools/bench-qr.mjs';

const createPath = '/cgi-bin/qrcode/create';
const rows = 5000;
const concurrency = 8;
const kills = 10;

interface Code {
  readonly ticket: string;
  readonly url: string;
  readonly file: string;
  readonly sha256: string;
}
type Summary = Record<'made' | 'valid' | 'not_reached' | 'codes_per_second', number> & {
  readonly missing: readonly { readonly line: number }[];
};

function desk(count: number) {
  const folder = temporaryFolder();
  const codes = path.join(folder, 'codes');
  const table = path.join(folder, 'a.csv');
  writeFileSync(table, `scene\n${Array.from({ length: count }, (_, index) => index + 1).join('\n')}\n`);
  return {
    codes,
    words: (...more: string[]) => ['qr', 'batch', table, '--out-dir', codes, '--json', ...more],
    manifest: () =>
      (JSON.parse(readFileSync(path.join(codes, 'manifest.json'), 'utf8')) as { codes: readonly Code[] })
        .codes,
  };
}

function summaryOf(stdout: string): Summary {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Summary;
}

async function created(simulator: RunningSimulator): Promise<number> {
  const state = (await simulator.control('state')) as { qrcodes: { temporary: number } };
  return state.qrcodes.temporary;
}

/** Runs a batch and calls back after each code; resolves at its end. */
async function follow(
  words: readonly string[],
  simulator: RunningSimulator,
  onCode: (count: number, pid: number) => void,
) {
  const child = start(words, { env: simulator.env });
  const gone = ended(child);
  let count = 0;
  createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
    if (line.startsWith('{"type":"code"')) onCode((count += 1), child.pid ?? 0);
  });
  return await gone;
}

test(`Q1: ${rows} codes are whole after ${kills} kills at random`, async () => {
  const simulator = await spawnSimulator();
  const { words, codes, manifest } = desk(rows);
  let killed = 0;
  for (let round = 0; round < kills; round += 1) {
    const after = 1 + Math.floor(Math.random() * 450);
    const { signal } = await follow(words('--resume'), simulator, (count, pid) => {
      if (count === after) setTimeout(() => process.kill(pid, 'SIGKILL'), Math.random() * 20);
    });
    if (signal === 'SIGKILL') killed += 1;
  }
  expect(killed).toBe(kills);
  const { code, stderr } = await run(words('--resume'), { env: simulator.env });
  expect([code, stderr.split('\n').filter((line) => line.startsWith('{'))]).toEqual([0, []]);
  const found = manifest();
  for (const field of ['ticket', 'url', 'file', 'sha256'] as const) {
    expect(new Set(found.map((entry) => entry[field])).size).toBe(rows);
  }
  expect(found.filter(({ ticket, url }) => parseQrTicket(ticket)?.url !== url)).toEqual([]);
  expect(readdirSync(codes).toSorted()).toEqual(
    ['manifest.json', ...found.map(({ file }) => file)].toSorted(),
  );
  const twice = (await created(simulator)) - rows;
  expect(twice).toBeLessThanOrEqual(kills * concurrency);
  for (let index = 0; index < rows; index += 50) {
    const { file, url } = found[index] as Code;
    expect(await readQr(readFileSync(path.join(codes, file)))).toEqual([url, url]);
  }
  console.log(`Q1: ${twice} codes made twice in ${kills} kills (at most ${kills * concurrency})`);
});

/** Mebibytes that a process has in memory; Linux only. */
function residentMiB(pid: number): number {
  const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

test.runIf(process.platform === 'linux')(`${rows} codes take no more memory than 500`, async () => {
  const simulator = await spawnSimulator();
  const memory: number[] = [];
  const { stdout, code } = await follow(desk(rows).words(), simulator, (count, pid) => {
    if (count === 500 || count === rows - 100) memory.push(residentMiB(pid));
  });
  const [early = 0, late = 0] = memory;
  console.log(
    `qr batch: ${summaryOf(stdout).codes_per_second} codes/s; ${early.toFixed(0)} MiB at 500, ${late.toFixed(0)} MiB at ${rows}`,
  );
  expect([code, memory.length]).toEqual([0, 2]);
  expect(late - early).toBeLessThanOrEqual(30);
});

test('a batch takes little more time than the bare calls', async () => {
  const simulator = await spawnSimulator();
  const { ratio, rate } = await measureBatch(simulator, cleanEnvironment(simulator.env), {
    concurrency,
    program: builtFile(),
  });
  console.log(`qr batch: ${Math.round(rate)} codes/s, ${ratio.toFixed(2)} of a bare loop of the same calls`);
  expect(ratio).toBeGreaterThanOrEqual(0.85);
});

test('with 30 ms of latency a batch keeps all its calls under way', async () => {
  const simulator = await spawnSimulator();
  for (const slow of [createPath, '/cgi-bin/showqrcode']) {
    await simulator.control('faults', { path: slow, delay: '30ms', times: 1_000_000 });
  }
  const { rate, bare } = await measureBatch(simulator, cleanEnvironment(simulator.env), {
    codes: 300,
    concurrency,
    rounds: 3,
    program: builtFile(),
  });
  const best = concurrency / (2 * 0.03);
  console.log(
    `qr batch with 30 ms: ${Math.round(rate)} codes/s, bare calls ${Math.round(bare)}, at best ${Math.round(best)}`,
  );
  // On a machine that is busy with other things even bare calls do not come near the best.
  expect(rate).toBeGreaterThanOrEqual(0.9 * Math.min(best, bare));
});

test('a quota that ends in the middle leaves an exact list, and a later run makes the rest', async () => {
  const simulator = await spawnSimulator();
  const { words, manifest } = desk(2000);
  await simulator.control('settings', { quotas: { [createPath]: 1234 } });
  const stopped = await run(words(), { env: simulator.env });
  const summary = summaryOf(stopped.stdout);
  expect([stopped.code, summary.made, summary.missing.length, summary.not_reached]).toEqual([
    6, 1234, 766, 766,
  ]);
  const have = new Set(manifest().map(({ file }) => file));
  expect(summary.missing.filter(({ line }) => have.has(`${line - 1}.jpg`))).toEqual([]);
  await simulator.control('settings', { quotas: { [createPath]: null } });
  const rest = await run(words('--resume'), { env: simulator.env });
  expect([rest.code, summaryOf(rest.stdout)]).toMatchObject([0, { made: 766, valid: 1234 }]);
  expect(await created(simulator)).toBe(2000);
});
