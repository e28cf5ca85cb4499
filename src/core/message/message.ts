import { defined } from '../text/defined.ts';
import { readEvent, type EventMessage, type PushCommon } from './event.ts';
import { textField, type Fields } from './fields.ts';

export type { EventMessage } from './event.ts';

/** What a message from a person has besides（接收普通消息）. */
interface FromPerson extends PushCommon {
  /** 64 bits as decimal text, or a longer text from mini programs. Repeated pushes have the same one. */
  readonly msgId: string;
  /** Only for messages sent from inside an article. */
  readonly msgDataId?: string;
  /** Position of that article, from 1. */
  readonly idx?: string;
}

export interface TextMessage extends FromPerson {
  readonly msgType: 'text';
  readonly content: string;
  /** The item of a menu message（菜单消息）that the person tapped. */
  readonly bizMsgMenuId?: string;
}

export interface ImageMessage extends FromPerson {
  readonly msgType: 'image';
  readonly picUrl: string;
  readonly mediaId: string;
}

export interface VoiceMessage extends FromPerson {
  readonly msgType: 'voice';
  readonly mediaId: string;
  /** `amr` or `speex`. */
  readonly format: string;
  readonly mediaId16K?: string;
  /** Only with voice recognition（语音识别）switched on. */
  readonly recognition?: string;
}

export interface VideoMessage extends FromPerson {
  readonly msgType: 'video' | 'shortvideo';
  readonly mediaId: string;
  readonly thumbMediaId: string;
}

export interface LocationMessage extends FromPerson {
  readonly msgType: 'location';
  /** Degrees, as written on the wire. */
  readonly latitude: string;
  readonly longitude: string;
  readonly scale: string;
  readonly label: string;
}

export interface LinkMessage extends FromPerson {
  readonly msgType: 'link';
  readonly title: string;
  readonly description: string;
  readonly url: string;
}

/** A mini program's card（小程序卡片消息）. */
export interface MiniProgramPageMessage extends FromPerson {
  readonly msgType: 'miniprogrampage';
  readonly title: string;
  readonly appId: string;
  readonly pagePath: string;
  readonly thumbUrl: string;
  readonly thumbMediaId: string;
}

/** A message from a device（设备消息）. */
export interface DeviceTextMessage extends FromPerson {
  readonly msgType: 'device_text';
  readonly openId: string;
  readonly deviceId: string;
  readonly deviceType: string;
  readonly sessionId: string;
  /** Base64. */
  readonly content: string;
}

/** An event of a device（设备绑定/解绑事件）: `bind`, `unbind`, `subscribe_status`, `unsubscribe_status`. */
export interface DeviceEventMessage extends PushCommon {
  readonly msgType: 'device_event';
  readonly event: string;
  readonly openId: string;
  readonly deviceId: string;
  readonly deviceType: string;
  readonly sessionId: string;
  /** Base64. */
  readonly content: string;
}

/** A push of a kind that is not known here, kept whole. */
export interface UnknownMessage extends PushCommon {
  readonly msgType: 'unknown';
  /** `MsgType` as it came; empty where there is none, as in the path check of cloud hosting. */
  readonly wireType: string;
  readonly msgId?: string;
}

/** A push of the platform, told apart by `msgType`, and events by `event` as well. */
export type IncomingMessage =
  | TextMessage
  | ImageMessage
  | VoiceMessage
  | VideoMessage
  | LocationMessage
  | LinkMessage
  | MiniProgramPageMessage
  | DeviceTextMessage
  | EventMessage
  | DeviceEventMessage
  | UnknownMessage;

/**
 * Reads the fields of a push as a message. Unknown fields and types are kept.
 * Throws `VerificationError` (`xml`) where a text is expected and something nested or repeated stands.
 */
export function readMessage(fields: Fields): IncomingMessage {
  const common = readCommon(fields);
  const msgType = word(fields, 'MsgType');
  if (msgType === 'event') return readEvent(common, fields);
  if (msgType === 'device_event') {
    return { ...common, msgType, event: word(fields, 'Event'), ...readDevice(fields), fields };
  }
  const reader = readers.get(msgType);
  const msgId = word(fields, 'MsgId');
  if (reader === undefined) {
    return {
      ...common,
      msgType: 'unknown',
      wireType: msgType,
      ...defined({ msgId: msgId || undefined }),
      fields,
    };
  }
  const specific = reader((name) => textField(fields, name) ?? '', fields);
  const fromPerson = { msgId, ...common, ...specific, fields };
  // Most messages come from no article.
  if (fields['MsgDataId'] === undefined && fields['Idx'] === undefined) return fromPerson;
  const article = { msgDataId: textField(fields, 'MsgDataId'), idx: textField(fields, 'Idx') };
  return { ...fromPerson, ...defined(article) };
}

