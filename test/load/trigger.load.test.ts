/** `trigger --repeat`: however many messages are sent, the process that sends them does not grow. */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { cleanEnvironment, ended, start } from '../helpers/command.ts';

/** A server that takes everything; its port. */
async function startServer(): Promise<number> {
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => response.end('success'));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Mebibytes that the process had at most, and what it printed. */
async function repeated(
  port: number,
  count: number,
): Promise<{ readonly peak: number; readonly value: unknown }> {
  const words = ['trigger', 'text', '--to', `http://127.0.0.1:${port}/`, '--mode', 'plain', '--json'];
  const child = start([...words, '--repeat', String(count), '--concurrency', '8'], {
    env: cleanEnvironment({ WECHAT_MP_CALLBACK_TOKEN: 'token' }),
  });
  let peak = 0;
  const looking = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has ended.
    }
  }, 50);
  const { stdout } = await ended(child);
  clearInterval(looking);
  return { peak, value: JSON.parse(stdout) };
}

test.skipIf(process.platform !== 'linux')('100,000 messages take no more memory than 10,000', async () => {
  const port = await startServer();
  const few = await repeated(port, 10_000);
  const many = await repeated(port, 100_000);
  console.log(
    `trigger --repeat: ${Math.round(few.peak)} MiB for 10,000, ${Math.round(many.peak)} MiB for 100,000`,
  );
  expect(few.value).toMatchObject({ ok: true, total: 10_000, failed: 0 });
  expect(many.value).toMatchObject({ ok: true, total: 100_000, failed: 0 });
  // All that was answered was kept once: 300 MiB more. The heap itself breathes by some ten.
  expect(many.peak - few.peak).toBeLessThan(40);
});
