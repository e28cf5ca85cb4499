import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { terminalWidth } from '../../../../src/core/text/terminal-width.ts';
import type { Fetch } from '../../../../src/io/ports.ts';
import { networkError } from '../../../helpers/fake-fetch.ts';
import { fakeWorld, startMs, type FakeIoOptions } from '../../../helpers/fake-io.ts';
import { handlerFetch, honestHandler, testAccount } from '../../../helpers/handler-fetch.ts';
import { createManualClock } from '../../../helpers/manual-clock.ts';
import { accountOf } from '../../../helpers/through-simulator.ts';

const environment = {
  WECHAT_MP_APPID: testAccount.appId,
  WECHAT_MP_CALLBACK_TOKEN: testAccount.callbackToken,
  WECHAT_MP_AES_KEY: testAccount.encodingAESKey,
};
const run = async (words: readonly string[], options: FakeIoOptions = {}) =>
  await fakeWorld({ ...options, environment: { ...environment, ...options.environment } }).run(...words);

const url = 'http://localhost:3000/wechat';
const honest = (): Fetch =>
  handlerFetch(
    honestHandler(createManualClock(startMs), {
      mode: 'safe',
      reply: () => ({ msgType: 'text', content: 'hi' }),
    }),
  ).fetch;

interface Checks {
  readonly ok: boolean;
  readonly checks: readonly Readonly<
    Record<'name' | 'status' | 'cause' | 'message' | 'server_said', string | null>
  >[];
  readonly experiments: readonly Readonly<Record<string, unknown>>[];
}

const outlineOf = (stdout: string): readonly string[] =>
  (JSON.parse(stdout) as Checks).checks.map(({ name, status, cause }) =>
    [name, status, cause ?? ''].join(' ').trim(),
  );

