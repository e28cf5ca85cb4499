/** Runs the tool as it was built for this run, as a real process with an environment of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject, onTestFinished } from 'vitest';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  /** Another Node than the one that runs the tests. */
  readonly node?: string;
  readonly uid?: number;
}

/** What `node` has to run. */
export function builtFile(): string {
  return path.join(inject('built'), 'bin/wechat-mp.js');
}

/** The folder of what was built. */
export function builtDist(): string {
  return path.join(inject('built'), 'dist');
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'wechat-mp-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Nothing of the developer's own environment but the path; homes are folders that end with the test. */
export function cleanEnvironment(more: Readonly<Record<string, string | undefined>> = {}): NodeJS.ProcessEnv {
  // Where no home is named the tool finds the developer's own, and a simulator leaves its address there.
  const state = 'HOME' in more ? undefined : path.join(inject('built'), 'state');
  const common = { PATH: process.env['PATH'], LANG: 'C', WECHAT_MP_STATE_DIR: state };
  const merged: NodeJS.ProcessEnv = { ...common, ...more };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

export function start(words: readonly string[], options: RunOptions = {}): ChildProcess {
  return spawn(options.node ?? process.execPath, [builtFile(), ...words], {
    env: cleanEnvironment(options.env),
    cwd: options.cwd ?? tmpdir(),
    stdio: 'pipe',
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
}

/** Runs a command line to its end. Both streams are complete: `close` comes after them, `exit` before. */
export async function run(words: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = start(words, options);
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input ?? '');
  return await ended(child);
}

export function ended(child: ChildProcess): Promise<Ended> {
  const [stdout, stderr] = [collect(child, 'stdout'), collect(child, 'stderr')];
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout: stdout(), stderr: stderr() }));
  });
}

function collect(child: ChildProcess, name: 'stdout' | 'stderr'): () => string {
  const chunks: Buffer[] = [];
  child[name]?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

/** The first line of stdout. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.on('close', (code) => reject(new Error(`ended with ${code} before its first line: ${text}`)));
  });
}

export interface RunningSimulator {
  readonly url: string;
  readonly appid: string;
  readonly secret: string;
  /** What a command needs to use it; caches and profiles go to a folder that ends with the test. */
  readonly env: Readonly<Record<string, string>>;
  control(path: string, body?: unknown): Promise<unknown>;
  /** How many requests reached a path. */
  count(path: string): Promise<number>;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** A simulator in the process of the tests, stopped after the test: `wechat-mp simulator` with what it says in JSON. */
export async function startSimulator(
  words: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningSimulator> {
  // Most tests that run a command need no more than the built one.
  const { startHere } = await import('./in-process.ts');
  const folder = temporaryFolder();
  let tell: (line: string) => void = () => {};
  const told = new Promise<string>((resolve) => (tell = resolve));
  const command = ['simulator', '--port', '0', '--json', ...words];
  const running = startHere(command, { env: { HOME: folder, ...env } }, (line) => tell(line));
  const kill = async (): Promise<void> => {
    running.stop();
    await running.ended;
  };
  onTestFinished(kill);
  const failed = running.ended.then(({ code, stderr }): never => {
    throw new Error(`the simulator ended with ${code}: ${stderr}`);
  });
  return runningSimulator(await Promise.race([told, failed]), folder, kill);
}

/** The same as a process of its own, which ends as in a crash. */
export async function spawnSimulator(
  words: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningSimulator & { readonly pid: number }> {
  const folder = temporaryFolder();
  const child = start(['simulator', '--port', '0', '--json', ...words], { env: { HOME: folder, ...env } });
  const gone = new Promise((resolve) => child.once('close', resolve));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  const simulator = runningSimulator(await firstLine(child), folder, kill);
  child.stdout?.resume();
  child.stderr?.resume();
  return { ...simulator, pid: child.pid ?? 0 };
}

function runningSimulator(line: string, folder: string, kill: () => Promise<void>): RunningSimulator {
  const ready = JSON.parse(line) as Record<string, string>;
  const url = ready['url'] ?? '';
  const control = async (path_: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${url}/_ctl/${path_}`, init);
    return await response.json();
  };
  return {
    url,
    appid: ready['appid'] ?? '',
    secret: ready['secret'] ?? '',
    env: {
      HOME: folder,
      WECHAT_MP_API_BASE: url,
      WECHAT_MP_APPID: ready['appid'] ?? '',
      WECHAT_MP_APPSECRET: ready['secret'] ?? '',
      WECHAT_MP_CALLBACK_TOKEN: ready['callback_token'] ?? '',
      WECHAT_MP_AES_KEY: ready['aes_key'] ?? '',
    },
    control,
    kill,
    count: async (path_) => {
      const requests = (await control('requests')) as readonly { readonly path: string }[];
      return requests.filter((request) => request.path === path_).length;
    },
  };
}
