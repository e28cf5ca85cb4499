/** What co-wechat-api has from wechat-api: most methods, by the same names（node-webot）. */
import type { Client, JssdkConfig } from './client.ts';

/** One method of the library by its name; rejects with a `PlatformRefusal` where the platform refuses. */
export type CallMethod = (method: string, ...words: readonly unknown[]) => Promise<unknown>;

export interface NodeWebotApi {
  showQRCodeURL(ticket: string): string;
  [method: string]: unknown;
}

export function commonCalls(api: NodeWebotApi, call: CallMethod) {
  return {
    token: async () => ((await call('getAccessToken')) as { accessToken: string }).accessToken,
    createMenu: (menu) => call('createMenu', menu),
    menu: () => call('getMenu'),
    liveMenu: () => call('getMenuConfig'),
    deleteMenu: () => call('removeMenu'),
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
    tags: () => call('getTags'),
    deleteTag: (id) => call('deleteTag', id),
    sendText: (openid, text) => call('sendText', openid, text),
    sendImage: (openid, mediaId) => call('sendImage', openid, mediaId),
    sendMusic: (openid, music) => call('sendMusic', openid, music),
    sendNews: (openid, articles) => call('sendNews', openid, articles),
    callbackIps: () => call('getIp'),
    uploadMedia: (file, type) => call('uploadMedia', file, type),
    uploadArticlePicture: (file) => call('uploadImage', file),
    addMaterial: (file, type) => call('uploadMaterial', file, type),
    materials: (type, offset, count) => call('getMaterials', type, offset, count),
    materialCount: () => call('getMaterialCount'),
    deleteMaterial: (mediaId) => call('removeMaterial', mediaId),
    addTemplate: (shortId) => call('addTemplate', shortId),
    templates: () => call('getAllPrivateTemplate'),
    deleteTemplate: (templateId) => call('delPrivateTemplate', templateId),
    massText: (text, tagId) => call('massSendText', text, tagId),
    previewText: (openid, text) => call('previewText', openid, text),
  } satisfies Partial<Client>;
}
