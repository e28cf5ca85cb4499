import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { parseFields } from '../../src/core/callback/body.ts';
import type { EncryptionMode } from '../../src/core/callback/mode.ts';
import { WechatMpError } from '../../src/core/errors.ts';
import {
  decodeEncodingAESKey,
  decryptMessage,
  encryptMessage,
} from '../../src/core/callback/message-crypto.ts';
import { signMessage } from '../../src/core/callback/message-signature.ts';
import { signUrl } from '../../src/core/callback/signature.ts';
import { formatXml } from '../../src/core/message/format-xml.ts';
import { parseXml } from '../../src/core/message/xml.ts';
import { createCallbackHandler } from '../../src/server/callback-handler.ts';
import type { CallbackHandlerOptions } from '../../src/server/callback-handler.ts';
import type { CallbackRecord } from '../../src/server/callback-record.ts';
import type { ServerRequest } from '../../src/io/ports.ts';

const callbackToken = 'token123';
const appId = 'wx0123456789abcdef';
const encodingAESKey = '0123456789012345678901234567890123456789012';
const key = decodeEncodingAESKey(encodingAESKey);
const nowSeconds = 1_700_000_000;
const nonce = '415670741';

/** A clock that stands still; a sleep ends when the test lets time pass or when it is aborted. */
function fakeClock() {
  let now = 0;
  const sleepers = new Set<{ until: number; wake: () => void }>();
  return {
    now: () => nowSeconds * 1000 + now,
    // A process has run for a while before anything comes in.
    monotonic: () => 7000 + now,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const sleeper = { until: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(new Error('aborted'));
        });
      }),
    advance(ms: number) {
      now += ms;
      for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake();
    },
    sleeping: () => sleepers.size,
  };
}

function setUp(options: Partial<CallbackHandlerOptions> & { mode?: EncryptionMode } = {}) {
  const clock = fakeClock();
  const records: CallbackRecord[] = [];
  const handler = createCallbackHandler({
    path: '/wechat',
    mode: 'plain',
    callbackToken,
    appId,
    encodingAESKey,
    clock,
    random: { bytes: (count) => Buffer.alloc(count, 7) },
    onEvent: (record) => records.push(record),
    ...options,
  });
  return { clock, records, send: async (sent: ServerRequest) => await handler(sent) };
}

function message(fields: Readonly<Record<string, string | number>> = {}): string {
  return formatXml({
    ToUserName: 'gh_97417a04a28d',
    FromUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
    CreateTime: nowSeconds,
    MsgType: 'text',
    Content: '你好，世界 😀 ]]>',
    MsgId: '24534963034417921',
    ...fields,
  });
}

function request(change: Partial<ServerRequest> = {}): ServerRequest {
  return {
    method: 'POST',
    path: '/wechat',
    query: '',
    headers: {},
    body: Buffer.alloc(0),
    remoteAddress: '127.0.0.1',
    ...change,
  };
}

function plain(body: string | Uint8Array = message(), query: Record<string, string> = {}): ServerRequest {
  const timestamp = query['timestamp'] ?? String(nowSeconds);
  const signature = signUrl(callbackToken, timestamp, query['nonce'] ?? nonce);
  return request({
    query: String(new URLSearchParams({ signature, timestamp, nonce, ...query })),
    body: Buffer.from(body),
  });
}

function safe(
  text = message(),
  query: Record<string, string> = {},
  encrypted = encrypt(text),
): ServerRequest {
  const msg_signature = signMessage(callbackToken, String(nowSeconds), nonce, encrypted);
  return plain(formatXml({ ToUserName: 'gh', Encrypt: encrypted }), {
    encrypt_type: 'aes',
    msg_signature,
    ...query,
  });
}

const encrypt = (text: string, id = appId) =>
  encryptMessage({ message: text, appId: id, key, random16: Buffer.from('0123456789abcdef') });

