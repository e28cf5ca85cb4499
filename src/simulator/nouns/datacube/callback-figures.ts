/** 接口分析: how often the platform called the developer's server, how often in vain, and how long it took. */
import { formatDate } from './calendar.ts';
import { hourWeights, refHour, type Draw } from './draw.ts';
import { messagesInHour } from './message-figures.ts';

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

/** `getinterfacesummaryhour`. */
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
  const hours = hourWeights.map((_, hour) => callbacksInHour(draw, day, hour));
  const sum = (key: keyof CallbackHour): number => hours.reduce((all, figures) => all + figures[key], 0);
  return [
    {
      ref_date: formatDate(day),
      callback_count: sum('callback_count'),
      fail_count: sum('fail_count'),
      total_time_cost: sum('total_time_cost'),
      max_time_cost: Math.max(...hours.map((figures) => figures.max_time_cost)),
    },
  ];
}
