import { assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  articleSummary,
  articleTotal,
  userRead,
  userReadByHour,
  userShare,
  userShareByHour,
} from '../../../../src/simulator/nouns/datacube/article-rows.ts';
import { daysFrom, parseDate } from '../../../../src/simulator/nouns/datacube/calendar.ts';
import {
  interfaceByHour,
  interfaceSummary,
  messagesInHour,
  upstreamDistribution,
  upstreamMessages,
  upstreamMessagesByHour,
} from '../../../../src/simulator/nouns/datacube/message-figures.ts';
import { createDraw, spread } from '../../../../src/simulator/nouns/datacube/draw.ts';
import { followersOn, userSummary } from '../../../../src/simulator/nouns/datacube/follower-figures.ts';
import {
  articleRead,
  articleShare,
  articleTotalDetail,
  bizSummary,
} from '../../../../src/simulator/nouns/datacube/published-rows.ts';

type Row = Readonly<Record<string, number>>;

const draw = createDraw('wx0123456789abcdef');
const today = parseDate('2026-01-15') ?? 0;
const rows = (list: readonly unknown[]): readonly Row[] => list as readonly Row[];
const sum = (list: readonly unknown[], key: string): number =>
  rows(list).reduce((all, row) => all + (row[key] ?? Number.NaN), 0);
const seeds = integer({ min: 1, max: 100_000 }).map((seed) => createDraw(`seed ${seed}`));
const days = integer({ min: today - 3000, max: today - 1 });

describe('createDraw()', () => {
  test('gives the same number for the same question, another for another seed, day or subject', () => {
    expect(draw('a', 1)).toBe(createDraw('wx0123456789abcdef')('a', 1));
    expect(new Set([draw('a', 1), draw('a', 2), draw('b', 1), createDraw('wx1')('a', 1)]).size).toBe(4);
  });

  test('is spread evenly from 0 up to 1', () => {
    const numbers = Array.from({ length: 10_000 }, (_, index) => draw('even', index));
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const inside = numbers.filter((each) => each >= tenth / 10 && each < (tenth + 1) / 10).length;
      expect(inside).toBeGreaterThan(900);
      expect(inside).toBeLessThan(1100);
    }
  });
});

describe('spread()', () => {
  test('gives shares that add up', () => {
    expect(spread(10, [1, 1, 2])).toEqual([3, 2, 5]);
    expect(spread(0, [1, 2])).toEqual([0, 0]);
  });
});

