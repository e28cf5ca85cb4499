/** What is wrong with the answers of a developer's server, and what to do about it. */
import type { Text } from '../../text/text.ts';
import type { ProbeFinding } from './handshake-answer.ts';

/** The first bytes of a text as people know them from an editor. */
function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
}

// The body of an answer to the handshake

/** `mark` is its bytes, as `EF BB BF`. */
export function byteOrderMark(mark: Uint8Array): ProbeFinding {
  return {
    cause: 'bom',
    text: {
      en: `The answer begins with a byte order mark (${hex(mark)})`,
      zh: `应答以字节顺序标记 BOM 开头（${hex(mark)}）`,
    },
    hint: {
      en: 'Save every source file that the request runs through as UTF-8 without BOM',
      zh: '把处理该请求的所有源文件另存为无 BOM 的 UTF-8',
    },
  };
}

export function blanks(before: string, after: string): ProbeFinding {
  const place = before === '' ? { en: 'after', zh: '之后' } : { en: 'before', zh: '之前' };
  const found = hex(Buffer.from(before === '' ? after : before).subarray(0, 8));
  return {
    cause: 'newline',
    text: {
      en: `Blanks or a line end stand ${place.en} echostr (${found})`,
      zh: `echostr ${place.zh}有空白或换行（${found}）`,
    },
    hint: {
      en: 'Write echostr without a line end: echo instead of println, and nothing outside the code tags',
      zh: '输出 echostr 时不要换行：不用 println，代码标签之外不留空行',
    },
  };
}

export function quoted(quote: string): ProbeFinding {
  return {
    cause: 'quoted',
    text: {
      en: `echostr stands in quotes (${hex(Buffer.from(quote))}): it was sent as JSON`,
      zh: `echostr 被加上了引号 ${quote}（${hex(Buffer.from(quote))}）：按 JSON 输出了`,
    },
    hint: {
      en: 'Send it as plain text: res.send or ctx.body with a string instead of json(), no @ResponseBody String through a JSON converter',
      zh: '请按纯文本输出：不要用 json() 或 JSON 序列化返回字符串',
    },
  };
}

export function wrapped(en: string, zh: string): ProbeFinding {
  return {
    cause: 'wrapped',
    text: { en: `Something else stands with echostr: ${en}`, zh: `除 echostr 外还有其他内容：${zh}` },
    hint: {
      en: 'Send echostr alone: switch off debug bars, notices and the common answer format for this route',
      zh: '只输出 echostr：对该路由关闭调试栏、警告信息和统一返回格式',
    },
  };
}

export function html(hasEchostr: boolean): ProbeFinding {
  return {
    cause: 'html',
    text: hasEchostr
      ? { en: 'HTML stands round echostr', zh: 'echostr 外面包有 HTML' }
      : { en: 'The answer is an HTML page instead of echostr', zh: '应答是 HTML 页面，而不是 echostr' },
    hint: hasEchostr
      ? { en: 'Send echostr alone, without layout or template', zh: '只输出 echostr，不要套用布局或模板' }
      : {
          en: 'Check the path: a start page, a login page, or the notice page of a tunnel seems to answer',
          zh: '请检查路径：应答的似乎是首页、登录页或内网穿透工具的提示页',
        },
  };
}

export function withoutEcho(found: string): ProbeFinding {
  const shown = JSON.stringify(found.slice(0, 60));
  return {
    cause: 'other',
    text: { en: `The answer does not hold echostr: ${shown}`, zh: `应答中没有 echostr：${shown}` },
    hint:
      found === 'success'
        ? {
            en: 'Answer the GET with echostr; "success" is for messages, which come by POST',
            zh: 'GET 请求应返回 echostr；“success”用于以 POST 推送的消息',
          }
        : {
            en: 'If the server refused the signature, compare its Token, and how it sorts: wechat-mp handshake check',
            zh: '若服务器认为签名错误，请核对令牌（Token）和排序方式：wechat-mp handshake check',
          },
  };
}

export function rounded(found: string): ProbeFinding {
  return {
    cause: 'other',
    text: {
      en: `echostr came back as another number: it was rounded to ${found}`,
      zh: `返回的 echostr 数值变了：被舍入为 ${found}`,
    },
    hint: {
      en: 'Treat echostr as text: it is longer than a number can hold',
      zh: '请把 echostr 当作文本处理：它超出了数字类型的精度',
    },
  };
}

