/** Commands that share their token in a Redis. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, type TestContext } from 'vitest';
import { startSimulator } from '../helpers/command.ts';
import { runHere } from '../helpers/in-process.ts';
import { startRedis } from '../helpers/redis.ts';

async function shared(context: TestContext, options: readonly string[] = []) {
  const redis = await startRedis(context, options);
  const simulator = await startSimulator([]);
  const machine = async (words: readonly string[], store = redis.url) =>
    await runHere(words, { env: { ...simulator.env, WECHAT_MP_STORE: store } });
  return { redis, simulator, machine };
}

/** The object of `--json` on the last line. */
function errorOf(stderr: string): Record<string, unknown> {
  const { error } = JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '') as {
    error: Record<string, unknown>;
  };
  return error;
}

test('two machines have one token, and its ticket', async (context) => {
  const { machine, simulator } = await shared(context);
  const [one, two] = await Promise.all([machine(['token']), machine(['token'])]);
  expect(one.stdout).toMatch(/^SIM_\S+\n$/);
  expect(two.stdout).toBe(one.stdout);
  for (let count = 0; count < 2; count += 1)
    expect((await machine(['sign-url', 'https://example.com/'])).code).toBe(0);
  const requests = (await simulator.control('requests')) as readonly { readonly path: string }[];
  expect(requests.map(({ path }) => path)).toEqual(['/cgi-bin/stable_token', '/cgi-bin/ticket/getticket']);
});

test('a store that cannot be used ends the command with its name', async (context) => {
  const { machine, redis } = await shared(context, ['--requirepass', 'geheim']);
  const refused = await machine(['token', '--json'], `redis://:falsch@127.0.0.1:${redis.port}`);
  expect(refused.code).toBe(3);
  expect(errorOf(refused.stderr)).toMatchObject({ code: 3, type: 'store_login' });
  const gone = await machine(['token', '--json'], 'redis://:falsch@127.0.0.1:1/0');
  expect(gone.code).toBe(5);
  expect(errorOf(gone.stderr)).toMatchObject({ code: 5, type: 'store_unreachable', retryable: true });
  expect(refused.stderr + gone.stderr).not.toContain('falsch');
});

test('--store-fallback goes on with the cache of this machine, and says so', async (context) => {
  const { machine } = await shared(context);
  const { code, stdout, stderr } = await machine(['token', '--store-fallback'], 'redis://127.0.0.1:1/0');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^SIM_/);
  expect(stderr).toContain(
    '! Cannot use the token store redis://127.0.0.1:1/0: nothing listens there; going on with the cache of this machine\n',
  );
});

test('a password in --store is refused', async () => {
  const { code, stderr } = await runHere(['token', '--store', 'redis://:geheim@127.0.0.1:1', '--json'], {
    env: { WECHAT_MP_APPID: 'wx0123456789abcdef', WECHAT_MP_APPSECRET: '0123456789abcdef0123456789abcdef' },
  });
  expect(code).toBe(2);
  expect(errorOf(stderr)).toMatchObject({ type: 'secret_on_command_line' });
  expect(stderr).not.toContain('geheim');
});

test('"profile show" tells store and service without their keys', async () => {
  const { stdout } = await runHere(['profile', 'show', '--json'], {
    env: {
      WECHAT_MP_STORE: 'redis://u:geheim@cache.example.com/1',
      WECHAT_MP_TOKEN_URL: 'https://u:geheim@token.example.com/wx?key=geheim',
    },
  });
  const { store, token_url: service } = JSON.parse(stdout) as Record<string, unknown>;
  expect(service).toMatchObject({ value: 'https://***@token.example.com/wx?***' });
  expect(store).toEqual({
    value: 'redis://***@cache.example.com/1',
    source: 'environment',
    name: 'WECHAT_MP_STORE',
  });
});

test('a token service is asked for the token, and the platform is not', async () => {
  const simulator = await startSimulator([]);
  const fetched = await runHere(['token'], { env: simulator.env });
  const asked: (string | undefined)[] = [];
  const server = createServer(({ headers }, response) => {
    asked.push(headers.authorization);
    response.end(JSON.stringify({ access_token: fetched.stdout.trim(), expires_in: 7000 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const env = {
    WECHAT_MP_API_BASE: simulator.env['WECHAT_MP_API_BASE'],
    WECHAT_MP_TOKEN_URL: `http://u:key@127.0.0.1:${port}/token`,
  };
  expect((await runHere(['token'], { env })).stdout).toBe(fetched.stdout);
  expect((await runHere(['qr', 'create', '--scene', '1'], { env })).code).toBe(0);
  const basic = `Basic ${Buffer.from('u:key').toString('base64')}`;
  expect(asked).toEqual([basic, basic]);
  const requests = (await simulator.control('requests')) as readonly { readonly path: string }[];
  expect(requests.filter(({ path }) => path.includes('token'))).toHaveLength(1);
});
