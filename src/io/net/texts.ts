/** Words for everything that can go wrong on the way to a server and back. */
import type { Text } from '../../core/text/text.ts';
import type { ProxyFailure } from './exchange.ts';
import type { ConnectPhase } from './fetch-errors.ts';

/** What an error says. */
export interface Words {
  readonly type: string;
  readonly text: Text;
  readonly hint?: Text;
  /** Where the type does not decide it. */
  readonly retryable?: boolean;
}

export function timeout(
  host: string,
  timeoutMs: number,
  answered: boolean,
  proxy: string | undefined,
): Words {
  const seconds = inSeconds(timeoutMs);
  const direct = answered
    ? {
        en: `"${host}" began to answer but did not finish within ${seconds} s`,
        zh: `“${host}”开始应答，但未能在 ${seconds} 秒内完成`,
      }
    : { en: `"${host}" did not answer within ${seconds} s`, zh: `“${host}”未在 ${seconds} 秒内应答` };
  // Who of the two is silent cannot be seen from here.
  const through = answered
    ? {
        en: `The answer of "${host}" through the proxy "${proxy}" did not come to its end within ${seconds} s`,
        zh: `“${host}”经由代理“${proxy}”的应答未在 ${seconds} 秒内传完`,
      }
    : {
        en: `No answer of "${host}" came through the proxy "${proxy}" within ${seconds} s`,
        zh: `${seconds} 秒内没有收到“${host}”经由代理“${proxy}”的应答`,
      };
  return {
    type: 'timeout',
    text: proxy === undefined ? direct : through,
    hint: {
      en: 'Try again, or allow more time with --timeout 30s',
      zh: '请重试，或用 --timeout 30s 延长等待时间',
    },
  };
}

export function tooLarge(host: string, maxBytes: number, flag: string): Words {
  return {
    type: 'body_too_large',
    text: {
      en: `The answer of "${host}" is longer than the allowed ${maxBytes} bytes`,
      zh: `“${host}”的应答超过了允许的 ${maxBytes} 字节`,
    },
    hint: somebodyElse(flag),
  };
}

/** The address was given for the platform, or for a server of the developer's own. */
function somebodyElse(flag: string): Text {
  return flag === '--api-base'
    ? {
        en: 'Check --api-base and --proxy: something other than WeChat seems to answer',
        zh: '请检查 --api-base 和 --proxy：应答的似乎不是微信服务器',
      }
    : {
        en: `Check ${flag} and --proxy: another program may be the one that answers`,
        zh: `请检查 ${flag} 和 --proxy：应答的可能是其他程序`,
      };
}

export function headersTooLong(host: string, maxBytes: number, flag: string): Words {
  return {
    type: 'headers_too_long',
    text: {
      en: `The headers of the answer of "${host}" are longer than ${maxBytes / 1024} KiB, the most that is read`,
      zh: `“${host}”的应答头超过了可读取的上限 ${maxBytes / 1024} KiB`,
    },
    hint: somebodyElse(flag),
  };
}

/** What is wrong with an answer that is one of HTTP by its beginning. */
export type Breach = 'status' | 'header' | 'length' | 'chunk' | 'end';

const breaches: Readonly<Record<Breach, Text>> = {
  status: { en: 'its first line is malformed', zh: '状态行格式错误' },
  header: { en: 'a line of its headers is malformed', zh: '应答头中有一行格式错误' },
  length: {
    en: 'its Content-Length or Transfer-Encoding is wrong',
    zh: 'Content-Length 或 Transfer-Encoding 有误',
  },
  chunk: { en: 'the chunks of its body are malformed', zh: '分块（chunked）格式错误' },
  end: { en: 'it goes on after its end', zh: '应答结束后仍有数据' },
};

export function malformed(host: string, breach: Breach, code: string | undefined, flag: string): Words {
  const { en, zh } = breaches[breach];
  const [end, endZh] = code === undefined ? ['', ''] : [` (${code})`, `（${code}）`];
  return {
    type: 'malformed_answer',
    text: {
      en: `The answer of "${host}" breaks the rules of HTTP: ${en}${end}`,
      zh: `“${host}”的应答不符合 HTTP 规范：${zh}${endZh}`,
    },
    hint: somebodyElse(flag),
  };
}