describe('handshake probe', () => {
  test('prints a line for each check and what WeChat would say', async () => {
    const { code, stdout, stderr } = await run(['handshake', 'probe', url], { fetch: honest() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // A long line is folded, and begins with blanks then.
    const heads = stdout.split('\n').filter((line) => !line.startsWith(' '));
    expect(heads.map((line) => line.split(/ {2,}/)[0])).toEqual([
      '– address',
      '✓ handshake',
      '✓ wrong_signature',
      '✓ missing_parameters',
      '✓ markup',
      '',
      'WeChat would accept this server',
      '',
    ]);
  });

  test('prints the checks as data, with messages in the language of the run', async () => {
    const fetch: Fetch = () => Promise.resolve({ status: 200, headers: {}, body: Buffer.from('') });
    const { code, stdout } = await run(['handshake', 'probe', url, '--json', '--lang', 'zh'], { fetch });
    const value = JSON.parse(stdout) as Checks;
    expect({ code, ok: value.ok }).toEqual({ code: 1, ok: false });
    expect(value.checks[1]).toEqual({
      name: 'handshake',
      status: 'fail',
      cause: 'empty',
      message: '应答为空',
      hint: expect.any(String),
      http_status: 200,
      ms: 0,
      server_said: null,
      framework: null,
      code: null,
    });
    expect(value.experiments).toHaveLength(8);
    expect(value.experiments[0]).toEqual({
      name: 'unsorted',
      method: 'GET',
      message: '拼接之前没有排序',
      accepted: false,
      http_status: 200,
      ms: 0,
    });
  });

  test.each([
    ['/no-get', '8 more requests, signed with a known mistake:'],
    ['/no-post', '3 more requests, with another body:'],
  ])('says above the list what was tried at %s', async (place, words) => {
    const fetch: Fetch = ({ url: asked, method }) => {
      const refused = place === '/no-get' || method === 'POST';
      const echostr = new URL(asked).searchParams.get('echostr') ?? '';
      return Promise.resolve({ status: refused ? 403 : 200, headers: {}, body: Buffer.from(echostr) });
    };
    const { stdout } = await run(['handshake', 'probe', `http://127.0.0.1:9${place}`, '--post'], { fetch });
    expect(stdout).toContain(`Tried out with ${words}`);
  });

  test('quotes the server in one line without its secrets', async () => {
    const key = testAccount.encodingAESKey;
    const body = `<h1>Forbidden</h1>\u001b[31m key ${key.slice(0, 9)}\u001b[0m${key.slice(9)} ${'why '.repeat(100)}`;
    const fetch: Fetch = () => Promise.resolve({ status: 403, headers: {}, body: Buffer.from(body) });
    // Wherever the line is cut, no beginning of the secret is left.
    const { stdout } = await run(['handshake', 'probe', url, '--post', '--json'], { fetch });
    const said = (JSON.parse(stdout) as Checks).checks[1]?.server_said ?? '';
    expect(said).toMatch(/^Forbidden key \*\*\* why why .*…$/);
    expect(said).toHaveLength(160);
    const printed = await run(['handshake', 'probe', url, '--post'], { fetch });
    for (const text of [stdout, printed.stdout]) {
      expect(text).not.toContain(key.slice(0, 8));
      expect(text).not.toContain('\u001b');
    }
    expect(printed.stdout).toContain('It says: “Forbidden key ***');
  });

  test('names the mistake of a server that answers nothing to a right signature', async () => {
    const careless: Fetch = (request) => {
      const query = new URL(request.url).searchParams;
      const text = testAccount.callbackToken + (query.get('timestamp') ?? '') + (query.get('nonce') ?? '');
      const right = createHash('sha1').update(text).digest('hex') === query.get('signature');
      return Promise.resolve({
        status: 200,
        headers: {},
        body: Buffer.from(right ? (query.get('echostr') ?? '') : ''),
      });
    };
    const { code, stdout } = await run(['handshake', 'probe', url, '--json'], { fetch: careless });
    const { ok, checks, experiments } = JSON.parse(stdout) as Checks;
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(checks[1]).toMatchObject({ cause: 'empty', message: expect.stringContaining('without sorting') });
    expect(experiments).toMatchObject([{ name: 'unsorted', accepted: true }]);
    const printed = await run(['handshake', 'probe', url], { fetch: careless });
    expect(printed.stdout).toContain('\n✓ GET unsorted, 200: ');
  });

  test('advises first to compare the Token where a server answers nothing', async () => {
    const fetch: Fetch = () => Promise.resolve({ status: 200, headers: {}, body: Buffer.from('') });
    const printed = await run(['handshake', 'probe', url], { fetch });
    expect(printed.stdout).toContain('Fix: Compare the Token');
  });

  test.each(['en', 'zh'])('keeps to 80 columns in %s, whatever the server answers', async (lang) => {
    const page = `<html>${'a page of the framework, '.repeat(20)}</html>`;
    const answers: readonly Fetch[] = [
      () => Promise.reject(networkError('refused', false)),
      () => Promise.reject(networkError('timeout', true)),
      () => Promise.resolve({ status: 302, headers: { location: '/login' }, body: Buffer.from('') }),
      () => Promise.resolve({ status: 200, headers: {}, body: Buffer.from(page) }),
      honest(),
    ];
    for (const fetch of answers) {
      const { stdout } = await run(['handshake', 'probe', url, '--post', '--lang', lang], { fetch });
      expect(stdout.split('\n').filter((line) => terminalWidth(line) > 80)).toEqual([]);
    }
  });

  test('says in the words of the console what would happen', async () => {
    const refusing: Fetch = () => Promise.reject(networkError('refused', false));
    expect((await run(['handshake', 'probe', url], { fetch: refusing })).stdout).toContain('请求URL超时');
    const wrong: Fetch = () => Promise.resolve({ status: 200, headers: {}, body: Buffer.from('no') });
    expect((await run(['handshake', 'probe', url], { fetch: wrong })).stdout).toContain('token验证失败');
  });

  test('fails a public address with a port that the console does not take', async () => {
    const ended = await run(['handshake', 'probe', 'http://mp.example.com:8080/wechat', '--json'], {
      fetch: honest(),
    });
    expect(ended.code).toBe(1);
    expect(outlineOf(ended.stdout)[0]).toBe('address fail other');
    const right = await run(['handshake', 'probe', 'http://mp.example.com/wechat', '--json'], {
      fetch: honest(),
    });
    expect(right.code).toBe(0);
    expect(outlineOf(right.stdout)[0]).toBe('handshake pass');
  });

  test('--post adds both messages, and leaves out the encrypted one without a key', async () => {
    const words = ['handshake', 'probe', url, '--post', '--json'];
    const both = await run(words, { fetch: honest() });
    expect(both.code).toBe(0);
    expect(outlineOf(both.stdout).slice(-2)).toEqual(['post_plain warn forbidden', 'post_encrypted pass']);
    const plain = handlerFetch(
      honestHandler(createManualClock(startMs), { mode: 'plain', reply: () => 'success' }),
    ).fetch;
    const one = await run(words, { fetch: plain, environment: { WECHAT_MP_AES_KEY: undefined } });
    expect(outlineOf(one.stdout).slice(-2)).toEqual(['post_plain pass', 'post_encrypted skip']);
  });

  test('refuses what is no URL before anything is asked', async () => {
    for (const wrong of ['localhost:3000/wechat', 'ftp://x/', '/wechat']) {
      const ended = await run(['handshake', 'probe', wrong], { fetch: honest() });
      expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('http') });
    }
  });
});

