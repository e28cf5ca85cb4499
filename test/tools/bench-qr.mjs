// What `qr batch` adds to the calls themselves: codes per second as a ratio to a bare loop of the same HTTP calls with
// the same number at a time, on the same simulator.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';

const command = fileURLToPath(new URL('../../bin/wechat-mp.js', import.meta.url));

/** Codes per second of the two calls for each code, and nothing else. */
export async function measureBareLoop({ url, appid, secret }, { codes, concurrency }) {
  const dispatcher = new Agent({ connections: concurrency });
  const post = async (address, body) => {
    const answer = await request(address, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      dispatcher,
    });
    return await answer.body.json();
  };
  const { access_token: token } = await post(`${url}/cgi-bin/stable_token`, {
    grant_type: 'client_credential',
    appid,
    secret,
  });
  const queue = Array.from({ length: codes }, (_, index) => 1_000_000 + index).values();
  const worker = async () => {
    for (const scene of queue) {
      const { ticket } = await post(`${url}/cgi-bin/qrcode/create?access_token=${token}`, {
        expire_seconds: 2_592_000,
        action_name: 'QR_SCENE',
        action_info: { scene: { scene_id: scene } },
      });
      const picture = await request(`${url}/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`, {
        dispatcher,
      });
      await picture.body.arrayBuffer();
    }
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - startedMs) / 1000;
  await dispatcher.close();
  return codes / seconds;
}

/** Median of the rounds; `ready` is the simulator's first line. */
export async function measureBatch(
  ready,
  environment,
  { codes = 500, concurrency = 8, rounds = 5, program = command } = {},
) {
  const folder = mkdtempSync(path.join(tmpdir(), 'wechat-mp-bench-'));
  const table = path.join(folder, 'a.csv');
  writeFileSync(table, `scene\n${Array.from({ length: codes }, (_, index) => index + 1).join('\n')}\n`);
  const batch = async (name) => {
    const words = ['qr', 'batch', table, '--out-dir', path.join(folder, name), '--json'];
    const { codes_per_second: rate } = JSON.parse(
      (await output([program, ...words], environment)).trim().split('\n').at(-1),
    );
    return rate;
  };
  try {
    const found = [];
    for (let round = 0; round < rounds; round += 1) {
      const bare = await measureBareLoop(ready, { codes, concurrency });
      const rate = await batch(`codes-${round}`);
      found.push({ ratio: rate / bare, rate, bare });
    }
    return found.toSorted((a, b) => a.ratio - b.ratio)[Math.floor(rounds / 2)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function output(words, environment) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, {
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.on('close', (code) =>
      code === 0
        ? resolve(Buffer.concat(chunks).toString('utf8'))
        : reject(new Error(`qr batch ended with ${code}`)),
    );
  });
}
