import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compactJson, indentJson } from '../../../src/core/call/index.ts';

const large = '{ "msgid" : 12345678901234567890, "a":[ 1.50,\n{"b":"x , y:\\" }"}], "c":{}, "d":[] }';

describe('compactJson() and indentJson()', () => {
  test('keep every digit of a number', () => {
    expect(compactJson(large)).toBe(
      '{"msgid":12345678901234567890,"a":[1.50,{"b":"x , y:\\" }"}],"c":{},"d":[]}',
    );
    expect(indentJson(large)).toBe(`{
  "msgid": 12345678901234567890,
  "a": [
    1.50,
    {
      "b": "x , y:\\" }"
    }
  ],
  "c": {},
  "d": []
}`);
  });

  test('write as JSON.stringify does, whatever the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const compact = JSON.stringify(value);
        const indented = JSON.stringify(value, null, 2);
        expect([compactJson(indented), compactJson(compact)]).toEqual([compact, compact]);
        expect([indentJson(compact), indentJson(indented)]).toEqual([indented, indented]);
      }),
    );
  });
});
