/** The people that the account has to do with (用户管理): those who follow, those who left, and the black list. */
import { inputError } from '../../../core/errors.ts';
import type { Clock, Random } from '../../../io/ports.ts';
import { randomBase64Url } from '../../random/text.ts';
import { Refusal } from '../../server/refusal.ts';
import type { Settings } from '../../account/settings.ts';

/** Somebody who follows the account, or has followed it, or is only known to the simulator so far. */
export interface Follower {
  readonly openId: string;
  /** 微信号. */
  readonly weChatId: string;
  /** Who it is in all accounts of one owner (UnionID). */
  readonly unionId: string;
  /** The name on the phone. Quirk: the API has not told names since the end of 2021. */
  readonly nickname: string;
  readonly language: string;
  /** 1 iOS, 2 Android, 3 others, as in the rules of conditional menus. */
  readonly clientPlatformType: number;
  /** Whether the person follows (关注) at the moment. */
  readonly follows: boolean;
  /** When they followed last; 0 for somebody who never did. */
  readonly followedAtMs: number;
  /** How they came (subscribe_scene), for example `ADD_SCENE_QR_CODE`. */
  readonly followScene: string;
  /** The scene of the QR code with which they came; empty when there was none. */
  readonly qrScene: number | string;
  readonly remark: string;
  /** In the order in which they were given. Quirk: for conditional menus only the last one counts. */
  readonly tagIds: readonly number[];
  readonly isBlacklisted: boolean;
  /** Whether the person has switched the messages of this account off (接收消息); template and mass messages fail then. */
  readonly blocksMessages?: boolean;
}

export type FollowerChange = Partial<Omit<Follower, 'openId' | 'followedAtMs'>>;

/** Twenty pages of user/get; the memory of a test machine ends somewhere. */
const maxPeople = 200_000;

export interface SavedFollowers {
  readonly openIdHead: string;
  readonly people: readonly Follower[];
}

export type Followers = ReturnType<typeof createFollowers>;

export function createFollowers(clock: Clock, random: Random) {
  const people = new Map<string, Follower>();
  /** Made anew after a change: calls that list people come in numbers, and each would copy them all. */
  let all: readonly Follower[] | undefined;
  let following: readonly Follower[] | undefined;
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

  const list = (): readonly Follower[] => (all ??= Object.freeze([...people.values()]));
  const forgetLists = (): void => {
    all = undefined;
    following = undefined;
  };

  return {
    // Somebody who changes is somebody new: whoever has the list can keep it.
    save: (): SavedFollowers => ({ openIdHead, people: list() }),
    restore(saved: SavedFollowers): void {
      openIdHead = saved.openIdHead;
      people.clear();
      for (const person of saved.people) people.set(person.openId, person);
      forgetLists();
    },
    find: (openId: string): Follower | undefined => people.get(openId),
    /** By openid or WeChat id (微信号). */
    findByAnyId: (id: string) => people.get(id) ?? list().find(({ weChatId }) => weChatId === id),
    /** Who follows now, the first to follow first. */
    following: (): readonly Follower[] => (following ??= list().filter(({ follows }) => follows)),
    /** Everybody, whoever left included. */
    list,
    /** Changes a person, or makes one, who follows unless told otherwise. Without an openid one is invented. */
    put(
      openId: string | undefined = openIdHead + randomBase64Url(random, 24).slice(1),
      change: FollowerChange,
    ): Follower {
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
      forgetLists();
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

/** Somebody who has to do with the account, also whoever left. Throws 40003. */
export function findPerson(followers: Followers, openId: unknown): Follower {
  const person = typeof openId === 'string' ? followers.find(openId) : undefined;
  if (person === undefined) throw new Refusal(40003);
  return person;
}

/** Somebody who follows. Throws 40003. */
export function findFollower(followers: Followers, openId: unknown): Follower {
  const person = findPerson(followers, openId);
  if (!person.follows) throw new Refusal(40003);
  return person;
}

/** Everybody of an `openid_list` of at most `max`. Throws 40032 for its length, 40003 for who does not follow. */
export function findFollowerList(followers: Followers, list: unknown, max: number): readonly Follower[] {
  if (!Array.isArray(list) || list.length < 1 || list.length > max) throw new Refusal(40032);
  return [...new Set<unknown>(list)].map((openId) => findFollower(followers, openId));
}

/** Quirk: people have a UnionID only for an account that is bound to 微信开放平台; otherwise the field is absent. */
export function unionIdOf({ unionId }: Follower, { openPlatform }: Settings): { readonly unionid?: string } {
  return openPlatform && unionId !== '' ? { unionid: unionId } : {};
}

interface Page {
  readonly count: number;
  /** Quirk: missing on an empty page. */
  readonly data?: { readonly openid: readonly string[] };
  readonly next_openid: string;
}

/** The page after `afterOpenId`; the last openid on it begins the next one. Throws 40003 for an openid that is not in the list. */
export function pageOf(people: readonly Follower[], afterOpenId: unknown, size: number): Page {
  const isFirst = afterOpenId === undefined || afterOpenId === '';
  const before = isFirst ? -1 : people.findIndex(({ openId }) => openId === afterOpenId);
  if (!isFirst && before === -1) throw new Refusal(40003);
  const openid = people.slice(before + 1, before + 1 + size).map(({ openId }) => openId);
  return {
    count: openid.length,
    ...(openid.length > 0 && { data: { openid } }),
    next_openid: openid.at(-1) ?? '',
  };
}