describe('followersOn()', () => {
  test('ends today at the followers that there are', () => {
    for (const followers of [0, 1, 2, 20, 12_345]) {
      expect(followersOn({ draw, today, followers }, today).cumulated).toBe(followers);
    }
  });

  test('adds who came, takes away who left, and stays positive', () => {
    assert(
      property(seeds, days, integer({ min: 0, max: 100_000 }), (of, day, followers) => {
        const audience = { draw: of, today, followers };
        const { came, left, cumulated } = followersOn(audience, day);
        const before = followersOn(audience, day - 1).cumulated;
        expect(before + came - left).toBe(cumulated);
        expect(Math.min(came, left, cumulated, before - left)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('an account of ten thousand gains and loses somebody nearly every day', () => {
    const month = daysFrom(today - 30, today - 1).map((day) =>
      followersOn({ draw, today, followers: 10_000 }, day),
    );
    expect(month.filter(({ came, left }) => came > 0 && left > 0).length).toBeGreaterThan(25);
  });
});

describe('userSummary()', () => {
  test('shows the day by source, and a row of zeros when nothing happened', () => {
    const audience = { draw, today, followers: 10_000 };
    const { came, left } = followersOn(audience, today - 1);
    const list = userSummary(audience, today - 1);
    expect([sum(list, 'new_user'), sum(list, 'cancel_user')]).toEqual([came, left]);
    expect(userSummary({ draw, today, followers: 0 }, today - 1)).toEqual([
      { ref_date: '2026-01-14', user_source: 0, new_user: 0, cancel_user: 0 },
    ]);
  });
});

describe('upstream messages', () => {
  test('hours add up to the day, days to the week and the month', () => {
    assert(
      property(seeds, days, integer({ min: 1, max: 31 }), (of, day, length) => {
        expect(sum(upstreamMessagesByHour(of, day), 'msg_count')).toBe(
          sum(upstreamMessages(of, [day], 'day'), 'msg_count'),
        );
        const period = daysFrom(day, day + length - 1);
        const single = period.reduce(
          (all, each) => all + sum(upstreamMessages(of, [each], 'day'), 'msg_count'),
          0,
        );
        expect(sum(upstreamMessages(of, period, 'month'), 'msg_count')).toBe(single);
      }),
      { numRuns: 20 },
    );
  });

  test('everybody in a distribution has written a message', () => {
    assert(
      property(seeds, days, (of, day) => {
        for (const [period, length] of [
          ['day', 1],
          ['week', 7],
          ['month', 30],
        ] as const) {
          const of30 = daysFrom(day, day + length - 1);
          const list = rows(upstreamMessages(of, of30, period));
          const messages = sum(list, 'msg_count');
          const people = rows(upstreamDistribution(of, of30, period));
          const users = sum(people, 'msg_user');
          for (const row of list) expect(row['msg_user']).toBeLessThanOrEqual(row['msg_count'] ?? 0);
          expect(Math.max(...list.map((row) => row['msg_user'] ?? 0))).toBeLessThanOrEqual(users);
          expect(sum(list, 'msg_user')).toBeGreaterThanOrEqual(users);
          const least = people.map(
            (row) => (row['msg_user'] ?? 0) * ([0, 1, 6, 11][row['count_interval'] ?? 0] ?? 0),
          );
          expect(least.reduce((all, each) => all + each, 0)).toBeLessThanOrEqual(messages);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('a week has the people of its days', () => {
    const week = daysFrom(today - 8, today - 2);
    const single = week.map((day) => sum(upstreamDistribution(draw, [day], 'day'), 'msg_user'));
    const together = sum(upstreamDistribution(draw, week, 'week'), 'msg_user');
    expect(together).toBeGreaterThanOrEqual(Math.max(...single));
    expect(together).toBeLessThan(single.reduce((all, each) => all + each, 0));
  });
});

describe('callbacks', () => {
  test('hours make up the day, and its slowest answer', () => {
    assert(
      property(seeds, days, (of, day) => {
        const hours = rows(interfaceByHour(of, day));
        const [total] = rows(interfaceSummary(of, day));
        for (const key of ['callback_count', 'fail_count', 'total_time_cost']) {
          expect(sum(hours, key)).toBe(total?.[key]);
        }
        expect(Math.max(...hours.map((row) => row['max_time_cost'] ?? 0))).toBe(total?.['max_time_cost']);
      }),
      { numRuns: 50 },
    );
  });

  test('every message is a call, no more fail than are made, and times can be', () => {
    assert(
      property(seeds, days, (of, day) => {
        for (const row of rows(interfaceByHour(of, day))) {
          const { callback_count: calls = 0, fail_count: failed = 0, ref_hour: hour = 0 } = row;
          const { total_time_cost: total = 0, max_time_cost: slowest = 0 } = row;
          expect(calls).toBeGreaterThanOrEqual(messagesInHour(of, day, hour / 100));
          expect(failed).toBeLessThanOrEqual(calls);
          expect(failed > 0).toBe(slowest >= 5000);
          expect(total).toBeGreaterThanOrEqual(slowest);
          expect(total).toBeLessThanOrEqual(calls * slowest);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('articles', () => {
  const day = today - 3;

  test('what was read by article, by source and by hour is the same reading', () => {
    assert(
      property(seeds, days, (of, each) => {
        const [all, ...sources] = rows(userRead(of, each));
        const hours = rows(userReadByHour(of, each)).filter((row) => row['user_source'] === 99_999_999);
        for (const key of ['int_page_read_count', 'share_count', 'ori_page_read_count', 'add_to_fav_count']) {
          expect(sum(articleSummary(of, each), key)).toBeLessThanOrEqual(all?.[key] ?? Number.NaN);
          expect(sum(hours, key)).toBe(all?.[key]);
        }
        expect(all?.['user_source']).toBe(99_999_999);
        expect(sum(sources, 'int_page_read_count')).toBe(all?.['int_page_read_count']);
        expect(sum(sources, 'share_count')).toBe(all?.['share_count']);
        expect([sum(sources, 'ori_page_read_count'), sum(sources, 'add_to_fav_count')]).toEqual([0, 0]);
        expect(sum(userShare(of, each), 'share_count')).toBe(all?.['share_count']);
        expect(sum(userShareByHour(of, each), 'share_count')).toBe(all?.['share_count']);
      }),
      { numRuns: 30 },
    );
  });

  test('totals grow from day to day, beginning with the reading of the first one', () => {
    const [article] = articleTotal(draw, day, today - 1) as { msgid: string; details: Row[] }[];
    const { msgid, details } = article ?? { msgid: '', details: [] };
    const first = articleSummary(draw, day) as (Row & { msgid: string })[];
    expect(details.map((row) => row['stat_date'])).toEqual(['2026-01-12', '2026-01-13', '2026-01-14']);
    expect(details[0]?.['int_page_read_count']).toBe(
      first.find((row) => (row.msgid as unknown) === msgid)?.['int_page_read_count'],
    );
    for (const [index, row] of details.slice(1).entries()) {
      for (const [key, value] of Object.entries(row)) {
        if (key !== 'stat_date') expect(value).toBeGreaterThanOrEqual(details[index]?.[key] ?? 0);
      }
    }
    const [last = {}] = details.slice(-1);
    const from = Object.keys(last).filter((key) => /^int_page_from_.*_count$/.test(key));
    expect(from).toHaveLength(5);
    expect(from.reduce((all, key) => all + (last[key] ?? 0), 0)).toBe(last['int_page_read_count']);
  });

  test('are counted for seven days', () => {
    const detailsOf = (last: number): number =>
      (articleTotal(draw, day, last) as { details: unknown[] }[])[0]?.details.length ?? 0;
    expect([detailsOf(day), detailsOf(day + 6), detailsOf(day + 7), detailsOf(day + 100)]).toEqual([
      1, 7, 7, 7,
    ]);
  });

  test('the newer calls tell the same readers', () => {
    const [old] = rows(userRead(draw, day));
    const [summary] = bizSummary(draw, day) as {
      detail: Row & { read_user_source: { user_count: number }[] };
    }[];
    expect(summary?.detail['read_user']).toBe(old?.['int_page_read_user']);
    expect(summary?.detail['share_user']).toBe(old?.['share_user']);
    const [all, ...sources] = summary?.detail.read_user_source ?? [];
    expect(sources.reduce((total, { user_count: count }) => total + count, 0)).toBe(all?.user_count);
    const [total] = articleTotal(draw, day, today - 1) as { details: Row[] }[];
    const [detail] = articleTotalDetail(draw, day, today - 1) as { detail_list: Row[] }[];
    expect(detail?.detail_list.map((row) => row['read_user'])).toEqual(
      total?.details.map((row) => row['int_page_read_user']),
    );
  });

  test('articles that nobody shared that day are not among those shared', () => {
    const detailsOf = (list: readonly unknown[], key: string): readonly number[] =>
      (list as readonly { detail: Row }[]).map(({ detail }) => detail[key] ?? Number.NaN);
    const many = daysFrom(today - 30, today - 1);
    for (const each of many) {
      expect(Math.min(...detailsOf(articleShare(draw, each), 'share_user'), 1)).toBe(1);
      const [all] = rows(userShare(draw, each).length === 0 ? [] : userRead(draw, each));
      const shared = detailsOf(articleShare(draw, each), 'share_user').reduce(
        (total, users) => total + users,
        0,
      );
      expect(shared).toBe(all?.['share_user'] ?? 0);
    }
    expect(many.some((each) => articleShare(draw, each).length < articleRead(draw, each).length)).toBe(true);
  });

  test('no more people do something than it was done', () => {
    for (const row of [...rows(userReadByHour(draw, day)), ...rows(userShareByHour(draw, day))]) {
      for (const key of Object.keys(row).filter((each) => each.endsWith('_user'))) {
        expect(row[key]).toBeLessThanOrEqual(row[key.replace(/_user$/, '_count')] ?? 0);
      }
    }
  });
});
