import {
  type Fields,
  type FieldValue,
  type IncomingMessage,
  isFields,
  listField,
  nestedFields,
} from '../message/index.ts';
import { replyError, replyWarning, type ReplyProblem } from './problem.ts';
import * as say from './texts.ts';

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
    ...(bytes > maxContentBytes
      ? [replyError('content-bytes', say.contentBytes(bytes, maxContentBytes), 'Content')]
      : []),
    ...(hasLiteralNewline(content)
      ? [replyWarning('literal-newline', say.literalNewline('Content'), 'Content')]
      : []),
  ];
}

/** A backslash and an "n" where a line break was meant. In the path of a file on Windows it means nothing of the kind. */
function hasLiteralNewline(content: string): boolean {
  return content.replaceAll(/(?<![\p{L}\p{N}])[A-Za-z]:(?:\\[^\\\s]+)+/gu, '').includes('\\n');
}

function checkInner(fields: Fields, outer: string, name: string): readonly ReplyProblem[] {
  const inner = nestedFields(fields, outer);
  if (inner !== undefined && text(inner, name) !== undefined) return [];
  const field = `${outer}.${name}`;
  // A widespread mistake: the id at the top, as pushes have it.
  if (inner === undefined && text(fields, name) !== undefined)
    return [replyError('missing-field', say.outside(name, outer), field)];
  return [missing(inner ?? fields, inner === undefined ? outer : name, field)];
}

/** Quirk: see `PassiveReply`: a cover may be left out, but not be empty. */
function checkMusic(fields: Fields): readonly ReplyProblem[] {
  const music = nestedFields(fields, 'Music');
  if (music === undefined || music['ThumbMediaId'] !== undefined) {
    return checkInner(fields, 'Music', 'ThumbMediaId');
  }
  const field = 'Music.ThumbMediaId';
  const { hint } = missing(music, 'ThumbMediaId');
  return [replyWarning('missing-field', say.withoutCover(field, hint), field)];
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
  return [replyError('article-count', say.articleCount(items, found), 'ArticleCount')];
}

/** Quirk: since 2018-10-12 an answer to a person's message may have one article; the platform shows the first. */
function manyArticles(found: number, most: number): ReplyProblem {
  return most === 1
    ? replyError('one-article', say.oneArticle(found), 'Articles')
    : replyError('article-count', say.manyArticles(found, most), 'Articles');
}

function checkArticle(item: FieldValue, place: string): readonly ReplyProblem[] {
  const fields = isFields(item) ? item : {};
  // Without a title or a link there is nothing to see or to open; the other two may be empty.
  const isThere = (name: string): boolean =>
    (name === 'Title' || name === 'Url' ? text(fields, name) : fields[name]) !== undefined;
  return ['Title', 'Description', 'PicUrl', 'Url']
    .filter((name) => !isThere(name))
    .map((name) => missing(fields, name, `Articles.item${place}.${name}`));
}

/** A field that is not there or empty; a name in other capitals is pointed out. */
export function missing(fields: Fields, name: string, field = name): ReplyProblem {
  const similar = Object.keys(fields).find(
    (given) => given !== name && given.toLowerCase().replaceAll('_', '') === name.toLowerCase(),
  );
  return replyError(
    'missing-field',
    say.missing(name, field, stateOf(fields[name], field.startsWith(`${name}.`)), similar),
    field,
  );
}

function stateOf(found: FieldValue | undefined, holdsField: boolean): 'empty' | 'missing' | 'no text' {
  if (typeof found === 'string') return 'empty';
  return found === undefined || holdsField ? 'missing' : 'no text';
}

/** A text that is not blank. */
export function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return name === 'Content' ? value : value.trim();
}
