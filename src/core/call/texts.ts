/** What is said about a call before it is sent. */
import { excerpt } from '../text/sanitise.ts';
import type { Text } from '../text/text.ts';

const shown = (value: string): string => excerpt(value, 60);

export function otherMethod(wanted: string, used: string): Text {
  return {
    en: `the documentation says ${wanted}, not ${used}`,
    zh: `文档要求使用 ${wanted}，而不是 ${used}`,
  };
}

export const withdrawn: Text = {
  en: 'WeChat has withdrawn this call, and answers 45106',
  zh: '微信已下线该接口，会返回 45106',
};
export const takesNoBody: Text = { en: 'this call takes no body', zh: '该接口不需要请求体' };
export const rawBodyMissing: Text = {
  en: 'the text or the file itself is missing: --input FILE',
  zh: '缺少文本或文件内容：--input FILE',
};
export const wantsForm: Text = {
  en: 'this call takes a file: --form name=@FILE',
  zh: '该接口需要上传文件：--form 名称=@文件',
};
export const wantsJson: Text = { en: 'this call takes JSON', zh: '该接口需要 JSON' };
export function notJson(body: string): Text {
  if (body.trim() === '') return { en: 'its body is empty', zh: '请求体为空' };
  return /^\s*\/[/*]|,\s*[}\]]/m.test(body)
    ? {
        en: 'it is not JSON: WeChat takes neither comments nor a comma at the end',
        zh: '不是合法的 JSON：不能有注释，结尾不能有多余的逗号',
      }
    : { en: 'its body is not JSON', zh: '请求体不是合法的 JSON' };
}
export const wantsObject: Text = { en: 'it must be a JSON object', zh: '应为 JSON 对象' };

export function escaped(escape: string, line: number): Text {
  return {
    en: `${escape} in line ${line}: WeChat refuses escapes (40033); write the character itself`,
    zh: `第 ${line} 行有 ${escape}：微信不接受转义（40033），请直接写字符`,
  };
}

export function missing(at: string): Text {
  return { en: `"${at}" is missing`, zh: `缺少 "${at}"` };
}

export function fixedValue(name: string, value: string): Text {
  return { en: `"${name}" must be ${value}`, zh: `"${name}" 应为 ${value}` };
}

export function notAmong(at: string, value: string, values: readonly string[]): Text {
  return {
    en: `"${at}" is "${shown(value)}"; known are ${values.join(', ')}`,
    zh: `"${at}" 为 "${shown(value)}"，可选值为 ${values.join('、')}`,
  };
}

export function tooMany(at: string, count: number, most: number): Text {
  return {
    en: `"${at}" has ${count} entries, at most ${most} are allowed`,
    zh: `"${at}" 有 ${count} 项，最多 ${most} 项`,
  };
}

export function tooFew(at: string, count: number, fewest: number): Text {
  if (count === 0) return { en: `"${at}" is empty`, zh: `"${at}" 为空` };
  return {
    en: `"${at}" has ${count} entries, at least ${fewest} are needed`,
    zh: `"${at}" 有 ${count} 项，至少需要 ${fewest} 项`,
  };
}

export function tooManyBytes(at: string, bytes: number, most: number): Text {
  return {
    en: `"${at}" has ${bytes} bytes, at most ${most} are allowed`,
    zh: `"${at}" 为 ${bytes} 字节，最多 ${most} 字节`,
  };
}

export function tooManyCharacters(at: string, count: number, most: number): Text {
  return {
    en: `"${at}" has ${count} characters, at most ${most} are allowed`,
    zh: `"${at}" 有 ${count} 个字符，最多 ${most} 个`,
  };
}

export function outOfRange(
  at: string,
  value: string,
  min: number | undefined,
  max: number | undefined,
): Text {
  if (min === undefined)
    return {
      en: `"${at}" is ${shown(value)}, at most ${max} is allowed`,
      zh: `"${at}" 为 ${shown(value)}，最大 ${max}`,
    };
  return {
    en: `"${at}" is ${shown(value)}, it must be ${min} to ${max}`,
    zh: `"${at}" 为 ${shown(value)}，应为 ${min} 至 ${max}`,
  };
}

export function noDate(at: string, value: string): Text {
  return {
    en: `"${at}" is "${shown(value)}", it must be a date such as 2026-01-31`,
    zh: `"${at}" 为 "${shown(value)}"，应为日期，例如 2026-01-31`,
  };
}

export function noPath(at: string, value: string): Text {
  return {
    en: `"${at}" is "${shown(value)}", it must be a path such as /cgi-bin/menu/get`,
    zh: `"${at}" 为 "${shown(value)}"，应为接口路径，例如 /cgi-bin/menu/get`,
  };
}

export function noMediaId(value: string): Text {
  const upload = /[./\\]/.test(value);
  return {
    en: `"${shown(value)}" is no media_id${upload ? '; upload the file first, the answer names it' : ''}`,
    zh: `"${shown(value)}" 不是 media_id${upload ? '，请先上传文件，从应答中取得' : ''}`,
  };
}

export function foreignPicture(at: string, url: string): Text {
  return {
    en: `WeChat takes the picture ${shown(url)} out of "${at}"; upload it: /cgi-bin/media/uploadimg`,
    zh: `"${at}" 中的外部图片 ${shown(url)} 会被过滤，请先上传：/cgi-bin/media/uploadimg`,
  };
}

export function otherKind(at: string, wanted: 'array' | 'object' | 'value'): Text {
  const words = {
    array: { en: 'a list', zh: '列表' },
    object: { en: 'an object', zh: '对象' },
    value: { en: 'a single value', zh: '单个值' },
  }[wanted];
  return { en: `"${at}" should be ${words.en}`, zh: `"${at}" 应为${words.zh}` };
}

export function partMissing(name: string): Text {
  return { en: `the file is missing: --form ${name}=@FILE`, zh: `缺少文件：--form ${name}=@文件` };
}

export function partIsText(name: string): Text {
  return {
    en: `"${name}" must be a file: --form ${name}=@FILE`,
    zh: `"${name}" 应为文件：--form ${name}=@文件`,
  };
}

export function emptyFile(name: string): Text {
  return { en: `"${name}" is empty`, zh: `"${name}" 是空文件` };
}

export function fileTooLarge(name: string, bytes: number, most: number): Text {
  return {
    en: `"${name}" has ${bytes} bytes, at most ${most} are allowed`,
    zh: `"${name}" 为 ${bytes} 字节，最多 ${most} 字节`,
  };
}

export function otherEnding(name: string, types: readonly string[]): Text {
  return {
    en: `"${name}" has another ending than ${types.join(', ')}`,
    zh: `"${name}" 的扩展名不是 ${types.join('、')}`,
  };
}
