import type { Codes, Level } from './button-level.ts';
import { retiredType } from './button-type-rules.ts';
import { own } from './json-value.ts';
import { buttonFields } from './menu.ts';
import type { ButtonField, ButtonType } from './menu.ts';
import { maxKeyBytes, maxUrlBytes, miniProgramAppId, urlStart } from './menu-limits.ts';
import { byteLength, pointer } from './menu-problem.ts';
import type { MenuProblem, MenuRule } from './menu-problem.ts';

/** Checks the fields that a type requires, in the order of its table row. */
export function checkFields(button: unknown, type: ButtonType, path: string, level: Level): MenuProblem[] {
  const required: readonly ButtonField[] = buttonFields[type];
  const problems = required.flatMap((field) =>
    checkField(own(button, field), field, type, pointer(path, field), level),
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
): MenuProblem[] {
  const codes = missingCodes[field](level);
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
  if (field === 'url') return checkUrl(value, path, level);
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

function checkUrl(url: string, path: string, level: Level): MenuProblem[] {
  const tooLong = tooManyBytes('url', url, maxUrlBytes, path, level.url);
  if (tooLong.length > 0) return tooLong;
  if (!urlStart.test(url)) return [wrongScheme(path, level)];
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
  if (/\s/.test(url)) {
    problems.push({
      rule: 'url-blank',
      severity: 'warning',
      path,
      text: { en: 'The URL contains a blank', zh: 'URL 中有空白字符' },
      hint: { en: 'Remove it, or write "%20"', zh: '请删除，或写作“%20”' },
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
