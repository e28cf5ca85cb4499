/** What the phone shows of a push and of what came of it. */
import type { IncomingMessage } from '../../../core/message/index.ts';
import { type PassiveReply, unavailableText } from '../../../core/reply/index.ts';
import type { ChatContent, ChatMessage, ProblemView, PushView } from '../types/index.ts';
import type { Delivery } from '../../push/index.ts';
import { handedToAi, handedToService, noResponse, unknownMedium, uploadFirst } from './texts.ts';

/** Where the page sees media by its id; `null` for what the simulator does not have. */
export type MediaUrl = (mediaId: string) => string | null;

/** A person's own message; events are nothing that stands in a chat. */
export function messageContent(message: IncomingMessage, mediaUrl: MediaUrl): ChatContent | undefined {
  switch (message.msgType) {
    case 'text':
      return { type: 'text', text: message.content };
    case 'image':
      return { type: 'image', ...media(message, mediaUrl), pic_url: message.picUrl || null };
    case 'voice':
      return { type: 'voice', ...media(message, mediaUrl), recognition: message.recognition ?? null };
    case 'video':
    case 'shortvideo': {
      const thumb_url = mediaUrl(message.thumbMediaId);
      return { type: message.msgType, ...media(message, mediaUrl), thumb_url, title: '', description: '' };
    }
    case 'location': {
      const { latitude, longitude, scale, label } = message;
      return { type: 'location', latitude, longitude, scale, label };
    }
    case 'link': {
      const { title, description, url } = message;
      return { type: 'link', title, description, url };
    }
    case 'miniprogrampage': {
      const { title, appId, pagePath, thumbMediaId } = message;
      return {
        type: 'miniprogrampage',
        title,
        appid: appId,
        pagepath: pagePath,
        thumb_media_id: thumbMediaId,
        thumb_url: mediaUrl(thumbMediaId),
      };
    }
    default:
      return undefined;
  }
}

function media({ mediaId }: { readonly mediaId: string }, mediaUrl: MediaUrl) {
  return { media_id: mediaId, media_url: mediaUrl(mediaId) };
}

/** What a push puts into the chat when it has ended: the reply, or why there is none; `undefined` for nothing. */
export function outcomeMessage(
  push: PushView,
  { verdict, userSees }: Delivery,
  message: IncomingMessage,
  mediaUrl: MediaUrl,
): Pick<ChatMessage, 'from' | 'origin' | 'push_id' | 'content'> | undefined {
  if (userSees === 'unavailable') return unavailable(push.id, push.problems);
  const reply = verdict?.reply;
  if (reply === undefined) return undefined;
  const handedOver = reply.msgType.startsWith('transfer_');
  // Quirk: only what a person writes is handed over, and no event.
  if (handedOver ? message.msgType === 'event' : userSees !== 'reply') return undefined;
  return {
    from: handedOver ? 'system' : 'account',
    origin: handedOver ? 'platform' : 'reply',
    push_id: push.id,
    content: replyContent(reply, message, mediaUrl),
  };
}

/** The platform's own words, and why: the person sees only the words. */
export function unavailable(
  pushId: number,
  problems: readonly ProblemView[],
): Pick<ChatMessage, 'from' | 'origin' | 'push_id' | 'content'> {
  const problem = problems.find(({ severity }) => severity === 'error');
  return {
    from: 'account',
    origin: 'platform',
    push_id: pushId,
    content: {
      type: 'unavailable',
      text: unavailableText,
      reason: problem?.text ?? noResponse,
      hint: problem?.hint ?? null,
    },
  };
}

function replyContent(reply: PassiveReply, message: IncomingMessage, mediaUrl: MediaUrl): ChatContent {
  switch (reply.msgType) {
    case 'text':
      return { type: 'text', text: reply.content };
    case 'image':
      return { type: 'image', ...media(reply, mediaUrl), pic_url: null };
    case 'voice':
      return { type: 'voice', ...media(reply, mediaUrl), recognition: null };
    case 'video':
      return {
        type: 'video',
        ...media(reply, mediaUrl),
        thumb_url: null,
        title: reply.title ?? '',
        description: reply.description ?? '',
      };
    case 'music':
      return {
        type: 'music',
        title: reply.title ?? '',
        description: reply.description ?? '',
        music_url: reply.musicUrl ?? '',
        hq_music_url: reply.hqMusicUrl ?? '',
        thumb_media_id: reply.thumbMediaId ?? '',
        thumb_url: mediaUrl(reply.thumbMediaId ?? ''),
      };
    case 'news': {
      // Quirk: in answer to a person's message only the first article is shown (since 2018-10-12).
      const shown = message.msgType === 'event' ? reply.articles : reply.articles.slice(0, 1);
      return {
        type: 'news',
        articles: shown.map(({ title, description, picUrl, url }) => ({
          title,
          description,
          pic_url: picUrl,
          url,
        })),
      };
    }
    case 'transfer_customer_service':
      return { type: 'notice', text: handedToService };
    case 'transfer_biz_ai_ivr':
      return { type: 'notice', text: handedToAi };
  }
}

/** Media of a reply that the account does not have: the platform's own way with them is not documented. */
export function unknownMedia(reply: PassiveReply | undefined, mediaUrl: MediaUrl): readonly ProblemView[] {
  if (reply === undefined) return [];
  const ids = [
    ['MediaId', 'mediaId' in reply ? reply.mediaId : undefined],
    ['ThumbMediaId', 'thumbMediaId' in reply ? reply.thumbMediaId : undefined],
  ] as const;
  return ids.flatMap(([field, id]) =>
    id === undefined || id === '' || mediaUrl(id) !== null ? [] : [unknownMediaProblem(field, id)],
  );
}

function unknownMediaProblem(field: string, id: string): ProblemView {
  return {
    rule: 'unknown_media',
    severity: 'warning',
    text: unknownMedium(field, id),
    hint: uploadFirst,
    field,
  };
}
