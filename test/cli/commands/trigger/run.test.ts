import { describe, expect, test } from 'vitest';
import { shareOut } from '../../../../src/cli/commands/trigger/run.ts';

describe('shareOut()', () => {
  test('begins in order and never has more at work than allowed', async () => {
    let [running, most] = [0, 0];
    const begun: number[] = [];
    await shareOut([5, 1, 4, 2, 3].values(), 2, async (item) => {
      begun.push(item);
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
      running -= 1;
    });
    expect([begun, most, running]).toEqual([[5, 1, 4, 2, 3], 2, 0]);
  });

  test('does each item once, also with more workers than items, and nothing for none', async () => {
    const done: number[] = [];
    const work = async (item: number): Promise<void> => void done.push(item);
    await shareOut([1, 2].values(), 100, work);
    await shareOut([].values(), 3, work);
    expect(done).toEqual([1, 2]);
  });

  test('rejects with the first failure', async () => {
    const work = (): Promise<void> => Promise.reject(new Error('no'));
    await expect(shareOut([1, 2].values(), 1, work)).rejects.toThrow('no');
  });
});
