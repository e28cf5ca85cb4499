/** The path of a call as people write it. Whatever stands in it, the call goes to an API host of the platform. */
import { isWeixinHost } from '../account/index.ts';
import { usageError, type WechatMpError } from '../errors.ts';
import type { Text } from '../text/text.ts';

export interface CallPath {
  /** Begins with a slash; letters, digits, `_`, `-`, `.` and slashes alone. */
  readonly path: string;
  /** What stood behind a question mark, decoded, without an access token. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/**
 * Reads `/cgi-bin/user/info?openid=x`, the same without its first slash, or the whole address as the documentation
 * writes it, `https://api.weixin.qq.com/…?access_token=ACCESS_TOKEN`. Throws a usage error for anything that could lead
 * elsewhere: another host, `..`, `@`, a backslash, an escape, a line break.
 */
export function parseCallPath(text: string): CallPath {
  const [given = '', ...rest] = text.split('?');
  const path = withoutHost(given, text);
  if (!/^(?:\/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)+\/?$/.test(path)) throw refused(text, form);
  const search = new URLSearchParams(rest.join('?'));
  const token = search.get('access_token') ?? '';
  // The documentation writes ACCESS_TOKEN there; a real one must not stand on a command line.
  if (token !== '' && !/^[A-Z_$()-]+$/i.test(token)) throw tokenInPath();
  search.delete('access_token');
  return { path, query: [...search] };
}

const form: Text = {
  en: 'it must be a path such as /cgi-bin/user/get',
  zh: '应为接口路径，例如 /cgi-bin/user/get',
};

function withoutHost(given: string, whole: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(given)) {
    const found = /^https:\/\/([a-z0-9.]+)(\/.*)$/.exec(given);
    if (found === null || !isWeixinHost(found[1] ?? '')) throw refused(whole, elsewhere);
    return found[2] ?? '';
  }
  if (given.startsWith('//') || given.includes('\\')) throw refused(whole, elsewhere);
  return given.startsWith('/') ? given : `/${given}`;
}

const elsewhere: Text = {
  en: "calls go to WeChat's API hosts alone",
  zh: '只能调用微信的接口域名',
};

function refused(text: string, why: Text): WechatMpError {
  // Behind the question mark may stand a secret.
  const shown = text.replace(/\?.*/s, '');
  return usageError(
    'path_invalid',
    { en: `Cannot call "${shown}": ${why.en}`, zh: `无法调用 "${shown}"：${why.zh}` },
    {
      en: 'Look for a call: wechat-mp api --list <words>; another host is --api-base',
      zh: '查找接口：wechat-mp api --list <关键词>；更换域名请用 --api-base',
    },
  );
}

function tokenInPath(): WechatMpError {
  return usageError(
    'secret_on_command_line',
    {
      en: 'Cannot take an access_token from the path: the command line is visible in "ps" and in the shell history',
      zh: '不能在路径中传 access_token：命令行会出现在 ps 和 shell 历史里',
    },
    {
      en: 'Leave it out, it is added; or give your own with --access-token-stdin',
      zh: '请去掉，会自动添加；或用 --access-token-stdin 传入',
    },
  );
}