const wantedReply = {
  ToUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
  FromUserName: 'gh_97417a04a28d',
  CreateTime: String(nowSeconds),
  MsgType: 'text',
  Content: '你好，世界 😀 ]]>',
};
const refusal = {
  status: 403,
  contentType: 'text/plain; charset=utf-8',
  body: '',
  headers: { 'x-content-type-options': 'nosniff' },
};

/** The record's reason, and that the answer is the one refusal. */
async function reasonOf(options: Partial<CallbackHandlerOptions>, sent: ServerRequest): Promise<string> {
  const { records, send } = setUp(options);
  expect(await send(sent)).toEqual(refusal);
  expect(records).toHaveLength(1);
  return records[0]?.kind === 'refused' ? records[0].reason : 'not refused';
}

describe('createCallbackHandler(): handshake', () => {
  const handshake = (query: Record<string, string> = {}, method = 'GET') => ({
    ...plain('', { echostr: '4375120948345356249', ...query }),
    method,
  });

  test.each(['plain', 'compatible', 'safe'] as const)(
    'the handler answers the handshake with echostr alone in %s mode',
    async (mode) => {
      const { records, send } = setUp({ mode });
      expect(await send(handshake())).toEqual({ ...refusal, status: 200, body: '4375120948345356249' });
      expect(records).toMatchObject([
        { id: '1', kind: 'handshake', echoed: true, status: 200, method: 'GET', path: '/wechat' },
      ]);
    },
  );

  test.each([
    ['signature', { signature: signUrl('token124', String(nowSeconds), nonce) }],
    ['signature', { signature: '' }],
    ['timestamp', { timestamp: '' }],
    ['nonce', { nonce: '' }],
    ['nonce', { nonce: '1'.repeat(65) }],
    ['echostr', { echostr: '<script>' }],
    ['echostr', { echostr: '' }],
    ['echostr', { echostr: 'a'.repeat(65) }],
  ])('the handler refuses a handshake with a wrong %s: %j', async (reason, query) => {
    expect(await reasonOf({}, handshake(query))).toBe(reason);
  });

  test('the handler takes a nonce of 64 characters, and needs one', async () => {
    const long = '1'.repeat(64);
    const { send } = setUp();
    expect(await send(handshake({ nonce: long }))).toMatchObject({ status: 200 });
    const without = new URLSearchParams(handshake().query);
    without.delete('nonce');
    expect(await reasonOf({}, { ...handshake(), query: String(without) })).toBe('nonce');
  });

  test('the handler refuses a visit without parameters', async () => {
    expect(await reasonOf({}, request({ method: 'GET' }))).toBe('timestamp');
  });

  test('the handler takes the first of repeated parameters', async () => {
    const { send } = setUp();
    const { query } = handshake();
    expect(await send({ ...handshake(), query: `${query}&echostr=forged` })).toMatchObject({
      body: '4375120948345356249',
    });
    expect(await send({ ...handshake(), query: `echostr=forged&${query}` })).toMatchObject({
      body: 'forged',
    });
    expect(await send({ ...handshake(), query: `signature=x&${query}` })).toEqual(refusal);
  });
});

