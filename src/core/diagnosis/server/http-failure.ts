/** Why a request to a developer's server came to no answer. */
import type { WechatMpError } from '../../errors.ts';
import type { ProbeFinding } from './handshake-answer.ts';
import type { Text } from '../../text/text.ts';

/** Names what kept the answer from coming. `timeoutMs` is how long it was waited for. */
export function judgeNetworkError(error: WechatMpError, timeoutMs: number): ProbeFinding {
  const finding = findingOf(error, timeoutMs);
  const proxy = factOf(error, 'proxy');
  const { text } = finding;
  if (proxy === '' || text.en.includes(proxy)) return finding;
  // Nobody can tell from here which of the two it was.
  const through = {
    en: `${text.en}; it went through the proxy "${proxy}", which may be the cause`,
    zh: `${text.zh}；请求经过代理“${proxy}”，也可能是代理造成的`,
  };
  return { ...finding, text: through };
}

function findingOf(error: WechatMpError, timeoutMs: number): ProbeFinding {
  switch (error.type) {
    case 'timeout':
      return timedOut(factOf(error, 'phase'), timeoutMs, factOf(error, 'proxy') !== '');
    case 'tls':
      return tlsFailure(error);
    case 'refused':
      return {
        cause: 'refused',
        text: error.text,
        hint: {
          en: 'Start the server, and compare the port',
          zh: '请启动服务器，并核对端口',
        },
      };
    case 'reset':
    case 'truncated_answer':
      return {
        cause: 'reset',
        text: error.text,
        hint: {
          en: 'Look at the log of the server: it crashed, or a firewall cut the connection',
          zh: '请查看服务器日志：可能崩溃了，或连接被防火墙切断',
        },
      };
    case 'encoded_answer':
      return { cause: 'gzip', text: error.text, hint: error.hint ?? none };
    case 'body_too_large':
      return { cause: 'other', text: error.text, hint: briefly };
    case 'headers_too_long':
      return { cause: 'other', text: error.text, hint: fewHeaders };
    case 'malformed_answer':
      return { cause: 'other', text: error.text, hint: byFramework };
    default:
      return { cause: 'other', text: error.text, hint: error.hint ?? none };
  }
}

const none: Text = { en: 'Check the address', zh: '请检查地址' };
const briefly: Text = {
  en: 'Answer with the reply or "success" alone, not with a page',
  zh: '请只返回回复内容或 success，不要返回网页',
};
const fewHeaders: Text = {
  en: 'Send fewer and shorter headers; many or long cookies are a usual reason',
  zh: '请减少应答头，常见原因是 Cookie 过多或过长',
};
const byFramework: Text = {
  en: 'See the bytes with curl -v, and let the web framework write headers and length',
  zh: '请用 curl -v 查看实际内容，并由 Web 框架生成应答头和长度',
};

function factOf({ facts }: WechatMpError, name: string): string {
  const found = facts[name];
  return typeof found === 'string' ? found : '';
}

function timedOut(phase: string, timeoutMs: number, isProxied: boolean): ProbeFinding {
  const seconds = timeoutMs / 1000;
  const [known, hint] = phases[phase] ?? phases['answer'] ?? [none, none];
  // Only the proxy is known to have the request.
  const text = isProxied && known === phases['answer']?.[0] ? unanswered : known;
  return {
    cause: 'timeout',
    text: {
      en: `The time of ${seconds} s was over while ${text.en}`,
      zh: `${seconds} 秒内${text.zh}`,
    },
    hint,
  };
}

const reachable: Text = {
  en: 'Open the port for everybody: firewall, security group and listening address (0.0.0.0)',
  zh: '请放通端口：检查防火墙、安全组和监听地址（0.0.0.0）',
};

const unanswered: Text = { en: 'no answer had come', zh: '没有收到应答' };

const phases: Readonly<Record<string, readonly [text: Text, hint: Text]>> = {
  dns: [
    { en: 'the host name was looked up', zh: '未完成域名解析' },
    { en: 'Check the DNS records of the host', zh: '请检查域名的 DNS 记录' },
  ],
  connect: [{ en: 'the connection was being made', zh: '未能建立连接' }, reachable],
  tls: [
    { en: 'the TLS connection was being made', zh: '未完成 TLS 握手' },
    { en: 'Check that this port speaks TLS', zh: '请确认该端口提供 TLS 服务' },
  ],
  answer: [
    { en: 'the server had the request and sent nothing', zh: '服务器收到了请求，但没有应答' },
    {
      en: 'Answer first, and do slow work afterwards: WeChat waits 5 seconds for the whole answer',
      zh: '请先应答，再处理耗时的工作：微信最多等待 5 秒',
    },
  ],
  body: [
    { en: 'the answer was on its way, piece by piece', zh: '应答没有传完，仍在逐段发送' },
    {
      en: 'Send the whole answer at once, with Content-Length, and end it',
      zh: '请一次性发送完整应答，带上 Content-Length 并结束连接',
    },
  ],
};

function tlsFailure(error: WechatMpError): ProbeFinding {
  const code = factOf(error, 'cause_code');
  const incomplete = code.startsWith('UNABLE_TO_');
  return {
    cause: 'tls',
    text: error.text,
    hint: incomplete
      ? {
          en: 'Install the whole chain (fullchain.pem) of a certificate that browsers trust',
          zh: '请部署受浏览器信任的证书及完整证书链（fullchain.pem）',
        }
      : {
          en: 'Install a certificate for this host name that is valid and that browsers trust',
          zh: '请部署与域名匹配、在有效期内且受信任的证书',
        },
  };
}
