/** 获取公众号的自动回复规则. */
import { endpoint } from '../../server/endpoint.ts';

export const autoReplyCalls = [
  endpoint({
    method: 'GET',
    path: '/cgi-bin/get_current_autoreply_info',
    answer: (_, { autoReplies }) => autoReplies.info(),
  }),
];
