/** The people that the account has to do with (用户管理): those who follow, those who left, and the black list. */
import { inputError } from '../../../core/errors.ts';
import type { Clock, Random } from '../../../io/ports.ts';
import type { Follower, FollowerChange } from './follower.ts';
import type { Persistent } from '../../account/persistent.ts';
import { randomBase64Url } from '../../random/text.ts';

/** Twenty pages of user/get; the memory of a test machine ends somewhere. */
const maxPeople = 200_000;

export interface SavedFollowers {
  readonly openIdHead: string;
  readonly people: readonly Follower[];
}

export interface Followers extends Persistent<SavedFollowers> {
  find(openId: string): Follower | undefined;
  /** By openid or WeChat id (微信号). */
  findByAnyId(id: string): Follower | undefined;
  /** Who follows now, the first to follow first. */
  following(): readonly Follower[];
  /** Everybody, whoever left included. */
  list(): readonly Follower[];
  /** Changes a person, or makes one, who follows unless told otherwise. Without an openid one is invented. */
  put(openId: string | undefined, change: FollowerChange): Follower;
}

export function createFollowers(clock: Clock, random: Random): Followers {
  const people = new Map<string, Follower>();
  // Quirk: the openids of one account begin alike (observed).
  let openIdHead = `o${randomBase64Url(random, 4)}`;

  const invent = (openId: string): Follower => ({
    openId,
    weChatId: `wxid_${randomBase64Url(random, 12)}`,
    unionId: `o${randomBase64Url(random, 28).slice(1)}`,
    nickname: `Follower ${people.size + 1}`,
    language: 'zh_CN',
    clientPlatformType: 1,
    follows: false,
    followedAtMs: 0,
    followScene: 'ADD_SCENE_SEARCH',
    qrScene: '',
    remark: '',
    tagIds: [],
    isBlacklisted: false,
  });

  return {
    save: () => ({ openIdHead, people: [...people.values()] }),
    restore(saved) {
      openIdHead = saved.openIdHead;
      people.clear();
      for (const person of saved.people) people.set(person.openId, person);
    },
    find: (openId) => people.get(openId),
    findByAnyId: (id) => people.get(id) ?? [...people.values()].find(({ weChatId }) => weChatId === id),
    following: () => [...people.values()].filter(({ follows }) => follows),
    list: () => [...people.values()],
    put(openId = openIdHead + randomBase64Url(random, 24).slice(1), change) {
      const known = people.get(openId);
      if (known === undefined && people.size >= maxPeople) throw tooManyPeople();
      const before = known ?? invent(openId);
      const follows = change.follows ?? (known === undefined || known.follows);
      const comes = follows && !before.follows;
      const followedAtMs = comes ? clock.now() : before.followedAtMs;
      const follower = { ...before, ...change, follows, followedAtMs };
      // Whoever follows again is the newest follower.
      if (comes) people.delete(openId);
      people.set(openId, follower);
      return follower;
    },
  };
}

function tooManyPeople(): Error {
  return inputError('too_many_people', {
    en: `An account of the simulator knows at most ${maxPeople} people`,
    zh: `模拟器中一个账号最多有 ${maxPeople} 个用户`,
  });
}
