/** What a server answered to the handshake（接入）, and in which way that is not exactly echostr. */
import type { Text } from '../../text/text.ts';
import { decodeUtf8 } from '../../text/utf8.ts';

/** The kinds of failure that `handshake probe` tells apart. */
export type ProbeCause =
  | 'bom'
  | 'quoted'
  | 'newline'
  | 'html'
  | 'wrapped'
  | 'redirect'
  | 'forbidden'
  | 'csrf'
  | 'empty'
  | 'gzip'
  | 'timeout'
  | 'reset'
  | 'tls'
  | 'refused'
  | 'method'
  | 'status'
  | 'unsigned_accepted'
  | 'reflected_html'
  | 'body_parser'
  | 'body_limit'
  | 'upstream_unreachable'
  | 'upstream_timeout'
  | 'letter_case'
  | 'parsed'
  | 'http_head'
  | 'mode'
  | 'other';

export interface ProbeFinding {
  readonly cause: ProbeCause;
  readonly text: Text;
  readonly hint: Text;
}

/**
 * Judges the body of an answer with status 200 as the platform does: it must be exactly the bytes of echostr.
 * `undefined` where it is; else what stands there instead.
 */
export function judgeEcho(body: Uint8Array, echostr: string): ProbeFinding | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return compressed('gzip');
  if (bytes.equals(Buffer.from(echostr))) return undefined;
  if (bytes.length === 0) return empty();
  const text = decodeUtf8(bytes);
  if (text === undefined || text.startsWith('\uFEFF')) {
    const byteOrder = judgeByteOrder(bytes, text, echostr);
    if (byteOrder !== undefined) return byteOrder;
  }
  const readable = text ?? bytes.toString('latin1');
  return holdsEcho(bytes, echostr)
    ? judgeSurroundings(readable, echostr, bytes)
    : judgeOther(readable, echostr);
}

/**
 * Whether the body holds echostr as an answer. Error pages and login pages often quote the address that was asked for,
 * with everything in it; that is no echo.
 */
export function holdsEcho(body: Uint8Array, echostr: string): boolean {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  // UTF-16 has a zero byte beside each of the digits.
  return [text, text.replaceAll('\0', '')].some((form) => standsFree(form, echostr));
}

/** The parameter inside an address, as it is, percent-encoded (once or twice), or escaped for HTML or JSON. */
const parameterBefore = /(?:[?&;]|%(?:25)?(?:3f|26)|\\u0026)echostr(?:=|%(?:25)?3d|&#61;|&#x3d;|\\u003d)$/i;

function standsFree(text: string, echostr: string): boolean {
  for (let at = text.indexOf(echostr); at !== -1; at = text.indexOf(echostr, at + 1)) {
    if (!parameterBefore.test(text.slice(Math.max(0, at - 24), at))) return true;
  }
  return false;
}

function judgeByteOrder(bytes: Buffer, text: string | undefined, echostr: string): ProbeFinding | undefined {
  const mark = text === undefined ? hex(bytes.subarray(0, 2)) : 'EF BB BF';
  if (text === undefined && mark !== 'FF FE' && mark !== 'FE FF') return undefined;
  if (text !== undefined && text.replaceAll('\uFEFF', '').trim() !== echostr) return undefined;
  return {
    cause: 'bom',
    text: {
      en: `The answer begins with a byte order mark (${mark})`,
      zh: `应答以字节顺序标记 BOM 开头（${mark}）`,
    },
    hint: {
      en: 'Save every source file that the request runs through as UTF-8 without BOM',
      zh: '把处理该请求的所有源文件另存为无 BOM 的 UTF-8',
    },
  };
}

function judgeSurroundings(text: string, echostr: string, bytes: Buffer): ProbeFinding {
  const at = text.indexOf(echostr);
  const [before, after] = [text.slice(0, at), text.slice(at + echostr.length)];
  if (text.trim() === echostr) return blanks(before, after);
  const trimmed = text.trim();
  if (httpHead.test(trimmed)) return headInBody();
  if (/^(["'])[^"']*\1$/.test(trimmed)) return quoted(trimmed.slice(0, 1), bytes);
  if (isObject(trimmed)) return wrapped('a JSON object', 'JSON 对象');
  if (/<[a-z!]/i.test(before) && /<\//.test(after)) return html(true);
  const around = [before === '' ? '' : before.trim().slice(0, 40), after.trim().slice(0, 40)].filter(Boolean);
  return wrapped(around.map((part) => JSON.stringify(part)).join(', '), around.map(inQuotes).join('、'));
}

function inQuotes(text: string): string {
  return `“${text}”`;
}

function blanks(before: string, after: string): ProbeFinding {
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

function quoted(quote: string, bytes: Buffer): ProbeFinding {
  return {
    cause: 'quoted',
    text: {
      en: `echostr stands in quotes (${hex(bytes.subarray(0, 1))}): it was sent as JSON`,
      zh: `echostr 被加上了引号 ${quote}（${hex(bytes.subarray(0, 1))}）：按 JSON 输出了`,
    },
    hint: {
      en: 'Send it as plain text: res.send or ctx.body with a string instead of json(), no @ResponseBody String through a JSON converter',
      zh: '请按纯文本输出：不要用 json() 或 JSON 序列化返回字符串',
    },
  };
}

function wrapped(en: string, zh: string): ProbeFinding {
  return {
    cause: 'wrapped',
    text: { en: `Something else stands with echostr: ${en}`, zh: `除 echostr 外还有其他内容：${zh}` },
    hint: {
      en: 'Send echostr alone: switch off debug bars, notices and the common answer format for this route',
      zh: '只输出 echostr：对该路由关闭调试栏、警告信息和统一返回格式',
    },
  };
}

function html(hasEchostr: boolean): ProbeFinding {
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

function judgeOther(text: string, echostr: string): ProbeFinding {
  const trimmed = text.trim();
  if (/^<(?:!doctype|html|head|body|div|script|meta|title|h1)\b/i.test(trimmed)) return html(false);
  if (/^\d+(?:\.\d+(?:e\+?\d+)?)?$/i.test(trimmed) && Number(trimmed) === Number(echostr))
    return rounded(trimmed);
  const shown = JSON.stringify(trimmed.slice(0, 60));
  const isSuccess = trimmed === 'success';
  return {
    cause: 'other',
    text: { en: `The answer does not hold echostr: ${shown}`, zh: `应答中没有 echostr：${shown}` },
    hint: isSuccess
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

function rounded(found: string): ProbeFinding {
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

/** The head of an HTTP answer, which belongs before the body. */
export const httpHead = /^HTTP\/\d(?:\.\d)? \d{3}\b/;

function headInBody(): ProbeFinding {
  return { cause: 'http_head', text: headInBodyText, hint: headInBodyHint };
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

function isObject(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
}

/** 201, 204 and their like: the request was taken, and only the status is wrong. */
export function isOtherSuccess(status: number | undefined): boolean {
  return status !== undefined && status > 200 && status < 300;
}
