/** npm: co-wechat-api. Promises; HTTP by httpx, JSON by json-bigint. */
import { createRequire } from 'node:module';
import { PlatformRefusal, type Client, type CreateClient, type JssdkConfig } from './client.ts';
import { recipeOf } from './recipe.ts';

const require = createRequire(import.meta.url);

interface Api {
  showQRCodeURL(ticket: string): string;
  [method: string]: unknown;
}

export const createCoWechatApi: CreateClient = ({ url, appid, secret }) => {
  const CoWechatApi = require('co-wechat-api') as new (appid: string, secret: string) => Api;
  const api = new CoWechatApi(appid, secret);
  new Function('api', recipeOf('co-wechat-api', url))(api);
  return wrap(api);
};

function wrap(api: Api): Client {
  const call = async (method: string, ...words: readonly unknown[]): Promise<unknown> => {
    try {
      return await (api[method] as (...words: readonly unknown[]) => Promise<unknown>).call(api, ...words);
    } catch (error) {
      const { code, message } = error as Error & { readonly code?: unknown };
      throw typeof code === 'number' ? new PlatformRefusal(code, message) : error;
    }
  };
  return {
    token: async () => ((await call('getAccessToken')) as { accessToken: string }).accessToken,
    createMenu: (menu) => call('createMenu', menu),
    menu: () => call('getMenu'),
    liveMenu: () => call('getMenuConfig'),
    deleteMenu: () => call('removeMenu'),
    addConditionalMenu: (menu) => call('addConditionalMenu', menu),
    tryMenu: (userId) => call('tryConditionalMenu', userId),
    deleteConditionalMenu: (menuId) => call('delConditionalMenu', menuId),
    temporaryCode: (scene, expireSeconds) => call('createTmpQRCode', scene, expireSeconds),
    permanentCode: (scene) => call('createLimitQRCode', scene),
    // It leaves the encoding of + and / to its caller.
    codePicture: (ticket) => api.showQRCodeURL(encodeURIComponent(ticket)),
    jsapiTicket: async () => ((await call('getLatestTicket')) as { ticket: string }).ticket,
    jssdkConfig: async (page) =>
      (await call('getJsConfig', { debug: false, jsApiList: [], url: page })) as JssdkConfig,
    followers: () => call('getFollowers'),
    user: (openid) => call('getUser', openid),
    users: (openids) => call('batchGetUsers', openids),
    remark: (openid, remark) => call('updateRemark', openid, remark),
    createTag: (name) => call('createTags', name),
    tags: () => call('getTags'),
    renameTag: (id, name) => call('updateTag', id, name),
    deleteTag: (id) => call('deleteTag', id),
    tag: (id, openids) => call('batchTagging', openids, id),
    untag: (id, openids) => call('batchUnTagging', openids, id),
    taggedUsers: (id) => call('getUsersFromTag', id, ''),
    tagsOf: (openid) => call('getIdList', openid),
    sendText: (openid, text) => call('sendText', openid, text),
    sendImage: (openid, mediaId) => call('sendImage', openid, mediaId),
    sendMusic: (openid, music) => call('sendMusic', openid, music),
    sendNews: (openid, articles) => call('sendNews', openid, articles),
    callbackIps: () => call('getIp'),
    uploadMedia: (file, type) => call('uploadMedia', file, type),
    media: async (mediaId) => (await call('getMedia', mediaId)) as Uint8Array,
    uploadArticlePicture: (file) => call('uploadImage', file),
    addMaterial: (file, type) => call('uploadMaterial', file, type),
    material: async (mediaId) => (await call('getMaterial', mediaId)) as Uint8Array,
    materials: (type, offset, count) => call('getMaterials', type, offset, count),
    materialCount: () => call('getMaterialCount'),
    deleteMaterial: (mediaId) => call('removeMaterial', mediaId),
    addTemplate: (shortId) => call('addTemplate', shortId),
    templates: () => call('getAllPrivateTemplate'),
    sendTemplate: (openid, templateId, page, data) =>
      call('sendTemplate', openid, templateId, page, '#173177', data),
    deleteTemplate: (templateId) => call('delPrivateTemplate', templateId),
    massText: (text, tagId) => call('massSendText', text, tagId),
    previewText: (openid, text) => call('previewText', openid, text),
    autoReplies: () => call('getAutoreply'),
  };
}
