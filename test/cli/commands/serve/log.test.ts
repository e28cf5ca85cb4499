import { describe, expect, test } from 'vitest';
import { createServeLog } from '../../../../src/cli/commands/serve/log.ts';
import { createRecorder } from '../../../../src/cli/commands/serve/recorder.ts';
import type { Context } from '../../../../src/cli/context.ts';
import { VerificationError, WechatMpError } from '../../../../src/core/errors.ts';
import { eventNameOf, pushNameOf, readMessage } from '../../../../src/core/message/message.ts';
import { parseRecording } from '../../../../src/cli/shared/recording.ts';
import { createRedactor } from '../../../../src/core/text/redact.ts';
import { replyError } from '../../../../src/core/reply/problem.ts';
import type { CallbackRecord } from '../../../../src/server/callback-record.ts';
import { networkError } from '../../../helpers/fake-fetch.ts';
import { createMemoryFiles } from '../../../helpers/memory-files.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const secret = 'CANARY0123456789abcdef';

function world({ json = false, fail = false } = {}) {
  const writes: string[] = [];
  const warnings: string[] = [];
  const redactor = createRedactor();
  redactor.add(secret);
  const files = createMemoryFiles({}, '/desk');
  const context = {
    options: { json },
    redactor,
    say: ({ en }: { en: string }) => en,
    warn: ({ en }: { en: string }) => void warnings.push(en),
    io: {
      files,
      clock: { now: () => Date.UTC(2026, 0, 15, 4) },
      terminal: {
        writeStdout(text: string) {
          if (fail)
            throw new WechatMpError({ family: 'local', type: 'disk_full', text: { en: 'Full', zh: '满' } });
          writes.push(text);
        },
      },
    },
  } as unknown as Context;
  return { context, writes, warnings, files };
}

const common = { path: '/wechat', remoteAddress: '127.0.0.1', ms: 12.34 };
const text = (content: string, fields = {}) =>
  readMessage({
    FromUserName: 'o_1',
    ToUserName: 'gh_1',
    MsgType: 'text',
    Content: content,
    MsgId: '1',
    ...fields,
  });
const record = ({
  message = text('hello'),
  ...more
}: Partial<Extract<CallbackRecord, { kind: 'message' }>> = {}): CallbackRecord => ({
  ...common,
  id: '1',
  method: 'POST',
  status: 200,
  kind: 'message',
  message,
  event: eventNameOf(message),
  name: pushNameOf(message) || 'unknown',
  text: '<xml/>',
  encrypted: false,
  format: 'xml',
  answer: { msgType: 'text', content: 'hello' },
  body: '<xml>reply</xml>',
  repeated: false,
  timedOut: false,
  ...more,
});
const handshake = (more = {}): CallbackRecord => ({
  ...common,
  id: '2',
  method: 'GET',
  status: 200,
  kind: 'handshake',
  echoed: true,
  ...more,
});
const refused: CallbackRecord = {
  ...common,
  id: '3',
  method: 'POST',
  status: 403,
  kind: 'refused',
  reason: 'signature',
};
const problem = replyError(
  'to-user',
  { text: { en: 'Wrong side', zh: '错' }, hint: { en: 'Swap them', zh: '对调' } },
  'ToUserName',
);

