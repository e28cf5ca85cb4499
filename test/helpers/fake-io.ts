/** The outside world in memory, with a simulator behind its HTTP client: `main(argv, io)` runs end to end in it. */
import { main } from '../../src/cli/main.ts';
import type { Fetch, Io, Prompter, Redis } from '../../src/io/ports.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { createMemoryFiles, type MemoryFiles } from './memory-files.ts';
import { accountOf, simulatorBase, throughSimulator } from './through-simulator.ts';

/** 2026-01-15 12:00 in Beijing. */
export const startMs = Date.UTC(2026, 0, 15, 4);

export interface FakeIoOptions {
  /** Added to the simulator's account and `HOME=/home/me`; `undefined` takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly stdin?: string | Uint8Array;
  /** Streams that are a terminal. */
  readonly tty?: readonly ('stdin' | 'stdout' | 'stderr')[];
  /** What is answered to questions, in their order. */
  readonly answers?: readonly (string | boolean)[];
  readonly fetch?: Fetch;
  /** What every address of a Redis leads to. */
  readonly redis?: (clock: ManualClock) => Redis;
  /** Lets time pass while a command runs, for one that waits before it tries again. */
  readonly timePasses?: boolean;
}

export interface FakeWorld {
  readonly io: Io;
  readonly files: MemoryFiles;
  readonly clock: ManualClock;
  readonly simulator: Simulator;
  /** Hosts and paths that were asked, in order. */
  readonly requests: readonly string[];
  /** Questions and spinners, in order. */
  readonly shown: readonly string[];
  readonly interruption: AbortController;
  /** The next answers of a path, as `POST /_ctl/faults` of the simulator takes them. */
  fault(fault: Readonly<Record<string, unknown>>): Promise<void>;
  /** Runs a command line and hands back what this run has written. */
  run(...words: readonly string[]): Promise<Run>;
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function fakeWorld(options: FakeIoOptions = {}): FakeWorld {
  const clock = createManualClock(startMs);
  const random = {
    bytes: (count: number) => Uint8Array.from({ length: count }, (_, index) => (index * 7) % 251),
  };
  const redis = options.redis?.(clock);
  const openFetch = (): Promise<never> => Promise.reject(new Error('no push was expected'));
  const simulator = createSimulator({ clock, random, openFetch, seed: 7 });
  const files = createMemoryFiles(options.files ?? {}, '/desk');
  const interruption = new AbortController();
  const [requests, shown, answers]: [string[], string[], (string | boolean)[]] = [
    [],
    [],
    [...(options.answers ?? [])],
  ];
  let output: { stdout: Buffer[]; stderr: string } = { stdout: [], stderr: '' };
  const fetch: Fetch = async (request) => {
    requests.push(`${request.method} ${new URL(request.url).host}${new URL(request.url).pathname}`);
    return await (options.fetch ?? throughSimulator(simulator))(request);
  };
  const has = (name: 'stdin' | 'stdout' | 'stderr'): boolean => options.tty?.includes(name) ?? false;
  const unused = (): never => {
    throw new Error('not in this world');
  };
  const io: Io = {
    clock,
    random,
    files,
    manyFiles: async () => files.many,
    locks: async () => ({ tryLock: () => ({ held: true, unlock: () => true, renew: () => true }) }),
    terminal: {
      stdinIsTty: has('stdin'),
      stdoutIsTty: has('stdout'),
      stderrIsTty: has('stderr'),
      columns: 80,
      writeStdout: (data) => void output.stdout.push(Buffer.from(data)),
      writeStderr: (data) => (output.stderr += data),
      readStdin: async () => Buffer.from(options.stdin ?? ''),
      // In pieces of seven bytes, so that lines and characters are cut.
      async *stdinChunks() {
        const bytes = Buffer.from(options.stdin ?? '');
        for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
      },
      ask: async () => scripted(answers, shown),
      spinner: async (text) => {
        shown.push(`spinner ${text}`);
        return {
          update: (words) => void shown.push(`spinner ${words}`),
          stop: () => void shown.push('spinner stopped'),
        };
      },
    },
    environment: definedOnly({ ...accountOf(simulator), HOME: '/home/me', ...options.environment }),
    directory: '/desk',
    platform: 'linux',
    nodeVersion: '24.1.0',
    program: '/usr/bin/wechat-mp',
    host: 'test-host',
    pid: 4321,
    fetch: async () => fetch,
    listen: async () => unused,
    listenFetch: async () => unused,
    intercept: async () => unused,
    listenStream: async () => unused,
    streamFetch: async () => unused,
    spool: async () => unused(),
    runChild: async () => unused,
    redis: async () => redis ?? unused(),
    openPage: async () => unused,
    interruption: () => interruption.signal,
  };
  const run: FakeWorld['run'] = async (...words) => {
    output = { stdout: [], stderr: '' };
    let code: number | undefined;
    const ended = main(words, io).then((found) => (code = found));
    // Nothing here waits for a real clock, so a retry or a slow answer gets the time it waits for.
    while (options.timePasses === true && code === undefined) await clock.advance(100);
    await ended;
    return { code: code ?? -1, stdout: Buffer.concat(output.stdout).toString(), stderr: output.stderr };
  };
  const fault: FakeWorld['fault'] = async (wanted) => {
    const request = new Request(`${simulatorBase}/_ctl/faults`, {
      method: 'POST',
      body: JSON.stringify(wanted),
    });
    const response = await simulator.fetch(request);
    if (!response.ok) throw new Error(await response.text());
  };
  return { io, files, clock, simulator, requests, shown, interruption, fault, run };
}

function scripted(answers: (string | boolean)[], shown: string[]): Prompter {
  const next = async <T>(question: string, check?: (answer: string) => string | undefined): Promise<T> => {
    shown.push(question);
    const answer = answers.shift();
    if (answer === undefined) throw new Error(`nobody answers: ${question}`);
    const problem = typeof answer === 'string' ? check?.(answer) : undefined;
    if (problem === undefined) return answer as T;
    shown.push(problem);
    return await next(question, check);
  };
  return {
    text: next,
    secret: next,
    confirm: (question) => next(question),
    choose: (question) => next(question),
  };
}

function definedOnly(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
