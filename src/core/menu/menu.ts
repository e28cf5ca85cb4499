/** Custom menus（自定义菜单）: their types, what is sent, and when two of them are the same. The rules are in `menu-rules.ts`. */

import { isObject, own, withoutNulls } from '../text/json-value.ts';

/** The required keys of each button type besides `type` and `name`. */
export const buttonFields = {
  click: ['key'],
  view: ['url'],
  scancode_push: ['key'],
  scancode_waitmsg: ['key'],
  pic_sysphoto: ['key'],
  pic_photo_or_album: ['key'],
  pic_weixin: ['key'],
  location_select: ['key'],
  media_id: ['media_id'],
  view_limited: ['media_id'],
  article_id: ['article_id'],
  article_view_limited: ['article_id'],
  miniprogram: ['url', 'appid', 'pagepath'],
} as const satisfies Readonly<Record<string, readonly ButtonField[]>>;

export type ButtonType = keyof typeof buttonFields;
export type ButtonField = 'key' | 'url' | 'media_id' | 'article_id' | 'appid' | 'pagepath';

export function isButtonType(type: string): type is ButtonType {
  return Object.hasOwn(buttonFields, type);
}

/**
 * The body to send for a menu file, once it has been validated: `{"menu":…}` and `{"selfmenu_info":…}` are unwrapped, what is ours or only found in
 * answers (`$schema`, `conditional`, `conditionalmenu`, `menuid`, `is_menu_open`) is taken out, and `{"list":[…]}` around
 * sub-buttons, as get_current_selfmenu_info answers it, and fields that are null, too. Everything else stays as it is,
 * mistakes included.
 */
export function toMenuBody(value: unknown): unknown {
  const menu = unwrapMenu(withoutNulls(value));
  if (!isObject(menu)) return menu;
  const body = withoutKeys(menu, notSent);
  return Array.isArray(menu['button']) ? { ...body, button: menu['button'].map(withPlainList) } : body;
}

const notSent = ['$schema', 'conditional', 'conditionalmenu', 'menuid', 'is_menu_open'];

function withPlainList(button: unknown): unknown {
  const list = own(own(button, 'sub_button'), 'list');
  return isObject(button) && Array.isArray(list) ? { ...button, sub_button: list } : button;
}

/**
 * The conditional menus of a menu file (`conditional`) or of an answer of menu/get (`conditionalmenu`), as sent to
 * addconditional: fields that are null, and empty ones of a match rule, are left out.
 */
export function toConditionalBodies(file: unknown): readonly unknown[] {
  const value = withoutNulls(file);
  const list =
    own(value, 'conditional') ?? own(value, 'conditionalmenu') ?? own(unwrapMenu(value), 'conditional');
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) =>
    isObject(entry) ? withFilledRule(withoutKeys(entry, notSent)) : entry,
  );
}

function withFilledRule(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const rule = body['matchrule'];
  if (!isObject(rule)) return body;
  const filled = Object.entries(rule).filter(([, value]) => value !== '');
  return { ...body, matchrule: Object.fromEntries(filled) };
}

/** `menu` or `selfmenu_info` around a menu, as the two reading calls answer it, is taken off. */
export function unwrapMenu(value: unknown): unknown {
  for (const wrapper of ['menu', 'selfmenu_info']) {
    const inner = own(value, wrapper);
    if (own(value, 'button') === undefined && isObject(inner)) return inner;
  }
  return value;
}

/** A menu reduced to what decides how it looks and works, in a fixed order of keys. */
export interface NormalMenu {
  readonly button: readonly NormalButton[];
}
export interface NormalButton {
  readonly name?: string;
  readonly type?: string;
  readonly sub_button?: readonly NormalButton[];
  readonly [field: string]: string | readonly NormalButton[] | undefined;
}

/**
 * Reduces a menu to what can be compared. Takes a menu file, a request body, and the answers of menu/get and
 * get_current_selfmenu_info.
 *
 * Quirk: menu/get adds `"sub_button":[]` to every button, and get_current_selfmenu_info writes `{"list":[…]}` instead
 * of the list. A type beside buttons of its own is ignored by the platform, and so are keys the type does not have.
 */
export function normaliseMenu(value: unknown): NormalMenu {
  return { button: normaliseButtons(own(unwrapMenu(value), 'button')) };
}

function normaliseButtons(value: unknown): NormalButton[] {
  const list = isObject(value) ? own(value, 'list') : value;
  return Array.isArray(list) ? list.map(normaliseButton) : [];
}

function normaliseButton(value: unknown): NormalButton {
  const name = own(value, 'name');
  const named = typeof name === 'string' ? { name } : {};
  const children = normaliseButtons(own(value, 'sub_button'));
  if (children.length > 0) return { ...named, sub_button: children };
  const type = own(value, 'type');
  if (typeof type !== 'string') return named;
  const fields: readonly string[] = isButtonType(type) ? buttonFields[type] : ['value', ...allFields];
  const kept = fields.flatMap((field) => {
    const text = own(value, field);
    return typeof text === 'string' ? [[field, text] as const] : [];
  });
  return { ...named, type, ...Object.fromEntries(kept) };
}

/** Every key that some type has. */
export const allFields: readonly ButtonField[] = [
  'key',
  'url',
  'media_id',
  'article_id',
  'appid',
  'pagepath',
];

/** Whether menu/create can make all buttons of a menu; the web console has types of its own. */
export function isPushable({ button }: NormalMenu): boolean {
  return button.every(({ type, sub_button: children }) =>
    children === undefined ? isButtonType(type ?? '') : isPushable({ button: children }),
  );
}

/** Whether two default menus look and work the same. Conditional menus are not compared. */
export function sameMenu(a: unknown, b: unknown): boolean {
  return JSON.stringify(normaliseMenu(a)) === JSON.stringify(normaliseMenu(b));
}

/**
 * A match rule as it is written today.
 *
 * Quirk: menu/get answers `group_id` and numbers where `tag_id` and texts were sent.
 */
export function normaliseMatchRule(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  const entries = Object.entries(value)
    .map(([name, entry]) => [name === 'group_id' ? 'tag_id' : name, entry] as const)
    .filter(([, entry]) => (typeof entry === 'string' && entry !== '') || typeof entry === 'number')
    .map(([name, entry]) => [name, String(entry)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function withoutKeys(
  value: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}
