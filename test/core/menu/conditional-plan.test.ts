import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rounds } from '../../helpers/rounds.ts';
import {
  additions,
  changesAnything,
  deletions,
  isPast,
  mayAddFirst,
  overlap,
  planConditional,
  type ConditionalStep,
} from '../../../src/core/menu/conditional-plan.ts';
import type { ConditionalMenu, LiveConditional, MatchRule } from '../../../src/core/menu/live-menu.ts';

const menu = (rule: MatchRule, key: string): ConditionalMenu => ({
  rule,
  menu: { button: [{ name: 'a', type: 'click', key }] },
});
const live = (menus: readonly ConditionalMenu[]): LiveConditional[] =>
  menus.map((entry, index) => ({ ...entry, menuId: String(index + 1) }));
const tag1: MatchRule = { tag_id: '1' };
const tag2: MatchRule = { tag_id: '2' };
const ios: MatchRule = { client_platform_type: '1' };
const ios1: MatchRule = { client_platform_type: '1', tag_id: '1' };
const plan = (wanted: readonly ConditionalMenu[], now: readonly ConditionalMenu[], prune = false) =>
  planConditional(wanted, live(now), { prune });
const words = (steps: readonly ConditionalStep[]) =>
  steps.map((step) => `${step.op}${'live' in step ? ` ${step.live.menuId}` : ''}`);

/** What is live after the plan: what stays in its order, then what was added. */
function outcome(now: readonly LiveConditional[], steps: readonly ConditionalStep[]): ConditionalMenu[] {
  const gone = new Set(deletions(steps));
  const added = additions(steps).map(({ wanted }) => wanted);
  return [...now.filter((entry) => !gone.has(entry)), ...added].map(({ rule, menu: content }) => ({
    rule,
    menu: content,
  }));
}

const rules = fc.constantFrom(tag1, tag2, ios, ios1);
const conditionals = fc.array(
  fc.tuple(rules, fc.constantFrom('x', 'y')).map(([rule, key]) => menu(rule, key)),
  { maxLength: 5 },
);

/** What everybody sees: for each kind of follower the newest menu that matches. */
function shown(menus: readonly ConditionalMenu[]): unknown[] {
  const followers = ['1', '2', '0'].flatMap((tag_id) =>
    ['1', '2'].map((client_platform_type): MatchRule => ({ tag_id, client_platform_type })),
  );
  return followers.map(
    (person) =>
      menus.findLast(({ rule }) => Object.entries(rule).every(([name, value]) => person[name] === value))
        ?.menu ?? null,
  );
}

describe('planConditional()', () => {
  test('planConditional() ends with what the file wants, for everybody and in its order', () => {
    fc.assert(
      fc.property(conditionals, conditionals, (wanted, now) => {
        const before = live(now);
        const after = outcome(before, planConditional(wanted, before, { prune: true }));
        expect(shown(after)).toEqual(shown(wanted));
        const sorted = (menus: readonly ConditionalMenu[]) =>
          menus.map((entry) => JSON.stringify(entry)).toSorted();
        expect(sorted(after)).toEqual(sorted(wanted));
        expect(words(plan(wanted, after, true)).filter((step) => !step.startsWith('same'))).toEqual([]);
      }),
      { numRuns: rounds(400, 4000) },
    );
  });

  test('planConditional() makes nothing again that could stay: no smaller plan ends the same', () => {
    fc.assert(
      fc.property(conditionals, conditionals, (wanted, now) => {
        const made = additions(plan(wanted, now, true)).length;
        expect(made).toBe(fewestAdditions(wanted, now));
      }),
      { numRuns: rounds(150, 1500) },
    );
  });

  test('planConditional() can be interrupted after any step and started again', () => {
    fc.assert(
      fc.property(conditionals, conditionals, fc.nat(10), fc.boolean(), (wanted, now, stop, prune) => {
        const before = live(now);
        const steps = planConditional(wanted, before, { prune });
        const [added, gone] = [additions(steps), deletions(steps)];
        const doneAdds = added.slice(0, stop).map(({ wanted: entry }) => entry);
        const doneDeletes = gone.slice(0, Math.max(0, stop - added.length));
        const half = live([...before.filter((entry) => !doneDeletes.includes(entry)), ...doneAdds]);
        const again = planConditional(wanted, half, { prune });
        expect(additions(again)).toHaveLength(added.length - doneAdds.length);
        expect(shown(outcome(half, again))).toEqual(shown(outcome(before, steps)));
      }),
      { numRuns: rounds(250, 2500) },
    );
  });

  test('planConditional() leaves what is the same alone, whatever the order where nobody can match both', () => {
    expect(words(plan([menu(tag2, 'y'), menu(tag1, 'x')], [menu(tag1, 'x'), menu(tag2, 'y')]))).toEqual([
      'same 2',
      'same 1',
    ]);
  });

  test('planConditional() makes only the one again that has to be shown before another', () => {
    expect(words(plan([menu(ios, 'y'), menu(tag1, 'x')], [menu(tag1, 'x'), menu(ios, 'y')]))).toEqual([
      'same 2',
      'move 1',
    ]);
    expect(words(plan([menu(ios, 'z'), menu(tag1, 'x')], [menu(ios, 'y'), menu(tag1, 'x')]))).toEqual([
      'change 1',
      'move 2',
    ]);
    expect(words(plan([menu(tag2, 'z'), menu(tag1, 'x')], [menu(tag2, 'y'), menu(tag1, 'x')]))).toEqual([
      'change 1',
      'same 2',
    ]);
  });

  test('planConditional() keeps what the file does not know, unless it prunes', () => {
    const now = [menu(tag1, 'x'), menu(tag2, 'y')];
    expect(words(plan([menu(tag1, 'x')], now))).toEqual(['same 1', 'keep 2']);
    expect(changesAnything(plan([menu(tag1, 'x')], now))).toBe(false);
    expect(words(plan([menu(tag1, 'x')], now, true))).toEqual(['same 1', 'remove 2']);
    expect(changesAnything(plan([menu(tag1, 'x')], now, true))).toBe(true);
  });

  test('planConditional() removes a hidden older menu with a rule of the file', () => {
    expect(words(plan([menu(tag1, 'x')], [menu(tag1, 'y'), menu(tag1, 'x')]))).toEqual([
      'same 2',
      'remove 1',
    ]);
  });

  test('planConditional() tells what a changed menu changes', () => {
    expect(plan([menu(tag1, 'y')], [menu(tag1, 'x')])).toMatchObject([
      { op: 'change', index: 0, changes: [{ op: 'change', path: '/button/0/key', from: 'x', to: 'y' }] },
    ]);
  });
});

