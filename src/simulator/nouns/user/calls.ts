/** 用户管理: who follows, what is known of them, and their remarks (备注名). */
import { own } from '../../../core/text/json-value.ts';
import { get, inBody, inQuery, post, unused } from '../../server/endpoint.ts';
import { findFollower, findPerson, type Follower, pageOf, unionIdOf } from './state.ts';
import { Refusal } from '../../server/refusal.ts';
import type { Settings } from '../../account/settings.ts';

const pageSize = 10_000;
const maxBatch = 100;
/** Quirk: "less than 30 bytes", where a tag's name may have 30. */
const remarkBytesEnd = 30;

/** Ten thousand openids are written once for all who ask for them, until somebody comes or goes. */
const lastPages = new WeakMap<
  readonly Follower[],
  { readonly after: string | undefined; readonly answer: unknown }
>();

export const calls = [
  get('/cgi-bin/user/get', {
    reads: inQuery('next_openid'),
    answer({ next_openid: after }, { followers }) {
      const all = followers.following();
      const last = lastPages.get(all);
      if (last !== undefined && last.after === after) return last.answer;
      const answer = Object.freeze({ total: all.length, ...pageOf(all, after, pageSize) });
      lastPages.set(all, { after, answer });
      return answer;
    },
  }),
  get('/cgi-bin/user/info', {
    reads: { ...inQuery('openid'), ...unused(inQuery('lang')) },
    fills: { lang: { value: 'zh_CN' } },
    answer: ({ openid }, { followers, settings }) => describe(findPerson(followers, openid), settings),
  }),
  post('/cgi-bin/user/info/batchget', {
    reads: inBody('user_list'),
    answer({ user_list: list }, { followers, settings }) {
      if (!Array.isArray(list) || list.length < 1 || list.length > maxBatch) throw new Refusal(40032);
      return {
        user_info_list: list.map((entry: unknown) =>
          describe(findPerson(followers, own(entry, 'openid')), settings),
        ),
      };
    },
  }),
  post('/cgi-bin/user/info/updateremark', {
    reads: inBody('openid', 'remark'),
    changes: ['followers'],
    answer({ openid, remark }, { followers }) {
      const { openId } = findFollower(followers, openid);
      if (typeof remark !== 'string' || Buffer.byteLength(remark) >= remarkBytesEnd) throw new Refusal(40092);
      followers.put(openId, { remark });
    },
  }),
];

/** Quirk: no name, picture, sex or place any more, and of somebody who does not follow next to nothing. */
function describe(follower: Follower, settings: Settings): unknown {
  const { openId, qrScene } = follower;
  if (!follower.follows) return { subscribe: 0, openid: openId };
  return {
    subscribe: 1,
    openid: openId,
    language: follower.language,
    subscribe_time: Math.floor(follower.followedAtMs / 1000),
    ...unionIdOf(follower, settings),
    remark: follower.remark,
    groupid: 0,
    tagid_list: follower.tagIds,
    subscribe_scene: follower.followScene,
    qr_scene: typeof qrScene === 'number' ? qrScene : 0,
    qr_scene_str: typeof qrScene === 'string' ? qrScene : '',
  };
}
