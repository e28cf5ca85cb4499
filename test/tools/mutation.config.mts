/** The tests of one folder, for the mutants of the folder that it mirrors. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: [`test/${process.env['MUTATED_FOLDER']}/**/*.test.ts`], testTimeout: 20_000 },
});
