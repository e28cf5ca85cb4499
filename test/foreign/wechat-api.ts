/** npm: wechat-api. Calls back; HTTP by urllib. */
import { createRequire } from 'node:module';
import { judgeBytes, PlatformRefusal, type Client, type CreateClient, type JssdkConfig } from './client.ts';
import { recipeOf } from './recipe.ts';

const require = createRequire(import.meta.url);

type Callback = (error: (Error & { readonly code?: number }) | null, data: unknown) => void;

interface Api {
  showQRCodeURL(ticket: string): string;
  [method: string]: unknown;
}

export const createWechatApi: CreateClient = ({ url, appid, secret }) => {
  const WechatApi = require('wechat-api') as new (appid: string, secret: string) => Api;
  const api = new WechatApi(appid, secret);
  new Function('api', recipeOf('wechat-api', url))(api);
  return wrap(api);
};

function wrap(api: Api): Client {
  const call = (method: string, ...words: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const done: Callback = (error, data) => {
        if (error === null) resolve(data);
        else reject(error.code === undefined ? error : new PlatformRefusal(error.code, error.message));
      };
      (api[method] as (...words: readonly unknown[]) => void).call(api, ...words, done);
    });
  return {
    token: async () => ((await call('getAccessToken')) as { accessToken: string }).accessToken,
    createMenu: (menu) => call('createMenu', menu),
    menu: () => call('getMenu'),
    liveMenu: () => call('getMenuConfig'),
    deleteMenu: () => call('removeMenu'),
    addConditionalMenu: (menu) => call('createCustomMenu', menu),
    tryMenu: (userId) => call('testCustomMenu', userId),
    deleteConditionalMenu: (menuId) => call('removeCustomMenu', menuId),
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
    createTag: (name) => call('createTag', name),
    tags: () => call('getTags'),
    renameTag: (id, name) => call('editTag', id, name),
    deleteTag: (id) => call('deleteTag', id),
    tag: (id, openids) => call('membersBatchtagging', id, openids),
    untag: (id, openids) => call('membersBatchuntagging', id, openids),
    taggedUsers: (id) => call('getTagUsers', id, ''),
    tagsOf: (openid) => call('getUserTags', openid),
    sendText: (openid, text) => call('sendText', openid, text),
    sendImage: (openid, mediaId) => call('sendImage', openid, mediaId),
    sendMusic: (openid, music) => call('sendMusic', openid, music),
    sendNews: (openid, articles) => call('sendNews', openid, articles),
    callbackIps: () => call('getIp'),
    uploadMedia: (file, type) => call('uploadMedia', file, type),
    // It knows a refusal by a bare `application/json` only.
    media: async (mediaId) => judgeBytes(await call('getMedia', mediaId)),
    uploadArticlePicture: (file) => call('uploadImage', file),
    addMaterial: (file, type) => call('uploadMaterial', file, type),
    material: async (mediaId) => judgeBytes(await call('getMaterial', mediaId)),
    materials: (type, offset, count) => call('getMaterials', type, offset, count),
    materialCount: () => call('getMaterialCount'),
    deleteMaterial: (mediaId) => call('removeMaterial', mediaId),
    addTemplate: (shortId) => call('addTemplate', shortId),
    templates: () => call('getAllPrivateTemplate'),
    sendTemplate: (openid, templateId, page, data) => call('sendTemplate', openid, templateId, page, data),
    deleteTemplate: (templateId) => call('delPrivateTemplate', templateId),
    massText: (text, tagId) => call('massSendText', text, tagId),
    previewText: (openid, text) => call('previewText', openid, text),
    figures: (begin, end) => call('getUserCumulate', begin, end),
  };
}
