import { expect, test } from 'vitest';
import { startLoaded } from './load.ts';

// The full numbers are in test/load/simulator.load.test.ts.
test('a simulator under load answers on, with logs that end', async () => {
  const simulator = await startLoaded();
  const work = Promise.all([simulator.callTokens(1000), simulator.push(200)]);
  const health = await simulator.healthDuring(work);
  expect(health.length).toBeGreaterThan(5);
  expect(simulator.received()).toBe(200);
  // 200 pushes are kept, 1000 requests; `/_ctl` is in neither.
  expect(await simulator.logs()).toEqual({ requests: 1000, pushes: 200 });
  await simulator.push(5);
  await simulator.callTokens(5);
  expect(await simulator.logs()).toEqual({ requests: 1000, pushes: 200 });
});
