// What the relay costs: throughput as a ratio to a bare Node proxy, and the milliseconds that it adds to a call at the
// median, both in front of the same bare platform and measured in turns.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from './bench-server.mjs';

const builtCommand = fileURLToPath(new URL('../../bin/wechat-mp.js', import.meta.url));
const key = 'bench-key-0123456789abcdef';
const account = {
  WECHAT_MP_APPID: 'wx0123456789abcdef',
  WECHAT_MP_APPSECRET: '0123456789abcdef0123456789abcdef',
};
const target = '/cgi-bin/getcallbackip';

/** Writes its address to a file that appears whole. */
const listening = `
  server.listen(0, '127.0.0.1', () => {
    const [file] = process.argv.slice(-1);
    require('node:fs').writeFileSync(file + '.new', JSON.stringify({ url: 'http://127.0.0.1:' + server.address().port }));
    require('node:fs').renameSync(file + '.new', file);
  });
`;

const barePlatform = `
  const answers = [
    ['/cgi-bin/stable_token', { access_token: 'SIM_' + 'a'.repeat(132), expires_in: 7200 }],
    ['', { ip_list: Array.from({ length: 20 }, (_, index) => '203.0.113.' + index) }],
  ].map(([path, answer]) => [path, Buffer.from(JSON.stringify(answer))]);
  const server = require('node:http').createServer((request, response) => {
    request.resume();
    const [, body] = answers.find(([path]) => request.url.startsWith(path));
    response.writeHead(200, { 'content-type': 'application/json; encoding=utf-8', 'content-length': body.length });
    response.end(body);
  });
  ${listening}
`;

/** Passes everything on as it comes, over connections that it keeps, and does nothing else. */
const bareProxy = `
  const http = require('node:http');
  const agent = new http.Agent({ keepAlive: true });
  const { hostname, port } = new URL(process.argv.at(-2));
  const server = http.createServer((request, response) => {
    const { method, url: path, headers } = request;
    const passed = http.request({ hostname, port, method, path, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(passed);
  });
  ${listening}
`;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Of the relay: `{ratio, rate, addedMs, proxyMs}`, where `proxyMs` is what the bare proxy adds. */
export async function measureRelay({ rounds = 5, milliseconds = 1000, command = builtCommand } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'wechat-mp-bench-'));
  const children = [];
  const start = async (words, environment = {}) => {
    const readyFile = path.join(folder, `${children.length}.json`);
    const child = spawn(process.execPath, words(readyFile), {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: process.env.PATH, LANG: 'C', HOME: folder, ...environment },
    });
    children.push(child);
    while (!existsSync(readyFile)) {
      if (child.exitCode !== null) throw new Error(`a server ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return JSON.parse(readFileSync(readyFile, 'utf8')).url;
  };
  try {
    const keyFile = path.join(folder, 'keys');
    writeFileSync(keyFile, `bench:${key}\n`, { mode: 0o600 });
    const platform = await start((file) => ['-e', barePlatform, '--', file]);
    const proxy = await start((file) => ['-e', bareProxy, '--', platform, file]);
    const relay = await start(
      (file) => [command, '--quiet', 'relay', '--port', '0', '--key-file', keyFile, '--ready-file', file],
      { ...account, WECHAT_MP_API_BASE: platform },
    );
    const next = () => ({
      method: 'GET',
      path: target,
      body: '',
      headers: { authorization: `Bearer ${key}` },
    });
    const [ratios, added, bare] = [[], [], []];
    let rate = 0;
    // The first round warms them up.
    for (let round = 0; round <= rounds; round += 1) {
      const floor = await load(Number(new URL(proxy).port), next, milliseconds);
      rate = await load(Number(new URL(relay).port), next, milliseconds);
      const [direct, proxied, relayed] = await timeInTurns([platform, proxy, relay], next().headers);
      if (round === 0) continue;
      ratios.push(rate / floor);
      added.push(relayed - direct);
      bare.push(proxied - direct);
    }
    return { ratio: median(ratios), rate, addedMs: median(added), proxyMs: median(bare) };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The median milliseconds of a call to each, one at a time over kept connections. */
async function timeInTurns(urls, headers, calls = 400) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const times = urls.map(() => []);
  for (let call = 0; call < calls; call += 1) {
    for (const [index, url] of urls.entries()) {
      const started = process.hrtime.bigint();
      await new Promise((resolve, reject) => {
        http
          .get(url + target, { agent, headers }, (response) => {
            if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
            response.resume().on('end', resolve);
          })
          .on('error', reject);
      });
      times[index].push(Number(process.hrtime.bigint() - started) / 1e6);
    }
  }
  agent.destroy();
  return times.map(median);
}