describe('createCallbackHandler(): routes and limits', () => {
  test('the handler answers 404 to other paths and 405 to other methods', async () => {
    const { send, records } = setUp({ path: '/微信' });
    expect(await send({ ...plain(), path: '/other' })).toEqual({ ...refusal, status: 404 });
    expect(await send({ ...plain(), path: '/%E5%BE%AE%E4%BF%A1' })).toMatchObject({ status: 200 });
    expect(await send({ ...plain(), path: '/微信', method: 'PUT' })).toEqual({
      ...refusal,
      status: 405,
      headers: { ...refusal.headers, allow: 'GET, POST' },
    });
    expect(records.map(({ id, kind }) => [id, kind])).toEqual([
      ['1', 'refused'],
      ['2', 'message'],
      ['3', 'refused'],
    ]);
  });

  test.each([
    [-300, 200],
    [300, 200],
    [-301, 403],
    [301, 403],
  ])('the handler answers a timestamp %i s off with %i', async (skew, status) => {
    const { send } = setUp();
    expect(await send(plain(message(), { timestamp: String(nowSeconds + skew) }))).toMatchObject({ status });
  });

  test.each(['170000000', '17000000000', '170000000a', '1.7e9', ' 1700000000'])(
    'the handler refuses the timestamp %j',
    async (timestamp) => {
      expect(await reasonOf({ maxSkewSeconds: Infinity }, plain(message(), { timestamp }))).toBe('timestamp');
    },
  );

  test('the handler takes any time where the check is switched off', async () => {
    const { send } = setUp({ maxSkewSeconds: Infinity });
    expect(await send(plain(message(), { timestamp: '1000000000' }))).toMatchObject({ status: 200 });
  });

  test('the handler refuses compressed bodies with 415, but only signed ones learn it', async () => {
    const { send } = setUp();
    expect(await send({ ...plain(), headers: { 'content-encoding': 'gzip' } })).toEqual({
      ...refusal,
      status: 415,
    });
    expect(
      await send({ ...plain(message(), { signature: 'x' }), headers: { 'content-encoding': 'gzip' } }),
    ).toEqual(refusal);
    expect(await send({ ...plain(), headers: { 'content-encoding': 'identity' } })).toMatchObject({
      status: 200,
    });
  });

  test('the handler takes 64 KiB and refuses one byte more with 413', async () => {
    const { send } = setUp();
    const body = (bytes: number) => {
      const text = message({ Content: '' });
      return text.replace('<Content><![CDATA[', `$&${'a'.repeat(bytes - Buffer.byteLength(text))}`);
    };
    expect(await send(plain(body(65_536)))).toMatchObject({ status: 200 });
    expect(await send(plain(body(65_537)))).toEqual({ ...refusal, status: 413 });
  });

  test('the handler refuses bytes that are not UTF-8', async () => {
    expect(await reasonOf({}, plain(Buffer.from([0x3c, 0xff])))).toBe('xml');
  });
});

describe('createCallbackHandler(): messages', () => {
  test('the handler echoes in plain mode', async () => {
    const { send, records } = setUp();
    const response = await send(plain());
    expect(response).toMatchObject({ status: 200, contentType: 'text/xml; charset=utf-8' });
    expect(parseXml(String(response.body))).toEqual(wantedReply);
    expect(records).toMatchObject([
      {
        kind: 'message',
        status: 200,
        encrypted: false,
        format: 'xml',
        repeated: false,
        timedOut: false,
        text: message(),
        message: { msgId: '24534963034417921' },
        answer: { msgType: 'text', content: '你好，世界 😀 ]]>' },
        body: response.body,
      },
    ]);
  });

  test.each(['safe', 'compatible'] as const)(
    'the handler answers an encrypted message encrypted in %s mode',
    async (mode) => {
      const { send, records } = setUp({ mode });
      const response = await send(safe());
      const fields = parseXml(String(response.body));
      expect(fields).toMatchObject({ TimeStamp: String(nowSeconds), Nonce: nonce });
      const encrypted = fields['Encrypt'] as string;
      expect(fields['MsgSignature']).toBe(signMessage(callbackToken, String(nowSeconds), nonce, encrypted));
      expect(parseXml(decryptMessage({ encrypt: encrypted, appId, key }))).toEqual(wantedReply);
      expect(records).toMatchObject([{ kind: 'message', encrypted: true }]);
    },
  );

  test('the handler answers a plain message plainly in compatible mode', async () => {
    const { send } = setUp({ mode: 'compatible' });
    expect(parseXml(String((await send(plain())).body))).toEqual(wantedReply);
  });

  test('the handler answers a push in JSON in JSON', async () => {
    const text = JSON.stringify({
      ToUserName: 'gh',
      FromUserName: 'o',
      CreateTime: 1,
      MsgType: 'text',
      Content: 'a',
      MsgId: 1,
    });
    const { send } = setUp({ mode: 'safe', reply: () => ({ msgType: 'transfer_customer_service' }) });
    const encrypted = encrypt(text);
    const body = JSON.stringify({ ToUserName: 'gh', Encrypt: encrypted });
    const response = await send({ ...safe(text, {}, encrypted), body: Buffer.from(body) });
    expect(response.contentType).toBe('application/json; charset=utf-8');
    const sealed = parseFields(String(response.body))['Encrypt'] as string;
    expect(JSON.parse(decryptMessage({ encrypt: sealed, appId, key }))).toMatchObject({
      ToUserName: 'o',
      MsgType: 'transfer_customer_service',
    });
  });

  test.each(['success', ''] as const)('the handler sends %j bare, even in safe mode', async (answer) => {
    const { send } = setUp({ mode: 'safe', reply: () => answer });
    expect(await send(safe())).toEqual({ ...refusal, status: 200, body: answer });
  });

  test('the handler answers success where the reply fails, and says so in the record', async () => {
    const problem = new Error('boom');
    const { send, records } = setUp({ reply: () => Promise.reject(problem) });
    expect(await send(plain())).toEqual({ ...refusal, status: 200, body: 'success' });
    expect(records).toMatchObject([{ kind: 'message', answer: 'success', error: problem }]);
  });
});

