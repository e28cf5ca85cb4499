/** 自动回复: the answers that the platform gives by itself while no server is configured. */
import type { IncomingMessage } from '../../../core/message/index.ts';
import type { Random } from '../../../io/ports.ts';
import type {
  AutoReply,
  AutoReplyInfo,
  ChatContent,
  KeywordRule,
  NewsReply,
} from '../../control/types/index.ts';
import { mediaUrl } from '../media/view.ts';
import type { Media } from '../media/state.ts';

const none: AutoReplyInfo = { is_add_friend_reply_open: 0, is_autoreply_open: 0 };

export function createAutoReplies(random: Random, media: Media) {
  let info = none;
  const contentsOf = (reply: AutoReply | NewsReply | undefined): readonly ChatContent[] =>
    reply === undefined ? [] : [contentOf(reply, media)];
  return {
    save: (): AutoReplyInfo => info,
    restore(saved: AutoReplyInfo): void {
      info = saved;
    },
    info: (): AutoReplyInfo => info,
    change(changed: AutoReplyInfo): void {
      info = changed;
    },
    /** What this message of a person, or this event, is answered; nothing where no rule fits. */
    answer(message: IncomingMessage): readonly ChatContent[] {
      if (message.msgType === 'event') {
        const isFollow = message.event === 'subscribe' && info.is_add_friend_reply_open === 1;
        return isFollow ? contentsOf(info.add_friend_autoreply_info) : [];
      }
      if (info.is_autoreply_open === 0) return [];
      const rule = message.msgType === 'text' ? findRule(info, message.content) : undefined;
      if (rule === undefined) return contentsOf(info.message_default_autoreply_info);
      const replies = rule.reply_list_info;
      const chosen = rule.reply_mode === 'reply_all' ? replies : [pick(replies, random)];
      return chosen.flatMap(contentsOf);
    },
  };
}

/** The first rule that fits is the one. */
function findRule({ keyword_autoreply_info: rules }: AutoReplyInfo, text: string): KeywordRule | undefined {
  return rules?.list.find(({ keyword_list_info: keywords }) =>
    keywords.some(({ match_mode, content }) =>
      match_mode === 'equal' ? text === content : text.includes(content),
    ),
  );
}

function pick<Entry>(list: readonly Entry[], random: Random): Entry | undefined {
  return list[(random.bytes(1)[0] ?? 0) % list.length];
}

function contentOf(reply: AutoReply | NewsReply, media: Media): ChatContent {
  if (reply.type === 'news') {
    const articles = reply.news_info.list.map(({ title, digest, cover_url, content_url }) => ({
      title,
      description: digest,
      pic_url: cover_url,
      url: content_url,
    }));
    return { type: 'news', articles };
  }
  const { content } = reply;
  if (reply.type === 'text') return { type: 'text', text: content };
  const seen = { media_id: content, media_url: mediaUrl({ media }, content) };
  if (reply.type === 'img') return { type: 'image', ...seen, pic_url: null };
  if (reply.type === 'voice') return { type: 'voice', ...seen, recognition: null };
  return { type: 'video', ...seen, title: '', description: '', thumb_url: null };
}
