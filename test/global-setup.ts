import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder with `bin` and `dist` as built for this run; see `test/helpers/command.ts`. */
    built: string;
  }
}

/** Builds the tool once for each run, into a folder of its own, so that no test ever sees a stale build. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'wechat-mp-built-'));
  // Tests also start it as another user.
  chmodSync(folder, 0o755);
  execFileSync(process.execPath, ['test/tools/build.mjs', path.join(folder, 'dist')], { stdio: 'inherit' });
  cpSync('bin', path.join(folder, 'bin'), { recursive: true });
  project.provide('built', folder);
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
