/** The text of a menu file: its value, and where everything in it stands. */
import { parseTree, type Node } from 'jsonc-parser';
import { pointer } from '../core/menu-problem.ts';
import { parseJsonFile } from './json-file.ts';

/** Both begin at 1. A column is a UTF-16 code unit, as editors and JSON's own parsers count them; a BOM is none. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface RepeatedKey {
  readonly name: string;
  /** JSON pointer. */
  readonly path: string;
  readonly place: Place;
}

export interface MenuSource {
  readonly value: unknown;
  /** Keys that an object has twice, at the place of the later one, which is the one that counts. */
  readonly repeatedKeys: readonly RepeatedKey[];
  /** Place of the value at a JSON pointer, or that of its name with `'key'`. */
  placeOf(path: string, part?: 'key' | 'value'): Place;
}

/** The rules refuse less than this; whatever is deeper is not read, so that no file can exhaust the stack. */
const maxDepth = 32;

interface Found {
  readonly offsets: Map<string, { readonly key: number; readonly value: number }>;
  readonly repeated: { readonly name: string; readonly path: string; readonly offset: number }[];
}

/** Throws an input error with line and column where the text is no JSON. Comments and commas at the end are welcome. */
export function parseMenuSource(text: string, fileName: string): MenuSource {
  parseJsonFile(text, fileName);
  const content = text.startsWith('\u{feff}') ? text.slice(1) : text;
  const root = parseTree(content, [], { allowTrailingComma: true });
  const found: Found = { offsets: new Map(), repeated: [] };
  const value = root === undefined ? undefined : readNode(root, '', root.offset, found, 1);
  const placeAt = placer(content);
  return {
    value,
    repeatedKeys: found.repeated.map(({ offset, ...key }) => ({ ...key, place: placeAt(offset) })),
    placeOf: (path, part = 'value') => placeAt(found.offsets.get(path)?.[part] ?? 0),
  };
}

/**
 * The value of a node. Not the parser's own: that one sets prototypes where a key is `__proto__`, and so the key would
 * be gone before anybody could refuse it.
 */
function readNode(node: Node, path: string, keyOffset: number, found: Found, depth: number): unknown {
  found.offsets.set(path, { key: keyOffset, value: node.offset });
  const children = depth < maxDepth ? (node.children ?? []) : [];
  if (node.type === 'array')
    return children.map((child, index) =>
      readNode(child, pointer(path, index), child.offset, found, depth + 1),
    );
  if (node.type !== 'object') return node.value;
  const entries = new Map<string, unknown>();
  for (const { children: [key, child] = [] } of children) {
    if (key === undefined || child === undefined) continue;
    const name = String(key.value);
    const place = pointer(path, name);
    if (entries.has(name)) found.repeated.push({ name, path: place, offset: key.offset });
    entries.set(name, readNode(child, place, key.offset, found, depth + 1));
  }
  return Object.fromEntries(entries);
}

/** Turns offsets into places without counting the lines again each time. */
function placer(content: string): (offset: number) => Place {
  const starts = [0, ...Array.from(content.matchAll(/\n/g), ({ index }) => index + 1)];
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
