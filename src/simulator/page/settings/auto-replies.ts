/** 自动回复 as the form writes them: texts only, and one keyword with its answer on each line. */
import type { AutoReply, AutoReplyInfo, KeywordRule } from '../../control/types/index.ts';

export interface ReplyTexts {
  readonly follow: string;
  readonly keywords: string;
  readonly other: string;
}

/** `null` where the replies hold what the form cannot write: pictures, articles, several answers. */
export function formatReplies(info: AutoReplyInfo): ReplyTexts | null {
  const follow = textOf(info.add_friend_autoreply_info);
  const other = textOf(info.message_default_autoreply_info);
  const lines = (info.keyword_autoreply_info?.list ?? []).map(lineOf);
  if (follow === null || other === null || !lines.every((line) => line !== null)) return null;
  return { follow, keywords: lines.join('\n'), other };
}

/** As `POST /_ctl/autoreply` takes them. Lines without "=" are left out; an answer may have one. */
export function parseReplies({ follow, keywords, other }: ReplyTexts): object {
  const rules = keywords.split('\n').flatMap((line) => ruleOf(line) ?? []);
  return {
    is_add_friend_reply_open: follow.trim() === '' ? 0 : 1,
    is_autoreply_open: rules.length > 0 || other.trim() !== '' ? 1 : 0,
    ...(follow.trim() !== '' && { add_friend_autoreply_info: { type: 'text', content: follow.trim() } }),
    ...(other.trim() !== '' && { message_default_autoreply_info: { type: 'text', content: other.trim() } }),
    ...(rules.length > 0 && { keyword_autoreply_info: { list: rules } }),
  };
}

function textOf(reply: AutoReply | undefined): string | null {
  if (reply === undefined) return '';
  return reply.type === 'text' ? reply.content : null;
}

function lineOf({ keyword_list_info: keywords, reply_list_info: replies }: KeywordRule): string | null {
  const [keyword, reply] = [keywords[0], replies[0]];
  if (keywords.length !== 1 || replies.length !== 1 || reply?.type !== 'text') return null;
  const line = `${keyword?.content ?? ''} = ${reply.content}`;
  return keyword?.match_mode === 'contain' && !line.includes('\n') ? line : null;
}

function ruleOf(line: string): Omit<KeywordRule, 'create_time'> | undefined {
  const [, keyword = '', answer = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
  if (keyword === '' || answer === '') return undefined;
  return {
    rule_name: keyword,
    reply_mode: 'random_one',
    keyword_list_info: [{ type: 'text', match_mode: 'contain', content: keyword }],
    reply_list_info: [{ type: 'text', content: answer }],
  };
}
