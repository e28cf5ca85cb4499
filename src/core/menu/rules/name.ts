import type { Level } from './level.ts';
import { numberForText, withoutBlanks } from './texts.ts';
import { own } from '../../text/json-value.ts';
import { byteLength, pointer } from './problem.ts';
import type { MenuProblem } from './problem.ts';
import { columnsOf, shorten } from '../../text/name-width.ts';
import { excerpt } from '../../text/sanitise.ts';

/** Checks that a button has a name and that it is not too long. */
export function checkName(button: unknown, path: string, level: Level): MenuProblem[] {
  const name = own(button, 'name');
  const place = pointer(path, 'name');
  if (typeof name === 'number') return [numberForText('name', name, place, level.name)];
  if (typeof name !== 'string' || name === '') {
    return [
      {
        rule: 'name-missing',
        severity: 'error',
        path: name === undefined ? path : place,
        ...level.name,
        text: { en: 'A button must have a name', zh: '按钮必须有名称（name）' },
      },
    ];
  }
  const bytes = byteLength(name);
  const levelName = level.isTop
    ? { en: 'Top-level name', zh: '一级菜单名称' }
    : { en: 'Sub-button name', zh: '二级菜单名称' };
  if (bytes > level.nameBytes) {
    return [
      {
        rule: 'name-bytes',
        severity: 'error',
        path: place,
        ...level.name,
        text: {
          en: `${levelName.en} is ${bytes} bytes; WeChat allows ${level.nameBytes}`,
          zh: `${levelName.zh}为 ${bytes} 字节；微信最多允许 ${level.nameBytes} 字节`,
        },
        hint: {
          en: `Shorten it; a Chinese character has 3 bytes`,
          zh: `请缩短名称；一个汉字占 3 字节`,
        },
      },
    ];
  }
  if (withoutBlanks(name) === '') return [nothingToSee(place)];
  if (columnsOf(name) <= level.nameColumns) return [];
  const shown = shorten(excerpt(name), level.nameColumns);
  const characters = level.nameColumns / 2;
  return [
    {
      rule: 'name-shown',
      severity: 'warning',
      path: place,
      text: {
        en: `${levelName.en} is wider than ${characters} Chinese characters; the phone shows "${shown}"`,
        zh: `${levelName.zh}超过 ${characters} 个汉字的宽度；手机上显示为“${shown}”`,
      },
    },
  ];
}

/** Quirk: an empty name is refused; what becomes of one that only looks empty is not documented. */
function nothingToSee(path: string): MenuProblem {
  return {
    rule: 'name-blank',
    severity: 'warning',
    path,
    text: {
      en: 'The name has no visible character; the button would look empty',
      zh: '名称中没有可见字符，按钮会显示为空白',
    },
  };
}
