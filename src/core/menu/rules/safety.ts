import { menuError, pointer, type MenuProblem } from './problem.ts';

/** Menus are at most six levels deep, rules included; deeper nesting is not a menu. */
const maxDepth = 16;
/** Names with a meaning in JavaScript, at any depth. `JSON.parse` makes them own keys, and copying them is how objects get polluted. */
const unsafeNames: readonly string[] = ['__proto__', 'constructor', 'prototype'];
/** Characters that JSON can only write as `\uXXXX`: controls without a short escape, and halves of pairs. */
// oxlint-disable-next-line no-control-regex
const escaped = /[\0-\x07\v\x0e-\x1f\ud800-\udfff]/u;

interface Entry {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
}

/** What makes a value unfit to be sent at all, whatever it means. */
export function checkContents(root: unknown): MenuProblem[] {
  const waiting: Entry[] = [{ value: root, path: '', depth: 1 }];
  const problems: MenuProblem[] = [];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const { value, path, depth } = entry;
    if (typeof value === 'string' && escaped.test(value)) problems.push(escapedCharacter(path));
    if (typeof value !== 'object' || value === null) continue;
    if (depth > maxDepth)
      return [menuError('nesting', path, (say) => say.nesting(maxDepth), { errcode: 47001 })];
    const isList = Array.isArray(value);
    for (const [name, child] of Object.entries(value)) {
      const place = pointer(path, name);
      // It stays here, and nothing in it is sent.
      if (place === '/$schema') continue;
      if (!isList && unsafeNames.includes(name))
        problems.push(
          menuError('reserved-key', place, (say) => say.reservedKey(name), { at: 'key', errcode: 47001 }),
        );
      if (!isList && escaped.test(name)) problems.push({ ...escapedCharacter(place), at: 'key' });
      waiting.push({ value: child, path: place, depth: depth + 1 });
    }
  }
  return problems;
}

/** Quirk: the platform refuses every body with a `\uXXXX`, and there is no other way to write these characters. */
function escapedCharacter(path: string): MenuProblem {
  return menuError('escaped-character', path, (say) => say.escapedCharacter, { errcode: 40033 });
}
