/** 标签管理 and 黑名单管理: tags, who has them, and the black list. */
import { own } from '../../../core/text/json-value.ts';
import { createAdder, ok, type ApiApp } from '../../server/endpoint.ts';
import { findFollower, findFollowerList, pageOf } from '../user/people.ts';
import type { Platform } from '../../account/platform.ts';

const maxTagged = 50;
const maxBlacklisted = 20;
const tagPageSize = 10_000;
const blacklistPageSize = 1000;

export function addTagRoutes(app: ApiApp, platform: Platform): void {
  const add = createAdder(app, platform);
  add('POST', 'tags/create', (call) => ({
    tag: platform.tags.create(own(own(call.json(), 'tag'), 'name')),
  }));
  add('GET', 'tags/get', () => ({ tags: platform.tags.list() }));
  add('POST', 'tags/update', (call) => {
    const tag = own(call.json(), 'tag');
    platform.tags.rename(own(tag, 'id'), own(tag, 'name'));
    return ok;
  });
  add('POST', 'tags/delete', (call) => {
    platform.tags.delete(own(own(call.json(), 'tag'), 'id'));
    return ok;
  });
  // Quirk: a call about tags below /user/.
  add('POST', 'user/tag/get', (call) => {
    const body = call.json();
    const id = platform.tags.check(own(body, 'tagid'));
    const tagged = platform.followers.following().filter(({ tagIds }) => tagIds.includes(id));
    return pageOf(tagged, own(body, 'next_openid'), tagPageSize);
  });
  addMemberRoutes(add, platform);
  addBlacklistRoutes(add, platform);
}

type Add = ReturnType<typeof createAdder>;

function addMemberRoutes(add: Add, platform: Platform): void {
  for (const [name, change] of [
    ['batchtagging', 'give'],
    ['batchuntagging', 'take'],
  ] as const) {
    add('POST', `tags/members/${name}`, (call) => {
      const body = call.json();
      const members = findFollowerList(platform.followers, own(body, 'openid_list'), maxTagged);
      platform.tags[change](own(body, 'tagid'), members);
      return ok;
    });
  }
  add('POST', 'tags/getidlist', (call) => ({
    tagid_list: findFollower(platform.followers, own(call.json(), 'openid')).tagIds,
  }));
}

function addBlacklistRoutes(add: Add, platform: Platform): void {
  add('POST', 'tags/members/getblacklist', (call) => {
    const listed = platform.followers.following().filter(({ isBlacklisted }) => isBlacklisted);
    return { total: listed.length, ...pageOf(listed, own(call.json(), 'begin_openid'), blacklistPageSize) };
  });
  for (const [name, isBlacklisted] of [
    ['batchblacklist', true],
    ['batchunblacklist', false],
  ] as const) {
    add('POST', `tags/members/${name}`, (call) => {
      const list = own(call.json(), 'openid_list');
      for (const { openId } of findFollowerList(platform.followers, list, maxBlacklisted)) {
        platform.followers.put(openId, { isBlacklisted });
      }
      return ok;
    });
  }
}
