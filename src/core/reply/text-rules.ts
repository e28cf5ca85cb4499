import { replyError } from './problem.ts';
import type { ReplyProblem } from './problem.ts';

/**
 * Checks the text of a reply in XML for what a parser of ours may forgive and the platform's does not. Linear in the
 * length of the text.
 */
export function checkReplyText(xml: string): readonly ReplyProblem[] {
  const bare = withoutCdata(xml);
  return [
    ...(bare.includes(']]>') ? [cdataEnd()] : []),
    ...(forbidden.test(xml) ? [controlCharacter(xml)] : []),
    ...(/&(?!(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)/.test(bare) ? [ampersand()] : []),
  ];
}

// A lone half of a pair cannot even be encoded; what stands here could have come over the wire.
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;

/** What stands outside CDATA; an unclosed section ends with the text. */
function withoutCdata(xml: string): string {
  const pieces: string[] = [];
  let position = 0;
  for (;;) {
    const start = xml.indexOf('<![CDATA[', position);
    if (start === -1) break;
    pieces.push(xml.slice(position, start));
    const end = xml.indexOf(']]>', start + 9);
    if (end === -1) return pieces.join(' ');
    position = end + 3;
  }
  pieces.push(xml.slice(position));
  return pieces.join(' ');
}

function cdataEnd(): ReplyProblem {
  return replyError(
    'cdata-end',
    {
      en: 'A text contains "]]>", which ends its CDATA section too early',
      zh: '文本中含有“]]>”，使 CDATA 段提前结束',
    },
    {
      en: 'Split it over two sections: replace "]]>" by "]]]]><![CDATA[>"',
      zh: '请拆成两个 CDATA 段：将“]]>”替换为“]]]]><![CDATA[>”',
    },
  );
}

function controlCharacter(xml: string): ReplyProblem {
  const code = forbidden.exec(xml)?.[0].codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return replyError(
    'control-character',
    { en: `The reply contains ${name}, which XML forbids`, zh: `回复中含有 XML 不允许的字符 ${name}` },
    {
      en: 'Take control characters out of texts before they are written; no escape exists for them',
      zh: '写入前请去除文本中的控制字符；XML 中没有表示它们的转义',
    },
  );
}

function ampersand(): ReplyProblem {
  return replyError(
    'ampersand',
    { en: 'A bare "&" stands outside CDATA', zh: 'CDATA 之外有未转义的“&”' },
    { en: 'Put texts and links into CDATA, or write "&amp;"', zh: '请将文本和链接放入 CDATA，或写成“&amp;”' },
  );
}
