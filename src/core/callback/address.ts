/** Whether WeChat could reach a callback URL（服务器配置）, as far as its text tells. */
import { isPrivateHost } from '../account/index.ts';
import type { Text } from '../text/text.ts';

export type AddressVerdict =
  | /** A name or an address of the open internet, on port 80 or 443. */ { readonly kind: 'public' }
  | /** Only this machine or its network can reach it. */ { readonly kind: 'local'; readonly text: Text }
  | /** The console refuses it. */ {
      readonly kind: 'refused';
      readonly text: Text;
      readonly hint: Text;
    };

/** Judges an `http:` or `https:` URL. Throws a `TypeError` for a text that is no URL. */
export function judgeCallbackAddress(text: string): AddressVerdict {
  const url = new URL(text);
  if (isPrivateHost(url.hostname) || isReserved(url.hostname)) {
    return {
      kind: 'local',
      text: {
        en: `Only this machine or its network reaches "${url.host}"; WeChat needs a public address on port 80 or 443`,
        zh: `“${url.host}”只有本机或内网能访问；微信需要公网地址，端口 80 或 443`,
      },
    };
  }
  if (['', '80', '443'].includes(url.port)) return { kind: 'public' };
  return {
    kind: 'refused',
    text: {
      en: `The console takes port 80 (http) and 443 (https) only, got ${url.port}`,
      zh: `后台只支持 80（http）和 443（https）端口，实际为 ${url.port}`,
    },
    hint: {
      en: 'Put a reverse proxy in front that listens on port 80 or 443',
      zh: '请用反向代理监听 80 或 443 端口',
    },
  };
}

/** What a provider shares among its customers (RFC 6598), and names that no public server answers for (RFC 2606). */
function isReserved(hostname: string): boolean {
  return (
    /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])(?:\.\d{1,3}){2}$/.test(hostname) ||
    /\.(?:test|example|invalid)$/.test(hostname)
  );
}
