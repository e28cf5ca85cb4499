/** Days of Beijing (UTC+8, without summer time) as whole numbers, and as the analysis API writes them. */

const dayMs = 86_400_000;
const dateForm = /^(\d{4})-(\d{2})-(\d{2})$/;

/** `yyyy-MM-dd` to the number of the day since 1970-01-01; `undefined` for what is no date. */
export function parseDate(value: unknown): number | undefined {
  const parts = typeof value === 'string' ? dateForm.exec(value) : null;
  if (parts === null) return undefined;
  const day = Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])) / dayMs;
  // The 30th of February is the 2nd of March to `Date.UTC`.
  return formatDate(day) === value ? day : undefined;
}

export function formatDate(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** Every day from one to another, both included. */
export function daysFrom(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** Monday to Sunday, for every Monday among these days. */
export function weeksOf(days: readonly number[]): readonly (readonly number[])[] {
  // 1970-01-01 was a Thursday.
  return days.filter((day) => (day + 3) % 7 === 0).map((monday) => daysFrom(monday, monday + 6));
}

/** First to last, for every first of a month among these days. */
export function monthsOf(days: readonly number[]): readonly (readonly number[])[] {
  return days
    .filter((day) => formatDate(day).endsWith('-01'))
    .map((first) => {
      const date = new Date(first * dayMs);
      return daysFrom(first, Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0) / dayMs);
    });
}
