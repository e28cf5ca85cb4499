/**
 * Answers that are not WeChat's: it answers with status 200, also when it refuses. Any other status, and a web page,
 * come from something before it.
 */
import type { Text } from '../text/text.ts';

export interface HttpTrouble {
  readonly name: Text;
  readonly causes: readonly Text[];
  readonly fixes: readonly Text[];
}

const gatewayDown: Pick<HttpTrouble, 'causes' | 'fixes'> = {
  causes: [
    {
      en: 'A proxy or a gateway before WeChat does not reach the next server',
      zh: '微信之前的代理或网关无法连到下一级服务器',
    },
    { en: 'A gateway of WeChat has a problem for a moment', zh: '微信的网关暂时异常' },
    {
      en: 'For a push: the server behind your own nginx is not running, or answers too late',
      zh: '若是推送：你自己 nginx 后面的服务没有运行，或应答过慢',
    },
  ],
  fixes: [
    {
      en: 'Try again in a moment; a change may have happened, so look first',
      zh: '请稍后重试；变更可能已生效，请先查看',
    },
    { en: 'If it stays, go without the proxy: --proxy none', zh: '若一直如此，请绕过代理：--proxy none' },
  ],
};

export const webPage: HttpTrouble = {
  name: { en: 'a web page came in place of JSON', zh: '返回的是网页而不是 JSON' },
  causes: [
    { en: 'A proxy or a gateway answered with its own page of an error', zh: '代理或网关返回了自己的错误页' },
    {
      en: 'The network wants a login first: Wi-Fi of a hotel or a company',
      zh: '网络要求先登录：酒店或公司的 Wi-Fi',
    },
    { en: 'The address of the API leads to a web site', zh: '接口地址指向了网站' },
  ],
  fixes: [
    { en: 'Read the title of the page: it names who answered', zh: '看网页标题：它说明是谁在应答' },
    {
      en: 'Check --api-base and --proxy; --proxy none goes without',
      zh: '检查 --api-base 和 --proxy；--proxy none 表示不使用代理',
    },
  ],
};

