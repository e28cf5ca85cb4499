// What the simulator's rules and its log cost: CPU per request as ratios to bare Hono, which sends the same bytes from
// behind its own server; so many requests for both, in turns, the least of several rounds. And what a picture of a code
// costs, the first time and again. Linux alone tells the CPU of another process.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const builtCommand = fileURLToPath(new URL('../../bin/wechat-mp.js', import.meta.url));
const connections = 20;
const credentials = ({ appid, secret }) => ({ grant_type: 'client_credential', appid, secret });
const button = [1, 2, 3].map((number) => ({
  name: `菜单${number}`,
  sub_button: [1, 2, 3, 4, 5].map((sub) => ({
    type: 'view',
    name: `链接${number}${sub}`,
    url: `https://example.com/${sub}`,
  })),
}));
/** A person takes five messages after their own: before a round everybody has written. */
const messagesEach = 5;

/** Rows of `npm run bench`: `{name, ratio, target, detail}`, where more is better, and `{name, ms, target}`. */
export async function measureSimulator({ rounds = 7, requests = 2000, command = builtCommand } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'wechat-mp-bench-'));
  const children = [];
  const start = async (words) => {
    const readyFile = path.join(folder, `${children.length}.json`);
    const child = spawn(process.execPath, words(readyFile), {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: process.env.PATH, LANG: 'C', HOME: folder },
    });
    children.push(child);
    while (!existsSync(readyFile)) {
      if (child.exitCode !== null) throw new Error(`a server ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return { ...JSON.parse(readFileSync(readyFile, 'utf8')), pid: child.pid };
  };
  try {
    const words = ['--quiet', 'simulator', '--port', '0', '--ready-file'];
    const simulator = await start((file) => [command, ...words, file]);
    const rows = await prepare(simulator);
    const bareFile = await build(new URL('bare-hono.ts', import.meta.url), folder);
    const answers = Object.fromEntries(rows.map(({ path: asked, answer }) => [asked, answer]));
    const bare = await start((file) => [bareFile, JSON.stringify(answers), file]);
    for (const row of rows) {
      const least = { bare: Infinity, simulator: Infinity };
      // The first round warms both up.
      for (let round = 0; round <= rounds; round += 1) {
        for (const [name, server] of Object.entries({ bare, simulator })) {
          const { before, atOnce = requests } = row;
          let cost = 0;
          for (let done = 0; done < requests; done += atOnce) {
            await before?.();
            cost += await cpuOf(server, () => exchangeAll(server.url, row.next, atOnce));
          }
          if (round > 0) least[name] = Math.min(least[name], (cost * 1000) / requests);
        }
      }
      row.ratio = least.bare / least.simulator;
      row.detail = `${least.simulator.toFixed(1)} µs of CPU, bare ${least.bare.toFixed(1)} µs`;
    }
    return [
      ...rows.map(({ name, ratio, detail }) => ({ name: `simulator, ${name}`, ratio, target: 0.5, detail })),
      ...(await measurePictures(folder)),
    ];
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives the simulator a menu, people and quotas without end; the calls with their answers. */
async function prepare(simulator) {
  const ask = askerOf(simulator);
  const paths = ['token', 'menu/get', 'user/get', 'message/custom/send'].map((name) => `/cgi-bin/${name}`);
  await ask('/_ctl/settings', { quotas: Object.fromEntries(paths.map((each) => [each, 1e9])) });
  const { access_token: token } = JSON.parse(await ask('/cgi-bin/stable_token', credentials(simulator)));
  await ask(`/cgi-bin/menu/create?access_token=${token}`, { button });
  const followers = JSON.parse(await ask('/_ctl/followers', { count: 100 }));
  const query = new URLSearchParams(credentials(simulator));
  const calls = paths.slice(0, 3).map((each) => {
    const target = each === paths[0] ? `${each}?${query}` : `${each}?access_token=${token}`;
    return { path: each, next: () => ({ target, body: '' }) };
  });
  const rows = [...calls, messages(ask, `${paths[3]}?access_token=${token}`, followers)];
  for (const row of rows) {
    await row.before?.();
    const { target, body } = row.next();
    row.name = row.path.replace('/cgi-bin/', '');
    row.answer = await ask(target, body === '' ? undefined : JSON.parse(body));
    if (/"errcode":(?!0)/.test(row.answer))
      throw new Error(`the simulator refused ${row.path}: ${row.answer}`);
  }
  return rows;
}

function messages(ask, target, people) {
  let sent = 0;
  return {
    path: target.split('?')[0],
    atOnce: people.length * messagesEach,
    async before() {
      for (const { openid } of people) await ask(`/_ctl/phone/${openid}/send`, { text: '你好', wait: false });
    },
    next() {
      sent += 1;
      const touser = people[sent % people.length].openid;
      return {
        target,
        body: JSON.stringify({ touser, msgtype: 'text', text: { content: '谢谢，稍后回复你' } }),
      };
    },
  };
}

/** What showing a new code costs the simulator, without a server round it, and showing it again; milliseconds of CPU. */
async function measurePictures(folder) {
  const { createSimulator } = await import(
    await build(new URL('../../src/simulator/simulator.ts', import.meta.url), folder)
  );
  const simulator = createSimulator({
    clock: { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.resolve() },
    random: { bytes: (count) => new Uint8Array(randomBytes(count)) },
    openFetch: () => Promise.reject(new Error('nothing is pushed')),
  });
  const url = 'http://127.0.0.1:8090';
  const { appId: appid, secret } = simulator.account;
  const ask = askerOf({ url, fetch: (target, init) => simulator.fetch(new Request(target, init)) });
  const { access_token: token } = JSON.parse(
    await ask('/cgi-bin/stable_token', credentials({ appid, secret })),
  );
  const create = async () => {
    const body = { action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: 'bench' } } };
    const { ticket } = JSON.parse(await ask(`/cgi-bin/qrcode/create?access_token=${token}`, body));
    return `${url}/cgi-bin/showqrcode?${new URLSearchParams({ ticket })}`;
  };
  const show = async (targets) => {
    const requests = targets.map((target) => new Request(target));
    const before = process.cpuUsage();
    for (const request of requests) await simulator.fetch(request);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / targets.length;
  };
  const [first, again] = [[], []];
  for (let round = 0; round < 4; round += 1) {
    const targets = [];
    while (targets.length < 50) targets.push(await create());
    first.push(await show(targets));
    again.push(await show(targets));
  }
  simulator.close();
  return [
    { name: 'showqrcode, first', ms: Math.min(...first), target: 2 },
    { name: 'showqrcode, again', ms: Math.min(...again), target: 0.1 },
  ];
}

const askerOf =
  ({ url, fetch: send = fetch }) =>
  async (target, body) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await send(url + target, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${target} answered ${response.status}: ${text}`);
    return text;
  };

