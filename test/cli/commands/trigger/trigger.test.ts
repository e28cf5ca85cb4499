import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../../src/core/errors.ts';
import { terminalWidth } from '../../../../src/core/text/terminal-width.ts';
import { parseFields } from '../../../../src/core/callback/body.ts';
import { formatRecording } from '../../../../src/cli/shared/recording.ts';
import type { Fetch } from '../../../../src/io/ports.ts';
import type { ChooseReply } from '../../../../src/server/answering.ts';
import { networkError } from '../../../helpers/fake-fetch.ts';
import { fakeWorld, startMs, type FakeIoOptions, type FakeWorld } from '../../../helpers/fake-io.ts';
import { handlerFetch, honestHandler, testAccount, timeout } from '../../../helpers/handler-fetch.ts';
import { createManualClock } from '../../../helpers/manual-clock.ts';
import { againstSchema } from '../../../helpers/output-schema.ts';
import { simulatorBase } from '../../../helpers/through-simulator.ts';

const environment = {
  WECHAT_MP_APPID: testAccount.appId,
  WECHAT_MP_CALLBACK_TOKEN: testAccount.callbackToken,
  WECHAT_MP_AES_KEY: testAccount.encodingAESKey,
};
const to = ['--to', 'http://localhost:3000/wechat'];

async function run(words: readonly string[], options: FakeIoOptions = {}) {
  const world = fakeWorld({ ...options, environment: { ...environment, ...options.environment } });
  return { ...(await world.run('trigger', ...words)), requests: world.requests };
}

/** With `--json`: the value as well. */
async function data(words: readonly string[], options: FakeIoOptions = {}) {
  const ended = await run([...words, '--json'], options);
  return { ...ended, value: JSON.parse(ended.stdout) as Readonly<Record<string, unknown>> };
}

/** The server of `serve`, in safe mode, as a client sees it. */
function serving(
  reply: ChooseReply = () => ({ msgType: 'text', content: '你好' }),
  mode: 'plain' | 'safe' = 'safe',
) {
  return handlerFetch(honestHandler(createManualClock(startMs), { mode, reply, maxSkewSeconds: Infinity }));
}

const answering =
  (body: string, status = 200): Fetch =>
  () =>
    Promise.resolve({ status, headers: { 'content-type': 'text/plain' }, body: Buffer.from(body) });

/** A reply in the clear to what was sent in the clear. */
function plainReply(
  text: (fields: Readonly<Record<string, unknown>>, count: number, seconds: number) => string | Error,
): Fetch {
  let count = 0;
  return (request) => {
    const fields = parseFields(String(request.body));
    const seconds = Number(new URL(request.url).searchParams.get('timestamp'));
    const made = text(fields, (count += 1), seconds);
    if (made instanceof Error) return Promise.reject(made);
    return Promise.resolve({ status: 200, headers: {}, body: Buffer.from(made) });
  };
}

const textReply = (fields: Readonly<Record<string, unknown>>, createTime: number, content = 'hi'): string =>
  `<xml><ToUserName>${fields['FromUserName']}</ToUserName><FromUserName>${fields['ToUserName']}</FromUserName>` +
  `<CreateTime>${createTime}</CreateTime><MsgType>text</MsgType><Content>${content}</Content></xml>`;

describe('trigger', () => {
  test.each(['en', 'zh'])('keeps to 80 columns in %s, whatever the server answers', async (lang) => {
    const answers: readonly Fetch[] = [
      answering('<html>a page of the framework</html>', 500),
      answering('<xml><MsgType>text</MsgType></xml>'),
      () => Promise.reject(networkError('refused', false)),
      plainReply((fields, count, seconds) => textReply(fields, seconds + count)),
    ];
    for (const fetch of answers) {
      for (const words of [['text'], ['text', '--like-wechat'], ['--all'], ['text', '--repeat', '3']]) {
        const { stdout } = await run([...words, ...to, '--mode', 'plain', '--lang', lang], {
          fetch,
          timePasses: true,
        });
        expect(stdout.split('\n').length).toBeGreaterThan(1);
        expect(stdout.split('\n').filter((line) => terminalWidth(line) > 80)).toEqual([]);
      }
    }
  });
});

