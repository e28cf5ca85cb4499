import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf, fold, foldTalk, formatTable, hang } from '../../../src/cli/frame/fold.ts';
import { terminalWidth } from '../../../src/core/text/terminal-width.ts';
import { fakeWorld } from '../../helpers/fake-io.ts';

describe('fold()', () => {
  test('fold() breaks at blanks and between Chinese characters, and loses none', () => {
    const word = fc.constantFrom(
      'word',
      '微信',
      '，',
      '。',
      '“引用”',
      '（注）',
      'https://example.com/a?b=c',
      'a,b',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), fc.integer({ min: 30, max: 80 }), (words, columns) => {
        const text = words.join('');
        const lines = fold(text, columns);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        for (const line of lines.slice(1)) expect(line).not.toMatch(/^[，。）”]/u);
        for (const line of lines.slice(0, -1)) expect(line).not.toMatch(/[“（]$/u);
      }),
      { numRuns: 500 },
    );
  });
});

describe('hang()', () => {
  const letters = (count: number): string => `${'x'.repeat(9)} `.repeat(count / 10).trimEnd();

  test('hang() leaves a line of 80 columns alone', () => {
    expect(hang({ prefix: '✗ ', text: `${letters(70)} ${'y'.repeat(8)}` })).toEqual([
      `✗ ${letters(70)} ${'y'.repeat(8)}`,
    ]);
    expect(hang({ prefix: '✗ ', text: '微'.repeat(39) })).toEqual([`✗ ${'微'.repeat(39)}`]);
  });

  test('hang() folds a longer one under its text, by columns', () => {
    expect(hang({ prefix: '✗ ', text: `${letters(70)} ${'y'.repeat(9)}` })).toEqual([
      `✗ ${letters(70)}`,
      `  ${'y'.repeat(9)}`,
    ]);
    expect(hang({ prefix: '解决：', text: '微'.repeat(40) })).toEqual([
      `解决：${'微'.repeat(36)}`,
      `      ${'微'.repeat(4)}`,
    ]);
  });

  test('formatTable() folds the last column in so many columns', () => {
    const rows = [
      ['token', 'good for an hour and more'],
      ['名称', '微信公众平台的名称'],
    ];
    expect(formatTable(rows, 26)).toBe('token  good for an hour and\n       more\n名称   微信公众平台的名称');
    expect(formatTable(rows)).toBe('token  good for an hour and more\n名称   微信公众平台的名称');
  });

  test.each([
    [true, 40, 40],
    [true, 200, 80],
    [false, 40, 80],
  ])('columnsOf() where a terminal is %j, and has %i columns, is %i', (stdoutIsTty, columns, wanted) => {
    const { io } = fakeWorld();
    expect(columnsOf({ io: { ...io, terminal: { ...io.terminal, stdoutIsTty, columns } } })).toBe(wanted);
  });

  test('hang() keeps a word that is too long whole, and room behind a long prefix', () => {
    const url = `https://example.com/${'a'.repeat(80)}`;
    expect(hang({ prefix: '- ', text: `see ${url} now` })).toEqual(['- see', `  ${url}`, '  now']);
    expect(hang({ prefix: '-'.repeat(70), text: 'one two three four five six' })).toEqual([
      `${'-'.repeat(70)}one two three four`,
      `${' '.repeat(70)}five six`,
    ]);
  });
});

describe('foldTalk()', () => {
  test('leaves a line that fits, at the exact width', () => {
    expect(foldTalk(`  ${'a '.repeat(38)}bb`, 80)).toHaveLength(1);
    expect(foldTalk(`  ${'a '.repeat(38)}bbb`, 80)).toHaveLength(2);
  });

  test('folds at blanks under its beginning, and counts Chinese as two', () => {
    expect(foldTalk(`✗ ${'word '.repeat(10)}end`, 30)).toEqual([
      '✗ word word word word word',
      '  word word word word word',
      '  end',
    ]);
    const lines = foldTalk(`  解决：${'请修改文件'.repeat(10)}`, 40);
    expect(lines.slice(1).every((line) => line.startsWith('    请') || line.startsWith('    '))).toBe(true);
    expect(Math.max(...lines.map(terminalWidth))).toBeLessThanOrEqual(40);
    expect(lines.map((line) => line.trim()).join('')).toBe(`解决：${'请修改文件'.repeat(10)}`);
  });

  test.each([
    'https://developers.weixin.qq.com/platform/a,b?c=d',
    '"a file with blanks, and a comma.json"',
    'wechat-mp menu push backup, with --no-verify',
    'node -p "JSON.parse(fs.readFileSync(0))" > new.json',
  ])('never breaks %s', (part) => {
    for (const columns of [30, 40, 60, 80]) {
      const line = `  Fix: Some words that come before it, to fill the line: ${part}`;
      expect(foldTalk(line, columns).filter((each) => each.includes(part))).toHaveLength(1);
    }
  });
});
