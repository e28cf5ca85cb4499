import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../docs/reader.ts';
import { run, startSimulator, temporaryFolder } from '../../../helpers/command.ts';
import { runHere } from '../../../helpers/in-process.ts';

/** A server whose answers go from the first to the last of these, and no further. */
async function answering(...answers: readonly Readonly<Record<string, string>>[]): Promise<string> {
  let asked = 0;
  const server = createServer((_, response) => {
    const headers = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    response.writeHead(headers === undefined ? 502 : 200, headers).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('simulator wait', () => {
  test('ends as soon as one that starts meanwhile is ready, in a process of its own', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const waited = run(['simulator', 'wait', `${url}/`, '--json']);
    const simulator = await startSimulator(['--port', String(port)]);
    const { code, stdout } = await waited;
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      { url, appid: simulator.appid, waited_ms: expect.any(Number) },
    ]);
  });

  test('finds the one of this machine without an address', async () => {
    const simulator = await startSimulator();
    const { code, stdout } = await runHere(['simulator', 'wait'], { env: simulator.env });
    expect([code, stdout]).toEqual([0, `${simulator.url}\n`]);
  });

  test('asks again where something else answers before', async () => {
    const url = await answering({}, { server: 'nginx' }, { server: 'wechat-mp-simulator' });
    const { code, stdout } = await runHere(['simulator', 'wait', url, '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { url, appid: null }]);
  });

  test('ends with 5 when the time is over, and says what it found', async () => {
    const nothing = `http://127.0.0.1:${await freePort()}`;
    const other = await answering({ server: 'nginx' });
    for (const [url, why] of [
      [nothing, 'refused'],
      [other, 'what answers there, with status 200, is no simulator'],
    ] as const) {
      const { code, stdout, stderr } = await runHere([
        'simulator',
        'wait',
        url,
        '--timeout',
        '1ms',
        '--json',
      ]);
      expect([code, stdout]).toEqual([5, '']);
      expect(JSON.parse(stderr)).toMatchObject({
        error: { type: 'simulator_not_ready', url, message: expect.stringContaining(why) },
      });
    }
  });

  test.each([
    [['localhost:8090'], 'Cannot use "localhost:8090" as the address of a simulator'],
    [['http://127.0.0.1:1', '--timeout', '30'], '--timeout'],
    [['http://127.0.0.1:1', 'x'], 'x'],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await runHere(['simulator', 'wait', ...words], {
      env: { HOME: temporaryFolder() },
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test('is told where its name is misspelt', async () => {
    const { code, stderr } = await runHere(['simulator', 'wiat']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('There is no command "simulator wiat"')]);
    expect(stderr).toContain('wechat-mp simulator wait');
  });
});
