import {
  type Fields,
  type FieldValue,
  type IncomingMessage,
  listField,
  nestedFields,
} from '../message/index.ts';
import { replyError, replyWarning } from './problem.ts';
import type { ReplyProblem } from './problem.ts';

/** A longer text is not shown. */
const maxContentBytes = 2048;
const maxArticles = 8;

/** Judges what a reply of its type must have besides the envelope; `message` is what it answers, where that is known. */
export function checkContent(fields: Fields, message?: IncomingMessage): readonly ReplyProblem[] {
  switch (text(fields, 'MsgType')) {
    case 'text':
      return checkText(fields);
    case 'image':
      return checkInner(fields, 'Image', 'MediaId');
    case 'voice':
      return checkInner(fields, 'Voice', 'MediaId');
    case 'video':
      return checkInner(fields, 'Video', 'MediaId');
    case 'music':
      return checkMusic(fields);
    case 'news':
      return checkNews(fields, message);
    case 'transfer_customer_service':
      return fields['TransInfo'] === undefined ? [] : checkInner(fields, 'TransInfo', 'KfAccount');
    default:
      return [];
  }
}

function checkText(fields: Fields): readonly ReplyProblem[] {
  const content = text(fields, 'Content');
  if (content === undefined) return [missing(fields, 'Content')];
  const bytes = Buffer.byteLength(content);
  return [
    ...(bytes <= maxContentBytes ? [] : [longContent(bytes)]),
    ...(hasLiteralNewline(content) ? [literalNewline('Content')] : []),
  ];
}

/** A backslash and an "n" where a line break was meant. In the path of a file on Windows it means nothing of the kind. */
function hasLiteralNewline(content: string): boolean {
  return content.replaceAll(/(?<![\p{L}\p{N}])[A-Za-z]:(?:\\[^\\\s]+)+/gu, '').includes('\\n');
}

function literalNewline(field: string): ReplyProblem {
  return replyWarning(
    'literal-newline',
    {
      en: `"${field}" has a backslash and an "n", which the person sees as they are`,
      zh: `“${field}”中含有反斜杠加 n，用户会原样看到“\\n”`,
    },
    {
      en: 'Write a real line break: in most languages "\\n" in double quotes, not in single ones',
      zh: '请写入真正的换行符：在多数语言中应使用双引号的 "\\n"，而非单引号',
    },
    field,
  );
}

function longContent(bytes: number): ReplyProblem {
  return replyError(
    'content-bytes',
    {
      en: `"Content" has ${bytes} bytes; at most ${maxContentBytes} are shown, and a Chinese character has 3`,
      zh: `“Content”有 ${bytes} 字节，最多 ${maxContentBytes} 字节（一个汉字占 3 字节）`,
    },
    {
      en: 'Shorten it, or send the rest through the customer-service API',
      zh: '请缩短内容，其余部分可通过客服消息接口发送',
    },
    'Content',
  );
}

function checkInner(fields: Fields, outer: string, name: string): readonly ReplyProblem[] {
  const inner = nestedFields(fields, outer);
  if (inner !== undefined && text(inner, name) !== undefined) return [];
  const field = `${outer}.${name}`;
  // A widespread mistake: the id at the top, as pushes have it.
  const flat = inner === undefined && text(fields, name) !== undefined;
  return [
    flat
      ? replyError(
          'missing-field',
          {
            en: `"${field}" is missing: "${name}" stands at the top`,
            zh: `缺少“${field}”：“${name}”写在了最外层`,
          },
          { en: `Put "${name}" inside <${outer}>`, zh: `请将“${name}”放入 <${outer}> 内` },
          field,
        )
      : missing(inner ?? fields, inner === undefined ? outer : name, field),
  ];
}

/** Quirk: see `PassiveReply`: a cover may be left out, but not be empty. */
function checkMusic(fields: Fields): readonly ReplyProblem[] {
  const music = nestedFields(fields, 'Music');
  if (music === undefined || music['ThumbMediaId'] !== undefined) {
    return checkInner(fields, 'Music', 'ThumbMediaId');
  }
  const field = 'Music.ThumbMediaId';
  return [
    replyWarning(
      'missing-field',
      {
        en: `"${field}" is missing: the music is shown without a cover`,
        zh: `缺少“${field}”：音乐将不显示封面`,
      },
      missing(music, 'ThumbMediaId').hint,
      field,
    ),
  ];
}

