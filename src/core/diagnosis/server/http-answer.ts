/** Why the status of a developer's server is no answer to WeChat. */
import { compressed, empty } from './handshake-answer.ts';
import type { ProbeFinding } from './handshake-answer.ts';
import { pageText } from './words.ts';
import type { Text } from '../../text/text.ts';

/** An answer, and what it answers. */
interface JudgedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Of the request. */
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** Whether the request was a message that only the EncodingAESKey opens. */
  readonly sealed?: boolean;
}

/** An error page of a framework in development has its styles first. */
const maxPageBytes = 64 * 1024;

/** Judges everything but the body of an answer; `undefined` for status 200. */
export function judgeStatus(answer: JudgedAnswer): ProbeFinding | undefined {
  const { status, method } = answer;
  const encoding = answer.headers['content-encoding'] ?? '';
  if (status === 200) return ['', 'identity'].includes(encoding) ? undefined : compressed(encoding);
  if (status >= 300 && status < 400 && status !== 304) return redirect(answer);
  if (status === 419 || ([400, 401, 403, 422].includes(status) && saysCsrf(answer.body))) return csrf(status);
  if (status === 401 || status === 403) return forbidden(answer);
  if (status === 405 || status === 501) return wrongMethod(method, status);
  if (status === 204) return method === 'GET' ? empty(204) : noContent();
  if (status === 413) return tooLarge();
  if (method === 'POST' && [400, 415, 422].includes(status)) return notRead(answer);
  if (unreachable.has(status)) return upstreamUnreachable(status);
  if (status === 504 || status === 524) return upstreamTimeout(status);
  return otherStatus(answer);
}

/** 502 of every proxy; 521 to 523 and 530 of Cloudflare, whose tunnel or origin is gone. */
const unreachable: ReadonlySet<number> = new Set([502, 521, 522, 523, 530]);

/**
 * Whether the page speaks of forged requests. Its tags are left out: pages of every kind carry a CSRF token in a meta
 * element or a form. Rails in production has one page for all it refuses with 422, and that is nearly always this.
 */
function saysCsrf(body: Uint8Array): boolean {
  const page = pageText(Buffer.from(body).toString('latin1', 0, maxPageBytes));
  return /csrf|xsrf|request forgery|InvalidAuthenticityToken|authenticity token|change you wanted was rejected/i.test(
    page,
  );
}

