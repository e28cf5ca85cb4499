import { expect, test } from 'vitest';
import { parseDuration } from '../../../src/simulator/server/duration.ts';

test.each([
  ['500ms', 500],
  ['10s', 10_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
  ['0s', 0],
])('parseDuration() reads %s', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each([
  '',
  '10',
  's',
  '1.5h',
  '-1s',
  ' 1s',
  '1s ',
  '1S',
  '1 s',
  '1w',
  '1h30m',
  '1234567890s',
  10,
  null,
  undefined,
])('parseDuration() does not read %j', (value) => {
  expect(parseDuration(value)).toBeUndefined();
});