describe('handshake probe --console', () => {
  const reach = (answer: unknown): Fetch => {
    const server = honest();
    return async (request) => {
      if (request.url.includes('/cgi-bin/stable_token'))
        return json({ access_token: 'SIM_token_of_this_test', expires_in: 7200 });
      if (!request.url.includes('/cgi-bin/callback/check')) return await server(request);
      expect(JSON.parse(String(request.body))).toEqual({ action: 'all', check_operator: 'DEFAULT' });
      return json(answer);
    };
  };
  const json = (value: unknown) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(value)),
  });
  const account = accountOf(fakeWorld().simulator);
  const probe = async (answer: unknown) => {
    const ended = await run(['handshake', 'probe', url, '--console', '--json'], {
      fetch: reach(answer),
      environment: { ...account, WECHAT_MP_CALLBACK_TOKEN: testAccount.callbackToken },
    });
    return { code: ended.code, last: outlineOf(ended.stdout).at(-1), stdout: ended.stdout };
  };
  const dns = [{ ip: '203.0.113.7', real_operator: 'UNICOM' }];
  const ping = [{ ip: '203.0.113.7', from_operator: 'UNICOM', package_loss: '0%', time: '23.079ms' }];

  test('passes what WeChat reaches, with its addresses', async () => {
    const { code, last, stdout } = await probe({ dns, ping });
    expect({ code, last }).toEqual({ code: 0, last: 'console pass' });
    expect(stdout).toContain('203.0.113.7 (UNICOM 23.079ms)');
  });

  test('warns where every ping is lost, but not where one comes back', async () => {
    const lost = [{ ...ping[0], package_loss: '100%' }];
    expect((await probe({ dns, ping: lost })).last).toBe('console warn other');
    expect((await probe({ dns, ping: [...lost, ...ping] })).last).toBe('console pass');
  });

  test('fails where no address is found or no URL is saved', async () => {
    expect(await probe({ dns: [], ping: [] })).toMatchObject({ code: 1, last: 'console fail other' });
    const none = await probe({ errcode: 40201, errmsg: 'invalid check url' });
    expect(none).toMatchObject({ code: 1, last: 'console fail other' });
  });

  test('warns where WeChat does not answer the question', async () => {
    const refused = await probe({ errcode: 48001, errmsg: 'api unauthorized' });
    expect(refused).toMatchObject({ code: 0, last: 'console warn other' });
  });

  test('needs an account, and says so before the server is asked', async () => {
    const world = fakeWorld({
      fetch: honest(),
      environment: { ...environment, WECHAT_MP_APPSECRET: undefined },
    });
    expect(await world.run('handshake', 'probe', url, '--console')).toMatchObject({ code: 3 });
    expect(world.requests).toEqual([]);
  });
});
