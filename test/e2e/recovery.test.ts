/** Bad days that a command gets over by itself, and those where it must say what happened. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  builtDist,
  builtFile,
  run,
  startSimulator,
  temporaryFolder,
  type RunningSimulator,
} from '../helpers/command.ts';
import { runHere } from '../helpers/in-process.ts';
import { createProject, needs, notice, root, type Project } from './project.ts';

const menuFile = path.join(root, 'menus/basic.json');

interface Exchange {
  readonly path: string;
  readonly status: number | null;
  readonly errcode: number | null;
}

/** What reached the simulator: `menu/get 40001`; a success has no number, a lost answer is `lost`. */
async function traffic({ control }: RunningSimulator): Promise<readonly string[]> {
  const requests = (await control('requests')) as readonly Exchange[];
  return requests.map(({ path: name, status, errcode }) => {
    const outcome = status === null ? ' lost' : errcode ? ` ${errcode}` : '';
    return name.replace('/cgi-bin/', '') + outcome;
  });
}

/** What somebody else does with the same account, without our client. */
async function forceRefresh({ url, appid, secret }: RunningSimulator): Promise<string> {
  const response = await fetch(`${url}/cgi-bin/stable_token`, {
    method: 'POST',
    body: JSON.stringify({ grant_type: 'client_credential', appid, secret, force_refresh: true }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

async function cachedToken(simulator: RunningSimulator): Promise<string> {
  const { stdout, code } = await runHere(['token'], { env: simulator.env });
  expect(code).toBe(0);
  return stdout.trimEnd();
}

const stderrOf = (stderr: string): string => stderr.replace(notice, '');

/** The object of `--json` on the last line. */
function errorOf(stderr: string): Record<string, unknown> {
  const last = stderr.trimEnd().split('\n').at(-1) ?? '';
  return (JSON.parse(last) as { error: Record<string, unknown> }).error;
}

/** Both menu reads go out at the same time, so their order is not told. */
async function withoutCurrentMenu(simulator: RunningSimulator): Promise<readonly string[]> {
  return (await traffic(simulator)).filter((call) => !call.startsWith('get_current_selfmenu_info'));
}

describe('a token that somebody else has replaced', () => {
  test('costs the next command one refresh and one repetition, and nobody notices', async () => {
    const simulator = await startSimulator();
    const { env } = simulator;
    const old = await cachedToken(simulator);
    const current = await forceRefresh(simulator);
    expect(current).not.toBe(old);
    const { code, stdout, stderr } = await runHere(['menu', 'push', menuFile, '--yes'], { env });
    const trouble = stderrOf(stderr).replaceAll(/^\+ .*\n/gm, '');
    expect({ code, stdout, trouble }).toEqual({
      code: 0,
      stdout: `Pushed 4 buttons to ${simulator.appid}; read back and equal\n`,
      trouble: '',
    });
    expect(await withoutCurrentMenu(simulator)).toEqual([
      'stable_token',
      'stable_token',
      'menu/get 40001',
      'stable_token',
      'menu/get 46003',
      'menu/create',
      'menu/get',
    ]);
    expect(await cachedToken(simulator)).toBe(current);
  });

  test('is replaced in the classic mode, too, when its five minutes of grace are over', async () => {
    const simulator = await startSimulator();
    const env = { ...simulator.env, WECHAT_MP_TOKEN_ENDPOINT: 'classic' };
    expect((await runHere(['token'], { env })).code).toBe(0);
    const { url, appid, secret } = simulator;
    await fetch(`${url}/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=${secret}`);
    // In the overlap both are good.
    expect((await runHere(['qr', 'create', '--scene', '1'], { env })).code).toBe(0);
    await simulator.control('clock', { advance: '5m' });
    expect((await runHere(['qr', 'create', '--scene', '2'], { env })).code).toBe(0);
    expect(await traffic(simulator)).toEqual([
      'token',
      'token',
      'qrcode/create',
      'qrcode/create 40001',
      'token',
      'qrcode/create',
    ]);
  });

  test('is replaced when the platform says that it has expired', async () => {
    const simulator = await startSimulator();
    await cachedToken(simulator);
    await simulator.control('clock', { advance: '2h' });
    const { code } = await runHere(['qr', 'create', '--scene', '1'], { env: simulator.env });
    expect(code).toBe(0);
    expect(await traffic(simulator)).toEqual([
      'stable_token',
      'qrcode/create 42001',
      'stable_token',
      'qrcode/create',
    ]);
  });

  test('is replaced once for eight commands at the same time', { timeout: 40_000 }, async () => {
    const simulator = await startSimulator();
    const { env } = simulator;
    await cachedToken(simulator);
    await forceRefresh(simulator);
    const before = await simulator.count('/cgi-bin/stable_token');
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) => run(['qr', 'create', '--scene', String(index + 1)], { env })),
    );
    expect(results.map(({ code, stderr }) => [code, stderrOf(stderr)])).toEqual(results.map(() => [0, '']));
    expect(new Set(results.map(({ stdout }) => stdout)).size).toBe(8);
    expect((await simulator.count('/cgi-bin/stable_token')) - before).toBe(1);
    // Nobody needed more than one repetition; those that came later found the new token.
    const calls = (await traffic(simulator)).filter((call) => call.startsWith('qrcode/create'));
    expect(calls.filter((call) => call === 'qrcode/create')).toHaveLength(8);
    expect(calls.length).toBeLessThanOrEqual(16);
    // Neither a lock nor a temporary file stays behind.
    const left = readdirSync(path.join(env['HOME'] ?? '', '.cache/wechat-mp/tokens'));
    expect(left).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/)]);
  });

  test('a second refusal is an error, and no third attempt is made', async () => {
    const simulator = await startSimulator();
    await cachedToken(simulator);
    await forceRefresh(simulator);
    // The first refusal is the platform's own; this one meets the new token.
    await simulator.control('faults', { path: '/cgi-bin/qrcode/create', skip: 1, errcode: 40001 });
    const words = ['qr', 'create', '--scene', '1', '--json'];
    const { code, stdout, stderr } = await runHere(words, { env: simulator.env });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(errorOf(stderr)).toMatchObject({
      code: 3,
      type: 'invalid_token',
      errcode: 40001,
      errmsg: 'invalid credential, access_token is invalid or not latest',
      rid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/),
      retryable: false,
    });
    expect((await traffic(simulator)).slice(2)).toEqual([
      'qrcode/create 40001',
      'stable_token',
      'qrcode/create 40001',
    ]);
  });

  test.each([
    ['qrcode/create', ['qr', 'create', '--scene', '1']],
    ['ticket/getticket', ['sign-url', 'https://example.com/a']],
  ])('one refusal by %s of a token that WeChat confirms costs one repetition', async (name, words) => {
    const simulator = await startSimulator();
    const token = await cachedToken(simulator);
    await simulator.control('faults', { path: `/cgi-bin/${name}`, errcode: 42001 });
    const { code, stderr } = await runHere(words, { env: simulator.env });
    expect([code, stderrOf(stderr)]).toEqual([0, '']);
    expect(await traffic(simulator)).toEqual(['stable_token', `${name} 42001`, 'stable_token', name]);
    expect(await cachedToken(simulator)).toBe(token);
  });

  test('a token is not forced where the platform insists on it', async () => {
    const simulator = await startSimulator();
    const token = await cachedToken(simulator);
    await simulator.control('faults', { path: '/cgi-bin/qrcode/create', errcode: 40001, times: 5 });
    const { code, stderr } = await runHere(['qr', 'create', '--scene', '1', '--json'], {
      env: simulator.env,
    });
    expect(code).toBe(3);
    expect(errorOf(stderr)).toMatchObject({ type: 'invalid_token', errcode: 40001 });
    expect(stderr).not.toContain('--force');
    expect(await traffic(simulator)).toEqual([
      'stable_token',
      'qrcode/create 40001',
      'stable_token',
      'qrcode/create 40001',
    ]);
    expect(await cachedToken(simulator)).toBe(token);
  });

  test('the scenario token-conflict lets a push and a pull through', async () => {
    const script = `"$0" "$1" menu push "$2" -y && "$0" "$1" menu pull --source live`;
    const words = ['simulator', '--scenario', 'token-conflict', '--', 'sh', '-c', script];
    const { code, stdout, stderr } = await run([...words, process.execPath, builtFile(), menuFile], {
      env: { HOME: temporaryFolder() },
    });
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('✗')]);
    expect(stdout).toContain('"button"');
  });
});

