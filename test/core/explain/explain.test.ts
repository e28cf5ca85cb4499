import { describe, expect, test } from 'vitest';
import { exitCodes, exitCodesOfTypes } from '../../../src/cli/frame/exit.ts';
import { exitCodeTable } from '../../../src/core/explain/exit-codes.ts';
import { explain, explainAll } from '../../../src/core/explain/explain.ts';

describe('explain()', () => {
  test('leaves nothing blank, in both languages', async () => {
    const all = await explainAll();
    expect(all.length).toBeGreaterThan(2100);
    for (const { code, names, causes, fixes, where } of all) {
      for (const { en, zh } of [
        names.meaning,
        ...causes,
        ...fixes,
        ...(where === undefined ? [] : [where]),
      ]) {
        expect(en.trim(), String(code)).not.toBe('');
        expect(zh.trim(), String(code)).not.toBe('');
      }
      expect(fixes.length, String(code)).toBeGreaterThan(0);
    }
  });

  test('knows every exit code that the tool has', async () => {
    for (const code of [0, ...Object.values(exitCodes), ...exitCodesOfTypes.values()])
      expect(await explain({ kind: 'exit_code', code }), String(code)).toBeDefined();
    expect(exitCodeTable.flatMap(({ codes }) => codes)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 70, 126, 127, 129, 130, 131, 143,
    ]);
    expect(await explain({ kind: 'exit_code', code: 8 })).toBeUndefined();
  });

  test('tells 40001 of the token endpoint from that of a call', async () => {
    const at = async (origin?: 'token') =>
      (await explain({ kind: 'errcode', code: 40001 }, origin === undefined ? {} : { origin }))?.names.type;
    expect([await at(), await at('token')]).toEqual(['invalid_token', 'invalid_appsecret']);
  });

  test('finds a return code by its name', async () => {
    const found = await explain({ kind: 'error_type', code: 'ip_not_allowed' });
    expect(found).toMatchObject({ kind: 'errcode', code: 40164, family: 'account' });
    expect(await explain({ kind: 'error_type', code: 'signature_invalid' })).toMatchObject({ code: -40001 });
    expect(await explain({ kind: 'error_type', code: 'toString' })).toBeUndefined();
  });

  test.each([
    [301, /redirected/],
    [404, /no such path/],
    [412, /Content-Length/],
    [418, /something before WeChat/],
    [502, /gateway/],
    [599, /something before WeChat/],
  ])('says who answers with %i', async (code, words) => {
    expect((await explain({ kind: 'http', code }))?.names.meaning.en).toMatch(words);
  });

  test('says nothing of statuses that are no trouble', async () => {
    for (const code of [200, 299, 600]) expect(await explain({ kind: 'http', code })).toBeUndefined();
  });

  test('knows what wx.config says', async () => {
    expect((await explain({ kind: 'jssdk', code: 'invalid signature' }))?.causes[0]?.en).toContain(
      'sign-url --check',
    );
  });

  test('does not know a code that is in no table', async () => {
    for (const code of [123_456, 41_000, -2])
      expect(await explain({ kind: 'errcode', code })).toBeUndefined();
  });
});
