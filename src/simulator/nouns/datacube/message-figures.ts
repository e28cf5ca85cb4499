/** 消息分析: what followers wrote, by hour, day, week and month; 接口分析: the callbacks that came of it. */
import { type Draw, hourWeights, refHour } from './draw.ts';
import { formatDate } from './calendar.ts';

/** msg_type: 文字, 图片, 语音, 视频, 第三方应用消息. */
const types = [
  { id: 1, share: 0.7 },
  { id: 2, share: 0.14 },
  { id: 3, share: 0.08 },
  { id: 4, share: 0.04 },
  { id: 6, share: 0.04 },
] as const;
const weightOfDay = hourWeights.reduce((sum, weight) => sum + weight, 0);

/** How the people of a period are spread over 1–5, 6–10 and more messages, and how many of them come again and again. */
const habits = {
  day: { distinct: 1, upToTen: 0.08, more: 0.03 },
  week: { distinct: 0.55, upToTen: 0.18, more: 0.07 },
  month: { distinct: 0.3, upToTen: 0.25, more: 0.2 },
} as const;
export type Period = keyof typeof habits;

function countOf(draw: Draw, day: number, hour: number, type: (typeof types)[number]): number {
  const ofDay = 200 + 800 * draw('messages a day');
  const mean = (ofDay * type.share * (hourWeights[hour] ?? 0)) / weightOfDay;
  return Math.floor(mean * (0.6 + 0.8 * draw('mood', day, hour)) + draw('messages', day, hour, type.id));
}

const hours = hourWeights.map((_, hour) => hour);

export function messagesInHour(draw: Draw, day: number, hour: number): number {
  return types.reduce((sum, type) => sum + countOf(draw, day, hour, type), 0);
}

/** How many messages there were of each type in some days, and how many people wrote them. */
function totalsOf(draw: Draw, days: readonly number[], period: Period): { counts: number[]; people: number } {
  const counts = types.map(() => 0);
  let [sum, most] = [0, 0];
  for (const day of days) {
    let ofDay = 0;
    for (const [index, type] of types.entries()) {
      const count = hours.reduce((all, hour) => all + countOf(draw, day, hour, type), 0);
      counts[index] = (counts[index] ?? 0) + count;
      ofDay += count;
    }
    const people = Math.round(ofDay / (1.8 + 0.8 * draw('a person', day)));
    sum += people;
    most = Math.max(most, people);
  }
  return { counts, people: Math.max(most, Math.round(sum * habits[period].distinct)) };
}

/** How many wrote so many of all messages; nobody writes less than one. */
function writersOf(count: number, { counts, people }: { counts: readonly number[]; people: number }): number {
  const all = counts.reduce((sum, each) => sum + each, 0);
  return all === 0 ? 0 : Math.ceil((count * people) / all);
}

/** `getupstreammsg`, `…week`, `…month`: the rows of one period, dated with its first day. */
export function upstreamMessages(draw: Draw, days: readonly number[], period: Period): readonly unknown[] {
  const totals = totalsOf(draw, days, period);
  return types.flatMap(({ id }, index) => {
    const count = totals.counts[index] ?? 0;
    const row = { msg_type: id, msg_user: writersOf(count, totals), msg_count: count };
    return count === 0 ? [] : [{ ref_date: formatDate(days[0] ?? 0), ...row }];
  });
}

export function upstreamMessagesByHour(draw: Draw, day: number): readonly unknown[] {
  const totals = totalsOf(draw, [day], 'day');
  return hours.flatMap((hour) =>
    types.flatMap((type) => {
      const count = countOf(draw, day, hour, type);
      const row = { msg_type: type.id, msg_user: writersOf(count, totals), msg_count: count };
      return count === 0 ? [] : [{ ref_date: formatDate(day), ref_hour: refHour(hour), ...row }];
    }),
  );
}

/** `getupstreammsgdist`, `…week`, `…month`: how many wrote 1 to 5 (1), 6 to 10 (2) or more messages (3). */
export function upstreamDistribution(
  draw: Draw,
  days: readonly number[],
  period: Period,
): readonly unknown[] {
  const { people } = totalsOf(draw, days, period);
  const upToTen = Math.floor(people * habits[period].upToTen);
  const more = Math.floor(people * habits[period].more);
  return [people - upToTen - more, upToTen, more].flatMap((users, index) =>
    users === 0 ? [] : [{ ref_date: formatDate(days[0] ?? 0), count_interval: index + 1, msg_user: users }],
  );
}

interface CallbackHour {
  readonly callback_count: number;
  readonly fail_count: number;
  /** Milliseconds of all together. */
  readonly total_time_cost: number;
  readonly max_time_cost: number;
}

/** Each message is a call, and so is each of the taps, scans and followers that come with them. */
function callbacksInHour(draw: Draw, day: number, hour: number): CallbackHour {
  const messages = messagesInHour(draw, day, hour);
  const count = messages + Math.floor(messages * (1.5 + 2 * draw('events', day, hour)));
  if (count === 0) return { callback_count: 0, fail_count: 0, total_time_cost: 0, max_time_cost: 0 };
  const failed = Math.min(count, Math.floor(count * 0.002 + draw('fails', day, hour)));
  const mean = 120 + 260 * draw('answer time', day, hour);
  // A call that fails has waited for the whole five seconds, and a little longer.
  const lost = 5000 + Math.floor(60 * draw('over', day, hour));
  const slowest = Math.round(mean * (2 + 8 * draw('slowest', day, hour)));
  return {
    callback_count: count,
    fail_count: failed,
    total_time_cost:
      Math.round((count - failed - 1) * mean) + failed * lost + (failed > 0 ? Math.round(mean) : slowest),
    max_time_cost: failed > 0 ? lost : slowest,
  };
}

export function interfaceByHour(draw: Draw, day: number): readonly unknown[] {
  return hourWeights.flatMap((_, hour) => {
    const figures = callbacksInHour(draw, day, hour);
    return figures.callback_count === 0
      ? []
      : [{ ref_date: formatDate(day), ref_hour: refHour(hour), ...figures }];
  });
}

/** `getinterfacesummary`: the hours of the day together. */
export function interfaceSummary(draw: Draw, day: number): readonly unknown[] {
  const all = hourWeights.map((_, hour) => callbacksInHour(draw, day, hour));
  const sum = (key: keyof CallbackHour): number => all.reduce((total, figures) => total + figures[key], 0);
  return [
    {
      ref_date: formatDate(day),
      callback_count: sum('callback_count'),
      fail_count: sum('fail_count'),
      total_time_cost: sum('total_time_cost'),
      max_time_cost: Math.max(...all.map((figures) => figures.max_time_cost)),
    },
  ];
}