describe('a simulator that starts again with its seed', () => {
  test.each(['after a restart', 'after a reset', 'after sign-url'])('is pushed to %s', async (when) => {
    const home = temporaryFolder();
    const first = await startSimulator(['--seed', '1'], { HOME: home });
    const push = async ({ env }: RunningSimulator): Promise<unknown> => {
      const result = await runHere(['menu', 'push', menuFile, '-y'], { env });
      return [result.code, result.stdout];
    };
    const pushed = [0, `Pushed 4 buttons to ${first.appid}; read back and equal\n`];
    if (when === 'after sign-url') {
      expect((await runHere(['sign-url', 'https://example.com/a'], { env: first.env })).code).toBe(0);
    } else {
      expect(await push(first)).toEqual(pushed);
    }
    let second = first;
    if (when === 'after a reset') await first.control('reset', {});
    else {
      await first.kill();
      const port = new URL(first.url).port;
      // The same address again, so that the cache of the first one counts.
      second = await startSimulator(['--seed', '1', '--port', port], { HOME: home });
    }
    expect(await push({ ...second, env: { ...second.env, HOME: first.env['HOME'] ?? '' } })).toEqual(pushed);
  });
});

describe('an answer that is lost', () => {
  test('menu push reads back, and does not send the menu again where it is there', async () => {
    const simulator = await startSimulator();
    await simulator.control('faults', { path: '/cgi-bin/menu/create', drop: true, after: true });
    const { code, stdout } = await runHere(['menu', 'push', menuFile, '--yes'], { env: simulator.env });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `Pushed 4 buttons to ${simulator.appid}; read back and equal\n`,
    });
    expect(await withoutCurrentMenu(simulator)).toEqual([
      'stable_token',
      'menu/get 46003',
      'menu/create lost',
      'menu/get',
      'menu/get',
    ]);
  });

  test('qr create does not ask for a temporary code again', async () => {
    const simulator = await startSimulator();
    await simulator.control('faults', { path: '/cgi-bin/qrcode/create', drop: true, after: true });
    const { code, stderr } = await runHere(['qr', 'create', '--scene', '1', '--json'], {
      env: simulator.env,
    });
    expect(code).toBe(5);
    expect(errorOf(stderr)).toMatchObject({
      outcome: 'unknown',
      hint: 'Run it again: at worst one more of the 100000 codes of the day is used',
    });
    expect(await traffic(simulator)).toEqual(['stable_token', 'qrcode/create lost']);
  });

  test.each([
    ['is lost', { drop: true, after: true }, 'reset'],
    ['is a 502', { status: 502, after: true }, 'http_status'],
    ['is empty', { body: '', after: true }, 'empty_answer'],
  ])('qr create --permanent is not repeated when its answer %s', async (_, fault, type) => {
    const simulator = await startSimulator();
    await simulator.control('faults', { path: '/cgi-bin/qrcode/create', ...fault });
    const words = ['qr', 'create', '--scene', '7', '--permanent', '--yes', '--json'];
    const { code, stdout, stderr } = await runHere(words, { env: simulator.env });
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(errorOf(stderr)).toMatchObject({
      code: 5,
      type,
      outcome: 'unknown',
      retryable: false,
      message: expect.stringMatching(/; the change may or may not have happened$/),
      hint: expect.stringMatching(/^Permanent codes cannot be listed: run it again with the same scene/),
    });
    expect(await simulator.count('/cgi-bin/qrcode/create')).toBe(1);
    expect(await simulator.control('state')).toMatchObject({ qrcodes: { permanent: 1 } });
  });

  test('qr create --permanent is repeated when it certainly was not done', async () => {
    // Nothing listens on the port of a simulator that has gone.
    const project = createProject();
    const script =
      'exec env WECHAT_MP_API_BASE=http://127.0.0.1:1 wechat-mp qr create --scene 7 --permanent --yes --json';
    const words = ['wechat-mp', 'simulator', '--', 'sh', '-c', script];
    const { code, stderr } = await project.exec(words);
    expect(code).toBe(5);
    const error = errorOf(stderr);
    expect(error).toMatchObject({ type: 'refused', request_sent: false, retryable: true });
    expect(error).not.toHaveProperty('outcome');
  });
});

