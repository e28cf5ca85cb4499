/** Answers that break the rules of HTTP, directly and through a proxy, and what is said of them. */
import { connect, createServer, type Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WechatMpError } from '../../../src/core/errors.ts';
import { createFetch } from '../../../src/io/net/fetch.ts';

const ok = 'HTTP/1.1 200 OK\r\n';
const long = Array.from({ length: 200 }, (_, index) => `x-${index}: ${'y'.repeat(100)}\r\n`).join('');
const breaks = 'breaks the rules of HTTP:';

const answers: Readonly<Record<string, readonly [answer: string, type: string, en: string, zh: string]>> = {
  'too many headers': [`${ok}${long}\r\n{}`, 'headers_too_long', 'longer than 16 KiB', '上限 16 KiB'],
  'a status that is no number': [
    'HTTP/1.1 2x0 OK\r\n\r\n',
    'malformed_answer',
    `${breaks} its first line is malformed`,
    '状态行格式错误',
  ],
  'a blank in the name of a header': [
    `${ok}a b: 1\r\ncontent-length: 2\r\n\r\n{}`,
    'malformed_answer',
    `${breaks} a line of its headers is malformed`,
    '应答头中有一行格式错误',
  ],
  'a length that is no number': [
    `${ok}content-length: two\r\n\r\n{}`,
    'malformed_answer',
    `${breaks} its Content-Length or Transfer-Encoding is wrong`,
    'Content-Length 或 Transfer-Encoding 有误',
  ],
  'two lengths': [
    `${ok}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
    'malformed_answer',
    `${breaks} its Content-Length or Transfer-Encoding is wrong`,
    'Content-Length 或 Transfer-Encoding 有误',
  ],
  'lines without a carriage return': [
    'HTTP/1.1 200 OK\ncontent-length: 2\n\n{}',
    'malformed_answer',
    `${breaks} its first line is malformed`,
    '状态行格式错误',
  ],
  'chunks without a size': [
    `${ok}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
    'malformed_answer',
    `${breaks} the chunks of its body are malformed`,
    '分块（chunked）格式错误',
  ],
  'no HTTP': ['SSH-2.0-OpenSSH_9.6\r\n', 'not_http', 'did not answer in HTTP', '应答不是 HTTP'],
  'half a head': [
    `${ok}content-le`,
    'reset',
    'closed the connection without an answer',
    '未应答就关闭了连接',
  ],
  'half a body': [
    `${ok}content-length: 9\r\n\r\n{}`,
    'truncated_answer',
    'broke off before its end',
    '结束前中断',
  ],
};

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

async function failure(answer: string, way: 'directly' | 'through a proxy', addressFlag?: string) {
  const port = await listen(
    createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(answer))),
  );
  const tunnel = createServer((socket) =>
    socket
      .on('error', () => {})
      .once('data', () => {
        const target = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
        socket.pipe(target.on('error', () => {})).pipe(socket);
      }),
  );
  const isDirect = way === 'directly';
  const proxy = isDirect ? 'none' : `http://127.0.0.1:${await listen(tunnel)}`;
  const fetch = createFetch({ proxy, environment: {}, platform: 'linux', addressFlag });
  const url = isDirect ? `http://127.0.0.1:${port}` : 'http://wechat.example';
  const error = await fetch({
    method: 'GET',
    url,
    timeoutMs: 20_000,
    maxBytes: 1 << 20,
    allowHttp: true,
  }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WechatMpError);
  return error as WechatMpError;
}

describe.each(['directly', 'through a proxy'] as const)('an answer that comes %s is named:', (way) => {
  test.each(Object.entries(answers))('%s', async (_name, [answer, type, en, zh]) => {
    const error = await failure(answer, way);
    expect([error.type, error.text.en, error.text.zh]).toEqual([
      type,
      expect.stringContaining(en),
      expect.stringContaining(zh),
    ]);
    expect(error.hint).toBeDefined();
  });
});

test('more than its length is no answer that broke off', async () => {
  const { type, text } = await failure(`${ok}content-length: 2\r\n\r\n{}more`, 'directly');
  const end = 'it goes on after its end (HPE_INVALID_CONSTANT)';
  expect([type, text.en]).toEqual(['malformed_answer', expect.stringContaining(end)]);
});

test.each([
  [undefined, 'Check the port in --api-base', '--api-base and --proxy: something other than WeChat'],
  ['--to', 'Check the port in --to', '--to and --proxy: another program'],
])('a hint names the flag that the address came from: %s', async (flag, port, other) => {
  expect((await failure('SSH-2.0\r\n', 'directly', flag)).hint?.en).toBe(port);
  expect((await failure(`${ok}${long}\r\n{}`, 'directly', flag)).hint?.en).toContain(other);
});
