import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkIssued,
  chooseEntry,
  createEntry,
  isFresh,
  refreshMarginMs,
  type Asking,
  type StoredEntry,
} from '../../../src/core/token/access-token.ts';
import { createCredentialKey } from '../../../src/core/token/credential-key.ts';
import { WechatMpError } from '../../../src/core/errors.ts';
import { formatEntry, parseEntry, shiftEntry } from '../../../src/core/token/stored-entry.ts';

const key = createCredentialKey({
  apiBase: 'https://api.weixin.qq.com/',
  appId: 'wx0123456789abcdef',
  endpoint: 'stable_token',
  secret: '0123456789abcdef0123456789abcdef',
});
const T0 = Date.UTC(2026, 0, 5, 12);
const tokenA = '50_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const tokenB = '50_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';

function entry(value: string, exchange: Partial<Asking & { date: number; life: number }> = {}): StoredEntry {
  const { date, life = 7200, ...rest } = exchange;
  return createEntry(
    key,
    { value, expiresInSeconds: life, issuedAtMs: date },
    { sentAtMs: T0, answeredAtMs: T0, tookMs: 0, forced: false, host: 'box', pid: 7, ...rest },
  );
}

describe('isFresh()', () => {
  const life = { obtainedAtMs: T0, expiresAtMs: T0 + 7_200_000 };
  test.each([
    ['is true when obtained', T0, true],
    ['is true a minute before it was obtained', T0 - 60_000, true],
    ['is false a millisecond earlier than that', T0 - 60_001, false],
    ['is true one millisecond before the margin', T0 + 6_900_000 - 1, true],
    ['is false at the margin', T0 + 6_900_000, false],
    ['is false an hour back', T0 - 3_600_000, false],
    ['is false a year back', T0 - 31_536_000_000, false],
    ['is false a year on', T0 + 31_536_000_000, false],
  ])('%s', (_, nowMs, fresh) => {
    expect(isFresh(life, nowMs, 300_000)).toBe(fresh);
  });

  test('accepts a life of 7201 s and refuses one of a millisecond more', () => {
    expect(isFresh({ obtainedAtMs: T0, expiresAtMs: T0 + 7_201_000 }, T0, 300_000)).toBe(true);
    expect(isFresh({ obtainedAtMs: T0, expiresAtMs: T0 + 7_201_001 }, T0, 300_000)).toBe(false);
  });
});

describe('refreshMarginMs()', () => {
  test('is exactly five minutes for stable tokens and tickets, whatever the jitter', () => {
    for (const endpoint of ['stable_token', 'jsapi', 'wx_card'] as const) {
      expect(refreshMarginMs(endpoint, 0.99)).toBe(300_000);
    }
  });

  test('spreads classic tokens over another minute', () => {
    expect([0, 0.5, 0.999_99].map((jitter) => refreshMarginMs('token', jitter))).toEqual([
      300_000, 330_000, 359_999,
    ]);
  });
});

