import { expect, test } from 'vitest';
import { defaultSettings } from '../../../../src/simulator/account/settings.ts';
import { dailyQuotas } from '../../../../src/simulator/nouns/index.ts';
import { beijingDay, createQuota } from '../../../../src/simulator/nouns/openapi/state.ts';

test('beijingDay() changes at midnight in Beijing, which is 16:00 UTC', () => {
  const midnight = Date.UTC(2026, 0, 15, 16);
  expect(beijingDay(midnight)).toBe(beijingDay(midnight - 1) + 1);
  expect(beijingDay(midnight + 86_399_999)).toBe(beijingDay(midnight));
});

test('restore() remembers how often calls have been set back this month', () => {
  const clock = { now: () => Date.UTC(2026, 0, 15, 4), monotonic: () => 0, sleep: async () => undefined };
  const before = createQuota(clock, defaultSettings(), dailyQuotas);
  for (let count = 0; count < 9; count += 1) before.clearAll();
  before.count('/cgi-bin/menu/get');
  const after = createQuota(clock, defaultSettings(), dailyQuotas);
  after.restore(before.save());
  expect(after.usage('/cgi-bin/menu/get')).toEqual({ used: 1, limit: 10_000 });
  after.clearAll();
  expect(after.usage('/cgi-bin/menu/get').used).toBe(0);
  expect(() => after.clearAll()).toThrow(expect.objectContaining({ errcode: 48006 }));
});

/** The platform's table: account, and test account where it has a figure of its own. */
const table = [
  ['/cgi-bin/token', 2000, 200],
  ['/cgi-bin/stable_token', 500_000, 500_000],
  ['/cgi-bin/ticket/getticket', 1_000_000, 1_000_000],
  ['/cgi-bin/menu/create', 1000, 100],
  ['/cgi-bin/menu/get', 10_000, 1000],
  ['/cgi-bin/menu/delete', 1000, 100],
  ['/cgi-bin/menu/addconditional', 2000, 2000],
  ['/cgi-bin/menu/delconditional', 2000, 2000],
  ['/cgi-bin/menu/trymatch', 20_000, 20_000],
  ['/cgi-bin/qrcode/create', 100_000, 10_000],
  ['/cgi-bin/user/get', 500, 100],
  ['/cgi-bin/user/info', 5_000_000, 500_000],
  ['/cgi-bin/user/info/updateremark', 10_000, 10_000],
  ['/cgi-bin/message/custom/send', 500_000, 50_000],
] as const;

test.each(table)(
  'count() takes the last call of a day of %s and refuses the next',
  (path, daily, testDaily) => {
    const now = Date.UTC(2026, 0, 15, 4);
    const clock = { now: () => now, monotonic: () => 0, sleep: async () => undefined };
    for (const [accountType, limit] of [
      ['verified_service', daily],
      ['personal', daily],
      ['test', testDaily],
    ] as const) {
      const quota = createQuota(clock, { ...defaultSettings(), accountType }, dailyQuotas);
      const resets = { month: '', all: 0, paths: 0 };
      quota.restore({ ...quota.save(), day: beijingDay(now), used: [[path, limit - 1]], resets });
      quota.count(path);
      expect(() => quota.count(path)).toThrow(expect.objectContaining({ errcode: 45009 }));
    }
  },
);
