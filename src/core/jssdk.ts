import { sha1Hex } from './digest.ts';
import { inputError } from './errors.ts';
import { signSorted } from './signature.ts';
import type { Text } from './text.ts';

/** Something about a page's URL that often makes `wx.config` answer "invalid signature". */
export interface UrlWarning {
  readonly rule: 'entity' | 'space' | 'share-parameters' | 'non-ascii' | 'bare-domain' | 'port';
  readonly text: Text;
}

/**
 * Cuts the fragment off a page's URL and says what looks wrong with the rest, which is never rewritten: the page's own
 * `location.href` decides（JS-SDK 使用权限签名算法）. Throws an input error unless it begins with `http://` or `https://`.
 */
export function cleanUrl(url: string): { readonly url: string; readonly warnings: readonly UrlWarning[] } {
  const cleaned = cutFragment(url);
  const authority = /^https?:\/\/([^/?]+)(.*)$/is.exec(cleaned);
  if (authority === null) {
    throw inputError(
      'url_invalid',
      {
        en: 'Cannot sign the URL: it must begin with "http://" or "https://" and a domain',
        zh: '无法对该 URL 签名：应以“http://”或“https://”加域名开头',
      },
      {
        en: 'Take it from the page: location.href.split("#")[0]',
        zh: '请在页面中取得：location.href.split("#")[0]',
      },
    );
  }
  const [, host = '', rest = ''] = authority;
  const warnings = checks
    .filter((check) => check.applies(cleaned, host, rest))
    .map(({ rule, text }) => ({ rule, text }));
  return { url: cleaned, warnings };
}

function cutFragment(url: string): string {
  const start = url.indexOf('#');
  return start === -1 ? url : url.slice(0, start);
}

const shareParameters = /[?&](?:from|isappinstalled|scene|clicktime|enterid|nsukey)=/;

const checks: readonly (UrlWarning & { applies(url: string, host: string, rest: string): boolean })[] = [
  {
    rule: 'entity',
    applies: (url) => url.includes('&amp;'),
    text: {
      en: 'The URL contains "&amp;": the browser has "&" there',
      zh: 'URL 含有“&amp;”：浏览器地址中应为“&”',
    },
  },
  {
    rule: 'space',
    applies: (url) => /\s/.test(url),
    text: {
      en: 'The URL contains a blank: the browser has "%20" or nothing there',
      zh: 'URL 含有空白字符：浏览器地址中应为“%20”或没有',
    },
  },
  {
    rule: 'share-parameters',
    applies: (_url, _host, rest) => shareParameters.test(rest),
    text: {
      en: 'The URL contains parameters that WeChat adds when a page is shared: sign the URL of the moment, not a fixed one',
      zh: 'URL 含有微信分享时附加的参数：应对当前页面地址实时签名，不要写死',
    },
  },
  {
    rule: 'non-ascii',
    applies: (url) => /[^\p{ASCII}]/u.test(url),
    text: {
      en: 'The URL contains characters outside ASCII: sign it percent-encoded, as location.href shows it',
      zh: 'URL 含有非 ASCII 字符：请按 location.href 的百分号编码形式签名',
    },
  },
  {
    rule: 'bare-domain',
    applies: (_url, _host, rest) => !rest.startsWith('/'),
    text: {
      en: 'The URL has no path: the browser adds "/" after the domain',
      zh: 'URL 没有路径：浏览器会在域名后加上“/”',
    },
  },
  {
    rule: 'port',
    applies: (_url, host) => /:(?!(?:80|443)$)\d+$/.test(host),
    text: {
      en: 'The URL names a port other than 80 and 443: WeChat accepts only those',
      zh: 'URL 使用了 80 和 443 以外的端口：微信只接受这两个端口',
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
    ...(fields.openTagList === undefined ? {} : { openTagList: fields.openTagList }),
  };
}

/**
 * Signature of a card（卡券签名）: only the values, ticket included, sorted by bytes and joined. Names do not matter and
 * empty values drop out by themselves.
 */
export function signCard(values: readonly string[]): string {
  return signSorted(values);
}
