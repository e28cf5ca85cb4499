import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excerpt, sanitise, sanitiseLine } from '../../../src/core/text/sanitise.ts';

const dangerous =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/;

/** What a hostile server or file may send, and what is left of it. */
const payloads: readonly (readonly [name: string, payload: string, left: string])[] = [
  ['CSI colour', 'a\u001b[31mb', 'ab'],
  ['CSI clear screen', 'a\u001b[2J\u001b[Hb', 'ab'],
  ['CSI with intermediate bytes', 'a\u001b[?25 qb', 'ab'],
  ['CSI that never ends', 'a\u001b[12;', 'a'],
  ['C1 CSI', 'a\u009b31mb', 'ab'],
  ['OSC 0 title, BEL', 'a\u001b]0;title\u0007b', 'ab'],
  ['OSC 8 link, ST', 'a\u001b]8;;https://evil.example\u001b\\b\u001b]8;;\u001b\\c', 'abc'],
  ['OSC 52 clipboard', 'a\u001b]52;c;cm0gLXJm\u0007b', 'ab'],
  ['C1 OSC with C1 ST', 'a\u009d0;title\u009cb', 'ab'],
  ['OSC that never ends', 'a\u001b]0;title\nb', 'a\nb'],
  ['DCS', 'a\u001bP$q"p\u001b\\b', 'ab'],
  ['C1 DCS', 'a\u0090x\u009cb', 'ab'],
  ['APC', 'a\u001b_payload\u001b\\b', 'ab'],
  ['PM', 'a\u001b^payload\u001b\\b', 'ab'],
  ['SOS', 'a\u001bXpayload\u001b\\b', 'ab'],
  ['reset', 'a\u001bcb', 'ab'],
  ['character set', 'a\u001b(0b', 'ab'],
  ['lone ESC at the end', 'a\u001b', 'a'],
  ['two ESC that would join', 'a\u001b\u001b[31m[31mb', 'a[31mb'],
  ['carriage return', 'safe\rhacked', 'safehacked'],
  ['backspace', 'a\b\bb', 'ab'],
  ['bell', 'a\u0007b', 'ab'],
  ['NUL', 'a\u0000b', 'ab'],
  ['DEL and C1', 'a\u007f\u0085\u008db', 'ab'],
  ['bidi override', 'a\u202egpj.exe\u202cb', 'agpj.exeb'],
  ['bidi isolates and marks', 'a\u2066\u2067\u2068\u2069\u200e\u200f\u061cb', 'ab'],
  ['line and paragraph separators', 'a\u2028\u2029b', 'ab'],
];

describe('sanitise()', () => {
  test.each(payloads)('takes out %s', (_name, payload, left) => {
    expect(sanitise(payload)).toBe(left);
  });

  test('leaves text of any language, tabs and newlines', () => {
    const text = 'Menu\t菜单\n😀 👩‍👩‍👧 naïve “quotes” [31m';
    expect(sanitise(text)).toBe(text);
  });

  test('leaves nothing dangerous of any text, and changes nothing the second time', () => {
    const pieces = constantFrom(
      '\u001b',
      '[',
      ']',
      '0;',
      'm',
      '\u0007',
      '\u009b',
      '\u009c',
      '\\',
      '\n',
      'P',
      '菜',
      '\u202e',
    );
    assert(
      property(
        array(pieces).map((parts) => parts.join('')),
        (text) => {
          const once = sanitise(text);
          expect(once).not.toMatch(dangerous);
          expect(sanitise(once)).toBe(once);
        },
      ),
    );
  });

  test.each(['\u001b]', '\u001b[', '\u001b[1;', 'x\u009d', '\u001b', '\u001bPa'])(
    'needs time in proportion to the length of repeated %j',
    (piece) => {
      const time = (count: number): number => {
        const text = piece.repeat(count);
        const startedAt = performance.now();
        sanitise(text);
        return performance.now() - startedAt;
      };
      time(1000);
      // Quadratic time would be minutes here.
      expect(time(1_000_000)).toBeLessThan(3000);
    },
  );
});

describe('sanitiseLine()', () => {
  test.each(payloads)('takes out %s', (_name, payload) => {
    expect(sanitiseLine(payload)).not.toMatch(dangerous);
    expect(sanitiseLine(payload)).not.toMatch(/[\n\t]/);
  });

  test('makes one blank of each run of line breaks and tabs', () => {
    expect(sanitiseLine('a\r\n\tb\u2028c')).toBe('a b c');
  });
});

describe('excerpt()', () => {
  test('keeps 200 characters, and marks one more as cut', () => {
    expect(excerpt('x'.repeat(200))).toBe('x'.repeat(200));
    expect(excerpt('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`);
  });

  test('counts and cuts characters, not halves of them', () => {
    expect(excerpt('😀'.repeat(3), 3)).toBe('😀😀😀');
    expect(excerpt('😀'.repeat(4), 3)).toBe('😀😀…');
  });

  test('is one clean line without blanks around it', () => {
    expect(excerpt('  a\n\u001b[31mb\n ')).toBe('a b');
  });
});
