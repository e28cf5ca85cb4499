import { VerificationError } from '../errors.ts';
import { type Fields, nestedFields, parseJsonFields, parseXml } from '../message/index.ts';
import { headInBodyHint, headInBodyText, httpHead } from '../diagnosis/index.ts';
import { replyError, replyWarning } from './problem.ts';
import type { ReplyProblem } from './problem.ts';
import { checkReplyText } from './text-rules.ts';
import { decodeUtf8 } from '../text/utf8.ts';

/** The body of an answer to a push, as far as it can be understood. */
export type ParsedReply = {
  /** What is wrong with the text itself; what a reply says is judged by `validateReply`. */
  readonly problems: readonly ReplyProblem[];
} & (
  | /** Empty or `success`: nothing is shown, and the push does not come again. */
    { readonly kind: 'none' }
    /** A reply, in the clear. */
  | { readonly kind: 'reply'; readonly format: 'xml' | 'json'; readonly fields: Fields }
  /** An envelope（消息加解密）, still closed. */
  | { readonly kind: 'envelope'; readonly format: 'xml' | 'json'; readonly fields: Fields }
  /** Nothing that the platform takes; `problems` says why. */
  | { readonly kind: 'unreadable' }
);

/** Longer answers are no replies: the longest valid one has a few kilobytes. */
const maxBytes = 256 * 1024;

/**
 * Reads the body of an answer to a push（被动回复用户消息）as the platform reads it. Bytes are better than text: a wrong
 * encoding can be told only from them. Never throws.
 */
export function parseReply(body: string | Uint8Array): ParsedReply {
  const { text, problems } = decode(body);
  if (text === undefined) return { kind: 'unreadable', problems };
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'success') return parseNothing(text, trimmed, problems);
  const formal = wordProblem(trimmed) ?? quotedProblem(trimmed);
  if (formal !== undefined) return unreadable(problems, formal);
  if (trimmed.startsWith('{')) return parseJson(trimmed, problems);
  const start = text.search(xmlStart);
  const page = start === -1 ? htmlTag : htmlPage;
  if (page.test(trimmed)) return unreadable(problems, html());
  if (start === -1) return unreadable(problems, notXml());
  const before = start === 0 ? [] : [beforeXml(text.slice(0, start))];
  return parseXmlReply(text.slice(start), [...problems, ...before]);
}

