import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { errcodeZero, type Answer, type Proof } from '../../src/api/answer.ts';
import { createClient, MAX_ANSWER_BYTES, type Call, type TokenProvider } from '../../src/api/client.ts';
import { PlatformError, WechatMpError } from '../../src/core/errors.ts';
import type { Clock } from '../../src/io/ports.ts';
import { fakeFetch, networkError, type FakeAnswer } from '../helpers/fake-fetch.ts';

const token = 'SIM_CANARY_0123456789abcdefghij';
const renewed = 'SIM_renewed_0123456789abcdefghij';
const anything: Proof<Answer> = { wanted: { en: 'nothing', zh: '无' }, find: (answer) => answer };
const read: Call<Answer> = { effect: 'read', method: 'GET', path: '/cgi-bin/menu/get', proof: anything };
const check = { en: 'Run: wechat-mp menu pull', zh: '请运行：wechat-mp menu pull' };
const write: Call<true> = {
  effect: 'write',
  method: 'POST',
  path: '/cgi-bin/menu/addconditional',
  body: { a: 1 },
  proof: errcodeZero,
  check,
};
const ticket: Proof<string> = {
  wanted: { en: 'a "ticket"', zh: '“ticket”' },
  find: ({ fields }) => (typeof fields['ticket'] === 'string' ? fields['ticket'] : undefined),
};

/** A clock whose sleepers wake at once, as if the time had passed. */
function skippingClock(): Clock & { readonly sleeps: number[] } {
  let passedMs = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => passedMs,
    monotonic: () => passedMs,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      sleeps.push(milliseconds);
      passedMs += milliseconds;
    },
  };
}

interface Setting {
  readonly apiBase?: string;
  readonly tokens?: TokenProvider;
  readonly byte?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onPause?: () => void;
}

function setUp(answers: readonly FakeAnswer[], setting: Setting = {}) {
  const fake = fakeFetch(...answers);
  const clock = skippingClock();
  const failed: string[] = [];
  const debugged: string[] = [];
  const simulators: string[] = [];
  const client = createClient({
    fetch: fake.fetch,
    apiBase: setting.apiBase ?? 'http://127.0.0.1:8090',
    timeoutMs: setting.timeoutMs ?? 10_000,
    tokens: setting.tokens ?? {
      get: async () => ({ value: token }),
      renew: async (value) => {
        failed.push(value);
        return { value: renewed };
      },
    },
    clock,
    random: {
      bytes: (count) => {
        setting.onPause?.();
        return new Uint8Array(count).fill(setting.byte ?? 0);
      },
    },
    signal: setting.signal,
    debug: (line) => debugged.push(line),
    onSimulator: (url) => simulators.push(url),
    appId: 'wx1234567890abcdef',
  });
  return { client, fake, clock, failed, debugged, simulators };
}

async function failure(promise: Promise<unknown>): Promise<WechatMpError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WechatMpError);
  return error as WechatMpError;
}

const busy = { body: { errcode: -1, errmsg: 'system error' } };
const ok = { body: { errcode: 0, errmsg: 'ok' } };

