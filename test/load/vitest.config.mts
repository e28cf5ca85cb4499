import { defineConfig } from 'vitest/config';

/** Random searches that `npm test` makes with a few rounds: those that ask `rounds()`. */
const searches = [
  'test/menu-schema.test.ts',
  'test/cli/commands/menu/agreement.test.ts',
  'test/cli/commands/menu/lint.test.ts',
  'test/cli/commands/menu/push-interrupted.test.ts',
  'test/cli/commands/simulator/simulator.test.ts',
  'test/cli/commands/simulator/strangers.test.ts',
  'test/core/menu/conditional-plan.test.ts',
  'test/core/message/writer.test.ts',
  'test/core/text/redact.test.ts',
];

/** Full loads: minutes, not seconds. `npm run test:load` */
export default defineConfig({
  test: {
    include: ['test/load/**/*.load.test.ts', ...searches],
    env: { WECHAT_MP_TEST_ROUNDS: 'many' },
    globalSetup: ['test/global-setup.ts'],
    // One load at a time: two would measure each other.
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 30_000,
  },
});
