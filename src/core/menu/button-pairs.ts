/** Which button of one menu is which of another: the guess on which a readable comparison rests. */
import { descendants, indexOf, toButton, type ButtonNode } from './button-node.ts';

/** From a button of the new menu to the same one in the old menu. */
export type ButtonPairs = Map<ButtonNode, ButtonNode>;

/**
 * Pairs buttons of two trees. A button with buttons is never paired with one without. The surest signs come first:
 * the same in everything, the same name, the same action under a new name; and nearby before far away.
 */
export function pairButtons(old: ButtonNode, wanted: ButtonNode): ButtonPairs {
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
