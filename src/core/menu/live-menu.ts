/** The menus that an account shows, out of the answers of the two calls that read them（自定义菜单查询接口）. */
import { sha256Hex } from '../text/digest.ts';
import { isObject, own } from '../text/json-value.ts';
import {
  isButtonType,
  normaliseMatchRule,
  normaliseMenu,
  type NormalButton,
  type NormalMenu,
} from './menu.ts';

/** A rule as it is written today; see `normaliseMatchRule`. */
export type MatchRule = Readonly<Record<string, string>>;

/** A conditional menu（个性化菜单）. */
export interface ConditionalMenu {
  readonly rule: MatchRule;
  readonly menu: NormalMenu;
}

export interface LiveConditional extends ConditionalMenu {
  /** 菜单 id, as delconditional takes it. Empty where the answer has none. */
  readonly menuId: string;
}

export interface LiveMenu {
  /** `console`: made on the web console（公众平台官网）, where menu/get does not see it. */
  readonly origin: 'api' | 'console' | 'none';
  /** The default menu; without buttons where there is none. */
  readonly menu: NormalMenu;
  /** The oldest first: the newest that matches is shown. */
  readonly conditional: readonly LiveConditional[];
  /** Whether the web console has the menu switched on. */
  readonly isOpen: boolean;
}

/**
 * Takes the answer of menu/get, or `undefined` for 46003, and that of get_current_selfmenu_info.
 *
 * Quirk: menu/get answers what was made by API, even while the account shows another menu, made on the web console.
 */
export function readLiveMenu(made: unknown, current: unknown): LiveMenu {
  const [madeMenu, shownMenu] = [normaliseMenu(made), normaliseMenu(current)];
  const isMade = madeMenu.button.length > 0;
  const isShown = shownMenu.button.length > 0;
  const isConsole = isShown && !(isMade && looksLike(madeMenu.button, shownMenu.button));
  const rest = { conditional: readConditional(made), isOpen: own(current, 'is_menu_open') !== 0 };
  if (isConsole) return { origin: 'console', menu: shownMenu, ...rest };
  return { origin: isMade ? 'api' : 'none', menu: madeMenu, ...rest };
}

/** The conditional menus in an answer of menu/get, the oldest first. */
export function readConditional(made: unknown): readonly LiveConditional[] {
  const list = own(made, 'conditionalmenu');
  if (!Array.isArray(list)) return [];
  // Quirk: the order of the answer is not documented, but a newer menu has a higher number.
  return list.filter(isObject).map(readOne).toSorted(byAge);
}

function readOne(entry: Readonly<Record<string, unknown>>): LiveConditional {
  const id = own(entry, 'menuid');
  return {
    menuId: typeof id === 'string' || typeof id === 'number' ? String(id) : '',
    rule: normaliseMatchRule(own(entry, 'matchrule')),
    menu: normaliseMenu(entry),
  };
}

function byAge({ menuId: a }: LiveConditional, { menuId: b }: LiveConditional): number {
  return a.length - b.length || Number(a > b) - Number(a < b);
}

/** The conditional menus of a menu file, as it is sent. */
export function toConditionalMenu(body: unknown): ConditionalMenu {
  return { rule: normaliseMatchRule(own(body, 'matchrule')), menu: normaliseMenu(body) };
}

/**
 * Whether the menu on the phone can be the one that was made by API.
 *
 * Quirk: get_current_selfmenu_info answers pictures and articles in types of its own, with ids that end after 3 days.
 */
function looksLike(made: readonly NormalButton[], shown: readonly NormalButton[]): boolean {
  return made.length === shown.length && made.every((button, index) => isAlike(button, shown[index] ?? {}));
}

function isAlike(made: NormalButton, shown: NormalButton): boolean {
  if (made.name !== shown.name) return false;
  if (!looksLike(made.sub_button ?? [], shown.sub_button ?? [])) return false;
  if (made.type === shown.type) return made.type === undefined || sameFields(made, shown);
  return materialTypes.includes(made.type ?? '') && !isButtonType(shown.type ?? '');
}

/** What stands for a material of the account. */
const materialTypes: readonly string[] = ['media_id', 'view_limited', 'article_id', 'article_view_limited'];

function sameFields(made: NormalButton, shown: NormalButton): boolean {
  if (materialTypes.includes(made.type ?? '')) return true;
  return ['key', 'url', 'pagepath'].every((name) => shown[name] === undefined || made[name] === shown[name]);
}

/** A fingerprint of everything that people may see: 64 hex digits. Ids of menus are no part of it. */
export function hashMenus(menu: NormalMenu, conditional: readonly ConditionalMenu[]): string {
  const all = {
    button: menu.button,
    conditional: conditional.map(({ rule, menu: { button } }) => ({ rule, button })),
  };
  return sha256Hex(JSON.stringify(all));
}

/** Both parts as one menu file. */
export function toMenuFile(menu: NormalMenu, conditional: readonly ConditionalMenu[]): MenuFileValue {
  if (conditional.length === 0) return { button: menu.button };
  return {
    button: menu.button,
    conditional: conditional.map((entry) => ({ button: entry.menu.button, matchrule: entry.rule })),
  };
}

export interface MenuFileValue extends NormalMenu {
  readonly conditional?: readonly { readonly button: NormalMenu['button']; readonly matchrule: MatchRule }[];
}
