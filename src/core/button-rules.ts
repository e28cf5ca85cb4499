import { checkFields } from './button-field-rules.ts';
import { second, top } from './button-level.ts';
import type { Level } from './button-level.ts';
import { checkName } from './button-name-rules.ts';
import { isObject, own } from './json-value.ts';
import { buttonFields, isButtonType } from './menu.ts';
import { pointer } from './menu-problem.ts';
import type { MenuProblem } from './menu-problem.ts';

const maxTop = 3;
const maxSecond = 5;
const buttonKeys = [
  'name',
  'type',
  'sub_button',
  'key',
  'url',
  'media_id',
  'article_id',
  'appid',
  'pagepath',
];
/** Types that only the web console can make; they are found in get_current_selfmenu_info. */
const webTypes = ['text', 'img', 'photo', 'video', 'voice', 'news'];

/** Checks the buttons of a menu or a conditional menu at this path. */
export function checkButtons(menu: unknown, base: string): MenuProblem[] {
  const path = pointer(base, 'button');
  const list = own(menu, 'button');
  if (!Array.isArray(list)) {
    return [
      {
        rule: 'button-list',
        severity: 'error',
        path: list === undefined ? base : path,
        errcode: 40016,
        text: { en: '"button" must be a list of 1 to 3 buttons', zh: '“button”应为包含 1 至 3 个按钮的列表' },
      },
    ];
  }
  const problems: MenuProblem[] = [];
  if (list.length < 1 || list.length > maxTop) {
    problems.push({
      rule: 'button-count',
      severity: 'error',
      path,
      errcode: 40016,
      text: {
        en: `Top-level buttons must be 1 to ${maxTop}, got ${list.length}`,
        zh: `一级菜单应为 1 至 ${maxTop} 个，实际为 ${list.length} 个`,
      },
      hint:
        list.length === 0
          ? {
              en: 'To remove the menu use: wechat-mp menu delete',
              zh: '要删除菜单请使用：wechat-mp menu delete',
            }
          : { en: 'Remove an entry of "button"', zh: '请删除“button”中的多余项' },
    });
  }
  const nested = list.flatMap((button: unknown, index) => checkButton(button, pointer(path, index), top));
  return [...problems, ...nested, ...duplicates(list, path)];
}

function checkButton(button: unknown, path: string, level: Level): MenuProblem[] {
  if (!isObject(button)) {
    return [
      {
        rule: 'button-object',
        severity: 'error',
        path,
        ...(level.isTop ? { errcode: 40016 } : { errcode: 40023 }),
        text: { en: 'A button must be an object', zh: '按钮应为一个对象' },
      },
    ];
  }
  return [
    ...checkName(button, path, level),
    ...checkAction(button, path, level),
    ...unknownKeys(button, path),
  ];
}

/** Either buttons of its own, or a type with its fields. */
function checkAction(button: unknown, path: string, level: Level): MenuProblem[] {
  const children = own(button, 'sub_button');
  const hasChildren = Array.isArray(children) ? children.length > 0 : children !== undefined;
  if (hasChildren) return checkChildren(button, children, path, level);
  const type = own(button, 'type');
  if (type === undefined) return [noType(Array.isArray(children), path, level)];
  if (typeof type === 'string' && isButtonType(type)) return checkFields(button, type, path, level);
  return [wrongType(typeof type === 'string' ? type : JSON.stringify(type), path, level)];
}

function checkChildren(button: unknown, children: unknown, path: string, level: Level): MenuProblem[] {
  const place = pointer(path, 'sub_button');
  if (!level.isTop) {
    return [
      {
        rule: 'menu-level',
        severity: 'error',
        path: place,
        errcode: 40022,
        text: { en: 'A menu has two levels; this would be the third', zh: '菜单最多两级；这里是第三级' },
        hint: { en: 'Move these buttons up', zh: '请把这些按钮移到上一级' },
      },
    ];
  }
  if (!Array.isArray(children)) return [childrenNotAList(children, place)];
  const problems: MenuProblem[] = [];
  if (own(button, 'type') !== undefined) problems.push(typeBesideChildren(path));
  if (children.length > maxSecond) problems.push(childrenCount(children.length, place));
  const nested = children.flatMap((child: unknown, index) =>
    checkButton(child, pointer(place, index), second),
  );
  return [...problems, ...nested, ...duplicates(children, place)];
}