const troubles: Readonly<Record<number, HttpTrouble>> = {
  400: {
    name: { en: 'a gateway could not read the request (Bad Request)', zh: '网关无法识别请求（Bad Request）' },
    causes: [
      {
        en: 'A URL with blanks, Chinese or a line break that is not percent-encoded',
        zh: 'URL 中有未编码的空格、中文或换行',
      },
      {
        en: 'http was spoken to a port of https, or the other way round',
        zh: '对 https 端口使用了 http，或相反',
      },
    ],
    fixes: [
      {
        en: 'Percent-encode the query, and check the scheme and the port',
        zh: '对查询参数做百分号编码，并检查协议与端口',
      },
    ],
  },
  401: {
    name: { en: 'somebody before the server wants a login', zh: '服务器之前的一环要求登录（Unauthorized）' },
    causes: [
      {
        en: 'For a push: your own server asks for a login, or refuses the signature',
        zh: '若是推送：你的服务器要求登录，或拒绝了签名',
      },
      { en: 'A gateway of the company wants credentials', zh: '公司网关要求凭证' },
    ],
    fixes: [
      {
        en: 'Leave the callback path out of logins and CSRF checks; WeChat sends a signature only',
        zh: '请对回调路径免除登录与 CSRF 检查；微信只带签名',
      },
    ],
  },
  403: {
    name: {
      en: 'somebody before the server forbids it (Forbidden)',
      zh: '服务器之前的一环拒绝访问（Forbidden）',
    },
    causes: [
      {
        en: 'A firewall (WAF) or a rule of nginx refuses the address or the body',
        zh: '防火墙（WAF）或 nginx 规则拒绝了来源地址或内容',
      },
      { en: 'A proxy may not reach WeChat', zh: '代理不允许访问微信' },
      { en: 'For a push: the framework wants a CSRF token', zh: '若是推送：框架要求 CSRF 令牌（Token）' },
    ],
    fixes: [
      {
        en: 'Let api.weixin.qq.com through the proxy; leave the callback path out of WAF and CSRF',
        zh: '在代理中放行 api.weixin.qq.com；对回调路径免除 WAF 与 CSRF',
      },
    ],
  },
  404: {
    name: { en: 'there is no such path', zh: '路径不存在（Not Found）' },
    causes: [
      {
        en: 'The path of the call is misspelt, or --api-base has a path of its own',
        zh: '接口路径写错，或 --api-base 带了路径',
      },
      {
        en: 'For a push: the URL in the console does not lead to your handler',
        zh: '若是推送：后台填写的 URL 没有对应的处理程序',
      },
    ],
    fixes: [
      { en: 'Compare the path with the official page, letter by letter', zh: '请与官方文档逐字核对路径' },
    ],
  },
  405: {
    name: { en: 'the path does not take that method', zh: '该路径不接受此请求方法（Method Not Allowed）' },
    causes: [
      {
        en: 'GET in place of POST, or the other way round; a redirect turns POST into GET',
        zh: 'GET 与 POST 用反；跳转会把 POST 变成 GET',
      },
      {
        en: 'For a push: the handler takes GET (the handshake), and not POST (messages)',
        zh: '若是推送：处理程序只接受 GET（接入验证），不接受 POST（消息）',
      },
    ],
    fixes: [
      {
        en: 'Use the method of the official page; a callback URL takes GET and POST',
        zh: '请使用文档要求的方法；回调 URL 须同时接受 GET 与 POST',
      },
    ],
  },
  407: {
    name: { en: 'the proxy wants a password', zh: '代理要求认证（Proxy Authentication Required）' },
    causes: [
      {
        en: 'The address of the proxy has no user and password, or wrong ones',
        zh: '代理地址没有用户名密码，或不正确',
      },
    ],
    fixes: [
      {
        en: 'Write them into the variable: HTTPS_PROXY=http://user:password@proxy.example.com:3128',
        zh: '写入环境变量：HTTPS_PROXY=http://用户名:密码@proxy.example.com:3128',
      },
    ],
  },
  408: {
    name: { en: 'the request did not arrive in time', zh: '请求未在时限内到达（Request Timeout）' },
    causes: [{ en: 'The connection is slow, or the body is large', zh: '网络较慢，或请求体过大' }],
    fixes: [{ en: 'Try again with --timeout 30s', zh: '用 --timeout 30s 重试' }],
  },
  411: {
    name: { en: 'the request has no Content-Length', zh: '请求没有 Content-Length（Length Required）' },
    causes: [
      {
        en: 'The body was sent in chunks (Transfer-Encoding: chunked)',
        zh: '请求体以分块方式发送（Transfer-Encoding: chunked）',
      },
    ],
    fixes: [
      {
        en: 'Send the whole body with a Content-Length, as for 412',
        zh: '一次发送完整请求体并带上 Content-Length，同 412',
      },
    ],
  },
  412: {
    name: {
      en: "WeChat's gateway refuses a body without Content-Length",
      zh: '微信网关拒绝没有 Content-Length 的请求体（Precondition Failed）',
    },
    causes: [
      {
        en: 'The HTTP library sends the body in chunks: RestTemplate of Spring 6.1, Refit, streams in Guzzle, Go and Node',
        zh: 'HTTP 库以分块方式发送：Spring 6.1 的 RestTemplate、Refit，以及 Guzzle、Go、Node 中的流',
      },
      { en: 'A proxy between turned the request into chunks', zh: '中间的代理把请求改成了分块' },
    ],
    fixes: [
      {
        en: 'Send the body as one text or one buffer, so that the library sets Content-Length',
        zh: '把请求体作为整段文本或缓冲区发送，让库自动设置 Content-Length',
      },
      {
        en: 'Spring: use BufferingClientHttpRequestFactory or HttpComponents',
        zh: 'Spring：使用 BufferingClientHttpRequestFactory 或 HttpComponents',
      },
    ],
  },
  413: {
    name: {
      en: 'the body is too large for somebody on the way',
      zh: '请求体超过途中某一环的上限（Payload Too Large）',
    },
    causes: [
      { en: 'A file is larger than the interface takes', zh: '文件超过接口上限' },
      {
        en: 'nginx takes 1 MB by default (client_max_body_size)',
        zh: 'nginx 默认只接受 1 MB（client_max_body_size）',
      },
    ],
    fixes: [
      {
        en: 'Send a smaller file, or raise the limit of your own proxy',
        zh: '缩小文件，或提高自己代理的上限',
      },
    ],
  },
  414: {
    name: { en: 'the URL is too long', zh: 'URL 过长（URI Too Long）' },
    causes: [{ en: 'Parameters of a body were put into the query', zh: '把请求体参数放进了查询参数' }],
    fixes: [{ en: 'Send them as JSON in the body', zh: '请以 JSON 放在请求体中' }],
  },
  415: {
    name: {
      en: 'the server does not take that kind of body',
      zh: '服务器不接受该内容类型（Unsupported Media Type）',
    },
    causes: [
      {
        en: 'For a push: a framework takes JSON only, and WeChat sends text/xml',
        zh: '若是推送：框架只接受 JSON，而微信发送 text/xml',
      },
      { en: 'The body is compressed', zh: '请求体经过压缩' },
    ],
    fixes: [
      {
        en: 'Read the raw body of text/xml in the callback, without compression',
        zh: '在回调中读取 text/xml 原始内容，并关闭压缩',
      },
    ],
  },
  419: {
    name: { en: 'the framework wants a CSRF token', zh: '框架要求 CSRF 校验（Laravel 的 419）' },
    causes: [{ en: 'For a push: Laravel protects every POST', zh: '若是推送：Laravel 会校验所有 POST' }],
    fixes: [{ en: 'Leave the callback path out of the CSRF protection', zh: '请把回调路径加入 CSRF 例外' }],
  },
  429: {
    name: { en: 'somebody on the way limits the rate', zh: '途中某一环限制了频率（Too Many Requests）' },
    causes: [
      {
        en: 'A gateway or a proxy of your own counts calls; WeChat itself answers with 45009 or 45011',
        zh: '自己的网关或代理限流；微信自身会返回 45009 或 45011',
      },
    ],
    fixes: [
      {
        en: 'Wait and go on more slowly, or raise the limit of the gateway',
        zh: '稍候并降低频率，或提高网关上限',
      },
    ],
  },
  431: {
    name: { en: 'the headers are too large', zh: '请求头过大' },
    causes: [{ en: 'Cookies or tokens pile up in the headers', zh: '请求头中累积了 Cookie 或凭证' }],
    fixes: [
      {
        en: 'Send the access_token in the query, and no cookies',
        zh: 'access_token 放在查询参数中，不要带 Cookie',
      },
    ],
  },
  500: {
    name: {
      en: 'the server that answered has an error of its own',
      zh: '应答的服务器内部出错（Internal Server Error）',
    },
    causes: [
      { en: 'For a push: your own program threw an error', zh: '若是推送：你自己的程序抛出了异常' },
      { en: 'A gateway has a problem for a moment', zh: '网关暂时异常' },
    ],
    fixes: [
      {
        en: 'Look into the log of the server that answered, then try again',
        zh: '查看应答服务器的日志，再重试',
      },
    ],
  },
  502: {
    name: { en: 'a gateway got no good answer behind it', zh: '网关从上游得不到有效应答（Bad Gateway）' },
    ...gatewayDown,
  },
  503: {
    name: { en: 'the service is not available now', zh: '服务暂不可用（Service Unavailable）' },
    ...gatewayDown,
  },
  504: {
    name: { en: 'a gateway got no answer in time', zh: '网关等待上游超时（Gateway Timeout）' },
    ...gatewayDown,
  },
};

