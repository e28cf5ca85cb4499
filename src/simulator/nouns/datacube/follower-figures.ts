/** 用户分析: followers who came and left each day, and how many there were. */
import { formatDate } from './calendar.ts';
import { spread, type Draw } from './draw.ts';

/** What the figures end at: today, and how many follow. */
export interface Audience {
  readonly draw: Draw;
  readonly today: number;
  readonly followers: number;
}

/** Where followers come from (user_source) and how many of a hundred: others, search, name card, QR code, article. */
const sources = [
  { id: 0, weight: 12 },
  { id: 1, weight: 34 },
  { id: 17, weight: 16 },
  { id: 30, weight: 28 },
  { id: 57, weight: 10 },
] as const;
const weights = sources.map(({ weight }) => weight);

interface FollowerDay {
  readonly came: number;
  readonly left: number;
  /** At the end of the day: that of the day before, and who came, without who left. */
  readonly cumulated: number;
}

export function followersOn(audience: Audience, day: number): FollowerDay {
  const { draw } = audience;
  const before = cumulatedOn(audience, day - 1);
  const cumulated = cumulatedOn(audience, day);
  // Some three in a thousand leave every day; where fewer are left in the end, as many more.
  const leaving = Math.floor(before * 0.006 * draw('leaving', day) + draw('one more', day));
  const left = Math.min(before, Math.max(leaving, before - cumulated));
  return { came: cumulated - before + left, left, cumulated };
}

/** `getusersummary`: at least one row for each day. */
export function userSummary(audience: Audience, day: number): readonly unknown[] {
  const { came, left } = followersOn(audience, day);
  const [cameBy, leftBy] = [spread(came, weights), spread(left, weights)];
  const rows = sources.map(({ id }, index) => ({
    ref_date: formatDate(day),
    user_source: id,
    new_user: cameBy[index] ?? 0,
    cancel_user: leftBy[index] ?? 0,
  }));
  return rows.filter((row, index) => index === 0 || row.new_user + row.cancel_user > 0);
}

export function userCumulate(audience: Audience, day: number): readonly unknown[] {
  return [{ ref_date: formatDate(day), cumulate_user: followersOn(audience, day).cumulated }];
}

/** A growth of a third a year with ups and downs, which ends today at the followers that the simulator has. */
function cumulatedOn({ draw, today, followers }: Audience, day: number): number {
  const size = (of: number): number => Math.exp(of * 0.0008) * (1 + 0.004 * draw('followers', of));
  return Math.round((followers * size(day)) / size(today));
}
