import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../src/core/errors.ts';
import { pastedNote, readPasted } from '../../../src/core/text/pasted.ts';

const wanted = { place: '--access-token-stdin', keys: ['access_token'] };
const token = '50_abc-DEF_0123456789';

function refusal(text: string): WechatMpError {
  try {
    readPasted(text, wanted);
  } catch (error) {
    if (error instanceof WechatMpError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('readPasted()', () => {
  test.each([
    ['alone', token],
    ['with blanks round it', `  ${token}\r\n`],
    ['behind a byte order mark', `\u{feff}${token}`],
  ])('leaves a value %s as it is', (_, text) => {
    expect(readPasted(text, wanted)).toEqual({ value: token });
  });

  test.each([`a"b`, `'`, `"`, '{a', 'a{"b":1}', '[a', '<a', '<1>', '$(id)', '``', `'"`])(
    'leaves %j as it is',
    (text) => {
      expect(readPasted(text, wanted)).toEqual({ value: text });
    },
  );

  test.each([
    ['an answer', `{"access_token":"${token}","expires_in":7200}`, 'a JSON answer'],
    ['a printed answer', `{\n  "expires_in": 7200,\n  "access_token": "${token}"\n}\n`, 'a JSON answer'],
    ['an answer in quotes', `'{"access_token":"${token}"}'`, 'quotes and a JSON answer'],
    ['an answer in a JSON string', JSON.stringify(`{"access_token":"${token}"}`), 'quotes and a JSON answer'],
    ['quotes', `"${token}"`, 'quotes'],
    ['apostrophes', `'${token}'`, 'quotes'],
    ['Chinese quotes', `“${token}”`, 'quotes'],
    ['a zero-width space at its end', `${token}\u{200b}`, 'invisible characters'],
    ['one in its middle', `50_abc\u{200b}-DEF_0123456789`, 'invisible characters'],
    ['everything at once', `\u{2060}"${token}"`, 'invisible characters and quotes'],
  ])('takes a value out of %s', (_, text, found) => {
    const pasted = readPasted(text, wanted);
    expect([pasted.value, pasted.found?.en]).toEqual([token, found]);
  });

  test.each([
    ['{"ticket":"SECRET"}', 'it is JSON that holds "ticket" instead of "access_token"'],
    ['{"errcode":40013,"errmsg":"SECRET"}', "it holds WeChat's refusal 40013"],
    ['{"access_token":""}', 'it is JSON without "access_token"'],
    ['{"access_token":1,"SECRET":1}', 'it is JSON without "access_token"'],
    ['{}', 'it is JSON without "access_token"'],
    ['{"__proto__":{"access_token":"SECRET"}}', 'it is JSON without "access_token"'],
    ['{"access_token":"SECRET', 'it begins like JSON and breaks off'],
    ['["SECRET"]', 'it is a JSON list'],
    ['[{"access_token":"SECRET"}]', 'it is a JSON list'],
    ['<html>SECRET</html>', 'it is HTML or XML'],
    ['<?php exit();?>{"access_token":"SECRET"}', 'it is HTML or XML'],
    ['<!DOCTYPE html>', 'it is HTML or XML'],
    ['[object Promise]', 'it is how JavaScript prints an object'],
  ])('refuses %s without quoting it', (text, reason) => {
    const error = refusal(text);
    expect(error).toMatchObject({ family: 'input', type: 'pasted_answer' });
    expect(error.text.en).toBe(`Cannot use --access-token-stdin: ${reason}`);
    expect(JSON.stringify([error.text, error.hint])).not.toContain('SECRET');
  });

  test('names what was wanted in both languages', () => {
    const { found } = readPasted(`{"access_token":"'${token}'"}`, wanted);
    expect(found && pastedNote(wanted, found)).toEqual({
      en: 'Took the access_token in --access-token-stdin out of a JSON answer and quotes',
      zh: '已从 --access-token-stdin 中的 JSON 应答和引号里取出 access_token',
    });
  });
});
