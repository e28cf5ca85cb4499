/** 获取公众号的自动回复规则. */
import { createAdder, type ApiApp } from '../../server/endpoint.ts';
import type { Platform } from '../../account/platform.ts';

export function addAutoReplyRoutes(app: ApiApp, platform: Platform): void {
  createAdder(app, platform)('GET', 'get_current_autoreply_info', () => platform.autoReplies.info());
}