describe('trigger <type>', () => {
  test('shows the answer and what the person sees', async () => {
    const { code, stdout, stderr } = await run(['text', ...to], { fetch: serving().fetch });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('✓ text: 200, 0 ms, text\n  The person sees: 你好\n');
  });

  test.each([
    [201, 'status'],
    [204, 'empty'],
  ])('points to no probe where the server took the message with %i', async (status, rule) => {
    const { code, stdout } = await run(['text', ...to, '--json'], { fetch: answering('', status) });
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      { problems: [{ rule, hint: 'Answer with status 200' }] },
    ]);
  });

  test.each([
    [403, 'forbidden'],
    [415, 'body_parser'],
    [500, 'status'],
  ])('is an answer with a hint where the server says %i', async (status, rule) => {
    const fetch = answering('', status);
    const { code, stdout, stderr } = await run(['text', ...to, '--json'], { fetch });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const value = JSON.parse(stdout) as { readonly problems: readonly { readonly hint: string }[] };
    expect(value).toMatchObject({ ok: false, valid: false, problems: [{ rule }] });
    expect(value.problems[0]?.hint).toMatch(/wechat-mp handshake probe http:\/\/\S+ --post$/);
    expect(value.problems[0]?.hint).not.toMatch(/^Compare the Token/);
  });

  test('quotes an address for the shell, and points nowhere where the status says it all', async () => {
    const query = ['--to', "http://localhost/w?a=1&b='"];
    const asked = await run(['text', ...query], { fetch: answering('', 403) });
    expect(asked.stdout.replaceAll(/\s+/g, ' ')).toContain(`probe 'http://localhost/w?a=1&b='\\''' --post`);
    const gone = await run(['text', ...to], { fetch: answering('', 502) });
    expect(gone.stdout).not.toContain('handshake probe');
  });

  test('says that the push was encrypted where the answer is not for its sender', async () => {
    const blind = '<xml><ToUserName></ToUserName><MsgType>text</MsgType><Content>hi</Content></xml>';
    const { code, value } = await data(['text', ...to], { fetch: answering(blind) });
    expect(code).toBe(1);
    expect(value).toMatchObject({ ok: false, request: { mode: 'safe' }, problems: [{ rule: 'mode' }] });
    const refused = await run(['text', ...to], { fetch: answering('', 403) });
    expect(refused.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'if the server is in plain mode, send it with --mode plain',
    );
  });

  test('has request, response, reply and verdict as data', async () => {
    const { code, value } = await data(['text', ...to], { fetch: serving().fetch });
    expect(code).toBe(0);
    expect(value).toEqual({
      type: 'text',
      ok: true,
      request: {
        url: expect.stringContaining('http://localhost:3000/wechat?signature='),
        mode: 'safe',
        format: 'xml',
        message: expect.stringContaining('<MsgType><![CDATA[text]]></MsgType>'),
      },
      response: {
        status: 200,
        ms: 0,
        content_type: expect.any(String),
        body: expect.stringContaining('Encrypt'),
      },
      reply: { msg_type: 'text', content: '你好' },
      encrypted: true,
      valid: true,
      problems: [],
      user_sees: 'reply',
      user_sees_text: '你好',
    });
  });

  test('changes fields, the person and the key', async () => {
    const words = ['menu_click', '--key', 'BUY', '--from', 'oTest', '--set', 'MenuId=7', '--set', 'A.B=x=y'];
    const { value } = await data([...words, '--unset', 'ToUserName', ...to], { fetch: serving().fetch });
    const { message } = value['request'] as { message: string };
    expect(parseFields(message)).toMatchObject({
      EventKey: 'BUY',
      FromUserName: 'oTest',
      MenuId: '7',
      A: { B: 'x=y' },
      CreateTime: expect.stringMatching(/^17684496\d\d$/),
    });
    expect(parseFields(message)).not.toHaveProperty('ToUserName');
  });

  test('--debug tells how every exchange ended', async () => {
    const { stderr } = await run(['text', '--debug', ...to], { fetch: serving().fetch });
    expect(stderr).toMatch(/^POST http:\/\/localhost:3000\/wechat → 200, \d+ bytes in 0 ms$/m);
    const refusing: Fetch = () => Promise.reject(networkError('refused', false));
    const failed = await run(['text', '--debug', ...to], { fetch: refusing });
    expect(failed.stderr).toMatch(/^POST http:\/\/localhost:3000\/wechat → refused in 0 ms$/m);
  });

  test('warns of a field that the message has not, with the one that was meant', async () => {
    const { code, stderr } = await run(['text', '--set', 'content=x', ...to], { fetch: serving().fetch });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: '! This message has no field "content": did you mean "Content"; it is sent all the same\n',
    });
  });

  test('judges an answer that WeChat would not take', async () => {
    const html = { fetch: answering('<!DOCTYPE html><p>oops</p>') };
    const { code, value } = await data(['text', '--mode', 'plain', ...to], html);
    expect(code).toBe(1);
    expect(value).toMatchObject({
      valid: false,
      reply: null,
      user_sees: 'unavailable',
      user_sees_text: '该公众号提供的服务出现故障，请稍后再试',
      problems: [{ rule: 'html', severity: 'error', message: expect.any(String), hint: expect.any(String) }],
    });
    const { stdout } = await run(['text', '--mode', 'plain', '--lang', 'zh', ...to], html);
    expect(stdout).toContain('用户看到：“该公众号提供的服务出现故障，请稍后再试”');
  });

  test('shows what a server tells of itself, but not the secrets of the account', async () => {
    const fetch = plainReply((fields, _count, now) =>
      textReply(fields, now, `ticket=7 AES_KEY ${testAccount.encodingAESKey}`),
    );
    const words = ['text', '--mode', 'plain', ...to];
    const { value, stdout } = await data(words, { fetch });
    expect(value['user_sees_text']).toBe('ticket=7 AES_KEY ***');
    expect((value['response'] as { body: string }).body).toContain('ticket=7 AES_KEY ***');
    const human = await run(words, { fetch });
    expect(human.stdout).toContain('The person sees: ticket=7 AES_KEY ***\n');
    expect(stdout + human.stdout).not.toContain(testAccount.encodingAESKey);
  });

  test('judges a server that does not answer', async () => {
    const { code, value } = await data(['text', ...to], { fetch: () => Promise.reject(timeout()) });
    expect(code).toBe(1);
    expect(value).toMatchObject({ response: null, valid: false, problems: [{ rule: 'timeout' }] });
  });

  test('takes silence for an answer', async () => {
    for (const body of ['', 'success']) {
      const { code, value } = await data(['text', ...to], { fetch: answering(body) });
      expect(code).toBe(0);
      expect(value).toMatchObject({ valid: true, reply: null, user_sees: 'nothing', user_sees_text: null });
    }
  });

  test('sends plain messages where no key is set, and as --mode says', async () => {
    const options = {
      fetch: serving(undefined, 'plain').fetch,
      environment: { WECHAT_MP_AES_KEY: undefined },
    };
    expect((await data(['text', ...to], options)).value).toMatchObject({
      request: { mode: 'plain' },
      valid: true,
    });
    const safe = await run(['text', '--mode', 'safe', ...to], options);
    expect(safe).toMatchObject({ code: 3, requests: [], stderr: expect.stringContaining('EncodingAESKey') });
  });

  test('knows types by the name of the event, too, and says what was meant', async () => {
    const { value } = await data(['CLICK', ...to], { fetch: serving().fetch });
    expect(value['type']).toBe('menu_click');
    const wrong = await run(['menu_clik', ...to]);
    expect(wrong).toMatchObject({
      code: 2,
      requests: [],
      stderr: expect.stringContaining('wechat-mp trigger menu_click'),
    });
    expect((await run(['zzzzzzzz', ...to])).stderr).toContain('--list');
  });

  test('finds the server in wechat-mp.json, below --to', async () => {
    const files = { '/desk/wechat-mp.json': '{"trigger":{"to":"http://localhost:4000/wechat"}}' };
    const { fetch } = serving();
    expect((await run(['text'], { files, fetch })).requests).toEqual(['POST localhost:4000/wechat']);
    expect((await run(['text', ...to], { files, fetch })).requests).toEqual(['POST localhost:3000/wechat']);
    expect(await run(['text'], { fetch })).toMatchObject({
      code: 2,
      requests: [],
      stderr: expect.stringContaining('--to'),
    });
  });

  test.each([
    'http://192.0.2.2/x',
    'https://example.com/wechat',
    'http://localhost.example.com/',
    'http://127.0.0.1@example.com/',
    'http://10.0.0.1/',
    'http://[::ffff:192.0.2.2]/',
  ])('signs nothing for %s in wechat-mp.json, unless --to repeats it', async (url) => {
    const files = { '/desk/wechat-mp.json': JSON.stringify({ trigger: { to: url } }) };
    const { fetch } = serving();
    for (const words of [['text'], ['text', '--dry-run'], ['--all'], ['text', '--repeat', '2']]) {
      const refused = await run([...words, '--json'], { files, fetch });
      expect({ words, ...refused }).toMatchObject({ code: 2, stdout: '', requests: [] });
      expect(JSON.parse(refused.stderr)).toMatchObject({
        error: { type: 'project_address_not_loopback', hint: expect.stringContaining(`--to ${url}`) },
      });
    }
    expect((await run(['text', '--to', url], { files, fetch })).requests).toHaveLength(1);
  });
});

