import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator, temporaryFolder } from '../../../helpers/command.ts';
import { fakeWorld } from '../../../helpers/fake-io.ts';
import { runHere, startHere } from '../../../helpers/in-process.ts';
import { againstSchema } from '../../../helpers/output-schema.ts';

const key = 'key-of-ci-0123456789';

/** A relay of this process in front of a simulator, with a key file of these lines. */
async function startRelay(lines: string, more: readonly string[] = [], env: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const file = path.join(folder, 'keys');
  writeFileSync(file, lines, { mode: 0o600 });
  const stdout: string[] = [];
  let told = (): void => {};
  const started = startHere(
    ['relay', '--key-file', file, '--port', '0', ...more],
    { env: { HOME: folder, ...env }, cwd: folder },
    (text) => {
      stdout.push(text);
      told();
    },
  );
  onTestFinished(async () => {
    started.stop();
    await started.ended;
  });
  const waitFor = async (what: RegExp): Promise<string> => {
    for (;;) {
      const [found] = what.exec(stdout.join('')) ?? [];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (told = resolve));
    }
  };
  const url = await Promise.race([
    waitFor(/http:\/\/127\.0\.0\.1:\d+/),
    started.ended.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ]);
  const get = async (at: string, headers: Record<string, string> = { authorization: `Bearer ${key}` }) => {
    const response = await fetch(`${url}${at}`, { headers });
    return { status: response.status, text: await response.text() };
  };
  return { url, file, folder, get, waitFor, started, stdout: () => stdout.join('') };
}

