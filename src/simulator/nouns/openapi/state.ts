/** Daily and minute limits (接口调用频次) of the account. */
import { callQuotas } from '../../../core/catalogue/index.ts';
import type { Clock } from '../../../io/ports.ts';
import { Refusal } from '../../server/refusal.ts';
import type { Settings } from '../../account/settings.ts';

/** clear_quota and clear_quota/v2 together. */
const resetsAMonth = callQuotas['/cgi-bin/clear_quota']?.month ?? Number.POSITIVE_INFINITY;
const pathResetsAMonth = callQuotas['/cgi-bin/openapi/quota/clear']?.month ?? Number.POSITIVE_INFINITY;

export interface SavedQuota {
  readonly day: number;
  readonly used: readonly (readonly [path: string, count: number])[];
  readonly resets: Resets;
}

/** What has been set back in a month of Beijing. */
interface Resets {
  readonly month: string;
  readonly all: number;
  readonly paths: number;
}

/** Days are Beijing days, without summer time: UTC+8. */
export function beijingDay(nowMs: number): number {
  return Math.floor((nowMs + 8 * 3_600_000) / 86_400_000);
}

export function beijingMonth(nowMs: number): string {
  return new Date(nowMs + 8 * 3_600_000).toISOString().slice(0, 7);
}

type CallQuota = (typeof callQuotas)[string];
export type DailyQuotas = ReadonlyMap<string, CallQuota>;

export type Quota = ReturnType<typeof createQuota>;

export function createQuota(clock: Clock, settings: Settings, quotas: DailyQuotas) {
  let day = { number: Number.NaN, used: new Map<string, number>() };
  let minute = { number: Number.NaN, used: new Map<string, number>() };

  let resets: Resets = { month: '', all: 0, paths: 0 };

  const thisMonth = (): Resets => {
    const month = beijingMonth(clock.now());
    return month === resets.month ? resets : { month, all: 0, paths: 0 };
  };
  const today = (): Map<string, number> => {
    const number = beijingDay(clock.now());
    if (number !== day.number) day = { number, used: new Map() };
    return day.used;
  };
  const limitOf = (path: string): number =>
    settings.quotas.get(path) ?? usualLimit(settings, quotas.get(path));
  const usage = (path: string): { readonly used: number; readonly limit: number } => ({
    used: today().get(path) ?? 0,
    limit: limitOf(path),
  });

  return {
    /** Counts one call; throws 45009 when the day's calls are used up. */
    count(path: string): void {
      const used = today();
      const before = used.get(path) ?? 0;
      if (before >= limitOf(path)) throw new Refusal(45009);
      used.set(path, before + 1);
    },
    /** Counts one call of this minute; throws 45011 beyond `limit`. */
    countMinute(path: string, limit: number): void {
      const number = Math.floor(clock.now() / 60_000);
      if (number !== minute.number) minute = { number, used: new Map() };
      const before = minute.used.get(path) ?? 0;
      if (before >= limit) throw new Refusal(45011);
      minute.used.set(path, before + 1);
    },
    /** What today's calls of a path are; the limit is infinite where the platform names none. */
    usage,
    /** Sets all of today's calls back (clear_quota). Throws 48006 beyond ten a month. */
    clearAll(): void {
      const month = thisMonth();
      if (month.all >= resetsAMonth) throw new Refusal(48006);
      resets = { ...month, all: month.all + 1 };
      today().clear();
      minute.used.clear();
    },
    /** Sets today's calls of one path back (openapi/quota/clear). Throws 48006 beyond fifty a month. */
    clear(path: string): void {
      const month = thisMonth();
      if (month.paths >= pathResetsAMonth) throw new Refusal(48006);
      resets = { ...month, paths: month.paths + 1 };
      today().delete(path);
      minute.used.delete(path);
    },
    save(): SavedQuota {
      const used = today();
      return { day: day.number, used: [...used], resets };
    },
    restore(saved: SavedQuota): void {
      day = { number: saved.day, used: new Map(saved.used) };
      resets = saved.resets;
    },
    snapshot: (): Record<string, { used: number; limit: number }> =>
      Object.fromEntries(
        [...new Set([...quotas.keys(), ...settings.quotas.keys()])].map((path) => [path, usage(path)]),
      ),
  };
}

function usualLimit(
  { accountType }: Settings,
  { day = Number.POSITIVE_INFINITY, testDay = day }: CallQuota = {},
) {
  return accountType === 'test' ? testDay : day;
}
