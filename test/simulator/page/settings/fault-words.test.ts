import { describe, expect, test } from 'vitest';
import { formatFault, parseFault } from '../../../../src/simulator/server/faults/fault.ts';
import { faultSentence } from '../../../../src/simulator/page/settings/fault-words.ts';

const path = '/cgi-bin/token';

describe('faultSentence()', () => {
  test.each([
    [
      { errcode: 45009 },
      'Next call of /cgi-bin/token: errcode 45009',
      '/cgi-bin/token 的下一次调用：返回错误码 45009',
    ],
    [
      { status: 502, times: 3 },
      'Next 3 calls of /cgi-bin/token: HTTP 502',
      '/cgi-bin/token 的接下来 3 次调用：返回 HTTP 502',
    ],
    [
      { delay: '1500ms', times: 1_000_000 },
      'Every call of /cgi-bin/token: 1.5 s late',
      '/cgi-bin/token 的每次调用：延迟 1.5 秒',
    ],
    [
      { drop: true, after: true },
      'Next call of /cgi-bin/token: connection reset, after its work is done',
      '/cgi-bin/token 的下一次调用：连接被重置，先正常处理',
    ],
    [
      { partial: 10, skip: 2 },
      'Next call of /cgi-bin/token: cut off after 10 bytes, 2 calls pass first',
      '/cgi-bin/token 的下一次调用：传输 10 字节后中断，先放行 2 次',
    ],
    [
      { bomb: 100, chance: 0.2 },
      'Next call of /cgi-bin/token: 100 MiB, compressed, 20 % of them',
      '/cgi-bin/token 的下一次调用：返回 100 MiB 的压缩内容，概率 20 %',
    ],
    [{ body: '{' }, 'Next call of /cgi-bin/token: another body', '/cgi-bin/token 的下一次调用：返回其他内容'],
    [
      { status: 200, body_base64: 'AP8=' },
      'Next call of /cgi-bin/token: another body',
      '/cgi-bin/token 的下一次调用：返回其他内容',
    ],
  ])('%j', (fault, en, zh) => {
    expect(faultSentence(formatFault(parseFault({ path, ...fault })))).toEqual({ en, zh });
  });
});