describe('trigger --expect', () => {
  test.each([
    ['text', 0],
    ['/^你好$/', 0],
    ['/^x/', 1],
    ['image', 1],
    ['none', 1],
  ])('%s gives exit code %i for a text reply', async (expected, code) => {
    const ended = await data(['text', '--expect', expected, ...to], { fetch: serving().fetch });
    expect({ code: ended.code, expected: ended.value['expected'] }).toEqual({ code, expected: code === 0 });
  });

  test('none is met by silence only', async () => {
    expect((await run(['text', '--expect', 'none', ...to], { fetch: answering('success') })).code).toBe(0);
    expect((await run(['text', '--expect', 'none', ...to], { fetch: answering('oops') })).code).toBe(1);
  });

  test.each(['txt', '/(/', '//'])('refuses %s', async (wrong) => {
    expect(await run(['text', '--expect', wrong, ...to])).toMatchObject({ code: 2, requests: [] });
  });
});

describe('trigger --like-wechat', () => {
  test('sends once where the first attempt is answered', async () => {
    const { code, value, requests } = await data(['text', '--like-wechat', ...to], {
      fetch: serving().fetch,
    });
    expect({ code, requests: requests.length }).toEqual({ code: 0, requests: 1 });
    expect(value).toMatchObject({ deduplicated: null, attempts: [{ status: 200, reply: 'text' }] });
  });

  test('sees that a slow server remembered the message', async () => {
    const fetch = plainReply((fields, count, now) => (count === 1 ? timeout() : textReply(fields, now - 1)));
    const { code, value } = await data(['text', '--like-wechat', '--mode', 'plain', ...to], { fetch });
    expect(code).toBe(0);
    expect(value).toMatchObject({
      deduplicated: true,
      valid: true,
      attempts: [
        { status: null, cause: 'timeout' },
        { status: 200, reply: 'text' },
      ],
    });
  });

  test('sees that a server did the work again', async () => {
    const fetch = plainReply((fields, count, now) => (count === 1 ? timeout() : textReply(fields, now)));
    const { code, value } = await data(['text', '--like-wechat', '--mode', 'plain', ...to], { fetch });
    expect({ code, deduplicated: value['deduplicated'] }).toEqual({ code: 1, deduplicated: false });
  });

  test('gives up after three attempts, and shows them', async () => {
    const fetch: Fetch = () => Promise.reject(timeout());
    const { code, stdout, requests } = await run(['text', '--like-wechat', ...to], { fetch });
    expect({ code, requests: requests.length }).toEqual({ code: 1, requests: 3 });
    expect(stdout).toContain('✗ attempt 1:');
    expect(stdout).toContain('✗ attempt 2:');
    expect(stdout).toContain('该公众号提供的服务出现故障，请稍后再试');
  });
});

