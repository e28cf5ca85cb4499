/** Where the API is asked. A base is an origin with an optional path, without a slash at the end. */
import { inputError } from '../errors.ts';
import type { Text } from '../text/text.ts';

/** 接口调用域名, general access. */
export const defaultApiBase = 'https://api.weixin.qq.com';

/** Whether a host name, as `URL.hostname` gives it, can only be this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    hostname === '::1' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/** Whether a host name, as `URL.hostname` gives it, is one of WeChat's own（公众平台接口域名）. */
export function isWeixinHost(hostname: string): boolean {
  return hostname.endsWith('.weixin.qq.com');
}

/**
 * Whether a host name, as `URL.hostname` gives it, is known to no public network: this machine, addresses of private
 * networks (RFC 1918, RFC 4193) and of a single link, names without a dot, and `.local`.
 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (isLoopbackHost(host) || host === '0.0.0.0' || host === '[::]') return true;
  if (host.startsWith('[')) return /^\[(f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/.test(host);
  if (/^(10|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))(\.\d{1,3})+$/.test(host)) return true;
  return !host.includes('.') || /\.(local|localhost|internal|lan)$/.test(host);
}

/** Whether a base, as `parseApiBase` gives it, is on this machine, as a simulator is. */
export function isLoopbackBase(apiBase: string): boolean {
  return apiBase !== defaultApiBase && isLoopbackHost(new URL(apiBase).hostname);
}

/** The base for calls that the platform answers elsewhere. When the base is overridden, they are asked there too. */
export function baseOfHost(apiBase: string, host: string): string {
  return apiBase === defaultApiBase ? `https://${host}` : apiBase;
}

/**
 * Parses an API base that somebody gave; `name` is the flag or variable it came from.
 * https anywhere, http on loopback only, no credentials, no query, no fragment. Throws an input error.
 */
export function parseApiBase(text: string, name: string): string {
  if (text === defaultApiBase) return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const reason = url === undefined ? notUrl : refusalOf(url);
  if (url !== undefined && reason === undefined) return url.origin + url.pathname.replace(/\/+$/, '');
  throw inputError(
    'api_base_invalid',
    {
      en: `Cannot use the API base from ${name}: ${(reason ?? notUrl).en}`,
      zh: `${name} 指定的接口地址不可用：${(reason ?? notUrl).zh}`,
    },
    {
      en: 'Write https://host, or http://127.0.0.1:8090 for a simulator',
      zh: '写成 https://主机，或模拟器的 http://127.0.0.1:8090',
    },
  );
}

const notUrl: Text = { en: 'it is not a URL', zh: '不是合法的 URL' };

function refusalOf(url: URL): Text | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return {
      en: `the scheme ${url.protocol} is not http or https`,
      zh: `协议 ${url.protocol} 不是 http 或 https`,
    };
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    return {
      en: 'plain http would show the AppSecret to the network, so it is for this machine only',
      zh: 'http 明文会在网络上暴露 AppSecret，只能用于本机',
    };
  }
  if (url.username !== '' || url.password !== '')
    return { en: 'it holds a user name or password', zh: '包含用户名或密码' };
  if (url.search !== '' || url.hash !== '')
    return { en: 'it has a query or a fragment', zh: '带有查询参数或 # 片段' };
  return undefined;
}
