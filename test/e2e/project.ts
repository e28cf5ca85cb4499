/** A folder like a user's project that has the package: `wechat-mp` is a command there. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'vitest';
import { builtFile, cleanEnvironment, ended, temporaryFolder, type Ended } from '../helpers/command.ts';

interface ExecOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Another user; only root may ask for one. */
  readonly uid?: number;
}

export interface Project {
  readonly folder: string;
  /** Starts a program of the path with its words, as a shell would. */
  start(words: readonly string[], options?: ExecOptions): ChildProcess;
  /** Runs it to its end. */
  exec(words: readonly string[], options?: ExecOptions): Promise<Ended>;
}

export const root = path.resolve(import.meta.dirname, '../..');

/** `program` is what `wechat-mp` runs: the tool as built for this run unless something else is said. */
export function createProject(program: readonly string[] = [process.execPath, builtFile()]): Project {
  const folder = temporaryFolder();
  const [bin, home] = [path.join(folder, 'bin'), path.join(folder, 'home')];
  for (const each of [bin, home]) mkdirSync(each);
  const command = path.join(bin, 'wechat-mp');
  writeFileSync(command, `#!/bin/sh\nexec ${program.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  chmodSync(command, 0o755);
  cpSync(path.join(root, 'menus'), path.join(folder, 'menus'), { recursive: true });
  const start = (words: readonly string[], { env = {}, uid }: ExecOptions = {}): ChildProcess => {
    const [name = '', ...rest] = words;
    const PATH = `${bin}:${process.env['PATH']}`;
    return spawn(name, rest, {
      cwd: folder,
      env: cleanEnvironment({ HOME: home, ...env, PATH }),
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
  };
  return {
    folder,
    start,
    async exec(words, options = {}) {
      const child = start(words, options);
      child.stdin?.on('error', () => {});
      child.stdin?.end(options.input ?? '');
      return await ended(child);
    },
  };
}

/** What a command says that has spoken with a simulator. */
export const notice = /^Using the simulator at http:\/\/127\.0\.0\.1:\d+ \(from WECHAT_MP_API_BASE\)\n/m;

/** Leaves a test out with the reason why it cannot run here; where nothing may be left out, it fails instead. */
export function needs(context: TestContext, possible: boolean, reason: string): void {
  if (possible) return;
  if (process.env['WECHAT_MP_TEST_REQUIRE_ALL'] === '1') throw new Error(reason);
  context.skip(reason);
}
