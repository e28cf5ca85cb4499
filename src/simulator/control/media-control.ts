/** The content of media for the page, and what becomes of publications. */
import type { Hono } from 'hono';
import { articleAddress } from '../nouns/draft/article.ts';
import type { PublicationView } from './types/index.ts';
import { contentAnswer } from '../nouns/media/answers.ts';
import { hasArticles, type Publication, type PublishStatus } from '../nouns/publish/state.ts';
import type { Control } from './control.ts';
import { checkKeys, optionalChoice, parseBody, refuse } from './input.ts';

/** How one on hold can end; a published one can only be banned. */
const ends = [
  'success',
  'not_original',
  'failed',
  'refused',
  'banned',
] as const satisfies readonly PublishStatus[];

export function addMediaControl(app: Hono, { traffic }: Control): void {
  const { platform } = traffic;
  app.get('/media/:media_id', (context) => {
    const id = context.req.param('media_id');
    return contentAnswer(platform.media.find(id) ?? unknownMedia(id));
  });
  app.get('/publications', (context) => {
    const { origin } = new URL(context.req.url);
    return context.json(platform.publications.list().map((each) => formatPublication(each, origin)));
  });
  app.post('/publications/:publish_id', async (context) => {
    const id = context.req.param('publish_id');
    const body = parseBody(await context.req.text());
    checkKeys(body, ['status']);
    const status = optionalChoice(body, 'status', ends) ?? 'success';
    const publication = platform.publications.find(id) ?? unknownPublication(id);
    if (!platform.publications.end(publication, status)) cannotEnd(publication, status);
    return context.json(formatPublication(publication, new URL(context.req.url).origin));
  });
}

function formatPublication(publication: Publication, origin: string): PublicationView {
  const { publishId, articleId, status, articles, draftId, updatedAtMs } = publication;
  return {
    publish_id: publishId,
    at: new Date(updatedAtMs).toISOString(),
    status,
    draft_media_id: draftId,
    article_id: hasArticles(publication) ? articleId : null,
    articles: articles.map((article) => ({
      title: article.title,
      url: articleAddress(origin, article),
      is_deleted: article.isDeleted,
      reads: article.reads,
    })),
  };
}

function unknownMedia(id: string): never {
  return refuse({ en: `There is no media "${id}"`, zh: `没有素材“${id}”` }, 'unknown_media');
}

function unknownPublication(id: string): never {
  return refuse({ en: `There is no publication "${id}"`, zh: `没有发布任务“${id}”` }, 'unknown_publication');
}

function cannotEnd({ status }: Publication, wanted: PublishStatus): never {
  return refuse(
    {
      en: `A publication must be "publishing" to end, or "success" to be "banned", got "${status}" for "${wanted}"`,
      zh: `只有“publishing”的发布任务可以结束，只有“success”的可以变为“banned”；当前为“${status}”，目标为“${wanted}”`,
    },
    'invalid_publication',
  );
}
