// `npm run bench [runs]`: what a start costs, and what serve, the crypto core, the simulator and the relay reach, see
// bench-starts.mjs, bench-server.mjs, bench-simulator.mjs and bench-relay.mjs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureBatch } from './bench-qr.mjs';
import { measureRelay } from './bench-relay.mjs';
import { measureCrypto, measureServer } from './bench-server.mjs';
import { measureSimulator } from './bench-simulator.mjs';
import { benchStarts } from './bench-starts.mjs';

const runs = Number(process.argv[2] ?? 25);
const command = fileURLToPath(new URL('../../bin/wechat-mp.js', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'wechat-mp-bench-'));
const environment = { ...process.env, WECHAT_MP_CACHE_DIR: folder, WECHAT_MP_STATE_DIR: folder, CI: 'true' };
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
  WECHAT_MP_AES_KEY: ready.aes_key,
});

try {
  await benchStarts({ environment, folder, runs });
  const batch = await measureBatch(ready, environment);
  console.log('Codes per second of qr batch, as a ratio to a bare loop of the same calls');
  const batchMark = batch.ratio >= 0.9 ? ' ' : '!';
  console.log(
    `${batchMark} ${'qr batch'.padEnd(28)} ${batch.ratio.toFixed(2)} × (≥ 0.9)  ${Math.round(batch.rate)} codes/s`,
  );
  console.log(
    'CPU of a request of serve, as ratios to bare node:http and to middlewares; and the crypto core',
  );
  for (const { name, isMet, text } of [...(await measureServer()), await measureCrypto()])
    console.log(`${isMet ? ' ' : '!'} ${name.padEnd(28)} ${text}`);
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
  // It keeps what it has compiled there.
  await once(simulator, 'close');
  rmSync(folder, { recursive: true, force: true });
}
