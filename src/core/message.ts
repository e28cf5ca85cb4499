import { listField, nestedFields, textField } from './fields.ts';
import type { Fields } from './fields.ts';

/** What every push has. */
interface Common {
  /** The account's original id（原始 ID）, `gh_…`. */
  readonly toUserName: string;
  /** The person's openid. */
  readonly fromUserName: string;
  /** Unix seconds; 0 where the push names none. */
  readonly createTime: number;
  /** Everything that came, under the names on the wire. */
  readonly fields: Fields;
}

/** What a message from a person has besides（接收普通消息）. */
interface FromPerson extends Common {
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

/** An event（事件推送）; what only some events have is in `fields`. */
export interface EventMessage extends Common {
  readonly msgType: 'event' | 'device_event';
  /** As on the wire, capitals included: `subscribe`, `CLICK`. */
  readonly event: string;
  /** The button's key, the url, or the scene（`qrscene_…` only in `subscribe`）. */
  readonly eventKey?: string;
  /** The QR code's ticket. */
  readonly ticket?: string;
}

/** A push of a kind that is not known here, kept whole. */
export interface UnknownMessage extends Common {
  readonly msgType: 'unknown';
  /** `MsgType` as it came; empty where there is none, as in the path check of cloud hosting. */
  readonly wireType: string;
  readonly msgId?: string;
}

/** A push of the platform, told apart by `msgType`. */
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
  | UnknownMessage;

/** Scene of the QR code that was scanned（扫描带参数二维码）: the prefix is cut once. `undefined` for other events. */
export function qrSceneOf(message: EventMessage): string | undefined {
  if (message.event === 'SCAN') return message.eventKey;
  if (message.event !== 'subscribe' || !message.eventKey?.startsWith('qrscene_')) return undefined;
  return message.eventKey.slice('qrscene_'.length);
}

/**
 * Reads the fields of a push as a message. Unknown fields and types are kept.
 * Throws `VerificationError` (`xml`) where a text is expected and something nested or repeated stands.
 */
export function readMessage(fields: Fields): IncomingMessage {
  const common = readCommon(fields);
  const msgType = word(fields, 'MsgType');
  if (msgType === 'event' || msgType === 'device_event') {
    return {
      ...common,
      msgType,
      event: word(fields, 'Event'),
      ...given(eventKeyOf(fields), (eventKey) => ({ eventKey })),
      ...given(textField(fields, 'Ticket'), (ticket) => ({ ticket })),
      fields,
    };
  }
  const reader = readers.get(msgType);
  const msgId = word(fields, 'MsgId');
  if (reader === undefined) {
    return { ...common, msgType: 'unknown', wireType: msgType, ...(msgId === '' ? {} : { msgId }), fields };
  }
  return {
    ...common,
    msgId,
    ...given(textField(fields, 'MsgDataId'), (msgDataId) => ({ msgDataId })),
    ...given(textField(fields, 'Idx'), (idx) => ({ idx })),
    ...reader((name) => textField(fields, name) ?? '', fields),
    fields,
  };
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
      ...given(textField(fields, 'bizmsgmenuid'), (bizMsgMenuId) => ({ bizMsgMenuId })),
    }),
  ],
  ['image', (text) => ({ msgType: 'image', picUrl: text('PicUrl'), mediaId: text('MediaId') })],
  [
    'voice',
    (text, fields) => ({
      msgType: 'voice',
      mediaId: text('MediaId'),
      format: text('Format'),
      ...given(textField(fields, 'MediaId16K'), (mediaId16K) => ({ mediaId16K })),
      ...given(textField(fields, 'Recognition'), (recognition) => ({ recognition })),
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
  [
    'device_text',
    (text) => ({
      msgType: 'device_text',
      openId: text('OpenID'),
      deviceId: text('DeviceID'),
      deviceType: text('DeviceType'),
      sessionId: text('SessionID'),
      content: text('Content'),
    }),
  ],
]);

function readCommon(fields: Fields): Omit<Common, 'fields'> {
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

/** Some events of other products nest the key or repeat it; it is then left to `fields`. */
function eventKeyOf(fields: Fields): string | undefined {
  if (nestedFields(fields, 'EventKey') !== undefined || listField(fields, 'EventKey').length > 1)
    return undefined;
  return textField(fields, 'EventKey');
}

/** The property that a value makes, where there is a value. */
function given<Property extends object>(
  value: string | undefined,
  property: (value: string) => Property,
): Property | undefined {
  return value === undefined ? undefined : property(value);
}
