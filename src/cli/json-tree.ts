/** JSON files whose values know their place, so that a mistake in their meaning can be pointed at. */
import { findNodeAtLocation, parseTree, type JSONPath, type Node } from 'jsonc-parser';
import { parseJsonFile } from './json-file.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface JsonTree {
  readonly value: unknown;
  /** Place of the value at a path; that of its name with `'name'`. The place of the nearest parent where there is none. */
  placeOf(path: JSONPath, part?: 'name' | 'value'): Place;
}

/** Throws an input error with line and column where the text is no JSON. */
export function parseJsonTree(text: string, fileName: string): JsonTree {
  const value = parseJsonFile(text, fileName);
  const content = text.startsWith('\u{feff}') ? text.slice(1) : text;
  const root = parseTree(content, [], { allowTrailingComma: true });
  return {
    value,
    placeOf(path, part = 'value') {
      const node = nearest(root, path);
      const named = part === 'name' && node?.parent?.type === 'property' ? node.parent : node;
      return placeAt(content, named?.offset ?? 0);
    },
  };
}

function nearest(root: Node | undefined, path: JSONPath): Node | undefined {
  if (root === undefined) return undefined;
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return node;
  }
  return root;
}

function placeAt(content: string, offset: number): Place {
  const before = content.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
