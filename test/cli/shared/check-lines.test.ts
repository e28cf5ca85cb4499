import { describe, expect, test } from 'vitest';
import { checkLines } from '../../../src/cli/shared/check-lines.ts';
import type { Context } from '../../../src/cli/context.ts';
import { createRedactor } from '../../../src/core/text/redact.ts';
import type { Text } from '../../../src/core/text/text.ts';

const redactor = createRedactor();
const context = (columns?: number): Context =>
  ({
    io: { terminal: { stdoutIsTty: columns !== undefined, columns } },
    language: 'en',
    redactor,
    say: (text: Text) => text.en,
  }) as Context;
const inEnglish = context();
const both = (text: string): Text => ({ en: text, zh: text });

describe('checkLines()', () => {
  test('checkLines() aligns names, marks and hints', () => {
    expect(
      checkLines(inEnglish, [
        { name: 'a', status: 'pass', text: both('Fine'), hint: both('Nothing to do') },
        { name: 'long', status: 'fail', text: both('Bad'), hint: both('Do it'), mark: '-40001' },
        { name: 'b', status: 'skip', text: both('Later') },
      ]).split('\n'),
    ).toEqual(['✓ a     Fine', '✗ long  Bad (-40001)', '        Fix: Do it', '– b     Later']);
  });

  test('checkLines() folds long texts and hints under themselves', () => {
    const lines = checkLines(inEnglish, [
      {
        name: 'x',
        status: 'fail',
        text: both('word '.repeat(20).trim()),
        hint: both('step '.repeat(20).trim()),
      },
    ]);
    expect(lines.split('\n')).toEqual([
      `✗ x  ${'word '.repeat(14).trim()}`,
      `     ${'word '.repeat(6).trim()}`,
      `     Fix: ${'step '.repeat(13).trim()}`,
      `     ${'step '.repeat(7).trim()}`,
    ]);
  });

  test('checkLines() folds at the width of a narrow terminal', () => {
    const check = { name: 'x', status: 'fail', text: both('word '.repeat(8).trim()) } as const;
    const words = (count: number): string => 'word '.repeat(count).trim();
    // Two columns are kept for a closing mark.
    expect(checkLines(context(41), [check])).toBe(`✗ x  ${words(7)}\n     word`);
    expect(checkLines(context(40), [check])).toBe(`✗ x  ${words(6)}\n     ${words(2)}`);
  });

  test('checkLines() takes a secret out before the fold can part it', () => {
    const secret = 'correct horse battery staple of the callback';
    redactor.add(secret);
    const lines = checkLines(inEnglish, [
      {
        name: 'x',
        status: 'fail',
        text: both(`${'word '.repeat(10)}${secret} and more`),
        hint: both(secret),
      },
    ]);
    expect(lines).toBe(`✗ x  ${'word '.repeat(10)}*** and more\n     Fix: ***`);
  });
});