function checkNews(fields: Fields, message: IncomingMessage | undefined): readonly ReplyProblem[] {
  const items = listField(nestedFields(fields, 'Articles') ?? {}, 'item');
  if (items.length === 0) return [missing(fields, 'Articles', 'Articles.item')];
  const most = message === undefined || message.msgType === 'event' ? maxArticles : 1;
  return [
    ...checkCount(fields, items.length),
    ...(items.length > most ? [manyArticles(items.length, most)] : []),
    ...items.flatMap((item, index) => checkArticle(item, items.length === 1 ? '' : `[${index}]`)),
  ];
}

function checkCount(fields: Fields, items: number): readonly ReplyProblem[] {
  const found = text(fields, 'ArticleCount');
  if (found === undefined) return [missing(fields, 'ArticleCount')];
  if (found === String(items)) return [];
  return [
    replyError(
      'article-count',
      {
        en: `"ArticleCount" must be ${items}, the number of articles, got "${found}"`,
        zh: `“ArticleCount”应为图文条数 ${items}，实际为“${found}”`,
      },
      { en: `Set "ArticleCount" to ${items}`, zh: `请将“ArticleCount”设为 ${items}` },
      'ArticleCount',
    ),
  ];
}

/** Quirk: since 2018-10-12 an answer to a person's message may have one article; the platform shows the first. */
function manyArticles(found: number, wanted: number): ReplyProblem {
  return wanted === 1
    ? replyError(
        'one-article',
        {
          en: `An answer to a message may have 1 article, got ${found}: only the first is shown`,
          zh: `回复用户消息只能有 1 条图文，实际为 ${found} 条：只会显示第一条`,
        },
        { en: 'Send one article', zh: '请只发送一条图文' },
        'Articles',
      )
    : replyError(
        'article-count',
        {
          en: `An answer may have 1 to ${wanted} articles, got ${found}`,
          zh: `图文条数应为 1 至 ${wanted}，实际为 ${found}`,
        },
        { en: `Send at most ${wanted} articles`, zh: `请最多发送 ${wanted} 条图文` },
        'Articles',
      );
}

function checkArticle(item: FieldValue, place: string): readonly ReplyProblem[] {
  const fields: Fields = typeof item === 'object' && !Array.isArray(item) ? (item as Fields) : {};
  return (
    ['Title', 'Description', 'PicUrl', 'Url']
      // Without a title or a link there is nothing to see or to open; the other two may be empty.
      .filter(
        (name) => (name === 'Title' || name === 'Url' ? text(fields, name) : fields[name]) === undefined,
      )
      .map((name) => missing(fields, name, `Articles.item${place}.${name}`))
  );
}

/** A field that is not there or empty; a name in other capitals is pointed out. */
export function missing(fields: Fields, name: string, field = name): ReplyProblem {
  const similar = Object.keys(fields).find(
    (given) => given !== name && given.toLowerCase().replaceAll('_', '') === name.toLowerCase(),
  );
  const found = fields[name];
  return replyError(
    'missing-field',
    typeof found === 'string'
      ? { en: `"${field}" is empty`, zh: `“${field}”为空` }
      : found === undefined || field.startsWith(`${name}.`)
        ? { en: `"${field}" is missing`, zh: `缺少“${field}”` }
        : { en: `"${field}" must be a single text`, zh: `“${field}”应为单个文本` },
    similar === undefined
      ? { en: `Write <${name}> with its value`, zh: `请写入 <${name}> 及其值` }
      : {
          en: `Rename "${similar}" to "${name}": capitals count`,
          zh: `请将“${similar}”改为“${name}”：区分大小写`,
        },
    field,
  );
}

/** A text that is not blank. */
export function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value !== 'string' || value.trim() === ''
    ? undefined
    : name === 'Content'
      ? value
      : value.trim();
}
