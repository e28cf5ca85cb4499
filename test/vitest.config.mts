import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/load/**'],
    globalSetup: ['test/how-long.ts', 'test/global-setup.ts'],
    // A file costs a third of a second less where it need not load everything anew; no test changes a module or a global.
    isolate: false,
    // Most tests make a world and drop it: with the default of 16 MB a tenth of the time goes into collecting them too early.
    execArgv: ['--max-semi-space-size=32'],
    // A file that has not changed is not translated again.
    experimental: { fsModuleCache: true },
    // Two cores and tests that start processes: more workers than cores only make the bounds noisy.
    maxWorkers: 2,
    // They end what hangs; how long something takes on a busy machine is no rule.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A busy machine is slow, not wrong; the default is one second.
    expect: { poll: { timeout: 10_000 } },
    coverage: { include: ['src/**'], reporter: ['text'] },
  },
});
