import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../../src/cli/frame/duration.ts';

describe('parseDuration()', () => {
  test.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['0s', 0],
    ['0.4ms', 0],
  ])('%s is %i ms', (text, milliseconds) => {
    expect(parseDuration(text, '--timeout')).toBe(milliseconds);
  });

  test.each([
    '',
    '10',
    's',
    '-1s',
    '+1s',
    '1 s',
    '1S',
    '1w',
    '1h30m',
    '.5s',
    '1.s',
    '1e3s',
    ' 1s',
    '1s\n',
    '1ms2',
    '１s',
  ])('refuses %j and names the flag', (text) => {
    expect(() => parseDuration(text, '--timeout')).toThrow(
      `Cannot use "${text}" for --timeout: a duration is a number with its unit`,
    );
  });
});
