/** 草稿箱: writing, reading and changing articles that are not published yet. */
import { own } from '../../core/json-value.ts';
import { formatArticle, type Article } from '../content/article.ts';
import { createAdder, ok, type ApiApp } from '../endpoint.ts';
import { pageRange } from '../paging.ts';
import type { Platform } from '../platform.ts';
import { Refusal } from '../refusal.ts';

export function addDraftRoutes(app: ApiApp, platform: Platform): void {
  const add = createAdder(app, platform);
  // Quirk: open for every account of today, and nobody can close it; `checkonly` asks only.
  add('POST', 'draft/switch', () => ({ ...ok, is_open: 1 }));
  add('POST', 'draft/add', (call) => ({
    media_id: platform.drafts.add(own(call.json(), 'articles')).mediaId,
  }));
  add('POST', 'draft/get', (call) => {
    const { articles } = platform.drafts.get(own(call.json(), 'media_id'));
    return { news_item: articles.map((article) => formatArticle(article, call.origin)) };
  });
  add('POST', 'draft/update', (call) => {
    const body = call.json();
    platform.drafts.update(own(body, 'media_id'), own(body, 'index'), own(body, 'articles'));
    return ok;
  });
  add('POST', 'draft/delete', (call) => {
    platform.drafts.delete(own(call.json(), 'media_id'));
    return ok;
  });
  add('GET', 'draft/count', () => ({ total_count: platform.drafts.list().length }));
  add('POST', 'draft/batchget', (call) => {
    const body = call.json();
    const drafts = platform.drafts.list();
    const item = pageRange(drafts, body).map(({ mediaId, articles, updatedAtMs }) => ({
      media_id: mediaId,
      content: { news_item: listed(articles, body, (article) => formatArticle(article, call.origin)) },
      update_time: Math.floor(updatedAtMs / 1000),
    }));
    return { total_count: drafts.length, item_count: item.length, item };
  });
}

/** Articles in a list, whose content is left out with `"no_content": 1`. Throws 40097 for anything but 0 and 1. */
export function listed<Kind extends Article>(
  articles: readonly Kind[],
  body: unknown,
  format: (article: Kind) => Record<string, unknown>,
): readonly Record<string, unknown>[] {
  const noContent = own(body, 'no_content') ?? 0;
  if (noContent !== 0 && noContent !== 1) throw new Refusal(40097);
  return articles.map((article) => {
    const { content, ...rest } = format(article);
    return noContent === 1 ? rest : { ...rest, content };
  });
}
