/** What everybody can open without a token: pictures, videos, and the pages of articles. */
import type { BrowserPage } from '../../server/endpoint.ts';
import { languageOf } from '../../server/html-page.ts';
import { contentAnswer, pictureUrl } from '../media/view.ts';
import type { MediaType, Medium } from '../media/state.ts';
import type { Platform } from '../../account/platform.ts';

export const publishedPages: readonly BrowserPage[] = [
  {
    method: 'GET',
    path: '/mmbiz/:key/0',
    answer: (context, { media }) =>
      answer(media.findByKey(context.req.param('key') ?? ''), ['image', 'thumb']),
  },
  {
    method: 'GET',
    path: '/mpvideo/:key',
    answer: (context, { media }) => answer(media.findByKey(context.req.param('key') ?? ''), ['video']),
  },
  {
    method: 'GET',
    path: '/s/:page',
    answer: (context, platform) => articlePage(platform, context.req.raw, context.req.param('page') ?? ''),
  },
];

function answer(medium: Medium | undefined, types: readonly MediaType[]): Response {
  if (medium === undefined || !types.includes(medium.type)) return new Response(null, { status: 404 });
  return contentAnswer(medium);
}

async function articlePage(platform: Platform, request: Request, pageId: string): Promise<Response> {
  const { articleAnswer, missingArticleAnswer } = await import('./article-page.ts');
  const { origin } = new URL(request.url);
  const language = languageOf(request);
  const shown = {
    language,
    account: platform.settings.name,
    pictureOf: (mediaId: string): string | undefined => pictureUrl(platform, mediaId, origin),
  };
  const draft = platform.drafts.findPage(pageId);
  if (draft !== undefined) {
    return articleAnswer({ ...draft, ...shown, atMs: draft.updatedAtMs, reads: undefined });
  }
  const published = platform.publications.findPage(pageId);
  const sent = published === undefined ? platform.massUploads.openPage(pageId) : undefined;
  if (sent !== undefined) return articleAnswer({ ...sent, ...shown });
  if (published === undefined) return missingArticleAnswer(language, 'unknown');
  const { article, publication } = published;
  if (publication.status === 'banned') return missingArticleAnswer(language, 'banned');
  if (article.isDeleted) return missingArticleAnswer(language, 'deleted');
  article.reads += 1;
  return articleAnswer({ ...shown, article, atMs: publication.updatedAtMs, reads: article.reads });
}