describe('a cache that', () => {
  const entryOf = (folder: string): string => {
    const [name = ''] = readdirSync(folder).filter((file) => /^[0-9a-f]{64}\.json$/.test(file));
    return path.join(folder, name);
  };
  const whole = (entry: string): Buffer => readFileSync(entry);

  test.each<readonly [string, (entry: string) => void]>([
    ['is empty', (entry) => writeFileSync(entry, '')],
    ['was cut in the middle', (entry) => writeFileSync(entry, whole(entry).subarray(0, 100))],
    [
      'has something behind its end',
      (entry) => writeFileSync(entry, Buffer.concat([whole(entry), Buffer.from('}}')])),
    ],
    ['holds bytes', (entry) => writeFileSync(entry, Buffer.from([0, 255, 254, 0, 137, 80, 78, 71]))],
    ['holds zeros', (entry) => writeFileSync(entry, Buffer.alloc(500))],
    ['holds another shape', (entry) => writeFileSync(entry, '{"access_token":"SIM_x","expires_in":7200}')],
  ])('%s is fetched again with a note, and the bad file is kept beside', async (_, damage) => {
    const simulator = await startSimulator();
    const { env } = simulator;
    const token = await cachedToken(simulator);
    const folder = path.join(env['HOME'] ?? '', '.cache/wechat-mp/tokens');
    const entry = entryOf(folder);
    damage(entry);
    const bad = whole(entry);
    const { code, stdout, stderr } = await runHere(['token'], { env });
    expect({ code, stdout, stderr: stderrOf(stderr) }).toEqual({
      code: 0,
      stdout: `${token}\n`,
      stderr: `! The token cache "${entry}" is damaged: asking WeChat again and keeping the damaged file beside it\n`,
    });
    const kept = readdirSync(folder).filter((name) => name.includes('.corrupt-'));
    expect(kept).toHaveLength(1);
    expect(readFileSync(path.join(folder, kept[0] ?? ''))).toEqual(bad);
    // It is repaired: the next one is silent and asks nobody.
    const again = await runHere(['token'], { env });
    expect([again.stdout, stderrOf(again.stderr)]).toEqual([`${token}\n`, '']);
    expect(await simulator.count('/cgi-bin/stable_token')).toBe(2);
  });

  test.each([
    [
      'has no place, as with HOME=/dev/null',
      { HOME: '/dev/null' },
      '/dev/null/.cache/wechat-mp/tokens',
      'ENOTDIR',
    ],
    [
      'lies where nothing can be made',
      { WECHAT_MP_CACHE_DIR: '/proc/wechat-mp' },
      '/proc/wechat-mp/tokens',
      'ENOENT',
    ],
  ])('%s costs one note and not the token', async (_, env, place, reason) => {
    const simulator = await startSimulator();
    const { code, stdout, stderr } = await runHere(['token'], { env: { ...simulator.env, ...env } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^SIM_[\w-]{132}\n$/);
    const lines = stderrOf(stderr).trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(place);
    expect(lines[0]).toContain(`(${reason}); the token is good, but only this run will know it`);
    // In classic mode every run would end everybody else's token.
    const classic = await runHere(['token', '--classic'], { env: { ...simulator.env, ...env } });
    expect(classic).toMatchObject({ code: 7, stdout: '' });
    expect(classic.stderr).toContain('the classic endpoint needs the cache');
    expect(await traffic(simulator)).toEqual(['stable_token']);
  });
});

describe('for another user', () => {
  const nobody = 65_534;

  /** A project whose tool everybody may read; its home belongs to the other user. */
  function createShared(): { readonly project: Project; readonly cache: string } {
    const tool = temporaryFolder();
    for (const part of [path.dirname(builtFile()), builtDist()])
      cpSync(part, path.join(tool, path.basename(part)), { recursive: true });
    const project = createProject([process.execPath, path.join(tool, 'bin/wechat-mp.js')]);
    for (const folder of [tool, project.folder]) chmodSync(folder, 0o755);
    const home = path.join(project.folder, 'home');
    chownSync(home, nobody, nobody);
    return { project, cache: path.join(home, '.cache/wechat-mp/tokens') };
  }

  const env = (simulator: RunningSimulator): Record<string, string> => {
    const { HOME: _, ...rest } = simulator.env;
    return rest;
  };

  test('an entry that only root may read is replaced', async (context) => {
    needs(context, process.getuid?.() === 0, 'only root can act as another user');
    const { project, cache } = createShared();
    const simulator = await startSimulator();
    const options = { uid: nobody, env: env(simulator) };
    const { stdout: token } = await project.exec(['wechat-mp', 'token'], options);
    const entry = path.join(cache, readdirSync(cache)[0] ?? '');
    chownSync(entry, 0, 0);
    const { code, stdout, stderr } = await project.exec(['wechat-mp', 'token'], options);
    expect({ code, stdout }).toEqual({ code: 0, stdout: token });
    expect(stderrOf(stderr)).toBe(
      `! Cannot read the token cache "${entry}": permission denied (EACCES); the token is good, but only this run will know it\n`,
    );
    const again = await project.exec(['wechat-mp', 'token'], options);
    expect([again.stdout, stderrOf(again.stderr)]).toEqual([token, '']);
  });

  test('a folder that may not be written to costs one note and not the token', async (context) => {
    needs(context, process.getuid?.() === 0, 'only root can act as another user');
    const { project } = createShared();
    const simulator = await startSimulator();
    const closed = path.join(project.folder, 'closed');
    mkdirSync(closed, { mode: 0o555 });
    const options = {
      uid: nobody,
      env: { ...env(simulator), WECHAT_MP_CACHE_DIR: path.join(closed, 'cache') },
    };
    const { code, stdout, stderr } = await project.exec(['wechat-mp', 'token'], options);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^SIM_[\w-]{132}\n$/);
    expect(stderrOf(stderr)).toMatch(
      /^! Cannot write to the token cache ".*": permission denied \(EACCES\); the token is good.*\n$/,
    );
    expect(readdirSync(closed)).toEqual([]);
  });

  test('no home at all costs one note and not the token', async (context) => {
    needs(context, process.getuid?.() === 0, 'only root can act as another user');
    const { project } = createShared();
    const simulator = await startSimulator();
    for (const HOME of [undefined, '/nonexistent']) {
      const options = { uid: nobody, env: { ...env(simulator), HOME } };
      const { code, stdout, stderr } = await project.exec(['wechat-mp', 'token'], options);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^SIM_[\w-]{132}\n$/);
      expect(stderrOf(stderr)).toMatch(
        /^! Cannot write to the token cache ".*\/tokens".*; the token is good.*\n$/,
      );
    }
  });
});