type Specific<Message> = Message extends FromPerson ? Omit<Message, keyof FromPerson> : never;
type Reader = (text: (name: string) => string, fields: Fields) => Specific<IncomingMessage>;

const readVideo =
  (msgType: 'video' | 'shortvideo'): Reader =>
  (text) => ({ msgType, mediaId: text('MediaId'), thumbMediaId: text('ThumbMediaId') });

/** One line per message type: how its own fields are read. */
const readers = new Map<string, Reader>([
  [
    'text',
    (text, fields) => ({
      msgType: 'text',
      content: text('Content'),
      ...defined({ bizMsgMenuId: textField(fields, 'bizmsgmenuid') }),
    }),
  ],
  ['image', (text) => ({ msgType: 'image', picUrl: text('PicUrl'), mediaId: text('MediaId') })],
  [
    'voice',
    (text, fields) => ({
      msgType: 'voice',
      mediaId: text('MediaId'),
      format: text('Format'),
      ...defined({
        mediaId16K: textField(fields, 'MediaId16K'),
        recognition: textField(fields, 'Recognition'),
      }),
    }),
  ],
  ['video', readVideo('video')],
  ['shortvideo', readVideo('shortvideo')],
  [
    'location',
    (text) => ({
      msgType: 'location',
      latitude: text('Location_X'),
      longitude: text('Location_Y'),
      scale: text('Scale'),
      label: text('Label'),
    }),
  ],
  [
    'link',
    (text) => ({ msgType: 'link', title: text('Title'), description: text('Description'), url: text('Url') }),
  ],
  [
    'miniprogrampage',
    (text) => ({
      msgType: 'miniprogrampage',
      title: text('Title'),
      appId: text('AppId'),
      pagePath: text('PagePath'),
      thumbUrl: text('ThumbUrl'),
      thumbMediaId: text('ThumbMediaId'),
    }),
  ],
  ['device_text', (_text, fields) => ({ msgType: 'device_text', ...readDevice(fields) })],
]);

/** The documented types of pushes, as `MsgType` has them on the wire. */
export const messageTypes: readonly string[] = [...readers.keys(), 'event', 'device_event'];

function readDevice(fields: Fields) {
  const text = (name: string): string => textField(fields, name) ?? '';
  return {
    openId: text('OpenID'),
    deviceId: text('DeviceID'),
    deviceType: text('DeviceType'),
    sessionId: text('SessionID'),
    content: text('Content'),
  };
}

function readCommon(fields: Fields): Omit<PushCommon, 'fields'> {
  const createTime = Number(word(fields, 'CreateTime'));
  return {
    toUserName: word(fields, 'ToUserName'),
    fromUserName: word(fields, 'FromUserName'),
    createTime: Number.isSafeInteger(createTime) && createTime > 0 ? createTime : 0,
  };
}

/** A field that is one word: blanks around it mean nothing. */
function word(fields: Fields, name: string): string {
  return textField(fields, name)?.trim() ?? '';
}

/**
 * What a push is called on the wire: `Event`, `MsgType`, or `InfoType`, which pushes about authorisations have instead.
 * Empty where it has none of them, as in the path check of cloud hosting.
 */
export function pushNameOf(message: IncomingMessage): string {
  const event = eventNameOf(message);
  if (event !== undefined && event !== '') return event;
  if (message.msgType !== 'unknown') return message.msgType;
  const { InfoType: info } = message.fields;
  return message.wireType !== '' || typeof info !== 'string' ? message.wireType : info.trim();
}

/** Name of an event on the wire, capitals included; `undefined` for messages. */
export function eventNameOf(message: IncomingMessage): string | undefined {
  return 'event' in message ? message.event : undefined;
}

/** Scene of the QR code that was scanned（扫描带参数二维码）: the prefix is cut once. `undefined` for other events. */
export function qrSceneOf(message: EventMessage): string | undefined {
  if (message.event === 'SCAN') return message.eventKey;
  if (message.event !== 'subscribe' || !message.eventKey?.startsWith('qrscene_')) return undefined;
  return message.eventKey.slice('qrscene_'.length);
}
