import * as fc from 'fast-check';
import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import { formatScriptJson } from '../../../../src/cli/commands/sign-url/script-json.ts';

describe('formatScriptJson()', () => {
  test.each(['</script><script>alert(1)</script>', '<!--', ']]>', '&lt;', 'a\u2028b\u2029c'])(
    'formatScriptJson() lets nothing out of a script: %j',
    (text) => {
      const script = formatScriptJson({ text });
      expect(script).not.toMatch(/[<>&\u2028\u2029]/);
      expect(JSON.parse(script)).toEqual({ text });
    },
  );

  test('formatScriptJson() is the same value for JSON and for a script', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (value) => {
        const script = formatScriptJson(value, 2);
        expect(JSON.parse(script)).toEqual(value);
        expect(JSON.stringify(vm.runInNewContext(`(${script})`))).toBe(JSON.stringify(value));
      }),
    );
  });
});
