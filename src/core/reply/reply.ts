import {
  type Fields,
  type XmlFields,
  formatXml,
  isFields,
  listField,
  nestedFields,
} from '../message/index.ts';

/** An article of a `news` reply（图文消息）. */
export interface Article {
  readonly title: string;
  readonly description: string;
  readonly picUrl: string;
  readonly url: string;
}

/** What a server may answer to a push（被动回复用户消息）, besides `success` and nothing. */
export type PassiveReply =
  | { readonly msgType: 'text'; readonly content: string }
  | { readonly msgType: 'image'; readonly mediaId: string }
  | { readonly msgType: 'voice'; readonly mediaId: string }
  | {
      readonly msgType: 'video';
      readonly mediaId: string;
      readonly title?: string | undefined;
      readonly description?: string | undefined;
    }
  | {
      readonly msgType: 'music';
      /**
       * Quirk: the official page requires it, but without the element the platform shows the music without a cover, while
       * an empty one is a fault (issue 206 of node-webot/wechat, pull request 1302 of w7corp/easywechat).
       */
      readonly thumbMediaId?: string | undefined;
      readonly title?: string | undefined;
      readonly description?: string | undefined;
      readonly musicUrl?: string | undefined;
      /** Used on Wi-Fi. */
      readonly hqMusicUrl?: string | undefined;
    }
  /** Quirk: since 2018-10-12 only the first article is shown in answer to a person's message. */
  | { readonly msgType: 'news'; readonly articles: readonly Article[] }
  /** Hands the message to customer service（转发消息到客服）; without an account any one online gets it. */
  | { readonly msgType: 'transfer_customer_service'; readonly kfAccount?: string | undefined }
  /** Hands the message to the AI service（转发消息到 AI 客服）, where the account has it. */
  | { readonly msgType: 'transfer_biz_ai_ivr' };

/** The types of passive replies, as on the wire. */
export const replyTypes = [
  'text',
  'image',
  'voice',
  'video',
  'music',
  'news',
  'transfer_customer_service',
  'transfer_biz_ai_ivr',
] as const satisfies readonly PassiveReply['msgType'][];

/** The two sides and the time of a reply. */
export interface ReplyEnvelope {
  /** The person: the push's `fromUserName`. */
  readonly toUserName: string;
  /** The account: the push's `toUserName`. */
  readonly fromUserName: string;
  /** Unix seconds. */
  readonly createTime: number;
}

/** Whether everything is there without which a reply shows an error, or nothing. */
export function isComplete(reply: PassiveReply): boolean {
  switch (reply.msgType) {
    case 'text':
      return reply.content.trim() !== '';
    case 'image':
    case 'voice':
    case 'video':
      return reply.mediaId.trim() !== '';
    case 'music':
      return reply.thumbMediaId?.trim() !== '';
    case 'news':
      return reply.articles.every(({ title, url }) => title.trim() !== '' && url.trim() !== '');
    case 'transfer_customer_service':
    case 'transfer_biz_ai_ivr':
      return true;
  }
}

/** Writes a reply as XML（被动回复用户消息）. */
export function formatReply(reply: PassiveReply, envelope: ReplyEnvelope): string {
  return formatXml(replyFields(reply, envelope));
}

/** Writes a reply as one JSON object, for mini programs that are pushed JSON. */
export function formatReplyJson(reply: PassiveReply, envelope: ReplyEnvelope): string {
  return JSON.stringify(replyFields(reply, envelope));
}

function replyFields(reply: PassiveReply, envelope: ReplyEnvelope): XmlFields {
  return {
    ToUserName: envelope.toUserName,
    FromUserName: envelope.fromUserName,
    CreateTime: envelope.createTime,
    MsgType: reply.msgType,
    ...contentFields(reply),
  };
}

function contentFields(reply: PassiveReply): XmlFields {
  switch (reply.msgType) {
    case 'text':
      return { Content: reply.content };
    case 'image':
      return { Image: { MediaId: reply.mediaId } };
    case 'voice':
      return { Voice: { MediaId: reply.mediaId } };
    case 'video':
      return { Video: { MediaId: reply.mediaId, Title: reply.title, Description: reply.description } };
    case 'music':
      return {
        Music: {
          Title: reply.title,
          Description: reply.description,
          MusicUrl: reply.musicUrl,
          HQMusicUrl: reply.hqMusicUrl,
          ThumbMediaId: reply.thumbMediaId,
        },
      };
    case 'news':
      return {
        ArticleCount: reply.articles.length,
        Articles: {
          item: reply.articles.map((article) => ({
            Title: article.title,
            Description: article.description,
            PicUrl: article.picUrl,
            Url: article.url,
          })),
        },
      };
    case 'transfer_customer_service':
      return { TransInfo: reply.kfAccount === undefined ? undefined : { KfAccount: reply.kfAccount } };
    case 'transfer_biz_ai_ivr':
      return {};
  }
}

/**
 * The reply that fields say, if they say one that is complete; see `validateReply` for what is missing otherwise.
 * Of articles only texts are taken; a missing one is empty.
 */
export function readReply(fields: Fields): PassiveReply | undefined {
  const msgType = word(fields, 'MsgType');
  const mediaIn = (name: string): string | undefined => required(nestedFields(fields, name), 'MediaId');
  switch (msgType) {
    case 'text': {
      const content = required(fields, 'Content');
      return content === undefined ? undefined : { msgType, content };
    }
    case 'image':
    case 'voice': {
      const mediaId = mediaIn(msgType === 'image' ? 'Image' : 'Voice');
      return mediaId === undefined ? undefined : { msgType, mediaId };
    }
    case 'video': {
      const mediaId = mediaIn('Video');
      const video = nestedFields(fields, 'Video');
      return mediaId === undefined
        ? undefined
        : { msgType, mediaId, title: word(video, 'Title'), description: word(video, 'Description') };
    }
    case 'music':
      return readMusic(nestedFields(fields, 'Music'));
    case 'news': {
      const articles = listField(nestedFields(fields, 'Articles') ?? {}, 'item').flatMap((item) =>
        isFields(item) ? [readArticle(item)] : [],
      );
      return articles.length === 0 ? undefined : { msgType, articles };
    }
    case 'transfer_customer_service':
      return { msgType, kfAccount: word(nestedFields(fields, 'TransInfo'), 'KfAccount') };
    case 'transfer_biz_ai_ivr':
      return { msgType };
    default:
      return undefined;
  }
}

function readMusic(music: Fields | undefined): PassiveReply | undefined {
  const thumbMediaId = required(music, 'ThumbMediaId');
  if (music === undefined || (thumbMediaId === undefined && music['ThumbMediaId'] !== undefined))
    return undefined;
  return {
    msgType: 'music',
    thumbMediaId,
    title: word(music, 'Title'),
    description: word(music, 'Description'),
    musicUrl: word(music, 'MusicUrl'),
    hqMusicUrl: word(music, 'HQMusicUrl'),
  };
}

function readArticle(item: Fields) {
  const text = (name: string): string => word(item, name) ?? '';
  return {
    title: text('Title'),
    description: text('Description'),
    picUrl: text('PicUrl'),
    url: text('Url'),
  };
}

/** A text, or `undefined` where there is none. */
function word(fields: Fields | undefined, name: string): string | undefined {
  const value = fields?.[name];
  return typeof value === 'string' ? value : undefined;
}

function required(fields: Fields | undefined, name: string): string | undefined {
  const value = word(fields, name);
  return value === undefined || value.trim() === '' ? undefined : value;
}
