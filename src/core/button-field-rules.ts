import type { Codes, Level } from './button-level.ts';
import { isAppId } from './account.ts';
import { own } from './json-value.ts';
import { buttonFields } from './menu.ts';
import type { ButtonField, ButtonType } from './menu.ts';
import { byteLength, pointer } from './menu-problem.ts';
import type { MenuProblem } from './menu-problem.ts';

const maxKeyBytes = 128;
const maxUrlBytes = 1024;

/** Checks the fields that a type requires, in the order of its table row. */
export function checkFields(button: unknown, type: ButtonType, path: string, level: Level): MenuProblem[] {
  const required: readonly ButtonField[] = buttonFields[type];
  const problems = required.flatMap((field) =>
    checkField(own(button, field), field, type, pointer(path, field), level),
  );
  if (type === 'view_limited') problems.push(retired(pointer(path, 'type')));
  return problems;
}

function checkField(
  value: unknown,
  field: ButtonField,
  type: ButtonType,
  path: string,
  level: Level,
): MenuProblem[] {
  const codes = missingCodes[field](level);
  if (typeof value !== 'string' || value === '') {
    return [
      {
        rule: `${field.replace('_', '-')}-missing`,
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
  if (field === 'url') return checkUrl(value, path, level);
  if (field === 'appid') return checkAppId(value, path);
  return [];
}

/** Quirk: for a mini program's `appid` and `pagepath` no code is documented; the general ones fit best. */
const missingCodes: Readonly<Record<ButtonField, (level: Level) => Codes>> = {
  key: (level) => level.key,
  url: (level) => level.url,
  media_id: (level) => ({ errcode: 40007, alternative: level.isTop ? 40117 : 40118 }),
  article_id: () => ({ errcode: 53600 }),
  appid: () => ({ errcode: 40013 }),
  pagepath: () => ({ errcode: 40035 }),
};

function checkUrl(url: string, path: string, level: Level): MenuProblem[] {
  const tooLong = tooManyBytes('url', url, maxUrlBytes, path, level.url);
  if (tooLong.length > 0) return tooLong;
  if (!/^https?:\/\/[^/?#\s]/i.test(url)) return [wrongScheme(path, level)];
  const problems: MenuProblem[] = [];
  if (url.includes('&amp;')) {
    problems.push({
      rule: 'url-entity',
      severity: 'warning',
      path,
      text: { en: 'The URL contains "&amp;" where "&" is meant', zh: 'URL 含有“&amp;”，应为“&”' },
      hint: { en: 'Write "&"', zh: '请写作“&”' },
    });
  }
  if (/^http:/i.test(url)) {
    problems.push({
      rule: 'url-http',
      severity: 'warning',
      path,
      text: {
        en: 'The URL begins with "http://": the page opens unencrypted',
        zh: 'URL 以“http://”开头：页面不加密',
      },
      hint: { en: 'Use "https://" if the page has it', zh: '如果页面支持，请使用“https://”' },
    });
  }
  return problems;
}

function wrongScheme(path: string, level: Level): MenuProblem {
  return {
    rule: 'url-scheme',
    severity: 'error',
    path,
    ...level.domain,
    text: {
      en: 'A URL must begin with "http://" or "https://" and a domain',
      zh: 'URL 应以“http://”或“https://”加域名开头',
    },
  };
}

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
  if (isAppId(appId) && appId === appId.toLowerCase()) return [];
  return [
    {
      rule: 'appid-form',
      severity: 'warning',
      path,
      text: {
        en: 'The AppID of a mini program is "wx" and 16 hex digits in small letters',
        zh: '小程序的 AppID 是“wx”加 16 位小写十六进制数字',
      },
    },
  ];
}

function retired(path: string): MenuProblem {
  return {
    rule: 'type-retired',
    severity: 'warning',
    path,
    text: {
      en: 'Since drafts were introduced, "view_limited" no longer opens articles',
      zh: '自启用草稿箱后，“view_limited”不再能打开图文消息',
    },
    hint: {
      en: 'Use "article_view_limited" with "article_id"',
      zh: '请改用“article_view_limited”和“article_id”',
    },
  };
}