describe('client.call() asks', () => {
  test('with the token in the query, escaped, and nowhere else', async () => {
    const tokens = { get: async () => ({ value: 'SIM_+/=&?#' }), renew: async () => ({ value: '' }) };
    const { client, fake } = setUp([ok], { tokens });
    await client.call({ ...write, query: { type: 'a b' } });
    const [request] = fake.requests;
    expect(request?.url).toBe(
      'http://127.0.0.1:8090/cgi-bin/menu/addconditional?type=a+b&access_token=SIM_%2B%2F%3D%26%3F%23',
    );
    expect(request?.headers).toEqual({ 'user-agent': 'wechat-mp-cli', 'content-type': 'application/json' });
    expect(request).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      timeoutMs: 10_000,
      maxBytes: MAX_ANSWER_BYTES,
    });
  });

  test('with Chinese text as it is, never escaped', async () => {
    const { client, fake } = setUp([ok]);
    await client.call({ ...write, body: { name: '菜单😀' } });
    expect(fake.requests[0]?.body).toBe('{"name":"菜单😀"}');
  });

  test('with bytes and text as they are, and their content type', async () => {
    const { client, fake } = setUp([ok, ok]);
    const bytes = new Uint8Array([1, 2]);
    await client.call({ ...write, body: bytes, contentType: 'image/jpeg' });
    await client.call({ ...write, body: '{ "a" : 1 }' });
    expect(fake.requests.map((request) => request.body)).toEqual([bytes, '{ "a" : 1 }']);
    expect(fake.requests[0]?.headers?.['content-type']).toBe('image/jpeg');
  });

  test('below a path of the API base', async () => {
    const { client, fake } = setUp([ok], { apiBase: 'http://127.0.0.1:8090/wechat' });
    await client.call({ ...read, token: false });
    expect(fake.requests[0]?.url).toBe('http://127.0.0.1:8090/wechat/cgi-bin/menu/get');
  });

  test('another host of the platform: the official one, or the overridden base', async () => {
    const official = setUp([ok], { apiBase: 'https://api.weixin.qq.com' });
    await official.client.call({ ...read, token: false, host: 'mp.weixin.qq.com' });
    expect(official.fake.requests[0]?.parsedUrl.origin).toBe('https://mp.weixin.qq.com');
    const local = setUp([ok]);
    await local.client.call({ ...read, token: false, host: 'mp.weixin.qq.com' });
    expect(local.fake.requests[0]?.parsedUrl.origin).toBe('http://127.0.0.1:8090');
  });

  test('no other host for a path without a slash', async () => {
    const { client, fake } = setUp([]);
    await expect(client.call({ ...read, path: '@example.com/' })).rejects.toBeInstanceOf(TypeError);
    expect(fake.requests).toHaveLength(0);
  });

  test('for no token where none is wanted', async () => {
    const tokens = {
      get: () => Promise.reject(new Error('asked')),
      renew: () => Promise.reject(new Error('asked')),
    };
    const { client, fake } = setUp([ok], { tokens });
    await client.call({ ...read, token: false });
    expect(fake.requests[0]?.parsedUrl.search).toBe('');
  });

  test('and tells debug what happened, without query and body', async () => {
    const { client, debugged } = setUp([networkError('reset', true), ok]);
    await client.call({ ...read, query: { secret: token } });
    expect(debugged).toEqual([
      'GET http://127.0.0.1:8090/cgi-bin/menu/get → reset after 0 ms',
      'GET http://127.0.0.1:8090/cgi-bin/menu/get → 200 in 0 ms, 27 bytes',
    ]);
  });

  test('and tells once that the server is the simulator', async () => {
    const headers = { server: 'wechat-mp-simulator' };
    const { client, simulators } = setUp([
      { ...ok, headers: { server: 'nginx' } },
      { ...ok, headers },
      { ...ok, headers },
    ]);
    await client.call(read);
    expect(simulators).toEqual([]);
    await client.call(read);
    await client.call(read);
    expect(simulators).toEqual(['http://127.0.0.1:8090']);
  });
});

