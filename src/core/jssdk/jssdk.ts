import { defined } from '../text/defined.ts';
import { sha1Hex } from '../text/digest.ts';
import { inputError } from '../errors.ts';
import type { Text } from '../text/text.ts';

/** Something about a page's URL that often makes `wx.config` answer "invalid signature". */
export interface UrlWarning {
  readonly rule:
    | 'entity'
    | 'space'
    | 'share-parameters'
    | 'query-encoding'
    | 'non-ascii'
    | 'bare-domain'
    | 'port'
    | 'browser-form'
    | 'http';
  readonly text: Text;
}

/** `browser`: as its address bar and `location.href` have it. `as-is`: as somebody wrote it. */
export type UrlForm = 'browser' | 'as-is';

export interface CleanUrl {
  /** What is signed: without the fragment, in the form that was asked for. */
  readonly url: string;
  /** As it was written, without the fragment. */
  readonly typed: string;
  readonly warnings: readonly UrlWarning[];
}

/**
 * Cuts the fragment off a page's URL, writes the rest as a browser shows it, and says what looks wrong: the page's own
 * `location.href` decides（JS-SDK 使用权限签名算法）. A browser writes scheme and host in small letters and the host in
 * ASCII, leaves the usual port out, begins the path with "/", and percent-encodes what is not ASCII. Throws an input
 * error for what no browser would open.
 */
export function cleanUrl(given: string, form: UrlForm = 'browser'): CleanUrl {
  const typed = cutFragment(given);
  const start = /^https?:\/\/([^/?]+)/i.exec(typed);
  const shown = parseUrl(typed)?.href;
  if (start === null || shown === undefined) throw notAnAddress(start !== null);
  const [{ length }, host = ''] = start;
  const address: Address = { url: typed, host, rest: typed.slice(length), shown };
  const warnings = checks
    .filter((check) => (check.form ?? form) === form && check.applies(address))
    .map(({ rule, text }) => ({ rule, text: typeof text === 'function' ? text(address) : text }));
  return { url: form === 'browser' ? shown : typed, typed, warnings };
}

function parseUrl(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

function notAnAddress(begins: boolean): Error {
  return inputError(
    'url_invalid',
    begins
      ? {
          en: 'Cannot sign the URL: no browser opens it, its domain or port is malformed',
          zh: '无法对该 URL 签名：域名或端口格式不正确，浏览器无法打开',
        }
      : {
          en: 'Cannot sign the URL: it must begin with "http://" or "https://" and a domain',
          zh: '无法对该 URL 签名：应以“http://”或“https://”加域名开头',
        },
    {
      en: 'Take it from the page: location.href.split("#")[0]',
      zh: '请在页面中取得：location.href.split("#")[0]',
    },
  );
}

function cutFragment(url: string): string {
  const start = url.indexOf('#');
  return start === -1 ? url : url.slice(0, start);
}

interface Address {
  readonly url: string;
  /** With the port. */
  readonly host: string;
  /** From the end of the host. */
  readonly rest: string;
  /** What the address bar makes of it. */
  readonly shown: string;
}

interface Check {
  readonly rule: UrlWarning['rule'];
  /** Where it says something for one form only. */
  readonly form?: UrlForm;
  readonly applies: (address: Address) => boolean;
  readonly text: Text | ((address: Address) => Text);
}

/** What WeChat adds to an address when a page is shared. `from` is a common name, so its value counts as well. */
const shareParameter =
  /[?&](?:from=(?:singlemessage|groupmessage|timeline)(?=&|$)|(?:isappinstalled|clicktime|enterid|nsukey)=)/;

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}

