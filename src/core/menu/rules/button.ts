import { checkFields } from './fields.ts';
import { checkKeys } from './keys.ts';
import { second, top } from './level.ts';
import type { Level } from './level.ts';
import { checkName } from './name.ts';
import { checkTexts } from './texts.ts';
import { noType, typeBesideChildren, wrongType } from './type.ts';
import { isObject, own } from '../../text/json-value.ts';
import { isButtonType } from '../menu.ts';
import { subButtons, topButtons } from '../limits.ts';
import { pointer } from './problem.ts';
import type { MenuProblem } from './problem.ts';

/** How a menu may be written. */
export interface Shape {
  /** `{"list":[…]}` around sub-buttons is welcome, as get_current_selfmenu_info answers it; menu/create refuses it. */
  readonly live: boolean;
  /** The account the menu is for, where that is known. */
  readonly ownAppId?: () => string | undefined;
}

/** Checks the buttons of a menu or a conditional menu at this path. */
export function checkButtons(menu: unknown, base: string, shape: Shape): MenuProblem[] {
  const path = pointer(base, 'button');
  const list = own(menu, 'button');
  if (!Array.isArray(list)) return [notAList(list === undefined ? base : path)];
  const count = list.length < topButtons.min || list.length > topButtons.max;
  return [
    ...(count ? [topCount(list.length, path)] : []),
    ...list.flatMap((button: unknown, index) => checkButton(button, pointer(path, index), top, shape)),
  ];
}

function notAList(path: string): MenuProblem {
  const { min, max } = topButtons;
  return {
    rule: 'button-list',
    severity: 'error',
    path,
    errcode: 40016,
    text: {
      en: `"button" must be a list of ${min} to ${max} buttons`,
      zh: `“button”应为包含 ${min} 至 ${max} 个按钮的列表`,
    },
  };
}

function topCount(count: number, path: string): MenuProblem {
  const { min, max } = topButtons;
  return {
    rule: 'button-count',
    severity: 'error',
    path,
    errcode: 40016,
    text: {
      en: `Top-level buttons must be ${min} to ${max}, got ${count}`,
      zh: `一级菜单应为 ${min} 至 ${max} 个，实际为 ${count} 个`,
    },
    hint:
      count === 0
        ? {
            en: 'To remove the menu use: wechat-mp menu delete',
            zh: '要删除菜单请使用：wechat-mp menu delete',
          }
        : { en: 'Remove an entry of "button"', zh: '请删除“button”中的多余项' },
  };
}

function checkButton(button: unknown, path: string, level: Level, shape: Shape): MenuProblem[] {
  if (!isObject(button)) {
    return [
      {
        rule: 'button-object',
        severity: 'error',
        path,
        errcode: level.isTop ? 40016 : 40023,
        text: { en: 'A button must be an object', zh: '按钮应为一个对象' },
      },
    ];
  }
  return [
    ...checkName(button, path, level),
    ...checkAction(button, path, level, shape),
    ...checkTexts(button, path),
    ...checkKeys(button, path),
  ];
}

/** Either buttons of its own, or a type with its fields. */
function checkAction(button: unknown, path: string, level: Level, shape: Shape): MenuProblem[] {
  const children = own(button, 'sub_button');
  const hasChildren = Array.isArray(children) ? children.length > 0 : children !== undefined;
  if (hasChildren) return checkChildren(button, children, path, level, shape);
  const type = own(button, 'type');
  if (type === undefined) {
    return [
      Array.isArray(children) && level.isTop
        ? childrenCount(0, pointer(path, 'sub_button'))
        : noType(path, level),
    ];
  }
  if (typeof type === 'string' && isButtonType(type))
    return checkFields(button, type, path, level, shape.ownAppId);
  return [wrongType(typeof type === 'string' ? type : JSON.stringify(type), path, level)];
}

function checkChildren(
  button: unknown,
  given: unknown,
  path: string,
  level: Level,
  shape: Shape,
): MenuProblem[] {
  const place = pointer(path, 'sub_button');
  if (!level.isTop) return [thirdLevel(place)];
  const list = own(given, 'list');
  const isLive = Array.isArray(list);
  const children = isLive && shape.live ? list : given;
  if (!Array.isArray(children)) return [childrenNotAList(isLive, place)];
  const inner = children === given ? place : pointer(place, 'list');
  const count = children.length < subButtons.min || children.length > subButtons.max;
  return [
    ...(own(button, 'type') === undefined ? [] : [typeBesideChildren(path)]),
    ...(count ? [childrenCount(children.length, inner)] : []),
    ...children.flatMap((child: unknown, index) => checkButton(child, pointer(inner, index), second, shape)),
  ];
}

function thirdLevel(path: string): MenuProblem {
  return {
    rule: 'menu-level',
    severity: 'error',
    path,
    at: 'key',
    errcode: 40022,
    text: { en: 'A menu has two levels; this would be the third', zh: '菜单最多两级；这里是第三级' },
    hint: { en: 'Move these buttons up', zh: '请把这些按钮移到上一级' },
  };
}

function childrenNotAList(isLive: boolean, path: string): MenuProblem {
  return {
    rule: 'sub-button-list',
    severity: 'error',
    path,
    errcode: isLive ? 40016 : 40023,
    text: { en: '"sub_button" must be a list', zh: '“sub_button”应为列表' },
    ...(isLive
      ? {
          hint: {
            en: 'This is the shape of get_current_selfmenu_info; convert it: wechat-mp menu pull --source live',
            zh: '这是 get_current_selfmenu_info 的格式，请转换：wechat-mp menu pull --source live',
          },
        }
      : {}),
  };
}

function childrenCount(count: number, path: string): MenuProblem {
  const { min, max } = subButtons;
  return {
    rule: 'sub-button-count',
    severity: 'error',
    path,
    errcode: 40023,
    text: {
      en: `Sub-buttons must be ${min} to ${max}, got ${count}`,
      zh: `二级菜单应为 ${min} 至 ${max} 个，实际为 ${count} 个`,
    },
    hint: { en: 'Change the entries of "sub_button"', zh: '请调整“sub_button”中的项' },
  };
}
