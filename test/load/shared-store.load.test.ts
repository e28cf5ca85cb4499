/** Many machines on one Redis: a cold start, and holders of the lock that are killed. */
import { expect, test } from 'vitest';
import { ended, run, start, startSimulator } from '../helpers/command.ts';
import { startRedis } from '../helpers/redis.ts';
import { repeat, report } from './figures.ts';

async function timed<T>(work: Promise<T>): Promise<{ readonly result: T; readonly tookMs: number }> {
  const startedMs = performance.now();
  const result = await work;
  return { result, tookMs: performance.now() - startedMs };
}

test('a hundred machines on a cold Redis make one request', async (context) => {
  const redis = await startRedis(context);
  const simulator = await startSimulator([]);
  const machine = () => run(['token'], { env: { ...simulator.env, WECHAT_MP_STORE: redis.url } });
  const all = await Promise.all(repeat(100, () => timed(machine())));
  expect(new Set(all.map(({ result }) => result.code))).toEqual(new Set([0]));
  expect(new Set(all.map(({ result }) => result.stdout)).size).toBe(1);
  expect(await simulator.control('requests')).toHaveLength(1);
  report(
    '100 machines',
    all.map(({ tookMs }) => tookMs),
  );
});

test('where the holder is killed, the next machine has a token within 10 s', async (context) => {
  const redis = await startRedis(context);
  const simulator = await startSimulator([]);
  const env = { ...simulator.env, WECHAT_MP_STORE: redis.url };
  const took: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    redis.cli('FLUSHALL');
    await simulator.control('faults', { path: '/cgi-bin/stable_token', delay: '2s', times: 1 });
    const holder = start(['token'], { env });
    // From before the lock to the middle of the request.
    await new Promise((resolve) => setTimeout(resolve, 50 + round * 10));
    holder.kill('SIGKILL');
    await ended(holder);
    await fetch(`${simulator.url}/_ctl/faults`, { method: 'DELETE' });
    const { result, tookMs } = await timed(run(['token', '--timeout', '10s'], { env }));
    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/^SIM_/) as string });
    took.push(tookMs);
  }
  report('after a killed holder', took);
  expect(Math.max(...took)).toBeLessThan(10_000);
});
