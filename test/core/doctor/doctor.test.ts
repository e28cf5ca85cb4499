import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../src/core/errors.ts';
import type { StoredEntry } from '../../../src/core/token/access-token.ts';
import {
  type Check,
  isStaleLock,
  judgeClock,
  judgeHistory,
  judgeLocks,
  judgeNode,
  judgeQuota,
  judgeRights,
  readLockOwner,
  runChecks,
  spanOf,
  troubleOf,
} from '../../../src/core/doctor/index.ts';

const tell = (error: unknown) => ({ status: 'fail' as const, text: { en: String(error), zh: '' } });

/** Rows with the statuses that they are given; those that need others are well by themselves. */
async function statuses(
  given: readonly (Partial<Check<undefined>> &
    Pick<Check<undefined>, 'name'> & { status?: 'pass' | 'fail' | 'skip'; because?: string })[],
  offline = false,
): Promise<Record<string, string>> {
  const checks = given.map(({ status = 'pass', because, ...rest }) => ({
    look: () => ({ status, text: { en: '', zh: '' }, ...(because === undefined ? {} : { because }) }),
    ...rest,
  }));
  const rows = await runChecks(checks, undefined, { offline, tell });
  return Object.fromEntries(rows.map((row) => [row.name, `${row.status} ${row.because ?? ''}`.trim()]));
}

describe('judgeHistory()', () => {
  const line = { atMs: 1e12, endpoint: 'stable_token', host: 'h', pid: 7, first4: '', last4: '' } as const;
  const entry: StoredEntry = {
    version: 1,
    kind: 'access_token',
    appId: 'wx0123456789abcdef',
    apiBase: 'https://api.weixin.qq.com',
    value: 't',
    sentAtMs: 1e12 - 1000,
    obtainedAtMs: 1e12 - 1000,
    expiresAtMs: 1e12 + 7_200_000,
    endpoint: 'stable_token',
    history: [{ ...line, pid: 6 }, line],
  };
  const judge = (word: 'accepted' | 'renewed' | 'refused' | 'unasked', more: Partial<StoredEntry> = {}) =>
    judgeHistory({ entry: { ...entry, ...more }, nowMs: 1e12 + 60_000, word });
  const next = [expect.objectContaining({ command: 'wechat-mp token --status' })];

  test.each([
    ['accepted', 'pass', /^WeChat accepts the token, which was fetched 1 min ago by process 7 on "h"$/],
    ['unasked', 'pass', /^The token in the cache was fetched 1 min ago by process 7 on "h"$/],
    ['renewed', 'warn', /refuses it 1 h 59 min before its end, .*; the cache has the current one now$/],
    ['refused', 'fail', /refuses it 1 h 59 min before its end, .* into this cache$/],
  ] as const)('judgeHistory() makes of %s: %s', (word, status, words) => {
    const found = judge(word);
    expect([found.status, found.text.en]).toEqual([status, expect.stringMatching(words)]);
    expect(found.next).toEqual(status === 'pass' ? undefined : next);
  });

  test('judgeHistory() looks for whoever forces, or for the classic endpoint', () => {
    expect(judge('refused').hint?.en).toMatch(/^Find the program that sends "force_refresh"/);
    expect(judge('refused', { endpoint: 'token' }).hint?.en).toMatch(/^Let every program use stable_token/);
  });

  test('judgeHistory() takes an entry without a history as it is', () => {
    expect(judge('accepted', { history: [] }).text.en).toContain('1 min 1 s ago by process 0 on "?"');
  });
});

describe('runChecks()', () => {
  test('leaves out what needs a row that failed, and blames the first in the chain', async () => {
    expect(
      await statuses([
        { name: 'a', status: 'fail' },
        { name: 'b', needs: ['a'] },
        { name: 'c', needs: ['b'] },
        { name: 'd' },
      ]),
    ).toEqual({ a: 'fail', b: 'skip a', c: 'skip a', d: 'pass' });
  });

  test('a skip of its own stands in nobody’s way, and one in favour of a later row in all but its own', async () => {
    expect(
      await statuses([
        { name: 'a', status: 'skip' },
        { name: 'b', needs: ['a'], status: 'skip', because: 'd' },
        { name: 'c', needs: ['b'] },
        { name: 'd', needs: ['b'], status: 'fail' },
      ]),
    ).toEqual({ a: 'skip', b: 'skip d', c: 'skip d', d: 'fail' });
  });

  test('has no row for what does not apply', async () => {
    expect(
      await statuses([
        { name: 'a', applies: () => false },
        { name: 'b', applies: () => true },
      ]),
    ).toEqual({
      b: 'pass',
    });
  });

  test('tells what a look has thrown, and asks nobody offline', async () => {
    const broken = { name: 'a', look: () => Promise.reject(new Error('no')) };
    expect(await statuses([broken, { name: 'b', needs: ['a'] }])).toEqual({ a: 'fail', b: 'skip a' });
    expect(
      await statuses(
        [
          { ...broken, online: true },
          { name: 'b', needs: ['a'] },
        ],
        true,
      ),
    ).toEqual({
      a: 'skip',
      b: 'pass',
    });
  });
});

