/** What the account sends by itself beside 客服消息: templates, subscriptions, mass messages, and the automatic replies. */
import type { ApiApp } from '../endpoint.ts';
import type { Platform } from '../platform.ts';
import { addAutoReplyRoutes } from './autoreply.ts';
import { addMassRoutes } from './mass.ts';
import { addSubscribeMessageRoutes } from './subscribe-message.ts';
import { addSubscribePage } from './subscribe-page.ts';
import { addTemplateRoutes } from './template.ts';

export function addMessageRoutes(app: ApiApp, platform: Platform): void {
  addTemplateRoutes(app, platform);
  addSubscribeMessageRoutes(app, platform);
  addSubscribePage(app, platform);
  addMassRoutes(app, platform);
  addAutoReplyRoutes(app, platform);
}
