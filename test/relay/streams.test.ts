/** Bodies on their way: none is kept as a whole, whoever is slow. */
import net from 'node:net';
import { expect, test } from 'vitest';
import { keys, startRelay } from '../helpers/relay.ts';

const tenMegabytes = 10_000_000;

const head = (path: string, key: string, more: string) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n${more}\r\n\r\n`;

/** What comes back to a client that sends ten megabytes and reads its answer only then. */
async function upload(port: number, path: string, key: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {});
  socket.pause();
  socket.write(head(path, key, `Connection: close\r\nContent-Length: ${tenMegabytes}`));
  const piece = Buffer.alloc(100_000, 'a');
  for (let sent = 0; sent < tenMegabytes && !socket.destroyed; sent += piece.length) {
    if (socket.write(piece)) continue;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        socket.off('drain', done).off('close', done);
        resolve();
      };
      socket.on('drain', done).on('close', done);
    });
  }
  socket.resume();
  if (!socket.closed) await new Promise((resolve) => socket.on('close', resolve));
  return Buffer.concat(chunks).toString();
}

test('a long upload that is refused gets its refusal, although it is still being sent', async () => {
  const { port, platform } = await startRelay();
  const answer = await upload(port, '/cgi-bin/media/upload?type=image', keys.menu);
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer).toContain('"type":"relay_forbidden"');
  expect(platform.requests).toEqual([]);
});

test('a long upload reaches the platform with its length', async () => {
  const { port, platform } = await startRelay();
  expect(await upload(port, '/cgi-bin/media/upload?type=image', keys.all)).toMatch(/^HTTP\/1\.1 200 /);
  expect(platform.requests.map(({ headers, body }) => [headers['content-length'], body.length])).toEqual([
    [String(tenMegabytes), tenMegabytes],
  ]);
});

test('a client that goes away in the middle of its upload ends the call, and nobody is blamed', async () => {
  const { port, platform, records } = await startRelay();
  const broken = new Promise<void>((resolve) =>
    platform.server.on('request', (request) => request.on('close', () => resolve())),
  );
  const socket = net.connect(port, '127.0.0.1').on('error', () => {});
  socket.write(head('/cgi-bin/media/upload?type=image', keys.all, `Content-Length: ${tenMegabytes}`));
  socket.write(Buffer.alloc(2_000_000, 'a'), () => socket.destroy());
  await broken;
  while (records.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(records).toMatchObject([{ outcome: 'gone', status: 0 }]);
  expect(platform.requests).toEqual([]);
});

test('a client that does not read slows the platform down instead of filling the memory', async () => {
  const { port, platform } = await startRelay();
  const piece = Buffer.alloc(1_000_000, 'b');
  let sent = 0;
  const blocked = new Promise<void>((resolve) => {
    platform.answers.push((_request, response) => {
      response.writeHead(200, { 'content-length': 200 * piece.length });
      const more = (): void => {
        // What the sockets between take is a few megabytes.
        while (sent < 200 && response.write(piece)) sent += 1;
        sent += 1;
        const timer = setTimeout(resolve, 200);
        response.once('drain', () => {
          clearTimeout(timer);
          more();
        });
      };
      more();
    });
  });
  const socket = net.connect(port, '127.0.0.1');
  socket.pause();
  socket.write(head('/cgi-bin/media/get?media_id=x', keys.all, 'Content-Length: 0'));
  await blocked;
  expect(sent).toBeLessThan(50);
  socket.destroy();
});