describe('relay', () => {
  test.each([
    [['relay'], 'key_file_missing'],
    [['relay', '--key-file', 'keys', '--host', '0.0.0.0'], 'relay_needs_tls'],
    [['relay', '--key-file', 'nowhere'], 'file_unreadable'],
    [['relay', '--key-file', 'keys', '--port', '99999'], 'port_invalid'],
    [['relay', '--key-file', 'empty'], 'key_file_empty'],
    [['relay', '--key-file', 'broken'], 'key_file_invalid'],
  ])('refuses %j before it listens: %s', async (words, type) => {
    const files = { '/desk/keys': `ci:${key}\n`, '/desk/empty': '# nobody\n', '/desk/broken': `ci ${key}\n` };
    const { code, stderr, stdout } = await fakeWorld({ files }).run(...words, '--json');
    expect({ code, stdout, ...(JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as object) }).toMatchObject(
      {
        code: 2,
        stdout: '',
        error: { type },
      },
    );
    expect(stderr).not.toContain(key);
  });

  test('refuses to start without an account', async () => {
    const files = { '/desk/keys': `ci:${key}\n` };
    const environment = { WECHAT_MP_APPID: undefined, WECHAT_MP_APPSECRET: undefined };
    expect((await fakeWorld({ files, environment }).run('relay', '--key-file', 'keys')).code).toBe(3);
  });

  test('passes calls on to a simulator, says so, and writes a line for each', async () => {
    const simulator = await startSimulator();
    const relay = await startRelay(`ci:${key}\n`, [], simulator.env);
    expect(await relay.get('/cgi-bin/menu/get')).toMatchObject({
      status: 200,
      text: expect.stringContaining('46003'),
    });
    expect(await relay.get('/cgi-bin/menu/get', {})).toMatchObject({ status: 401 });
    expect(await relay.get(`/x\u001b[31m/${key}?secret=1`)).toMatchObject({ status: 403 });
    await relay.waitFor(/relay_path_unknown/);
    relay.started.stop();
    const { code, stderr } = await relay.started.ended;
    expect(code).toBe(143);
    const { appid } = simulator;
    expect(relay.stdout().replaceAll(/\d+ ms/g, '0 ms')).toBe(
      [
        `listening on ${relay.url} (${appid})`,
        `${appid} ci GET /cgi-bin/menu/get → 200 errcode 46003  0 ms`,
        '– – GET /cgi-bin/menu/get → 401 errcode 41001 relay_key_missing  0 ms',
        '– ci GET /x%1B[31m/*** → 403 errcode 48001 relay_path_unknown  0 ms',
        '',
      ].join('\n'),
    );
    expect(stderr).toBe(
      `Sending to ${simulator.url} (from WECHAT_MP_API_BASE)\nUsing the simulator at ${simulator.url} (from WECHAT_MP_API_BASE)\nStopped\n`,
    );
  });

  test('says in its log why it has no token, without the password of its store', async () => {
    const simulator = await startSimulator();
    // Nobody answers at the port of discard.
    const store = { WECHAT_MP_STORE: 'redis://:geheim-0123456789@127.0.0.1:9/0' };
    const relay = await startRelay(`ci:${key}\n`, ['--json'], { ...simulator.env, ...store });
    expect(await relay.get('/cgi-bin/menu/get')).toMatchObject({ status: 502 });
    const line = await relay.waitFor(/\{"type":"request".*\n/);
    expect(againstSchema('relay', JSON.parse(line))).toEqual([]);
    expect(JSON.parse(line)).toMatchObject({
      relay: 'store_unreachable',
      trouble: expect.stringContaining('127.0.0.1:9') as string,
    });
    expect(relay.stdout()).not.toContain('geheim');
  });

  test('warns at its start of a store that cannot be reached, in the language of the run', async () => {
    const simulator = await startSimulator();
    const store = { WECHAT_MP_STORE: 'redis://:geheim-0123456789@127.0.0.1:9/0', WECHAT_MP_LANG: 'zh' };
    const relay = await startRelay(`ci:${key}\n`, [], { ...simulator.env, ...store });
    expect(relay.stdout()).toBe(`正在监听 ${relay.url} (${simulator.appid})\n`);
    // The answer to it comes after what the look has found.
    expect(await relay.get('/cgi-bin/menu/get')).toMatchObject({ status: 502 });
    relay.started.stop();
    const { stderr } = await relay.started.ended;
    expect(stderr).toContain('127.0.0.1:9');
    expect(stderr).toContain('在其恢复之前，需要 access_token 的调用都会失败（store_unreachable）\n');
    expect(stderr).not.toContain('geheim');
  });

  test('serves a running simulator by its name, and blames --account where none runs', async () => {
    const none = await fakeWorld({ files: { '/desk/keys': `ci:${key}\n` } }).run(
      'relay',
      '--key-file',
      'keys',
      '--account',
      'simulator',
      '--port',
      '0',
    );
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('No running simulator was found')]);
    const other = await fakeWorld({ files: { '/desk/keys': `ci:${key}\n` } }).run(
      'relay',
      '--key-file',
      'keys',
      '--account',
      'shop',
      '--port',
      '0',
    );
    expect(other.stderr).toContain('There is no profile "shop" (--account)');
    const simulator = await startSimulator();
    const folder = temporaryFolder();
    const located = path.join(folder, '.local/state/wechat-mp/simulators');
    mkdirSync(located, { recursive: true });
    const ready = { url: simulator.url, appid: simulator.appid, host: hostname(), started_ms: 1 };
    writeFileSync(path.join(located, '1.json'), JSON.stringify(ready));
    const relay = await startRelay(`ci:${key}\n`, ['--account', 'simulator'], { HOME: folder });
    expect(await relay.get('/cgi-bin/menu/get')).toMatchObject({
      status: 200,
      text: expect.stringContaining('46003'),
    });
  });

  test('prints JSON lines as its schema has them, the first one also into the ready file', async () => {
    const simulator = await startSimulator();
    const relay = await startRelay(
      `ci:${key}\nmore:${key}-more:/token:5/s\n`,
      ['--json', '--ready-file', 'ready.json', '--read-only'],
      simulator.env,
    );
    await relay.get('/cgi-bin/menu/get');
    await relay.get('/cgi-bin/menu/delete');
    await relay.waitFor(/relay_read_only.*\n/);
    const lines = relay.stdout().trim().split('\n');
    expect(lines.map((line) => againstSchema('relay', JSON.parse(line)))).toEqual([[], [], []]);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      type: 'ready',
      url: relay.url,
      accounts: [simulator.appid],
      clients: 2,
      read_only: true,
    });
    const ready = path.join(relay.folder, 'ready.json');
    expect([readFileSync(ready, 'utf8'), statSync(ready).mode & 0o777]).toEqual([`${lines[0]}\n`, 0o600]);
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({
      client: 'ci',
      method: 'GET',
      path: '/cgi-bin/menu/delete',
      status: 403,
      errcode: 48001,
      relay: 'relay_read_only',
      repeated: false,
    });
  });

  test('warns of keys that others can read, that could be guessed, that open nothing', async () => {
    const simulator = await startSimulator();
    const relay = await startRelay('a:12345678:/cgi-bin/mneu\n', [], simulator.env);
    chmodSync(relay.file, 0o644);
    const again = startHere(['relay', '--key-file', relay.file, '--port', '0'], { env: simulator.env }, () =>
      again.stop(),
    );
    const { stderr } = await again.ended;
    expect(stderr).toContain(`! ${relay.file}, line 1: the key is shorter than 16 characters`);
    expect(stderr).toContain(`! ${relay.file}, line 1: "/cgi-bin/mneu" opens nothing`);
    expect(stderr).toContain(`! Other users of this machine can read ${relay.file}`);
  });

  test('reads its key file again when it has changed, and keeps its clients over a mistake', async () => {
    const simulator = await startSimulator();
    const relay = await startRelay(`ci:${key}\n`, [], simulator.env);
    const change = async (lines: string, status: number): Promise<void> => {
      writeFileSync(relay.file, lines);
      utimesSync(relay.file, new Date(), new Date(Date.now() + 1000 * lines.length));
      while ((await relay.get('/cgi-bin/menu/get')).status !== status)
        await new Promise((resolve) => setTimeout(resolve, 100));
    };
    await change(`other:${key}-other\n`, 401);
    await change(`ci:${key}\nother:${key}-other\n`, 200);
    rmSync(relay.file);
    expect((await relay.get('/cgi-bin/menu/get')).status).toBe(200);
  });

  test('is a token service for this tool', async () => {
    const simulator = await startSimulator();
    const relay = await startRelay(`ci:${key}:/token\n`, [], simulator.env);
    const { WECHAT_MP_APPSECRET: _, ...env } = simulator.env;
    const service = relay.url.replace('//', `//ci:${key}@`);
    const { stdout } = await runHere(['token'], { env: { ...env, WECHAT_MP_TOKEN_URL: `${service}/token` } });
    expect(stdout).toMatch(/^SIM_/);
  });
});
