/** 数据分析（数据统计）: figures of followers, articles, messages and callbacks, invented but always the same. */
import { inBody, post } from '../../server/endpoint.ts';
import {
  articleSummary,
  articleTotal,
  userRead,
  userReadByHour,
  userShare,
  userShareByHour,
} from './article-rows.ts';
import { daysFrom, monthsOf, parseDate, weeksOf } from './calendar.ts';
import {
  interfaceByHour,
  interfaceSummary,
  type Period,
  upstreamDistribution,
  upstreamMessages,
  upstreamMessagesByHour,
} from './message-figures.ts';
import { createDraw, type Draw } from './draw.ts';
import { userCumulate, userSummary, type Audience } from './follower-figures.ts';
import { articleRead, articleShare, articleTotalDetail, bizSummary } from './published-rows.ts';
import { Refusal } from '../../server/refusal.ts';
import { beijingDay } from '../openapi/state.ts';

/** Nothing older is kept: 2014-12-01, and for the calls that came later 2025-11-01. */
const firstDay = parseDate('2014-12-01') ?? 0;
const firstNewDay = parseDate('2025-11-01') ?? 0;
/** The figures of yesterday are ready from this hour on. */
const readyHour = 8;

/** One call: how many days may be asked for at once, and the rows of those days. */
interface Report {
  readonly maxDays: number;
  readonly rows: (days: readonly number[], audience: Audience) => readonly unknown[];
  /** The newer calls have a first day of their own and say whether the figures are late. */
  readonly isNew?: true;
}

const daily =
  (rowsOf: (draw: Draw, day: number, last: number) => readonly unknown[]): Report['rows'] =>
  (days, { draw, today }) =>
    days.flatMap((day) => rowsOf(draw, day, today - 1));

const ofFollowers =
  (rowsOf: (audience: Audience, day: number) => readonly unknown[]): Report['rows'] =>
  (days, audience) =>
    days.flatMap((day) => rowsOf(audience, day));

/** Rows of whole weeks or months: dated with their first day, and there when the last one is over. */
const periodic =
  (
    rowsOf: (draw: Draw, days: readonly number[], period: Period) => readonly unknown[],
    period: Period,
  ): Report['rows'] =>
  (days, { draw, today }) => {
    const periods = { day: (all: typeof days) => all.map((day) => [day]), week: weeksOf, month: monthsOf };
    return periods[period](days)
      .filter((each) => (each.at(-1) ?? today) < today)
      .flatMap((each) => rowsOf(draw, each, period));
  };

const reports: Readonly<Record<string, Report>> = {
  getusersummary: { maxDays: 7, rows: ofFollowers(userSummary) },
  getusercumulate: { maxDays: 7, rows: ofFollowers(userCumulate) },
  getarticlesummary: { maxDays: 1, rows: daily(articleSummary) },
  getarticletotal: { maxDays: 1, rows: daily(articleTotal) },
  getuserread: { maxDays: 3, rows: daily(userRead) },
  getuserreadhour: { maxDays: 1, rows: daily(userReadByHour) },
  getusershare: { maxDays: 7, rows: daily(userShare) },
  getusersharehour: { maxDays: 1, rows: daily(userShareByHour) },
  getarticleread: { maxDays: 1, rows: daily(articleRead), isNew: true },
  getarticleshare: { maxDays: 1, rows: daily(articleShare), isNew: true },
  getbizsummary: { maxDays: 30, rows: daily(bizSummary), isNew: true },
  getarticletotaldetail: { maxDays: 1, rows: daily(articleTotalDetail), isNew: true },
  getupstreammsg: { maxDays: 7, rows: periodic(upstreamMessages, 'day') },
  getupstreammsghour: { maxDays: 1, rows: daily(upstreamMessagesByHour) },
  getupstreammsgweek: { maxDays: 30, rows: periodic(upstreamMessages, 'week') },
  getupstreammsgmonth: { maxDays: 30, rows: periodic(upstreamMessages, 'month') },
  getupstreammsgdist: { maxDays: 15, rows: periodic(upstreamDistribution, 'day') },
  getupstreammsgdistweek: { maxDays: 30, rows: periodic(upstreamDistribution, 'week') },
  getupstreammsgdistmonth: { maxDays: 30, rows: periodic(upstreamDistribution, 'month') },
  getinterfacesummary: { maxDays: 30, rows: daily(interfaceSummary) },
  getinterfacesummaryhour: { maxDays: 1, rows: daily(interfaceByHour) },
};

export const calls = Object.entries(reports).map(([name, { maxDays, rows, isNew }]) =>
  post(`/datacube/${name}`, {
    reads: inBody('begin_date', 'end_date'),
    answer(dates, { account, clock, followers }) {
      const now = clock.now();
      const first = isNew === true ? firstNewDay : firstDay;
      const days = parseRange(dates, now, maxDays).filter((day) => day >= first);
      const list = rows(days, {
        // Each account has figures of its own, the same at every start.
        draw: createDraw(account.appId),
        today: beijingDay(now),
        followers: followers.following().length,
      });
      return isNew === true ? { list, is_delay: false } : { list };
    },
  }),
);

/** The days asked for. Throws 61500 for what is no date, 61501 for a range that cannot be, 61503 before it is ready. */
function parseRange(
  { begin_date, end_date }: { readonly begin_date: unknown; readonly end_date: unknown },
  nowMs: number,
  maxDays: number,
): readonly number[] {
  const [begin, end] = [parseDate(begin_date), parseDate(end_date)];
  if (begin === undefined || end === undefined) throw new Refusal(61500);
  const today = beijingDay(nowMs);
  // Quirk: the difference must be less than the span, so that a span of 1 is one and the same day.
  if (begin > end || end - begin >= maxDays || end >= today) throw new Refusal(61501);
  const hour = new Date(nowMs).getUTCHours() + 8;
  if (end === today - 1 && hour % 24 < readyHour) throw new Refusal(61503);
  return daysFrom(begin, end);
}
