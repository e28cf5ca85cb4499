import type { MessageFormat } from '../callback/index.ts';
import { eventNameOf, type Fields, type IncomingMessage, isDocumentedEvent } from '../message/index.ts';
import { checkContent, missing, text } from './content-rules.ts';
import { isMilliseconds, replyError, replyWarning, type ReplyProblem } from './problem.ts';
import type { ParsedReply } from './parse.ts';
import { replyTypes } from './reply.ts';
import * as say from './texts.ts';

/**
 * Judges a reply as the platform would（被动回复用户消息）: every problem, those of the text included. None means that
 * the platform takes it. `format` is that of the push: mini programs are pushed JSON and have no passive replies.
 */
export function validateReply(
  reply: ParsedReply,
  message: IncomingMessage,
  { format = 'xml' }: { readonly format?: MessageFormat } = {},
): readonly ReplyProblem[] {
  if (reply.kind === 'none' || reply.kind === 'unreadable') return reply.problems;
  if (reply.kind === 'envelope') return [...reply.problems, replyError('encrypted', say.encrypted)];
  const { fields } = reply;
  if (format === 'xml' && reply.format === 'json') return [...reply.problems, replyError('json', say.json)];
  // Some business events of mini programs are answered with an object of their own, which is no reply to a person.
  if (format === 'json' && fields['MsgType'] === undefined) return reply.problems;
  return [
    ...reply.problems,
    ...checkEnvelope(fields, message),
    ...checkType(fields),
    ...checkContent(fields, message),
    ...(showsReply(message, format) || fields['MsgType'] === 'transfer_customer_service'
      ? []
      : [replyWarning('not-shown', say.notShown(eventNameOf(message) ?? message.msgType))]),
  ];
}

/** The events whose answer reaches the person's chat. */
const answeredEvents = new Set([
  'subscribe',
  'SCAN',
  'CLICK',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
  'user_enter_session_from_card',
  'user_scan_product_enter_session',
]);

/**
 * Whether a reply to this push is shown to anybody. A link that opens, a job that ends or a person who leaves has no
 * chat to show it in. Events that are not known are given the benefit of the doubt.
 */
export function showsReply(message: IncomingMessage, format: MessageFormat = 'xml'): boolean {
  if (format === 'json' || message.msgType === 'device_event') return false;
  return (
    message.msgType !== 'event' || !isDocumentedEvent(message.event) || answeredEvents.has(message.event)
  );
}

function checkEnvelope(fields: Fields, message: IncomingMessage): readonly ReplyProblem[] {
  const [to, from] = [text(fields, 'ToUserName'), text(fields, 'FromUserName')];
  const swapped = to === message.toUserName && from === message.fromUserName && to !== from;
  return [
    ...checkSide(fields, 'ToUserName', 'to-user', message.fromUserName, swapped),
    ...checkSide(fields, 'FromUserName', 'from-user', message.toUserName, swapped),
    ...checkTime(fields),
  ];
}

function checkSide(
  fields: Fields,
  name: 'ToUserName' | 'FromUserName',
  rule: 'to-user' | 'from-user',
  wanted: string,
  swapped: boolean,
): readonly ReplyProblem[] {
  const found = text(fields, name);
  if (found === undefined) return [missing(fields, name)];
  if (found === wanted) return [];
  const other = name === 'ToUserName' ? 'FromUserName' : 'ToUserName';
  return [replyError(rule, say.wrongSide(name, other, wanted, found, swapped), name)];
}

function checkTime(fields: Fields): readonly ReplyProblem[] {
  const found = text(fields, 'CreateTime');
  if (found === undefined) return [missing(fields, 'CreateTime')];
  if (isMilliseconds(found)) return [replyWarning('create-time-ms', say.createTimeMs(found), 'CreateTime')];
  if (/^\d{1,10}$/.test(found)) return [];
  return [replyError('create-time', say.createTime(found), 'CreateTime')];
}

function checkType(fields: Fields): readonly ReplyProblem[] {
  const found = text(fields, 'MsgType');
  if (found === undefined) return [missing(fields, 'MsgType')];
  if ((replyTypes as readonly string[]).includes(found)) return [];
  const meant = replyTypes.find((type) => type === found.toLowerCase());
  return [replyError('msg-type', say.msgType(found, meant), 'MsgType')];
}
