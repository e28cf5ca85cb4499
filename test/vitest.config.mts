import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/load/**'],
    globalSetup: ['test/global-setup.ts'],
    // Two cores and tests that start processes: more workers than cores only make the bounds noisy.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // A busy machine is slow, not wrong; the default is one second.
    expect: { poll: { timeout: 10_000 } },
    coverage: { include: ['src/**'], reporter: ['text'] },
  },
});
