/** JSON files that people write: comments and a byte order mark are welcome, and everything in them knows its place. */
import type { Node } from 'jsonc-parser';
import { pointer } from '../../core/menu/index.ts';
import { jsonTooDeep, parseJsonNode } from './json-file.ts';

/** Both begin at 1. A column is a UTF-16 code unit, as editors and JSON's own parsers count them; a BOM is none. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface KeyPlace {
  readonly name: string;
  /** JSON pointer. */
  readonly path: string;
  readonly place: Place;
}

export interface JsonTree {
  /** Has `__proto__` as a key like any other. */
  readonly value: unknown;
  /** Keys that an object has twice, at the place of the later one, which is the one that counts. */
  readonly repeatedKeys: readonly KeyPlace[];
  /** Keys that most programs lose, or take for something else. */
  readonly prototypeKeys: readonly KeyPlace[];
  /**
   * Place of the value at a JSON pointer, or that of its name with `'key'`; that of the nearest parent where there is
   * none.
   */
  placeOf(path: string, part?: 'key' | 'value'): Place;
}

/** Far more than any file of ours has; a limit, so that no file can exhaust the stack of those who walk it. */
const maxDepth = 128;

interface FoundKey {
  readonly name: string;
  readonly path: string;
  readonly offset: number;
}

interface Found {
  readonly fileName: string;
  readonly offsets: Map<string, { readonly key: number; readonly value: number }>;
  readonly repeated: FoundKey[];
  readonly prototypes: FoundKey[];
}

/** Throws an input error with line and column where the text is no JSON. Comments and commas at the end are welcome. */
export function parseJsonTree(text: string, fileName: string): JsonTree {
  const content = text.startsWith('\u{feff}') ? text.slice(1) : text;
  const root = parseJsonNode(content, fileName);
  const found: Found = { fileName, offsets: new Map(), repeated: [], prototypes: [] };
  const value = readNode(root, '', root.offset, found, 1);
  const placeAt = placer(content);
  const placed = (keys: readonly FoundKey[]): KeyPlace[] =>
    keys.map(({ name, path, offset }) => ({ name, path, place: placeAt(offset) }));
  return {
    value,
    repeatedKeys: placed(found.repeated),
    prototypeKeys: placed(found.prototypes),
    placeOf: (path, part = 'value') => placeAt(nearest(found.offsets, path)?.[part] ?? 0),
  };
}

/**
 * The value of a node. Not the parser's own: that one sets prototypes where a key is `__proto__`, and so the key would
 * be gone before anybody could refuse it.
 */
function readNode(node: Node, path: string, keyOffset: number, found: Found, depth: number): unknown {
  if (depth > maxDepth) throw jsonTooDeep(found.fileName);
  found.offsets.set(path, { key: keyOffset, value: node.offset });
  const children = node.children ?? [];
  if (node.type === 'array')
    return children.map((child, index) =>
      readNode(child, pointer(path, index), child.offset, found, depth + 1),
    );
  if (node.type !== 'object') return node.value;
  const entries = new Map<string, unknown>();
  for (const { children: [key, child] = [] } of children) {
    if (key === undefined || child === undefined) continue;
    const name = String(key.value);
    const at = { name, path: pointer(path, name), offset: key.offset };
    if (entries.has(name)) found.repeated.push(at);
    if (name === '__proto__') found.prototypes.push(at);
    entries.set(name, readNode(child, at.path, key.offset, found, depth + 1));
  }
  return Object.fromEntries(entries);
}

function nearest<T>(offsets: ReadonlyMap<string, T>, path: string): T | undefined {
  const here = offsets.get(path);
  return here === undefined && path !== '' ? nearest(offsets, path.slice(0, path.lastIndexOf('/'))) : here;
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
