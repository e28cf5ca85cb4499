/** 账号迁移: the people whom another account has handed over to this one, each with a new openid. */
import type { Clock } from '../../../io/ports.ts';
import { Refusal } from '../../server/refusal.ts';
import type { Followers } from '../user/state.ts';

const lifeMs = 15 * 86_400_000;
const maxOpenIds = 100;
const keptMigrations = 20;

export interface Migration {
  readonly fromAppId: string;
  readonly atMs: number;
  readonly openIds: readonly (readonly [before: string, now: string])[];
}

export function createMigrations(clock: Clock, followers: Followers) {
  let list: readonly Migration[] = [];
  return {
    save: (): readonly Migration[] => list,
    restore(saved: readonly Migration[]): void {
      list = saved.map(({ fromAppId, atMs, openIds }) => ({ fromAppId, atMs, openIds: [...openIds] }));
    },
    /** These people of the other account follow this one from now on. */
    migrate(fromAppId: string, before: readonly string[]): Migration {
      const change = { followScene: 'ADD_SCENE_ACCOUNT_MIGRATION' };
      const openIds = [...new Set(before)].map(
        (openId) => [openId, followers.put(undefined, change).openId] as const,
      );
      const migration = { fromAppId, atMs: clock.now(), openIds };
      list = [...list, migration].slice(-keptMigrations);
      return migration;
    },
    /**
     * Throws 63178 for an AppID that is none, 63182 for no openids, 63179 for more than a hundred, 63183 where that account
     * has not been migrated here in the last 15 days.
     */
    convert(fromAppId: unknown, openIds: unknown): readonly Record<string, string>[] {
      if (typeof fromAppId !== 'string' || fromAppId === '') throw new Refusal(63178);
      if (!Array.isArray(openIds) || openIds.length === 0) throw new Refusal(63182);
      if (openIds.length > maxOpenIds) throw new Refusal(63179);
      const own = list.filter((each) => each.fromAppId === fromAppId && clock.now() - each.atMs < lifeMs);
      if (own.length === 0) throw new Refusal(63183);
      const found = new Map(own.flatMap((each) => each.openIds));
      return openIds.map((openId: unknown) => {
        const now = found.get(String(openId));
        const ori_openid = String(openId);
        if (now === undefined) return { ori_openid, err_msg: 'ori_openid error' };
        return { ori_openid, new_openid: now, err_msg: 'ok' };
      });
    },
    list: (): readonly Migration[] => list,
  };
}
