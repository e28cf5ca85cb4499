import type { Shape } from './button.ts';
import { checkButtons } from './button.ts';
import { isObject, own, withoutNulls } from '../../text/json-value.ts';
import { checkMatchRule, checkRepeatedRules } from './match-rule.ts';
import { normaliseMatchRule, unwrapMenu } from '../menu.ts';
import { checkDomains } from './domains.ts';
import { checkDuplicates } from './duplicates.ts';
import { pointer } from './problem.ts';
import type { MenuProblem } from './problem.ts';
import { checkContents } from './safety.ts';
import { excerpt } from '../../text/sanitise.ts';

/**
 * Everything wrong with a request body of menu/create or menu/addconditional（创建接口）, as parsed from JSON. The errors come
 * in the order of the platform's checks, so the first one's errcode is what the platform answers; limits are counted in
 * UTF-8 bytes. Nothing that the documentation leaves open is an error.
 */
export function validateMenu(body: unknown): readonly MenuProblem[] {
  return validate(body, { live: false });
}

/**
 * The same for a menu file: it may have `conditional` and `$schema`, and it may be what menu/get or
 * get_current_selfmenu_info answers. `toMenuBody` and `toConditionalBodies` make of it what is sent. `ownAppId` is asked
 * only where a link of 网页授权 names an AppID.
 */
export function validateMenuFile(
  file: unknown,
  ownAppId: () => string | undefined = () => undefined,
): readonly MenuProblem[] {
  return validate(file, { live: true, ownAppId });
}

function validate(given: unknown, shape: Shape): readonly MenuProblem[] {
  const contents = checkContents(given);
  if (contents.some(({ rule }) => rule !== 'escaped-character')) return contents;
  const value = withoutNulls(given);
  if (!isObject(value)) return [notAnObject()];
  const menu = unwrapMenu(value);
  const base = baseOf(value, menu);
  const list = conditionalList(value, menu, base);
  const buttons =
    list !== undefined && own(menu, 'button') === undefined
      ? [noDefault(list.path)]
      : checkButtons(menu, base, shape);
  return [
    ...contents,
    ...buttons,
    ...checkDuplicates(menu, base),
    ...unknownKeys(menu, base),
    ...checkOwnRule(menu, base, shape),
    ...(list === undefined ? [] : checkConditionalList(list, shape)),
  ];
}

/** In a file a rule beside the default menu is a mistake; in a request body it makes the menu a conditional one. */
function checkOwnRule(menu: unknown, base: string, shape: Shape): readonly MenuProblem[] {
  const rule = own(menu, 'matchrule');
  if (rule === undefined) return [];
  if (shape.live) return [misplacedRule(rule, pointer(base, 'matchrule'))];
  return [...checkMatchRule(menu, base), ...checkDomains([{ menu, path: base }])];
}

function baseOf(value: unknown, menu: unknown): string {
  if (menu === value) return '';
  return own(value, 'menu') === menu ? '/menu' : '/selfmenu_info';
}

interface ConditionalList {
  readonly list: unknown;
  readonly path: string;
}

/** Where `toConditionalBodies` finds it as well. */
function conditionalList(value: unknown, menu: unknown, base: string): ConditionalList | undefined {
  const places: readonly ConditionalList[] = [
    { list: own(value, 'conditional'), path: '/conditional' },
    { list: own(value, 'conditionalmenu'), path: '/conditionalmenu' },
    { list: own(menu, 'conditional'), path: `${base}/conditional` },
  ];
  return places.find(({ list }) => list !== undefined);
}

function checkConditionalList({ list, path }: ConditionalList, shape: Shape): MenuProblem[] {
  if (!Array.isArray(list)) {
    return [
      {
        rule: 'conditional-list',
        severity: 'error',
        path,
        errcode: 65307,
        text: {
          en: '"conditional" must be a list of conditional menus',
          zh: '“conditional”应为个性化菜单的列表',
        },
      },
    ];
  }
  const menus = list.map((menu: unknown, index) => ({ menu, path: pointer(path, index) }));
  return [
    ...menus.flatMap((placed) => [
      ...checkButtons(placed.menu, placed.path, { ...shape, live: false }),
      ...checkDuplicates(placed.menu, placed.path),
      ...unknownKeys(placed.menu, placed.path),
      ...checkMatchRule(placed.menu, placed.path),
    ]),
    ...checkRepeatedRules(list, path),
    ...checkDomains(menus),
  ];
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
      at: 'key',
      text: { en: `A menu has no key "${excerpt(name, 60)}"`, zh: `菜单没有“${excerpt(name, 60)}”这个键` },
      choices: { given: name, known: menuKeys.slice(0, 4) },
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

function noDefault(path: string): MenuProblem {
  return {
    rule: 'conditional-without-default',
    severity: 'error',
    path,
    at: 'key',
    errcode: 65303,
    text: {
      en: 'Conditional menus need a default menu beside them',
      zh: '有个性化菜单时，必须同时有默认菜单',
    },
    hint: { en: 'Add "button" with the menu of everybody else', zh: '请添加“button”，即其他用户看到的菜单' },
  };
}

/**
 * A refusal of our own: nobody knows what menu/create does with a rule, and most likely the menu would become that of
 * everybody.
 */
function misplacedRule(rule: unknown, path: string): MenuProblem {
  // With no condition in it, it could not be moved either.
  const isEmpty = Object.keys(normaliseMatchRule(rule)).length === 0;
  const shown = isEmpty ? '{"tag_id": "…"}' : excerpt(JSON.stringify(rule));
  const form = `"conditional": [{"button": […], "matchrule": ${shown}}]`;
  return {
    rule: 'match-rule-place',
    severity: 'error',
    path,
    at: 'key',
    text: {
      en: 'A "matchrule" here makes no conditional menu: everybody would get this one',
      zh: '写在这里的“matchrule”不会产生个性化菜单：所有用户的菜单都会被替换',
    },
    hint: {
      en: `${isEmpty ? 'Remove it, or write' : 'Write'} {"button": […], ${form}}; the first "button" is the menu of everybody else`,
      zh: `请${isEmpty ? '删除，或' : ''}写作 {"button": […], ${form}}；外层的“button”是其他用户的菜单`,
    },
  };
}
