/** 获取公众号的自动回复规则. */
import { get } from '../../server/endpoint.ts';

export const calls = [
  get('/cgi-bin/get_current_autoreply_info', { answer: (_, { autoReplies }) => autoReplies.info() }),
];