describe('createServeLog()', () => {
  const lines: readonly (readonly [CallbackRecord, string])[] = [
    [record(), '#1 POST text "hello" from o_1 → text  200 12 ms'],
    [record({ answer: 'success', body: 'success' }), '#1 POST text "hello" from o_1 → success  200 12 ms'],
    [record({ answer: '', body: '' }), '#1 POST text "hello" from o_1 → ""  200 12 ms'],
    [
      record({ encrypted: true, repeated: true }),
      '#1 POST text "hello" from o_1 (encrypted, repeated) → text  200 12 ms',
    ],
    [record({ timedOut: true }), '#1 POST text "hello" from o_1 (too slow) → text  200 12 ms'],
    [record({ ms: 5001 }), '#1 POST text "hello" from o_1 (too slow) → text  200 5001 ms'],
    [record({ ms: 5000 }), '#1 POST text "hello" from o_1 → text  200 5000 ms'],
    [record({ error: new Error('boom') }), '#1 POST text "hello" from o_1 (boom) → text  200 12 ms'],
    [
      record({ message: readMessage({ FromUserName: 'o_1', MsgType: 'event', Event: 'brand_new' }) }),
      '#1 POST event brand_new from o_1 → text  200 12 ms',
    ],
    [
      record({ message: readMessage({ FromUserName: 'o_1', MsgType: 'hologram' }) }),
      '#1 POST hologram from o_1 → text  200 12 ms',
    ],
    [
      record({
        answer: undefined,
        upstream: { status: 500, ms: 3 },
        status: 500,
        verdict: { problems: [], userSees: 'unavailable' },
      }),
      '#1 POST text "hello" from o_1 (the person sees an error) → upstream 500  500 12 ms',
    ],
    [
      record({
        answer: undefined,
        status: 502,
        upstream: { status: undefined, ms: 3, error: networkError('refused', false) },
      }),
      '#1 POST text "hello" from o_1 (Cannot reach the server: refused) → upstream –  502 12 ms',
    ],
    [handshake(), '#2 GET  handshake  200 12 ms'],
    [handshake({ echoed: false }), '#2 GET  handshake (echostr was not returned)  200 12 ms'],
    [refused, '#3 POST refused: signature  403 12 ms'],
    [
      { ...refused, method: '', status: 400, reason: 'bad_request', omitted: 312, ms: 0 },
      '#3 –    refused: bad_request (312 more)  400 0 ms',
    ],
  ];
  test.each(lines)('createServeLog() writes one line for %j', (event, line) => {
    const { context, writes } = world();
    createServeLog(context).print(event);
    expect(writes).toEqual([`${line}\n`]);
  });

  test('createServeLog() takes secrets and control characters out of a line, and cuts long texts', () => {
    const { context, writes } = world();
    createServeLog(context).print(record({ message: text(`a\u001b[31m${secret}\n#9 GET forged`) }));
    createServeLog(context).print(record({ message: text('你'.repeat(61)) }));
    expect(writes[0]).toBe('#1 POST text "a*** #9 GET forged" from o_1 → text  200 12 ms\n');
    expect(writes[1]).toBe(`#1 POST text "${'你'.repeat(60)}…" from o_1 → text  200 12 ms\n`);
  });

  test('createServeLog() writes the first line at once, and the others of the turn together', async () => {
    const { context, writes } = world();
    const log = createServeLog(context);
    for (const event of [handshake(), refused, handshake()]) log.print(event);
    expect(writes).toHaveLength(1);
    await turn();
    expect(writes).toHaveLength(2);
    expect(writes[1]?.split('\n')).toHaveLength(3);
    log.print(handshake());
    expect(writes).toHaveLength(3);
    log.print(refused);
    log.flush();
    expect(writes).toHaveLength(4);
    await turn();
    expect(writes).toHaveLength(4);
  });

  test('createServeLog() explains a rule once, and names it in every line', () => {
    const { context, writes, warnings } = world();
    const log = createServeLog(context);
    const judged = record({ verdict: { problems: [problem], userSees: 'unavailable' } });
    log.print(judged);
    log.print({ ...judged, id: '2' });
    log.flush();
    expect(warnings).toEqual(['#1 to-user: Wrong side. Swap them']);
    expect(writes.join('').match(/\(to-user, the person sees an error\)/g)).toHaveLength(2);
  });

  test('createServeLog() explains once why it refuses, where somebody can set that right', () => {
    const { context, warnings } = world();
    const log = createServeLog(context);
    const said = { en: 'It must be encrypted', zh: '应为密文' };
    const error = new VerificationError('encrypt', said, { en: 'Use --mode plain', zh: '使用 --mode plain' });
    for (const id of ['1', '2']) log.print({ ...refused, id, reason: 'encrypt', error });
    log.print({ ...refused, reason: 'path' });
    log.flush();
    expect(warnings).toEqual(['#1 encrypt_invalid: It must be encrypted. Use --mode plain']);
  });

  test('createServeLog() goes on without a log that cannot be written, after one warning', async () => {
    const { context, warnings } = world({ fail: true });
    const log = createServeLog(context);
    log.print(refused);
    log.print(refused);
    await turn();
    log.print(refused);
    expect(warnings).toEqual(['Full']);
  });

  test('createServeLog() writes JSON objects tied by id', () => {
    const { context, writes } = world({ json: true });
    const log = createServeLog(context);
    log.print(
      record({
        answer: undefined,
        upstream: { status: 200, ms: 3.21 },
        verdict: { problems: [problem], userSees: 'unavailable' },
      }),
    );
    log.print(
      handshake({
        echoed: false,
        upstream: { status: undefined, ms: 1, error: networkError('reset', true) },
      }),
    );
    log.print(refused);
    log.print({ ...refused, method: '', status: 400, reason: 'bad_request', omitted: 1 });
    log.flush();
    const events = writes
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(events).toEqual([
      {
        type: 'message',
        id: '1',
        msg_type: 'text',
        from: 'o_1',
        encrypted: false,
        format: 'xml',
        repeated: false,
        body: '<xml/>',
      },
      {
        type: 'reply',
        id: '1',
        status: 200,
        ms: 12.3,
        msg_type: null,
        timed_out: false,
        body: '<xml>reply</xml>',
        upstream: { status: 200, ms: 3.2 },
        user_sees: 'unavailable',
        problems: [
          {
            rule: 'to-user',
            severity: 'error',
            field: 'ToUserName',
            message: 'Wrong side',
            hint: 'Swap them',
          },
        ],
      },
      {
        type: 'handshake',
        id: '2',
        status: 200,
        ms: 12.3,
        echoed: false,
        upstream: { status: null, ms: 1, error: 'Cannot reach the server: reset' },
      },
      { type: 'refused', id: '3', status: 403, ms: 12.3, method: 'POST', reason: 'signature' },
      { type: 'refused', id: '3', status: 400, ms: 12.3, method: null, reason: 'bad_request', omitted: 1 },
    ]);
  });
});

