/** A person as the account knows them (用户): what `POST /_ctl/followers` takes and answers. */
import { inputError } from '../../../core/errors.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Platform } from '../../account/platform.ts';
import type { Follower, FollowerChange } from './state.ts';
import { quoteAll } from '../../control/input.ts';
import type { Work } from '../../control/turns.ts';
import { mustBeFlag, mustBeText } from '../../control/texts.ts';

/** The body of `POST /_ctl/followers`: whom, what, and how many of them. */
export interface FollowerRequest {
  readonly openId: string | undefined;
  readonly change: FollowerChange;
  readonly count: number | undefined;
}

const maxCount = 100_000;
const openIdForm = /^[A-Za-z0-9_-]{1,64}$/;

/** Wire to people. Throws an input error that names the field. */
export function parseFollowerRequest(body: Readonly<Record<string, unknown>>): FollowerRequest {
  const unknown = Object.keys(body).find((key) => !Object.hasOwn(readers, key) && !identifiers.includes(key));
  if (unknown !== undefined) throw unknownField(unknown);
  const change: Record<string, unknown> = {};
  for (const [key, [field, read]] of Object.entries(readers)) {
    if (body[key] !== undefined) change[field] = read(key, body[key]);
  }
  const openId = body['openid'] === undefined ? undefined : readOpenId(body['openid']);
  const count = body['count'] === undefined ? undefined : readCount(body['count']);
  if (
    count !== undefined &&
    (openId !== undefined || change['weChatId'] !== undefined || change['unionId'] !== undefined)
  )
    throw oneIdOnly();
  return { openId, change, count };
}

/** Few enough that the others hardly wait. */
const peopleATurn = 100;

/** One person, or as many as are asked for; `take` gets each. */
export function* addPeople(
  { followers, tags }: Pick<Platform, 'followers' | 'tags'>,
  { openId, change, count = 1 }: FollowerRequest,
  take?: (follower: Follower) => void,
): Work {
  tags.ensure(change.tagIds ?? []);
  for (let made = 0; made < count; made += 1) {
    if (made > 0 && made % peopleATurn === 0) yield;
    const follower = followers.put(openId, change);
    take?.(follower);
  }
}

export function formatFollower(follower: Follower): Record<string, unknown> {
  return {
    openid: follower.openId,
    wechat_id: follower.weChatId,
    unionid: follower.unionId,
    nickname: follower.nickname,
    language: follower.language,
    client_platform_type: follower.clientPlatformType,
    subscribed: follower.follows,
    subscribe_time: follower.followedAtMs === 0 ? null : new Date(follower.followedAtMs).toISOString(),
    subscribe_scene: follower.followScene,
    qr_scene: follower.qrScene,
    remark: follower.remark,
    tag_ids: follower.tagIds,
    blacklisted: follower.isBlacklisted,
    blocks_messages: follower.blocksMessages ?? false,
  };
}

const identifiers = ['openid', 'count'];

type Reader = (key: string, value: unknown) => unknown;

const readers: Readonly<Record<string, readonly [keyof FollowerChange, Reader]>> = {
  wechat_id: ['weChatId', readText],
  unionid: ['unionId', readText],
  nickname: ['nickname', readText],
  language: ['language', readText],
  client_platform_type: ['clientPlatformType', readPlatform],
  subscribed: ['follows', readSwitch],
  subscribe_scene: ['followScene', readText],
  qr_scene: ['qrScene', readQrScene],
  remark: ['remark', readText],
  tag_ids: ['tagIds', readTagIds],
  blacklisted: ['isBlacklisted', readSwitch],
  blocks_messages: ['blocksMessages', readSwitch],
};

function readText(key: string, value: unknown): string {
  if (typeof value === 'string') return value;
  return refuse(mustBeText(key));
}

function readSwitch(key: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  return refuse(mustBeFlag(key));
}

function readPlatform(key: string, value: unknown): number {
  if (value === 1 || value === 2 || value === 3) return value;
  return refuse({
    en: `"${key}" must be 1 (iOS), 2 (Android) or 3 (others)`,
    zh: `“${key}”只能是 1（iOS）、2（Android）或 3（其他）`,
  });
}

function readQrScene(key: string, value: unknown): number | string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  return refuse({ en: `"${key}" must be a whole number or text`, zh: `“${key}”必须是整数或字符串` });
}

function readTagIds(key: string, value: unknown): readonly number[] {
  if (Array.isArray(value) && value.every((id) => Number.isInteger(id) && id >= 2 && id < 2 ** 31)) {
    return [...new Set<number>(value)];
  }
  return refuse({
    en: `"${key}" must be a list of tag ids from 2 such as [100, 2]`,
    zh: `“${key}”必须是标签 ID 数组（ID 从 2 起），例如 [100, 2]`,
  });
}

/** Throws an input error for what no openid is. */
export function readOpenId(value: unknown): string {
  if (typeof value === 'string' && openIdForm.test(value)) return value;
  return refuse({
    en: '"openid" must be 1 to 64 letters, digits, "-" or "_"',
    zh: '“openid”必须是 1 到 64 个字母、数字、“-”或“_”',
  });
}

function readCount(value: unknown): number {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= maxCount) return Number(value);
  return refuse({
    en: `"count" must be a whole number from 1 to ${maxCount}`,
    zh: `“count”必须是 1 到 ${maxCount} 之间的整数`,
  });
}

function oneIdOnly(): Error {
  return inputError('invalid_follower', {
    en: '"count" must not come with "openid", "wechat_id" or "unionid": those belong to one person',
    zh: '“count”不能与“openid”、“wechat_id”或“unionid”同时使用：它们只属于一个人',
  });
}

function unknownField(key: string): Error {
  const known = quoteAll(['openid', ...Object.keys(readers), 'count']);
  return inputError('invalid_follower', {
    en: `Fields of a follower must be ${known.en}, got "${key}"`,
    zh: `用户字段只能是${known.zh}，收到的是“${key}”`,
  });
}

function refuse(text: Text): never {
  throw inputError('invalid_follower', text);
}
