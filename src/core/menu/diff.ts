/** What has to be done to one menu so that it becomes another（自定义菜单）. */
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
    const path = pointer(pathOf(node), name);
    changes.push({ op: fieldOp(from, to), path, from, to, trail: trailOf(node) });
    if (to === null) delete node.fields[name];
    else node.fields[name] = to;
  }
}

function fieldOp(from: string | null, to: string | null): 'add' | 'remove' | 'change' {
  if (from === null) return 'add';
  return to === null ? 'remove' : 'change';
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

/** Buttons as a tree that can be rearranged: what comparing and editing menus work on. */
interface ButtonNode {
  /** Everything of a button but its buttons. */
  readonly fields: Record<string, string>;
  /** Of the menu itself, and of a button that opens others. */
  readonly children: ButtonNode[] | undefined;
  parent: ButtonNode | undefined;
}

/** The menu itself as the root, its top-level buttons as children. */
function toTree(menu: NormalMenu): ButtonNode {
  return createNode({}, menu.button.map(toNode));
}

function toNode(button: NormalButton): ButtonNode {
  const { sub_button: children, ...rest } = button;
  const fields = Object.entries(rest).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return createNode(Object.fromEntries(fields), children?.map(toNode));
}

function createNode(
  fields: Readonly<Record<string, string>>,
  children: ButtonNode[] | undefined,
): ButtonNode {
  const node: ButtonNode = { fields: { ...fields }, children, parent: undefined };
  for (const child of children ?? []) child.parent = node;
  return node;
}

function toButton({ fields, children }: ButtonNode): NormalButton {
  return children === undefined ? { ...fields } : { ...fields, sub_button: children.map(toButton) };
}

/** All buttons below a node, each before its own. */
function descendants(node: ButtonNode): readonly ButtonNode[] {
  return (node.children ?? []).flatMap((child) => [child, ...descendants(child)]);
}

/** The position among the buttons of the parent. */
function indexOf(node: ButtonNode): number {
  return node.parent?.children?.indexOf(node) ?? -1;
}

/** JSON pointer of a button: `/button/0/sub_button/1`. */
function pathOf(node: ButtonNode): string {
  const { parent } = node;
  return parent === undefined ? '' : `${listPathOf(parent)}/${indexOf(node)}`;
}

/** JSON pointer of the list of buttons that a node has. */
function listPathOf(node: ButtonNode): string {
  return node.parent === undefined ? '/button' : `${pathOf(node)}/sub_button`;
}

/** The names from the top-level button to this one. */
function trailOf(node: ButtonNode): readonly string[] {
  return node.parent === undefined ? [] : [...trailOf(node.parent), node.fields['name'] ?? ''];
}

/** From a button of the new menu to the same one in the old menu. */
type ButtonPairs = Map<ButtonNode, ButtonNode>;

/**
 * Pairs buttons of two trees. A button with buttons is never paired with one without. The surest signs come first:
 * the same in everything, the same name, the same action under a new name; and nearby before far away.
 */
function pairButtons(old: ButtonNode, wanted: ButtonNode): ButtonPairs {
  const pairs: ButtonPairs = new Map([[wanted, old]]);
  const [oldNodes, wantedNodes] = [descendants(old), descendants(wanted)];
  const parents = { old: oldNodes.filter(isParent), wanted: wantedNodes.filter(isParent) };
  pairBy(pairs, parents, whole);
  pairBy(pairs, parents, nameOf);
  pairByChildren(pairs, parents);
  const leaves = {
    old: oldNodes.filter((node) => !isParent(node)),
    wanted: wantedNodes.filter((node) => !isParent(node)),
  };
  pairBy(pairs, leaves, whole);
  pairBy(pairs, leaves, nameAndType);
  pairBy(pairs, leaves, actionOf);
  pairBy(pairs, leaves, nameOf, nearby);
  return pairs;
}

function isParent({ children }: ButtonNode): boolean {
  return children !== undefined;
}

interface Sides {
  readonly old: readonly ButtonNode[];
  readonly wanted: readonly ButtonNode[];
}

type Sign = (node: ButtonNode) => string | undefined;

const whole: Sign = (node) => JSON.stringify(toButton(node));
const nameOf: Sign = ({ fields }) => fields['name'];
const nameAndType: Sign = ({ fields }) => JSON.stringify([fields['name'], fields['type']]);
const actionOf: Sign = ({ fields }) => {
  const { name: _name, ...action } = fields;
  return Object.keys(action).length > 1 ? JSON.stringify(action) : undefined;
};

/** How near two buttons have to be; `parent` is the old menu's one for both sides. */
type Nearness = (parent: number, node: ButtonNode) => string;
const nearby: readonly Nearness[] = [(parent, node) => `${parent} ${indexOf(node)}`, (parent) => `${parent}`];
const anywhere: readonly Nearness[] = [...nearby, () => ''];

function pairBy(pairs: ButtonPairs, { old, wanted }: Sides, sign: Sign, places = anywhere): void {
  const numbers = new Map<ButtonNode | undefined, number>();
  const numberOf = (parent: ButtonNode | undefined): number => {
    const number = numbers.get(parent) ?? numbers.size;
    numbers.set(parent, number);
    return number;
  };
  for (const place of places) {
    const taken = new Set(pairs.values());
    const waiting = new Map<string, ButtonNode[]>();
    for (const node of old) {
      const found = sign(node);
      if (found === undefined || taken.has(node)) continue;
      const key = `${place(numberOf(node.parent), node)} ${found}`;
      waiting.set(key, [...(waiting.get(key) ?? []), node]);
    }
    for (const node of wanted) {
      const found = sign(node);
      const parent = node.parent && pairs.get(node.parent);
      if (found === undefined || pairs.has(node)) continue;
      const partner = waiting.get(`${place(parent ? numberOf(parent) : -1, node)} ${found}`)?.shift();
      if (partner !== undefined) pairs.set(node, partner);
    }
  }
}

/** A renamed sub-menu is known by what it holds: the one with the most equal buttons. */
function pairByChildren(pairs: ButtonPairs, { old, wanted }: Sides): void {
  for (const node of wanted.filter((candidate) => !pairs.has(candidate))) {
    const taken = new Set(pairs.values());
    const mine = new Set(node.children?.map(whole));
    const shared = (other: ButtonNode): number =>
      (other.children ?? []).filter((child) => mine.has(whole(child))).length;
    const [best] = old
      .filter((other) => !taken.has(other) && shared(other) > 0)
      .toSorted((a, b) => shared(b) - shared(a));
    if (best !== undefined) pairs.set(node, best);
  }
}
