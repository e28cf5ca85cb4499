import { pointer } from './problem.ts';
import type { MenuProblem } from './problem.ts';

/** Menus are at most six levels deep, rules included; deeper nesting is not a menu. */
const maxDepth = 16;
/** Names with a meaning in JavaScript, at any depth. `JSON.parse` makes them own keys, and copying them is how objects get polluted. */
const unsafeNames: readonly string[] = ['__proto__', 'constructor', 'prototype'];
/** Characters that JSON can only write as `\uXXXX`: controls without a short escape, and halves of pairs. */
// oxlint-disable-next-line no-control-regex
const escaped = /[\0-\x07\v\x0e-\x1f]|\p{Surrogate}/u;

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
    if (depth > maxDepth) return [tooDeep(path)];
    const isList = Array.isArray(value);
    for (const [name, child] of Object.entries(value)) {
      const place = pointer(path, name);
      // It stays here, and nothing in it is sent.
      if (place === '/$schema') continue;
      if (!isList && unsafeNames.includes(name)) problems.push(reserved(place, name));
      if (!isList && escaped.test(name)) problems.push({ ...escapedCharacter(place), at: 'key' });
      waiting.push({ value: child, path: place, depth: depth + 1 });
    }
  }
  return problems;
}

function reserved(path: string, name: string): MenuProblem {
  return {
    rule: 'reserved-key',
    severity: 'error',
    path,
    at: 'key',
    errcode: 47001,
    text: {
      en: `The key "${name}" is reserved and never part of a menu`,
      zh: `“${name}”是保留名称，不能出现在菜单中`,
    },
    hint: { en: 'Remove it', zh: '请删除' },
  };
}

function tooDeep(path: string): MenuProblem {
  return {
    rule: 'nesting',
    severity: 'error',
    path,
    errcode: 47001,
    text: { en: `A menu is nested at most ${maxDepth} levels deep`, zh: `菜单嵌套不能超过 ${maxDepth} 层` },
  };
}

/** Quirk: the platform refuses every body with a `\uXXXX`, and there is no other way to write these characters. */
function escapedCharacter(path: string): MenuProblem {
  return {
    rule: 'escaped-character',
    severity: 'error',
    path,
    errcode: 40033,
    text: {
      en: 'This text holds a character that WeChat does not take: a control character or half of a pair',
      zh: '文本中有微信不接受的字符：控制字符或不成对的代理字符',
    },
    hint: { en: 'Remove it, or type the text again', zh: '请删除该字符，或重新输入文本' },
  };
}
