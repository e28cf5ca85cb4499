/** 草稿箱: writing, reading and changing articles that are not published yet. */
import { own } from '../../../core/text/json-value.ts';
import { formatArticle } from './article.ts';
import { createAdder, ok, type ApiApp } from '../../server/endpoint.ts';
import { pageRange, readWhole } from '../../server/paging.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';

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
    const shown = contentReader(body);
    const item = pageRange(drafts, body).map(({ mediaId, articles, updatedAtMs }) => ({
      media_id: mediaId,
      content: { news_item: articles.map((article) => shown(formatArticle(article, call.origin))) },
      update_time: Math.floor(updatedAtMs / 1000),
    }));
    return { total_count: drafts.length, item_count: item.length, item };
  });
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * How an article is shown in a list: without its content if the body has `"no_content": 1`. The argument is judged here,
 * whatever is in the list. Quirk: 0 and 1 in the documentation; clients send booleans, too. Throws 40097 for the rest.
 */
export function contentReader(body: unknown): (article: Fields) => Fields {
  const given = own(body, 'no_content') ?? false;
  const noContent = typeof given === 'boolean' ? Number(given) : readWhole(given);
  if (noContent !== 0 && noContent !== 1) throw new Refusal(40097);
  return ({ content, ...rest }) => (noContent === 1 ? rest : { ...rest, content });
}
