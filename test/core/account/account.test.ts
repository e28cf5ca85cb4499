import { describe, expect, test } from 'vitest';
import {
  describeOddCallbackToken,
  describeOddSecret,
  parseAppId,
  parseCallbackToken,
  parseEncodingAESKey,
} from '../../../src/core/account/account.ts';
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
    [' wx0123456789abcdef', false],
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

test.each([
  ['gh_0123456789ab', 'original ID'],
  ['ww0123456789abcdef', 'CorpID'],
  ['WX0123456789abcdef', 'small letters'],
  ['wxid_canary', 'WeChat ID'],
  ['wx0123456789abcdeg', 'letters after f'],
  ['0123456789abcdef0123456789ABCDEF', 'AppSecret'],
  ['A'.repeat(43), 'EncodingAESKey'],
  [`o${'-'.repeat(27)}`, 'OpenID'],
  ['xww0123456789abcdef', 'got 19 characters'],
  ['ww0123456789abcdef0', 'got 19 characters'],
  [`${'0'.repeat(32)}-`, 'got 33 characters, among them something that is neither'],
  ['x', 'got 1 character'],
])('parseAppId() names what %j is instead: %s', (text, said) => {
  expect(errorOf(() => parseAppId(text)).text.en).toMatch(new RegExp(`${said}(?! character)`));
});

test('describeOddCallbackToken() says nothing of a usual one, and the length of another', () => {
  expect(describeOddCallbackToken('abc')).toBeUndefined();
  expect(describeOddCallbackToken('ab')?.en).toMatch(/and this has 2 characters$/);
  expect(describeOddCallbackToken('a b')?.zh).toMatch(/实际为 3 个字符，其中有空白字符$/);
});

describe('describeOddSecret()', () => {
  const usual = 'c4f1e09b7a2d4c6e8f0a1b2c3d4e5f60';

  test.each([
    [usual, undefined],
    [usual.slice(1), 'The AppSecret has 31 characters; one'],
    [`${usual}0`, 'The AppSecret has 33 characters; one'],
    [`g${usual.slice(1)}`, 'The AppSecret has 32 characters, some of them letters after f; one'],
    [usual.toUpperCase(), 'The AppSecret has 32 characters, some of them capital letters; one'],
    [`${usual} `, 'The AppSecret has 33 characters, among them a blank; one'],
    [`x${usual}\u200b`, 'The AppSecret has 34 characters, among them an invisible character; one'],
  ])('describeOddSecret() says of %j: %s', (secret, said) => {
    expect(describeOddSecret(secret, 'typed')?.en.replace(/(?<=one) .*/, '')).toBe(said);
  });

  test('describeOddSecret() tells a typed one from one that was sent', () => {
    const [typed, sent] = [describeOddSecret('', 'typed'), describeOddSecret('', 'sent')];
    expect([typed?.en.slice(0, 17), sent?.en.slice(0, 31)]).toEqual([
      'The AppSecret has',
      'The AppSecret that was sent has',
    ]);
    expect([typed?.zh.slice(0, 4), sent?.zh.slice(0, 4)]).toEqual(['输入的 ', '所用的 ']);
  });
});
