import { assert, constantFrom, property, string, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../../../src/core/errors.ts';
import { fileNameKey } from '../../../../../src/cli/commands/qr/batch/file-name.ts';
import { parseTable } from '../../../../../src/cli/commands/qr/batch/csv.ts';
import { readRows } from '../../../../../src/cli/commands/qr/batch/rows.ts';

const read = (text: string, textScenes = false) =>
  readRows(parseTable(text, 'a.csv'), { file: 'a.csv', textScenes });

function problemOf(text: string): WechatMpError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof WechatMpError) return error;
    throw error;
  }
  throw new Error(`nothing is wrong with ${text}`);
}

describe('parseTable()', () => {
  test('takes every form in which spreadsheets write a table', () => {
    expect(read('\u{feff} Name , scene\r\n"East, ""1""", 7 \r\n\r\n,\r\n B ," x "\r\n')).toEqual([
      {
        line: 2,
        name: 'East, "1"',
        scene: { permanent: false, scene: 7, expireSeconds: 2_592_000 },
        file: 'East, _1_.jpg',
      },
      {
        line: 5,
        name: 'B',
        scene: { permanent: false, scene: ' x ', expireSeconds: 2_592_000 },
        file: 'B.jpg',
      },
    ]);
  });

  test.each([
    ['', 'csv_empty', 'it is empty'],
    ['scene\n', 'csv_empty', 'there is no row below the header'],
    ['name\na', 'csv_column_missing', 'the column "scene" is missing'],
    ['scene,scene\n1,2', 'csv_column_twice', 'the column "scene" is there twice'],
    ['secne\n1', 'csv_column_unknown', 'the column "secne" is unknown'],
    ['scene;name\n1;a', 'csv_separator', 'its cells are separated by ";"'],
    ['scene\tname\n1\ta', 'csv_separator', 'its cells are separated by "TAB"'],
    ['scene\n"a', 'csv_invalid', 'a quoted cell is not closed at line 2'],
    ['scene\n"a"b', 'csv_invalid', 'something follows a closing quote at line 2'],
    ['scene\na"b', 'csv_invalid', 'a quote stands inside a cell at line 2'],
  ])('refuses %j', (text, type, words) => {
    const problem = problemOf(text);
    expect([problem.type, problem.text.en]).toEqual([type, `Cannot use "a.csv": ${words}`]);
  });

  test('offers the column that was meant', () => {
    expect(problemOf('scene,expires\n1,7d').hint?.en).toBe('Did you mean "expire"?');
  });
});

