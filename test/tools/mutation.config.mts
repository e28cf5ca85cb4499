/** The tests of one folder, for the mutants of the folder that it mirrors: see `mutation.mjs`. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = path.resolve(import.meta.dirname, '../..');
const mutated = path.join(root, 'node_modules/.cache/mutation/src');

export default defineConfig({
  root,
  plugins: [
    {
      name: 'mutants',
      enforce: 'pre',
      load(id) {
        const file = path.join(mutated, path.relative(path.join(root, 'src'), id));
        return id.endsWith('.ts') && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
      },
    },
  ],
  test: {
    include: [`test/${process.env['MUTATED_FOLDER']}/**/*.test.ts`],
    ...(process.env['MUTANTS'] === undefined ? {} : { runner: 'test/tools/mutation-runner.ts' }),
    testTimeout: 15_000,
    isolate: false,
    maxWorkers: 1,
    pool: 'threads',
  },
});
