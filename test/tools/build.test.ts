import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/command.ts';

describe('build.mjs', () => {
  test('fails without a library, names it and leaves no build', () => {
    const folder = temporaryFolder();
    const [entry, target] = [join(folder, 'program.ts'), join(folder, 'built')];
    writeFileSync(
      entry,
      "import { a } from 'not-installed/deep';\nconsole.log(a);\nvoid import('nor-this');\n",
    );
    const build = join(import.meta.dirname, 'build.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [build, target, entry], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^error: Cannot find the library "not-installed\/deep", which \S*program\.ts imports$/m,
    );
    expect(stderr).toMatch(/^error: Cannot find the library "nor-this", which \S*program\.ts imports$/m);
    expect(stderr).toMatch(/: npm ci$/m);
    expect(existsSync(target)).toBe(false);
  });
});