/** `status` where it is another than 200. */
export function empty(status?: number): ProbeFinding {
  return {
    cause: 'empty',
    text:
      status === undefined
        ? { en: 'The answer is empty', zh: '应答为空' }
        : { en: `The answer is empty (HTTP ${status})`, zh: `应答为空（HTTP ${status}）` },
    hint: {
      en: 'Compare the Token with that of the server: many answer nothing to a signature that they find wrong; then look at its log',
      zh: '请先核对服务器上的令牌（Token）：许多服务器认为签名错误时什么也不返回；再查看服务器日志',
    },
  };
}

export const headInBodyText: Text = {
  en: 'The head of an HTTP answer stands in the body: a response object was printed as text',
  zh: '应答正文以 HTTP 响应头开头：响应对象被当作文本输出了',
};

export const headInBodyHint: Text = {
  en: 'Return the response object to the framework, or call its send(), instead of echoing it',
  zh: '请把响应对象返回给框架，或调用它的 send()，不要用 echo 输出',
};

/** A body that a client did not ask for in this form. */
export function compressed(encoding: string): ProbeFinding {
  return {
    cause: 'gzip',
    text: {
      en: `The answer is compressed (${encoding}) although nobody asked for that`,
      zh: `应答被压缩（${encoding}），而请求并未要求压缩`,
    },
    hint: {
      en: 'Switch compression off for this route, or compress only where Accept-Encoding allows it',
      zh: '请对该路由关闭压缩，或仅在 Accept-Encoding 允许时压缩',
    },
  };
}

// The status of an answer

export type RedirectKind = 'slash' | 'login' | 'https' | 'host' | 'other';

/** `target` is the address without its query. */
export function redirect(status: number, target: string, kind: RedirectKind): ProbeFinding {
  return {
    cause: 'redirect',
    text: {
      en: `The server redirects (HTTP ${status}) to ${target}; WeChat does not follow`,
      zh: `服务器重定向（HTTP ${status}）到 ${target}；微信不会跟随`,
    },
    hint: redirectHints[kind],
  };
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

export function csrf(status: number): ProbeFinding {
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

export function forbidden(status: number, method: 'GET' | 'POST', sealed: boolean): ProbeFinding {
  return {
    cause: 'forbidden',
    text: { en: `The server refuses the request (HTTP ${status})`, zh: `服务器拒绝了请求（HTTP ${status}）` },
    hint: sealed ? otherMode : forbiddenHints[method],
  };
}

const forbiddenHints: Readonly<Record<'GET' | 'POST', Text>> = {
  GET: {
    en: 'Compare the Token, then look for a login check, a firewall or an address list in front of the route',
    zh: '请先核对令牌（Token），再检查该路由前是否有登录校验、防火墙或 IP 限制',
  },
  POST: {
    en: 'If the Token is right, something treats POST otherwise: a CSRF check, a firewall, another mode',
    zh: '若令牌（Token）无误，则是 POST 受到了不同对待：CSRF 校验、防火墙或加解密方式不同',
  },
};

const otherMode: Text = {
  en: `The message was encrypted: if the server is in plain mode, send it with --mode plain; else compare Token, EncodingAESKey and AppID`,
  zh: `消息是加密的：若服务器为明文模式，请用 --mode plain 发送；否则核对令牌（Token）、EncodingAESKey 和 AppID`,
};

export function noContent(): ProbeFinding {
  const { cause, text } = empty(204);
  return { cause, text, hint: { en: 'Answer with status 200', zh: '请以状态码 200 应答' } };
}

export function tooLarge(): ProbeFinding {
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

const rawBody: Text = {
  en: 'Let the body through as raw text on this route, past every parser of JSON and forms',
  zh: '请让该路由按原始文本接收消息体，不要经过 JSON 或表单解析',
};

export function notRead(status: number, sealed: boolean): ProbeFinding {
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

export function upstreamUnreachable(status: number): ProbeFinding {
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

export function upstreamTimeout(status: number): ProbeFinding {
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

/** The address is none of a developer's server at all. */
export function simulatorItself(): ProbeFinding {
  return {
    cause: 'other',
    text: {
      en: "This is the simulator itself, on WeChat's side (HTTP 404); messages go to YOUR server",
      zh: '该地址是模拟器本身，即微信一侧（HTTP 404）；消息应发往你自己的服务器',
    },
    hint: {
      en: 'Give the URL of your server, such as the one that "wechat-mp serve" prints',
      zh: '请填写你的服务器地址，例如 wechat-mp serve 输出的地址',
    },
  };
}

export function otherStatus(status: number, sealed: boolean): ProbeFinding {
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