test.each([
  [0, '0 s', '0 秒'],
  [999, '0 s', '0 秒'],
  [59_999, '59 s', '59 秒'],
  [60_000, '1 min', '1 分钟'],
  [61_000, '1 min 1 s', '1 分钟 1 秒'],
  [3_601_000, '1 h', '1 小时'],
  [7_380_000, '2 h 3 min', '2 小时 3 分钟'],
  [90_000_000, '1 d 1 h', '1 天 1 小时'],
  [-5000, '0 s', '0 秒'],
])('spanOf(%i) is %s', (ms, en, zh) => {
  expect(spanOf(ms)).toEqual({ en, zh });
});

test.each([
  ['20.18.3', '2026-01-01', 'fail'],
  ['20.19.0', '2026-04-30T23:59:59Z', 'pass'],
  ['20.19.0', '2026-05-01', 'warn'],
  ['22.0.0', '2027-04-30', 'pass'],
  ['22.0.0', '2027-05-01', 'warn'],
  ['18.20.0', '2026-01-01', 'fail'],
  ['26.1.0', '2029-01-01', 'pass'],
])('judgeNode(%s) at %s is %s', (version, at, status) => {
  expect(judgeNode(version, Date.parse(at)).status).toBe(status);
});

test.each([
  [60_000, 'pass'],
  [60_001, 'warn'],
  [-300_000, 'warn'],
  [300_001, 'fail'],
])('judgeClock() of %i ms is %s', (ms, status) => {
  expect(judgeClock(1e12 + ms, 1e12).status).toBe(status);
});

test.each([
  [10, 1, 'pass'],
  [11, 1, 'warn'],
  [10, 0, 'fail'],
  [10, -3, 'fail'],
  [0, 0, 'pass'],
])('judgeQuota() of %i a day with %i left is %s', (dailyLimit, remain, status) => {
  expect(judgeQuota([{ path: '/a', dailyLimit, used: 0, remain }]).status).toBe(status);
});

test('judgeQuota() names what is used up alone, or what soon will be', () => {
  const usage = (path: string, remain: number) => ({ path, dailyLimit: 10, used: 0, remain });
  expect(judgeQuota([usage('/a', 1), usage('/b', 0), usage('/c', 9), usage('/d', 0)])).toMatchObject({
    status: 'fail',
    next: [{ command: 'wechat-mp quota /b /d' }],
  });
  expect(judgeQuota([usage('/a', 1), usage('/c', 9)])).toMatchObject({
    status: 'pass',
  });
  expect(judgeQuota([{ ...usage('/a', 1), dailyLimit: 20 }, usage('/c', 9)])).toMatchObject({
    status: 'warn',
    next: [{ command: 'wechat-mp quota /a' }],
  });
});

test('troubleOf() leads to what is known of the code, or of the type', () => {
  const error = new WechatMpError({ family: 'api', type: 'menu_not_found', text: { en: 'e', zh: 'z' } });
  expect(troubleOf(error)).toMatchObject({
    status: 'fail',
    text: { en: 'e', zh: 'z' },
    next: [{ command: 'wechat-mp explain menu_not_found' }],
  });
  expect(troubleOf(error.with({ facts: { errcode: 46003 } }), 'warn')).toMatchObject({
    status: 'warn',
    next: [{ command: 'wechat-mp explain 46003' }],
  });
});

test('judgeRights() says the number of what is closed, and warns where nothing is told', () => {
  const open = { path: '/cgi-bin/menu/create', dailyLimit: 1, used: 0, remain: 1 };
  expect(judgeRights([open], 0)).toMatchObject({
    status: 'pass',
    text: { en: expect.not.stringContaining('nothing') },
  });
  expect(judgeRights([open], 2).text.en).toContain('of 2 WeChat tells nothing');
  expect(judgeRights([], 12).status).toBe('warn');
  expect(judgeRights([{ ...open, dailyLimit: 0 }], 0)).toMatchObject({
    status: 'warn',
    text: { zh: '以下接口的每日额度为 0：自定义菜单' },
    next: [{ command: 'wechat-mp quota /cgi-bin/menu/create' }],
  });
});

test('a lock is stale when it has said nothing for 30 s, or comes from the future', () => {
  expect([30_000, 30_001, -30_000, -30_001].map((ageMs) => isStaleLock({ ageMs }))).toEqual([
    false,
    true,
    false,
    true,
  ]);
  const lock = { path: '/l', ageMs: 40_000, holder: readLockOwner('{"host":"h","pid":7}') };
  expect(judgeLocks([lock], []).text.en).toContain('process 7 on "h"');
  expect(judgeLocks([{ ...lock, holder: readLockOwner('torn') }], []).text.en).toContain(
    'A lock of somebody',
  );
  expect(judgeLocks([lock], [lock]).text.en).toContain('Removed');
  expect(judgeLocks([{ ...lock, ageMs: 2000 }], []).text.en).toContain('was confirmed 2 s ago');
  expect(judgeLocks([], []).status).toBe('pass');
  expect(judgeLocks([lock], []).next).toMatchObject([{ command: 'wechat-mp doctor --fix' }]);
  for (const text of [
    'null',
    '7',
    '{"host":"h"}',
    '{"pid":7}',
    '{"host":1,"pid":7}',
    '{"host":"h","pid":"7"}',
  ])
    expect(readLockOwner(text), text).toBeUndefined();
});