describe('checkIssued()', () => {
  test.each([
    ['x', 1],
    ['~'.repeat(512), 7200],
  ])('accepts 1 to 512 printable characters and 1 to 7200 s (%#)', (value, expiresInSeconds) => {
    expect(checkIssued({ value, expiresInSeconds })).toEqual({
      value,
      expiresInSeconds,
      issuedAtMs: undefined,
    });
  });

  test.each([
    ['no end', tokenA, undefined],
    ['an end as text', tokenA, '7200'],
    ['no life', tokenA, 0],
    ['a negative life', tokenA, -5],
    ['7201 s', tokenA, 7201],
    ['a life of 10^9 s', tokenA, 1e9],
    ['half a second', tokenA, 1.5],
    ['an endless life', tokenA, Number.NaN],
    ['an empty token', '', 7200],
    ['513 characters', 'x'.repeat(513), 7200],
    ['a blank', 'a b', 7200],
    ['a line break at the end', 'ab\n', 7200],
    ['a control character', 'a\u001bb', 7200],
    ['a Chinese character', 'a令b', 7200],
    ['a number', 42, 7200],
    ['nothing', undefined, 7200],
  ])('refuses %s without showing the value', (_, value, expiresInSeconds) => {
    let caught: unknown;
    try {
      checkIssued({ value, expiresInSeconds });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(WechatMpError);
    expect(caught).toMatchObject({ family: 'network', type: 'credential_answer_invalid' });
    expect(JSON.stringify(caught) + String(caught)).not.toContain(tokenA);
  });
});

describe('createEntry()', () => {
  test('counts the life from the answer', () => {
    const made = entry(tokenA, { answeredAtMs: T0 + 200, tookMs: 200 });
    expect([made.obtainedAtMs, made.expiresAtMs, made.sentAtMs]).toEqual([T0 + 200, T0 + 7_200_200, T0]);
  });

  test('counts the life from the request when the process was stopped in between', () => {
    expect(entry(tokenA, { answeredAtMs: T0 + 12_000, tookMs: 12_000 }).obtainedAtMs).toBe(T0 + 12_000);
    expect(entry(tokenA, { answeredAtMs: T0 + 12_001, tookMs: 5 }).obtainedAtMs).toBe(T0);
    expect(entry(tokenA, { answeredAtMs: T0 + 5, tookMs: 12_001 }).obtainedAtMs).toBe(T0);
  });

  test('keeps four characters at each end of long tokens only', () => {
    expect(entry(tokenA).history).toEqual([
      { atMs: T0, endpoint: 'stable_token', host: 'box', pid: 7, first4: '50_a', last4: 'aaaa' },
    ]);
    expect(entry('x'.repeat(23)).history[0]).toMatchObject({ first4: '', last4: '' });
    expect(entry('x'.repeat(24)).history[0]).toMatchObject({ first4: 'xxxx', last4: 'xxxx' });
  });
});

test.each([
  ['stable_token', 'access_token'],
  ['token', 'access_token'],
  ['jsapi', 'ticket'],
  ['wx_card', 'ticket'],
] as const)('createEntry() makes of what %s gives a credential of kind %s', (endpoint, kind) => {
  const asking = { sentAtMs: T0, answeredAtMs: T0, tookMs: 0, forced: false, host: 'box', pid: 7 };
  const made = createEntry({ ...key, endpoint }, { value: tokenA, expiresInSeconds: 7200 }, asking);
  expect([made.kind, made.endpoint, made.appId]).toEqual([kind, endpoint, key.appId]);
});

describe('chooseEntry()', () => {
  const later = T0 + 1000;
  test('takes the first one', () => {
    const only = entry(tokenA);
    expect(chooseEntry(undefined, only, T0)).toBe(only);
  });

  test('keeps what the server issued later, whoever sent later', () => {
    const current = entry(tokenA, { date: later });
    expect(chooseEntry(current, entry(tokenB, { date: T0, sentAtMs: T0 + 9999 }), later)).toBe(current);
    expect(
      chooseEntry(entry(tokenA, { date: T0, sentAtMs: T0 + 9 }), entry(tokenB, { date: later }), later).value,
    ).toBe(tokenB);
  });

  test('decides a second that both share by the time of sending', () => {
    const current = entry(tokenA, { date: T0, sentAtMs: T0 + 2 });
    expect(chooseEntry(current, entry(tokenB, { date: T0, sentAtMs: T0 + 1 }), later)).toBe(current);
    expect(chooseEntry(current, entry(tokenB, { date: T0, sentAtMs: T0 + 3 }), later).value).toBe(tokenB);
  });

  test('goes by the time of sending when one has no date', () => {
    const current = entry(tokenA, { date: later, sentAtMs: T0 + 2 });
    expect(chooseEntry(current, entry(tokenB, { sentAtMs: T0 + 1 }), later)).toBe(current);
    expect(chooseEntry(current, entry(tokenB, { sentAtMs: T0 + 3 }), later).value).toBe(tokenB);
    const undated = entry(tokenA, { sentAtMs: T0 + 2 });
    expect(chooseEntry(undated, entry(tokenB, { date: later, sentAtMs: T0 + 1 }), later)).toBe(undated);
  });

  test('lets neither a failed nor an ended entry stand in the way', () => {
    const current = entry(tokenA, { date: later });
    const candidate = entry(tokenB, { date: T0 });
    expect(chooseEntry(current, candidate, later, tokenA).value).toBe(tokenB);
    expect(chooseEntry(current, candidate, T0 + 7_200_000).value).toBe(tokenB);
    expect(chooseEntry(current, candidate, T0 + 7_199_999)).toBe(current);
  });

  test('adds to the history only when the value is new, and keeps ten lines', () => {
    let current = entry(tokenA);
    current = chooseEntry(current, entry(tokenA, { answeredAtMs: T0 + 5 }), T0);
    expect([current.history.length, current.obtainedAtMs]).toEqual([1, T0 + 5]);
    for (let pid = 1; pid <= 12; pid += 1)
      current = chooseEntry(current, entry(tokenA + pid, { pid, date: T0 + pid }), T0);
    expect(current.history.map((line) => line.pid)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  test('remembers the last forced refresh, but not one that returned the same token', () => {
    const forced = chooseEntry(entry(tokenA), entry(tokenB, { forced: true, sentAtMs: T0 + 1 }), T0);
    expect(forced.forcedAtMs).toBe(T0 + 1);
    expect(chooseEntry(forced, entry(tokenA, { sentAtMs: T0 + 2 }), T0).forcedAtMs).toBe(T0 + 1);
    expect(chooseEntry(forced, entry(tokenB, { forced: true, sentAtMs: T0 + 3 }), T0).forcedAtMs).toBe(
      T0 + 1,
    );
    expect('forcedAtMs' in chooseEntry(entry(tokenB), entry(tokenB, { forced: true }), T0)).toBe(false);
  });
});

describe('shiftEntry()', () => {
  test('moves every time but that of WeChat', () => {
    const one = { ...entry(tokenA), issuedAtMs: 5, forcedAtMs: 7_000 };
    const line = one.history[0];
    expect(shiftEntry(one, 250)).toEqual({
      ...one,
      obtainedAtMs: one.obtainedAtMs + 250,
      expiresAtMs: one.expiresAtMs + 250,
      sentAtMs: one.sentAtMs + 250,
      forcedAtMs: 7_250,
      history: [{ ...line, atMs: (line?.atMs ?? 0) + 250 }],
    });
    expect(shiftEntry(entry(tokenA), 0)).toEqual(entry(tokenA));
  });
});

describe('parseEntry()', () => {
  const good = entry(tokenA, { date: T0, forced: true });
  const text = formatEntry(good);
  const changed = (change: object): Buffer => Buffer.from(JSON.stringify({ ...good, ...change }));

  test('returns what formatEntry() wrote', () => {
    expect(parseEntry(Buffer.from(text), key)).toEqual(good);
    expect(parseEntry(Buffer.from(formatEntry(entry(tokenA))), key)).toEqual(entry(tokenA));
  });

  test('returns every entry that createEntry() can make', () => {
    const time = fc.double({ min: 0, max: 4e12, noNaN: true });
    fc.assert(
      fc.property(
        time,
        time,
        fc.option(fc.double(), { nil: undefined }),
        fc.boolean(),
        (sent, answered, date, forced) => {
          const exchange = {
            sentAtMs: sent,
            answeredAtMs: answered,
            forced,
            ...(date === undefined ? {} : { date }),
          };
          const made = entry(tokenA, exchange);
          expect(parseEntry(Buffer.from(formatEntry(made)), key)).toEqual(made);
        },
      ),
      { seed: 7 },
    );
  });

  test.each<[string, Uint8Array]>([
    ['an empty file', Buffer.alloc(0)],
    ['NUL bytes', Buffer.alloc(text.length)],
    ['a truncated file', Buffer.from(text.slice(0, -20))],
    ['trailing bytes', Buffer.from(`${text}}}`)],
    ['two entries', Buffer.from(text + text)],
    ['a byte order mark', Buffer.from(`\uFEFF${text}`)],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    ],
    ['an array', Buffer.from(`[${text}]`)],
    ['null', Buffer.from('null')],
    ['a text', Buffer.from('"token"')],
    ['a number', Buffer.from('7200')],
    ['another version', changed({ version: 2 })],
    ['a token that is a number', changed({ value: 5 })],
    ['an empty token', changed({ value: '' })],
    ['a token with a line break', changed({ value: 'a\nb' })],
    ['a time as text', changed({ expiresAtMs: String(T0) })],
    ['an endless time', Buffer.from(text.replace(String(good.expiresAtMs), '1e999'))],
    ['a negative time', changed({ obtainedAtMs: -1 })],
    ['a fraction of a millisecond', changed({ sentAtMs: 0.5 })],
    ['an end at the beginning', changed({ expiresAtMs: good.obtainedAtMs })],
    ['no end', changed({ expiresAtMs: undefined })],
    ['a history that is none', changed({ history: {} })],
    ['a history line that is none', changed({ history: [null] })],
    ['a history of eleven', changed({ history: Array.from({ length: 11 }, () => good.history[0]) })],
    ['an unknown field', changed({ more: 1 })],
    ['a prototype', Buffer.from(text.replace('{', '{"__proto__":{"value":"x"},'))],
    ['the entry of another AppID', changed({ appId: 'wxffffffffffffffff' })],
    ['the entry of another API base', changed({ apiBase: 'http://127.0.0.1:8090' })],
    ['the entry of another endpoint', changed({ endpoint: 'token' })],
    ['a ticket', changed({ kind: 'ticket' })],
  ])('takes %s for damaged', (_, bytes) => {
    expect(parseEntry(bytes, key)).toBeUndefined();
  });

  test("takes no entry with a flipped bit for another account's", () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.nat(7), (position, bit) => {
        const bytes = Buffer.from(text);
        bytes[position] = (bytes[position] ?? 0) ^ (1 << bit);
        const parsed = parseEntry(bytes, key);
        expect(parsed === undefined || (parsed.appId === key.appId && parsed.apiBase === key.apiBase)).toBe(
          true,
        );
      }),
      { seed: 7 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => parseEntry(bytes, key) === undefined),
      { seed: 7 },
    );
  });
});