describe('readRows()', () => {
  test.each([
    ['7', 7],
    ['4294967295', 4_294_967_295],
    ['007', '007'],
    ['-7', '-7'],
    ['1.5', '1.5'],
    ['1e3', '1e3'],
    ['=cmd', '=cmd'],
    ['１', '１'],
  ])('takes the scene %j as %j', (cell, scene) => {
    expect(read(`scene\n${cell}`)[0]?.scene.scene).toBe(scene);
  });

  test('takes every scene as a text with --text-scenes', () => {
    expect(read('scene\n13800138000', true)[0]?.scene.scene).toBe('13800138000');
  });

  test.each(['yes', 'Y', 'TRUE', '1', '是'])('takes %j for permanent', (word) => {
    expect(read(`scene,permanent\n1,${word}`)[0]?.scene).toEqual({ permanent: true, scene: 1 });
  });

  test('takes the life of a code in words of a duration', () => {
    expect(read('scene,expire,permanent\n1,7d,no\n2,1s,\n3,30d,否')).toMatchObject([
      { scene: { expireSeconds: 604_800 } },
      { scene: { expireSeconds: 1 } },
      { scene: { expireSeconds: 2_592_000 } },
    ]);
  });

  test.each([
    ['0,,,', 'the scene of a temporary code must be an integer from 1 to 4294967295, got 0'],
    [
      '4294967296,,,',
      'the scene of a temporary code must be an integer from 1 to 4294967295, got 4294967296 (--text-scenes takes all scenes as texts)',
    ],
    [
      '100001,,,yes',
      'the scene of a permanent code must be an integer from 1 to 100000, got 100001 (--text-scenes takes all scenes as texts)',
    ],
    [`${'景'.repeat(65)},,,`, 'the scene text must have 1 to 64 characters, got 65'],
    [',a,,', 'the scene is missing'],
    ['1,,31d,', 'it must expire after 1 to 2592000 seconds, got 2678400'],
    ['1,,500ms,', 'it must expire after 1 to 2592000 seconds, got 0.5'],
    [
      '1,,604800,',
      'cannot use "604800" for "expire": a duration is a number with its unit: 500ms, 10s, 5m, 1.5h, 7d, or 604800s for seconds',
    ],
    ['1,,7d,yes', 'a permanent code has no "expire"'],
    ['1,,,maybe', '"permanent" must be yes or no, got "maybe"'],
    ['1,a', 'there are 2 cells, the header has 4'],
    ['1,"a\tb",,', 'there are control characters'],
    ['"a\nb",,,', 'there are control characters'],
  ])('refuses the row %j', (row, words) => {
    const line = row.includes('\n') ? 3 : 2;
    expect(problemOf(`scene,name,expire,permanent\n${row}`).details.map(({ en }) => en)).toEqual([
      `a.csv:${line}: ${words}`,
    ]);
  });

  test('tells everything at once, in the order of the lines, and at most twenty', () => {
    const problem = problemOf('scene,name,expire\n1,a,\n0,b,x\n1,c,\n2,a,\n');
    expect(problem.details.map(({ en }) => en)).toEqual([
      'a.csv:3: cannot use "x" for "expire": a duration is a number with its unit: 500ms, 10s, 5m, 1.5h, 7d',
      'a.csv:3: the scene of a temporary code must be an integer from 1 to 4294967295, got 0',
      'a.csv:4: the scene "1" is in line 2 already',
      'a.csv:5: the name "a" is in line 2 already',
    ]);
    expect(problem.facts).toMatchObject({ problems: 4, lines: [3, 4, 5] });
    const many = problemOf(`scene\n${'0\n'.repeat(30)}`);
    expect(many.details).toHaveLength(21);
    expect(many.details.at(-1)?.en).toBe('… and 39 more');
  });

  test('takes 100000 rows and no more', () => {
    const rows = (count: number) =>
      `scene\n${Array.from({ length: count }, (_, index) => index + 1).join('\n')}`;
    expect(read(rows(100_000))).toHaveLength(100_000);
    expect(problemOf(rows(100_001)).type).toBe('csv_too_long');
  });

  test('marks every file that a file system might take for another one, whatever the order', () => {
    const forth = read('scene,name\n1,Shop\n2,shop\n3,a/b\n4,a_b\n5,c');
    expect(forth.map(({ file }) => file)).toEqual([
      'Shop-356a19.jpg',
      'shop-da4b92.jpg',
      'a_b-77de68.jpg',
      'a_b-1b6453.jpg',
      'c.jpg',
    ]);
    const back = read('scene,name\n5,c\n4,a_b\n3,a/b\n2,shop\n1,Shop');
    expect(back.map(({ file }) => file)).toEqual(forth.map(({ file }) => file).toReversed());
  });

  test('never gives two rows one file', () => {
    const name = string({
      unit: constantFrom('a', 'A', '/', ':', '.', 'é', '-', '3'),
      minLength: 1,
      maxLength: 8,
    });
    assert(
      property(uniqueArray(name, { minLength: 1, maxLength: 40 }), (names) => {
        const rows = read(`scene,name\n${names.map((text, index) => `s${index},"${text}"`).join('\n')}`);
        expect(new Set(rows.map(({ file }) => fileNameKey(file))).size).toBe(names.length);
      }),
    );
  });
});