export function encodedAnswer(host: string, flag: string): Words {
  return {
    type: 'encoded_answer',
    text: {
      en: `The answer of "${host}" is compressed although nobody asked for that`,
      zh: `“${host}”返回了未经请求的压缩内容`,
    },
    hint: {
      en: `Check ${flag} and --proxy, and switch off compression in a gateway between`,
      zh: `请检查 ${flag} 和 --proxy，并关闭中间网关的压缩功能`,
    },
  };
}

export function certificate(host: string, code: string, platform: string): Words {
  const set =
    platform === 'win32'
      ? 'set NODE_EXTRA_CA_CERTS=C:\\ca.pem'
      : 'export NODE_EXTRA_CA_CERTS=/path/to/ca.pem';
  const isExpired = code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID';
  return {
    type: 'tls',
    text: {
      en: `Cannot trust the certificate of "${host}" (${code})`,
      zh: `无法信任“${host}”的证书（${code}）`,
    },
    hint: isExpired
      ? { en: 'Check the clock of this machine first', zh: '请先检查本机的时间是否正确' }
      : {
          en: `If a company proxy inspects traffic, give its certificate: ${set}`,
          zh: `如果公司代理会解密流量，请指定其根证书：${set}`,
        },
  };
}

export function tlsHandshake(host: string): Words {
  return {
    type: 'tls',
    text: { en: `Cannot set up a TLS connection to "${host}"`, zh: `无法与“${host}”建立 TLS 连接` },
    hint: {
      en: 'Check that the address takes https, and that no proxy or firewall interferes',
      zh: '请确认该地址支持 https，且没有代理或防火墙干扰',
    },
  };
}

export function lookUp(host: string, flag: string): Words {
  return {
    type: 'dns',
    text: { en: `Cannot find the address of "${host}"`, zh: `无法解析“${host}”的地址` },
    hint: {
      en: `Check the network, the DNS server and ${flag}`,
      zh: `请检查网络、DNS 服务器和 ${flag}`,
    },
  };
}

export function refused(host: string): Words {
  return {
    type: 'refused',
    text: { en: `"${host}" refused the connection`, zh: `“${host}”拒绝了连接` },
    hint: {
      en: 'Check the address; a simulator is started with: wechat-mp simulator',
      zh: '请检查地址；启动模拟器请运行：wechat-mp simulator',
    },
  };
}

export function truncated(host: string): Words {
  return {
    type: 'truncated_answer',
    text: {
      en: `The answer of "${host}" broke off before its end`,
      zh: `“${host}”的应答在结束前中断`,
    },
    hint: { en: 'Try again', zh: '请重试' },
  };
}

export function reset(host: string): Words {
  return {
    type: 'reset',
    text: {
      en: `"${host}" closed the connection without an answer`,
      zh: `“${host}”未应答就关闭了连接`,
    },
    hint: {
      en: 'Try again; if it goes on, look for a firewall or proxy between',
      zh: '请重试；若持续出现，请检查中间的防火墙或代理',
    },
  };
}

export function closedEarly(host: string): Words {
  return {
    type: 'reset',
    text: {
      en: `"${host}" closed the connection before anything was sent`,
      zh: `“${host}”在发送请求之前就关闭了连接`,
    },
    hint: {
      en: 'Check that the address takes https, and look for a firewall between',
      zh: '请确认该地址支持 https，并检查中间的防火墙',
    },
  };
}

export function notHttp(host: string, flag: string): Words {
  return {
    type: 'not_http',
    text: { en: `"${host}" did not answer in HTTP`, zh: `“${host}”的应答不是 HTTP` },
    hint: { en: `Check the port in ${flag}`, zh: `请检查 ${flag} 中的端口` },
  };
}

export function network(host: string, code: string | undefined): Words {
  return {
    type: 'network',
    text: {
      en: `Cannot exchange data with "${host}" (${code ?? 'no further reason'})`,
      zh: `无法与“${host}”通信（${code ?? '原因不明'}）`,
    },
    hint: {
      en: 'Check the network and the proxy, then try again',
      zh: '请检查网络和代理后重试',
    },
  };
}

/** In tenths: what is left of the time of a call after a repetition is an odd number. */
function inSeconds(milliseconds: number): number {
  return milliseconds < 100 ? milliseconds / 1000 : Math.round(milliseconds / 100) / 10;
}

// A proxy

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
  timeoutMs: number,
  phase: ConnectPhase | undefined,
): Words {
  const seconds = inSeconds(timeoutMs);
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
