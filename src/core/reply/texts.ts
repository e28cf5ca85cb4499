/** What is wrong with an answer to a push, and what to do about it. */
import { headInBodyHint, headInBodyText } from '../diagnosis/index.ts';
import type { VerificationError } from '../errors.ts';
import { replyTypes } from './reply.ts';
import type { Said } from './problem.ts';
import type { Text } from '../text/text.ts';

// The body as a whole

export const notUtf8: Said = {
  text: { en: 'The answer is not UTF-8', zh: '回复内容不是 UTF-8 编码' },
  hint: { en: 'Send the answer as UTF-8', zh: '请以 UTF-8 编码输出' },
};

export const byteOrderMark: Said = {
  text: {
    en: 'A byte order mark (EF BB BF) stands before the answer',
    zh: '回复内容之前有字节顺序标记 BOM（EF BB BF）',
  },
  hint: { en: 'Save the source files as UTF-8 without BOM', zh: '请将源文件保存为无 BOM 的 UTF-8' },
};

/** `word` is `success` or empty. */
export function blanksAround(word: string): Said {
  const [en, zh] =
    word === '' ? ['an empty answer', '空回复中只有空白'] : ['"success"', '“success”前后有空白'];
  return {
    text: {
      en: `Blanks stand around ${en}: it must be exactly "success" or empty`,
      zh: `${zh}：应严格为“success”或空`,
    },
    hint: { en: 'Send the word alone', zh: '只输出这一个单词' },
  };
}

export function beforeXml(before: string): Said {
  const [en, zh] = before.trim() === '' ? ['Blanks stand', '空白'] : ['Something stands', '其他内容'];
  return {
    text: {
      en: `${en} before the first "<" of the reply: ${before.length} ${before.length === 1 ? 'character' : 'characters'}`,
      zh: `回复的第一个“<”之前有${zh}：${before.length} 个字符`,
    },
    hint: {
      en: 'Print nothing before the XML: look for blank lines outside code, notices and debug output',
      zh: 'XML 之前不要输出任何内容：请检查代码外的空行、警告信息和调试输出',
    },
  };
}

export function notXml(error?: VerificationError): Said {
  return {
    text: {
      en: `The answer is neither empty, "success" nor a reply in XML${error === undefined ? '' : `: ${error.text.en}`}`,
      zh: `回复内容既不是空、“success”，也不是 XML 回复${error === undefined ? '' : `：${error.text.zh}`}`,
    },
    hint: {
      en: 'Send "success", nothing, or one <xml> element as the page 被动回复用户消息 shows it',
      zh: '请输出“success”、空内容，或“被动回复用户消息”文档中的一个 <xml> 元素',
    },
  };
}

export const html: Said = {
  text: { en: 'The answer is an HTML page', zh: '回复内容是一个 HTML 页面' },
  hint: {
    en: 'Look for an error page, a login page or a debug bar of the framework',
    zh: '请检查是否输出了框架的错误页、登录页或调试栏',
  },
};

export const httpHead: Said = { text: headInBodyText, hint: headInBodyHint };

export function letterCase(found: string): Said {
  return {
    text: {
      en: `The answer is "${found}": the word must be in small letters`,
      zh: `回复内容为“${found}”：该单词必须全部小写`,
    },
    hint: { en: 'Send "success"', zh: '请输出“success”' },
  };
}

export function misspelt(found: string): Said {
  return {
    text: {
      en: `The answer is ${JSON.stringify(found)}: it must be exactly the word success`,
      zh: `回复内容为 ${JSON.stringify(found)}：应严格为单词 success`,
    },
    hint: {
      en: 'Send the word as plain text, not as JSON',
      zh: '请以纯文本输出这个单词，不要按 JSON 输出',
    },
  };
}

export function quoted(what: Text): Said {
  return {
    text: {
      en: `${what.en} stands in quotes: it was sent as a JSON string`,
      zh: `${what.zh}带有引号：按 JSON 字符串输出了`,
    },
    hint: {
      en: 'Send it as plain text: not through json() or JSON.stringify(), nor as the return value of a JSON route',
      zh: '请按纯文本输出：不要经过 json()、JSON.stringify() 或返回 JSON 的路由',
    },
  };
}

export const parsed: Said = {
  text: {
    en: 'The answer is an object, as a parser makes it of XML, and not XML',
    zh: '回复内容是由 XML 解析出的对象，而不是 XML',
  },
  hint: {
    en: 'Build the text of the reply, <xml>…</xml>, and send that; do not send back what the framework parsed',
    zh: '请生成回复的文本 <xml>…</xml> 再输出，不要把框架解析出的对象原样返回',
  },
};

// The text of the XML

