/** 账号迁移: the openids of people who came with another account. */
import { inBody, ok, post } from '../../server/endpoint.ts';

export const calls = [
  post('/cgi-bin/changeopenid', {
    reads: inBody('from_appid', 'openid_list'),
    answer: ({ from_appid: fromAppId, openid_list: openIds }, { migrations }) => ({
      ...ok,
      result_list: migrations.convert(fromAppId, openIds),
    }),
  }),
];
