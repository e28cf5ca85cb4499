import { describe, expect, test } from 'vitest';
import { terminalWidth } from '../../../src/core/text/terminal-width.ts';

describe('terminalWidth()', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['菜单', 4],
    ['（，。）', 8],
    ['a菜b', 4],
    ['…–', 2],
    ['~ é', 3],
  ])('%j takes %i columns', (text, columns) => {
    expect(terminalWidth(text)).toBe(columns);
  });
});