export const cdataEnd: Said = {
  text: {
    en: 'A text contains "]]>", which ends its CDATA section too early',
    zh: '文本中含有“]]>”，使 CDATA 段提前结束',
  },
  hint: {
    en: 'Split it over two sections: replace "]]>" by "]]]]><![CDATA[>"',
    zh: '请拆成两个 CDATA 段：将“]]>”替换为“]]]]><![CDATA[>”',
  },
};

export function controlCharacter(code: number): Said {
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return {
    text: { en: `The reply contains ${name}, which XML forbids`, zh: `回复中含有 XML 不允许的字符 ${name}` },
    hint: {
      en: 'Take control characters out of texts before they are written; no escape exists for them',
      zh: '写入前请去除文本中的控制字符；XML 中没有表示它们的转义',
    },
  };
}

export const ampersand: Said = {
  text: { en: 'A bare "&" stands outside CDATA', zh: 'CDATA 之外有未转义的“&”' },
  hint: {
    en: 'Put texts and links into CDATA, or write "&amp;"',
    zh: '请将文本和链接放入 CDATA，或写成“&amp;”',
  },
};

// The form of the reply

export const encrypted: Said = {
  text: { en: 'The reply is encrypted, the push was not', zh: '回复是密文，而推送是明文' },
  hint: {
    en: 'Answer a plain push in the clear, or set 消息加解密方式 to the mode of the server',
    zh: '明文推送请用明文回复，或将“消息加解密方式”设为与服务器一致',
  },
};

export const notEncrypted: Said = {
  text: {
    en: 'The reply is in the clear; in safe mode it must be encrypted',
    zh: '回复是明文；安全模式下必须加密',
  },
  hint: {
    en: 'Encrypt the reply with the EncodingAESKey, or answer "success"',
    zh: '请用 EncodingAESKey 加密回复，或回复“success”',
  },
};

export const otherMode: Said = {
  text: {
    en: 'The message was encrypted; the answer is not, and does not go to its sender: the server did not open it',
    zh: '消息是加密的，而回复是明文，且不是发给该发送者的：服务器没有解密消息',
  },
  hint: {
    en: 'If the server is in plain mode, send the message in plain mode too (--mode plain); else give it the EncodingAESKey and let it open "Encrypt"',
    zh: '若服务器为明文模式，请也以明文发送（--mode plain）；否则请为它配置 EncodingAESKey，并解密“Encrypt”',
  },
};

export function envelope({ text, hint }: VerificationError): Said {
  return {
    text,
    hint: hint ?? {
      en: 'Sign Token, TimeStamp, Nonce and Encrypt of the reply itself, and encrypt with the AppID at the end',
      zh: '请用回复自身的 TimeStamp、Nonce、Encrypt 与令牌计算签名，并在加密内容末尾附上 AppID',
    },
  };
}

export const json: Said = {
  text: { en: 'The reply is JSON; WeChat takes XML only', zh: '回复是 JSON；微信只接受 XML' },
  hint: {
    en: 'Write the reply as <xml>…</xml>, or send "success"',
    zh: '请将回复写成 <xml>…</xml>，或输出“success”',
  },
};

/** `push` is its name on the wire. */
export function notShown(push: string): Said {
  return {
    text: { en: `A reply to "${push}" is shown to nobody`, zh: `对“${push}”的回复不会显示给用户` },
    hint: {
      en: 'Answer "success", and use the customer-service API to write to the person',
      zh: '请回复“success”，需要联系用户时使用客服消息接口',
    },
  };
}

// Its fields

/** `similar` is a name that stands there in other capitals. */
export function missing(
  name: string,
  field: string,
  state: 'empty' | 'missing' | 'no text',
  similar?: string,
): Said {
  const texts: Readonly<Record<typeof state, Text>> = {
    empty: { en: `"${field}" is empty`, zh: `“${field}”为空` },
    missing: { en: `"${field}" is missing`, zh: `缺少“${field}”` },
    'no text': { en: `"${field}" must be a single text`, zh: `“${field}”应为单个文本` },
  };
  return {
    text: texts[state],
    hint:
      similar === undefined
        ? { en: `Write <${name}> with its value`, zh: `请写入 <${name}> 及其值` }
        : {
            en: `Rename "${similar}" to "${name}": capitals count`,
            zh: `请将“${similar}”改为“${name}”：区分大小写`,
          },
  };
}

export function outside(name: string, outer: string): Said {
  return {
    text: {
      en: `"${outer}.${name}" is missing: "${name}" stands at the top`,
      zh: `缺少“${outer}.${name}”：“${name}”写在了最外层`,
    },
    hint: { en: `Put "${name}" inside <${outer}>`, zh: `请将“${name}”放入 <${outer}> 内` },
  };
}