describe('client.call() repeats', () => {
  test.each([
    ['an errcode -1', busy],
    ['an errcode -1000', { body: { errcode: -1000 } }],
    ['an errcode -1 as text', { body: { errcode: '-1' } }],
    ['HTTP 502', { status: 502, body: 'bad gateway' }],
    ['HTTP 500 with an errcode -1', { status: 500, body: { errcode: -1 } }],
    ['HTTP 502 with a good body', { status: 502, body: { errcode: 0, menu: {} } }],
    ['a lost answer', networkError('reset', true)],
    ['an empty answer', { body: '' }],
    ['a truncated answer', { body: '{"errcode":' }],
  ])('a read twice after %s, and takes the third answer', async (_name, fault) => {
    const { client, fake } = setUp([fault, fault, ok]);
    await client.call(read);
    expect(fake.requests).toHaveLength(3);
    fake.verify();
  });

  test.each([
    ['an errcode -1', busy, 'system_busy'],
    ['HTTP 502', { status: 502, body: '' }, 'http_status'],
    ['a lost answer', networkError('reset', true), 'reset'],
  ])('a read no third time after %s', async (_name, fault, type) => {
    const { client, fake } = setUp([fault, fault, fault]);
    expect(await failure(client.call(read))).toMatchObject({ family: 'network', type, retryable: true });
    expect(fake.requests).toHaveLength(3);
  });

  test.each([
    ['a refusal', { body: { errcode: 40013, errmsg: 'invalid appid' } }],
    ['a quota', { body: { errcode: 45009, errmsg: 'reach max api daily quota limit' } }],
    ['HTTP 404', { status: 404, body: '' }],
    ['a timeout', networkError('timeout', true)],
    ['a timeout of the connection', networkError('timeout', false)],
    ['a redirect', { status: 302, headers: { location: 'https://example.com/' } }],
    ['a web page', { body: '<html>' }],
    ['text', { body: 'ok' }],
    ['a failure that stays', networkError('tls', false, false)],
  ])('nothing after %s', async (_name, fault) => {
    const { client, fake } = setUp([fault]);
    await failure(client.call(read));
    expect(fake.requests).toHaveLength(1);
  });

  test.each([
    [0, [200, 200]],
    [255, [1000, 1000]],
    [51, [360, 360]],
  ])('after a delay between 200 and 1000 ms: random byte %i', async (byte, sleeps) => {
    const { client, clock } = setUp([busy, busy, ok], { byte });
    await client.call(read);
    expect(clock.sleeps).toEqual(sleeps);
  });

  test('only while the time of the call lasts, pauses included, and shortens what follows', async () => {
    // 800 ms: after two pauses of 200 ms the third exchange has 400 left.
    const { client, fake } = setUp([busy, busy, ok], { timeoutMs: 800 });
    await client.call(read);
    expect(fake.requests.map((request) => request.timeoutMs)).toEqual([800, 600, 400]);
    const short = setUp([busy, busy], { timeoutMs: 300 });
    expect((await failure(short.client.call(read))).type).toBe('system_busy');
    expect(short.fake.requests.map((request) => request.timeoutMs)).toEqual([300, 100]);
  });

  test("only while a quarter of an exchange's time is left", async () => {
    // 1334 ms after a pause of 1000 ms leave a quarter and half a millisecond; one millisecond less is too little.
    for (const [timeoutMs, exchanges] of [
      [1334, 2],
      [1333, 1],
    ] as const) {
      const { client, fake } = setUp([busy, busy], { timeoutMs, byte: 255 });
      expect((await failure(client.call(read))).type).toBe('system_busy');
      expect(fake.requests).toHaveLength(exchanges);
    }
  });

  test('within the same time after a dead token, without the time that its renewal took', async () => {
    let renew = async (): Promise<{ value: string }> => ({ value: renewed });
    const tokens = { get: async () => ({ value: token }), renew: () => renew() };
    const { client, fake, clock } = setUp([busy, { body: { errcode: 40001 } }, ok], { tokens });
    renew = async () => {
      await clock.sleep(5000);
      return { value: renewed };
    };
    await client.call(read);
    expect(fake.requests.map((request) => request.timeoutMs)).toEqual([10_000, 9800, 9800]);
  });

  test.each(['client', 'call'])(
    'nothing once the signal of the %s is aborted during the pause',
    async (whose) => {
      const controllers = { client: new AbortController(), call: new AbortController() };
      const reason = new Error('stopped');
      const { client, fake } = setUp([busy], {
        signal: controllers.client.signal,
        onPause: () => controllers[whose as 'client' | 'call'].abort(reason),
      });
      await expect(client.call({ ...read, signal: controllers.call.signal })).rejects.toBe(reason);
      expect(fake.requests).toHaveLength(1);
    },
  );
});

