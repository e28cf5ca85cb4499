/** The articles that take comments, and what people write under them on the phone. */
import type { Platform } from '../../account/platform.ts';
import {
  checkKeys,
  numberWithin,
  optionalText,
  refuse,
  requiredText,
  type Body,
} from '../../control/input.ts';
import {
  commentForm,
  commentsClosed,
  followersComment,
  foreignComment,
  unknownArticle,
} from '../../control/texts.ts';
import type { CommentedArticle } from '../../control/types/index.ts';
import type { Article } from '../draft/state.ts';
import { hasArticles } from '../publish/state.ts';
import type { Follower } from '../user/state.ts';
import type { ArticleKey } from './state.ts';

interface Commented {
  readonly key: ArticleKey;
  readonly dataId: number;
  readonly index: number;
  readonly article: Article;
}

/** Articles that are out: published, or sent to people in a mass message. Oldest first of each. */
export function commentedArticles({ publications, mass, massUploads }: Platform): readonly Commented[] {
  const published = publications.list().flatMap((publication) => {
    const isOut = hasArticles(publication) && publication.status !== 'banned';
    const articles = isOut ? publication.articles : [];
    return articles
      .map((article, index) => describe(publication.msgDataId, index, article))
      .filter((_, index) => articles[index]?.isDeleted !== true);
  });
  const sent = mass.sentArticles().flatMap(({ dataId, index, pageId }) => {
    const article = massUploads.findSent(pageId);
    return article === undefined ? [] : [describe(String(dataId), index, article)];
  });
  return [...published, ...sent];
}

function describe(dataId: string, index: number, article: Article): Commented {
  return { key: `${dataId}:${index}`, dataId: Number(dataId), index, article };
}

/** 留言开关 */
export function takesComments({ comments }: Platform, { key, article }: Commented): boolean {
  return comments.switchedTo(key) ?? article.needOpenComment === 1;
}

/** `GET /_ctl/comments` */
export function listComments(platform: Platform): readonly CommentedArticle[] {
  return commentedArticles(platform).map((each) => ({
    msg_data_id: each.dataId,
    index: each.index,
    title: each.article.title,
    open: takesComments(platform, each),
    followers_only: each.article.onlyFansCanComment === 1,
    comments: platform.comments.of(each.key).map(({ id, openId, atMs, content, isElected, reply }) => ({
      user_comment_id: id,
      openid: openId,
      at: new Date(atMs).toISOString(),
      content,
      elected: isElected,
      reply: reply?.content ?? null,
    })),
  }));
}

/** Writes a comment, or deletes one of one's own. Throws an input error for what no phone can do. */
export function commentOnPhone(platform: Platform, { openId, follows }: Follower, body: Body): void {
  checkKeys(body, ['url', 'msg_data_id', 'index', 'content', 'delete', 'wait']);
  const { delete: gone } = body;
  if (gone !== undefined) {
    checkKeys(body, ['delete', 'wait']);
    const id = numberWithin(gone, 'delete', 1, Number.MAX_SAFE_INTEGER);
    if (!platform.comments.takeBack(openId, id)) refuse(foreignComment(id), 'unknown_comment');
    return;
  }
  const content = requiredText(body, 'content');
  const found = findArticle(platform, body);
  if (!takesComments(platform, found)) refuse(commentsClosed, 'comments_closed');
  if (found.article.onlyFansCanComment === 1 && !follows) refuse(followersComment(openId), 'not_following');
  platform.comments.write(found.key, openId, content);
}

function findArticle(platform: Platform, body: Body): Commented {
  const [url, id, index] = [optionalText(body, 'url'), body['msg_data_id'], body['index'] ?? 0];
  if ((url === undefined) === (id === undefined)) return refuse(commentForm);
  const found = commentedArticles(platform).find((each) =>
    url === undefined
      ? String(each.dataId) === String(id) && each.index === index
      : url.endsWith(`/s/${each.article.pageId}`),
  );
  return found ?? refuse(unknownArticle, 'unknown_article');
}
