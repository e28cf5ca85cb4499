import type { MessageFormat } from '../callback/index.ts';
import { eventNameOf, type Fields, type IncomingMessage } from '../message/index.ts';
import { checkContent, missing, text } from './content-rules.ts';
import { replyError, replyWarning } from './problem.ts';
import type { ReplyProblem } from './problem.ts';
import type { ParsedReply } from './parse.ts';
import { replyTypes } from './reply.ts';

/** Seconds have ten digits until the year 2286. */
const milliseconds = /^\d{13}$/;

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
  if (reply.kind === 'envelope') return [...reply.problems, encrypted()];
  const { fields } = reply;
  if (format === 'xml' && reply.format === 'json') return [...reply.problems, json()];
  // Some business events of mini programs are answered with an object of their own, which is no reply to a person.
  if (format === 'json' && fields['MsgType'] === undefined) return reply.problems;
  return [
    ...reply.problems,
    ...checkEnvelope(fields, message),
    ...checkType(fields),
    ...checkContent(fields, message),
    ...(showsReply(message, format) || fields['MsgType'] === 'transfer_customer_service'
      ? []
      : [notShown(message)]),
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
  return message.msgType !== 'event' || message.event === 'unknown' || answeredEvents.has(message.event);
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
  return [
    replyError(
      rule,
      {
        en: `"${name}" must be "${wanted}", the push's ${other}, got "${found}"`,
        zh: `“${name}”应为推送中的 ${other}“${wanted}”，实际为“${found}”`,
      },
      swapped
        ? {
            en: 'Swap the two: the reply goes from the account to the person',
            zh: '请对调两者：回复由公众号发给用户',
          }
        : { en: `Copy the ${other} of the push`, zh: `请使用推送中的 ${other}` },
      name,
    ),
  ];
}

function checkTime(fields: Fields): readonly ReplyProblem[] {
  const found = text(fields, 'CreateTime');
  if (found === undefined) return [missing(fields, 'CreateTime')];
  if (milliseconds.test(found)) {
    return [
      replyWarning(
        'create-time-ms',
        {
          en: `"CreateTime" is "${found}", which are milliseconds; it must be seconds`,
          zh: `“CreateTime”为“${found}”，是毫秒；应为秒`,
        },
        { en: 'Divide it by 1000 and cut the rest', zh: '请除以 1000 并取整' },
        'CreateTime',
      ),
    ];
  }
  if (/^\d{1,10}$/.test(found)) return [];
  return [
    replyError(
      'create-time',
      {
        en: `"CreateTime" must be an integer, the Unix time in seconds, got "${found}"`,
        zh: `“CreateTime”应为整数（Unix 秒），实际为“${found}”`,
      },
      { en: 'Write the Unix time in seconds, digits only', zh: '请写入 Unix 秒，只含数字' },
      'CreateTime',
    ),
  ];
}

function checkType(fields: Fields): readonly ReplyProblem[] {
  const found = text(fields, 'MsgType');
  if (found === undefined) return [missing(fields, 'MsgType')];
  if ((replyTypes as readonly string[]).includes(found)) return [];
  const meant = replyTypes.find((type) => type === found.toLowerCase());
  return [
    replyError(
      'msg-type',
      {
        en: `"MsgType" must be one of ${replyTypes.join(', ')}, got "${found}"`,
        zh: `“MsgType”应为 ${replyTypes.join('、')} 之一，实际为“${found}”`,
      },
      meant === undefined
        ? {
            en: 'Choose one of these; other messages go through the customer-service API',
            zh: '请选用其中之一；其他消息请使用客服消息接口',
          }
        : { en: `Write it in lower case: "${meant}"`, zh: `请用小写：“${meant}”` },
      'MsgType',
    ),
  ];
}

function encrypted(): ReplyProblem {
  return replyError(
    'encrypted',
    { en: 'The reply is encrypted, the push was not', zh: '回复是密文，而推送是明文' },
    {
      en: 'Answer a plain push in the clear, or set 消息加解密方式 to the mode of the server',
      zh: '明文推送请用明文回复，或将“消息加解密方式”设为与服务器一致',
    },
  );
}

function json(): ReplyProblem {
  return replyError(
    'json',
    { en: 'The reply is JSON; WeChat takes XML only', zh: '回复是 JSON；微信只接受 XML' },
    {
      en: 'Write the reply as <xml>…</xml>, or send "success"',
      zh: '请将回复写成 <xml>…</xml>，或输出“success”',
    },
  );
}

function notShown(message: IncomingMessage): ReplyProblem {
  const name = eventNameOf(message) ?? message.msgType;
  return replyWarning(
    'not-shown',
    {
      en: `A reply to "${name}" is shown to nobody`,
      zh: `对“${name}”的回复不会显示给用户`,
    },
    {
      en: 'Answer "success", and use the customer-service API to write to the person',
      zh: '请回复“success”，需要联系用户时使用客服消息接口',
    },
  );
}
