/** What the account sends by itself beside 客服消息: templates, subscriptions, mass messages, and the automatic replies. */
import type { ApiApp } from '../server/endpoint.ts';
import type { Platform } from '../account/platform.ts';
import { addAutoReplyRoutes } from './autoreply/calls.ts';
import { addMassRoutes } from './mass/calls.ts';
import { addSubscribeMessageRoutes } from './subscribe/calls.ts';
import { addSubscribePage } from './subscribe/page.ts';
import { addTemplateRoutes } from './template/calls.ts';

export function addMessageRoutes(app: ApiApp, platform: Platform): void {
  addTemplateRoutes(app, platform);
  addSubscribeMessageRoutes(app, platform);
  addSubscribePage(app, platform);
  addMassRoutes(app, platform);
  addAutoReplyRoutes(app, platform);
}
