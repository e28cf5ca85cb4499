/** What the calls about people have in common: finding them by openid, and pages of openids. */
import type { Follower } from './follower.ts';
import { Refusal } from '../../server/refusal.ts';
import type { Settings } from '../../account/settings.ts';
import type { Followers } from './state.ts';

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