describe('createCallbackHandler(): refusals', () => {
  const wrongSignature = '0'.repeat(40);
  const attacks: readonly (readonly [string, string, ServerRequest])[] = [
    ['no signatures', 'signature', request({ query: `timestamp=${nowSeconds}&nonce=1`, body: safe().body })],
    ['a wrong signature', 'signature', safe(message(), { signature: wrongSignature })],
    ['a wrong msg_signature', 'signature', safe(message(), { msg_signature: wrongSignature })],
    [
      'signature as msg_signature',
      'signature',
      safe(message(), { msg_signature: signUrl(callbackToken, String(nowSeconds), nonce) }),
    ],
    ['a plain message', 'encrypt', plain()],
    ['a plain message that claims to be raw', 'encrypt', plain(message(), { encrypt_type: 'raw' })],
    ['another AppID', 'appid', safe('', {}, encrypt(message(), 'wx0123456789abcdee'))],
    ['no Base64', 'base64', safe('', {}, '!!!')],
    ['a short text', 'decrypt', safe('', {}, 'QUJD')],
    ['bad padding', 'buffer', safe('', {}, Buffer.alloc(32).toString('base64'))],
    ['garbage inside', 'xml', safe('garbage')],
    ['a document type inside', 'xml', safe('<!DOCTYPE a><xml></xml>')],
    ['a document type outside', 'xml', { ...safe(), body: Buffer.from('<!DOCTYPE a><xml></xml>') }],
    ['an old request', 'skew', safe(message(), { timestamp: String(nowSeconds - 301) })],
  ];

  test.each(attacks)(
    'the handler refuses in safe mode with the same 403: %s',
    async (_name, reason, sent) => {
      expect(await reasonOf({ mode: 'safe' }, sent)).toBe(reason);
    },
  );

  test('the handler refuses a forged plain message in plain mode', async () => {
    expect(await reasonOf({ mode: 'plain' }, plain(message(), { signature: wrongSignature }))).toBe(
      'signature',
    );
    expect(await reasonOf({ mode: 'plain' }, safe())).toBe('encrypt');
  });

  test('the handler refuses an unsigned plain message in compatible mode', async () => {
    const unsigned = (query: string) =>
      request({ query: `timestamp=${nowSeconds}&nonce=${nonce}${query}`, body: Buffer.from(message()) });
    for (const query of ['', '&encrypt_type=raw', '&openid=o9AgO5Kd5ggOC-bXrbNODIiE3bGY'])
      expect(await reasonOf({ mode: 'compatible' }, unsigned(query))).toBe('signature');
    expect(await reasonOf({ mode: 'plain' }, unsigned(''))).toBe('signature');
  });

  test('the handler looks at the signature before it says what is wrong with the body', async () => {
    const gzip = { 'content-encoding': 'gzip' };
    for (const mode of ['plain', 'compatible', 'safe'] as const) {
      const { send } = setUp({ mode });
      expect(await send({ ...plain(), headers: gzip })).toEqual({ ...refusal, status: 415 });
      const forged = plain(message(), { signature: wrongSignature });
      expect(await send({ ...forged, headers: gzip })).toEqual(refusal);
    }
  });

  test('the handler refuses a wrong msg_signature in compatible mode', async () => {
    expect(await reasonOf({ mode: 'compatible' }, safe(message(), { msg_signature: wrongSignature }))).toBe(
      'signature',
    );
    expect(await reasonOf({ mode: 'compatible' }, plain(message(), { encrypt_type: 'aes' }))).toBe('encrypt');
  });

  test.each(['safe', 'compatible'] as const)(
    'createCallbackHandler() asks for key and AppID in %s mode',
    (mode) => {
      expect(() => setUp({ mode, encodingAESKey: undefined })).toThrow(WechatMpError);
      expect(() => setUp({ mode, appId: undefined })).toThrow(WechatMpError);
      expect(() => setUp({ mode, encodingAESKey: 'short' })).toThrow(WechatMpError);
    },
  );

  test('createCallbackHandler() needs neither key nor AppID in plain mode', async () => {
    const { send } = setUp({ mode: 'plain', encodingAESKey: undefined, appId: undefined });
    expect(await send(plain())).toMatchObject({ status: 200 });
  });
});

