/** npm: wechat-api. Calls back; HTTP by urllib. */
import { createRequire } from 'node:module';
import { judgeBytes, PlatformRefusal, type Client, type CreateClient } from './client.ts';
import { commonCalls, type CallMethod, type NodeWebotApi } from './node-webot.ts';
import { recipeOf } from './recipe.ts';

const require = createRequire(import.meta.url);

type Callback = (error: (Error & { readonly code?: number }) | null, data: unknown) => void;

export const createWechatApi: CreateClient = ({ url, appid, secret }) => {
  const WechatApi = require('wechat-api') as new (appid: string, secret: string) => NodeWebotApi;
  const api = new WechatApi(appid, secret);
  new Function('api', recipeOf('wechat-api', url))(api);
  return wrap(api);
};

function wrap(api: NodeWebotApi): Client {
  const call: CallMethod = (method, ...words) =>
    new Promise((resolve, reject) => {
      const done: Callback = (error, data) => {
        if (error === null) resolve(data);
        else reject(error.code === undefined ? error : new PlatformRefusal(error.code, error.message));
      };
      (api[method] as (...words: readonly unknown[]) => void).call(api, ...words, done);
    });
  return {
    ...commonCalls(api, call),
    addConditionalMenu: (menu) => call('createCustomMenu', menu),
    tryMenu: (userId) => call('testCustomMenu', userId),
    deleteConditionalMenu: (menuId) => call('removeCustomMenu', menuId),
    createTag: (name) => call('createTag', name),
    renameTag: (id, name) => call('editTag', id, name),
    tag: (id, openids) => call('membersBatchtagging', id, openids),
    untag: (id, openids) => call('membersBatchuntagging', id, openids),
    taggedUsers: (id) => call('getTagUsers', id, ''),
    tagsOf: (openid) => call('getUserTags', openid),
    // It knows a refusal by a bare `application/json` only.
    media: async (mediaId) => judgeBytes(await call('getMedia', mediaId)),
    material: async (mediaId) => judgeBytes(await call('getMaterial', mediaId)),
    sendTemplate: (openid, templateId, page, data) => call('sendTemplate', openid, templateId, page, data),
    figures: (begin, end) => call('getUserCumulate', begin, end),
  };
}
