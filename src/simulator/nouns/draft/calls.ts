/** 草稿箱: writing, reading and changing articles that are not published yet. */
import { contentReader, formatArticle } from './view.ts';
import { get, inBody, inQuery, ok, post, unused } from '../../server/endpoint.ts';
import { own } from '../../../core/text/json-value.ts';
import type { Settings } from '../../account/settings.ts';
import { Refusal } from '../../server/refusal.ts';
import { pageRange } from '../../server/wire.ts';

/** Drafts are named by the call that makes them. */
const newestDraft = { media_id: { answer: 'media_id', of: ['/cgi-bin/draft/add'] } } as const;
const newestCover = {
  thumb_media_id: { answer: 'media_id', of: ['/cgi-bin/material/add_material'] },
} as const;

export const calls = [
  // Quirk: open for every account of today, and nobody can close it; `checkonly` asks only.
  post('/cgi-bin/draft/switch', {
    reads: unused(inQuery('checkonly')),
    answer: () => ({ ...ok, is_open: 1 }),
  }),
  post('/cgi-bin/draft/add', {
    reads: inBody('articles'),
    fills: newestCover,
    answer({ articles }, { drafts, settings }) {
      checkComments(settings, articles);
      return { media_id: drafts.add(articles).mediaId };
    },
  }),
  post('/cgi-bin/draft/get', {
    reads: inBody('media_id'),
    fills: newestDraft,
    answer: ({ media_id: id }, { drafts }, { origin }) => ({
      news_item: drafts.get(id).articles.map((article) => formatArticle(article, origin)),
    }),
  }),
  post('/cgi-bin/draft/update', {
    reads: inBody('media_id', 'index', 'articles'),
    fills: { ...newestDraft, ...newestCover },
    answer({ media_id: id, index, articles }, { drafts, settings }) {
      checkComments(settings, [articles]);
      drafts.update(id, index, articles);
    },
  }),
  post('/cgi-bin/draft/delete', {
    reads: inBody('media_id'),
    fills: newestDraft,
    answer: ({ media_id: id }, { drafts }) => drafts.delete(id),
  }),
  get('/cgi-bin/draft/count', { answer: (_, { drafts }) => ({ total_count: drafts.list().length }) }),
  post('/cgi-bin/draft/batchget', {
    reads: inBody('offset', 'count', 'no_content'),
    answer(page, platform, { origin }) {
      const drafts = platform.drafts.list();
      const shown = contentReader(page);
      const item = pageRange(drafts, page).map(({ mediaId, articles, updatedAtMs }) => ({
        media_id: mediaId,
        content: { news_item: articles.map((article) => shown(formatArticle(article, origin))) },
        update_time: Math.floor(updatedAtMs / 1000),
      }));
      return { total_count: drafts.length, item_count: item.length, item };
    },
  }),
];

/** Throws 88000 for an article that is to take comments where the account has none. */
function checkComments({ comments }: Settings, articles: unknown): void {
  const list: readonly unknown[] = Array.isArray(articles) ? articles : [];
  if (!comments && list.some((article) => Number(own(article, 'need_open_comment')) === 1))
    throw new Refusal(88000);
}
