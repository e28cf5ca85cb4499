import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lintMenu } from '../../../../src/cli/commands/menu/linter.ts';
import { toConditionalBodies, toMenuBody } from '../../../../src/core/menu/menu.ts';
import { rounds } from '../../../helpers/rounds.ts';
import { simulate, type Simulated } from '../../../simulator/simulated.ts';

/*
 * What lint passes the platform accepts, and what it refuses lint reports. The simulator judges with the same rules as
 * lint, so its word alone would prove little: below is a second judge, written from the page of menu/create, that shares
 * nothing with the source.
 */

/** Types and what each needs. */
const needs: Readonly<Record<string, string>> = {
  click: 'key',
  view: 'url',
  scancode_push: 'key',
  scancode_waitmsg: 'key',
  pic_sysphoto: 'key',
  pic_photo_or_album: 'key',
  pic_weixin: 'key',
  location_select: 'key',
  media_id: 'media_id',
  view_limited: 'media_id',
  article_id: 'article_id',
  article_view_limited: 'article_id',
  miniprogram: 'url appid pagepath',
};
const limits: Readonly<Record<string, number>> = { key: 128, url: 1024 };

type Json = Readonly<Record<string, unknown>>;
const bytes = (text: string): number => new TextEncoder().encode(text).length;
const fits = (value: unknown, limit: number): boolean =>
  typeof value === 'string' && value.length > 0 && bytes(value) <= limit;
const isAddress = (value: unknown): boolean => {
  const address = String(value).toLowerCase();
  return ['http://', 'https://'].some((start) => address.startsWith(start) && address.length > start.length);
};

function pageAcceptsLeaf(button: Json): boolean {
  const type = button['type'];
  if (typeof type !== 'string' || !Object.keys(needs).includes(type)) return false;
  return (needs[type] ?? '')
    .split(' ')
    .every(
      (name) => fits(button[name], limits[name] ?? Infinity) && (name !== 'url' || isAddress(button[name])),
    );
}

function pageAccepts(menu: Json): boolean {
  const buttons = menu['button'];
  if (!Array.isArray(buttons) || ![1, 2, 3].includes(buttons.length)) return false;
  // A bell can only be written as an escape, and escapes are refused.
  if (JSON.stringify(menu).includes('\\u')) return false;
  return buttons.every((button: Json) => {
    if (!fits(button['name'], 16)) return false;
    const children = button['sub_button'];
    if (!Array.isArray(children) || children.length === 0) return pageAcceptsLeaf(button);
    return (
      children.length <= 5 &&
      children.every(
        (child: Json) =>
          fits(child['name'], 60) &&
          (!Array.isArray(child['sub_button']) || child['sub_button'].length === 0) &&
          pageAcceptsLeaf(child),
      )
    );
  });
}

/** Nearly always the first; sometimes one of the others. */
function mostly<T>(good: fc.Arbitrary<T>, ...bad: readonly fc.Arbitrary<unknown>[]): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: good as fc.Arbitrary<unknown>, weight: 40 }, ...bad);
}

/** Texts of exactly that many bytes, of characters of one to four bytes. */
function textOf(length: number): fc.Arbitrary<string> {
  return fc.constantFrom('a', 'é', '汉', '😀').map((character) => {
    const count = Math.floor(length / bytes(character));
    return character.repeat(count) + 'x'.repeat(length - count * bytes(character));
  });
}

function within(limit: number): fc.Arbitrary<unknown> {
  return mostly(
    fc.constantFrom(1, 2, 3, limit - 1, limit).chain(textOf),
    textOf(limit + 1),
    textOf(limit + 3),
    fc.constantFrom('', null, 7, 'a\u0007', '\ud800'),
  );
}

const address = mostly(
  fc.constantFrom('https://a.com/', 'http://a.com', 'HTTPS://A.com/?a=1&b=2', 'https://例子.中国/路径'),
  fc.constantFrom('', 'a.com', 'weixin://a', 'https://', 'ftp://a.com', '//a.com', 5),
  fc.constantFrom(1023, 1024, 1025).map((length) => 'https://a.com/'.padEnd(length, 'x')),
);

const fields = fc.record({
  key: within(128),
  url: address,
  media_id: mostly(fc.constant('MEDIA'), fc.constantFrom('', 3)),
  article_id: mostly(fc.constant('ARTICLE'), fc.constantFrom('', null)),
  appid: mostly(fc.constant('wx286b93c14bbf93aa'), fc.constant('')),
  pagepath: mostly(fc.constant('pages/index'), fc.constant('')),
});

function leaf(nameLimit: number): fc.Arbitrary<Json> {
  return fc
    .record({
      type: mostly(
        fc.constantFrom(...Object.keys(needs)),
        fc.constantFrom('View', 'CLICK', 'text', '', 'toString', 1),
        fc.constant(undefined),
      ),
      name: within(nameLimit),
      fields,
      left: mostly(fc.constant(undefined), fc.constantFrom('key', 'url', 'media_id', 'appid')),
      empty: fc.boolean(),
    })
    .map(({ type, name, fields: values, left, empty }) => {
      const known = typeof type === 'string' && Object.hasOwn(needs, type) ? (needs[type] ?? '') : 'key';
      const own = known.split(' ').filter((field) => field !== left);
      const kept = Object.fromEntries(own.map((field) => [field, (values as Json)[field]]));
      return JSON.parse(JSON.stringify({ type, name, ...kept, ...(empty && { sub_button: [] }) })) as Json;
    });
}