describe('client.call() with a change', () => {
  const good = { errcode: 0, errmsg: 'ok' };
  test.each<readonly [string, FakeAnswer, string]>([
    ['a timeout', networkError('timeout', true), 'timeout'],
    ['a lost answer', networkError('reset', true), 'reset'],
    ['HTTP 502', { status: 502, body: '' }, 'http_status'],
    ['HTTP 502 with a good body', { status: 502, body: good }, 'http_status'],
    ['HTTP 502 with a refusal', { status: 502, body: { errcode: 40001 } }, 'http_status'],
    ['HTTP 404 with a good body', { status: 404, body: good }, 'http_status'],
    ['HTTP 404 with an empty object', { status: 404, body: {} }, 'http_status'],
    ['HTTP 201 with a good body', { status: 201, body: good }, 'http_status'],
    ['a web page', { body: '<html>' }, 'html_answer'],
    ['a truncated answer', { body: '{"errcode":0' }, 'truncated_answer'],
    ['an empty object', { body: {} }, 'unexpected_answer'],
    ['an errcode of null', { body: { errcode: null } }, 'unexpected_answer'],
    ['an errcode that is false', { body: { errcode: false } }, 'unexpected_answer'],
    ['an errcode in words', { body: { errcode: 'ok' } }, 'unexpected_answer'],
    ['an errcode "00"', { body: { errcode: '00' } }, 'unexpected_answer'],
    ['other fields', { body: { a: 1 } }, 'unexpected_answer'],
    ['an errmsg alone', { body: { errmsg: 'ok' } }, 'unexpected_answer'],
    ['names of a prototype', { body: '{"__proto__":{"errcode":0}}' }, 'unexpected_answer'],
  ])('says after %s that it may have been made, and does not repeat it', async (_name, fault, type) => {
    const { client, fake } = setUp([fault]);
    const error = await failure(client.call(write));
    expect(fake.requests).toHaveLength(1);
    expect(error).toMatchObject({
      family: 'network',
      type,
      retryable: false,
      hint: check,
      facts: { outcome: 'unknown' },
    });
    expect(error.text.en).toMatch(/; the change may or may not have happened$/);
    expect(error.text.zh).toMatch(/；变更可能已经生效，也可能没有$/);
  });

  test.each([0, '0'])('takes the errcode %j for its proof', async (errcode) => {
    expect(await setUp([{ body: { errcode } }]).client.call(write)).toBe(true);
  });

  test('takes the documented field for its proof, and nothing else', async () => {
    const call = { ...write, proof: ticket };
    expect(await setUp([{ body: { ticket: 'x' } }]).client.call(call)).toBe('x');
    for (const body of [good, { ticket: 7 }]) {
      const error = await failure(setUp([{ body }]).client.call(call));
      expect(error).toMatchObject({ type: 'unexpected_answer', facts: { outcome: 'unknown' } });
      expect(error.text.en).toContain('lacks a "ticket"');
    }
    const refused = { body: { errcode: 45009, ticket: 'x' } };
    expect((await failure(setUp([refused]).client.call(call))).family).toBe('limit');
  });

  test('repeats it when nothing had been sent', async () => {
    const { client, fake } = setUp([networkError('refused', false), networkError('dns', false), ok]);
    await client.call(write);
    expect(fake.requests).toHaveLength(3);
  });

  test('says nothing of a change when nothing had been sent', async () => {
    const refused = networkError('refused', false);
    const { client } = setUp([refused, refused, refused]);
    expect(await failure(client.call(write))).toBe(refused);
  });

  test.each([
    ['a redirect', { status: 307, headers: { location: 'https://example.com/' } }],
    ['HTTP 404', { status: 404, body: '' }],
    ['HTTP 412 with a refusal', { status: 412, body: { errcode: 43002 } }],
  ])('says nothing of a change after %s', async (_name, fault) => {
    const error = await failure(setUp([fault]).client.call(write));
    expect(error.facts['outcome']).toBeUndefined();
    expect(error.text.en).not.toContain('may or may not');
  });

  test('does not repeat it after an errcode -1', async () => {
    const { client, fake } = setUp([busy]);
    expect(await failure(client.call(write))).toMatchObject({ type: 'system_busy', retryable: true });
    expect(fake.requests).toHaveLength(1);
  });
});

