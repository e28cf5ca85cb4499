import { checkButtons } from './button-rules.ts';
import { checkConditional } from './match-rules.ts';
import { isObject, own } from './json-value.ts';
import { unwrapMenu } from './menu.ts';
import { pointer } from './menu-problem.ts';
import type { MenuProblem } from './menu-problem.ts';

/** Menus are at most five levels deep, rules included; deeper nesting is not a menu. */
const maxDepth = 16;

/**
 * Everything wrong with a menu, as parsed from JSON: a file (with `conditional` and `$schema`), or a request body of
 * menu/create or menu/addconditional（创建接口）. The order is that of the platform's checks, so the first error's errcode
 * is what the platform answers; limits are counted in UTF-8 bytes. Nothing that the documentation leaves open is an error.
 */
export function validateMenu(value: unknown): readonly MenuProblem[] {
  const unsafe = findUnsafe(value);
  if (unsafe !== undefined) return [unsafe];
  if (!isObject(value)) return [notAnObject()];
  const menu = unwrapMenu(value);
  const base = menu === value ? '' : own(value, 'menu') === menu ? '/menu' : '/selfmenu_info';
  const problems = [...checkButtons(menu, base), ...unknownKeys(menu, base)];
  if (own(menu, 'matchrule') !== undefined) problems.push(...checkConditional(menu, base));
  const list = own(value, 'conditional') ?? own(menu, 'conditional');
  if (list === undefined) return problems;
  const listBase = own(value, 'conditional') === undefined ? `${base}/conditional` : '/conditional';
  return [...problems, ...checkConditionalList(list, listBase)];
}

function checkConditionalList(list: unknown, base: string): MenuProblem[] {
  if (!Array.isArray(list)) {
    return [
      {
        rule: 'conditional-list',
        severity: 'error',
        path: base,
        errcode: 65307,
        text: {
          en: '"conditional" must be a list of conditional menus',
          zh: '“conditional”应为个性化菜单的列表',
        },
      },
    ];
  }
  return list.flatMap((entry: unknown, index) => {
    const path = pointer(base, index);
    return [...checkButtons(entry, path), ...checkConditional(entry, path)];
  });
}

/** Keys a menu may have; the last three appear in answers. */
const menuKeys = [
  'button',
  'conditional',
  '$schema',
  'matchrule',
  'menuid',
  'conditionalmenu',
  'is_menu_open',
];

function unknownKeys(menu: unknown, base: string): MenuProblem[] {
  if (!isObject(menu)) return [];
  return Object.keys(menu)
    .filter((name) => !menuKeys.includes(name))
    .map((name) => ({
      rule: 'unknown-key',
      severity: 'warning',
      path: pointer(base, name),
      text: { en: `A menu has no key "${name}"`, zh: `菜单没有“${name}”这个键` },
      choices: { given: name, known: menuKeys.slice(0, 3) },
    }));
}

function notAnObject(): MenuProblem {
  return {
    rule: 'menu-object',
    severity: 'error',
    path: '',
    errcode: 47001,
    text: { en: 'A menu must be an object: {"button":[…]}', zh: '菜单应为一个对象：{"button":[…]}' },
  };
}

/** Names with a meaning in JavaScript, at any depth. `JSON.parse` makes them own keys, and copying them is how objects get polluted. */
const unsafeNames = ['__proto__', 'constructor', 'prototype'];

function findUnsafe(root: unknown): MenuProblem | undefined {
  const waiting: { value: unknown; path: string; depth: number }[] = [{ value: root, path: '', depth: 1 }];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const { value, path, depth } = entry;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > maxDepth) return tooDeep(path);
    for (const [name, child] of Object.entries(value)) {
      if (!Array.isArray(value) && unsafeNames.includes(name)) return reserved(pointer(path, name), name);
      waiting.push({ value: child, path: pointer(path, name), depth: depth + 1 });
    }
  }
  return undefined;
}

function reserved(path: string, name: string): MenuProblem {
  return {
    rule: 'reserved-key',
    severity: 'error',
    path,
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