/** The milliseconds of CPU that a process takes for the work, all of its threads included. */
async function cpuOf({ pid }, work) {
  const used = () =>
    readdirSync(`/proc/${pid}/task`)
      .map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6)
      .reduce((sum, ms) => sum + ms, 0);
  const before = used();
  await work();
  return used() - before;
}

/** So many requests, one at a time on each of its kept connections. */
async function exchangeAll(url, next, count) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const exchange = ({ target, body }) =>
    new Promise((resolve, reject) => {
      const described = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const how = body === '' ? { method: 'GET' } : { method: 'POST', headers: described };
      const request = http.request(url + target, { agent, ...how }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`a server answered ${response.statusCode}`));
        response.resume().on('end', resolve).on('error', reject);
      });
      request.on('error', reject);
      request.end(body);
    });
  let left = count;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      await exchange(next());
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
}

async function build(entry, folder) {
  const bundle = await rolldown({
    input: fileURLToPath(entry),
    platform: 'node',
    // Everything is loaded before anything is measured.
    checks: { ineffectiveDynamicImport: false },
  });
  const name = path.basename(entry.pathname, '.ts');
  await bundle.write({ dir: path.join(folder, name), format: 'esm', entryFileNames: '[name].mjs' });
  await bundle.close();
  return path.join(folder, name, `${name}.mjs`);
}