describe('a full disk', () => {
  /** A small file system of its own, gone after the test; `undefined` where mounting is not allowed. */
  function mountSmall(): string | undefined {
    const folder = temporaryFolder();
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'tmpfs', folder]);
    if (status !== 0) return undefined;
    onTestFinished(() => void spawnSync('umount', ['-l', folder]));
    return folder;
  }

  function fill(folder: string): void {
    const file = path.join(folder, 'filler');
    for (let size = 65_536; size >= 1; size /= 2) {
      for (;;) {
        try {
          writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
        } catch {
          break;
        }
      }
    }
  }

  test('costs one note and not the token, and leaves nothing half', async (context) => {
    const disk = mountSmall();
    needs(context, disk !== undefined, 'mounting a tmpfs is not allowed here');
    if (disk === undefined) return;
    const simulator = await startSimulator();
    const env = { ...simulator.env, WECHAT_MP_CACHE_DIR: path.join(disk, 'cache') };
    mkdirSync(path.join(disk, 'cache/tokens'), { recursive: true, mode: 0o700 });
    fill(disk);
    const { code, stdout, stderr } = await runHere(['token'], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^SIM_[\w-]{132}\n$/);
    expect(stderrOf(stderr)).toMatch(
      /^! Cannot write to the token cache ".*": no space is left on the disk \(ENOSPC\); the token is good, but only this run will know it\n$/,
    );
    expect(readdirSync(path.join(disk, 'cache/tokens'))).toEqual([]);
  });

  test('leaves the old entry whole', async (context) => {
    const disk = mountSmall();
    needs(context, disk !== undefined, 'mounting a tmpfs is not allowed here');
    if (disk === undefined) return;
    const simulator = await startSimulator();
    const env = { ...simulator.env, WECHAT_MP_CACHE_DIR: path.join(disk, 'cache') };
    const { stdout: old } = await runHere(['token'], { env });
    const folder = path.join(disk, 'cache/tokens');
    const [name = ''] = readdirSync(folder);
    const before = readFileSync(path.join(folder, name));
    expect(before.toString()).toContain(old.trimEnd());
    fill(disk);
    await forceRefresh(simulator);
    const { code, stderr } = await runHere(['qr', 'create', '--scene', '1'], { env });
    expect(code).toBe(0);
    expect(stderrOf(stderr)).toContain('(ENOSPC)');
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(path.join(folder, name))).toEqual(before);
  });

  test('qr create --out is exit 7, names the file and leaves none', async (context) => {
    const disk = mountSmall();
    needs(context, disk !== undefined, 'mounting a tmpfs is not allowed here');
    if (disk === undefined) return;
    const simulator = await startSimulator();
    fill(disk);
    const file = path.join(disk, 'qr.jpg');
    const words = ['qr', 'create', '--scene', '1', '--out', file, '--json'];
    const { code, stdout, stderr } = await runHere(words, { env: simulator.env });
    expect({ code, stdout }).toEqual({ code: 7, stdout: '' });
    expect(String(errorOf(stderr)['message'])).toContain(`"${file}"`);
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(disk)).toEqual(['filler']);
  });
});
