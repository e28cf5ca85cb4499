/** Every way in which a server can misbehave, with every kind of call, over a real connection. */
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { createClient, type Client } from '../../src/api/client.ts';
import { createMenu } from '../../src/api/menu.ts';
import { createQrcode, fetchQrImage } from '../../src/api/qrcode.ts';
import { fetchTicket } from '../../src/api/ticket.ts';
import { fetchClassicToken, fetchStableToken } from '../../src/api/token.ts';
import { WechatMpError } from '../../src/core/errors.ts';
import { createFetch } from '../../src/io/net/fetch.ts';
import { badServer, faults, httpAnswer, type BadServer, type Behaviour } from '../helpers/bad-server.ts';

const account = { appId: 'wx1234567890abcdef', appSecret: 'CANARY6789abcdef0123456789abcdef' };
const token = 'SIM_CANARY_0123456789abcdefghij';
const timeoutMs = 300;
/** Where the answer is at fault and not the time: a busy machine must not meet the limit. */
const patientMs = 30_000;

const calls = {
  'stable token': (client) => fetchStableToken(client, account),
  'classic token': (client) => fetchClassicToken(client, account),
  ticket: (client) => fetchTicket(client, 'jsapi'),
  menu: (client) => createMenu(client, { button: [] }),
  'QR code': (client) => createQrcode(client, { permanent: true, scene: 1 }),
  'QR picture': (client) => fetchQrImage(client, 'CANARY_ticket_0123456789'),
} satisfies Record<string, (client: Client) => Promise<unknown>>;

/** The error's type, and another one for a picture where the difference is seen later. */
const wanted: Record<keyof typeof faults | 'connection refused', readonly [type: string, picture?: string]> =
  {
    html: ['html_answer', 'not_an_image'],
    'bad gateway': ['http_status'],
    empty: ['empty_answer', 'not_an_image'],
    'truncated json': ['truncated_answer', 'not_an_image'],
    'not json': ['not_json', 'not_an_image'],
    'json list': ['unexpected_answer', 'not_an_image'],
    'invalid utf-8': ['invalid_utf8', 'not_an_image'],
    'huge body': ['body_too_large'],
    'huge declared body': ['body_too_large'],
    'gzip bomb': ['encoded_answer'],
    'slow head': ['timeout'],
    'dripping body': ['timeout'],
    silent: ['timeout'],
    reset: ['reset'],
    'early end': ['reset'],
    'short body': ['truncated_answer'],
    'not http': ['not_http'],
    'connection refused': ['refused'],
  };

const opened: BadServer[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

async function open(behave: Behaviour): Promise<BadServer> {
  const server = await badServer(behave);
  opened.push(server);
  return server;
}

function connect(
  apiBase: string,
  debug: (line: string) => void = () => {},
  limitMs: number = patientMs,
): Client {
  return createClient({
    fetch: createFetch({ environment: {}, platform: 'linux' }),
    apiBase,
    timeoutMs: limitMs,
    tokens: { get: async () => ({ value: token }), renew: async () => ({ value: token }) },
    clock: { now: () => Date.now(), monotonic: () => performance.now(), sleep: async () => {} },
    random: { bytes: (count) => new Uint8Array(count) },
    debug,
    appId: account.appId,
  });
}

async function failure(promise: Promise<unknown>): Promise<WechatMpError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WechatMpError);
  return error as WechatMpError;
}

describe.each(Object.entries(calls))('%s: the client names', (name, call) => {
  test.each(Object.entries(wanted))('%s', async (fault, [type, pictureType]) => {
    const server = await open(fault in faults ? faults[fault as keyof typeof faults] : () => {});
    if (fault === 'connection refused') await server.close();
    const debugged: string[] = [];
    const memoryBefore = process.memoryUsage().rss;
    const limitMs = type === 'timeout' ? timeoutMs : patientMs;
    const error = await failure(call(connect(server.url, (line) => debugged.push(line), limitMs)));
    expect(error).toMatchObject({
      family: 'network',
      type: name === 'QR picture' ? (pictureType ?? type) : type,
    });
    expect(error.hint?.en).toMatch(/^[A-Z]/);
    expect(error.hint?.zh).toMatch(/\p{Script=Han}/u);
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(50 << 20);
    // What the system takes from the server before anybody reads is a matter of its buffers.
    expect(server.written).toBeLessThan(16 << 20);
    expect(inspect(error, { depth: 20, showHidden: true }) + debugged.join('\n')).not.toContain('CANARY');
    expect(`${error.text.en}${error.text.zh}${JSON.stringify(error.details)}`.length).toBeLessThan(900);
  });
});

describe('a redirect', () => {
  test.each([301, 302, 307, 308])('%i takes no secret to another origin', async (status) => {
    const other = await open((socket) =>
      socket.end(httpAnswer('{"access_token":"SIM_stolen","expires_in":7200}')),
    );
    const location = `location: ${other.url}/cgi-bin/stable_token\r\n`;
    const server = await open((socket) => socket.end(httpAnswer('{}', { status, headers: location })));
    for (const call of Object.values(calls)) {
      const error = await failure(call(connect(server.url)));
      expect(error).toMatchObject({ family: 'network', type: 'redirect', facts: { http_status: status } });
    }
    expect(other.connections).toBe(0);
    expect(server.requests).toHaveLength(Object.keys(calls).length);
  });
});

describe('an errcode', () => {
  test('in text is an errcode', async () => {
    const server = await open((socket) =>
      socket.end(httpAnswer('{"errcode":"40013","errmsg":"invalid appid"}')),
    );
    const error = await failure(calls['stable token'](connect(server.url)));
    expect(error).toMatchObject({ family: 'account', type: 'invalid_appid', facts: { errcode: 40013 } });
    expect(server.requests).toHaveLength(1);
  });

  test('-1 is asked again, and the third answer counts', async () => {
    const good = httpAnswer('{"access_token":"SIM_good","expires_in":7200}');
    const server = await open((socket, _request, count) =>
      socket.write(count < 3 ? httpAnswer('{"errcode":-1,"errmsg":"system error"}') : good),
    );
    // Enough time for two pauses, also on a busy machine; they end at once here.
    expect(await calls['stable token'](connect(server.url, undefined, 30_000))).toMatchObject({
      value: 'SIM_good',
    });
    expect(server.requests).toHaveLength(3);
    expect(server.connections).toBe(1);
  });

  test('40001 is answered with a new token once, over the same connection', async () => {
    const server = await open((socket) =>
      socket.write(httpAnswer('{"errcode":40001,"errmsg":"invalid credential"}')),
    );
    const error = await failure(calls.menu(connect(server.url)));
    expect(error).toMatchObject({ family: 'account', type: 'invalid_token' });
    expect(server.requests).toHaveLength(2);
    expect(server.connections).toBe(1);
  });
});

describe('a permanent QR code', () => {
  test.each(['silent', 'reset', 'early end', 'short body', 'bad gateway', 'huge body', 'not http'] as const)(
    'that may have been made is asked for once: %s',
    async (fault) => {
      const server = await open(faults[fault]);
      const limitMs = fault === 'silent' ? timeoutMs : patientMs;
      expect(await failure(calls['QR code'](connect(server.url, undefined, limitMs)))).toMatchObject({
        retryable: false,
        facts: { outcome: 'unknown' },
      });
      expect(server.requests).toHaveLength(1);
    },
  );
});
