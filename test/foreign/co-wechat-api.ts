/** npm: co-wechat-api. Promises; HTTP by httpx, JSON by json-bigint. */
import { createRequire } from 'node:module';
import { PlatformRefusal, type Client, type CreateClient } from './client.ts';
import { commonCalls, type CallMethod, type NodeWebotApi } from './node-webot.ts';
import { recipeOf } from './recipe.ts';

const require = createRequire(import.meta.url);

export const createCoWechatApi: CreateClient = ({ url, appid, secret }) => {
  const CoWechatApi = require('co-wechat-api') as new (appid: string, secret: string) => NodeWebotApi;
  const api = new CoWechatApi(appid, secret);
  new Function('api', recipeOf('co-wechat-api', url))(api);
  return wrap(api);
};

function wrap(api: NodeWebotApi): Client {
  const call: CallMethod = async (method, ...words) => {
    try {
      return await (api[method] as (...words: readonly unknown[]) => Promise<unknown>).call(api, ...words);
    } catch (error) {
      const { code, message } = error as Error & { readonly code?: unknown };
      throw typeof code === 'number' ? new PlatformRefusal(code, message) : error;
    }
  };
  return {
    ...commonCalls(api, call),
    addConditionalMenu: (menu) => call('addConditionalMenu', menu),
    tryMenu: (userId) => call('tryConditionalMenu', userId),
    deleteConditionalMenu: (menuId) => call('delConditionalMenu', menuId),
    createTag: (name) => call('createTags', name),
    renameTag: (id, name) => call('updateTag', id, name),
    tag: (id, openids) => call('batchTagging', openids, id),
    untag: (id, openids) => call('batchUnTagging', openids, id),
    taggedUsers: (id) => call('getUsersFromTag', id, ''),
    tagsOf: (openid) => call('getIdList', openid),
    media: async (mediaId) => (await call('getMedia', mediaId)) as Uint8Array,
    material: async (mediaId) => (await call('getMaterial', mediaId)) as Uint8Array,
    sendTemplate: (openid, templateId, page, data) =>
      call('sendTemplate', openid, templateId, page, '#173177', data),
    autoReplies: () => call('getAutoreply'),
  };
}