const redirected: HttpTrouble = {
  name: { en: 'the call was redirected', zh: '请求被重定向' },
  causes: [
    {
      en: 'The address is not the one that answers by itself: http in place of https, a login page, a moved site',
      zh: '地址不是直接应答的地址：http 而非 https、登录页、站点迁移',
    },
  ],
  fixes: [
    {
      en: 'Use the final address: WeChat follows no redirect on a push, and this tool none on a call with secrets',
      zh: '请使用最终地址：微信推送不跟随重定向，本工具对带密钥的请求也不跟随',
    },
  ],
};

/** Of a status that has no words of its own. */
const refusedBefore: HttpTrouble = {
  name: { en: 'something before WeChat refused the call', zh: '微信之前的一环拒绝了请求' },
  causes: [
    {
      en: 'A gateway, a proxy or a wrong address answered: WeChat itself answers with 200, also when it refuses',
      zh: '应答来自网关、代理或错误的地址：微信即使拒绝也返回 200',
    },
  ],
  fixes: webPage.fixes,
};

/** What a status from 300 to 599 says. */
export function findHttpTrouble(status: number): HttpTrouble | undefined {
  if (status < 300 || status > 599) return undefined;
  if (status < 400) return redirected;
  return troubles[status] ?? refusedBefore;
}

/** Those that are worth a line in a list. */
export const knownStatuses: readonly number[] = Object.keys(troubles).map(Number);
