import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSimulator } from '../../src/library/index.ts';
import type { Simulator } from '../../src/library/types.ts';
import { jpg, megabyte } from '../simulator/uploads.ts';

let simulator: Simulator;
let token: string;

beforeAll(async () => {
  simulator = await createSimulator({ seed: 1 });
  const query = `grant_type=client_credential&appid=${simulator.appid}&secret=${simulator.secret}`;
  const answer = await fetch(`${simulator.url}/cgi-bin/token?${query}`);
  token = ((await answer.json()) as { access_token: string }).access_token;
});
afterAll(() => simulator.close());

const address = (): string => `${simulator.url}/cgi-bin/media/upload?type=image&access_token=${token}`;

async function upload(bytes: Uint8Array<ArrayBuffer>): Promise<Response> {
  const form = new FormData();
  form.set('media', new File([bytes], 'a.jpg'));
  return fetch(address(), { method: 'POST', body: form });
}

/** Writes a request as it is, and reads what comes back until the connection ends. */
function send(body: string, boundary: string): Promise<string> {
  const { hostname, port, pathname, search } = new URL(address());
  const head = [
    `POST ${pathname}${search} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    'Connection: close',
    `Content-Type: multipart/form-data; boundary=${boundary}`,
    `Content-Length: ${Buffer.byteLength(body, 'latin1')}`,
  ];
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
    // Not ended: a server of Node hangs up on who has said goodbye, and an answer may take a turn of the loop.
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1');
  });
}

/** A body whose length is not known before it has been sent, and so comes chunked. */
const chunked = (...pieces: readonly Uint8Array[]) => ({
  method: 'POST',
  duplex: 'half' as const,
  body: new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  }),
});

describe('a body that comes chunked', () => {
  const json = () => chunked(Buffer.from('{"tag":'), Buffer.from('{"name":"a"}}'));
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  const form = () =>
    chunked(
      Buffer.from('--b\r\nContent-Disposition: form-data; name="media"; filename="a.jpg"\r\n\r\n'),
      jpg(20),
      Buffer.from('\r\n--b--\r\n'),
    );
  const url = (path: string): string => `${simulator.url}/cgi-bin/${path}access_token=${token}`;

  test('is refused with 412, and the log says why', async () => {
    for (const answer of [
      await fetch(url('tags/create?'), json()),
      await fetch(address(), { ...form(), headers }),
      await fetch(`${simulator.url}/cgi-bin/stable_token`, chunked(Buffer.from('{}'))),
    ]) {
      expect([answer.status, await answer.text()]).toEqual([412, '']);
    }
    const log = (await (await fetch(`${simulator.url}/_ctl/requests`)).json()) as { note?: string }[];
    expect(log.slice(-3).map(({ note }) => note)).toEqual(['chunked', 'chunked', 'chunked']);
  });

  test('is taken where the setting says so', async () => {
    await simulator.settings({ accept_chunked: true });
    expect(await (await fetch(url('tags/create?'), json())).json()).toMatchObject({ tag: { name: 'a' } });
    expect(await (await fetch(address(), { ...form(), headers })).json()).toMatchObject({ type: 'image' });
    await simulator.settings({ accept_chunked: false });
  });

  test('is told from a POST without any body', async () => {
    const withoutBody = await fetch(url('message/mass/speed/get?'), { method: 'POST' });
    expect([withoutBody.status, await withoutBody.json()]).toMatchObject([200, { speed: 0 }]);
  });
});

describe('an upload over HTTP', () => {
  test('of 10 MB arrives whole, one byte more is 45001', async () => {
    const bytes = jpg(10 * megabyte);
    bytes[bytes.length - 1] = 7;
    const { media_id: id } = (await (await upload(bytes)).json()) as { media_id: string };
    const answer = await fetch(`${simulator.url}/cgi-bin/media/get?access_token=${token}&media_id=${id}`);
    expect(answer.headers.get('content-length')).toBe(String(10 * megabyte));
    expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
    const refused = await upload(jpg(10 * megabyte + 1));
    expect([refused.status, await refused.json()]).toMatchObject([200, { errcode: 45001 }]);
  });

  test('of 15 MB is refused by the platform, of 17 MB by the server', async () => {
    expect(await (await upload(jpg(15 * megabyte))).json()).toMatchObject({ errcode: 45001 });
    // The client may still be writing when the connection ends.
    const status = await upload(jpg(17 * megabyte)).then(
      (response) => response.status,
      (error: unknown) => (error as { cause?: { code?: string } }).cause?.code,
    );
    expect([413, 'EPIPE', 'ECONNRESET', 'UND_ERR_SOCKET']).toContain(status);
  });

  test.each([
    ['curl', '------------------------d74496d66958873e', '\r\n', 'name="media"; filename="a.jpg"'],
    ['a hand-written client', 'b', '\n', 'filename="a.jpg"; name=media'],
    // Bytes of UTF-8, as `send` writes them.
    ['a Go program', '2c4ff4b8f0', '\r\n', 'name="media"; filename="\u00e5\u009b\u00be.jpg"'],
  ])('of %s is read', async (_, boundary, lineEnd, disposition) => {
    const content = Buffer.from(jpg(20)).toString('latin1');
    const body = [
      `--${boundary}`,
      `Content-Disposition: form-data; ${disposition}`,
      '',
      content,
      `--${boundary}--`,
      '',
    ];
    const answer = await send(body.join(lineEnd), boundary);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/\{"type":"image","media_id":"[\w-]{64}","created_at":\d+\}/);
  });

  test('whose file name stands in filename* alone is refused with 41005', async () => {
    const disposition = 'Content-Disposition: form-data; name="media"; filename*=utf-8\'\'%E5%9B%BE.jpg';
    const body = ['--b', disposition, '', Buffer.from(jpg(20)).toString('latin1'), '--b--', ''];
    expect(await send(body.join('\r\n'), 'b')).toContain(
      '{"errcode":41005,"errmsg":"media data missing rid: ',
    );
  });

  test('of a phone fits as a data URL', async () => {
    const { openid } = await simulator.follower();
    const data = `data:image/jpeg;base64,${Buffer.from(jpg(10 * megabyte)).toString('base64')}`;
    const answer = await fetch(`${simulator.url}/_ctl/phone/${openid}/send`, {
      method: 'POST',
      body: JSON.stringify({ type: 'image', data }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([200, { outcome: 'done' }]);
  });
});
