/** The simulator as its own process: ten thousand token calls and a thousand pushes, and what is left of them. */
import { expect, test } from 'vitest';
import { percentile, startLoaded } from '../simulator/load.ts';
import { simulate } from '../simulator/simulated.ts';
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

test('calls cost about the same with ten times the people, the tokens and the codes', async () => {
  const { call, ask, classic, path } = simulate();
  const ticketOf = async (): Promise<unknown> => {
    const scene = { scene_str: 'load' };
    return await ask('POST', await path('/cgi-bin/qrcode/create'), {
      action_name: 'QR_STR_SCENE',
      action_info: { scene },
    });
  };
  await call('POST', '/_ctl/settings', { quotas: { '/cgi-bin/token': 1e9, '/cgi-bin/qrcode/create': 1e9 } });
  await call('POST', '/_ctl/followers', { openid: 'oLoad' });
  const calls = {
    token: classic,
    'user/info': async () => ask('GET', await path('/cgi-bin/user/info?openid=oLoad')),
    'qrcode/create': ticketOf,
  };
  const few = await costs(calls);
  await call('POST', '/_ctl/followers', { count: 100_000 });
  for (let made = 0; made < 12_000; made += 1) await Promise.all([classic(), ticketOf()]);
  const many = await costs(calls);
  for (const name of Object.keys(calls)) {
    console.log(`${name}: ${few[name]?.toFixed(0)} µs with few, ${many[name]?.toFixed(0)} µs with many`);
    expect(many[name]).toBeLessThan((few[name] ?? 0) * 2);
  }
});

/** The CPU of one call, in microseconds: the least of several rounds. */
async function costs(
  calls: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Record<string, number>> {
  const least: Record<string, number> = {};
  for (let round = 0; round < 8; round += 1) {
    for (const [name, call] of Object.entries(calls)) {
      const before = process.cpuUsage();
      for (let made = 0; made < 200; made += 1) await call();
      const { user, system } = process.cpuUsage(before);
      least[name] = Math.min(least[name] ?? Number.POSITIVE_INFINITY, (user + system) / 200);
    }
  }
  return least;
}

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