describe('client.call() with a dead token', () => {
  test.each([40001, 40014, 42001, '40001'])(
    'replaces it after %s and repeats even a change once',
    async (errcode) => {
      const { client, fake, failed } = setUp([{ body: { errcode, errmsg: 'invalid credential' } }, ok]);
      await client.call(write);
      expect(failed).toEqual([token]);
      expect(fake.requests.map((request) => request.parsedUrl.searchParams.get('access_token'))).toEqual([
        token,
        renewed,
      ]);
    },
  );

  test.each([40001, 40014, 42001])('gives up after a second %i', async (errcode) => {
    const dead = { body: { errcode, errmsg: 'invalid credential' } };
    const { client, fake, failed } = setUp([dead, dead]);
    const error = await failure(client.call(read));
    expect(error).toBeInstanceOf(PlatformError);
    expect(error).toMatchObject({ family: 'account', facts: { errcode } });
    expect(fake.requests).toHaveLength(2);
    expect(failed).toEqual([token]);
  });

  test('repeats the call once also where the platform names the same token again', async () => {
    const tokens = { get: async () => ({ value: token }), renew: async () => ({ value: token }) };
    const dead = { body: { errcode: 42001, errmsg: 'access_token expired' } };
    const { client, fake } = setUp([dead, ok], { tokens });
    await client.call(write);
    expect(fake.requests.map((request) => request.parsedUrl.searchParams.get('access_token'))).toEqual([
      token,
      token,
    ]);
    const error = await failure(setUp([dead, dead], { tokens }).client.call(read));
    expect(error).toMatchObject({ family: 'account', type: 'token_expired' });
    expect(error.details.map((text) => text.en)).toContain(
      'Asked for a new token, WeChat named the same one again; the call was repeated with it and refused again',
    );
    expect(error.hint?.en).toBe(
      'Run it again in a minute, and see who fetched the token: wechat-mp token --status',
    );
  });

  test.each([40013, 41001, 42007, 48001])('is not what %i means', async (errcode) => {
    const { client, failed } = setUp([{ body: { errcode, errmsg: '' } }]);
    await failure(client.call(read));
    expect(failed).toEqual([]);
  });

  test('does not replace one for a call without a token', async () => {
    const { client, failed } = setUp([{ body: { errcode: 40001, errmsg: '' } }]);
    const error = await failure(client.call({ ...read, path: '/cgi-bin/stable_token', token: false }));
    expect(error.type).toBe('invalid_appsecret');
    expect(failed).toEqual([]);
  });

  test.each([
    [{ 'x-simulated': 'none' }, 'api', 'not_simulated'],
    [{ 'x-simulated': 'example' }, 'account', 'no_permission'],
    [{}, 'account', 'no_permission'],
  ])('takes 48001 with the headers %j for family %s, type %s', async (headers, family, type) => {
    const { client } = setUp([{ body: { errcode: 48001, errmsg: 'api unauthorized' }, headers }]);
    expect(await failure(client.call(read))).toMatchObject({ family, type });
  });

  test('lets an error of the token source through', async () => {
    const trouble = networkError('timeout', true);
    const tokens = { get: async () => ({ value: token }), renew: () => Promise.reject(trouble) };
    const { client } = setUp([{ body: { errcode: 40001 } }], { tokens });
    expect(await failure(client.call(write))).toBe(trouble);
  });
});

describe('client.call() keeps simulated and real tokens apart', () => {
  const give = (value: string, next = value): TokenProvider => ({
    get: async () => ({ value }),
    renew: async () => ({ value: next }),
  });

  test.each([
    ['https://api.weixin.qq.com', 'SIM_abc'],
    ['https://127.0.0.1.example.com', 'SIM_abc'],
    ['http://127.0.0.1:8090', '50_real'],
    ['http://localhost:8090', 'sim_abc'],
    ['http://[::1]:8090', '50_real'],
  ])('refuses at %s the token %s before anything is sent', async (apiBase, value) => {
    const { client, fake } = setUp([], { apiBase, tokens: give(value) });
    const error = await failure(client.call(read));
    expect(error).toMatchObject({ family: 'account', type: 'simulator_token' });
    expect(inspect(error, { depth: 9 })).not.toContain(value);
    expect(fake.requests).toHaveLength(0);
  });

  test.each([
    ['https://api.weixin.qq.com', '50_real'],
    ['http://127.0.0.1:8090', 'SIM_abc'],
  ])('sends at %s the token %s', async (apiBase, value) => {
    const { client, fake } = setUp([ok], { apiBase, tokens: give(value) });
    await client.call(read);
    expect(fake.requests).toHaveLength(1);
  });

  test('refuses a replacement of the other kind', async () => {
    const { client, fake } = setUp([{ body: { errcode: 40001 } }], { tokens: give('SIM_abc', '50_real') });
    expect((await failure(client.call(read))).type).toBe('simulator_token');
    expect(fake.requests).toHaveLength(1);
  });
});

