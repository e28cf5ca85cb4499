import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonTree } from '../../../src/cli/files/json-tree.ts';
import { pointer } from '../../../src/core/menu/rules/problem.ts';

/** Something that may stand between two tokens. */
const gap = fc.constantFrom('', ' ', '\t', '\n', '\r\n', '  \n\n', '/* 注释 😀 */', '// x\n');
const json = fc.jsonValue({ maxDepth: 4 });

interface Written {
  text: string;
  /** JSON pointers to the offsets of names and values. */
  readonly places: Map<string, { readonly key: number; readonly value: number }>;
}

/** Writes a value with anything between its tokens, and notes where everything came to stand. */
function write(value: unknown, next: () => string, into: Written, path = '', key?: number): void {
  into.text += next();
  const start = into.text.length;
  into.places.set(path, { key: key ?? start, value: start });
  if (typeof value !== 'object' || value === null) {
    into.text += JSON.stringify(value);
    return;
  }
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  into.text += open;
  for (const [index, [name, child]] of Object.entries(value).entries()) {
    if (index > 0) into.text += next() + ',';
    let at: number | undefined;
    if (!Array.isArray(value)) {
      into.text += next();
      at = into.text.length;
      into.text += `${JSON.stringify(name)}${next()}:`;
    }
    write(child, next, into, pointer(path, name), at);
  }
  into.text += next() + close;
}

describe('parseJsonTree()', () => {
  test('parseJsonTree() knows the value and the place of everything in a file', () => {
    fc.assert(
      fc.property(json, fc.array(gap, { minLength: 1, maxLength: 20 }), fc.boolean(), (value, gaps, mark) => {
        const into: Written = { text: '', places: new Map() };
        let used = 0;
        write(value, () => gaps[(used += 1) % gaps.length] ?? '', into);
        const source = parseJsonTree((mark ? '\u{feff}' : '') + into.text, 'menu.json');
        expect(JSON.stringify(source.value)).toBe(JSON.stringify(value));
        expect(source.repeatedKeys).toEqual([]);
        const placeAt = (offset: number): object => {
          const lines = into.text.slice(0, offset).split('\n');
          return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
        };
        for (const [path, { key, value: at }] of into.places) {
          expect(source.placeOf(path)).toEqual(placeAt(at));
          expect(source.placeOf(path, 'key')).toEqual(placeAt(key));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('parseJsonTree() keeps the last of equal keys and tells the place of each later one', () => {
    const source = parseJsonTree('{"a":1,\n "a":{"b":2},\n  "a":3,"b":1}', 'menu.json');
    expect(source.value).toEqual({ a: 3, b: 1 });
    expect(source.repeatedKeys).toEqual([
      { name: 'a', path: '/a', place: { line: 2, column: 2 } },
      { name: 'a', path: '/a', place: { line: 3, column: 3 } },
    ]);
    expect(source.placeOf('/a')).toEqual({ line: 3, column: 7 });
  });

  test('parseJsonTree() makes __proto__ a key like any other', () => {
    const tree = parseJsonTree('{"a":1,"__proto__":{"x":1}}', 'menu.json');
    expect(Object.keys(tree.value as object)).toEqual(['a', '__proto__']);
    expect(Object.getPrototypeOf(tree.value)).toBe(Object.prototype);
    expect(tree.prototypeKeys).toEqual([
      { name: '__proto__', path: '/__proto__', place: { line: 1, column: 8 } },
    ]);
    expect(parseJsonTree('{"proto":{"constructor":1}}', 'menu.json').prototypeKeys).toEqual([]);
  });

  test('parseJsonTree() places what is missing at its nearest parent', () => {
    const tree = parseJsonTree('{"a":\n [ {"b":1} ]}', 'rules.json');
    expect(tree.placeOf('/a/0/c/d')).toEqual({ line: 2, column: 4 });
    expect(tree.placeOf('/a/7')).toEqual({ line: 2, column: 2 });
    expect(tree.placeOf('/x')).toEqual({ line: 1, column: 1 });
  });

  test.each([16, 127, 128, 1000, 2000, 4000, 6000])('parseJsonTree() survives %i levels', (depth) => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const text = `${open.repeat(depth)}1${close.repeat(depth)}`;
      let outcome = 'read';
      try {
        parseJsonTree(text, 'menu.json');
      } catch (error) {
        outcome = (error as { type?: string }).type ?? 'crashed';
      }
      expect(outcome).toBe(depth < 128 ? 'read' : 'json_too_deep');
    }
  });

  test('parseJsonTree() names the nesting that no parser survives', () => {
    expect(() => parseJsonTree('['.repeat(200_000), 'menu.json')).toThrow(/nested too deeply/);
  });
});
