/** JSON that the runtime reads by itself. Most files are such JSON, and the reader of comments and places takes longer to load. */
import { isObject } from '../../core/text/json-value.ts';

/**
 * The value of a text in which `parseJsonTree` would find nothing to tell. `undefined` for every other: with a comment, a
 * comma at the end, a key twice, a key `__proto__`, a mistake, or nested deeper than any file of ours.
 */
export function parsePlainJson(text: string): { readonly value: unknown } | undefined {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    const value: unknown = JSON.parse(content);
    // Outside of texts each member has one colon, and of two with the same key one is left.
    const written = content.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"/g, '').split(':').length - 1;
    return countMembers(value, 1) === written ? { value } : undefined;
  } catch {
    return undefined;
  }
}

/** As deep as `parseJsonTree` goes. */
const maxDepth = 128;

/** How many members all objects in a value have; not a number where there is one that must be told of. */
function countMembers(value: unknown, depth: number): number {
  if (depth > maxDepth || (isObject(value) && Object.hasOwn(value, '__proto__'))) return Number.NaN;
  if (typeof value !== 'object' || value === null) return 0;
  const held: readonly unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : held.length;
  return held.reduce<number>((count, each) => count + countMembers(each, depth + 1), own);
}
