/** Tags of followers (标签管理). Which person has which is with the person; here are their names. */
import { forEachInPieces, type Work } from '../../control/turns.ts';
import { Refusal } from '../../server/refusal.ts';
import type { Follower, Followers } from '../user/state.ts';

const maxTags = 100;
const maxNameBytes = 30;
const maxOfFollower = 20;
/** A larger tag cannot be deleted at once. */
const maxFollowersToDelete = 100_000;
/** Some milliseconds' work. */
const taggedATurn = 5000;
/** Quirk: 0 is "no tag", 1 was the black list, 2 are the starred; an account's own begin at 100. */
const systemIds = [0, 1, 2];
const starred = { id: 2, name: '星标组' };
const firstOwnId = 100;

export interface Tag {
  readonly id: number;
  readonly name: string;
}

export interface SavedTags {
  readonly names: readonly (readonly [id: number, name: string])[];
  readonly lastId: number;
}

export type Tags = ReturnType<typeof createTags>;

export function createTags(followers: Followers) {
  const names = createNames();
  const takeFrom = (id: number, { openId, tagIds }: Follower): void => {
    if (tagIds.includes(id)) followers.put(openId, { tagIds: tagIds.filter((other) => other !== id) });
  };
  return {
    save: names.save,
    restore: names.restore,
    /** Throws 45159 for an id that no tag has. */
    check: names.check,
    /** Throws 45157, 45158 or 45056. */
    create: names.add,
    /** Makes tags of these ids where there are none: for people whom a test invents. */
    ensure: names.ensure,
    /** Throws 45058 for a system tag, 45159, and what `create` throws for the name. */
    rename(id: unknown, name: unknown): void {
      names.rename(checkOwn(id, names), name);
    },
    /** Its name is gone at once; returns what takes it from everybody. Throws 45058, 45159 or 45057. */
    delete(id: unknown): Work {
      const checked = checkOwn(id, names);
      if ((countTags(followers).get(checked) ?? 0) > maxFollowersToDelete) throw new Refusal(45057);
      names.remove(checked);
      const from = followers.list().filter(({ tagIds }) => tagIds.includes(checked));
      return forEachInPieces(from, taggedATurn, ({ openId }) => {
        const person = followers.find(openId);
        if (person !== undefined) takeFrom(checked, person);
      });
    },
    /** All, with the number of followers that have each. */
    list(): readonly (Tag & { readonly count: number })[] {
      const counts = countTags(followers);
      return names.list().map((tag) => ({ ...tag, count: counts.get(tag.id) ?? 0 }));
    },
    /** Gives the tag to each person; who has it keeps its place. Throws 45159 or 45059, and then nobody has it. */
    give(id: unknown, to: readonly Follower[]): void {
      const checked = names.check(id);
      const without = to.filter(({ tagIds }) => !tagIds.includes(checked));
      if (without.some(({ tagIds }) => tagIds.length >= maxOfFollower)) throw new Refusal(45059);
      for (const { openId, tagIds } of without) followers.put(openId, { tagIds: [...tagIds, checked] });
    },
    take(id: unknown, from: readonly Follower[]): void {
      const checked = names.check(id);
      for (const person of from) takeFrom(checked, person);
    },
  };
}

/** What the tags are called, without who has them. */
type TagNames = ReturnType<typeof createNames>;

function createNames() {
  const names = new Map<number, string>([[starred.id, starred.name]]);
  let lastId = firstOwnId - 1;
  const checkName = (name: unknown, ownId?: number): string => {
    if (typeof name !== 'string' || name === '') throw new Refusal(45157);
    if (Buffer.byteLength(name) > maxNameBytes) throw new Refusal(45158);
    if ([...names].some(([id, other]) => other === name && id !== ownId)) throw new Refusal(45157);
    return name;
  };
  return {
    save: (): SavedTags => ({ names: [...names], lastId }),
    restore: (saved: SavedTags): void => {
      names.clear();
      for (const [id, name] of saved.names) names.set(id, name);
      lastId = saved.lastId;
    },
    check: (id: unknown): number => {
      const number = typeof id === 'string' && /^\d{1,9}$/.test(id) ? Number(id) : id;
      if (typeof number !== 'number' || !names.has(number)) throw new Refusal(45159);
      return number;
    },
    add: (name: unknown): Tag => {
      const checked = checkName(name);
      // The starred ones do not count.
      if (names.size - 1 >= maxTags) throw new Refusal(45056);
      lastId += 1;
      names.set(lastId, checked);
      return { id: lastId, name: checked };
    },
    rename(id: number, name: unknown): void {
      names.set(id, checkName(name, id));
    },
    remove(id: number): void {
      names.delete(id);
    },
    ensure: (ids: readonly number[]): void => {
      for (const id of ids.filter((each) => !names.has(each))) {
        names.set(id, `标签${id}`);
        lastId = Math.max(lastId, id);
      }
    },
    list: (): readonly Tag[] => [...names].map(([id, name]) => ({ id, name })),
  };
}

function checkOwn(id: unknown, names: TagNames): number {
  if (systemIds.includes(Number(id))) throw new Refusal(45058);
  return names.check(id);
}

function countTags(followers: Followers): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { tagIds } of followers.following()) {
    for (const id of tagIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
