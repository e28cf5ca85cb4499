/** What the phone shows of a push and of the answer to it. */
import type { IncomingMessage } from '../../core/message.ts';
import { unavailableText } from '../../core/reply-verdict.ts';
import type { PassiveReply } from '../../core/reply.ts';
import type { ChatContent, ChatMessage, ProblemView, PushView } from '../console-types.ts';
import type { Delivery } from '../push.ts';

/** A person's own message; events are nothing that stands in a chat. */
export function messageContent(message: IncomingMessage): ChatContent | undefined {
  switch (message.msgType) {
    case 'text':
      return { type: 'text', text: message.content };
    case 'image':
      return { type: 'image', media_id: message.mediaId, pic_url: message.picUrl || null };
    case 'voice':
      return { type: 'voice', media_id: message.mediaId, recognition: message.recognition ?? null };
    case 'video':
    case 'shortvideo':
      return { type: message.msgType, media_id: message.mediaId, title: '', description: '' };
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
      };
    }
    default:
      return undefined;
  }
}

/** What the answer puts into the chat; `undefined` for nothing. */
export function answerMessage(
  push: PushView,
  { verdict, userSees }: Delivery,
  message: IncomingMessage,
): Pick<ChatMessage, 'from' | 'origin' | 'push_id' | 'content'> | undefined {
  if (userSees === 'unavailable') return unavailable(push.id, push.problems);
  const reply = verdict?.reply;
  if (reply === undefined) return undefined;
  const handedOver = reply.msgType.startsWith('transfer_');
  if (userSees !== 'reply' && !handedOver) return undefined;
  return {
    from: handedOver ? 'system' : 'account',
    origin: handedOver ? 'platform' : 'reply',
    push_id: push.id,
    content: replyContent(reply, message),
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
      reason: problem?.text ?? { en: 'The server did not answer', zh: '服务器没有应答' },
      hint: problem?.hint ?? null,
    },
  };
}

function replyContent(reply: PassiveReply, message: IncomingMessage): ChatContent {
  switch (reply.msgType) {
    case 'text':
      return { type: 'text', text: reply.content };
    case 'image':
      return { type: 'image', media_id: reply.mediaId, pic_url: null };
    case 'voice':
      return { type: 'voice', media_id: reply.mediaId, recognition: null };
    case 'video':
      return {
        type: 'video',
        media_id: reply.mediaId,
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
        thumb_media_id: reply.thumbMediaId,
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
      return {
        type: 'notice',
        text: { en: 'Handed to customer service', zh: '已转接人工客服' },
      };
    case 'transfer_biz_ai_ivr':
      return { type: 'notice', text: { en: 'Handed to the AI service', zh: '已转接 AI 客服' } };
  }
}
