/** `/_ctl` of what the account sends by itself: templates, subscriptions, mass messages, automatic replies. */
import type { Hono } from 'hono';
import { parseAutoReplyInfo } from '../nouns/autoreply/input.ts';
import type { SubscriptionView, TemplatesView, TemplateView } from './types/index.ts';
import type { Platform } from '../account/platform.ts';
import { readMassEnd } from '../nouns/chat/outcomes.ts';
import { oneTimeTemplateId } from '../nouns/subscribe/state.ts';
import { placeholdersOf } from '../nouns/template/text.ts';
import { checkKeys, parseBody, refuse } from './input.ts';
import { personNamed } from './phone/person.ts';

export function addMessageControls(app: Hono, platform: Platform): void {
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
    return context.json(ended ?? nothingHeld(id));
  });
  app.get('/autoreply', (context) => context.json(platform.autoReplies.info()));
  app.post('/autoreply', async (context) => {
    const body = parseBody(await context.req.text());
    platform.autoReplies.change(parseAutoReplyInfo(body, Math.floor(platform.clock.now() / 1000)));
    return context.json(platform.autoReplies.info());
  });
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

function nothingHeld(id: string): never {
  return refuse(
    {
      en: `There is no mass message "${id}" on hold; GET /_ctl/mass lists them`,
      zh: `没有处于等待状态的群发消息“${id}”；GET /_ctl/mass 可查看全部`,
    },
    'unknown_mass',
  );
}
