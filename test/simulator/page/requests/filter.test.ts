import { describe, expect, test } from 'vitest';
import type { PushView } from '../../../../src/simulator/control/types/index.ts';
import type { RequestRecord } from '../../../../src/simulator/control/types/index.ts';
import {
  filterEntries,
  groupEntries,
  hasFailed,
  mergeEntries,
  shortAgent,
} from '../../../../src/simulator/page/requests/filter.ts';

const call = (id: number, at: string, more: Partial<RequestRecord> = {}): RequestRecord => ({
  id,
  at,
  method: 'GET',
  path: '/cgi-bin/menu/get',
  query: {},
  status: 200,
  errcode: 0,
  body: null,
  response: null,
  ms: 3,
  user_agent: 'node',
  ...more,
});

const push = (id: number, at: string, more: Partial<PushView> = {}): PushView => ({
  id,
  at,
  openid: 'o1',
  type: 'text',
  msg_type: 'text',
  event: null,
  event_key: null,
  state: 'answered',
  skipped: null,
  mode: 'plain',
  format: 'xml',
  plain: '<xml/>',
  attempts: [],
  reply_text: null,
  reply_encrypted: false,
  reply: null,
  valid: true,
  problems: [],
  user_sees: 'nothing',
  ...more,
});

const early = '2026-01-01T00:00:00.000Z';
const late = '2026-01-01T00:00:01.000Z';

describe('mergeEntries()', () => {
  test('puts the newest first, and of the same moment the one that was logged later', () => {
    const merged = mergeEntries([call(1, early), call(2, late), call(3, late)], [push(1, early)]);
    expect(merged.map(({ id }) => id)).toEqual(['call-3', 'call-2', 'call-1', 'push-1']);
  });
});

describe('hasFailed()', () => {
  test.each([
    [{}, false],
    [{ errcode: null }, false],
    [{ errcode: 40001 }, true],
    [{ errcode: -1 }, true],
    [{ status: 399, errcode: null }, false],
    [{ status: 400, errcode: null }, true],
    [{ status: null, errcode: null }, true],
  ])('of a call with %j is %j', (more, failed) => {
    const [entry] = mergeEntries([call(1, early, more)], []);
    expect(entry !== undefined && hasFailed(entry)).toBe(failed);
  });

  test.each([
    [{}, false],
    [{ valid: null, state: 'skipped' }, false],
    [{ valid: false }, true],
    [{ state: 'failed', valid: null }, true],
  ] as const)('of a push with %j is %j', (more, failed) => {
    const [entry] = mergeEntries([], [push(1, early, more)]);
    expect(entry !== undefined && hasFailed(entry)).toBe(failed);
  });
});

describe('filterEntries()', () => {
  const entries = mergeEntries(
    [call(1, early, { path: '/cgi-bin/token' }), call(2, early, { errcode: 45009 })],
    [push(1, late, { event: 'CLICK', event_key: 'ORDER', valid: false })],
  );
  const ids = (...found: Parameters<typeof filterEntries>): readonly string[] =>
    filterEntries(...found).map(({ id }) => id);

  test('keeps calls, pushes or what failed', () => {
    expect(ids(entries, 'all', '')).toEqual(['push-1', 'call-2', 'call-1']);
    expect(ids(entries, 'calls', '')).toEqual(['call-2', 'call-1']);
    expect(ids(entries, 'pushes', '')).toEqual(['push-1']);
    expect(ids(entries, 'failed', '')).toEqual(['push-1', 'call-2']);
  });

  test('wants every word of the search, in any case', () => {
    expect(ids(entries, 'all', 'click order')).toEqual(['push-1']);
    expect(ids(entries, 'all', 'click token')).toEqual([]);
    expect(ids(entries, 'all', ' 45009 ')).toEqual(['call-2']);
    expect(ids(entries, 'calls', 'click')).toEqual([]);
  });
});

describe('groupEntries()', () => {
  test('puts repeated calls together, and nothing else', () => {
    const calls = [
      call(1, '1'),
      call(2, '2'),
      call(3, '3', { errcode: 45009 }),
      call(4, '4', { user_agent: 'curl/8.5.0' }),
      call(5, '5'),
      call(6, '6'),
      call(7, '7'),
    ];
    const groups = groupEntries(mergeEntries(calls, [push(1, '6.5'), push(2, '6.6')]));
    expect(groups.map(({ id, entries }) => [id, entries.map((entry) => entry.id)])).toEqual([
      ['group-call-7', ['call-7']],
      ['group-push-2', ['push-2']],
      ['group-push-1', ['push-1']],
      ['group-call-5', ['call-6', 'call-5']],
      ['group-call-4', ['call-4']],
      ['group-call-3', ['call-3']],
      ['group-call-1', ['call-2', 'call-1']],
    ]);
  });
});

test('an entry and a group stay the same object until they change', () => {
  const calls = [call(1, '1'), call(2, '2', { errcode: 45009 }), call(3, '3')];
  const pushes = [push(1, '1.5')];
  const groupsOf = (list: typeof calls) => groupEntries(mergeEntries(list, pushes));
  const before = groupsOf(calls);
  const after = groupsOf([...calls, call(4, '4')]);
  expect(after.slice(1).map((group, index) => group === before[index + 1])).toEqual([true, true, true]);
  expect([after[0]?.entries.length, after[0] === before[0]]).toEqual([2, false]);
  expect(groupsOf(calls)[0]?.entries).toEqual(before[0]?.entries);
  expect(mergeEntries(calls, [])[0]).toBe(mergeEntries(calls, [])[0]);
});

describe('shortAgent()', () => {
  test.each([
    ['', ''],
    ['node', 'node'],
    ['curl/8.5.0', 'curl/8.5.0'],
    ['python-requests/2.31.0', 'python-requests/2.31.0'],
    ['Apache-HttpClient/4.5.13 (Java/17.0.2)', 'Apache-HttpClient/4.5.13'],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36',
      'Chrome',
    ],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0', 'Edge'],
    ['Mozilla/5.0 (iPhone) AppleWebKit/605.1 Mobile/15E148 MicroMessenger/8.0.49', 'WeChat'],
    ['Mozilla/4.0', 'Mozilla'],
  ])('%j is %j', (agent, short) => {
    expect(shortAgent(agent)).toBe(short);
  });
});
