// `npm run bench [runs]`: what a start costs, as ratios to `node -e 0` measured side by side with the same Node.
// Wall time, median of interleaved runs. Then what serve, the crypto core, the simulator and the relay reach, see
// bench-server.mjs, bench-simulator.mjs and bench-relay.mjs.
// NODE_EXTRA_CA_CERTS is unset: on Node 20 it adds some 40 ms to every start.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureBatch } from './bench-qr.mjs';
import { measureRelay } from './bench-relay.mjs';
import { measureCrypto, measureServer } from './bench-server.mjs';
import { measureSimulator } from './bench-simulator.mjs';

const runs = Number(process.argv[2] ?? 25);
const command = fileURLToPath(new URL('../../bin/wechat-mp.js', import.meta.url));
const preload = fileURLToPath(new URL('peak-memory.cjs', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'wechat-mp-bench-'));
const environment = { ...process.env, WECHAT_MP_CACHE_DIR: folder, CI: 'true' };
delete environment.NODE_EXTRA_CA_CERTS;

const readyFile = path.join(folder, 'ready.json');
const simulator = spawn(process.execPath, [command, 'simulator', '--port', '0', '--ready-file', readyFile], {
  stdio: 'ignore',
  env: environment,
});
while (!existsSync(readyFile)) await new Promise((resolve) => setTimeout(resolve, 10));
const ready = JSON.parse(readFileSync(readyFile, 'utf8'));
Object.assign(environment, {
  WECHAT_MP_API_BASE: ready.url,
  WECHAT_MP_APPID: ready.appid,
  WECHAT_MP_APPSECRET: ready.secret,
  WECHAT_MP_CALLBACK_TOKEN: ready.callback_token,
});

const rows = [
  { name: 'node -e 0', words: ['-e', '0'] },
  { name: '--version', words: [command, '--version'], target: 1.45, memory: true },
  { name: 'token, warm', words: [command, 'token'], target: 1.45, memory: true },
  {
    name: 'sign-url, warm',
    words: [command, 'sign-url', 'https://example.com/a?x=1'],
    target: 1.45,
    memory: true,
  },
  {
    name: 'handshake sign',
    words: [command, 'handshake', 'sign', '--timestamp', '1714036504', '--nonce', '1514711492'],
    target: 1.45,
    memory: true,
  },
  { name: '--help', words: [command, '--help'], target: 1.6 },
  { name: 'token --help', words: [command, 'token', '--help'], target: 1.6 },
  { name: 'serve until it listens', words: [command, 'serve', '--port', '0'], target: 2, untilOutput: true },
  {
    name: 'one API call over loopback',
    words: [command, 'qr', 'create', '--scene', '1'],
    target: 3.6,
  },
  { name: 'menu pull over loopback', words: [command, 'menu', 'pull'], target: 3.6 },
].map((row) => ({ ...row, times: [] }));

/** Milliseconds until the process ends, or until it prints its first byte. */
function measure({ words, untilOutput }) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(process.execPath, words, { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = () => Number(process.hrtime.bigint() - started) / 1e6;
    let first;
    child.stdout.on('data', () => {
      first ??= ended();
      if (untilOutput) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (!untilOutput && code !== 0) reject(new Error(`${words.slice(1).join(' ')} ended with ${code}`));
      else resolve(untilOutput ? first : ended());
    });
  });
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function peakMemory({ words }) {
  const sizes = Array.from({ length: 5 }, () => {
    const { output } = spawnSync(process.execPath, ['--require', preload, ...words], {
      env: environment,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    return Number(output[3]) / 1024;
  });
  return median(sizes);
}

try {
  const menu = path.join(folder, 'menu.json');
  writeFileSync(menu, '{"button":[{"type":"click","name":"Today","key":"TODAY"}]}');
  await measure({ words: [command, 'menu', 'push', menu, '--yes'] });
  for (const row of rows) await measure(row);
  for (let run = 0; run < runs; run += 1) for (const row of rows) row.times.push(await measure(row));
  const floor = median(rows[0].times);
  const floorMemory = peakMemory(rows[0]);
  console.log(
    `Node ${process.versions.node}, ${runs} runs, floor ${floor.toFixed(1)} ms, ${floorMemory.toFixed(1)} MiB`,
  );
  for (const row of rows.slice(1)) {
    const ratio = median(row.times) / floor;
    const memory = row.memory ? `  floor + ${(peakMemory(row) - floorMemory).toFixed(1)} MiB (≤ 8)` : '';
    const mark = ratio <= row.target ? ' ' : '!';
    console.log(`${mark} ${row.name.padEnd(28)} ${ratio.toFixed(2)} × (≤ ${row.target})${memory}`);
  }
  const batch = await measureBatch(ready, environment);
  console.log('Codes per second of qr batch, as a ratio to a bare loop of the same calls');
  const batchMark = batch.ratio >= 0.85 ? ' ' : '!';
  console.log(
    `${batchMark} ${'qr batch'.padEnd(28)} ${batch.ratio.toFixed(2)} × (≥ 0.85)  ${Math.round(batch.rate)} codes/s`,
  );
  console.log('Requests per second of serve, as ratios to a bare node:http server; and the crypto core');
  for (const { name, ratio, target, detail } of [...(await measureServer()), await measureCrypto()]) {
    const mark = ratio >= target ? ' ' : '!';
    console.log(`${mark} ${name.padEnd(28)} ${ratio.toFixed(2)} × (≥ ${target})  ${detail}`);
  }
  console.log(
    'CPU of bare Hono with the same bytes, as a ratio to the simulator, a request; and pictures of codes',
  );
  for (const { name, ratio, ms, target, detail } of await measureSimulator()) {
    const mark = ratio >= target || ms <= target ? ' ' : '!';
    const figure =
      ms === undefined
        ? `${ratio.toFixed(2)} × (≥ ${target})  ${detail}`
        : `${ms.toFixed(2)} ms (≤ ${target})`;
    console.log(`${mark} ${name.padEnd(30)} ${figure}`);
  }
  const relay = await measureRelay();
  console.log(
    'The relay: requests per second as a ratio to a bare Node proxy; milliseconds that a call takes longer',
  );
  console.log(
    `${relay.ratio >= 0.5 ? ' ' : '!'} ${'relay, throughput'.padEnd(28)} ${relay.ratio.toFixed(2)} × (≥ 0.5)  ${Math.round(relay.rate)} requests/s`,
  );
  console.log(
    `${relay.addedMs <= 2 ? ' ' : '!'} ${'relay, a call at the median'.padEnd(28)} + ${relay.addedMs.toFixed(2)} ms (≤ 2)  the bare proxy + ${relay.proxyMs.toFixed(2)} ms`,
  );
} finally {
  simulator.kill();
  rmSync(folder, { recursive: true, force: true });
}
