import { isObject, own, withoutNulls } from '../../text/json-value.ts';
import { normaliseMatchRule, unwrapMenu } from '../menu.ts';
import { checkButtons, type Writing } from './button.ts';
import { checkDomains } from './domains.ts';
import { checkDuplicates } from './duplicates.ts';
import { checkMatchRule, checkRepeatedRules } from './match-rule.ts';
import { menuError, menuWarning, pointer, type MenuProblem } from './problem.ts';
import { checkContents } from './safety.ts';

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

function validate(given: unknown, writing: Writing): readonly MenuProblem[] {
  const contents = checkContents(given);
  if (contents.some(({ rule }) => rule !== 'escaped-character')) return contents;
  const value = withoutNulls(given);
  if (!isObject(value)) return [menuError('menu-object', '', (say) => say.menuObject, { errcode: 47001 })];
  const menu = unwrapMenu(value);
  const base = baseOf(value, menu);
  const list = findConditionals(value, menu, base);
  const buttons =
    list !== undefined && own(menu, 'button') === undefined
      ? [
          menuError('conditional-without-default', list.path, (say) => say.withoutDefault, {
            at: 'key',
            errcode: 65303,
          }),
        ]
      : checkButtons(menu, base, writing);
  return [
    ...contents,
    ...buttons,
    ...checkDuplicates(menu, base),
    ...unknownKeys(menu, base),
    ...checkOwnRule(menu, base, writing),
    ...(list === undefined ? [] : checkConditionalList(list, writing)),
  ];
}

/** In a file a rule beside the default menu is a mistake; in a request body it makes the menu a conditional one. */
function checkOwnRule(menu: unknown, base: string, writing: Writing): readonly MenuProblem[] {
  const rule = own(menu, 'matchrule');
  if (rule === undefined) return [];
  if (writing.live) return [ruleOutOfPlace(rule, pointer(base, 'matchrule'))];
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
function findConditionals(value: unknown, menu: unknown, base: string): ConditionalList | undefined {
  const places: readonly ConditionalList[] = [
    { list: own(value, 'conditional'), path: '/conditional' },
    { list: own(value, 'conditionalmenu'), path: '/conditionalmenu' },
    { list: own(menu, 'conditional'), path: `${base}/conditional` },
  ];
  return places.find(({ list }) => list !== undefined);
}

function checkConditionalList({ list, path }: ConditionalList, writing: Writing): MenuProblem[] {
  if (!Array.isArray(list))
    return [menuError('conditional-list', path, (say) => say.conditionalList, { errcode: 65307 })];
  const menus = list.map((menu: unknown, index) => ({ menu, path: pointer(path, index) }));
  return [
    ...menus.flatMap((placed) => [
      ...checkButtons(placed.menu, placed.path, { ...writing, live: false }),
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
    .map((name) =>
      menuWarning('unknown-key', pointer(base, name), (say) => say.unknownKey('menu', name), {
        at: 'key',
        choices: { given: name, known: menuKeys.slice(0, 4) },
      }),
    );
}

/**
 * A refusal of our own: nobody knows what menu/create does with a rule, and most likely the menu would become that of
 * everybody.
 */
function ruleOutOfPlace(rule: unknown, path: string): MenuProblem {
  const isEmpty = Object.keys(normaliseMatchRule(rule)).length === 0;
  return menuError('match-rule-place', path, (say) => say.misplacedRule(isEmpty ? undefined : rule), {
    at: 'key',
  });
}
