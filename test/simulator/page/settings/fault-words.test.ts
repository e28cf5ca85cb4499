import { describe, expect, test } from 'vitest';
import { formatFault, parseFault } from '../../../../src/simulator/server/faults/fault.ts';
import { faultSentence } from '../../../../src/simulator/page/settings/fault-words.ts';

const path = '/cgi-bin/token';

describe('faultSentence()', () => {
  test.each([
    [
      { errcode: 45009 },
      'The next call to /cgi-bin/token gets errcode 45009',
      '/cgi-bin/token 的下一次调用返回错误码 45009',
    ],
    [
      { status: 502, times: 3 },
      'The next 3 calls to /cgi-bin/token get HTTP 502',
      '/cgi-bin/token 的接下来 3 次调用返回 HTTP 502',
    ],
    [
      { delay: '1500ms', times: 99_999 },
      'The next 99999 calls to /cgi-bin/token get the answer 1.5 s late',
      '/cgi-bin/token 的接下来 99999 次调用延迟 1.5 秒响应',
    ],
    [
      { delay: '1500ms', times: 100_000 },
      'Every call to /cgi-bin/token gets the answer 1.5 s late',
      '/cgi-bin/token 的每次调用延迟 1.5 秒响应',
    ],
    [
      { drop: true, after: true, delay: '3s' },
      'The next call to /cgi-bin/token gets a reset connection, 3 s late, after being processed',
      '/cgi-bin/token 的下一次调用连接被重置，延迟 3 秒，但请求已正常处理',
    ],
    [
      { partial: 10, skip: 2, times: 3 },
      'After 2 good calls, the next 3 calls to /cgi-bin/token get an answer cut off after 10 bytes',
      '放行 2 次后，/cgi-bin/token 的接下来 3 次调用传输 10 字节后中断',
    ],
    [
      { bomb: 100, chance: 0.2, skip: 1 },
      'After 1 good call, the next call to /cgi-bin/token gets 100 MiB of compressed data, with a chance of 20%',
      '放行 1 次后，/cgi-bin/token 的下一次调用返回 100 MiB 的压缩内容，概率 20%',
    ],
    [
      { body: '{' },
      'The next call to /cgi-bin/token gets another body',
      '/cgi-bin/token 的下一次调用返回其他内容',
    ],
    [
      { status: 200, body_base64: 'AP8=' },
      'The next call to /cgi-bin/token gets another body',
      '/cgi-bin/token 的下一次调用返回其他内容',
    ],
  ])('%j', (fault, en, zh) => {
    expect(faultSentence(formatFault(parseFault({ path, ...fault })))).toEqual({ en, zh });
  });
});