export function withoutCover(field: string, hint: Text): Said {
  return {
    text: {
      en: `"${field}" is missing: the music is shown without a cover`,
      zh: `缺少“${field}”：音乐将不显示封面`,
    },
    hint,
  };
}

/** `swapped`: the two sides of the reply were exchanged. */
export function wrongSide(
  name: string,
  other: string,
  wanted: string,
  found: string,
  swapped: boolean,
): Said {
  return {
    text: {
      en: `"${name}" must be "${wanted}", the push's ${other}, got "${found}"`,
      zh: `“${name}”应为推送中的 ${other}“${wanted}”，实际为“${found}”`,
    },
    hint: swapped
      ? {
          en: 'Swap the two: the reply goes from the account to the person',
          zh: '请对调两者：回复由公众号发给用户',
        }
      : { en: `Copy the ${other} of the push`, zh: `请使用推送中的 ${other}` },
  };
}

const isMilliseconds = (field: string, found: string): Text => ({
  en: `"${field}" is "${found}", which are milliseconds; it must be seconds`,
  zh: `“${field}”为“${found}”，是毫秒；应为秒`,
});

export function createTimeMs(found: string): Said {
  return {
    text: isMilliseconds('CreateTime', found),
    hint: { en: 'Divide it by 1000 and cut the rest', zh: '请除以 1000 并取整' },
  };
}

export function timeStampMs(found: string): Said {
  return {
    text: isMilliseconds('TimeStamp', found),
    hint: {
      en: 'Divide it by 1000 and cut the rest, before the signature is made',
      zh: '请除以 1000 并取整，再计算签名',
    },
  };
}

export function createTime(found: string): Said {
  return {
    text: {
      en: `"CreateTime" must be an integer, the Unix time in seconds, got "${found}"`,
      zh: `“CreateTime”应为整数（Unix 秒），实际为“${found}”`,
    },
    hint: { en: 'Write the Unix time in seconds, digits only', zh: '请写入 Unix 秒，只含数字' },
  };
}

export function msgType(found: string, meant: string | undefined): Said {
  return {
    text: {
      en: `"MsgType" must be one of ${replyTypes.join(', ')}, got "${found}"`,
      zh: `“MsgType”应为 ${replyTypes.join('、')} 之一，实际为“${found}”`,
    },
    hint:
      meant === undefined
        ? {
            en: 'Choose one of these; other messages go through the customer-service API',
            zh: '请选用其中之一；其他消息请使用客服消息接口',
          }
        : { en: `Write it in lower case: "${meant}"`, zh: `请用小写：“${meant}”` },
  };
}

// What it says

export function contentBytes(bytes: number, max: number): Said {
  return {
    text: {
      en: `"Content" has ${bytes} bytes; at most ${max} are shown, and a Chinese character has 3`,
      zh: `“Content”有 ${bytes} 字节，最多 ${max} 字节（一个汉字占 3 字节）`,
    },
    hint: {
      en: 'Shorten it, or send the rest through the customer-service API',
      zh: '请缩短内容，其余部分可通过客服消息接口发送',
    },
  };
}

export function literalNewline(field: string): Said {
  return {
    text: {
      en: `"${field}" has a backslash and an "n", which the person sees as they are`,
      zh: `“${field}”中含有反斜杠加 n，用户会原样看到“\\n”`,
    },
    hint: {
      en: 'Write a real line break: in most languages "\\n" in double quotes, not in single ones',
      zh: '请写入真正的换行符：在多数语言中应使用双引号的 "\\n"，而非单引号',
    },
  };
}

export function articleCount(items: number, found: string): Said {
  return {
    text: {
      en: `"ArticleCount" must be ${items}, the number of articles, got "${found}"`,
      zh: `“ArticleCount”应为图文条数 ${items}，实际为“${found}”`,
    },
    hint: { en: `Set "ArticleCount" to ${items}`, zh: `请将“ArticleCount”设为 ${items}` },
  };
}

export function oneArticle(found: number): Said {
  return {
    text: {
      en: `An answer to a message may have 1 article, got ${found}: only the first is shown`,
      zh: `回复用户消息只能有 1 条图文，实际为 ${found} 条：只会显示第一条`,
    },
    hint: { en: 'Send one article', zh: '请只发送一条图文' },
  };
}

export function manyArticles(found: number, most: number): Said {
  return {
    text: {
      en: `An answer may have 1 to ${most} articles, got ${found}`,
      zh: `图文条数应为 1 至 ${most}，实际为 ${found}`,
    },
    hint: { en: `Send at most ${most} articles`, zh: `请最多发送 ${most} 条图文` },
  };
}
