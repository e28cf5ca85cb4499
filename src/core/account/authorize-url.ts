/** 网页授权（OAuth2）: the address that a person is sent to, by the rules of the page that stands there. */
import type { Text } from '../text/text.ts';

export const authorizePath = '/connect/oauth2/authorize';

/** `snsapi_base` tells only the openid and asks nobody; `snsapi_userinfo` tells name and picture. */
export type WebScope = 'snsapi_base' | 'snsapi_userinfo';

export interface AuthorizeRequest {
  readonly redirectUri: string;
  readonly scope: WebScope;
  readonly state: string | undefined;
}

/** What WeChat's page says instead of going on. */
export class AuthorizeRefusal extends Error {
  override readonly name = 'AuthorizeRefusal';
  /** Missing where the platform's table has no number. */
  readonly code: number | undefined;
  /** The platform's own words. */
  readonly words: string;
  readonly reason: Text;

  constructor(code: number | undefined, words: string, reason: Text) {
    super(words);
    this.code = code;
    this.words = words;
    this.reason = reason;
  }
}

const scopes: readonly WebScope[] = ['snsapi_base', 'snsapi_userinfo'];
const maxStateBytes = 128;
/** What the documentation allows; the platform takes more, and nobody says what becomes of it. */
const documentedState = /^[A-Za-z0-9]*$/;

/** Whether an address leads to 网页授权 at WeChat. */
export function isAuthorizeUrl(url: URL): boolean {
  return url.hostname === 'open.weixin.qq.com' && url.pathname === authorizePath;
}

/**
 * Reads the parameters. Throws an `AuthorizeRefusal`. `domains` are the 网页授权域名 of the account; without any, every
 * address is good.
 */
export function parseAuthorizeQuery(
  query: URLSearchParams,
  domains: readonly string[] = [],
): AuthorizeRequest {
  if ((query.get('appid') ?? '') === '') throw missing('appid');
  const redirectUri = checkRedirect(query.get('redirect_uri') ?? '', domains);
  if (query.get('response_type') !== 'code') {
    throw new AuthorizeRefusal(undefined, 'response_type 参数错误', wrongResponseType);
  }
  const given = query.get('scope') ?? '';
  if (given === '') throw missing('scope');
  const scope = scopes.find((each) => each === given);
  if (scope === undefined) throw new AuthorizeRefusal(10005, 'Scope 参数错误或没有 Scope 权限', wrongScope);
  const state = query.get('state') ?? undefined;
  if (state !== undefined && Buffer.byteLength(state) > maxStateBytes) {
    throw new AuthorizeRefusal(undefined, 'state 参数错误', wrongState);
  }
  return { redirectUri, scope, state };
}

/** Whether a "#" that was not encoded ends the address before its last parameter. */
export function isCutShort(url: URL): boolean {
  return url.hash.includes('&') || url.hash.indexOf('#', 1) > 0;
}

/** What works here and may not on a phone. `url` is the whole address, fragment included. */
export function adviseOnAuthorizeUrl(url: URL): readonly Text[] {
  const names = [...url.searchParams.keys()];
  const inOrder = expectedOrder.filter((name) => names.includes(name));
  const advice: Text[] = [];
  if (isCutShort(url)) advice.push(cutShort);
  else if (url.hash !== '#wechat_redirect') advice.push(noFragment);
  if (/[?&]redirect_uri=https?:\/\//i.test(url.search)) advice.push(notEncoded);
  if (names.filter((name) => expectedOrder.includes(name)).join() !== inOrder.join()) advice.push(wrongOrder);
  if (!documentedState.test(url.searchParams.get('state') ?? '')) advice.push(oddState);
  const unknown = names.find((name) => !expectedOrder.includes(name) && !knownExtras.includes(name));
  if (unknown !== undefined) advice.push(unknownParameter(unknown));
  return advice;
}

const expectedOrder = ['appid', 'redirect_uri', 'response_type', 'scope', 'state'];
const knownExtras = ['connect_redirect', 'forcePopup', 'forceSnapShot'];

function checkRedirect(address: string, domains: readonly string[]): string {
  if (address === '') throw missing('redirect_uri');
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) {
    throw new AuthorizeRefusal(10003, 'redirect_uri 参数错误', {
      en: 'redirect_uri must begin with "http://" or "https://", percent-encoded once',
      zh: 'redirect_uri 必须以“http://”或“https://”开头，并做一次 URL 编码',
    });
  }
  const { host, hostname, href } = new URL(address);
  if (domains.length > 0 && !domains.includes(host) && !domains.includes(hostname)) {
    throw new AuthorizeRefusal(10003, 'redirect_uri 参数错误', {
      en: `redirect_uri leads to "${host}", which must be one of the web authorisation domains: ${domains.join(', ')}`,
      zh: `redirect_uri 指向“${host}”，必须是已设置的网页授权域名之一：${domains.join('、')}`,
    });
  }
  return href;
}

const missingCodes = { appid: 10012, redirect_uri: 10011, scope: 10010 } as const;

function missing(name: keyof typeof missingCodes): AuthorizeRefusal {
  return new AuthorizeRefusal(missingCodes[name], `${name}不能为空`, {
    en: `The address must have the parameter "${name}"`,
    zh: `地址中必须有参数“${name}”`,
  });
}

const wrongResponseType: Text = {
  en: 'response_type must be "code"',
  zh: 'response_type 必须是“code”',
};
const wrongScope: Text = {
  en: 'scope must be "snsapi_base" or "snsapi_userinfo"; "snsapi_login" is for web sites on the Open Platform',
  zh: 'scope 只能是“snsapi_base”或“snsapi_userinfo”；“snsapi_login”用于开放平台的网站应用',
};
const wrongState: Text = {
  en: 'state must be at most 128 bytes',
  zh: 'state 最长 128 字节',
};
const noFragment: Text = {
  en: 'The address must end with "#wechat_redirect"; without it some phones stay on a blank page',
  zh: '地址必须以“#wechat_redirect”结尾，否则部分手机会停在空白页',
};
const cutShort: Text = {
  en: 'A "#" inside ends the address before its last parameters; in redirect_uri write it as "%23"',
  zh: '地址中间的“#”会截断其后的参数；在 redirect_uri 中请写作“%23”',
};
const notEncoded: Text = {
  en: 'redirect_uri must be percent-encoded: https%3A%2F%2F…',
  zh: 'redirect_uri 必须做 URL 编码：https%3A%2F%2F…',
};
const oddState: Text = {
  en: 'Use letters and digits alone in state: WeChat promises no more, and may not encode it again on the way back',
  zh: 'state 请只用字母和数字：微信文档只允许这些字符，跳转时可能不会对它重新编码',
};
const wrongOrder: Text = {
  en: 'Put the parameters into the order appid, redirect_uri, response_type, scope, state: some phones check it',
  zh: '参数应按 appid、redirect_uri、response_type、scope、state 的顺序排列：部分手机会检查顺序',
};

function unknownParameter(name: string): Text {
  return {
    en: `"${name}" is no parameter of this address; redirect_uri must be percent-encoded, or its own query ends up here`,
    zh: `“${name}”不是此地址的参数；redirect_uri 必须做 URL 编码，否则其查询参数会混到这里`,
  };
}