describe('trigger --duplicate', () => {
  test('knows the server of serve for one that answers from memory', async () => {
    const { code, value, requests } = await data(['text', '--duplicate', ...to], {
      fetch: serving().fetch,
      timePasses: true,
    });
    expect({ code, requests: requests.length }).toEqual({ code: 0, requests: 2 });
    expect(value['deduplicated']).toBe(true);
  });

  test('sends the same message with another signature, and sees a new reply', async () => {
    const bodies: string[] = [];
    const fetch = plainReply((fields, count, now) => {
      bodies.push(String(fields['MsgId']));
      return textReply(fields, now, `work ${count}`);
    });
    const words = ['text', '--duplicate', '--mode', 'plain', ...to];
    const { code, stdout } = await run(words, { fetch, timePasses: true });
    expect(code).toBe(1);
    expect(new Set(bodies).size).toBe(1);
    expect(stdout).toContain('✗ The work was done twice');
  });
});

describe('trigger --tamper', () => {
  test.each(['signature', 'body', 'timestamp', 'appid'])(
    '%s is refused by the server of serve',
    async (what) => {
      const { code, value, requests } = await data(['text', '--tamper', what, ...to], {
        fetch: serving().fetch,
      });
      expect({ code, requests: requests.length }).toEqual({ code: 0, requests: 2 });
      expect(value).toMatchObject({
        tamper: what,
        refused: true,
        control: { taken: true },
        response: { status: 403 },
      });
    },
  );

  test('fails a server that takes everything, with a reply or with silence', async () => {
    for (const fetch of [plainReply((fields, _count, now) => textReply(fields, now)), answering('success')]) {
      const words = ['text', '--tamper', 'signature', '--mode', 'plain', ...to];
      const { code, value } = await data(words, { fetch });
      expect({ code, refused: value['refused'] }).toEqual({ code: 1, refused: false });
    }
  });

  test('takes silence for a refusal where the honest message has a reply', async () => {
    const fetch = plainReply((fields, count, now) => (count === 1 ? textReply(fields, now) : 'success'));
    const { code } = await run(['text', '--tamper', 'signature', '--mode', 'plain', ...to], { fetch });
    expect(code).toBe(0);
  });

  test('takes words that are no answer for a refusal', async () => {
    const fetch = plainReply((_fields, count) => (count === 1 ? 'success' : 'Invalid signature'));
    const { code } = await run(['text', '--tamper', 'signature', '--mode', 'plain', ...to], { fetch });
    expect(code).toBe(0);
  });

  test('fails where the honest message is not taken either', async () => {
    const { code, value } = await data(['text', '--tamper', 'signature', ...to], {
      fetch: answering('', 403),
    });
    expect(code).toBe(1);
    expect(value).toMatchObject({ ok: false, refused: true, control: { taken: false, status: 403 } });
  });

  test('an unreachable server refuses nothing', async () => {
    const fetch: Fetch = () => Promise.reject(networkError('refused', false));
    expect((await data(['text', '--tamper', 'signature', ...to], { fetch })).value['refused']).toBe(false);
  });

  test.each(['body', 'appid'])('%s needs encryption', async (what) => {
    const ended = await run(['text', '--tamper', what, '--mode', 'plain', ...to]);
    expect(ended).toMatchObject({ code: 2, requests: [], stderr: expect.stringContaining('--mode safe') });
  });
});