describe('createRecorder()', () => {
  const exchange = {
    request: {
      method: 'POST',
      path: '/wechat',
      query: 'signature=a',
      headers: { 'content-type': 'text/xml', none: undefined },
      body: Buffer.from('<xml>sealed</xml>'),
      remoteAddress: '127.0.0.1',
    },
    response: { status: 200, contentType: 'text/plain', body: 'success' },
  };

  test('createRecorder() keeps genuine requests and answers to be read again', () => {
    const { context, files } = world();
    const keep = createRecorder(context, '/desk/pushes');
    keep(record(), exchange);
    keep(handshake(), { ...exchange, request: { ...exchange.request, method: 'GET' } });
    keep(refused, exchange);
    expect([...files.contents.keys()]).toEqual([
      '/desk/pushes/20260115T040000000Z-000001-text.json',
      '/desk/pushes/20260115T040000000Z-000002-handshake.json',
    ]);
    const [first] = files.contents.values();
    expect(parseRecording(String(first), 'f')).toEqual({
      at: '2026-01-15T04:00:00.000Z',
      method: 'POST',
      path: '/wechat',
      query: 'signature=a',
      headers: { 'content-type': 'text/xml' },
      body: exchange.request.body,
      message: '<xml/>',
      response: { status: 200, contentType: 'text/plain', body: Buffer.from('success') },
    });
  });

  test.each(['../../etc/passwd', '/', '..', '\u0000a', 'x'.repeat(300)])(
    'createRecorder() never leaves its folder for a type named %j',
    (type) => {
      const { context, files } = world();
      createRecorder(context, '/desk/pushes')(record({ message: readMessage({ MsgType: type }) }), exchange);
      const [file = ''] = files.contents.keys();
      expect(file).toMatch(/^\/desk\/pushes\/20260115T040000000Z-000001-[\w-]{1,40}\.json$/);
    },
  );

  test('createRecorder() stops with one warning when the disk is full, and the server goes on', () => {
    const { context, files, warnings } = world();
    const keep = createRecorder(context, '/desk/pushes');
    files.fail('write', '/desk/pushes/20260115T040000000Z-000001-text.json', 'ENOSPC');
    keep(record(), exchange);
    keep(record({}), exchange);
    expect(warnings).toEqual([expect.stringMatching(/the disk is full; recording has stopped$/)]);
    expect(files.contents.size).toBe(0);
  });
});
