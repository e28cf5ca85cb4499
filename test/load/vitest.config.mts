import { defineConfig } from 'vitest/config';

/** Full loads: minutes, not seconds. `npm run test:load` */
export default defineConfig({
  test: {
    include: ['test/load/**/*.load.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // One load at a time: two would measure each other.
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 30_000,
  },
});
