import { expect, test } from 'vitest';
import { beijingDay } from '../../../src/simulator/state/quota.ts';

test('beijingDay() changes at midnight in Beijing, which is 16:00 UTC', () => {
  const midnight = Date.UTC(2026, 0, 15, 16);
  expect(beijingDay(midnight)).toBe(beijingDay(midnight - 1) + 1);
  expect(beijingDay(midnight + 86_399_999)).toBe(beijingDay(midnight));
});
