import { assert, constantFrom, oneof, property, string } from 'fast-check';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileNameKey, safeFileName } from '../../../../../src/cli/commands/qr/batch/file-name.ts';
import { anyCharacter } from '../../../../helpers/any-character.ts';

describe('safeFileName()', () => {
  test.each([
    ['shop-7', 'shop-7'],
    ['东门店 1号', '东门店 1号'],
    ['../../etc/x', '__.._etc_x'],
    ['..\\..\\x', '__.._x'],
    ['/etc/passwd', '_etc_passwd'],
    ['C:\\x', 'C__x'],
    ['a/b', 'a_b'],
    ['.hidden', '_hidden'],
    ['-rf', '_rf'],
    ['~me', '_me'],
    ['', '_'],
    ['...', '_'],
    ['end. . ', 'end_'],
    ['a\0b\nc\x7f\x9b', 'a_b_c__'],
    ['a\u{202e}gpj', 'a_gpj'],
    ['\u{feff}a\u{200b}', '_a_'],
    ['\ud800x', '_x'],
    ['CON', '_CON'],
    ['con.txt', '_con.txt'],
    ['CON .x', '_CON .x'],
    ['COM¹', '_COM¹'],
    ['lpt0', '_lpt0'],
    ['CONSOLE', 'CONSOLE'],
    ['COM10', 'COM10'],
    ['=cmd|x', '=cmd_x'],
    ['e\u0301', '\u00e9'],
  ])('makes %j %j', (text, name) => {
    expect(safeFileName(text)).toBe(name);
  });

  test('cuts at 120 characters and at 200 bytes, never inside a character', () => {
    expect(safeFileName('a'.repeat(120))).toBe('a'.repeat(120));
    expect(safeFileName('a'.repeat(121))).toBe('a'.repeat(120));
    expect(safeFileName('景'.repeat(66))).toBe('景'.repeat(66));
    expect(safeFileName('景'.repeat(67))).toBe('景'.repeat(66));
    expect(safeFileName('景'.repeat(200))).toBe('景'.repeat(66));
    expect(safeFileName('🏪'.repeat(51))).toBe('🏪'.repeat(50));
  });

  test('stays in the folder, fits every file system and is its own safe name', () => {
    const text = oneof(
      string({ unit: anyCharacter, maxLength: 300 }),
      string({ unit: constantFrom('.', '/', '\\', ' ', '~', 'c', 'o', 'n', '景') }),
    );
    assert(
      property(text, (input) => {
        const name = safeFileName(input);
        for (const kind of [path.posix, path.win32]) {
          expect(kind.dirname(kind.join('folder', `${name}.jpg`))).toBe('folder');
        }
        expect(Buffer.byteLength(`${name}.jpg.0123456789ab.tmp`)).toBeLessThanOrEqual(255);
        expect(name).toMatch(/^[^.~\s-].*$|^.$/su);
        expect(safeFileName(name)).toBe(name);
      }),
    );
  });
});

describe('fileNameKey()', () => {
  test('is the same where some file system sees one name', () => {
    expect(fileNameKey('Shop')).toBe(fileNameKey('sHOP'));
    expect(fileNameKey('e\u0301')).toBe(fileNameKey('\u00c9'));
    expect(fileNameKey('a')).not.toBe(fileNameKey('b'));
  });
});
