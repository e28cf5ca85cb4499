/** A menu made on the web console (公众平台官网设置的自定义菜单): what `POST /_ctl/menu` takes. */
import { inputError } from '../../../core/errors.ts';
import { isObject, own } from '../../../core/text/json-value.ts';
import type { Text } from '../../../core/text/text.ts';
import { quoteAll } from '../../control/input.ts';
import { mustBeOneOf, mustBeText } from '../../control/texts.ts';
import type { KeptButton } from './button.ts';

/** The fields of the types that the console can make. Quirk: all but `view` have a `value`. */
const consoleFields: Readonly<Record<string, readonly string[]>> = {
  view: ['url'],
  text: ['value'],
  img: ['value'],
  photo: ['value'],
  video: ['value'],
  voice: ['value'],
  news: ['value', 'news_info'],
  miniprogram: ['url', 'appid', 'pagepath'],
};
const maxTop = 3;
const maxSecond = 5;

export interface ConsoleMenu {
  readonly buttons: readonly KeptButton[];
  /** Whether the menu is switched on (is_menu_open). */
  readonly isOpen: boolean;
}

/** Takes the shape of get_current_selfmenu_info, with or without its wrapper. Throws an input error that names the place. */
export function parseConsoleMenu(body: Readonly<Record<string, unknown>>): ConsoleMenu {
  const menu = own(body, 'selfmenu_info') ?? body;
  const isOpen = own(body, 'is_menu_open') ?? 1;
  if (isOpen !== 0 && isOpen !== 1) {
    refuse({ en: '"is_menu_open" must be 0 or 1', zh: '“is_menu_open”必须是 0 或 1' });
  }
  return { buttons: parseButtons(own(menu, 'button'), 'button', maxTop), isOpen: isOpen === 1 };
}

function parseButtons(value: unknown, path: string, max: number): readonly KeptButton[] {
  if (Array.isArray(value) && value.length >= 1 && value.length <= max) {
    return value.map((button: unknown, index) => parseButton(button, `${path}[${index}]`, max === maxTop));
  }
  return refuse({
    en: `"${path}" must be a list of 1 to ${max} buttons`,
    zh: `“${path}”必须是包含 1 到 ${max} 个按钮的数组`,
  });
}

function parseButton(button: unknown, path: string, isTop: boolean): KeptButton {
  const name = own(button, 'name');
  if (typeof name !== 'string' || name === '') {
    return refuse({ en: `"${path}.name" must be text`, zh: `“${path}.name”必须是非空字符串` });
  }
  const children = own(button, 'sub_button');
  const list = isObject(children) ? own(children, 'list') : children;
  if (isTop && list !== undefined && !(Array.isArray(list) && list.length === 0)) {
    return { fields: { name }, children: parseButtons(list, `${path}.sub_button.list`, maxSecond) };
  }
  return { fields: { ...parseLeaf(button, path), name }, children: [] };
}

function parseLeaf(button: unknown, path: string): Record<string, unknown> {
  const type = own(button, 'type');
  const names =
    typeof type === 'string' && Object.hasOwn(consoleFields, type) ? consoleFields[type] : undefined;
  if (names === undefined) {
    return refuse(mustBeOneOf(`${path}.type`, quoteAll(Object.keys(consoleFields))));
  }
  const fields = names.flatMap((name) => {
    const value = own(button, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const [needed = ''] = names;
  if (typeof own(button, needed) !== 'string') {
    return refuse(mustBeText(`${path}.${needed}`));
  }
  return { type, name: '', ...Object.fromEntries(fields) };
}

function refuse(text: Text): never {
  throw inputError('invalid_console_menu', text);
}
