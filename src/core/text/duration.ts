/** How lengths of time are written: a number and its unit, the same in flags, files and calls of the simulator. */
import { excerpt } from './sanitise.ts';
import type { Text } from './text.ts';

const units = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** As long as the simulator's clock can be put forward; whoever writes more has mistaken the unit. */
export const longestDuration = '3650d';
/** Quirk: a timer of Node.js holds 31 bits of milliseconds, not quite 25 days; a longer one ends at once. */
export const longestTimer = '24d';

export type Duration =
  | { readonly ms: number; readonly refused?: undefined }
  /** Why not, to stand behind a colon. */
  | { readonly ms?: undefined; readonly refused: Text };

/** Reads `500ms`, `10s`, `1.5h` or `7d`, to the whole millisecond, up to `longest`. */
export function readDuration(value: unknown, longest: string = longestDuration): Duration {
  const ms = millisecondsOf(value);
  if (ms === undefined) return { refused: notDuration };
  return ms <= (millisecondsOf(longest) ?? 0) ? { ms } : { refused: tooLong(longest) };
}

/** The same where no time at all makes no sense. */
export function readPositiveDuration(value: unknown, longest: string = longestDuration): Duration {
  const read = readDuration(value, longest);
  return read.ms === 0 ? { refused: notLongerThan0 } : read;
}

/** The sentence for what was refused; `name` is the flag, or the field in quotation marks. */
export function durationRefusal(value: unknown, name: string, reason: Text): Text {
  // In JSON's quotation marks a blank at either end is seen.
  const shown = excerpt(JSON.stringify(value), 40);
  return {
    en: `Cannot use ${shown} for ${name}: ${reason.en}`,
    zh: `${name} 不能用 ${shown}：${reason.zh}`,
  };
}

function millisecondsOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value) ?? [];
  const unitMs = units.get(unit);
  return unitMs === undefined ? undefined : Math.round(Number(count) * unitMs);
}

const notDuration: Text = {
  en: 'a duration is a number with its unit: 500ms, 10s, 5m, 1.5h, 7d',
  zh: '时长要写成数字加单位，如 500ms、10s、5m、1.5h、7d',
};

const notLongerThan0: Text = { en: 'it must be longer than 0', zh: '必须大于 0' };

function tooLong(longest: string): Text {
  return { en: `it can be ${longest} at most`, zh: `最长 ${longest}` };
}
