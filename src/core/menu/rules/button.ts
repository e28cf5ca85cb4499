import { isObject, own } from '../../text/json-value.ts';
import { subButtons, topButtons } from '../limits.ts';
import { isButtonType } from '../menu.ts';
import { checkTexts } from './blanks.ts';
import { checkFields, checkKeys, wrongType } from './fields.ts';
import { second, top, type Level } from './level.ts';
import { checkName } from './name.ts';
import { menuError, menuWarning, pointer, type MenuProblem } from './problem.ts';

/** How a menu may be written. */
export interface Writing {
  /** `{"list":[…]}` around sub-buttons is welcome, as get_current_selfmenu_info answers it; menu/create refuses it. */
  readonly live: boolean;
  /** The account the menu is for, where that is known. */
  readonly ownAppId?: () => string | undefined;
}

/** Checks the buttons of a menu or a conditional menu at this path. */
export function checkButtons(menu: unknown, base: string, writing: Writing): MenuProblem[] {
  const path = pointer(base, 'button');
  const list = own(menu, 'button');
  const codes = { errcode: 40016 };
  if (!Array.isArray(list))
    return [menuError('button-list', list === undefined ? base : path, (say) => say.buttonList, codes)];
  return [
    ...(isWithin(list.length, topButtons)
      ? []
      : [menuError('button-count', path, (say) => say.buttonCount(list.length), codes)]),
    ...list.flatMap((button: unknown, index) => checkButton(button, pointer(path, index), top, writing)),
  ];
}

function isWithin(count: number, { min, max }: { readonly min: number; readonly max: number }): boolean {
  return count >= min && count <= max;
}

function checkButton(button: unknown, path: string, level: Level, writing: Writing): MenuProblem[] {
  if (!isObject(button))
    return [
      menuError('button-object', path, (say) => say.buttonObject, { errcode: level.isTop ? 40016 : 40023 }),
    ];
  return [
    ...checkName(button, path, level),
    ...checkAction(button, path, level, writing),
    ...checkTexts(button, path),
    ...checkKeys(button, path),
  ];
}

/** Either buttons of its own, or a type with its fields. */
function checkAction(button: unknown, path: string, level: Level, writing: Writing): MenuProblem[] {
  const children = own(button, 'sub_button');
  const hasChildren = Array.isArray(children) ? children.length > 0 : children !== undefined;
  if (hasChildren) return checkChildren(button, children, path, level, writing);
  const type = own(button, 'type');
  if (type === undefined && Array.isArray(children) && level.isTop)
    return [childrenCount(0, pointer(path, 'sub_button'))];
  if (type === undefined)
    return [menuError('type-missing', path, (say) => say.typeMissing(level.isTop), level.type)];
  if (typeof type === 'string' && isButtonType(type))
    return checkFields(button, type, path, level, writing.ownAppId);
  return [wrongType(typeof type === 'string' ? type : JSON.stringify(type), path, level)];
}

function checkChildren(
  button: unknown,
  given: unknown,
  path: string,
  level: Level,
  writing: Writing,
): MenuProblem[] {
  const place = pointer(path, 'sub_button');
  if (!level.isTop)
    return [menuError('menu-level', place, (say) => say.thirdLevel, { at: 'key', errcode: 40022 })];
  const list = own(given, 'list');
  const isLive = Array.isArray(list);
  const children = isLive && writing.live ? list : given;
  if (!Array.isArray(children)) {
    return isLive
      ? [menuError('sub-button-list', place, (say) => say.liveSubButtonList, { errcode: 40016 })]
      : [menuError('sub-button-list', place, (say) => say.subButtonList, { errcode: 40023 })];
  }
  const inner = children === given ? place : pointer(place, 'list');
  const problems = children.flatMap((child: unknown, index) =>
    checkButton(child, pointer(inner, index), second, writing),
  );
  if (!isWithin(children.length, subButtons)) problems.unshift(childrenCount(children.length, inner));
  if (own(button, 'type') !== undefined) {
    const at = pointer(path, 'type');
    problems.unshift(
      menuWarning('sub-button-beside-type', at, (say) => say.typeBesideChildren, { at: 'key' }),
    );
  }
  return problems;
}

function childrenCount(count: number, path: string): MenuProblem {
  return menuError('sub-button-count', path, (say) => say.subButtonCount(count), { errcode: 40023 });
}
