/** A real Redis on a free port of loopback, for tests of what machines share. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { onTestFinished, type TestContext } from 'vitest';
import { needs } from '../e2e/project.ts';
import { ended, temporaryFolder } from './command.ts';

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly child: ChildProcess;
  /** Runs `redis-cli` with these words. */
  cli(...words: string[]): string;
}

export function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Skips the test where there is no Redis. The server ends with the test. */
export async function startRedis(
  context: TestContext,
  options: readonly string[] = [],
): Promise<RedisServer> {
  needs(context, hasRedis(), 'redis-server is not installed');
  // Another process may take the port in between: then the server ends, and the next one is tried.
  for (;;) {
    const port = await freePort();
    const child = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', temporaryFolder(), ...options],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const ready = await new Promise<boolean>((resolve) => {
      let told = '';
      child.stdout.on('data', (data: Buffer) => {
        told += data.toString();
        if (told.includes('Ready to accept connections')) resolve(true);
      });
      child.once('close', () => resolve(false));
    });
    if (!ready) continue;
    onTestFinished(async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await ended(child);
    });
    return {
      port,
      child,
      url: `redis://127.0.0.1:${port}/0`,
      cli: (...words) =>
        execFileSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' }).trimEnd(),
    };
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
