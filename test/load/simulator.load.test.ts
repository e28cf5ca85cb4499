/** The simulator as its own process: ten thousand token calls and a thousand pushes, and what is left of them. */
import { expect, test } from 'vitest';
import { percentile, startLoaded } from '../simulator/load.ts';
import { createSimulator } from '../../src/library/index.ts';
import { report } from './figures.ts';

test('P5: 10 000 token calls and 1000 pushes at once leave it responsive, and its logs and memory bounded', async () => {
  const simulator = await startLoaded();
  // The first of each kind loads and compiles; then the logs are full.
  await Promise.all([simulator.callTokens(2000), simulator.push(300)]);
  const sizes = [simulator.memory() ?? 0];
  for (let round = 0; round < 3; round += 1) {
    const started = performance.now();
    const tokens = simulator.callTokens(10_000);
    const pushes = simulator.push(1000);
    const health = await simulator.healthDuring(Promise.all([tokens, pushes]));
    const tookMs = performance.now() - started;
    sizes.push(simulator.memory() ?? 0);
    report('P5 cgi-bin/token', await tokens);
    report('P5 pushes, attempt and judgement included', await pushes);
    report('P5 /_ctl/health meanwhile', health);
    console.log(`P5 round ${round + 1}: ${Math.round(tookMs)} ms, ${Math.round(sizes.at(-1) ?? 0)} MiB`);
    expect(percentile(health, 0.99)).toBeLessThan(1000);
    expect(await simulator.logs()).toEqual({ requests: 1000, pushes: 200 });
  }
  expect(simulator.received()).toBe(3300);
  // The second and the third round find room in what the first one took.
  const [, first = 0, , last = 0] = sizes;
  expect(last - first).toBeLessThan(40);
});

test('restoring a snapshot of a hundred followers takes under 5 ms', async () => {
  const simulator = await createSimulator();
  await simulator.control('POST', 'followers', { count: 100 });
  await simulator.snapshot('start');
  const took: number[] = [];
  for (let round = 0; round < 220; round += 1) {
    const started = performance.now();
    await simulator.restore('start');
    took.push(performance.now() - started);
  }
  await simulator.close();
  // The first ones load and compile.
  const warm = took.slice(20);
  console.log(
    `restore: p50 ${percentile(warm, 0.5).toFixed(2)} ms, p99 ${percentile(warm, 0.99).toFixed(2)} ms`,
  );
  expect(percentile(warm, 0.5)).toBeLessThan(5);
});
