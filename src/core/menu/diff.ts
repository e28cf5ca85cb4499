/** What has to be done to one menu so that it becomes another（自定义菜单）. */
import {
  createNode,
  descendants,
  indexOf,
  listPathOf,
  pathOf,
  toButton,
  toTree,
  trailOf,
  type ButtonNode,
} from './button-node.ts';
import { pairButtons, type ButtonPairs } from './button-pairs.ts';
import type { NormalButton, NormalMenu } from './menu.ts';
import { pointer } from './rules/problem.ts';

/**
 * One step. Steps are applied one after another, as those of a JSON Patch: a pointer means the menu as the steps before
 * have left it.
 * - `add`: puts `to` at `path`; in a list the later entries move on.
 * - `remove`: takes away `from` at `path`.
 * - `change`: replaces the text `from` at `path` by `to`.
 * - `move`: takes the button away from the pointer `from` and puts it at `path`, which is also `to`.
 */
export interface MenuChange {
  readonly op: 'add' | 'remove' | 'change' | 'move';
  /** JSON pointer into the menu. */
  readonly path: string;
  readonly from: string | NormalButton | null;
  readonly to: string | NormalButton | null;
  /** For people: the names from the top-level button to the one in question. */
  readonly trail: readonly string[];
  /** For people: where a moved button was. */
  readonly cameFrom?: readonly string[];
}

/** The steps from one menu to another; none where they are the same. */
export function diffMenus(from: NormalMenu, to: NormalMenu): readonly MenuChange[] {
  const [menu, wanted] = [toTree(from), toTree(to)];
  const pairs = pairButtons(menu, wanted);
  const changes: MenuChange[] = [];
  const staying = new Set(pairs.values());
  removeGone(menu, staying, changes);
  for (const [node, partner] of pairs) changeFields(partner, node.fields, changes);
  arrange(menu, wanted, pairs, changes);
  // What is left of sub-menus whose buttons have moved out.
  removeGone(menu, new Set([...staying, ...pairs.values()]), changes);
  return changes;
}

/** Removes buttons that are not wanted, with all they hold, unless they hold one that is. */
function removeGone(parent: ButtonNode, staying: ReadonlySet<ButtonNode>, changes: MenuChange[]): void {
  // From the end, so that a pointer is also the one in the old menu.
  for (const node of (parent.children ?? []).toReversed()) {
    const holdsWanted = descendants(node).some((inner) => staying.has(inner));
    if (staying.has(node)) removeGone(node, staying, changes);
    else if (!holdsWanted) {
      changes.push({
        op: 'remove',
        path: pathOf(node),
        from: toButton(node),
        to: null,
        trail: trailOf(node),
      });
      detach(node);
    }
  }
}

function changeFields(
  node: ButtonNode,
  wanted: Readonly<Record<string, string>>,
  changes: MenuChange[],
): void {
  for (const name of new Set([...Object.keys(node.fields), ...Object.keys(wanted)])) {
    const [from = null, to = null] = [node.fields[name], wanted[name]];
    if (from === to) continue;
    const op = from === null ? 'add' : to === null ? 'remove' : 'change';
    changes.push({ op, path: pointer(pathOf(node), name), from, to, trail: trailOf(node) });
    if (to === null) delete node.fields[name];
    else node.fields[name] = to;
  }
}

/** Puts the buttons of a list into their order, and then those of each of them. */
function arrange(place: ButtonNode, wanted: ButtonNode, pairs: ButtonPairs, changes: MenuChange[]): void {
  const children = wanted.children ?? [];
  const partners = children.flatMap((child) => pairs.get(child) ?? []);
  const unmoved = longestRun(partners.filter((partner) => partner.parent === place));
  let cursor = 0;
  for (const child of children) {
    let node = pairs.get(child);
    if (node === undefined) {
      node = add(place, cursor, child, pairs, changes);
    } else if (!unmoved.has(node)) {
      move(node, place, cursor, changes);
    }
    cursor = indexOf(node) + 1;
  }
  for (const child of children) {
    const node = pairs.get(child);
    if (node?.children !== undefined) arrange(node, child, pairs, changes);
  }
}

/** Adds a button with all it holds; where some of that exists elsewhere, only the button, to be filled afterwards. */
function add(
  place: ButtonNode,
  index: number,
  child: ButtonNode,
  pairs: ButtonPairs,
  changes: MenuChange[],
): ButtonNode {
  const isFilledLater = descendants(child).some((inner) => pairs.has(inner));
  const node = createNode(
    child.fields,
    isFilledLater ? [] : child.children?.map((inner) => copy(inner, pairs)),
  );
  pairs.set(child, node);
  attach(node, place, index);
  changes.push({ op: 'add', path: pathOf(node), from: null, to: toButton(node), trail: trailOf(node) });
  return node;
}

function copy(wanted: ButtonNode, pairs: ButtonPairs): ButtonNode {
  const node = createNode(
    wanted.fields,
    wanted.children?.map((inner) => copy(inner, pairs)),
  );
  pairs.set(wanted, node);
  return node;
}

function move(node: ButtonNode, place: ButtonNode, cursor: number, changes: MenuChange[]): void {
  const [from, cameFrom] = [pathOf(node), trailOf(node)];
  // Taking it away shifts what follows in the same list.
  const index = node.parent === place && indexOf(node) < cursor ? cursor - 1 : cursor;
  detach(node);
  // The pointer of the list too may be another one now.
  const path = `${listPathOf(place)}/${index}`;
  attach(node, place, index);
  changes.push({ op: 'move', path, from, to: path, trail: trailOf(node), cameFrom });
}

function detach(node: ButtonNode): void {
  node.parent?.children?.splice(indexOf(node), 1);
  node.parent = undefined;
}

function attach(node: ButtonNode, parent: ButtonNode, index: number): void {
  parent.children?.splice(index, 0, node);
  node.parent = parent;
}

/** The most buttons that already are in the wanted order: only the others have to move. */
function longestRun(nodes: readonly ButtonNode[]): ReadonlySet<ButtonNode> {
  const best: ButtonNode[][] = [];
  for (const [position, node] of nodes.entries()) {
    const before = best
      .slice(0, position)
      .filter((run) => indexOf(run.at(-1) ?? node) < indexOf(node))
      .reduce<ButtonNode[]>((longest, run) => (run.length > longest.length ? run : longest), []);
    best.push([...before, node]);
  }
  return new Set(
    best.reduce<ButtonNode[]>((longest, run) => (run.length > longest.length ? run : longest), []),
  );
}
