/** Words for a proxy that fails. Loaded only when one did. */
import type { Text } from '../../core/text/text.ts';
import type { ProxyFailure } from './exchange.ts';
import type { ConnectPhase, Words } from './fetch-errors.ts';

/** Whatever happens inside a tunnel may be the proxy's doing, and nobody can tell. */
export function wentThrough(proxy: string): Text {
  return {
    en: `The connection went through the proxy "${proxy}", which may be the cause`,
    zh: `连接经过代理“${proxy}”，也可能是代理造成的`,
  };
}

/** A way that the proxy did not open. */
export function proxyFailure(
  proxy: string,
  failure: ProxyFailure,
  { code, isCertificate }: { readonly code: string | undefined; readonly isCertificate: boolean },
): Words {
  const { fault, detail = '' } = failure;
  if (fault === 'unreachable' && isCertificate) return proxyCertificate(proxy, code ?? '');
  const reasons: Readonly<Record<typeof fault, Text>> = {
    unreachable: { en: code ?? 'no connection', zh: code ?? '无法连接' },
    closed: { en: 'it closed the connection without an answer', zh: '代理未应答就关闭了连接' },
    foreign: { en: 'its answer is not that of a proxy', zh: '其应答不是代理协议' },
    refused: { en: detail, zh: detail },
    login: { en: `${detail}: it wants a user name and password`, zh: `${detail}：需要用户名和密码` },
    denied: {
      en: `${detail}: it does not accept the user name and password`,
      zh: `${detail}：用户名或密码未被接受`,
    },
  };
  const reason = reasons[fault];
  return {
    type: 'proxy',
    text: {
      en: `Cannot connect through the proxy "${proxy}" (${reason.en})`,
      zh: `无法通过代理“${proxy}”连接（${reason.zh}）`,
    },
    hint: hints[fault] ?? checkProxy,
    // A proxy that says that it cannot get through now may get through in a moment.
    retryable: fault === 'unreachable' || fault === 'closed' || detail.startsWith('HTTP 5'),
  };
}

const hints: Readonly<Partial<Record<ProxyFailure['fault'], Text>>> = {
  login: {
    en: 'Put the user name and password into the proxy URL in HTTPS_PROXY',
    zh: '请在 HTTPS_PROXY 的代理网址中写上用户名和密码',
  },
  denied: {
    en: 'Check the user name and password in the proxy URL; a special character in them is written as %40 (@), %3A (:)',
    zh: '请检查代理网址中的用户名和密码；其中的特殊字符要写成 %40（@）、%3A（:）这样的形式',
  },
};

const checkProxy: Text = {
  en: 'Check --proxy and HTTPS_PROXY, or go without it: --proxy none',
  zh: '请检查 --proxy 和 HTTPS_PROXY，或用 --proxy none 直接连接',
};

function proxyCertificate(proxy: string, code: string): Words {
  return {
    type: 'proxy',
    text: {
      en: `Cannot trust the certificate of the proxy "${proxy}" (${code})`,
      zh: `无法信任代理“${proxy}”的证书（${code}）`,
    },
    hint: {
      en: 'Give its certificate with NODE_EXTRA_CA_CERTS, or write http:// if the proxy speaks no TLS',
      zh: '请用 NODE_EXTRA_CA_CERTS 指定其证书；若代理不使用 TLS，请写 http://',
    },
    retryable: false,
  };
}

export function proxyTimeout(
  proxy: string,
  host: string,
  seconds: number,
  phase: ConnectPhase | undefined,
): Words {
  return {
    type: 'proxy',
    text:
      phase === 'tls'
        ? {
            en: `The proxy "${proxy}" opened a way to "${host}", but nothing came through it within ${seconds} s`,
            zh: `代理“${proxy}”已接通“${host}”，但 ${seconds} 秒内没有任何数据`,
          }
        : {
            en: `The proxy "${proxy}" did not open a way to "${host}" within ${seconds} s`,
            zh: `代理“${proxy}”未在 ${seconds} 秒内接通“${host}”`,
          },
    hint: checkProxy,
    retryable: true,
  };
}

/** A way that stood, and ended before the request was sent. */
export function brokenTunnel(proxy: string, host: string, code: string | undefined): Words {
  const reason = code === undefined ? '' : ` (${code})`;
  const reasonZh = code === undefined ? '' : `（${code}）`;
  return {
    type: 'proxy',
    text: {
      en: `The proxy "${proxy}" opened a way to "${host}", but it broke before anything was sent${reason}`,
      zh: `代理“${proxy}”已接通“${host}”，但在发送请求之前中断${reasonZh}`,
    },
    hint: checkProxy,
    retryable: true,
  };
}
