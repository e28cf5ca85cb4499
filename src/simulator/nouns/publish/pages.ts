/** What everybody can open without a token: pictures, videos, and the pages of articles. */
import type { ApiApp } from '../../server/endpoint.ts';
import { languageOf } from '../../server/html-page.ts';
import { contentAnswer } from '../media/answers.ts';
import { pictureUrl } from '../media/chat.ts';
import type { Platform } from '../../account/platform.ts';
import type { Medium } from '../media/state.ts';

export function addPublishedRoutes(app: ApiApp, platform: Platform): void {
  const answer = (key: string, isWanted: (medium: Medium) => boolean): Response => {
    const medium = platform.media.findByKey(key);
    if (medium === undefined || !isWanted(medium)) return new Response(null, { status: 404 });
    return contentAnswer(medium);
  };
  app.get('/mmbiz/:key/0', (context) =>
    answer(context.req.param('key'), ({ type }) => type === 'image' || type === 'thumb'),
  );
  app.get('/mpvideo/:key', (context) => answer(context.req.param('key'), ({ type }) => type === 'video'));
  app.get('/s/:page', async (context) => {
    const { articleAnswer, missingArticleAnswer } = await import('./article-page.ts');
    const pageId = context.req.param('page');
    const { origin } = new URL(context.req.url);
    const language = languageOf(context.req.raw);
    const pictureOf = (mediaId: string): string | undefined => pictureUrl(platform, mediaId, origin);
    const draft = platform.drafts.findPage(pageId);
    if (draft !== undefined) {
      return articleAnswer({ ...draft, language, atMs: draft.updatedAtMs, reads: undefined, pictureOf });
    }
    const published = platform.publications.findPage(pageId);
    const sent = published === undefined ? platform.massUploads.openPage(pageId) : undefined;
    if (sent !== undefined) return articleAnswer({ ...sent, language, pictureOf });
    if (published === undefined) return missingArticleAnswer(language, 'unknown');
    const { article, publication } = published;
    if (publication.status === 'banned') return missingArticleAnswer(language, 'banned');
    if (article.isDeleted) return missingArticleAnswer(language, 'deleted');
    article.reads += 1;
    return articleAnswer({
      language,
      article,
      atMs: publication.updatedAtMs,
      reads: article.reads,
      pictureOf,
    });
  });
}
