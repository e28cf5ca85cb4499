import { expect, test } from 'vitest';
import { base64Of } from '../../../src/simulator/control/input.ts';

test.each([
  ['data:image/png;base64,aGk=', 'aGk='],
  ['data:;base64,aGk', 'aGk'],
  ['data:text/plain;charset=utf-8;base64,a_/\n=', 'a_/\n='],
])('%j holds %j', (text, base64) => {
  expect(base64Of(text)).toBe(base64);
});

test.each([
  'data:image/png;base64,',
  'data:image/png,aGk=',
  'data:image/png;base64,aG<k=',
  'data:image/png;base64,aGk=,aGk=',
  `data:${'x'.repeat(201)};base64,aGk=`,
  'https://example.com/a.png',
  '',
  1,
  undefined,
])('%j is no data URL', (text) => {
  expect(base64Of(text)).toBeUndefined();
});

test('twenty megabytes are no burden', () => {
  const base64 = 'A'.repeat(20 * 1024 * 1024);
  expect(base64Of(`data:image/jpeg;base64,${base64}`)?.length).toBe(base64.length);
  expect(base64Of(`data:image/jpeg;base64,${base64}!`)).toBeUndefined();
});
