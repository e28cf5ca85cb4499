import { describe, expect, test } from 'vitest';
import { parseFields } from '../../src/core/callback.ts';
import type { EncryptionMode } from '../../src/core/callback.ts';
import { WechatMpError } from '../../src/core/errors.ts';
import { decodeEncodingAESKey, decryptMessage, encryptMessage } from '../../src/core/message-crypto.ts';
import { signMessage } from '../../src/core/message-signature.ts';
import { signUrl } from '../../src/core/signature.ts';
import { formatXml, parseXml } from '../../src/core/xml.ts';
import { createCallbackHandler } from '../../src/server/callback-handler.ts';
import type { CallbackHandlerOptions } from '../../src/server/callback-handler.ts';
import type { CallbackRecord } from '../../src/server/callback-record.ts';
import { echo } from '../../src/server/echo.ts';
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
    monotonic: () => now,
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
    reply: (incoming, { format }) => echo(incoming, format),
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
        { id: '1', kind: 'handshake', status: 200, method: 'GET', path: '/wechat' },
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
