/** What is told of a Redis that is none, is silent, moved or forbidding; the servers here only play it. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WechatMpError } from '../../../src/core/errors.ts';
import { parseStoreUrl } from '../../../src/core/token/store-url.ts';
import { openRedis } from '../../../src/io/net/redis.ts';
import type { Redis } from '../../../src/io/ports.ts';

/** Answers each command as `answer` says, or not at all. */
async function play(answer: (command: readonly string[], socket: Socket) => string | undefined) {
  const commands: string[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const command of readCommands(data.toString())) {
        commands.push(command);
        const said = answer(command, socket);
        if (said !== undefined) socket.write(said);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, commands, sockets };
}

/** `*2\r\n$3\r\nGET\r\n$1\r\nk\r\n`, several in a row. */
function readCommands(text: string): string[][] {
  return text
    .split(/^\*\d+\r\n/m)
    .filter((part) => part !== '')
    .map((part) => part.split('\r\n').filter((_, index) => index % 2 === 1));
}

function open(url: string, timeoutMs = 60_000): Redis {
  const address = parseStoreUrl(url, 'test');
  if (address === undefined) throw new Error('no address');
  return openRedis(address, timeoutMs);
}

async function failure(promise: Promise<unknown>) {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WechatMpError);
  const { family, type, message, details } = error as WechatMpError;
  return { family, type, message, details: details.map(({ en }) => en) };
}

const ok = '+OK\r\n';
const hello = '$5\r\nhello\r\n';

