/** The articles that take comments, and what people write under them on the phone. */
import type { Platform } from '../../account/platform.ts';
import {
  checkKeys,
  numberWithin,
  optionalFlag,
  optionalText,
  readEntries,
  refuse,
  requiredText,
  type Body,
} from '../../control/input.ts';
import {
  articleForm,
  commentForm,
  commentsClosed,
  followersComment,
  foreignComment,
  tooManyElected,
  unknownArticle,
} from '../../control/texts.ts';
import type { CommentedArticle } from '../../control/types/index.ts';
import { escapeHtml } from '../../server/html-page.ts';
import { Refusal } from '../../server/refusal.ts';
import { type Article, openArticle } from '../draft/state.ts';
import { hasArticles } from '../publish/state.ts';
import type { Follower } from '../user/state.ts';
import { readOpenId } from '../user/view.ts';
import { type ArticleKey, maxElected } from './state.ts';

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

/** An article of a scenario: it has been published, and people have written under it. */
export interface ArticleOrder {
  readonly article: Article;
  /** In the order in which they were written. */
  readonly comments: readonly CommentOrder[];
}

interface CommentOrder {
  readonly openId: string;
  readonly content: string;
  readonly isElected: boolean;
  readonly reply: string | undefined;
}

/** Throws an input error that names the field. */
export function parseArticleOrder(body: Body): ArticleOrder {
  checkKeys(body, ['title', 'content', 'followers_only', 'comments'], ['title']);
  const comments = readEntries(body, 'comments', parseCommentOrder, 'invalid_scenario');
  if (comments.filter(({ isElected }) => isElected).length > maxElected)
    return refuse(tooManyElected(maxElected), 'invalid_scenario');
  return { article: readArticle(body), comments };
}

function readArticle(body: Body): Article {
  const title = requiredText(body, 'title');
  const content = optionalText(body, 'content') ?? `<p>${escapeHtml(title)}</p>`;
  try {
    return openArticle(title, content, optionalFlag(body, 'followers_only') === true ? 1 : 0);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refuse(articleForm, 'invalid_scenario');
  }
}

function parseCommentOrder(body: Body): CommentOrder {
  checkKeys(body, ['openid', 'content', 'elected', 'reply'], ['openid', 'content']);
  return {
    openId: readOpenId(body['openid']),
    content: requiredText(body, 'content'),
    isElected: optionalFlag(body, 'elected') ?? false,
    reply: body['reply'] === undefined ? undefined : requiredText(body, 'reply'),
  };
}

/** Lets an article be out, with its comments; whoever wrote one and is not there yet comes as a follower. */
export function bringOut(platform: Platform, { article, comments: written }: ArticleOrder): void {
  const { publications, comments, followers } = platform;
  const key: ArticleKey = `${publications.addPublished([article]).msgDataId}:0`;
  for (const { openId, content, isElected, reply } of written) {
    if (followers.find(openId) === undefined) followers.put(openId, {});
    const { id } = comments.write(key, openId, content);
    if (isElected) comments.elect(key, id);
    if (reply !== undefined) comments.reply(key, id, reply);
  }
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
