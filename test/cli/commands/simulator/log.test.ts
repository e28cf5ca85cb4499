import { describe, expect, test } from 'vitest';
import type { Context } from '../../../../src/cli/context.ts';
import { logTraffic } from '../../../../src/cli/commands/simulator/log.ts';
import { alice, phoned } from '../../../simulator/control/phoned.ts';

/** The lines of a session in this language: a refused call, a call that is not simulated, and three pushes. */
async function session(language: 'en' | 'zh'): Promise<readonly string[]> {
  const lines: string[] = [];
  let answer: string | { status: number } = 'success';
  const world = await phoned(() => answer);
  const context = {
    options: { json: false },
    say: (text: { en: string; zh: string }) => text[language],
    io: { terminal: { writeStdout: (text: string) => void lines.push(text) } },
  } as unknown as Context;
  logTraffic(context, world);
  await world.ask('GET', '/cgi-bin/token');
  await world.ask('POST', '/cgi-bin/wxopen/qrcodejumpget', {});
  await world.call('POST', '/cgi-bin/tags/create', '{}', { 'transfer-encoding': 'chunked' });
  await world.act('send', { text: 'hi' });
  answer = { status: 500 };
  await world.act('send', { text: 'hi' });
  await world.call('POST', '/_ctl/callback', { url: null });
  await world.act('send', { text: 'hi' });
  return lines;
}

describe('logTraffic()', () => {
  test('writes one line a call and a push, in the language of the person', async () => {
    expect(await session('en')).toEqual([
      'GET /cgi-bin/token 200 errcode 41002\n',
      'POST /cgi-bin/wxopen/qrcodejumpget 200 errcode 48001 (the simulator does not have it)\n',
      'POST /cgi-bin/tags/create 412 (the body came chunked, without Content-Length: WeChat refuses that)\n',
      `push text to ${alice} 200 the person sees nothing\n`,
      `push text to ${alice} 500 the person sees that the service is down\n`,
      `push text to ${alice} not sent: no server is configured\n`,
    ]);
    expect(await session('zh')).toEqual([
      'GET /cgi-bin/token 200 errcode 41002\n',
      'POST /cgi-bin/wxopen/qrcodejumpget 200 errcode 48001 (模拟器没有此接口)\n',
      'POST /cgi-bin/tags/create 412 (请求体为 chunked 传输，没有 Content-Length：微信会拒绝)\n',
      `推送 text 给 ${alice} 200 用户看不到任何内容\n`,
      `推送 text 给 ${alice} 500 用户看到“服务出现故障”\n`,
      `推送 text 给 ${alice} 未发送：未配置服务器\n`,
    ]);
  });
});
