/** 发布能力: publishing drafts, and what has been published. */
import { articleAddress, contentReader, formatArticle } from '../draft/view.ts';
import { inBody, ok, post } from '../../server/endpoint.ts';
import { pageRange } from '../../server/wire.ts';
import { Refusal } from '../../server/refusal.ts';
import {
  failedPlaces,
  publishStatuses,
  type Publication,
  type PublishStatus,
  type PublishedArticle,
} from './state.ts';

const newestArticle = { article_id: { answer: 'article_id', of: ['/cgi-bin/freepublish/get'] } } as const;

export const calls = [
  post('/cgi-bin/freepublish/submit', {
    reads: inBody('media_id'),
    fills: { media_id: { answer: 'media_id', of: ['/cgi-bin/draft/add'] } },
    answer({ media_id: id }, { drafts, outcomes, publications }, { origin }) {
      const draft = drafts.get(id);
      const outcome = outcomes.take('publish') ?? 'success';
      const status = outcome === 'hold' ? 'publishing' : (outcome as PublishStatus);
      const { publishId, msgDataId } = publications.submit(draft, origin, status);
      // Quirk: a number here, a text in every other answer and in the event.
      return { ...ok, publish_id: Number(publishId), msg_data_id: msgDataId };
    },
  }),
  post('/cgi-bin/freepublish/get', {
    reads: inBody('publish_id'),
    fills: { publish_id: { answer: 'publish_id', of: ['/cgi-bin/freepublish/submit'] } },
    answer({ publish_id: id }, { publications }, { origin }) {
      // Quirk: a number or a text.
      const isId = typeof id === 'number' || typeof id === 'string';
      const publication = isId ? publications.find(String(id)) : undefined;
      if (publication === undefined) throw new Refusal(40097);
      return formatStatus(publication, origin);
    },
  }),
  post('/cgi-bin/freepublish/delete', {
    reads: inBody('article_id', 'index'),
    fills: newestArticle,
    answer: ({ article_id: id, index }, { publications }) => publications.delete(id, index ?? 0),
  }),
  post('/cgi-bin/freepublish/getarticle', {
    reads: inBody('article_id'),
    fills: newestArticle,
    answer({ article_id: id }, { publications }, { origin }) {
      const found = typeof id === 'string' ? publications.findArticles(id) : undefined;
      if (found === undefined) throw new Refusal(53600);
      return { news_item: found.articles.map((article) => formatPublished(article, origin)) };
    },
  }),
  post('/cgi-bin/freepublish/batchget', {
    reads: inBody('offset', 'count', 'no_content'),
    answer(page, { publications }, { origin }) {
      const published = publications
        .list()
        .filter(({ status }) => status === 'success' || status === 'deleted')
        .toReversed();
      const shown = contentReader(page);
      const item = pageRange(published, page).map(({ articleId, articles, updatedAtMs }) => ({
        article_id: articleId,
        content: { news_item: articles.map((article) => shown(formatPublished(article, origin))) },
        update_time: Math.floor(updatedAtMs / 1000),
      }));
      return { total_count: published.length, item_count: item.length, item };
    },
  }),
];

function formatPublished(article: PublishedArticle, origin: string): Record<string, unknown> {
  return { ...formatArticle(article, origin), is_deleted: article.isDeleted };
}

/** Quirk: the articles are named only when they are out. */
function formatStatus(publication: Publication, origin: string): Record<string, unknown> {
  const { publishId, status, articleId, articles } = publication;
  const detail = {
    article_id: articleId,
    article_detail: {
      count: articles.length,
      item: articles.map((article, index) => ({
        idx: index + 1,
        article_url: articleAddress(origin, article),
      })),
    },
  };
  return {
    publish_id: publishId,
    publish_status: publishStatuses[status],
    ...(status === 'success' && detail),
    fail_idx: failedPlaces(publication),
  };
}
