/** What the account sends by itself, and what it has: templates, mass messages, automatic replies, media, publications. */
import type { Hono } from 'hono';
import type { Platform } from '../account/platform.ts';
import { parseAutoReplyInfo } from '../nouns/autoreply/view.ts';
import { listComments } from '../nouns/comment/view.ts';
import { readMassEnd } from '../nouns/outcome/state.ts';
import { articleAddress } from '../nouns/draft/view.ts';
import { contentAnswer } from '../nouns/media/view.ts';
import { hasArticles, type Publication } from '../nouns/publish/state.ts';
import { oneTimeTemplateId } from '../nouns/subscribe/state.ts';
import { placeholdersOf } from '../nouns/template/view.ts';
import { checkKeys, optionalChoice, parseBody, personNamed, refuse } from './input.ts';
import type { PublicationView, SubscriptionView, TemplatesView, TemplateView } from './types/index.ts';
import { nothingHeldText, publicationEnds, unknownMediaText, unknownPublicationText } from './texts.ts';

export function addMessageRoutes(app: Hono, platform: Platform): void {
  app.get('/templates', (context) => context.json(templatesView(platform)));
  app.get('/chats/:openid/subscriptions', (context) =>
    context.json(subscriptionsView(platform, context.req.param('openid'))),
  );
  app.get('/outcomes', (context) => context.json(platform.outcomes.list()));
  app.post('/outcomes', async (context) => {
    platform.outcomes.order(parseBody(await context.req.text()));
    return context.json(platform.outcomes.list());
  });
  app.get('/mass', (context) => context.json(platform.mass.list()));
  app.post('/mass/:msg_id', async (context) => {
    const body = parseBody(await context.req.text());
    checkKeys(body, ['status']);
    const id = context.req.param('msg_id');
    const ended = platform.mass.end(Number(id), readMassEnd(body['status']));
    return context.json(ended ?? refuse(nothingHeldText(id), 'unknown_mass'));
  });
  app.get('/autoreply', (context) => context.json(platform.autoReplies.info()));
  app.post('/autoreply', async (context) => {
    const body = parseBody(await context.req.text());
    platform.autoReplies.change(parseAutoReplyInfo(body, Math.floor(platform.clock.now() / 1000)));
    return context.json(platform.autoReplies.info());
  });
  addMedia(app, platform);
}

function templatesView({ templates, subscriptions }: Platform): TemplatesView {
  return {
    template: templates.list().map(({ template_id, title, content }) => view(template_id, title, content)),
    subscription: subscriptions.list().map(({ priTmplId, title, content, type }) => ({
      ...view(priTmplId, title, content),
      lasts: type === 3 ? 'long_term' : 'one_time',
    })),
    one_time: { template_id: oneTimeTemplateId },
  };
}

function view(template_id: string, title: string, content: string): TemplateView {
  return { template_id, title, content, keywords: placeholdersOf(content).map(({ keyword }) => keyword) };
}

function subscriptionsView(platform: Platform, of: string): readonly SubscriptionView[] {
  const { openId } = personNamed(platform, of);
  return platform.subscriptions.answersOf(openId).map(({ template, status, left }) => ({
    template_id: template.priTmplId,
    status,
    left: template.type === 3 && status === 'accept' ? null : left,
  }));
}

/** How one on hold can end; a published one can only be banned. */
const ends = ['success', 'not_original', 'failed', 'refused', 'banned'] as const;

function addMedia(app: Hono, platform: Platform): void {
  app.get('/media/:media_id', (context) => {
    const id = context.req.param('media_id');
    return contentAnswer(platform.media.find(id) ?? refuse(unknownMediaText(id), 'unknown_media'));
  });
  app.get('/comments', (context) => context.json(listComments(platform)));
  app.get('/publications', (context) => {
    const { origin } = new URL(context.req.url);
    return context.json(platform.publications.list().map((each) => formatPublication(each, origin)));
  });
  app.post('/publications/:publish_id', async (context) => {
    const id = context.req.param('publish_id');
    const body = parseBody(await context.req.text());
    checkKeys(body, ['status']);
    const status = optionalChoice(body, 'status', ends) ?? 'success';
    const publication =
      platform.publications.find(id) ?? refuse(unknownPublicationText(id), 'unknown_publication');
    if (!platform.publications.end(publication, status))
      refuse(publicationEnds(publication.status, status), 'invalid_publication');
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
