import { describe, expect, test } from 'vitest';
import { simulate, type JsonAnswer, type Simulated } from '../../simulated.ts';

/** How many days each call takes at once. */
const spans = {
  getusersummary: 7,
  getusercumulate: 7,
  getarticlesummary: 1,
  getarticletotal: 1,
  getuserread: 3,
  getuserreadhour: 1,
  getusershare: 7,
  getusersharehour: 1,
  getarticleread: 1,
  getarticleshare: 1,
  getbizsummary: 30,
  getarticletotaldetail: 1,
  getupstreammsg: 7,
  getupstreammsghour: 1,
  getupstreammsgweek: 30,
  getupstreammsgmonth: 30,
  getupstreammsgdist: 15,
  getupstreammsgdistweek: 30,
  getupstreammsgdistmonth: 30,
  getinterfacesummary: 30,
  getinterfacesummaryhour: 1,
} as const;

const dayMs = 86_400_000;
const yesterdayMs = Date.UTC(2026, 0, 14);
const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

async function ask(world: Simulated, name: string, begin: unknown, end: unknown): Promise<JsonAnswer> {
  const path = await world.path(`/datacube/${name}`);
  return world.ask('POST', path, { begin_date: begin, end_date: end });
}

const listOf = ({ list }: JsonAnswer): readonly Readonly<Record<string, unknown>>[] =>
  list as readonly Readonly<Record<string, unknown>>[];

describe('every call of 数据分析', () => {
  test.each(Object.entries(spans))('%s takes %i days and refuses one more with 61501', async (name, span) => {
    const world = simulate();
    const longest = await ask(world, name, date(yesterdayMs - (span - 1) * dayMs), date(yesterdayMs));
    expect(longest.errcode).toBeUndefined();
    expect(Array.isArray(longest.list)).toBe(true);
    const longer = await ask(world, name, date(yesterdayMs - span * dayMs), date(yesterdayMs));
    expect(longer).toEqual({ errcode: 61501, errmsg: expect.stringMatching(/^date range error rid: /) });
  });

  test('takes yesterday of Beijing as the last day, and not today', async () => {
    const world = simulate();
    expect((await ask(world, 'getusersummary', '2026-01-14', '2026-01-14')).errcode).toBeUndefined();
    expect((await ask(world, 'getusersummary', '2026-01-15', '2026-01-15')).errcode).toBe(61501);
    expect((await ask(world, 'getusersummary', '2026-01-14', '2026-01-13')).errcode).toBe(61501);
  });

  test('has yesterday from eight in the morning of Beijing on', async () => {
    const world = simulate();
    // 12:00 and 19 hours 59 minutes: 07:59 of the day after.
    await world.advance('1199m');
    expect((await ask(world, 'getusersummary', '2026-01-15', '2026-01-15')).errcode).toBe(61503);
    expect((await ask(world, 'getusersummary', '2026-01-14', '2026-01-14')).errcode).toBeUndefined();
    await world.advance('1m');
    expect((await ask(world, 'getusersummary', '2026-01-15', '2026-01-15')).errcode).toBeUndefined();
  });

  test.each([[undefined], ['2026-1-14'], ['20260114'], ['2026-02-30'], [20_260_114], ['']])(
    'refuses %j as a date with 61500',
    async (wrong) => {
      const world = simulate();
      expect((await ask(world, 'getusersummary', wrong, '2026-01-14')).errcode).toBe(61500);
      expect((await ask(world, 'getusersummary', '2026-01-14', wrong)).errcode).toBe(61500);
    },
  );

  test('has nothing of the time before figures were kept', async () => {
    const world = simulate();
    expect(listOf(await ask(world, 'getusercumulate', '2014-11-30', '2014-12-01'))).toMatchObject([
      { ref_date: '2014-12-01' },
    ]);
    expect(listOf(await ask(world, 'getbizsummary', '2025-10-31', '2025-11-01'))).toMatchObject([
      { ref_date: '2025-11-01' },
    ]);
    expect(await ask(world, 'getarticleread', '2025-10-31', '2025-10-31')).toEqual({
      list: [],
      is_delay: false,
    });
  });

  test('gives an account the same figures at every asking', async () => {
    const world = simulate();
    const first = await ask(world, 'getupstreammsg', '2026-01-08', '2026-01-14');
    expect(await ask(world, 'getupstreammsg', '2026-01-08', '2026-01-14')).toEqual(first);
    const next = simulate({ saved: world.save() });
    expect(await ask(next, 'getupstreammsg', '2026-01-08', '2026-01-14')).toEqual(first);
    expect(await ask(simulate({ seed: 8 }), 'getupstreammsg', '2026-01-08', '2026-01-14')).not.toEqual(first);
  });
});

describe('getusercumulate', () => {
  test('ends near the followers that the account has, and getusersummary leads from day to day', async () => {
    const world = simulate();
    await world.call('POST', '/_ctl/followers', { count: 1000 });
    const total = listOf(await ask(world, 'getusercumulate', '2026-01-08', '2026-01-14'));
    const changes = listOf(await ask(world, 'getusersummary', '2026-01-08', '2026-01-14'));
    expect(total.map((row) => row['ref_date'])).toEqual(
      [8, 9, 10, 11, 12, 13, 14].map((day) => `2026-01-${String(day).padStart(2, '0')}`),
    );
    expect(total.at(-1)?.['cumulate_user']).toBeGreaterThan(980);
    expect(total.at(-1)?.['cumulate_user']).toBeLessThan(1020);
    for (const [index, { ref_date: day, cumulate_user: cumulated }] of total.slice(1).entries()) {
      const of = changes.filter((row) => row['ref_date'] === day);
      const net = of.reduce((all, row) => all + Number(row['new_user']) - Number(row['cancel_user']), 0);
      expect(Number(total[index]?.['cumulate_user']) + net).toBe(cumulated);
    }
  });
});

describe('weeks and months', () => {
  test('are there when they are over, under their first day', async () => {
    const world = simulate();
    const datesOf = async (name: string, begin: string, end: string): Promise<unknown[]> => [
      ...new Set(listOf(await ask(world, name, begin, end)).map((row) => row['ref_date'])),
    ];
    // Today is Thursday, the 15th: the week from the 12th on is not over.
    expect(await datesOf('getupstreammsgweek', '2025-12-30', '2026-01-14')).toEqual(['2026-01-05']);
    expect(await datesOf('getupstreammsgdistweek', '2026-01-05', '2026-01-05')).toEqual(['2026-01-05']);
    expect(await datesOf('getupstreammsgweek', '2026-01-06', '2026-01-11')).toEqual([]);
    expect(await datesOf('getupstreammsgmonth', '2025-12-01', '2025-12-05')).toEqual(['2025-12-01']);
    expect(await datesOf('getupstreammsgdistmonth', '2025-12-20', '2026-01-14')).toEqual([]);
  });
});
