import { describe, expect, test } from 'vitest';
import {
  durationRefusal,
  longestTimer,
  readDuration,
  readPositiveDuration,
} from '../../../src/core/text/duration.ts';

const notDuration = {
  en: 'a duration is a number with its unit: 500ms, 10s, 5m, 1.5h, 7d',
  zh: '时长要写成数字加单位，如 500ms、10s、5m、1.5h、7d',
};

describe('readDuration()', () => {
  test.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['007d', 604_800_000],
    ['0s', 0],
    ['0.4ms', 0],
    ['0.5ms', 1],
    ['1.1s', 1100],
    ['3650d', 315_360_000_000],
    ['315360000000ms', 315_360_000_000],
  ])('%s is %i ms', (text, ms) => {
    expect(readDuration(text)).toEqual({ ms });
  });

  test.each([
    '',
    '10',
    '1.5',
    's',
    '-1s',
    '+1s',
    '1 s',
    '1S',
    '1MS',
    '2H',
    '1w',
    '1h30m',
    '.5s',
    '1.s',
    '1,5h',
    '1e3s',
    'Infinitys',
    '0x10s',
    ' 1s',
    '1s ',
    '1s\n',
    '1ms2',
    '１s',
    10,
    Number.NaN,
    null,
    undefined,
    {},
    ['1s'],
  ])('does not read %j', (value) => {
    expect(readDuration(value)).toEqual({ refused: notDuration });
  });

  test.each([
    ['3650.001d', undefined, '3650d'],
    ['315360000001ms', undefined, '3650d'],
    [`${'9'.repeat(400)}d`, undefined, '3650d'],
    ['600001ms', '10m', '10m'],
  ])('%s is too long', (text, longest, named) => {
    expect(readDuration(text, longest)).toEqual({
      refused: { en: `it can be ${named} at most`, zh: `最长 ${named}` },
    });
  });

  test('the longest is allowed', () => {
    expect(readDuration('10m', '10m')).toEqual({ ms: 600_000 });
  });

  test('a timer holds the longest wait, and not a day more', () => {
    expect(readDuration(longestTimer).ms).toBeLessThan(2 ** 31);
    expect((readDuration(longestTimer).ms ?? 0) + 86_400_000).toBeGreaterThan(2 ** 31 - 1);
  });
});

describe('readPositiveDuration()', () => {
  test('refuses no time at all, and takes a millisecond', () => {
    const refused = { en: 'it must be longer than 0', zh: '必须大于 0' };
    expect(readPositiveDuration('0s')).toEqual({ refused });
    expect(readPositiveDuration('0.4ms')).toEqual({ refused });
    expect(readPositiveDuration('1ms')).toEqual({ ms: 1 });
  });

  test('refuses whatever is none', () => {
    expect(readPositiveDuration('1')).toEqual({ refused: notDuration });
    expect(readPositiveDuration('11m', '10m').ms).toBeUndefined();
  });
});

describe('durationRefusal()', () => {
  test.each([
    ['5', '"5"'],
    [5, '5'],
    [null, 'null'],
    [' 1s\n', '" 1s\\n"'],
    ['x'.repeat(1_000_000), `"${'x'.repeat(38)}…`],
  ])('names the field and shows the value', (value, shown) => {
    expect(durationRefusal(value, '--delay', notDuration)).toEqual({
      en: `Cannot use ${shown} for --delay: ${notDuration.en}`,
      zh: `--delay 不能用 ${shown}：${notDuration.zh}`,
    });
  });
});