describe('trigger --file and --replay', () => {
  const xml =
    '<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>a &amp; b</Content><MsgId>77</MsgId></xml>';
  const recording = (more: Partial<Parameters<typeof formatRecording>[0]> = {}): string =>
    formatRecording({
      at: '2026-01-15T04:00:00.000Z',
      method: 'POST',
      path: '/wechat',
      query: 'signature=abc&timestamp=1&nonce=2',
      headers: { host: 'old.example', 'content-length': '3', 'content-type': 'text/xml', 'x-trace': '7' },
      body: Buffer.from(xml),
      message: xml,
      response: { status: 200, contentType: 'text/plain', body: Buffer.from('') },
      ...more,
    });

  test('--file sends the text as it is written, unless something is changed', async () => {
    const { fetch, requests } = handlerFetch(() => ({ status: 200, contentType: '', body: '' }));
    const files = { '/desk/m.xml': xml };
    await run(['--file', 'm.xml', '--mode', 'plain', ...to], { files, fetch });
    await run(['--file', 'm.xml', '--mode', 'plain', '--set', 'Content=c', ...to], { files, fetch });
    await run(['--file', 'm.xml', '--mode', 'plain', '--format', 'json', ...to], { files, fetch });
    const bodies = requests.map(({ body }) => String(body));
    expect(bodies[0]).toBe(xml);
    expect(parseFields(bodies[1] ?? '')).toMatchObject({ Content: 'c', MsgId: '77', CreateTime: '1' });
    expect(bodies[2]).toMatch(/^\{/);
  });

  test('--file - reads standard input, and a broken message is an input error', async () => {
    const { fetch } = serving();
    expect((await run(['--file', '-', ...to], { stdin: xml, fetch })).code).toBe(0);
    const broken = await run(['--file', '-', ...to], { stdin: '<xml>', fetch });
    expect(broken).toMatchObject({
      code: 2,
      requests: [],
      stderr: expect.stringContaining('Cannot send "stdin"'),
    });
  });

  test('--replay signs and seals the message anew, with a new id', async () => {
    const { fetch, requests } = serving();
    const { code } = await run(['--replay', 'r.json', ...to], {
      files: { '/desk/r.json': recording() },
      fetch,
    });
    expect(code).toBe(0);
    expect(requests[0]?.url).toContain('msg_signature=');
    expect(requests[0]?.headers).not.toHaveProperty('x-trace');
  });

  test('--replay takes recordings longer than a message, --file does not', async () => {
    const { fetch, requests } = handlerFetch(() => ({ status: 200, contentType: '', body: '' }));
    const response = { status: 200, contentType: 'text/html', body: Buffer.alloc(2 ** 21, 'x') };
    const files = { '/desk/r.json': recording({ response }) };
    expect((await run(['--replay', 'r.json', ...to], { files, fetch })).code).toBe(0);
    expect(requests).toHaveLength(1);
    const refused = await run(['--file', 'r.json', '--json', ...to], { files, fetch });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('longer than 1 MiB')]);
  });

  test('--replay --as-is sends bytes, query and headers as they came', async () => {
    const { fetch, requests } = handlerFetch(() => ({ status: 200, contentType: '', body: '' }));
    const files = { '/desk/r.json': recording() };
    expect((await run(['--replay', 'r.json', '--as-is', ...to], { files, fetch })).code).toBe(0);
    const [request] = requests;
    expect(request?.url).toBe('http://localhost:3000/wechat?signature=abc&timestamp=1&nonce=2');
    expect(Buffer.from(request?.body as Uint8Array).toString()).toBe(xml);
    expect(request?.headers).toMatchObject({ 'x-trace': '7', 'content-type': 'text/xml' });
    for (const name of ['host', 'content-length']) expect(request?.headers).not.toHaveProperty(name);
  });

  test('--replay refuses a handshake and what is no recording', async () => {
    for (const text of [recording({ method: 'GET' }), '{}']) {
      const ended = await run(['--replay', 'r.json', ...to], { files: { '/desk/r.json': text } });
      expect(ended).toMatchObject({ code: 2, requests: [] });
    }
  });
});