const checks: readonly Check[] = [
  {
    rule: 'entity',
    applies: ({ url }) => url.includes('&amp;'),
    text: {
      en: 'The URL contains "&amp;": the browser has "&" there',
      zh: 'URL 含有“&amp;”：浏览器地址中应为“&”',
    },
  },
  {
    rule: 'space',
    applies: ({ url }) => /\s/.test(url),
    text: {
      en: 'The URL contains a blank: the browser has "%20" or nothing there',
      zh: 'URL 含有空白字符：浏览器地址中会是“%20”，或者没有',
    },
  },
  {
    rule: 'share-parameters',
    applies: ({ rest }) => shareParameter.test(rest),
    text: {
      en: 'The URL contains parameters that WeChat adds when a page is shared: sign the URL of the moment, not a fixed one',
      zh: 'URL 含有微信分享时附加的参数：请对用户当前打开的地址签名，不要写死',
    },
  },
  {
    rule: 'query-encoding',
    form: 'browser',
    // Quirk: browsers encode a query as the page that leads there is encoded, and everything else as UTF-8.
    applies: ({ rest }) => !isAscii(rest.replace(/^[^?]*/, '')),
    text: {
      en: 'The query contains characters outside ASCII: signed as UTF-8; a page in another encoding, such as GBK, has other bytes there',
      zh: '查询参数含有非 ASCII 字符：已按 UTF-8 编码签名；若页面使用 GBK 等其他编码，实际地址会不同',
    },
  },
  {
    rule: 'non-ascii',
    form: 'as-is',
    applies: ({ url }) => !isAscii(url),
    text: {
      en: 'The URL contains characters outside ASCII: sign it percent-encoded, as location.href shows it',
      zh: 'URL 含有非 ASCII 字符：请按 location.href 中的百分号编码形式签名',
    },
  },
  {
    rule: 'bare-domain',
    form: 'as-is',
    applies: ({ rest }) => !rest.startsWith('/'),
    text: {
      en: 'The URL has no path: the browser adds "/" after the domain',
      zh: 'URL 没有路径：浏览器会在域名后加上“/”',
    },
  },
  {
    rule: 'port',
    applies: ({ host }) => /:(?!(?:80|443)$)\d+$/.test(host),
    text: {
      en: 'The URL names a port other than 80 and 443: WeChat accepts only those',
      zh: 'URL 使用了 80 和 443 以外的端口：微信只接受这两个端口',
    },
  },
  {
    rule: 'browser-form',
    form: 'browser',
    applies: ({ rest, url, shown }) => shown !== url && /["'<>`{}|\\^]/.test(rest),
    text: {
      en: 'The URL contains characters that browsers do not all write in the same way: compare it with location.href',
      zh: 'URL 含有各浏览器写法不一的字符：请与 location.href 核对',
    },
  },
  {
    rule: 'browser-form',
    form: 'as-is',
    // A blank, a character outside ASCII and a missing path have their own words.
    applies: ({ url, rest, shown }) =>
      shown !== url && rest.startsWith('/') && !/\s/.test(url) && isAscii(url),
    text: ({ shown }) => ({
      en: `The browser writes this URL otherwise, and that is what must be signed: ${shown}`,
      zh: `浏览器会把该 URL 写成另一种形式，应对该形式签名：${shown}`,
    }),
  },
  {
    rule: 'http',
    // Without TLS only on the developer's own machine.
    applies: ({ url, host }) =>
      /^http:/i.test(url) && !/^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host),
    text: {
      en: 'The URL begins with "http:": opened over https the page needs another signature',
      zh: 'URL 以“http:”开头：若页面通过 https 打开，签名将不匹配',
    },
  },
];

/** What goes into a JS-SDK signature. */
export interface JssdkFields {
  /** `jsapi_ticket`. */
  readonly ticket: string;
  /** Quirk: `noncestr` in the signature, `nonceStr` in `wx.config`. */
  readonly nonceStr: string;
  /** Unix seconds. */
  readonly timestamp: number | string;
  readonly url: string;
}

/** The text that is hashed（string1）: names in small letters in this order, values raw, the URL exactly as given. */
export function formatString1(fields: JssdkFields): string {
  return `jsapi_ticket=${fields.ticket}&noncestr=${fields.nonceStr}&timestamp=${fields.timestamp}&url=${fields.url}`;
}

/** SHA-1 of `string1` in lower-case hex. */
export function signString1(string1: string): string {
  return sha1Hex(string1);
}

/**
 * The signature for `wx.config`（JS-SDK 使用权限签名算法）. The fragment of the URL is cut; nothing else is changed.
 */
export function signJssdk(fields: JssdkFields): string {
  return signString1(formatString1({ ...fields, url: cutFragment(fields.url) }));
}

/** The argument of `wx.config`, with its own spelling. */
export interface JssdkConfig {
  readonly debug: boolean;
  readonly appId: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly nonceStr: string;
  readonly signature: string;
  readonly jsApiList: readonly string[];
  readonly openTagList?: readonly string[];
}

/** Signs and fills in what a page hands to `wx.config`. */
export function jssdkConfig(
  fields: Omit<JssdkFields, 'timestamp'> & {
    readonly timestamp: number;
    readonly appId: string;
    readonly jsApiList?: readonly string[] | undefined;
    readonly openTagList?: readonly string[] | undefined;
    readonly debug?: boolean | undefined;
  },
): JssdkConfig {
  return {
    debug: fields.debug ?? false,
    appId: fields.appId,
    timestamp: fields.timestamp,
    nonceStr: fields.nonceStr,
    signature: signJssdk(fields),
    jsApiList: fields.jsApiList ?? [],
    ...defined({ openTagList: fields.openTagList }),
  };
}
