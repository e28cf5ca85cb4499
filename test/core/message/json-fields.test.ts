import { describe, expect, test } from 'vitest';
import { VerificationError } from '../../../src/core/errors.ts';
import { parseJsonFields } from '../../../src/core/message/json-fields.ts';

describe('parseJsonFields()', () => {
  test('parseJsonFields() keeps 64-bit numbers exact', () => {
    expect(
      parseJsonFields('{"MsgId":24534963034417921,"A":-1.50,"B":1e3,"C":[18446744073709551615]}'),
    ).toEqual({
      MsgId: '24534963034417921',
      A: '-1.50',
      B: '1e3',
      C: ['18446744073709551615'],
    });
  });

  test('parseJsonFields() leaves digits inside texts alone', () => {
    expect(parseJsonFields(String.raw`{"a\"1":"x\\","2":"3, 4 \" 5","b":true,"c":null}`)).toEqual({
      'a"1': 'x\\',
      '2': '3, 4 " 5',
      b: 'true',
    });
  });

  test('parseJsonFields() leaves out what is null, in lists too', () => {
    expect(parseJsonFields('{"a":[null,"b",{"c":null}]}')).toEqual({ a: ['b', {}] });
  });

  test.each([
    '',
    '{',
    '[]',
    '1',
    '"a"',
    'null',
    '{"a":1,}',
    '{"__proto__":{"a":1}}',
    `{"a":${'['.repeat(12)}${']'.repeat(12)}}`,
  ])('parseJsonFields() refuses %j', (text) => {
    expect(() => parseJsonFields(text)).toThrow(VerificationError);
  });

  test('parseJsonFields() accepts 12 levels', () => {
    expect(parseJsonFields(`{"a":${'['.repeat(11)}${']'.repeat(11)}}`)).toHaveProperty('a');
  });

  test('parseJsonFields() never repeats its input in an error', () => {
    expect(() => parseJsonFields('canary')).toThrow(/^Cannot read JSON: the body is not valid JSON$/);
  });

  test('parseJsonFields() refuses an unclosed text full of quotes quickly', () => {
    const started = performance.now();
    expect(() => parseJsonFields(`{"a":"${String.raw`\"`.repeat(60_000)}`)).toThrow(VerificationError);
    expect(performance.now() - started).toBeLessThan(300);
  });
});