describe('trigger for many messages', () => {
  test('--all sends every type once and makes a table that CI can fail on', async () => {
    const { code, stdout, requests } = await run(['--all', '--concurrency', '4', ...to], {
      fetch: serving(() => '').fetch,
    });
    expect({ code, requests: requests.length }).toEqual({ code: 0, requests: 77 });
    expect(stdout.trimEnd().split('\n')).toHaveLength(79);
    expect(stdout).toContain('77 of 77 types answered properly');
  });

  test('--all fails where one type fails, and names it', async () => {
    const fetch = plainReply((fields) => (fields['Event'] === 'SCAN' ? 'oops' : ''));
    const { code, value } = await data(['--all', '--mode', 'plain', ...to], { fetch });
    expect(code).toBe(1);
    expect(value).toMatchObject({ ok: false, total: 77, failed: 1 });
    const failed = (value['results'] as { type: string; ok: boolean }[]).filter(({ ok }) => !ok);
    expect(failed.map(({ type }) => type)).toEqual(['scan']);
  });

  test('--repeat sends so many different messages', async () => {
    const ids = new Set<unknown>();
    const fetch = plainReply((fields, count) => {
      ids.add(fields['CreateTime']);
      return count === 3 ? 'oops' : '';
    });
    const words = ['menu_click', '--repeat', '5', '--concurrency', '2', '--mode', 'plain', ...to];
    const { code, value } = await data(words, { fetch });
    expect(code).toBe(1);
    expect(ids.size).toBe(5);
    expect(value).toMatchObject({
      total: 5,
      failed: 1,
      causes: { 'not-xml': 1 },
      ms: { min: 0, p50: 0, p99: 0, max: 0 },
    });
  });

  describe.each(['en', 'zh'])('interrupted, in %s,', (lang) => {
    /** The server answers so many, then the signal comes. */
    const stopped = async (after: number, ...words: string[]) => {
      const interrupted: WechatMpError = new WechatMpError({
        family: 'interrupted',
        type: 'interrupted',
        text: { en: 'Interrupted', zh: '已中断' },
      });
      const world: FakeWorld = fakeWorld({
        environment,
        fetch: plainReply((_fields, count) => {
          if (count <= after) return '';
          world.interruption.abort(interrupted);
          return interrupted;
        }),
      });
      return await world.run('trigger', ...words, '--mode', 'plain', '--lang', lang, ...to);
    };
    const value = ({ stdout }: { readonly stdout: string }) => JSON.parse(stdout) as Record<string, unknown>;

    test('--repeat says how far it came', async () => {
      const { code, stdout, stderr } = await stopped(4, 'text', '--repeat', '9');
      expect([code, stdout]).toEqual([
        130,
        lang === 'en'
          ? '– text: stopped early: 5 of 9 sent, 4 answered or failed\n– text: 4 of 4 answered properly; 0 ms median, 0 ms p99, 0 ms longest\n'
          : '– text: 提前停止：共 9 条，已发送 5 条，其中 4 条已有结果\n– text: 4 条中有 4 条应答正确；中位数 0 毫秒，p99 0 毫秒，最长 0 毫秒\n',
      ]);
      expect(stderr).toContain(lang === 'en' ? 'Interrupted' : '已中断');
      const none = value(await stopped(0, 'text', '--repeat', '9', '--json'));
      expect(none).toMatchObject({ ok: false, wanted: 9, sent: 1, total: 0, failed: 0 });
      expect(againstSchema('trigger', none)).toEqual([]);
    });

    test('--all has the table of those that were tried', async () => {
      const { code, stdout } = await stopped(3, '--all');
      const lines = stdout.trimEnd().split('\n');
      expect([code, lines.filter((line) => line.startsWith('✓')).length, lines.at(-1)]).toEqual([
        130,
        3,
        lang === 'en' ? '– stopped early: 3 of 77 types were tried' : '– 提前停止：共 77 种消息，已测试 3 种',
      ]);
      const some = value(await stopped(3, '--all', '--json'));
      expect(some).toMatchObject({ ok: false, total: 3, failed: 0, wanted: 77 });
      expect(againstSchema('trigger', some)).toEqual([]);
    });
  });

  test('--list has all types and sends nothing', async () => {
    const { code, value, requests } = await data(['--list', '--lang', 'zh']);
    expect({ code, requests }).toEqual({ code: 0, requests: [] });
    const types = value['types'] as { type: string; title: string }[];
    expect(types).toHaveLength(77);
    expect(types[0]).toEqual({
      type: 'text',
      kind: 'message',
      msg_type: 'text',
      event: null,
      title: '文本消息',
    });
  });

  test('--dry-run shows the whole request and sends nothing', async () => {
    const { code, stdout, requests } = await run(['text', '--dry-run', '--mode', 'plain']);
    expect({ code, requests }).toEqual({ code: 0, requests: [] });
    expect(stdout).toMatch(
      /^POST http:\/\/localhost\/\?signature=[0-9a-f]{40}&timestamp=\d{10}&nonce=\d{9}&openid=/,
    );
    expect(stdout).toContain('\n\n<xml><ToUserName>');
  });
});

