import { describe, expect, test } from 'vitest';
import { findKnownCalls, isNearlyUsedUp, readParameters } from '../../../src/core/catalogue/index.ts';

/** `in name type`, with the demand where there is one. */
async function parametersOf(path: string, example: unknown): Promise<readonly string[]> {
  const [call] = await findKnownCalls(path);
  if (call === undefined) throw new Error(`unknown: ${path}`);
  return (await readParameters(call, example)).map(
    ({ in: place, name, type, fixed, demand }) =>
      `${place} ${name}${fixed === undefined ? '' : `=${fixed}`} ${type}${demand.required === true ? ' required' : ''}`,
  );
}

describe('readParameters()', () => {
  test('readParameters() takes names and types out of the example, at any depth', async () => {
    const example = {
      list: [
        { a: 1, b: 'x' },
        { b: 'y', c: true },
      ],
      none: null,
      flag: false,
    };
    expect(await parametersOf('/cgi-bin/menu/trymatch', example)).toEqual([
      'body list array',
      'body list[].a number',
      'body list[].b string',
      'body list[].c boolean',
      'body none object',
      'body flag boolean',
      'body user_id string required',
    ]);
  });

  test('readParameters() names those of the query first, then the file, then the body', async () => {
    expect(await parametersOf('/cgi-bin/material/add_material', { description: 'x' })).toEqual([
      'query type string required',
      'part media file required',
      'body description string',
    ]);
    expect(await parametersOf('/card/invoice/platform/setpdf', undefined)).toEqual(['part pdf file']);
    expect(await parametersOf('/publisher/stat', undefined)).toContain(
      'query action=publisher_adpos_general string',
    );
  });

  test('readParameters() knows no fields of a body that is no JSON', async () => {
    expect(await parametersOf('/cgi-bin/media/voice/addvoicetorecofortext', { a: 1 })).not.toContain(
      'body a number',
    );
  });
});

test.each([
  [10, 1, false],
  [11, 1, true],
  [10, 0, true],
  [10, -1, true],
  [0, 0, false],
  [0, -1, false],
])('isNearlyUsedUp() of %i a day with %i left is %s', (dailyLimit, remain, expected) => {
  expect(isNearlyUsedUp({ path: '/a', dailyLimit, used: 0, remain })).toBe(expected);
});
