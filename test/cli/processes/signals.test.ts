import { connect } from 'node:net';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  builtFile,
  cleanEnvironment,
  ended,
  firstLine,
  run,
  start,
  startSimulator,
  temporaryFolder,
  type RunningSimulator,
} from '../../helpers/command.ts';
import { runHere } from '../../helpers/in-process.ts';

const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

const allSignals = [...signals, ['SIGHUP', 129], ['SIGQUIT', 131]] as const;

/** Far more than a grace of 2 s on a busy machine, far less than the minute that the requests here take. */
const soonMs = 20_000;

/** From the signal to the end, in milliseconds. */
async function stop(child: ChildProcess, signal: NodeJS.Signals) {
  const gone = ended(child);
  const sentAt = performance.now();
  child.kill(signal);
  return { ...(await gone), ms: performance.now() - sentAt };
}

/** Until the simulator has a call in hand that it does not answer. */
async function untilAsked(simulator: RunningSimulator): Promise<void> {
  await expect.poll(() => simulator.control('faults'), { interval: 20 }).toEqual([]);
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Alive, and not a zombie that waits for a parent who has taken it over and looks for it later. */
function isRunning(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return isAlive(pid) && !(existsSync(stat) && readFileSync(stat, 'utf8').includes(') Z '));
}

/** `serve` or `simulator` with a request in hand whose body is not yet whole. */
async function startWithOpenRequest(command: string) {
  const child = start([command, '--port', '0', '--json'], {
    env: { WECHAT_MP_CALLBACK_TOKEN: 'abc', HOME: '/dev/null' },
  });
  const { port } = new URL((JSON.parse(await firstLine(child)) as { url: string }).url);
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await new Promise<void>((resolve) =>
    socket.write('POST /wechat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n12', () => resolve()),
  );
  // A whole exchange on another connection: by then the first request has been seen.
  await fetch(`http://127.0.0.1:${port}/`);
  return { child, port: Number(port) };
}

describe('a signal', () => {
  test.each(signals)(
    '%s in the middle of a token call is exit %i, and nothing stays',
    async (signal, code) => {
      const simulator = await startSimulator();
      for (const words of [['token'], ['token', '--json'], ['menu', 'pull']]) {
        await simulator.control('faults', { path: '/cgi-bin/stable_token', delay: '1m' });
        const child = start(words, { env: simulator.env });
        await untilAsked(simulator);
        const stopped = await stop(child, signal);
        expect({ words, code: stopped.code, stdout: stopped.stdout }).toEqual({ words, code, stdout: '' });
        expect(stopped.ms).toBeLessThan(soonMs);
        expect(stopped.stderr).toContain(signal === 'SIGINT' ? 'Interrupted' : 'Terminated');
        // The simulator's own file tells other terminals where it is, and what was compiled is whole.
        const left = filesBelow(simulator.env['HOME'] ?? '').filter(
          (file) => !/\/simulators\/|\/compiled\/.*\.js$/.test(file),
        );
        expect(left).toEqual([]);
      }
      // And whoever comes next finds no lock in the way.
      expect((await runHere(['token'], { env: simulator.env })).code).toBe(0);
    },
  );

  test.each(signals)('%s while a menu is sent is exit %i, and leaves no lock', async (signal, code) => {
    const simulator = await startSimulator();
    await runHere(['token'], { env: simulator.env });
    await simulator.control('faults', { path: '/cgi-bin/menu/create', delay: '1m' });
    const child = start(['menu', 'push', '-', '--yes'], { env: simulator.env });
    child.stdin?.end(JSON.stringify({ button: [{ type: 'click', name: 'a', key: 'k' }] }));
    await untilAsked(simulator);
    const stopped = await stop(child, signal);
    expect([stopped.code, stopped.stdout]).toEqual([code, '']);
    expect(stopped.ms).toBeLessThan(soonMs);
    expect(filesBelow(simulator.env['HOME'] ?? '').filter((name) => /\.(lock|tmp|g)$/.test(name))).toEqual(
      [],
    );
  });

  test.each(['serve', 'simulator'])(
    'a second one ends %s at once, although a request is still open',
    async (command) => {
      const { child, port } = await startWithOpenRequest(command);
      const other = await startWithOpenRequest(command);
      const order: string[] = [];
      const gone = ended(child).finally(() => order.push('told twice'));
      const otherGone = ended(other.child).finally(() => order.push('told once'));
      child.kill('SIGINT');
      // The port closes at once; the open request has its grace of 2 s.
      await untilRefused(port);
      expect(child.exitCode).toBeNull();
      other.child.kill('SIGINT');
      child.kill('SIGINT');
      expect([(await gone).code, (await otherGone).code]).toEqual([130, 130]);
      expect(order).toEqual(['told twice', 'told once']);
    },
  );

  test.each(allSignals)('%s ends serve and takes its ready file away: exit %i', async (signal, code) => {
    const file = path.join(temporaryFolder(), 'ready.json');
    const child = start(['serve', '--port', '0', '--ready-file', file], {
      env: { WECHAT_MP_CALLBACK_TOKEN: 'abc', HOME: '/dev/null' },
    });
    await firstLine(child);
    expect(existsSync(file)).toBe(true);
    expect(await stop(child, signal)).toMatchObject({ code, signal: null, stderr: 'Stopped\n' });
    expect(existsSync(file)).toBe(false);
  });

  test.each(allSignals)('%s lets the simulator save the last change: exit %i', async (signal, code) => {
    const state = path.join(temporaryFolder(), 'state.json');
    const child = start(['simulator', '--port', '0', '--json', '--state', state], { env: {} });
    const { url } = JSON.parse(await firstLine(child)) as { url: string };
    const body = JSON.stringify({ wechat_id: 'the-last-change' });
    await fetch(`${url}/_ctl/followers`, { method: 'POST', body });
    expect((await stop(child, signal)).code).toBe(code);
    expect(readFileSync(state, 'utf8')).toContain('the-last-change');
    expect(existsSync(`${state}.lock`)).toBe(false);
  });

  test('a terminal that hangs up twice still gets the open request its grace', async () => {
    const { child, port } = await startWithOpenRequest('simulator');
    const gone = ended(child);
    child.kill('SIGHUP');
    await untilRefused(port);
    child.kill('SIGHUP');
    // Proof that the second one was seen and changed nothing: another kind of signal still ends at once.
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    expect((await gone).code).toBe(143);
  });

  test.each(['serve', 'simulator'])(
    'ends %s within 2 s and a little, however long a request takes',
    async (command) => {
      const { child } = await startWithOpenRequest(command);
      const stopped = await stop(child, 'SIGTERM');
      expect(stopped.code).toBe(143);
      expect(stopped.ms).toBeLessThan(soonMs);
    },
  );
});

function untilRefused(port: number): Promise<void> {
  return new Promise((resolve) => {
    const attempt = (): void => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => {
        socket.destroy();
        attempt();
      });
      socket.on('error', () => resolve());
    };
    attempt();
  });
}

