import { describe, expect, test } from 'vitest';
import { parseAppId, parseCallbackToken, parseEncodingAESKey } from '../../../src/core/account/account.ts';
import { isAppId } from '../../../src/core/account/plain-credential.ts';
import { WechatMpError } from '../../../src/core/errors.ts';

describe('isAppId()', () => {
  test.each([
    ['wx0123456789abcdef', true],
    ['wx0123456789abcde', false],
    ['wx0123456789abcdef0', false],
    ['wx0123456789abcdeg', false],
    ['WX0123456789abcdef', false],
    ['0123456789abcdefwx', false],
    ['wx0123456789abcdef\n', false],
    ['', false],
  ])('isAppId() takes %j for an AppID: %s', (text, expected) => {
    expect(isAppId(text)).toBe(expected);
  });
});

function errorOf(work: () => unknown): WechatMpError {
  try {
    work();
  } catch (error) {
    if (error instanceof WechatMpError) return error;
  }
  throw new Error('nothing was refused');
}

describe.each([
  ['parseAppId()', parseAppId, 'appid_invalid', ['wx0123456789abcdef'], ['wx0123', '']],
  [
    'parseCallbackToken()',
    parseCallbackToken,
    'callback_token_invalid',
    ['abc', 'a'.repeat(32)],
    ['ab', 'a'.repeat(33), 'a b c', 'abc\n'],
  ],
  [
    'parseEncodingAESKey()',
    parseEncodingAESKey,
    'aes_key_invalid',
    ['A'.repeat(43)],
    ['A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}=`],
  ],
] as const)('%s', (name, parse, type, good, bad) => {
  test.each(good)(`${name} returns %j unchanged`, (text) => {
    expect(parse(text)).toBe(text);
  });

  test.each(bad)(`${name} refuses %j with an input error`, (text) => {
    expect(errorOf(() => parse(text))).toMatchObject({ family: 'input', type });
  });

  test(`${name} never repeats what it was given`, () => {
    const error = errorOf(() => parse('canary-secret!'));
    expect(JSON.stringify([error.text, error.hint, error.message, error.facts])).not.toContain('canary');
  });
});

test.each([
  [`${'A'.repeat(43)}=`, /^Leave the = at the end out/, /^请去掉末尾的“=”/],
  [`${'A'.repeat(42)}=`, /^Copy it from/, /复制$/],
  [`${'A'.repeat(44)}`, /^Copy it from/, /复制$/],
])('parseEncodingAESKey() names the = at the end of %j', (text, en, zh) => {
  const { hint } = errorOf(() => parseEncodingAESKey(text));
  expect(hint?.en).toMatch(en);
  expect(hint?.zh).toMatch(zh);
});
