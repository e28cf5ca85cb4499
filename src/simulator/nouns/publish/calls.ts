/** 发布能力: publishing drafts, and what has been published. */
import { own } from '../../../core/text/json-value.ts';
import { articleAddress, formatArticle } from '../draft/article.ts';
import { createAdder, ok, type ApiApp } from '../../server/endpoint.ts';
import { pageRange } from '../../server/paging.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import {
  failedPlaces,
  publishStatuses,
  type Publication,
  type PublishStatus,
  type PublishedArticle,
} from './state.ts';
import { contentReader } from '../draft/calls.ts';

export function addPublishRoutes(app: ApiApp, platform: Platform): void {
  const add = createAdder(app, platform);
  add('POST', 'freepublish/submit', (call) => {
    const draft = platform.drafts.get(own(call.json(), 'media_id'));
    const outcome = platform.outcomes.take('publish') ?? 'success';
    const status = outcome === 'hold' ? 'publishing' : (outcome as PublishStatus);
    const { publishId, msgDataId } = platform.publications.submit(draft, call.origin, status);
    // Quirk: a number here, a text in every other answer and in the event.
    return { ...ok, publish_id: Number(publishId), msg_data_id: msgDataId };
  });
  add('POST', 'freepublish/get', (call) => {
    const id = own(call.json(), 'publish_id');
    // Quirk: a number or a text.
    const isId = typeof id === 'number' || typeof id === 'string';
    const publication = isId ? platform.publications.find(String(id)) : undefined;
    if (publication === undefined) throw new Refusal(40097);
    return formatStatus(publication, call.origin);
  });
  add('POST', 'freepublish/delete', (call) => {
    const body = call.json();
    platform.publications.delete(own(body, 'article_id'), own(body, 'index') ?? 0);
    return ok;
  });
  add('POST', 'freepublish/getarticle', (call) => {
    const id = own(call.json(), 'article_id');
    const found = typeof id === 'string' ? platform.publications.findArticles(id) : undefined;
    if (found === undefined) throw new Refusal(53600);
    return { news_item: found.articles.map((article) => formatPublished(article, call.origin)) };
  });
  add('POST', 'freepublish/batchget', (call) => {
    const body = call.json();
    const published = platform.publications
      .list()
      .filter(({ status }) => status === 'success' || status === 'deleted')
      .toReversed();
    const shown = contentReader(body);
    const item = pageRange(published, body).map(({ articleId, articles, updatedAtMs }) => ({
      article_id: articleId,
      content: { news_item: articles.map((article) => shown(formatPublished(article, call.origin))) },
      update_time: Math.floor(updatedAtMs / 1000),
    }));
    return { total_count: published.length, item_count: item.length, item };
  });
}

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
