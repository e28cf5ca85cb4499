import { describe, expect, test } from 'vitest';
import { shellQuote, shellWord } from '../../../src/core/text/shell-word.ts';

describe('shellWord()', () => {
  test.each(['a', 'menu/create', '/tmp/a-b_c.json', 'a=1', 'x@y.z', '100%', 'a,b', 'http://h:80/p', '+1'])(
    'leaves %j without quotes',
    (word) => {
      expect(shellWord(word)).toBe(word);
    },
  );

  test.each([
    ['', "''"],
    ['a b', "'a b'"],
    ['$HOME', "'$HOME'"],
    ['a;b', "'a;b'"],
    ['b;', "'b;'"],
    [';b', "';b'"],
    ['~', "'~'"],
    ['a\nb', "'a\nb'"],
    ['你好', "'你好'"],
    ["it's", String.raw`'it'\''s'`],
  ])('quotes %j', (word, quoted) => {
    expect(shellWord(word)).toBe(quoted);
  });
});

describe('shellQuote()', () => {
  test('quotes every word, and each single quote in it', () => {
    expect(shellQuote('a')).toBe("'a'");
    expect(shellQuote("''")).toBe(String.raw`''\'''\'''`);
  });
});