describe('trigger refuses', () => {
  test.each([
    [[], 'name its type'],
    [['text', '--all'], 'exclude each other'],
    [['text', '--file', 'x'], 'exclude each other'],
    [['text', '--like-wechat', '--duplicate'], 'exclude each other'],
    [['text', '--tamper', 'body', '--repeat', '2'], 'exclude each other'],
    [['text', '--expect', 'text', '--tamper', 'body'], 'exclude each other'],
    [['--all', '--set', 'A=b'], 'exclude each other'],
    [['--replay', 'x', '--as-is', '--mode', 'plain'], 'exclude each other'],
    [['text', '--as-is'], '--as-is needs --replay'],
    [['text', '--concurrency', '2'], 'needs --repeat or --all'],
    [['text', '--set', 'Content'], 'field=value'],
    [['text', '--set', '=x'], 'field=value'],
    [['text', '--key', 'x'], 'has no EventKey'],
    [['text', '--repeat', '0'], '1 to 1000000'],
    [['text', '--repeat', '1000001'], '1 to 1000000'],
    [['text', '--repeat', '2', '--concurrency', '100001'], '1 to 100000'],
  ])('%j before anything is sent', async (words, text) => {
    expect(await run([...words, ...to])).toMatchObject({
      code: 2,
      requests: [],
      stderr: expect.stringContaining(text),
    });
  });

  test('the simulator itself, where a server of a developer was meant', async () => {
    for (const path of ['/', '/wechat']) {
      const { code, stdout } = await run(['text', '--to', simulatorBase + path]);
      expect([code, stdout.replaceAll(/\s+/g, ' ')]).toEqual([
        1,
        expect.stringContaining("This is the simulator itself, on WeChat's side (HTTP 404)"),
      ]);
      // There is nothing to be found out about it.
      expect(stdout).not.toContain('handshake probe');
    }
  });

  test('an address that is none', async () => {
    expect(await run(['text', '--to', 'localhost:3000'])).toMatchObject({ code: 2, requests: [] });
  });
});
