/** Daily and minute limits (接口调用频次) of the account. */
import type { Clock } from '../../io/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Settings } from '../settings.ts';

interface Limit {
  readonly daily: number;
  /** Of a test account (测试号), where the platform names another figure. */
  readonly testDaily?: number;
}

const limits: Readonly<Record<string, Limit>> = {
  '/cgi-bin/token': { daily: 2000, testDaily: 200 },
  '/cgi-bin/stable_token': { daily: 500_000 },
  '/cgi-bin/ticket/getticket': { daily: 1_000_000 },
  '/cgi-bin/menu/create': { daily: 1000, testDaily: 100 },
  '/cgi-bin/menu/get': { daily: 10_000, testDaily: 1000 },
  '/cgi-bin/menu/delete': { daily: 1000, testDaily: 100 },
  '/cgi-bin/qrcode/create': { daily: 100_000, testDaily: 10_000 },
};

export interface Quota {
  /** Counts one call; throws 45009 when the day's calls are used up. */
  count(path: string): void;
  /** Counts one call of this minute; throws 45011 beyond `limit`. */
  countMinute(path: string, limit: number): void;
  /** What today's calls are, by path. */
  snapshot(): Record<string, { used: number; limit: number }>;
}

/** Days are Beijing days, without summer time: UTC+8. */
export function beijingDay(nowMs: number): number {
  return Math.floor((nowMs + 8 * 3_600_000) / 86_400_000);
}

export function createQuota(clock: Clock, settings: Settings): Quota {
  let day = { number: Number.NaN, used: new Map<string, number>() };
  let minute = { number: Number.NaN, used: new Map<string, number>() };

  const today = (): Map<string, number> => {
    const number = beijingDay(clock.now());
    if (number !== day.number) day = { number, used: new Map() };
    return day.used;
  };
  const limitOf = (path: string): number => {
    const limit = limits[path];
    if (limit === undefined) return Number.POSITIVE_INFINITY;
    return settings.testAccount ? (limit.testDaily ?? limit.daily) : limit.daily;
  };

  return {
    count(path) {
      const used = today();
      const before = used.get(path) ?? 0;
      if (before >= limitOf(path)) throw new Refusal(45009);
      used.set(path, before + 1);
    },
    countMinute(path, limit) {
      const number = Math.floor(clock.now() / 60_000);
      if (number !== minute.number) minute = { number, used: new Map() };
      const before = minute.used.get(path) ?? 0;
      if (before >= limit) throw new Refusal(45011);
      minute.used.set(path, before + 1);
    },
    snapshot() {
      const used = today();
      return Object.fromEntries(
        Object.keys(limits).map((path) => [path, { used: used.get(path) ?? 0, limit: limitOf(path) }]),
      );
    },
  };
}