describe('simulator -- command', () => {
  const env = { HOME: '/dev/null' };
  /** Tells its process id and goes on; a shell costs a fiftieth of what a Node does. */
  const lasting = 'echo $$; sleep 60 & wait';
  const inSimulator = (...words: readonly string[]) => run(['simulator', '--quiet', '--', ...words], { env });

  test.each([
    [0, ['true']],
    [7, ['sh', '-c', 'exit 7']],
    [137, ['sh', '-c', 'kill -9 $$']],
    [143, ['sh', '-c', 'kill -TERM $$']],
  ])('hands on the exit code %i', async (code, words) => {
    expect((await inSimulator(...words)).code).toBe(code);
  });

  test('gives the command its streams and five variables', async () => {
    const emptied = ['ACCESS_TOKEN', 'PROFILE', 'STORE', 'TOKEN_URL', 'VIA'];
    const names = ['API_BASE', 'APPID', 'APPSECRET', 'CALLBACK_TOKEN', 'AES_KEY', ...emptied];
    const script = `const e = process.env; process.stdin.on('data', (d) => console.log(JSON.stringify([String(d), ...${JSON.stringify(names)}.map((n) => e['WECHAT_MP_' + n])])))`;
    const { stdout } = await run(['simulator', '--', process.execPath, '-e', script], {
      env: {
        ...env,
        WECHAT_MP_ACCESS_TOKEN: 'real',
        WECHAT_MP_PROFILE: 'prod',
        WECHAT_MP_STORE: 'redis://cache.example.com',
        WECHAT_MP_TOKEN_URL: 'https://token.example.com',
        WECHAT_MP_VIA: 'https://relay.example.com',
        WECHAT_MP_APPID: 'wx1234567890abcdef',
      },
      input: 'typed',
    });
    const [typed, base, appId, secret, token, key, ...others] = JSON.parse(stdout) as string[];
    expect([typed, ...others]).toEqual(['typed', ...emptied.map(() => '')]);
    expect(base).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(appId).toMatch(/^wx[0-9a-f]{16}$/);
    expect(appId).not.toBe('wx1234567890abcdef');
    expect([secret?.length, token?.length, key?.length]).toEqual([32, 24, 43]);
  });

  test('ends when the command ends, and its port with it', async () => {
    const { code, stdout } = await inSimulator('sh', '-c', 'echo $WECHAT_MP_API_BASE');
    expect(code).toBe(0);
    await expect(fetch(`${stdout.trim()}/_ctl/health`)).rejects.toThrow('fetch failed');
  });

  test.each(allSignals)('%s ends the command, too, and is exit %i', async (signal, code) => {
    // That it ends well is the harder case; one signal is enough for the other.
    const all = signal === 'SIGTERM' ? ['', "trap 'exit 0' TERM;"] : ["trap 'exit 0' TERM;"];
    for (const manners of all) {
      const child = start(['simulator', '--', 'sh', '-c', `${manners} ${lasting}`], { env });
      const pid = Number(await firstLine(child));
      expect(isAlive(pid)).toBe(true);
      const stopped = await stop(child, signal);
      expect({ manners, code: stopped.code }).toEqual({ manners, code });
      expect(stopped.ms).toBeLessThan(soonMs);
      expect(isAlive(pid)).toBe(false);
    }
  });

  test('kills a command that does not listen, after 2 s', async () => {
    const child = start(['simulator', '--', 'sh', '-c', `trap '' TERM; ${lasting}`], { env });
    const pid = Number(await firstLine(child));
    const stopped = await stop(child, 'SIGTERM');
    expect([stopped.code, isAlive(pid)]).toEqual([143, false]);
    expect(stopped.ms).toBeLessThan(soonMs);
  });

  test.each(['', 'trap "" TERM;'])('ends what the command has started as well: %j', async (manners) => {
    const line = `sh -c '${manners} ${lasting}'; echo late`;
    const child = start(['simulator', '--', 'sh', '-c', line], { env });
    const pid = Number(await firstLine(child));
    const stopped = await stop(child, 'SIGTERM');
    expect([stopped.code, stopped.stdout]).toEqual([143, '']);
    expect(stopped.ms).toBeLessThan(soonMs);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  test('a second signal leaves nothing of the command behind', async () => {
    const line = `sh -c 'trap "echo told" TERM; while :; do ${lasting}; done'; true`;
    const child = start(['simulator', '--', 'sh', '-c', line], { env });
    const pid = Number(await firstLine(child));
    const gone = ended(child);
    child.stdout?.once('data', () => child.kill('SIGTERM'));
    child.kill('SIGTERM');
    expect((await gone).code).toBe(143);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  test('leaves alone what the command left running, unless it was interrupted', async () => {
    const child = start(['simulator', '--', 'sh', '-c', 'sleep 60 & echo $!'], { env });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const pid = Number(await firstLine(child));
    onTestFinished(() => void process.kill(pid, 'SIGKILL'));
    expect([await gone, isAlive(pid)]).toEqual([0, true]);
  });

  test('says as a shell does that a command is not there or cannot be started', async () => {
    const folder = temporaryFolder();
    const text = path.join(folder, 'text');
    writeFileSync(text, 'no program');
    for (const [command, code, type, reason] of [
      ['/nonexistent/command', 127, 'command_not_found', 'there is no such command'],
      [text, 126, 'command_not_runnable', 'it is not executable'],
      [folder, 126, 'command_not_runnable', 'it is not executable'],
    ] as const) {
      const ran = await run(['simulator', '--json', '--', command], { env });
      const { error } = JSON.parse(ran.stderr) as { readonly error: object };
      expect({ ...ran, error }).toMatchObject({
        code,
        stdout: '',
        error: { code, type, message: `Cannot run "${command}": ${reason}` },
      });
    }
  });

  test.each([[['--']], [['--', '']]])('refuses %j, which names no command', async (words) => {
    const ran = await runHere(['simulator', '--port', '0', '--json', ...words], { env });
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(JSON.parse(ran.stderr)).toMatchObject({
      error: { code: 2, type: 'command_after_dashes_missing', message: 'There is no command after --' },
    });
  });

  test('takes a command only behind the dashes', async () => {
    expect(await runHere(['simulator', 'echo', 'ran'], { env })).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        '✗ There is no command "simulator echo"\n  Fix: A command to run stands after --: wechat-mp simulator -- echo\n  More: wechat-mp simulator --help\n',
    });
  });
});

describe('a signal while a person is asked', () => {
  /** `script` gives the tool a terminal. */
  const script = '/usr/bin/script';

  test.skipIf(!existsSync(script))('ends the question and leaves the terminal as it was', async () => {
    const simulator = await startSimulator();
    const folder = temporaryFolder();
    const pidFile = path.join(folder, 'pid');
    const line = `stty cols 80 rows 24; echo $$ > '${pidFile}'; exec '${process.execPath}' '${builtFile()}' qr create --scene 1 --permanent --lang en`;
    const child = spawn(script, ['-qec', line, '/dev/null'], {
      env: cleanEnvironment({ ...simulator.env, TERM: 'xterm', SHELL: '/bin/sh' }),
      stdio: 'pipe',
    });
    const gone = ended(child);
    await new Promise<void>((resolve) => {
      let text = '';
      child.stdout.on('data', (data: Buffer) => {
        text += data.toString();
        if (text.includes('Create a permanent QR code?')) resolve();
      });
    });
    const sentAt = performance.now();
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
    const { code, stdout } = await gone;
    expect(performance.now() - sentAt).toBeLessThan(soonMs);
    expect(code).toBe(143);
    expect(stdout).toContain('Terminated');
    // The cursor that the question hid is shown again.
    expect(stdout.lastIndexOf('\u{1b}[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u{1b}[?25l'));
  });
});
