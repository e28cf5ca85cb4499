import { describe, expect, test } from 'vitest';
import { closestTo } from '../../../src/cli/frame/suggest.ts';

describe('closestTo()', () => {
  test.each([
    ['psuh', 'push'],
    ['pus', 'push'],
    ['PUSH', 'push'],
    ['push', 'push'],
    ['pull', 'pull'],
    ['delte', 'delete'],
    ['delteee', 'delete'],
  ])('%s means %s', (word, meant) => {
    expect(closestTo(word, ['push', 'pull', 'delete'])).toBe(meant);
  });

  test.each([
    ['one of two letters differs beyond the limit', 'xy', ['qr']],
    ['two of four letters differ', 'pxxh', ['push']],
    ['four of twelve differ', 'abcdefghwxyz', ['abcdefghijkl']],
    ['nothing to choose from', 'push', []],
    ['an empty word', '', ['push']],
  ])('is nothing where %s', (_, word, candidates) => {
    expect(closestTo(word, candidates)).toBeUndefined();
  });

  test('three of twelve letters may differ, and the first of two equals wins', () => {
    expect(closestTo('abcdefghixyz', ['abcdefghijkl'])).toBe('abcdefghijkl');
    expect(closestTo('pusl', ['push', 'pusk'])).toBe('push');
  });
});
