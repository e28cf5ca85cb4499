import { expect, test } from 'vitest';
import { createSeededRandom } from '../../../../src/simulator/random/seeded.ts';
import { createFollowers } from '../../../../src/simulator/nouns/user/state.ts';

test('following() lists who follows, the first to follow first, whoever came back last', () => {
  let nowMs = 1000;
  const clock = { now: () => nowMs, monotonic: () => 0, sleep: async () => undefined };
  const followers = createFollowers(clock, createSeededRandom(1, 'test'));
  for (const openId of ['one', 'two', 'three']) followers.put(openId, {});
  followers.put('never', { follows: false });
  followers.put('one', { follows: false, remark: 'kept' });
  const ids = (): string[] => followers.following().map(({ openId }) => openId);
  expect(ids()).toEqual(['two', 'three']);
  nowMs = 2000;
  followers.put('one', { follows: true });
  followers.put('two', { follows: true });
  expect(ids()).toEqual(['two', 'three', 'one']);
  expect(followers.find('one')).toMatchObject({ followedAtMs: 2000, remark: 'kept' });
  expect(followers.find('two')).toMatchObject({ followedAtMs: 1000 });
  expect(followers.find('never')).toMatchObject({ followedAtMs: 0 });
  expect(followers.list()).toHaveLength(4);
});
