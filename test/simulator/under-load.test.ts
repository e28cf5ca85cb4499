import { expect, test } from 'vitest';
import { percentile, startLoaded } from './load.ts';

// The full numbers are in test/load/simulator.load.test.ts.
test('a simulator answers on through 2000 token calls and 200 pushes, with logs that end', async () => {
  const simulator = await startLoaded();
  const work = Promise.all([simulator.callTokens(2000), simulator.push(200)]);
  const health = await simulator.healthDuring(work);
  expect(health.length).toBeGreaterThan(5);
  // Two cores that tests share: what this must not be is seconds.
  expect(percentile(health, 0.99)).toBeLessThan(1000);
  expect(simulator.received()).toBe(200);
  // 200 pushes are kept, 1000 requests; `/_ctl` is in neither.
  expect(await simulator.logs()).toEqual({ requests: 1000, pushes: 200 });
  await simulator.push(20);
  expect(await simulator.logs()).toEqual({ requests: 1000, pushes: 200 });
  expect((await simulator.callTokens(1)).length).toBe(1);
});
