/**
 * The tool in the process of the tests, with the files, the network and the clock of this machine: a command line costs a
 * tenth of what it costs as a process. What only a process has needs one: signals, its death, another user, the built files.
 */
import * as nodeFs from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { WechatMpError } from '../../src/core/errors.ts';
import { tooLarge } from '../../src/core/text/read-limits.ts';
import type { RawFiles } from '../../src/io/files/steps.ts';
import { createFiles } from '../../src/io/files/files.ts';
import { createManyFiles } from '../../src/io/files/many-files.ts';
import { createLocks } from '../../src/io/files/locks.ts';
import { createNodeIo } from '../../src/io/node.ts';
import type { Io, Listening } from '../../src/io/ports.ts';
import { builtFile, cleanEnvironment, type Ended, type RunOptions } from './command.ts';

type HereOptions = Pick<RunOptions, 'env' | 'cwd' | 'input'>;

/** Runs a command line to its end, as `run` does. */
export async function runHere(words: readonly string[], options: HereOptions = {}): Promise<Ended> {
  return await startHere(words, options).ended;
}

export interface RunningHere {
  readonly ended: Promise<Ended>;
  /** Ends it as SIGTERM would, but requests that are open get no grace. */
  stop(): void;
}

/** Starts a command line; `onStdout` is told each piece that it writes. */
export function startHere(
  words: readonly string[],
  options: HereOptions = {},
  onStdout: (text: string) => void = () => {},
): RunningHere {
  const [stdout, stderr]: [Buffer[], string[]] = [[], []];
  const ending = new AbortController();
  let listening: Listening | undefined;
  const streams: Pick<Io['terminal'], 'writeStdout' | 'writeStderr'> = {
    writeStdout(data) {
      const bytes = Buffer.from(data);
      stdout.push(bytes);
      onStdout(bytes.toString());
    },
    writeStderr: (text) => void stderr.push(text),
  };
  const io = createIo(options, streams, ending.signal);
  const world: Io = {
    ...io,
    async listen() {
      const listen = await io.listen();
      return async (...how) => (listening = await listen(...how));
    },
    async listenStream() {
      const listen = await io.listenStream();
      return async (...how) => (listening = await listen(...how));
    },
    async listenFetch() {
      const listen = await io.listenFetch();
      return async (...how) => (listening = await listen(...how));
    },
  };
  return {
    ended: main(words, world).then((code) => ({
      code,
      signal: null,
      stdout: Buffer.concat(stdout).toString(),
      stderr: stderr.join(''),
    })),
    stop() {
      void listening?.close(0);
      const text = { en: 'Terminated', zh: '已终止' };
      ending.abort(new WechatMpError({ family: 'interrupted', type: 'terminated', text }));
    },
  };
}

/** The world of a process that was started in a folder, without a terminal. */
function createIo(
  { env, cwd = tmpdir(), input = '' }: HereOptions,
  streams: Pick<Io['terminal'], 'writeStdout' | 'writeStderr'>,
  interruption: AbortSignal,
): Io {
  const { clock, random, platform, nodeVersion, pid, ...real } = createNodeIo();
  const { fetch, listen, listenFetch, listenStream, streamFetch, spool, intercept, redis } = real;
  const fs = filesFrom(cwd);
  const bytes = Buffer.from(input);
  const unused = async (): Promise<never> => {
    throw new Error('needs a process');
  };
  return {
    clock,
    random,
    platform,
    nodeVersion,
    pid,
    fetch,
    listen,
    listenFetch,
    intercept,
    listenStream,
    streamFetch,
    spool,
    redis,
    files: createFiles(fs),
    locks: async () => createLocks({ fs }),
    manyFiles: async () => createManyFiles(fs),
    terminal: {
      stdinIsTty: false,
      stdoutIsTty: false,
      stderrIsTty: false,
      columns: 80,
      ...streams,
      async readStdin(maxBytes) {
        if (bytes.length > maxBytes) throw tooLarge('stdin', maxBytes);
        return bytes;
      },
      async *stdinChunks() {
        yield bytes;
      },
      ask: unused,
      spinner: unused,
    },
    environment: cleanEnvironment(env),
    directory: cwd,
    program: builtFile(),
    host: hostname(),
    runChild: unused,
    openPage: unused,
    interruption: () => interruption,
  };
}

/** Calls with a second name of a file. */
const withTwoNames = new Set(['linkSync', 'renameSync']);
const sources = path.join(import.meta.dirname, '../../src/cli/commands/simulator/page/');

/** The calls of `node:fs` as a process in that folder makes them. */
function filesFrom(folder: string): RawFiles {
  const absolute = (name: unknown): unknown => {
    if (typeof name !== 'string' || name === '') return name;
    // The simulator's page is there only when it is built.
    return path.resolve(folder, name).replace(sources, path.join(inject('built'), 'dist/page/'));
  };
  return new Proxy(nodeFs, {
    get:
      (target, call: keyof RawFiles) =>
      (first: unknown, second: unknown, ...rest: unknown[]): unknown =>
        (target[call] as (...values: unknown[]) => unknown)(
          absolute(first),
          withTwoNames.has(call) ? absolute(second) : second,
          ...rest,
        ),
  });
}
