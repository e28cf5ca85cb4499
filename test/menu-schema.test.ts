import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buttonFields } from '../src/core/menu/menu.ts';
import { validateMenuFile } from '../src/core/menu/rules/menu-rules.ts';
import { rounds } from './helpers/rounds.ts';
import { createMenuSchema } from './tools/menu-schema.ts';

const folder = path.resolve(import.meta.dirname, '../menus');
const readMenu = (name: string): unknown => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
const schema = readMenu('menu.schema.json') as object;
const accepts = new Ajv({ strict: false }).compile(schema);

const severities = (menu: unknown): readonly string[] =>
  validateMenuFile(menu).map(({ severity }) => severity);

const click = { type: 'click', name: '歌曲', key: 'SONG' };
const one = (button: object): object => ({ button: [button] });
const parent = (...children: object[]): object => one({ name: '菜单', sub_button: children });
const conditional = (menu: object): object => ({ ...one(click), conditional: [menu] });

describe('menus/menu.schema.json', () => {
  test('is what the generator writes: node test/tools/generate-menu-schema.mjs', () => {
    expect(schema).toEqual(createMenuSchema());
  });

  test.each(readdirSync(folder).filter((name) => /(?<!schema)\.json$/.test(name)))(
    'accepts menus/%s, which names it',
    (name) => {
      expect(accepts(readMenu(name)) ? [] : accepts.errors).toEqual([]);
      const { $schema: reference } = readMenu(name) as { $schema: string };
      expect(path.resolve(folder, reference)).toBe(path.join(folder, 'menu.schema.json'));
    },
  );

  test.each<readonly [string, object, object]>([
    [
      'a top-level name of 6 Chinese characters',
      one({ ...click, name: '字'.repeat(5) }),
      one({ ...click, name: '字'.repeat(6) }),
    ],
    [
      'a top-level name of 17 letters',
      one({ ...click, name: 'a'.repeat(16) }),
      one({ ...click, name: 'a'.repeat(17) }),
    ],
    [
      'a name of 21 Chinese characters',
      parent({ ...click, name: '字'.repeat(20) }),
      parent({ ...click, name: '字'.repeat(21) }),
    ],
    [
      'a name of 61 letters',
      parent({ ...click, name: 'a'.repeat(60) }),
      parent({ ...click, name: 'a'.repeat(61) }),
    ],
    [
      'a key of 129 letters',
      one({ ...click, key: 'a'.repeat(128) }),
      one({ ...click, key: 'a'.repeat(129) }),
    ],
    [
      'a key of 43 Chinese characters',
      one({ ...click, key: '字'.repeat(42) }),
      one({ ...click, key: '字'.repeat(43) }),
    ],
    ['no default menu', conditional({ button: [click], matchrule: { tag_id: '2' } }), { conditional: [] }],
    [
      'a rule without a field',
      conditional({ button: [click], matchrule: { tag_id: '2' } }),
      conditional({ button: [click], matchrule: {} }),
    ],
    [
      'a rule of the past',
      conditional({ button: [click], matchrule: { client_platform_type: '3' } }),
      conditional({ button: [click], matchrule: { sex: '1' } }),
    ],
    [
      'an unknown platform',
      conditional({ button: [click], matchrule: { client_platform_type: '3' } }),
      conditional({ button: [click], matchrule: { client_platform_type: '4' } }),
    ],
    [
      'no rule',
      conditional({ button: [click], matchrule: { tag_id: '2' } }),
      conditional({ button: [click] }),
    ],
    [
      'four buttons in a conditional menu',
      conditional({ button: [click], matchrule: { tag_id: '2' } }),
      conditional({ button: [click, click, click, click], matchrule: { tag_id: '2' } }),
    ],
    [
      'a URL without a domain',
      one({ type: 'view', name: 'a', url: 'https://a' }),
      one({ type: 'view', name: 'a', url: 'https://' }),
    ],
    ['a key that the type does not use', one(click), one({ ...click, url: 'https://a' })],
  ])('refuses %s, as lint does, and not what is beside it', (_, good, broken) => {
    expect(accepts(good) ? [] : accepts.errors).toEqual([]);
    expect(severities(good)).not.toContain('error');
    expect(accepts(broken)).toBe(false);
    expect(severities(broken)).not.toEqual([]);
  });

  test('agrees with lint wherever it can express the rule', () => {
    /** Mostly the first. */
    const text = (good: unknown, ...others: unknown[]): fc.Arbitrary<unknown> =>
      fc.oneof({ arbitrary: fc.constant(good), weight: 15 }, ...others.map((other) => fc.constant(other)));
    const fields = fc.record(
      {
        type: fc.oneof(
          { arbitrary: fc.constantFrom(...Object.keys(buttonFields)), weight: 15 },
          text('View', 3),
        ),
        name: text('a', '字'.repeat(5), '字'.repeat(6), '字'.repeat(21), 'a'.repeat(17), '', 1),
        key: text('k', 'k'.repeat(128), 'k'.repeat(129), ''),
        url: text('https://a.com', 'http://a', 'a.com', ''),
        media_id: text('m', ''),
        article_id: text('m', 1),
        appid: text('wx286b93c14bbf93aa', 'WX286B93C14BBF93AA', ''),
        pagepath: text('p', ''),
      },
      { requiredKeys: ['type', 'name', 'key', 'url'] },
    );
    const leaf = fc.tuple(fields, fc.integer({ min: 0, max: 9 })).map(([button, dice]) => {
      // Most buttons get what their type needs and nothing else, or nearly everything would be refused.
      const needed: readonly string[] =
        (buttonFields as Record<string, readonly string[]>)[String(button.type)] ?? [];
      const kept = Object.entries(button).filter(([name]) => ['type', 'name', ...needed].includes(name));
      if (dice === 0) return button;
      return { ...Object.fromEntries(kept), ...(dice === 1 && { ulr: 'x' }) };
    });
    const list = (item: fc.Arbitrary<object>, max: number): fc.Arbitrary<object[]> =>
      fc.array(item, { maxLength: max });
    const button = fc.oneof(
      { arbitrary: leaf, weight: 3 },
      fc.record({ name: text('p', '字'.repeat(6)), sub_button: list(leaf, 6) }),
    );
    let good = 0;
    fc.assert(
      fc.property(fc.record({ button: list(button, 4) }), (menu) => {
        const found = severities(menu);
        // What is unknown is an error to an editor and a warning to lint.
        if (accepts(menu)) expect(found).not.toContain('error');
        else expect(found).not.toEqual([]);
        if (found.includes('error')) expect(accepts(menu)).toBe(false);
        if (accepts(menu)) good += 1;
      }),
      { numRuns: rounds(300, 3000) },
    );
    expect(good).toBeGreaterThan(rounds(10, 50));
  });
});
