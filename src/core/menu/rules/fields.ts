import type { Codes, Level } from './level.ts';
import { numberForText } from './texts.ts';
import { retiredType } from './type.ts';
import { checkUrl } from './url.ts';
import { own } from '../../text/json-value.ts';
import { buttonFields } from '../menu.ts';
import type { ButtonField, ButtonType } from '../menu.ts';
import { maxKeyBytes, maxUrlBytes, miniProgramAppId } from '../limits.ts';
import { byteLength, pointer } from './problem.ts';
import type { MenuProblem, MenuRule } from './problem.ts';

/** Checks the fields that a type requires, in the order of its table row. */
export function checkFields(
  button: unknown,
  type: ButtonType,
  path: string,
  level: Level,
  ownAppId?: () => string | undefined,
): MenuProblem[] {
  const required: readonly ButtonField[] = buttonFields[type];
  const problems = required.flatMap((field) =>
    checkField(own(button, field), field, type, pointer(path, field), level, ownAppId),
  );
  if (type === 'view_limited') problems.push(retiredType(path));
  return problems;
}

function checkField(
  value: unknown,
  field: ButtonField,
  type: ButtonType,
  path: string,
  level: Level,
  ownAppId?: () => string | undefined,
): MenuProblem[] {
  const codes = missingCodes[field](level);
  if (typeof value === 'number') return [numberForText(field, value, path, codes)];
  if (typeof value !== 'string' || value === '') {
    return [
      {
        rule: missingRules[field],
        severity: 'error',
        path: value === undefined ? path.slice(0, path.lastIndexOf('/')) : path,
        ...codes,
        text: {
          en: `A button of type "${type}" must have "${field}", a text that is not empty`,
          zh: `“${type}”类型的按钮必须有非空文本“${field}”`,
        },
      },
    ];
  }
  if (field === 'key') return tooManyBytes('key', value, maxKeyBytes, path, codes);
  if (field === 'url') {
    const tooLong = tooManyBytes('url', value, maxUrlBytes, path, codes);
    return tooLong.length > 0 ? tooLong : checkUrl(value, path, level, ownAppId);
  }
  if (field === 'appid') return checkAppId(value, path);
  return [];
}

const missingRules: Readonly<Record<ButtonField, MenuRule>> = {
  key: 'key-missing',
  url: 'url-missing',
  media_id: 'media-id-missing',
  article_id: 'article-id-missing',
  appid: 'appid-missing',
  pagepath: 'pagepath-missing',
};

/** Quirk: for a mini program's `appid` and `pagepath` no code is documented; the general ones fit best. */
const missingCodes: Readonly<Record<ButtonField, (level: Level) => Codes>> = {
  key: (level) => level.key,
  url: (level) => level.url,
  media_id: (level) => ({ errcode: 40007, alternative: level.isTop ? 40117 : 40118 }),
  article_id: () => ({ errcode: 53600 }),
  appid: () => ({ errcode: 40013 }),
  pagepath: () => ({ errcode: 40035 }),
};

function tooManyBytes(
  field: 'key' | 'url',
  value: string,
  max: number,
  path: string,
  codes: Codes,
): MenuProblem[] {
  const bytes = byteLength(value);
  if (bytes <= max) return [];
  return [
    {
      rule: `${field}-bytes`,
      severity: 'error',
      path,
      ...codes,
      text: {
        en: `"${field}" is ${bytes} bytes; WeChat allows ${max}`,
        zh: `“${field}”为 ${bytes} 字节；微信最多允许 ${max} 字节`,
      },
    },
  ];
}

/** The form of an AppID was observed, not documented, so this only warns. */
function checkAppId(appId: string, path: string): MenuProblem[] {
  if (miniProgramAppId.test(appId)) return [];
  const lower = appId.toLowerCase();
  return [
    {
      rule: 'appid-form',
      severity: 'warning',
      path,
      text: {
        en: 'The AppID of a mini program is "wx" and 16 hex digits in small letters',
        zh: '小程序的 AppID 是“wx”加 16 位小写十六进制数字',
      },
      ...(miniProgramAppId.test(lower) ? { hint: { en: `Write "${lower}"`, zh: `请写作“${lower}”` } } : {}),
    },
  ];
}
