import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffMenus, type MenuChange } from '../../../src/core/menu/diff.ts';
import { normaliseMenu, type NormalMenu } from '../../../src/core/menu/menu.ts';
import { menuPairs, menus } from '../../helpers/menus.ts';

const click = (name: string, key = name) => ({ name, type: 'click', key });
const folder = (name: string, ...sub: NormalMenu['button']) => ({ name, sub_button: sub });
const menuOf = (...button: NormalMenu['button']): NormalMenu => ({ button });
const ops = (changes: readonly MenuChange[]) =>
  changes.map(({ op, path, from }) => (op === 'move' ? `move ${String(from)} ${path}` : `${op} ${path}`));

interface Holder {
  [name: string]: unknown;
}

/** Applies the steps as the documentation says, with nothing of the code under test. */
function applyChanges(menu: NormalMenu, changes: readonly MenuChange[]): unknown {
  const root = structuredClone(menu) as unknown as Holder;
  const find = (path: string): [Holder | unknown[], string] => {
    const names = path.slice(1).split('/');
    const last = names.pop() ?? '';
    return [names.reduce((holder, name) => holder[name] as Holder, root), last];
  };
  const take = (path: string): unknown => {
    const [holder, name] = find(path);
    if (Array.isArray(holder)) return holder.splice(Number(name), 1)[0];
    const value = holder[name];
    delete holder[name];
    return value;
  };
  const put = (path: string, value: unknown): void => {
    const [holder, name] = find(path);
    if (Array.isArray(holder)) holder.splice(Number(name), 0, value);
    else holder[name] = value;
  };
  for (const { op, path, from, to } of changes) {
    if (op === 'move') put(path, take(String(from)));
    if (op === 'remove' || op === 'change') expect(take(path)).toEqual(from);
    if (op === 'add' || op === 'change') put(path, structuredClone(to));
  }
  return root;
}

describe('diffMenus()', () => {
  test('diffMenus() lists steps that make the new menu of the old one', () => {
    fc.assert(
      fc.property(menuPairs, ([from, to]) => {
        expect(applyChanges(from, diffMenus(from, to))).toEqual(to);
        expect(applyChanges(to, diffMenus(to, from))).toEqual(from);
      }),
      { numRuns: 200 },
    );
  });

  test('diffMenus() finds nothing in a menu and itself, however its keys are ordered', () => {
    const reverse = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reverse);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([name, inner]) => [name, reverse(inner)]),
      );
    };
    fc.assert(
      fc.property(menus, (menu) => {
        expect(diffMenus(menu, normaliseMenu(reverse(menu)))).toEqual([]);
      }),
    );
  });

  test('diffMenus() never moves more than it must: one button to another place is one step', () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => click(name));
    for (let from = 0; from < 5; from += 1) {
      for (let to = 0; to < 5; to += 1) {
        const moved = all.toSpliced(from, 1);
        moved.splice(to, 0, all[from] ?? click(''));
        const steps = diffMenus(menuOf(folder('x', ...all)), menuOf(folder('x', ...moved)));
        expect(steps.map(({ op }) => op)).toEqual(from === to ? [] : ['move']);
      }
    }
  });

  test.each<[string, NormalMenu, NormalMenu, string[]]>([
    ['a changed text', menuOf(click('a', 'k')), menuOf(click('a', 'l')), ['change /button/0/key']],
    ['a new name', menuOf(click('a', 'k')), menuOf(click('b', 'k')), ['change /button/0/name']],
    [
      'another type',
      menuOf(click('a')),
      menuOf({ name: 'a', type: 'view', url: 'https://a/' }),
      ['change /button/0/type', 'remove /button/0/key', 'add /button/0/url'],
    ],
    ['a replaced button', menuOf(click('a')), menuOf(click('b')), ['remove /button/0', 'add /button/0']],
    [
      'a button that moves into another sub-menu',
      menuOf(folder('x', click('a'), click('b')), folder('y', click('c'))),
      menuOf(folder('x', click('a')), folder('y', click('c'), click('b'))),
      ['move /button/0/sub_button/1 /button/1/sub_button/1'],
    ],
    [
      'a button that moves and changes',
      menuOf(folder('x', click('a'), click('b', '1')), folder('y', click('c'))),
      menuOf(folder('x', click('a')), folder('y', click('b', '2'), click('c'))),
      ['change /button/0/sub_button/1/key', 'move /button/0/sub_button/1 /button/1/sub_button/0'],
    ],
    [
      'a button that moves into a new sub-menu',
      menuOf(click('a'), click('b')),
      menuOf(click('a'), folder('x', click('b'), click('c'))),
      ['add /button/1', 'move /button/2 /button/1/sub_button/0', 'add /button/1/sub_button/1'],
    ],
    [
      'a button that moves out of a sub-menu that goes',
      menuOf(folder('x', click('a'), click('b'))),
      menuOf(click('b')),
      ['move /button/0/sub_button/1 /button/0', 'remove /button/1'],
    ],
    [
      'a renamed sub-menu',
      menuOf(folder('x', click('a'), click('b'))),
      menuOf(folder('y', click('a'), click('c'))),
      ['remove /button/0/sub_button/1', 'change /button/0/name', 'add /button/0/sub_button/1'],
    ],
    [
      'a button that opens others now',
      menuOf(click('a')),
      menuOf(folder('a', click('b'))),
      ['remove /button/0', 'add /button/0'],
    ],
    ['nothing before', menuOf(), menuOf(click('a'), click('b')), ['add /button/0', 'add /button/1']],
    ['nothing after', menuOf(click('a'), click('b')), menuOf(), ['remove /button/1', 'remove /button/0']],
  ])('diffMenus() shows %s as what it is', (_, from, to, steps) => {
    expect(ops(diffMenus(from, to))).toEqual(steps);
    expect(applyChanges(from, diffMenus(from, to))).toEqual(to);
  });

  test('diffMenus() tells names and values', () => {
    const from = menuOf(folder('更多', click('搜索', 'k'), click('b')), click('c'));
    const to = menuOf(click('c'), folder('更多', click('搜索', 'l'), click('d')));
    expect(diffMenus(from, to)).toEqual([
      {
        op: 'remove',
        path: '/button/0/sub_button/1',
        from: click('b'),
        to: null,
        trail: ['更多', 'b'],
      },
      { op: 'change', path: '/button/0/sub_button/0/key', from: 'k', to: 'l', trail: ['更多', '搜索'] },
      {
        op: 'move',
        path: '/button/1',
        from: '/button/0',
        to: '/button/1',
        trail: ['更多'],
        cameFrom: ['更多'],
      },
      { op: 'add', path: '/button/1/sub_button/1', from: null, to: click('d'), trail: ['更多', 'd'] },
    ]);
  });
});
