// What the simulator's rules and its log cost: requests per second as ratios to bare Hono, which sends the same bytes
// from behind the same listener, measured in turns.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { load } from './bench-server.mjs';

const builtCommand = fileURLToPath(new URL('../../bin/wechat-mp.js', import.meta.url));
const tokenPath = '/cgi-bin/token';
const menuPath = '/cgi-bin/menu/get';
const button = [1, 2, 3].map((number) => ({
  name: `菜单${number}`,
  sub_button: [1, 2, 3, 4, 5].map((sub) => ({
    type: 'view',
    name: `链接${number}${sub}`,
    url: `https://example.com/${sub}`,
  })),
}));

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Rows of `npm run bench`: `{name, ratio, target, detail}`; a larger ratio is better. */
export async function measureSimulator({ rounds = 5, milliseconds = 1000, command = builtCommand } = {}) {
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
    return JSON.parse(readFileSync(readyFile, 'utf8'));
  };
  try {
    const ready = await start((file) => [
      command,
      '--quiet',
      'simulator',
      '--port',
      '0',
      '--ready-file',
      file,
    ]);
    const targets = await prepare(ready);
    const answers = Object.fromEntries(targets.map(({ route, body }) => [route, body]));
    const bareFile = await buildBare(folder);
    const bare = await start((file) => [bareFile, JSON.stringify(answers), file]);
    const rows = targets.map(({ route, name, target }) => ({
      name,
      target: 0.3,
      ratios: [],
      next: () => ({ method: 'GET', path: target, body: '' }),
      route,
    }));
    // The first round warms both up.
    for (let round = 0; round <= rounds; round += 1) {
      for (const row of rows) {
        const floor = await load(Number(new URL(bare.url).port), row.next, milliseconds);
        const rate = await load(Number(new URL(ready.url).port), row.next, milliseconds);
        if (round > 0) row.ratios.push(rate / floor);
        row.detail = `${Math.round(rate)} requests/s`;
      }
    }
    return rows.map(({ name, target, ratios, detail }) => ({ name, target, ratio: median(ratios), detail }));
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Gives the simulator a menu and quotas without end, and takes one answer of each call. */
async function prepare({ url, appid, secret }) {
  const ask = async (target, body) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return await (await fetch(url + target, init)).text();
  };
  await ask('/_ctl/settings', { quotas: { [tokenPath]: 1e9, [menuPath]: 1e9 } });
  const credentials = { grant_type: 'client_credential', appid, secret };
  const { access_token: token } = JSON.parse(await ask('/cgi-bin/stable_token', credentials));
  await ask(`/cgi-bin/menu/create?access_token=${token}`, { button });
  const targets = [
    {
      route: tokenPath,
      name: 'simulator, token',
      target: `${tokenPath}?${new URLSearchParams(credentials)}`,
    },
    { route: menuPath, name: 'simulator, menu/get', target: `${menuPath}?access_token=${token}` },
  ];
  return await Promise.all(
    targets.map(async (each) => {
      const body = await ask(each.target);
      if (body.includes('"errcode"')) throw new Error(`the simulator refused ${each.route}: ${body}`);
      return { ...each, body };
    }),
  );
}

async function buildBare(folder) {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('bare-hono.ts', import.meta.url)),
    platform: 'node',
  });
  const file = path.join(folder, 'bare.mjs');
  await bundle.write({ file, format: 'esm', minify: true });
  await bundle.close();
  return file;
}
