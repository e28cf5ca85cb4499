// What a start costs: processor time as a ratio to `node -e 0` in the same run, median of interleaved runs, and peak
// memory above it. Time on the wall says little on a machine that does something else as well.
// NODE_EXTRA_CA_CERTS is unset: on Node 20 it adds some 40 ms to every start.
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../bin/wechat-mp.js', import.meta.url));
const preload = fileURLToPath(new URL('bench-usage.cjs', import.meta.url));
/** Below 22, where Node itself starts with less, and from there on. */
const memoryGoal = Number(process.versions.node.split('.')[0]) < 22 ? 2 : 5;

const listRows = (menu, envelope) => [
  { name: '--version', words: ['--version'], goal: 1.15, memory: true },
  { name: 'token, warm', words: ['token'], goal: 1.25, memory: true },
  { name: 'sign-url, warm', words: ['sign-url', 'https://example.com/a?x=1'], goal: 1.35, memory: true },
  {
    name: 'handshake sign',
    words: ['handshake', 'sign', '--timestamp', '1714036504', '--nonce', '1514711492'],
    goal: 1.35,
    memory: true,
  },
  { name: '--help', words: ['--help'], goal: 1.6 },
  { name: 'token --help', words: ['token', '--help'], goal: 1.6 },
  { name: 'menu lint', words: ['menu', 'lint', menu], goal: 1.45 },
  { name: 'crypto decrypt', words: ['crypto', 'decrypt', envelope], goal: 1.6 },
  { name: 'trigger --list', words: ['trigger', '--list'], goal: 1.6 },
  { name: 'one call: qr create', words: ['qr', 'create', '--scene', '1'], goal: 2.9 },
  { name: 'two calls: menu pull', words: ['menu', 'pull'], goal: 3.1 },
  { name: 'serve until it listens', words: ['serve', '--port', '0'], goal: 1.7, untilOutput: true },
  { name: 'simulator until it listens', words: ['simulator', '--port', '0'], goal: 3, untilOutput: true },
];

/** Processor time in milliseconds and peak memory in KiB until the process ends, or has printed its first byte. */
function measure({ words, untilOutput }, environment) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--require', preload, ...words], {
      env: { ...environment, ...(untilOutput ? { WECHAT_MP_BENCH_ASKS: '1' } : {}) },
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    });
    let told = '';
    child.stdio[3].on('data', (chunk) => (told += chunk));
    child.stdout.once('data', () => untilOutput && child.kill('SIGUSR2'));
    child.stdout.resume();
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`${words.slice(1).join(' ')} ended with ${code}`));
      else resolve(JSON.parse(told));
    });
  });
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** `environment` has a simulator's account; `folder` is for files. Prints a line for each row. */
export async function benchStarts({ environment, folder, runs }) {
  const menu = path.join(folder, 'menu.json');
  const envelope = path.join(folder, 'envelope.xml');
  writeFileSync(menu, '{"button":[{"type":"click","name":"Today","key":"TODAY"}]}');
  run(['menu', 'push', menu, '--yes'], environment);
  writeFileSync(envelope, run(['crypto', 'encrypt'], environment, '<xml><MsgType>text</MsgType></xml>'));
  const floor = { words: ['-e', '0'], used: [] };
  const rows = listRows(menu, envelope).map((row) => ({
    ...row,
    words: [command, ...row.words],
    used: [],
  }));
  for (const row of rows) await measure(row, environment);
  for (let round = 0; round < runs; round += 1)
    for (const row of [floor, ...rows]) row.used.push(await measure(row, environment));
  const cpuOf = ({ used }) => median(used.map(({ cpuMs }) => cpuMs));
  const peakOf = ({ used }) => median(used.map(({ peakKiB }) => peakKiB)) / 1024;
  console.log(
    `Node ${process.versions.node}, ${runs} runs, floor ${cpuOf(floor).toFixed(1)} ms of CPU, ${peakOf(floor).toFixed(1)} MiB`,
  );
  for (const row of rows) {
    const ratio = cpuOf(row) / cpuOf(floor);
    const above = peakOf(row) - peakOf(floor);
    const isGood = ratio <= row.goal && (!row.memory || above <= memoryGoal);
    const memory = row.memory ? `  floor + ${above.toFixed(1)} MiB (≤ ${memoryGoal})` : '';
    console.log(
      `${isGood ? ' ' : '!'} ${row.name.padEnd(28)} ${ratio.toFixed(2)} × (≤ ${row.goal})${memory}`,
    );
  }
}

function run(words, environment, input = '') {
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, ...words], {
    env: environment,
    input,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}
