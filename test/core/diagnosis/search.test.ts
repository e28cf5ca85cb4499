import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { explanations, readDigest, type MistakeMaker } from '../../../src/core/diagnosis/search.ts';

const makers: readonly MistakeMaker<string, 'a' | 'b' | 'c'>[] = [
  { name: 'a', make: (text) => [{ state: `${text}a`, detail: 'x' }] },
  { name: 'b', make: (text) => ['1', '2'].map((end) => ({ state: `${text}b${end}` })) },
  { name: 'c', make: () => [] },
];

describe('explanations()', () => {
  const found = (most: number) =>
    Array.from(explanations('', makers, most), ({ state, mistakes }) => [
      state,
      mistakes.map(({ name, detail }) => name + (detail ?? '')).join('+'),
    ]);

  test('explanations() begins with none, then one, then two, in the order of the list', () => {
    expect(found(2)).toEqual([
      ['', ''],
      ['a', 'ax'],
      ['b1', 'b'],
      ['b2', 'b'],
      ['ab1', 'ax+b'],
      ['ab2', 'ax+b'],
    ]);
  });

  test('explanations() tries a wide mistake last beside another, and never two such', () => {
    const wide = { name: 'w', make: (text: string) => [{ state: `${text}w` }], wide: true } as const;
    const narrow = (name: 'x' | 'y') => ({ name, make: (text: string) => [{ state: text + name }] });
    const list = [wide, narrow('x'), narrow('y'), { ...wide, name: 'v' } as const];
    const states = Array.from(explanations('', list, 2), ({ state }) => state);
    expect(states).toEqual(['', 'w', 'x', 'y', 'w', 'xy', 'wx', 'wy', 'xw', 'yw']);
  });

  test('explanations() makes no more mistakes than it may', () => {
    expect(found(1)).toEqual(found(2).slice(0, 4));
    expect(found(0)).toEqual([['', '']]);
  });
});

describe('readDigest()', () => {
  const of = (algorithm: string, form: 'hex' | 'base64') => createHash(algorithm).update('x').digest(form);
  const digest = of('sha1', 'hex');

  test.each([
    ['SHA-1', digest, { algorithm: 'sha1', digest, mistake: undefined }],
    ['capitals', digest.toUpperCase(), { algorithm: 'sha1', digest, mistake: 'signature_case' }],
    ['Base64', of('sha1', 'base64'), { algorithm: 'sha1', digest, mistake: 'base64_digest' }],
    [
      'Base64 for URLs',
      Buffer.from(digest, 'hex').toString('base64url'),
      { algorithm: 'sha1', digest, mistake: 'base64_digest' },
    ],
    ['MD5', of('md5', 'hex'), { algorithm: 'md5', digest: of('md5', 'hex'), mistake: 'other_digest' }],
    [
      'SHA-256',
      of('sha256', 'hex').toUpperCase(),
      { algorithm: 'sha256', digest: of('sha256', 'hex'), mistake: 'other_digest' },
    ],
    ['39 digits', digest.slice(1), undefined],
    ['41 digits', `${digest}0`, undefined],
    ['another letter', `${digest.slice(1)}g`, undefined],
    ['nothing', '', undefined],
  ])('readDigest() recognises %s', (_, signature, expected) => {
    expect(readDigest(signature)).toEqual(expected);
  });
});
