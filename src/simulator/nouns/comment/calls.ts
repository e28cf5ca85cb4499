/** 图文消息留言管理: comments on articles that are out, published or sent as a mass message. */
import { inBody, ok, post } from '../../server/endpoint.ts';
import { Refusal } from '../../server/refusal.ts';
import { readWhole } from '../../server/wire.ts';
import type { Platform } from '../../account/platform.ts';
import type { ArticleKey, Comment } from './state.ts';
import { commentedArticles } from './view.ts';

const maxCount = 50;

const newestArticle = {
  msg_data_id: {
    answer: 'msg_data_id',
    of: ['/cgi-bin/freepublish/submit', '/cgi-bin/message/mass/sendall'],
  },
} as const;

interface Named {
  readonly msg_data_id: unknown;
  readonly index: unknown;
}

/** Quirk: a number on the page, and a text in what freepublish/submit answers; without an index the first article. */
function keyOf(platform: Platform, { msg_data_id: dataId, index = 0 }: Named): ArticleKey {
  if (!platform.settings.comments) throw new Refusal(88000);
  const [id, place] = [readWhole(dataId), readWhole(index)];
  const found = commentedArticles(platform).find((each) => each.dataId === id && each.index === place);
  if (found === undefined) throw new Refusal(88001);
  return found.key;
}

const comment = inBody('msg_data_id', 'index', 'user_comment_id');

/** What is done to one comment, by the end of the call's path. */
const changes = {
  markelect: 'elect',
  unmarkelect: 'unelect',
  delete: 'delete',
  'reply/delete': 'deleteReply',
} as const;

export const calls = [
  ...(['open', 'close'] as const).map((state) =>
    post(`/cgi-bin/comment/${state}`, {
      reads: inBody('msg_data_id', 'index'),
      fills: newestArticle,
      answer: (named, platform) => platform.comments.switch(keyOf(platform, named), state === 'open'),
    }),
  ),
  post('/cgi-bin/comment/list', {
    reads: inBody('msg_data_id', 'index', 'begin', 'count', 'type'),
    fills: newestArticle,
    answer(fields, platform) {
      const key = keyOf(platform, fields);
      const [begin, count] = [readWhole(fields.begin), readWhole(fields.count)];
      if (count === undefined || count < 1 || count > maxCount) throw new Refusal(88010);
      if (begin === undefined) throw new Refusal(40097);
      const shown = ofType(platform.comments.of(key), fields.type);
      return { ...ok, total: shown.length, comment: shown.slice(begin, begin + count).map(formatComment) };
    },
  }),
  ...Object.entries(changes).map(([name, change]) =>
    post(`/cgi-bin/comment/${name}`, {
      reads: comment,
      fills: newestArticle,
      answer: (fields, platform) =>
        platform.comments[change](keyOf(platform, fields), readWhole(fields.user_comment_id)),
    }),
  ),
  post('/cgi-bin/comment/reply/add', {
    reads: { ...comment, ...inBody('content') },
    fills: newestArticle,
    answer: (fields, platform) =>
      platform.comments.reply(keyOf(platform, fields), readWhole(fields.user_comment_id), fields.content),
  }),
];

/** 0 all, 1 ordinary ones, 2 featured ones（精选）. Throws 40097. */
function ofType(comments: readonly Comment[], type: unknown = 0): readonly Comment[] {
  const wanted = readWhole(type);
  if (wanted === undefined || wanted > 2) throw new Refusal(40097);
  return wanted === 0 ? comments : comments.filter(({ isElected }) => isElected === (wanted === 2));
}

function formatComment({ id, openId, atMs, content, isElected, reply }: Comment): Record<string, unknown> {
  return {
    user_comment_id: id,
    openid: openId,
    create_time: Math.floor(atMs / 1000),
    content,
    comment_type: isElected ? 1 : 0,
    // Quirk: a list in the samples, though nobody replies twice; the table of the page calls it an object.
    reply:
      reply === undefined ? [] : [{ content: reply.content, create_time: Math.floor(reply.atMs / 1000) }],
  };
}
