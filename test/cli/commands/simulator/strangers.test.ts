import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { startSimulator, run, start, firstLine } from '../../../helpers/command.ts';
import { exchangeBytes, flipBit, garbage, withoutDate } from '../../../helpers/hostile.ts';
import { rounds } from '../../../helpers/rounds.ts';

const portOf = (url: string): number => Number(new URL(url).port);
const raw = (port: number, text: string): Promise<string> => exchangeBytes(port, Buffer.from(text, 'latin1'));
const close = 'Connection: close\r\n';

describe('a simulator among strangers', () => {
  test('lives through broken and forged requests', { timeout: 120_000 }, async () => {
    const simulator = await startSimulator();
    const port = portOf(simulator.url);
    const target = {
      port,
      path: '/cgi-bin/token',
      callbackToken: 'AAAAA',
      appId: simulator.appid,
      aesKey: 'A'.repeat(43),
    };
    const shapes = [
      ...Object.values(garbage(target)),
      ...[
        'GET /_ctl/state HTTP/1.1\r\nHost: example.com\r\n',
        'POST /_ctl/reset HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://example.com\r\nContent-Length: 0\r\n',
        'POST /cgi-bin/stable_token HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n' + close + '\r\n{"a":"\\ud8',
        'POST /cgi-bin/media/upload?type=image HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 5\r\n',
        'GET /cgi-bin/showqrcode?ticket=%ff%00%80 HTTP/1.1\r\nHost: a\r\n',
        'GET /s/%2e%2e%2f%2e%2e%2fetc HTTP/1.1\r\nHost: a\r\n',
        'GET /_page/..%2f..%2fpackage.json HTTP/1.1\r\nHost: 127.0.0.1\r\n',
        'GET //example.com/_ctl/state HTTP/1.1\r\nHost: a\r\n',
        'GET http://example.com/_ctl/state HTTP/1.1\r\nHost: 127.0.0.1\r\n',
        'GET /?account=__proto__&appid=constructor&access_token=toString HTTP/1.1\r\nHost: a\r\n',
      ].map((text) => Buffer.from(text.includes('\r\n\r\n') ? text : `${text}${close}\r\n`, 'latin1')),
    ];
    let sent = 0;
    const statuses = new Set<string>();
    while (sent < rounds(400, 10_000)) {
      const batch = Array.from({ length: 50 }, (_, index) => {
        const bytes = shapes[(sent + index) % shapes.length] ?? Buffer.alloc(0);
        const spoilt = flipBit(
          bytes.toString('latin1'),
          ((sent + index) * 7919) % Math.max(8, bytes.length * 8),
        );
        return exchangeBytes(port, index % 2 === 0 ? bytes : Buffer.from(spoilt, 'latin1'), {
          halfClose: true,
        });
      });
      for (const answer of await Promise.all(batch)) statuses.add(answer.slice(9, 12));
      sent += batch.length;
    }
    // None of them made the simulator fail, and none of them was let into the control side.
    expect([...statuses].filter((status) => status.startsWith('5'))).toEqual([]);
    expect(await simulator.control('health')).toMatchObject({ ok: true, appid: simulator.appid });
    const records = (await simulator.control('requests')) as readonly { readonly note?: string }[];
    expect(records.length).toBeLessThanOrEqual(1000);
    expect(records.filter(({ note }) => note === 'failed')).toEqual([]);
  });

  test.each([
    ['two lengths', 'Content-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /_ctl/reset HTTP/1.1\r\n\r\n',
    ],
    ['chunks in another spelling', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a folded header', 'X: a\r\n b: c\r\nContent-Length: 0\r\n\r\n'],
    ['a NUL in a header', 'X: a\0b\r\nContent-Length: 0\r\n\r\n'],
    ['a line without a return', 'X: a\nY: b\r\nContent-Length: 0\r\n\r\n'],
  ])('takes no request with %s for two', { timeout: 30_000 }, async (_what, rest) => {
    const simulator = await startSimulator();
    const head = 'POST /cgi-bin/stable_token HTTP/1.1\r\nHost: 127.0.0.1\r\n';
    const answer = await raw(portOf(simulator.url), `${head}${rest}`);
    expect(withoutDate(answer)).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(await simulator.control('requests')).toEqual([]);
  });

  test('refuses headers above 8 KiB and bodies above 16 MiB', { timeout: 30_000 }, async () => {
    const { url } = await startSimulator();
    const head = `POST /cgi-bin/stable_token HTTP/1.1\r\nHost: a\r\n${close}`;
    expect(await raw(portOf(url), `${head}X: ${'x'.repeat(9000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await raw(portOf(url), `${head}Content-Length: 16777217\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
    const small = await raw(portOf(url), `${head}X: ${'x'.repeat(7000)}\r\nContent-Length: 2\r\n\r\n{}`);
    expect(small).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('lets no browser take an answer for a page or a script', { timeout: 30_000 }, async () => {
    const { url, control } = await startSimulator();
    const script = '<script>alert(1)</script>';
    await control('followers', { openid: 'o1', nickname: script });
    for (const path of [
      '/_ctl/followers',
      '/_ctl/nothing',
      '/_ctl/state?account=x',
      `/cgi-bin/token?grant_type=${script}`,
      `/cgi-bin/${encodeURIComponent(script)}`,
      `/s/${encodeURIComponent(script)}`,
      `/connect/oauth2/authorize?appid=${script}&redirect_uri=${script}&state=${script}`,
      `/mp/subscribemsg?action=${script}`,
      `/connect/as/${encodeURIComponent(script)}`,
    ]) {
      const response = await fetch(`${url}${path}`);
      const [type, text] = [response.headers.get('content-type') ?? '', await response.text()];
      expect(response.headers.get('x-content-type-options'), path).toBe('nosniff');
      if (!type.startsWith('application/json')) expect(text, path).not.toContain(script);
    }
  });
});

describe('simulator --host', () => {
  test('listens on loopback alone unless told otherwise', { timeout: 30_000 }, async () => {
    const { url } = await startSimulator();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    const refused = await new Promise((resolve) => {
      const socket = net.connect({ host: '127.0.0.2', port: portOf(url) });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.on('connect', () => resolve('connected'));
    });
    expect(refused).toBe('ECONNREFUSED');
  });

  test('on loopback takes any Host for the API side', { timeout: 30_000 }, async () => {
    const { url } = await startSimulator();
    const answer = await raw(
      portOf(url),
      `GET /cgi-bin/token HTTP/1.1\r\nHost: api.weixin.qq.com\r\n${close}\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*"errcode":41002/);
  });

  test(
    'beyond loopback warns, and refuses names that lead here from the internet',
    { timeout: 30_000 },
    async () => {
      const child = start(['simulator', '--host', '0.0.0.0', '--port', '0', '--json', '--lang', 'en'], {
        env: {},
      });
      let stderr = '';
      child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      const port = portOf((JSON.parse(await firstLine(child)) as { url: string }).url);
      const ask = async (host: string, path: string): Promise<string> =>
        (await raw(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${close}\r\n`)).slice(9, 12);
      for (const host of [
        '127.0.0.1',
        'localhost:8090',
        '192.168.0.7:8090',
        '[fd00::1]:80',
        'simulator:8090',
      ]) {
        expect(await ask(host, '/cgi-bin/token'), host).toBe('200');
      }
      for (const host of [
        'example.com',
        'api.weixin.qq.com',
        'simulator.example.com:8090',
        '1.2.3.4.example.com',
      ]) {
        expect(await ask(host, '/cgi-bin/token'), host).toBe('400');
        expect(await ask(host, '/'), host).toBe('400');
      }
      // The control side stays with this machine.
      expect([await ask('192.168.0.7', '/_ctl/state'), await ask('simulator', '/_ctl/state')]).toEqual([
        '403',
        '403',
      ]);
      expect(await ask('localhost', '/_ctl/health')).toBe('200');
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('close', resolve));
      expect(stderr).toContain('Listening on 0.0.0.0: other machines can reach it');
    },
  );

  test('refuses an address that this machine does not have', { timeout: 30_000 }, async () => {
    const { code } = await run(['simulator', '--host', '203.0.113.7', '--', 'true']);
    expect(code).toBe(7);
  });
});