/** By trying every choice of what stays. */
function fewestAdditions(wanted: readonly ConditionalMenu[], now: readonly ConditionalMenu[]): number {
  const same = (a: ConditionalMenu, b: ConditionalMenu) => JSON.stringify(a) === JSON.stringify(b);
  let fewest = wanted.length;
  const tryFrom = (index: number, places: readonly (number | undefined)[]): void => {
    if (index === wanted.length) {
      const order = places.map((place, position) => place ?? now.length + position);
      const isRight = wanted.every((a, i) =>
        wanted.every((b, j) => i >= j || !overlap(a.rule, b.rule) || (order[i] ?? 0) < (order[j] ?? 0)),
      );
      if (isRight) fewest = Math.min(fewest, places.filter((place) => place === undefined).length);
      return;
    }
    tryFrom(index + 1, [...places, undefined]);
    for (const [place, entry] of now.entries()) {
      const mine = wanted[index];
      if (mine !== undefined && !places.includes(place) && same(entry, mine))
        tryFrom(index + 1, [...places, place]);
    }
  };
  tryFrom(0, []);
  return fewest;
}

describe('overlap()', () => {
  test.each<[MatchRule, MatchRule, boolean]>([
    [tag1, tag1, true],
    [tag1, tag2, false],
    [tag1, ios, true],
    [ios1, tag1, true],
    [ios1, tag2, false],
    [ios1, { client_platform_type: '2' }, false],
    [tag1, { tag_id: '1', sex: '1' }, false],
    [{ sex: '1' }, { sex: '1' }, false],
  ])('overlap(%j, %j) is %j', (a, b, expected) => {
    expect(overlap(a, b)).toBe(expected);
    expect(overlap(b, a)).toBe(expected);
  });

  test.each(['sex', 'country', 'province', 'city', 'language'])('isPast() knows %s', (name) => {
    expect([isPast({ [name]: '1' }), isPast({ tag_id: '1' })]).toEqual([true, false]);
  });
});

describe('mayAddFirst()', () => {
  const linked = (...hosts: string[]): ConditionalMenu => ({
    rule: { tag_id: hosts.join('') },
    menu: { button: hosts.map((host) => ({ name: host, type: 'view', url: `https://${host}/` })) },
  });

  test('mayAddFirst() allows 3 domains of old and new menus, not 4', () => {
    const now = [linked('a', 'b')];
    expect(mayAddFirst(plan([...now, linked('c')], now), live(now))).toBe(true);
    expect(mayAddFirst(plan([linked('c', 'b')], now), live(now))).toBe(true);
    expect(mayAddFirst(plan([linked('c', 'd')], now), live(now))).toBe(false);
  });
});