function childrenNotAList(children: unknown, path: string): MenuProblem {
  const isLive = Array.isArray(own(children, 'list'));
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
  return {
    rule: 'sub-button-count',
    severity: 'error',
    path,
    errcode: 40023,
    text: {
      en: `Sub-buttons must be 1 to ${maxSecond}, got ${count}`,
      zh: `二级菜单应为 1 至 ${maxSecond} 个，实际为 ${count} 个`,
    },
    hint: { en: 'Change the entries of "sub_button"', zh: '请调整“sub_button”中的项' },
  };
}

function typeBesideChildren(path: string): MenuProblem {
  return {
    rule: 'sub-button-beside-type',
    severity: 'warning',
    path: pointer(path, 'type'),
    text: {
      en: 'WeChat ignores the type of a button that has sub-buttons',
      zh: '按钮有二级菜单时，微信会忽略它的类型（type）',
    },
    hint: { en: 'Remove "type" or "sub_button"', zh: '请删除“type”或“sub_button”' },
  };
}

function noType(hasEmptyList: boolean, path: string, level: Level): MenuProblem {
  if (hasEmptyList && level.isTop) return childrenCount(0, pointer(path, 'sub_button'));
  return {
    rule: 'type-missing',
    severity: 'error',
    path,
    ...level.type,
    text: level.isTop
      ? {
          en: 'A button must have a type or sub-buttons',
          zh: '按钮必须有类型（type）或二级菜单（sub_button）',
        }
      : { en: 'A sub-button must have a type', zh: '二级菜单按钮必须有类型（type）' },
  };
}

function wrongType(type: string, path: string, level: Level): MenuProblem {
  const lower = type.toLowerCase();
  const wrongCase = isButtonType(lower);
  const hint = wrongCase
    ? { en: `Write "${lower}"`, zh: `请写作“${lower}”` }
    : webTypes.includes(type)
      ? {
          en: 'Only the web console makes this type; use media_id, article_id or view',
          zh: '该类型只能在公众平台网页上设置；请改用 media_id、article_id 或 view',
        }
      : {
          en: `Types are ${Object.keys(buttonFields).join(', ')}`,
          zh: `可用类型：${Object.keys(buttonFields).join('、')}`,
        };
  return {
    rule: wrongCase ? 'type-case' : 'type-unknown',
    severity: 'error',
    path: pointer(path, 'type'),
    ...level.type,
    text: { en: `WeChat has no button type "${type}"`, zh: `微信没有“${type}”这种按钮类型` },
    hint,
    choices: { given: type, known: Object.keys(buttonFields) },
  };
}

function unknownKeys(button: Readonly<Record<string, unknown>>, path: string): MenuProblem[] {
  return Object.keys(button)
    .filter((name) => !buttonKeys.includes(name))
    .map((name) => ({
      rule: 'unknown-key',
      severity: 'warning',
      path: pointer(path, name),
      text: { en: `A button has no key "${name}"`, zh: `按钮没有“${name}”这个键` },
      choices: { given: name, known: buttonKeys },
    }));
}

/** Equal names and keys in one list work, but people and programs cannot tell the buttons apart. */
function duplicates(list: readonly unknown[], path: string): MenuProblem[] {
  const seen = new Set<string>();
  return list.flatMap((button, index) =>
    (['name', 'key'] as const).flatMap((field): MenuProblem[] => {
      const value = own(button, field);
      if (typeof value !== 'string' || value === '') return [];
      const id = `${field}:${value}`;
      if (!seen.has(id)) {
        seen.add(id);
        return [];
      }
      return [
        {
          rule: `${field}-duplicate`,
          severity: 'warning',
          path: pointer(pointer(path, index), field),
          text: {
            en: `Two buttons have the ${field} "${value}"`,
            zh: `有两个按钮的 ${field} 都是“${value}”`,
          },
        },
      ];
    }),
  );
}
