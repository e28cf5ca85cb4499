import { type Fields, listField, nestedFields } from '../message/index.ts';
import type { PassiveReply } from './reply.ts';

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
        typeof item === 'object' && !Array.isArray(item) ? [readArticle(item as Fields)] : [],
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
