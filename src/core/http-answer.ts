/** Why an HTTP exchange with a developer's server is no answer to WeChat: its status, or what went wrong on the way. */
import { compressed } from './handshake-answer.ts';
import type { ProbeFinding } from './handshake-answer.ts';
import type { WechatMpError } from './errors.ts';
import type { Text } from './text.ts';

/** Judges everything but the body of an answer; `undefined` for status 200. `url` is that of the request. */
export function judgeStatus(answer: {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly url: string;
  readonly method: 'GET' | 'POST';
}): ProbeFinding | undefined {
  const { status, method } = answer;
  const body = Buffer.from(answer.body).toString('latin1', 0, 4096);
  const encoding = answer.headers['content-encoding'] ?? '';
  if (status === 200) return ['', 'identity'].includes(encoding) ? undefined : compressed(encoding);
  if (status >= 300 && status < 400 && status !== 304) return redirect(answer);
  if (status === 419 || ([400, 401, 403, 422].includes(status) && /csrf|xsrf|request forgery/i.test(body)))
    return csrf(status);
  if (status === 401 || status === 403) return forbidden(status);
  if (status === 405 || status === 501) return wrongMethod(method, status);
  if (status === 204) {
    return {
      cause: 'empty',
      text: { en: 'The answer is empty (HTTP 204)', zh: '应答为空（HTTP 204）' },
      hint: { en: 'Answer with status 200', zh: '请以状态码 200 应答' },
    };
  }
  return otherStatus(status);
}

function redirect({ status, headers, url }: Parameters<typeof judgeStatus>[0]): ProbeFinding {
  const target = readLocation(headers['location'], url);
  const from = new URL(url);
  const shown = target === undefined ? '–' : `${target.origin}${target.pathname}`;
  const kind = target === undefined ? 'other' : redirectKind(from, target);
  return {
    cause: 'redirect',
    text: {
      en: `The server redirects (HTTP ${status}) to ${shown}; WeChat does not follow`,
      zh: `服务器重定向（HTTP ${status}）到 ${shown}；微信不会跟随`,
    },
    hint: redirectHints[kind],
  };
}

function readLocation(location: string | undefined, base: string): URL | undefined {
  return location !== undefined && URL.canParse(location, base) ? new URL(location, base) : undefined;
}

type RedirectKind = 'slash' | 'login' | 'https' | 'host' | 'other';

function redirectKind(from: URL, to: URL): RedirectKind {
  if (/log-?in|sign-?in|passport|oauth|sso|auth/i.test(to.pathname)) return 'login';
  if (from.protocol === 'http:' && to.protocol === 'https:') return 'https';
  if (withoutSlash(from) === withoutSlash(to) && from.pathname !== to.pathname) return 'slash';
  return from.host === to.host ? 'other' : 'host';
}

function withoutSlash({ pathname }: URL): string {
  return pathname.replace(/\/+$/, '');
}

const redirectHints: Readonly<Record<RedirectKind, Text>> = {
  slash: {
    en: 'Enter the URL with the slash at its end exactly as the server wants it, or answer both',
    zh: '请按服务器要求填写 URL 末尾的斜杠，或让两种写法都直接应答',
  },
  login: {
    en: 'Take this route out of the login check: WeChat has no session',
    zh: '请把该路由排除在登录校验之外：微信没有会话',
  },
  https: { en: 'Enter the https URL in the console', zh: '请在后台填写 https 的 URL' },
  host: { en: 'Enter the URL of the host that answers in the end', zh: '请填写最终应答的主机地址' },
  other: { en: 'Answer on this URL without a redirect', zh: '请在该 URL 上直接应答，不要重定向' },
};

function csrf(status: number): ProbeFinding {
  return {
    cause: 'csrf',
    text: {
      en: `The protection against forged requests refuses WeChat (HTTP ${status})`,
      zh: `CSRF 防护拒绝了微信的请求（HTTP ${status}）`,
    },
    hint: {
      en: 'Exempt this route from the CSRF check; the signature takes its place',
      zh: '请对该路由关闭 CSRF 校验，由签名校验代替',
    },
  };
}

function forbidden(status: number): ProbeFinding {
  return {
    cause: 'forbidden',
    text: { en: `The server refuses the request (HTTP ${status})`, zh: `服务器拒绝了请求（HTTP ${status}）` },
    hint: {
      en: 'Compare the Token, then look for a login check, a firewall or an address list in front of the route',
      zh: '请先核对令牌（Token），再检查该路由前是否有登录校验、防火墙或 IP 限制',
    },
  };
}

/** The server knows the route, but not by this method. */
export function wrongMethod(method: 'GET' | 'POST', status: number): ProbeFinding {
  return {
    cause: 'method',
    text: {
      en: `The server does not take ${method} on this route (HTTP ${status})`,
      zh: `该路由不接受 ${method} 请求（HTTP ${status}）`,
    },
    hint: {
      en: 'Answer both on the same URL: GET for the verification, POST for messages',
      zh: '同一 URL 应同时支持 GET（验证）和 POST（消息）',
    },
  };
}

function otherStatus(status: number): ProbeFinding {
  const hint: Text =
    status === 404
      ? {
          en: 'Check the path, and that the proxy in front passes it on',
          zh: '请检查路径，以及前面的代理是否转发了该路径',
        }
      : status >= 500
        ? { en: 'Look at the log of the server', zh: '请查看服务器日志' }
        : { en: 'Answer with status 200', zh: '请以状态码 200 应答' };
  return {
    cause: 'status',
    text: { en: `The status must be 200, got ${status}`, zh: `状态码应为 200，实际为 ${status}` },
    hint,
  };
}

/** Names what kept the answer from coming. `timeoutMs` is how long it was waited for. */
export function judgeNetworkError(error: WechatMpError, timeoutMs: number): ProbeFinding {
  switch (error.type) {
    case 'timeout':
      return timedOut(factOf(error, 'phase'), timeoutMs);
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
    default:
      return { cause: 'other', text: error.text, hint: error.hint ?? none };
  }
}

const none: Text = { en: 'Check the address', zh: '请检查地址' };

function factOf({ facts }: WechatMpError, name: string): string {
  const found = facts[name];
  return typeof found === 'string' ? found : '';
}

function timedOut(phase: string, timeoutMs: number): ProbeFinding {
  const seconds = timeoutMs / 1000;
  const [text, hint] = phases[phase] ?? phases['answer'] ?? [none, none];
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