describe('client.call() reads', () => {
  test.each([[{ errcode: 0 }], [{ errcode: '0' }], [{}], [{ errcode: null }], [{ ticket: 'x' }]])(
    'the success %o',
    async (body) => {
      expect((await setUp([{ body }]).client.call(read)).fields).toEqual(body);
    },
  );

  test('a body with a byte order mark, whatever its content type says', async () => {
    const body = Buffer.from('\ufeff{"url":"好"}');
    const answer = await setUp([{ body, headers: { 'content-type': 'text/plain' } }]).client.call(read);
    expect(answer.fields).toEqual({ url: '好' });
  });

  test('the Date header in milliseconds, and nothing where there is none', async () => {
    const headers = { date: 'Thu, 17 Sep 2026 14:59:38 GMT' };
    expect((await setUp([{ ...ok, headers }]).client.call(read)).serverTimeMs).toBe(1_789_657_178_000);
    expect(await setUp([{ ...ok, headers: { date: 'today' } }]).client.call(read)).not.toHaveProperty(
      'serverTimeMs',
    );
  });

  test.each([201, 206, 404, 412, 502])('no answer of the platform behind HTTP %i', async (status) => {
    for (const body of [{ menu: { button: [] } }, { errcode: 46003, errmsg: 'menu no exist' }]) {
      const fault = { status, body };
      const error = await failure(setUp([fault, fault, fault]).client.call(read));
      expect(error).toMatchObject({ family: 'network', type: 'http_status', facts: { http_status: status } });
      expect(error.details[0]?.en).toBe(`It says: ${JSON.stringify(body)}`);
    }
  });

  test.each([
    ['<!DOCTYPE html><h1>hi</h1>', 'html_answer'],
    ['  \n<xml/>', 'html_answer'],
    ['', 'empty_answer'],
    [' \n ', 'empty_answer'],
    ['{"access_token":"SIM_', 'truncated_answer'],
    ['[1,', 'truncated_answer'],
    ['{"a":1}}', 'not_json'],
    ['ok', 'not_json'],
    ['[]', 'unexpected_answer'],
    ['"text"', 'unexpected_answer'],
    ['null', 'unexpected_answer'],
    ['40001', 'unexpected_answer'],
    ['{"errcode":{}}', 'unexpected_answer'],
    ['{"errcode":1.5}', 'unexpected_answer'],
    ['{"errcode":"40001x"}', 'unexpected_answer'],
  ])('%j as %s', async (body, type) => {
    const fault = { body };
    expect(await failure(setUp([fault, fault, fault]).client.call(read))).toMatchObject({
      family: 'network',
      type,
    });
  });

  test('bytes that are not UTF-8 as such', async () => {
    const body = new Uint8Array([0x7b, 0xff, 0x7d]);
    expect((await failure(setUp([{ body }]).client.call(read))).type).toBe('invalid_utf8');
  });

  test.each([301, 302, 303, 307, 308])(
    'HTTP %i as a redirect to another host, without its query',
    async (status) => {
      const headers = { location: `https://evil.example/x?access_token=${token}` };
      const error = await failure(setUp([{ status, headers, body: ok.body }]).client.call(read));
      expect(error.type).toBe('redirect');
      expect(error.text.en).toContain('to "https://evil.example"');
      expect(inspect(error, { depth: 9 })).not.toContain('CANARY');
    },
  );

  test('names of a prototype as plain fields', async () => {
    const answer = await setUp([{ body: '{"__proto__":{"errcode":40001},"constructor":1}' }]).client.call(
      read,
    );
    expect(Object.keys(answer.fields)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['errcode']).toBeUndefined();
  });

  test('at most 200 clean characters of a foreign body', async () => {
    const body = `gateway \u001b[31m${token} "secret":"${token}" ${'x'.repeat(5000)}`;
    const error = await failure(setUp([{ body }]).client.call({ ...read, secrets: ['another secret'] }));
    const [shown = { en: '', zh: '' }] = error.details;
    expect(shown.en).toMatch(/^It says: gateway \*\*\* "secret":"\*\*\*" x+…$/);
    expect(Array.from(shown.en.replace('It says: ', ''))).toHaveLength(200);
    expect(shown.zh).toMatch(/^内容：gateway/);
    expect(inspect(error, { depth: 9 })).not.toContain('CANARY');
  });

  test('no words of the JSON parser', async () => {
    const error = await failure(setUp([{ body: `${token} {` }]).client.call(read));
    expect(error.cause).toBeUndefined();
    expect(inspect(error, { depth: 9 })).not.toContain('Unexpected token');
  });

  test('raw bytes as they are, but not an error of the server', async () => {
    const body = new Uint8Array([0xff, 0xd8]);
    const raw = { ...read, raw: true };
    expect((await setUp([{ body, status: 404 }]).client.call(raw)).status).toBe(404);
    expect((await setUp([{ body }]).client.call(raw)).bytes).toEqual(body);
    const broken = { body, status: 500 };
    expect((await failure(setUp([broken, broken, broken]).client.call(raw))).type).toBe('http_status');
  });

  test('a refusal in JSON also where bytes were wanted', async () => {
    const answer = {
      headers: { 'content-type': 'text/plain' },
      body: { errcode: 40007, errmsg: 'invalid media_id' },
    };
    expect((await failure(setUp([answer]).client.call({ ...read, raw: true }))).type).toBe(
      'invalid_media_id',
    );
  });
});
