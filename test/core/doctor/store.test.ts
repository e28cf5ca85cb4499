import { expect, test } from 'vitest';
import { judgeStore } from '../../../src/core/doctor/store.ts';

const place = { en: 'the variable X', zh: '环境变量 X' };
const seen = { name: 'redis://h/0', place, tookMs: 2, isRead: false };

function info(fields: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries({
    redis_mode: 'standalone',
    used_memory: 90,
    maxmemory: 0,
    maxmemory_policy: 'noeviction',
    role: 'master',
    ...fields,
  }).map(([name, value]) => `${name}:${value}`);
  return ['# Server', ...lines, ''].join('\r\n');
}

const judge = (fields: Readonly<Record<string, string | number>>, more = {}) => {
  const { status, text } = judgeStore({ ...seen, info: info(fields), ...more });
  return `${status} ${text.en}`;
};
const replica = { role: 'slave', slave_read_only: 1 };

test('a store that will take and keep tokens says how fast it is', () => {
  expect(judge({})).toBe('pass redis://h/0 answers in 2 ms, memory policy noeviction, from the variable X');
  expect(judgeStore({ ...seen, info: undefined }).text.zh).toBe('redis://h/0 在 2 ms 内应答，来自环境变量 X');
});

test('what is no field is passed over, and lines may end as on any system', () => {
  const text = ['#role:slave', ':x', 'role', 'maxmemory_policy:allkeys-lru'].join('\n');
  expect(judgeStore({ ...seen, info: text }).text.en).toBe(
    'redis://h/0 answers in 2 ms, memory policy allkeys-lru, from the variable X',
  );
});

test('a replica is well only for those who read', () => {
  expect(judge(replica)).toMatch(/^fail .* is a replica that takes no writes/);
  expect(judge(replica, { isRead: true })).toMatch(/^pass .* in 2 ms, a replica, memory/);
  expect(judge({ ...replica, slave_read_only: 0 })).toMatch(/^pass .*, a replica/);
  expect(judge({ ...replica, redis_mode: 'cluster' })).toMatch(/^pass (?!.*replica)/);
});

test.each([
  [89, 'noeviction', false, /^pass/],
  [90, 'noeviction', false, /^warn .* is 90 % full, and then takes no more writes/],
  [99, 'noeviction', true, /^warn/],
  [100, 'noeviction', false, /^fail .* is full and takes no writes/],
  [100, 'noeviction', true, /^warn/],
  [100, 'allkeys-lru', false, /^warn .* is 100 % full and forgets keys \(allkeys-lru\)/],
  [89, 'allkeys-lru', false, /^pass/],
])('memory: %i %% of it, %s, only read: %s', (used, policy, isRead, words) => {
  expect(judge({ maxmemory: 100, used_memory: used, maxmemory_policy: policy }, { isRead })).toMatch(words);
});