describe('openRedis()', () => {
  test('sends nothing before the first command', async () => {
    const { port, commands, sockets } = await play(() => hello);
    const redis = open(`redis://127.0.0.1:${port}`);
    expect(sockets.size).toBe(0);
    expect(await redis.send('k', ['GET', 'k'])).toBe('hello');
    expect(commands).toEqual([['GET', 'k']]);
  });

  test('logs in and selects the database before the command', async () => {
    const { port, commands } = await play(([name]) => (name === 'GET' ? hello : ok));
    await open(`redis://u:p@127.0.0.1:${port}/3`).send('k', ['GET', 'k']);
    expect(commands).toEqual([
      ['AUTH', 'u', 'p'],
      ['SELECT', '3'],
      ['GET', 'k'],
    ]);
  });

  test('follows a key to the node that a cluster names', async () => {
    const home = await play(() => hello);
    const asked = await play(() => `-MOVED 42 127.0.0.1:${home.port}\r\n`);
    const redis = open(`redis://127.0.0.1:${asked.port}`);
    expect(await redis.send('k', ['GET', 'k'])).toBe('hello');
    expect(await redis.send('k', ['GET', 'k'])).toBe('hello');
    expect(asked.commands).toHaveLength(1);
    expect(home.commands).toHaveLength(2);
  });

  test('asks the sentinels for the primary, and the next one where one is gone', async () => {
    const primary = await play(([name]) => (name === 'GET' ? hello : ok));
    const sentinel = await play(
      () => `*2\r\n$9\r\n127.0.0.1\r\n$${String(primary.port).length}\r\n${primary.port}\r\n`,
    );
    const redis = open(`redis+sentinel://:p@127.0.0.1:1,127.0.0.1:${sentinel.port}/mymaster`);
    expect(await redis.send('k', ['GET', 'k'])).toBe('hello');
    // The password is that of the primary.
    expect(sentinel.commands).toEqual([['SENTINEL', 'get-master-addr-by-name', 'mymaster']]);
    expect(primary.commands).toEqual([
      ['AUTH', 'p'],
      ['GET', 'k'],
    ]);
  });

  test('asks the sentinels again where the primary has become a replica', async () => {
    const [old, young] = [
      await play(() => "-READONLY You can't write against a read only replica.\r\n"),
      await play(() => hello),
    ];
    let asked = 0;
    const sentinel = await play(() => {
      const { port } = asked++ === 0 ? old : young;
      return `*2\r\n$9\r\n127.0.0.1\r\n$${String(port).length}\r\n${port}\r\n`;
    });
    const redis = open(`redis+sentinel://127.0.0.1:${sentinel.port}/mymaster`);
    expect(await redis.send('k', ['GET', 'k'])).toBe('hello');
    expect(asked).toBe(2);
  });

  test('connects anew where the connection was closed meanwhile', async () => {
    const { port, sockets } = await play(() => hello);
    const redis = open(`redis://127.0.0.1:${port}`);
    await redis.send('k', ['GET', 'k']);
    for (const socket of sockets) socket.destroy();
    expect(await redis.send('k', ['GET', 'k'])).toBe('hello');
    expect(sockets.size).toBe(2);
  });

  test.each([
    ['-WRONGPASS invalid username-password pair', 'account', 'store_login', 'refuses the password'],
    ['-NOAUTH Authentication required.', 'account', 'store_login', 'wants a password'],
    [
      "-NOPERM this user has no permissions to run the 'eval' command",
      'account',
      'store_login',
      'may not do that',
    ],
    ["-READONLY You can't write against a read only replica.", 'network', 'store_refused', 'a replica'],
    [
      "-OOM command not allowed when used memory > 'maxmemory'.",
      'network',
      'store_refused',
      'memory is full',
    ],
    ['-LOADING Redis is loading the dataset in memory', 'network', 'store_refused', 'still loading'],
    ['-ERR something new', 'network', 'store_refused', 'refuses the command'],
  ])('tells %s in words', async (reply, family, type, words) => {
    const { port } = await play(() => `${reply}\r\n`);
    const error = await failure(open(`redis://127.0.0.1:${port}`).send('k', ['GET', 'k']));
    expect(error).toMatchObject({ family, type });
    expect(error.message).toContain(words);
    expect(error.details).toEqual([`It says: ${reply.slice(1)}`]);
  });

  test('a server that falls silent is named within the time', async () => {
    const { port } = await play(() => undefined);
    const error = await failure(open(`redis://127.0.0.1:${port}`, 100).send('k', ['GET', 'k']));
    expect(error).toMatchObject({ family: 'network', type: 'store_silent' });
    expect(error.message).toBe(
      `Cannot use the token store redis://127.0.0.1:${port}: it did not answer within 0.1 s`,
    );
  });

  test.each([
    [
      'closes the connection',
      (_: unknown, socket: Socket) => void socket.destroy(),
      'the connection was closed',
    ],
    ['speaks HTTP', () => 'HTTP/1.1 400 Bad Request\r\n\r\n', 'no Redis'],
  ])('a server that %s is named', async (_what, answer, words) => {
    const { port } = await play(answer);
    const error = await failure(open(`redis://:geheim@127.0.0.1:${port}`).send('k', ['GET', 'k']));
    expect(error).toMatchObject({ family: 'network', type: 'store_unreachable' });
    expect(error.message).toContain(words);
    expect(JSON.stringify(error)).not.toContain('geheim');
  });

  const hintOf = async (url: string, timeoutMs?: number) => {
    const sent = open(url, timeoutMs).send('k', ['GET', 'k']);
    return (await sent.catch((error: unknown) => error as WechatMpError)) as WechatMpError;
  };

  test('what speaks no TLS, or only TLS, is told with the other scheme', async () => {
    const [silent, closing] = [await play(() => undefined), await play((_, socket) => void socket.destroy())];
    const tried = [
      await hintOf(`rediss://127.0.0.1:${silent.port}`, 200),
      await hintOf(`rediss://127.0.0.1:${closing.port}`),
    ];
    for (const { hint } of tried)
      expect(hint?.en).toContain('if it speaks no TLS, write redis://, not rediss://');
    const closed = await hintOf(`redis://127.0.0.1:${closing.port}`);
    expect(closed.hint?.en).toContain('if it speaks TLS, write rediss://, not redis://');
    // A server with TLS hangs up at once, and where nothing listens no scheme helps.
    expect((await hintOf(`redis://127.0.0.1:${silent.port}`, 200)).hint?.en).not.toContain('TLS');
    for (const url of ['redis://127.0.0.1:1', 'rediss://127.0.0.1:1'])
      expect((await hintOf(url)).hint?.en).not.toContain('TLS');
  });

  test.each(["'SENTINEL', with args beginning with: 'x'", '`SENTINEL`, with args', "'sentinel'"])(
    'what knows no %s is told as no sentinel',
    async (words) => {
      const { port } = await play(() => `-ERR unknown command ${words}\r\n`);
      const error = await hintOf(`redis+sentinel://127.0.0.1:${port}/mymaster`);
      expect([error.type, error.message]).toEqual([
        'store_refused',
        `Cannot use the token store redis+sentinel://127.0.0.1:${port}/mymaster: what answers there is no sentinel`,
      ]);
      expect(error.hint?.en).toContain('for the Redis itself write redis://host:6379/0');
    },
  );

  test('nothing that listens is named', async () => {
    const error = await failure(open('redis://127.0.0.1:1').send('k', ['GET', 'k']));
    expect(error.message).toBe('Cannot use the token store redis://127.0.0.1:1: nothing listens there');
  });

  test('the local cache is offered for our own store, and for no other', async () => {
    const { port } = await play(() => '-ERR no\r\n');
    for (const address of ['redis://127.0.0.1:1', `redis://127.0.0.1:${port}`]) {
      const send = async (store: string) =>
        await open(store)
          .send('k', ['GET', 'k'])
          .catch((error: unknown) => error);
      expect(await send(address)).toHaveProperty('hint.en', expect.stringContaining('--store-fallback'));
      const other = await send(`${address}?layout=wxjava`);
      expect(other).toHaveProperty('hint.en', expect.not.stringContaining('--store-fallback'));
    }
  });

  test('a server that repeats the password does not have it told', async () => {
    const { port } = await play(() => '-ERR geheim is no password of mine\r\n');
    const error = await failure(open(`redis://:geheim@127.0.0.1:${port}`).send('k', ['GET', 'k']));
    expect(error.details).toEqual(['It says: ERR *** is no password of mine']);
  });
});
