import { describe, expect, test } from 'vitest';
import {
  daysFrom,
  formatDate,
  monthsOf,
  parseDate,
  weeksOf,
} from '../../../../src/simulator/nouns/datacube/calendar.ts';

const day = (text: string): number => parseDate(text) ?? Number.NaN;

describe('parseDate()', () => {
  test.each(['1970-01-01', '2014-12-01', '2024-02-29', '2026-12-31', '9999-12-31'])('reads %s', (text) => {
    expect(formatDate(day(text))).toBe(text);
  });

  test.each([
    '2023-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-32',
    '2026-1-2',
    '20260102',
    '2026/01/02',
    ' 2026-01-02',
    '0050-01-01',
    20_260_102,
    null,
    undefined,
  ])('refuses %j', (value) => {
    expect(parseDate(value)).toBeUndefined();
  });

  test('counts days', () => {
    expect([day('1970-01-01'), day('1970-01-02'), day('2026-01-15')]).toEqual([0, 1, 20_468]);
  });
});

describe('weeksOf() and monthsOf()', () => {
  test('a week begins on Monday and has seven days', () => {
    const weeks = weeksOf(daysFrom(day('2026-01-01'), day('2026-01-14')));
    expect(weeks.map((each) => each.map(formatDate))).toEqual([
      daysFrom(day('2026-01-05'), day('2026-01-11')).map(formatDate),
      daysFrom(day('2026-01-12'), day('2026-01-18')).map(formatDate),
    ]);
  });

  test('a month has the days of the calendar, also in a leap year', () => {
    const months = monthsOf(daysFrom(day('2024-01-31'), day('2024-03-01')));
    expect(months.map((each) => [formatDate(each[0] ?? 0), each.length])).toEqual([
      ['2024-02-01', 29],
      ['2024-03-01', 31],
    ]);
  });
});