/** "success", or nearly so. */
function wordProblem(trimmed: string): ReplyProblem | undefined {
  if (/^success$/i.test(trimmed)) return letterCase(trimmed);
  if (/^(["'])success\1$/i.test(trimmed)) return quoted('"success"', '“success”');
  return /^["']?success["']?[;.!]?$/i.test(trimmed) ? misspelt(trimmed) : undefined;
}

/** The right thing as text inside something else: a JSON string, a whole HTTP answer, an object in words. */
function quotedProblem(trimmed: string): ReplyProblem | undefined {
  if (httpHead.test(trimmed)) return replyError('http-head', headInBodyText, headInBodyHint);
  if (trimmed === '[object Object]') return parsed();
  return /^(["'])\s*(?:\\[nrt])*<(?:xml|\?xml)\b.*\1$/s.test(trimmed)
    ? quoted('The reply', '回复内容')
    : undefined;
}

const xmlStart = /<(?:xml|\?xml)\b/;
const htmlPage = /^<(?:!doctype\s+html|html)\b/i;
const htmlTag = /^<(?:!doctype\s+html|html|head|body|title|meta|script|style|div|pre|br|p|b|h1)\b/i;

function unreadable(problems: readonly ReplyProblem[], problem: ReplyProblem): ParsedReply {
  return { kind: 'unreadable', problems: [...problems, problem] };
}

/** Nothing is shown either way, so that blanks round the word are no more than a warning. */
function parseNothing(text: string, trimmed: string, problems: readonly ReplyProblem[]): ParsedReply {
  const all = trimmed === text ? problems : [...problems, blanksAround(trimmed)];
  return { kind: problems.length === 0 ? 'none' : 'unreadable', problems: all };
}

function decode(body: string | Uint8Array): {
  readonly text: string | undefined;
  readonly problems: readonly ReplyProblem[];
} {
  const text = typeof body === 'string' ? body : decodeUtf8(body);
  if (text === undefined) {
    return {
      text,
      problems: [
        replyError(
          'not-utf8',
          { en: 'The answer is not UTF-8', zh: '回复内容不是 UTF-8 编码' },
          { en: 'Send the answer as UTF-8', zh: '请以 UTF-8 编码输出' },
        ),
      ],
    };
  }
  if (!text.startsWith('\uFEFF')) return { text, problems: [] };
  return {
    text: text.slice(1),
    problems: [
      replyError(
        'bom',
        {
          en: 'A byte order mark (EF BB BF) stands before the answer',
          zh: '回复内容之前有字节顺序标记 BOM（EF BB BF）',
        },
        {
          en: 'Save the source files as UTF-8 without BOM',
          zh: '请将源文件保存为无 BOM 的 UTF-8',
        },
      ),
    ],
  };
}

function blanksAround(word: string): ReplyProblem {
  return replyWarning(
    'success-spelling',
    {
      en: `Blanks stand around ${word === '' ? 'an empty answer' : '"success"'}: it must be exactly "success" or empty`,
      zh: `${word === '' ? '空回复中只有空白' : '“success”前后有空白'}：应严格为“success”或空`,
    },
    { en: 'Send the word alone', zh: '只输出这一个单词' },
  );
}

function beforeXml(before: string): ReplyProblem {
  const blank = before.trim() === '';
  return replyError(
    'before-xml',
    {
      en: `${blank ? 'Blanks stand' : 'Something stands'} before the first "<" of the reply: ${before.length} ${before.length === 1 ? 'character' : 'characters'}`,
      zh: `回复的第一个“<”之前有${blank ? '空白' : '其他内容'}：${before.length} 个字符`,
    },
    {
      en: 'Print nothing before the XML: look for blank lines outside code, notices and debug output',
      zh: 'XML 之前不要输出任何内容：请检查代码外的空行、警告信息和调试输出',
    },
  );
}

function parseXmlReply(xml: string, problems: readonly ReplyProblem[]): ParsedReply {
  const all = [...problems, ...checkReplyText(xml)];
  try {
    const fields = parseXml(xml, { maxBytes });
    return { kind: kindOf(fields), format: 'xml', fields, problems: all };
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return { kind: 'unreadable', problems: [...all, notXml(error)] };
  }
}

function parseJson(text: string, problems: readonly ReplyProblem[]): ParsedReply {
  try {
    const fields = parseJsonFields(text);
    // xml2js names the root; a form parser that was given XML makes all of it the first name.
    if (nestedFields(fields, 'xml') !== undefined || Object.keys(fields)[0]?.startsWith('<xml') === true)
      return unreadable(problems, parsed());
    return { kind: kindOf(fields), format: 'json', fields, problems };
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return { kind: 'unreadable', problems: [...problems, notXml(error)] };
  }
}

function kindOf(fields: Fields): 'reply' | 'envelope' {
  return fields['Encrypt'] !== undefined && fields['MsgType'] === undefined ? 'envelope' : 'reply';
}

function notXml(error?: VerificationError): ReplyProblem {
  return replyError(
    'not-xml',
    {
      en: `The answer is neither empty, "success" nor a reply in XML${error === undefined ? '' : `: ${error.text.en}`}`,
      zh: `回复内容既不是空、“success”，也不是 XML 回复${error === undefined ? '' : `：${error.text.zh}`}`,
    },
    {
      en: 'Send "success", nothing, or one <xml> element as the page 被动回复用户消息 shows it',
      zh: '请输出“success”、空内容，或“被动回复用户消息”文档中的一个 <xml> 元素',
    },
  );
}

function html(): ReplyProblem {
  return replyError(
    'html',
    { en: 'The answer is an HTML page', zh: '回复内容是一个 HTML 页面' },
    {
      en: 'Look for an error page, a login page or a debug bar of the framework',
      zh: '请检查是否输出了框架的错误页、登录页或调试栏',
    },
  );
}

function letterCase(found: string): ReplyProblem {
  return replyError(
    'letter-case',
    {
      en: `The answer is "${found}": the word must be in small letters`,
      zh: `回复内容为“${found}”：该单词必须全部小写`,
    },
    { en: 'Send "success"', zh: '请输出“success”' },
  );
}

function quoted(en: string, zh: string): ReplyProblem {
  return replyError(
    'quoted',
    { en: `${en} stands in quotes: it was sent as a JSON string`, zh: `${zh}带有引号：按 JSON 字符串输出了` },
    {
      en: 'Send it as plain text: not through json() or JSON.stringify(), nor as the return value of a JSON route',
      zh: '请按纯文本输出：不要经过 json()、JSON.stringify() 或返回 JSON 的路由',
    },
  );
}

function parsed(): ReplyProblem {
  return replyError(
    'parsed',
    {
      en: 'The answer is an object, as a parser makes it of XML, and not XML',
      zh: '回复内容是由 XML 解析出的对象，而不是 XML',
    },
    {
      en: 'Build the text of the reply, <xml>…</xml>, and send that; do not send back what the framework parsed',
      zh: '请生成回复的文本 <xml>…</xml> 再输出，不要把框架解析出的对象原样返回',
    },
  );
}

function misspelt(found: string): ReplyProblem {
  return replyError(
    'success-spelling',
    {
      en: `The answer is ${JSON.stringify(found)}: it must be exactly the word success`,
      zh: `回复内容为 ${JSON.stringify(found)}：应严格为单词 success`,
    },
    {
      en: 'Send the word as plain text, not as JSON',
      zh: '请以纯文本输出这个单词，不要按 JSON 输出',
    },
  );
}
