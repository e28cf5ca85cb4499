/** Whom a call of `/_ctl` is about. */
import type { Follower } from '../../nouns/user/follower.ts';
import type { Platform } from '../../account/platform.ts';
import { refuse } from '../input.ts';

/** Throws an input error for an openid that nobody has. */
export function personNamed({ followers }: Pick<Platform, 'followers'>, openId: string): Follower {
  return (
    followers.find(openId) ??
    refuse(
      {
        en: `Nobody has the openid "${openId}"; POST /_ctl/followers makes a follower`,
        zh: `没有 openid 为“${openId}”的用户；POST /_ctl/followers 可创建用户`,
      },
      'unknown_person',
    )
  );
}
