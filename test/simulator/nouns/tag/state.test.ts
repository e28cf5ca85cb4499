import { describe, expect, test } from 'vitest';
import { countingRandom } from '../../../helpers/counting-random.ts';
import { createFollowers, type Followers } from '../../../../src/simulator/nouns/user/state.ts';
import { createTags, type Tags } from '../../../../src/simulator/nouns/tag/state.ts';
import { atOnce } from '../../../../src/simulator/control/turns.ts';

function create(): { followers: Followers; tags: Tags } {
  const clock = { now: () => 1, monotonic: () => 0, sleep: async () => undefined };
  const followers = createFollowers(clock, countingRandom());
  return { followers, tags: createTags(followers) };
}
const refusal = (errcode: number): unknown => expect.objectContaining({ errcode });

describe('createTags()', () => {
  test('numbers new tags from 100 and never gives an id twice', () => {
    const { tags } = create();
    expect(tags.create('a')).toEqual({ id: 100, name: 'a' });
    expect(tags.create('b').id).toBe(101);
    tags.delete(101);
    expect(tags.create('c').id).toBe(102);
    tags.ensure([200]);
    expect(tags.create('d').id).toBe(201);
  });

  test('takes names of 30 bytes, refuses 31 with 45158, empty and equal ones with 45157', () => {
    const { tags } = create();
    tags.create('中'.repeat(10));
    expect(() => tags.create(`${'中'.repeat(10)}a`)).toThrow(refusal(45158));
    for (const name of ['', undefined, 1, '中'.repeat(10), '星标组']) {
      expect(() => tags.create(name)).toThrow(refusal(45157));
    }
  });

  test('makes 100 tags and refuses the next with 45056', () => {
    const { tags } = create();
    for (let count = 0; count < 100; count += 1) tags.create(`tag ${count}`);
    expect(() => tags.create('one more')).toThrow(refusal(45056));
    tags.delete(100);
    expect(tags.create('one more').id).toBe(200);
  });

  test('renames, also to the same name, but not to another tag’s', () => {
    const { tags } = create();
    tags.create('a');
    tags.create('b');
    tags.rename(100, 'a');
    tags.rename('100', 'A');
    expect(() => tags.rename(100, 'b')).toThrow(refusal(45157));
    expect(tags.list()).toEqual([
      { id: 2, name: '星标组', count: 0 },
      { id: 100, name: 'A', count: 0 },
      { id: 101, name: 'b', count: 0 },
    ]);
  });

  test('leaves the system tags alone with 45058, and knows no others with 45159', () => {
    const { tags } = create();
    for (const id of [0, 1, 2, '2']) {
      expect(() => tags.rename(id, 'x')).toThrow(refusal(45058));
      expect(() => tags.delete(id)).toThrow(refusal(45058));
    }
    for (const id of [99, 'x', undefined]) {
      expect(() => tags.rename(id, 'x')).toThrow(refusal(45159));
      expect(() => tags.delete(id)).toThrow(refusal(45159));
      expect(() => tags.give(id, [])).toThrow(refusal(45159));
      expect(() => tags.take(id, [])).toThrow(refusal(45159));
    }
  });

  test('gives a tag once, and takes it from everybody', () => {
    const { followers, tags } = create();
    tags.create('a');
    const one = followers.put('one', {});
    tags.give(2, [one]);
    tags.give(100, [followers.put('one', {}), followers.put('two', {})]);
    tags.give(2, [followers.put('one', {})]);
    expect(followers.find('one')?.tagIds).toEqual([2, 100]);
    expect(tags.list()).toMatchObject([{ count: 1 }, { count: 2 }]);
    atOnce(tags.delete(100));
    expect([followers.find('one')?.tagIds, followers.find('two')?.tagIds]).toEqual([[2], []]);
  });

  test('gives nobody a tag where one has 20 others, with 45059', () => {
    const { followers, tags } = create();
    const full = Array.from({ length: 20 }, (_, index) => 100 + index);
    tags.ensure([...full, 300]);
    const people = [followers.put('few', { tagIds: full.slice(1) }), followers.put('full', { tagIds: full })];
    expect(() => tags.give(300, people)).toThrow(refusal(45059));
    expect(followers.find('few')?.tagIds).toHaveLength(19);
    tags.give(100, people);
    expect(followers.find('few')?.tagIds).toHaveLength(20);
  });

  test('counts only who follows', () => {
    const { followers, tags } = create();
    followers.put('here', { tagIds: [2] });
    followers.put('left', { tagIds: [2], follows: false });
    expect(tags.list()).toEqual([{ id: 2, name: '星标组', count: 1 }]);
  });

  test('deletes a tag of 100000 followers, refuses one of 100001 with 45057', () => {
    const { followers, tags } = create();
    tags.ensure([100]);
    for (let count = 0; count < 100_000; count += 1) followers.put(`o${count}`, { tagIds: [100] });
    followers.put('one more', { tagIds: [100] });
    expect(() => tags.delete(100)).toThrow(refusal(45057));
    followers.put('one more', { follows: false });
    atOnce(tags.delete(100));
    expect(followers.find('o0')?.tagIds).toEqual([]);
  });
});
