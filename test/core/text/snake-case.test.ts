import { describe, expect, test } from 'vitest';
import { toSnakeCase } from '../../../src/core/text/snake-case.ts';

describe('toSnakeCase()', () => {
  test.each([
    ['mediaId', 'media_id'],
    ['name', 'name'],
    ['appID', 'app_id'],
    ['aXb', 'a_xb'],
    ['OpenId', 'open_id'],
    ['url_to', 'url_to'],
  ])('writes the field %s as %s', (name, written) => {
    expect(toSnakeCase({ [name]: 1 })).toEqual({ [written]: 1 });
  });

  test('goes to every depth, and drops what is undefined', () => {
    const value = { aB: [{ cD: 1, eF: undefined }, null, 'gH'], iJ: { kL: null } };
    expect(toSnakeCase(value)).toStrictEqual({ a_b: [{ c_d: 1 }, null, 'gH'], i_j: { k_l: null } });
  });

  test.each(['aB', 1, null, undefined, false])('leaves %j as it is', (value) => {
    expect(toSnakeCase(value)).toBe(value);
  });
});
