import { describe, expect, test } from 'vitest';
import { inParallel } from '../../../../src/cli/commands/trigger/run.ts';

describe('inParallel()', () => {
  test('keeps the order of the items and never has more at work than allowed', async () => {
    let [running, most] = [0, 0];
    const results = await inParallel([5, 1, 4, 2, 3], 2, async (item, index) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
      running -= 1;
      return `${index}:${item}`;
    });
    expect(results).toEqual(['0:5', '1:1', '2:4', '3:2', '4:3']);
    expect(most).toBe(2);
  });

  test('does each item once, also with more workers than items, and nothing for none', async () => {
    expect(await inParallel([1, 2], 100, (item) => Promise.resolve(item))).toEqual([1, 2]);
    expect(await inParallel([], 3, (item) => Promise.resolve(item))).toEqual([]);
  });

  test('rejects with the first failure', async () => {
    await expect(inParallel([1, 2], 1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