describe('createCallbackHandler(): repeated pushes and the deadline', () => {
  /** A reply that takes as long as the test wants. */
  function slowReply() {
    let runs = 0;
    const waiting: ((content: string) => void)[] = [];
    return {
      runs: () => runs,
      finish: (content: string) => waiting.forEach((resolve) => resolve(content)),
      reply: () => {
        runs += 1;
        return new Promise<{ msgType: 'text'; content: string }>((resolve) => {
          waiting.push((content) => resolve({ msgType: 'text', content }));
        });
      },
    };
  }
  /** Lets everything run that waits for nothing but its turn, module loading included. */
  const settle = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resolve) => setImmediate(resolve));
  };

  test('the handler runs once for four deliveries, one of them while it is at work', async () => {
    const slow = slowReply();
    const { send, records, clock } = setUp({ mode: 'safe', reply: slow.reply });
    const first = send(safe());
    await settle(() => slow.runs() === 1);
    const second = send(safe());
    await settle(() => clock.sleeping() === 2);
    slow.finish('once');
    const bodies = [await first, await second, await send(safe()), await send(safe())].map(
      ({ body }) => body,
    );
    expect(slow.runs()).toBe(1);
    expect(new Set(bodies).size).toBe(1);
    expect(records.map((record) => record.kind === 'message' && record.repeated)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  test('the handler runs again for another message', async () => {
    let runs = 0;
    const { send } = setUp({ reply: () => ((runs += 1) > 0 ? 'success' : '') });
    await send(plain());
    await send(plain(message({ MsgId: '2' })));
    await send(plain());
    expect(runs).toBe(2);
  });

  test('the handler sends success after 4500 ms, and the finished answer to a repetition', async () => {
    const slow = slowReply();
    const { send, records, clock } = setUp({ reply: slow.reply });
    const first = send(plain());
    await settle(() => clock.sleeping() === 1);
    clock.advance(4499);
    let answered = false;
    void first.then(() => (answered = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    clock.advance(1);
    expect(await first).toEqual({ ...refusal, status: 200, body: 'success' });
    slow.finish('late');
    expect(String((await send(plain())).body)).toContain('late');
    expect(slow.runs()).toBe(1);
    expect(records).toMatchObject([
      { timedOut: true, repeated: false, ms: 4500 },
      { timedOut: false, repeated: true },
    ]);
  });

  test('the handler waits for ever where there is no deadline, and leaves no timer behind', async () => {
    const slow = slowReply();
    const { send, clock } = setUp({ reply: slow.reply, deadlineMs: Infinity });
    const first = send(plain());
    await settle(() => slow.runs() === 1);
    expect(clock.sleeping()).toBe(0);
    slow.finish('done');
    expect(String((await first).body)).toContain('done');

    const { send: sendFast, clock: fastClock } = setUp();
    await sendFast(plain());
    expect(fastClock.sleeping()).toBe(0);
  });
});

describe('createCallbackHandler(): forwarding', () => {
  const upstreamReply = (change: (xml: string) => string = (xml) => xml): string =>
    change(formatXml(wantedReply));
  const forwardWith = (body: string | Uint8Array, status = 200) => {
    const requests: ServerRequest[] = [];
    return {
      requests,
      forward: async (forwarded: ServerRequest) => {
        requests.push(forwarded);
        return {
          status,
          ms: 12,
          response: { status, contentType: 'text/html', body, headers: { 'x-powered-by': 'PHP' } },
        };
      },
    };
  };

  test('the handler passes a genuine push on and its answer back, byte for byte', async () => {
    const body = Buffer.from(upstreamReply());
    const { forward, requests } = forwardWith(body);
    const { send, records } = setUp({ forward });
    const sent = plain();
    expect(await send(sent)).toEqual({
      status: 200,
      contentType: 'text/html',
      body,
      headers: { 'x-powered-by': 'PHP' },
    });
    expect(requests).toEqual([sent]);
    expect(records).toMatchObject([
      {
        kind: 'message',
        body: String(body),
        upstream: { status: 200, ms: 12 },
        verdict: { problems: [], userSees: 'reply' },
      },
    ]);
  });

  test('the handler opens what an upstream encrypted, and says what is wrong with it', async () => {
    const seal = (text: string) => {
      const encrypted = encrypt(text);
      return formatXml({
        Encrypt: encrypted,
        MsgSignature: signMessage(callbackToken, '1', 'n', encrypted),
        TimeStamp: 1,
        Nonce: 'n',
      });
    };
    const good = setUp({ mode: 'safe', ...forwardWith(seal(upstreamReply())) });
    await good.send(safe());
    expect(good.records).toMatchObject([
      { body: upstreamReply(), verdict: { problems: [], userSees: 'reply' } },
    ]);
    const bare = setUp({ mode: 'safe', ...forwardWith(upstreamReply()) });
    await bare.send(safe());
    expect(bare.records).toMatchObject([
      { verdict: { problems: [{ rule: 'not-encrypted' }], userSees: 'unavailable' } },
    ]);
  });

  test('the handler judges the answer of an upstream', async () => {
    const bad = setUp(forwardWith(`\uFEFF${upstreamReply()}`));
    await bad.send(plain());
    expect(bad.records).toMatchObject([
      { verdict: { problems: [{ rule: 'bom' }], userSees: 'unavailable' } },
    ]);
    const broken = setUp(forwardWith('<h1>500</h1>', 500));
    expect(await broken.send(plain())).toMatchObject({ status: 500, body: '<h1>500</h1>' });
    expect(broken.records).toMatchObject([
      { status: 500, verdict: { problems: [], userSees: 'unavailable' } },
    ]);
  });

  test('the handler passes every delivery on, and marks the repeated one', async () => {
    const { forward, requests } = forwardWith('success');
    const { send, records } = setUp({ forward });
    await send(plain());
    await send(plain());
    expect(requests).toHaveLength(2);
    expect(records.map((record) => record.kind === 'message' && record.repeated)).toEqual([false, true]);
  });

  test('the handler takes no push for repeated that nothing tells from another', async () => {
    const { send, records } = setUp(forwardWith('success'));
    const event = message({ MsgType: 'event', Event: 'x', CreateTime: 0 }).replace(
      /<MsgId>.*?<\/MsgId>\n/,
      '',
    );
    await send(plain(event));
    await send(plain(event));
    expect(records).toMatchObject([
      { repeated: false, timedOut: false, name: 'x' },
      { repeated: false, timedOut: false, name: 'x' },
    ]);
  });

  test('the handler answers 500 where the forwarder itself fails, and says so in the record', async () => {
    const error = new Error('broken');
    const { send, records } = setUp({ forward: async () => await Promise.reject(error) });
    expect(await send(plain())).toEqual({ ...refusal, status: 500 });
    expect(records).toMatchObject([{ kind: 'refused', reason: 'failed', error, status: 500 }]);
  });

  test('the handler passes on later by the delay, handshakes too', async () => {
    const { forward, requests } = forwardWith('success');
    const { send, clock } = setUp({ forward, delayMs: 6000 });
    const answers = [send(plain()), send({ ...plain('', { echostr: '1' }), method: 'GET' })];
    while (clock.sleeping() !== 2) await new Promise((resolve) => setImmediate(resolve));
    expect(requests).toEqual([]);
    clock.advance(6000);
    await Promise.all(answers);
    expect(requests).toHaveLength(2);
  });

  test('the handler passes nothing on that is not genuine', async () => {
    const { forward, requests } = forwardWith('success');
    expect(await reasonOf({ forward }, plain(message(), { signature: '0'.repeat(40) }))).toBe('signature');
    expect(requests).toEqual([]);
  });

  test('the handler passes a handshake on and sees whether echostr came back alone', async () => {
    const handshake = { ...plain('', { echostr: '4375120948345356249' }), method: 'GET' };
    for (const [body, echoed] of [
      ['4375120948345356249', true],
      ['4375120948345356249\n', false],
      ['"4375120948345356249"', false],
    ] as const) {
      const { forward, requests } = forwardWith(body);
      const { send, records } = setUp({ forward });
      expect(await send(handshake)).toMatchObject({ status: 200, body });
      expect(requests).toEqual([handshake]);
      expect(records).toMatchObject([{ kind: 'handshake', echoed, upstream: { status: 200 } }]);
    }
    const failing = setUp(forwardWith('4375120948345356249', 500));
    await failing.send(handshake);
    expect(failing.records).toMatchObject([{ kind: 'handshake', echoed: false }]);
  });
});

describe('createCallbackHandler(): delay and judgement', () => {
  test('the handler answers later by the delay, without giving up, and the repetition with it', async () => {
    let runs = 0;
    const { send, clock, records } = setUp({
      delayMs: 6000,
      reply: () => ((runs += 1) > 0 ? { msgType: 'text', content: 'late' } : ''),
    });
    const answers = [send(plain()), send(plain())];
    while (clock.sleeping() !== 1) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(5999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(records).toEqual([]);
    clock.advance(1);
    for (const { body } of await Promise.all(answers)) expect(String(body)).toContain('late');
    expect(runs).toBe(1);
    expect(records).toMatchObject([{ timedOut: false, ms: 6000 }, { timedOut: false }]);
  });

  test('the handler delays the handshake as well', async () => {
    const { send, clock } = setUp({ delayMs: 6000 });
    const answer = send({ ...plain('', { echostr: '1' }), method: 'GET' });
    while (clock.sleeping() !== 1) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(6000);
    expect(await answer).toMatchObject({ status: 200, body: '1' });
  });

  test('the handler judges its own answers where it is asked to', async () => {
    const long = { msgType: 'text', content: 'x'.repeat(2049) } as const;
    const judging = setUp({ judge: true, reply: () => long });
    await judging.send(plain());
    expect(judging.records).toMatchObject([
      { verdict: { problems: [{ rule: 'content-bytes' }], userSees: 'unavailable' } },
    ]);
    const trusting = setUp({ reply: () => long });
    await trusting.send(plain());
    expect(trusting.records[0]).toHaveProperty('verdict', undefined);
  });
});

describe('createCallbackHandler(): one flipped bit', () => {
  /** Everything that a signature or the encryption covers, bit by bit. */
  const flips = (bytes: Buffer): readonly Buffer[] =>
    Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return flipped;
    });
  const signedFields = ['signature', 'timestamp', 'nonce', 'msg_signature'] as const;

  test.each(['plain', 'safe'] as const)(
    'the handler refuses any flipped bit in signed parameters, in %s mode',
    async (mode) => {
      const { send } = setUp({ mode, maxSkewSeconds: Infinity });
      const genuine = mode === 'plain' ? plain() : safe();
      expect(await send(genuine)).toMatchObject({ status: 200 });
      const fields = signedFields.filter((name) => mode === 'safe' || name !== 'msg_signature');
      let tried = 0;
      for (const name of fields) {
        const parameters = new URLSearchParams(genuine.query);
        for (const flipped of flips(Buffer.from(parameters.get(name) ?? ''))) {
          const escaped = flipped.toString('hex').replaceAll(/../g, '%$&');
          parameters.delete(name);
          expect(await send({ ...genuine, query: `${parameters}&${name}=${escaped}` })).toEqual(refusal);
          tried += 1;
        }
      }
      expect(tried).toBe(mode === 'plain' ? 8 * (40 + 10 + 9) : 8 * (40 + 10 + 9 + 40));
    },
  );

  test('the handler refuses any flipped bit in Encrypt', async () => {
    const { send } = setUp({ mode: 'safe' });
    const encrypted = encrypt(message());
    const genuine = safe(message(), {}, encrypted);
    expect(await send(genuine)).toMatchObject({ status: 200 });
    const body = (text: string | Buffer) =>
      Buffer.concat([
        Buffer.from('<xml><Encrypt><![CDATA['),
        Buffer.from(text),
        Buffer.from(']]></Encrypt></xml>'),
      ]);
    for (const flipped of flips(Buffer.from(encrypted)))
      expect((await send({ ...genuine, body: body(flipped) })).status).toBe(403);
    for (const flipped of flips(Buffer.from(encrypted, 'base64')))
      expect(await send({ ...genuine, body: body(flipped.toString('base64')) })).toEqual(refusal);
  });

  test('the handler refuses any flipped bit in AppID and padding', async () => {
    const { send, records } = setUp({ mode: 'safe' });
    const cipher = Buffer.from(encrypt(message()), 'base64');
    const flipped = flips(cipher);
    // Signed with the Token: what is left is the check of the inside. The last 64 bytes hold AppID and padding.
    for (const bytes of flipped.slice(-8 * 64)) {
      expect(await send(safe('', {}, bytes.toString('base64')))).toEqual(refusal);
    }
    const reasons = records.map((record) => (record.kind === 'refused' ? record.reason : 'accepted'));
    expect(reasons).toHaveLength(8 * 64);
    expect(reasons.filter((reason) => reason !== 'buffer' && reason !== 'appid')).toEqual([]);
  });
});

/** The collector, which Node hides unless it was asked for at the start. */
function vmGc(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

describe('createCallbackHandler(): memory', () => {
  test('the handler stays within its bounds through 3000 different messages', async () => {
    let bytes = 0;
    const { send } = setUp({ onEvent: () => {} });
    const before = memory();
    for (let index = 0; index < 3000; index += 1) {
      const { status } = await send(plain(message({ MsgId: String(index), Content: 'x'.repeat(index * 4) })));
      bytes += status === 200 ? index * 4 : 0;
    }
    expect(bytes).toBeGreaterThan(17_000_000);
    expect(memory() - before).toBeLessThan(12);
  });

  test('the handler remembers answers without the messages they are made of', async () => {
    const { send } = setUp({
      onEvent: () => {},
      reply: (push) => ({
        msgType: 'text',
        content: push.msgType === 'text' ? push.content.slice(0, 40) : '',
      }),
    });
    const long = `你好${'x'.repeat(15_000)}`;
    const deliver = async (id: number) => await send(plain(message({ MsgId: String(id), Content: long })));
    await deliver(0);
    const before = memory();
    for (let id = 1; id <= 200; id += 1) await deliver(id);
    // With the messages, of two bytes a character, it would be 6. What the runtime keeps meanwhile differs.
    expect(memory() - before).toBeLessThan(2);
    expect(await deliver(1)).toEqual(await deliver(200));
  });

  /** Mebibytes that are really held: two collections, since promises keep each other alive for one. */
  function memory(): number {
    const collect = vmGc();
    collect();
    collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  }
});