function listOf(item: fc.Arbitrary<Json>, max: number): fc.Arbitrary<readonly Json[]> {
  const sized = (length: number): fc.Arbitrary<Json[]> =>
    fc.array(item, { minLength: length, maxLength: length });
  return mostly(
    fc.integer({ min: 1, max }).chain(sized),
    fc.constantFrom(0, max + 1).chain(sized),
  ) as fc.Arbitrary<readonly Json[]>;
}

const third = fc.record({
  name: fc.constant('x'),
  sub_button: fc.array(leaf(60), { minLength: 1, maxLength: 1 }),
});
const child = mostly(leaf(60), third) as fc.Arbitrary<Json>;
const parent = fc.record({ name: within(16), sub_button: listOf(child, 5) }) as fc.Arbitrary<Json>;
const defaultMenu = fc.record({
  button: mostly(listOf(fc.oneof(leaf(16), parent), 3), fc.constantFrom(null, {}, 'x')),
}) as fc.Arbitrary<Json>;

/** The ways in which a file may be written. */
const written = fc.record({
  indent: fc.constantFrom(0, 2, '\t'),
  before: fc.constantFrom('', '\u{feff}', '// 菜单\n', '\u{feff}/* 菜单 */'),
  wrapped: fc.boolean(),
});

/** What the page of addconditional says of rules: a field of today, none of the past; an empty one is none. */
function pageAcceptsRule(rule: unknown): boolean {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return false;
  const past = ['sex', 'country', 'province', 'city', 'language'];
  const today = ['tag_id', 'group_id', 'client_platform_type'];
  return (
    Object.entries(rule).every(([name, value]) => !past.includes(name) || value === '') &&
    Object.entries(rule).some(([name, value]) => today.includes(name) && value !== '')
  );
}

const matchRule = mostly(
  fc.dictionary(
    fc.constantFrom('tag_id', 'client_platform_type', 'group_id', 'sex', 'language', 'tagid'),
    fc.constantFrom('1', '2', '', 3),
    { maxKeys: 3 },
  ),
  fc.constantFrom(null, [], 'x', {}),
);

/** Posts bodies, and lets a day pass where the quota of a thousand is near. */
function poster(simulator: Simulated, name: string): (body: unknown) => Promise<number> {
  let path = '';
  let sent = 0;
  return async (body) => {
    if (sent % 900 === 0) {
      if (sent > 0) await simulator.advance('24h');
      path = await simulator.path(`/cgi-bin/menu/${name}`);
    }
    sent += 1;
    return await simulator.errcode('POST', path, body);
  };
}

describe('lint and the platform', () => {
  test('lint passes what menu/create accepts, and nothing else', { timeout: 60_000 }, async () => {
    const simulator = simulate();
    const post = poster(simulator, 'create');
    const count = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(defaultMenu, written, async (value, { indent, before, wrapped }) => {
        const text = before + JSON.stringify(wrapped ? { menu: value } : value, null, indent);
        const lint = lintMenu(text, 'menu.json');
        const errors = lint.problems.filter(({ severity }) => severity === 'error');
        const answer = await post(toMenuBody(lint.value));
        count[answer === 0 ? 'accepted' : 'refused'] += 1;
        expect({ lint: errors.length === 0, simulator: answer === 0 }).toEqual({
          lint: pageAccepts(value),
          simulator: pageAccepts(value),
        });
        if (answer !== 0) expect(errors.map(({ errcode }) => errcode)).toContain(answer);
      }),
      { numRuns: rounds(400, 4000) },
    );
    expect(Math.min(count.accepted, count.refused)).toBeGreaterThan(rounds(80, 800));
  });

  test('lint passes what addconditional accepts, and nothing else', { timeout: 60_000 }, async () => {
    const simulator = simulate();
    const click = { type: 'click', name: 'a', key: 'k' };
    await poster(simulator, 'create')({ button: [click] });
    const post = poster(simulator, 'addconditional');
    const count = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.oneof(leaf(16), fc.constant(click)), matchRule, async (button, matchrule) => {
        // Links would be counted over all menus that the simulator has by now.
        fc.pre(!('url' in button));
        // A tag by its old and its new name at once: no page says which one counts.
        fc.pre(!['tag_id', 'group_id'].every((name) => Object.hasOwn(Object(matchrule), name)));
        const menu = { button: [button], matchrule };
        const lint = lintMenu(JSON.stringify({ button: [click], conditional: [menu] }), 'menu.json');
        const errors = lint.problems.filter(({ severity }) => severity === 'error');
        const answer = await post(toConditionalBodies(lint.value)[0]);
        count[answer === 0 ? 'accepted' : 'refused'] += 1;
        const page = pageAccepts({ button: [button] }) && pageAcceptsRule(matchrule);
        expect({ lint: errors.length === 0, simulator: answer === 0 }).toEqual({
          lint: page,
          simulator: page,
        });
        if (answer !== 0) expect(errors.map(({ errcode }) => errcode)).toContain(answer);
      }),
      { numRuns: rounds(150, 1500) },
    );
    expect(Math.min(count.accepted, count.refused)).toBeGreaterThan(rounds(20, 200));
  });
});
