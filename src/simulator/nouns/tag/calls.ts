/** 标签管理 and 黑名单管理: tags, who has them, and the black list. */
import { inTurns } from '../../control/turns.ts';
import { get, inBody, post, within } from '../../server/endpoint.ts';
import { findFollower, findFollowerList, pageOf } from '../user/state.ts';

const maxTagged = 50;
const maxBlacklisted = 20;
const tagPageSize = 10_000;
const blacklistPageSize = 1000;

const newestTag = { id: { known: 'tag' } } as const;

export const calls = [
  post('/cgi-bin/tags/create', {
    reads: within('tag', 'name'),
    changes: ['followers'],
    answer: ({ name }, { tags }) => ({ tag: tags.create(name) }),
  }),
  get('/cgi-bin/tags/get', { answer: (_, { tags }) => ({ tags: tags.list() }) }),
  post('/cgi-bin/tags/update', {
    reads: within('tag', 'id', 'name'),
    fills: newestTag,
    changes: ['followers'],
    answer: ({ id, name }, { tags }) => tags.rename(id, name),
  }),
  post('/cgi-bin/tags/delete', {
    reads: within('tag', 'id'),
    fills: newestTag,
    changes: ['followers'],
    answer: ({ id }, { tags }) => inTurns(tags.delete(id)),
  }),
  // Quirk: a call about tags below /user/.
  post('/cgi-bin/user/tag/get', {
    reads: inBody('tagid', 'next_openid'),
    answer({ tagid, next_openid: after }, { tags, followers }) {
      const id = tags.check(tagid);
      const tagged = followers.following().filter(({ tagIds }) => tagIds.includes(id));
      return pageOf(tagged, after, tagPageSize);
    },
  }),
  ...(['give', 'take'] as const).map((change) =>
    post(`/cgi-bin/tags/members/${change === 'give' ? 'batchtagging' : 'batchuntagging'}`, {
      reads: inBody('openid_list', 'tagid'),
      changes: ['followers'],
      answer: ({ openid_list: list, tagid }, { tags, followers }) =>
        tags[change](tagid, findFollowerList(followers, list, maxTagged)),
    }),
  ),
  post('/cgi-bin/tags/getidlist', {
    reads: inBody('openid'),
    answer: ({ openid }, { followers }) => ({ tagid_list: findFollower(followers, openid).tagIds }),
  }),
  post('/cgi-bin/tags/members/getblacklist', {
    reads: inBody('begin_openid'),
    answer({ begin_openid: after }, { followers }) {
      const listed = followers.following().filter(({ isBlacklisted }) => isBlacklisted);
      return { total: listed.length, ...pageOf(listed, after, blacklistPageSize) };
    },
  }),
  ...[true, false].map((isBlacklisted) =>
    post(`/cgi-bin/tags/members/${isBlacklisted ? 'batchblacklist' : 'batchunblacklist'}`, {
      reads: inBody('openid_list'),
      changes: ['followers'],
      answer({ openid_list: list }, { followers }) {
        for (const { openId } of findFollowerList(followers, list, maxBlacklisted)) {
          followers.put(openId, { isBlacklisted });
        }
      },
    }),
  ),
];
