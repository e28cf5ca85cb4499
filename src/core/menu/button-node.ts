/** Buttons of a normal menu as a tree that can be rearranged: what comparing and editing menus work on. */
import type { NormalButton, NormalMenu } from './menu.ts';

export interface ButtonNode {
  /** Everything of a button but its buttons. */
  readonly fields: Record<string, string>;
  /** Of the menu itself, and of a button that opens others. */
  readonly children: ButtonNode[] | undefined;
  parent: ButtonNode | undefined;
}

/** The menu itself as the root, its top-level buttons as children. */
export function toTree(menu: NormalMenu): ButtonNode {
  return createNode({}, menu.button.map(toNode));
}

function toNode(button: NormalButton): ButtonNode {
  const { sub_button: children, ...rest } = button;
  const fields = Object.entries(rest).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return createNode(Object.fromEntries(fields), children?.map(toNode));
}

export function createNode(
  fields: Readonly<Record<string, string>>,
  children: ButtonNode[] | undefined,
): ButtonNode {
  const node: ButtonNode = { fields: { ...fields }, children, parent: undefined };
  for (const child of children ?? []) child.parent = node;
  return node;
}

export function toButton({ fields, children }: ButtonNode): NormalButton {
  return children === undefined ? { ...fields } : { ...fields, sub_button: children.map(toButton) };
}

/** All buttons below a node, each before its own. */
export function descendants(node: ButtonNode): readonly ButtonNode[] {
  return (node.children ?? []).flatMap((child) => [child, ...descendants(child)]);
}

/** The position among the buttons of the parent. */
export function indexOf(node: ButtonNode): number {
  return node.parent?.children?.indexOf(node) ?? -1;
}

/** JSON pointer of a button: `/button/0/sub_button/1`. */
export function pathOf(node: ButtonNode): string {
  const { parent } = node;
  return parent === undefined ? '' : `${listPathOf(parent)}/${indexOf(node)}`;
}

/** JSON pointer of the list of buttons that a node has. */
export function listPathOf(node: ButtonNode): string {
  return node.parent === undefined ? '/button' : `${pathOf(node)}/sub_button`;
}

/** The names from the top-level button to this one. */
export function trailOf(node: ButtonNode): readonly string[] {
  return node.parent === undefined ? [] : [...trailOf(node.parent), node.fields['name'] ?? ''];
}
