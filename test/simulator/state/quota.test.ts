import { expect, test } from 'vitest';
import { defaultSettings } from '../../../src/simulator/settings.ts';
import { beijingDay, createQuota } from '../../../src/simulator/state/quota.ts';

test('beijingDay() changes at midnight in Beijing, which is 16:00 UTC', () => {
  const midnight = Date.UTC(2026, 0, 15, 16);
  expect(beijingDay(midnight)).toBe(beijingDay(midnight - 1) + 1);
  expect(beijingDay(midnight + 86_399_999)).toBe(beijingDay(midnight));
});

test('restore() remembers how often calls have been set back this month', () => {
  const clock = { now: () => Date.UTC(2026, 0, 15, 4), monotonic: () => 0, sleep: async () => undefined };
  const before = createQuota(clock, defaultSettings());
  for (let count = 0; count < 9; count += 1) before.clearAll();
  before.count('/cgi-bin/menu/get');
  const after = createQuota(clock, defaultSettings());
  after.restore(before.save());
  expect(after.usage('/cgi-bin/menu/get')).toEqual({ used: 1, limit: 10_000 });
  after.clearAll();
  expect(after.usage('/cgi-bin/menu/get').used).toBe(0);
  expect(() => after.clearAll()).toThrow(expect.objectContaining({ errcode: 48006 }));
});
