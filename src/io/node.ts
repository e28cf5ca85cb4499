/** The real world, built once. Everything that is not needed by every command is loaded when it is asked for. */
import { createFiles } from './files/files.ts';
import { interruption } from './interruption.ts';
import type { Io } from './ports.ts';
import { createRandom } from './random.ts';
import { createTerminal } from './terminal/terminal.ts';

export function createNodeIo(): Io {
  const files = createFiles();
  return {
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      sleep: async (milliseconds, signal) => (await import('./sleep.ts')).sleep(milliseconds, signal),
    },
    random: createRandom(),
    files,
    locks: async () => (await import('./files/locks.ts')).createLocks(),
    manyFiles: async () => (await import('./files/many-files.ts')).createManyFiles(),
    terminal: createTerminal(),
    environment: process.env,
    get directory() {
      return currentDirectory();
    },
    platform: process.platform,
    nodeVersion: process.versions.node,
    program: process.argv[1] ?? '',
    get host() {
      // oxlint-disable-next-line typescript/no-require-imports -- only the history of a new token wants the name
      return (require('os') as typeof import('os')).hostname();
    },
    pid: process.pid,
    fetch: async (options) =>
      (await import('./net/fetch.ts')).createFetch({ ...options, platform: process.platform }),
    listen: async () => (await import('./net/listen.ts')).listen,
    listenFetch: async () => (await import('./net/listen-fetch.ts')).listenFetch,
    intercept: async () => (await import('./intercept/intercept.ts')).intercept,
    listenStream: async () => (await import('./net/listen-stream.ts')).listenStream,
    streamFetch: async (proxied) =>
      (await import('./net/stream-fetch.ts')).createStreamFetch({ ...proxied, platform: process.platform }),
    spool: async () => (await import('./net/spool.ts')).openSpool(),
    runChild: async () => (await import('./child.ts')).runChild,
    redis: async (address, timeoutMs) => (await import('./net/redis.ts')).openRedis(address, timeoutMs),
    openPage: async () => (await import('./open-page.ts')).openPage,
    interruption,
  };
}

/** The root where the current directory has been removed under our feet: nothing of ours is found there. */
function currentDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}