function redirect({ status, headers, url }: JudgedAnswer): ProbeFinding {
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

function forbidden({ status, method, sealed }: JudgedAnswer): ProbeFinding {
  return {
    cause: 'forbidden',
    text: { en: `The server refuses the request (HTTP ${status})`, zh: `服务器拒绝了请求（HTTP ${status}）` },
    hint: sealed
      ? otherMode
      : method === 'POST'
        ? {
            en: `If the Token is right, something treats POST otherwise: a CSRF check, a firewall, another mode`,
            zh: `若令牌（Token）无误，则是 POST 受到了不同对待：CSRF 校验、防火墙或加解密方式不同`,
          }
        : {
            en: 'Compare the Token, then look for a login check, a firewall or an address list in front of the route',
            zh: '请先核对令牌（Token），再检查该路由前是否有登录校验、防火墙或 IP 限制',
          },
  };
}

const otherMode: Text = {
  en: `The message was encrypted: if the server is in plain mode, send it with --mode plain; else compare Token, EncodingAESKey and AppID`,
  zh: `消息是加密的：若服务器为明文模式，请用 --mode plain 发送；否则核对令牌（Token）、EncodingAESKey 和 AppID`,
};

function noContent(): ProbeFinding {
  const { cause, text } = empty(204);
  return { cause, text, hint: { en: 'Answer with status 200', zh: '请以状态码 200 应答' } };
}

function tooLarge(): ProbeFinding {
  return {
    cause: 'body_limit',
    text: {
      en: 'The server or a proxy in front finds the body too large (HTTP 413)',
      zh: '服务器或前面的代理认为消息体过大（HTTP 413）',
    },
    hint: {
      en: 'Raise the limit of the body: a message has up to some 10 KB (nginx: client_max_body_size)',
      zh: '请调大消息体上限：一条消息可达 10 KB 左右（nginx 为 client_max_body_size）',
    },
  };
}

function notRead({ status, sealed }: JudgedAnswer): ProbeFinding {
  const type = status === 415;
  return {
    cause: 'body_parser',
    text: type
      ? {
          en: 'The server takes no body of type text/xml (HTTP 415)',
          zh: '服务器不接受 text/xml 类型的消息体（HTTP 415）',
        }
      : {
          en: `The server cannot read the message (HTTP ${status})`,
          zh: `服务器无法读取该消息（HTTP ${status}）`,
        },
    hint: type
      ? rawBody
      : {
          en: `${rawBody.en}; or its own check of the ${sealed ? 'mode or the ' : ''}signature refuses it`,
          zh: `${rawBody.zh}；也可能是其${sealed ? '加解密方式或' : ''}签名校验拒绝了`,
        },
  };
}

const rawBody: Text = {
  en: 'Let the body through as raw text on this route, past every parser of JSON and forms',
  zh: '请让该路由按原始文本接收消息体，不要经过 JSON 或表单解析',
};

function upstreamUnreachable(status: number): ProbeFinding {
  return {
    cause: 'upstream_unreachable',
    text: {
      en: `A proxy or tunnel answers, and cannot reach the server behind it (HTTP ${status})`,
      zh: `应答的是代理或内网穿透，它无法连接后面的服务器（HTTP ${status}）`,
    },
    hint: {
      en: 'Start the server behind it, and compare the address and port that the proxy passes requests on to',
      zh: '请启动后面的服务器，并核对代理转发到的地址和端口',
    },
  };
}

function upstreamTimeout(status: number): ProbeFinding {
  return {
    cause: 'upstream_timeout',
    text: {
      en: `A proxy or tunnel answers: it gave up waiting for the server behind it (HTTP ${status})`,
      zh: `应答的是代理或内网穿透：它等待后面的服务器超时（HTTP ${status}）`,
    },
    hint: {
      en: 'Ask the server behind it directly, and look at its log: it hangs, or nobody listens there',
      zh: '请直接请求后面的服务器并查看其日志：它卡住了，或该端口没有服务',
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

function otherStatus({ status, sealed }: JudgedAnswer): ProbeFinding {
  return {
    cause: 'status',
    text: { en: `The status must be 200, got ${status}`, zh: `状态码应为 200，实际为 ${status}` },
    hint: sealed && status >= 500 ? failedToOpen : statusHint(status),
  };
}

const failedToOpen: Text = {
  en: 'Look at the log of the server; if it is in plain mode, send the message with --mode plain: it was encrypted',
  zh: '请查看服务器日志；消息是加密的，若服务器为明文模式，请用 --mode plain 发送',
};

function statusHint(status: number): Text {
  if (status === 404) {
    return {
      en: 'Check the path, and that the proxy in front passes it on',
      zh: '请检查路径，以及前面的代理是否转发了该路径',
    };
  }
  if (status === 503) {
    return {
      en: 'The server, or a proxy in front, says that it is not available now: start it, and look at its log',
      zh: '服务器或前面的代理表示暂不可用：请确认已启动，并查看日志',
    };
  }
  if (status >= 500) return { en: 'Look at the log of the server', zh: '请查看服务器日志' };
  if (status === 400 || status === 422) {
    return {
      en: 'Look at what the server wants of the query, and compare the Token: some answer so to a wrong signature',
      zh: '请检查服务器对查询参数的要求，并核对令牌（Token）：有的服务器以此表示签名错误',
    };
  }
  return { en: 'Answer with status 200', zh: '请以状态码 200 应答' };
}
