/** Many commands and a platform that does not answer, or one of them that stopped in the middle. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { badServer, httpAnswer, type BadServer, type Behaviour } from '../helpers/bad-server.ts';
import { run, start, temporaryFolder, type Ended } from '../helpers/command.ts';
import { runHere } from '../helpers/in-process.ts';

async function serverThat(behaviour: Behaviour): Promise<{ server: BadServer; env: Record<string, string> }> {
  const server = await badServer(behaviour);
  onTestFinished(() => server.close());
  return {
    server,
    env: {
      HOME: temporaryFolder(),
      WECHAT_MP_API_BASE: server.url,
      WECHAT_MP_APPID: 'wx1234567890abcdef',
      WECHAT_MP_APPSECRET: 'c0ffee00c0ffee00c0ffee00c0ffee00',
    },
  };
}

function errorOf({ stderr }: Ended): Record<string, unknown> {
  const last = stderr.trimEnd().split('\n').at(-1) ?? '';
  return (JSON.parse(last) as { error: Record<string, unknown> }).error;
}

describe('an outage', () => {
  const silent: Behaviour = () => {};

  test('costs one request for eight commands, and is said with its age', { timeout: 40_000 }, async () => {
    const { server, env } = await serverThat(silent);
    const words = ['token', '--timeout', '1500ms', '--json'];
    const all = await Promise.all(Array.from({ length: 8 }, () => run(words, { env })));
    // On a busy machine one may have to go before the verdict comes: it names who held the lock.
    const errors = all.map(errorOf).filter(({ code, type }) => code !== 7 || type !== 'lock_timeout');
    expect(errors.map(({ code, type }) => [code, type])).toEqual(errors.map(() => [5, 'timeout']));
    // The others began within the time of the first one, or found what it left.
    expect(server.requests.length).toBeLessThanOrEqual(2);
    expect(errors.filter((error) => error['remembered_seconds'] === undefined)).toHaveLength(
      server.requests.length,
    );
    const later = await runHere(['token', '--timeout', '1500ms'], { env });
    expect(later.stderr).toMatch(/That was \d s ago and is remembered, nothing was sent now;/);
  });

  test('is passed by with --force, and forgotten with the first success', { timeout: 40_000 }, async () => {
    let down = true;
    const good = httpAnswer(JSON.stringify({ access_token: 'SIM_good', expires_in: 7200 }));
    const { server, env } = await serverThat((socket) => {
      if (down) socket.destroy();
      else socket.write(good);
    });
    expect((await runHere(['token'], { env })).code).toBe(5);
    const asked = server.requests.length;
    down = false;
    expect(errorOf(await runHere(['token', '--json'], { env }))).toMatchObject({
      code: 5,
      type: 'reset',
      request_sent: false,
      retryable: true,
    });
    expect(server.requests).toHaveLength(asked);
    expect((await runHere(['token', '--force', '--yes'], { env })).stdout).toBe('SIM_good\n');
    const other = { ...env, WECHAT_MP_APPID: 'wxfedcba0987654321' };
    expect((await runHere(['token'], { env: other })).stdout).toBe('SIM_good\n');
  });
});

describe('a holder of the lock that stopped', () => {
  test('is replaced by one of four that wait, and by one only', { timeout: 40_000 }, async () => {
    let arrived = (): void => {};
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const { server, env } = await serverThat((socket, _, count) => {
      if (count === 1) arrived();
      else socket.write(httpAnswer(JSON.stringify({ access_token: `SIM_${count}`, expires_in: 7200 })));
    });
    const holder = start(['token'], { env });
    onTestFinished(() => void holder.kill('SIGKILL'));
    await arrival;
    holder.kill('SIGSTOP');
    const all = await Promise.all(Array.from({ length: 4 }, () => run(['token'], { env })));
    expect(all.map(({ code, stdout }) => [code, stdout])).toEqual(all.map(() => [0, 'SIM_2\n']));
    expect(server.requests).toHaveLength(2);
  });
});
