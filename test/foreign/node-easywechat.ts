/** npm: node-easywechat, after EasyWeChat for PHP: a client that knows tokens and tickets, and calls by path. HTTP by axios. */
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { judge, judgeBytes, type Client, type CreateClient, type JssdkConfig } from './client.ts';
import { recipeOf } from './recipe.ts';

const require = createRequire(import.meta.url);

interface Response {
  toObject(): unknown;
  getContent(): unknown;
}
interface HttpClient {
  get(path: string, payload?: object): Promise<Response>;
  post(path: string, payload: object): Promise<Response>;
  postJson(path: string, body: object): Promise<Response>;
}
interface App {
  getAccessToken(): { getToken(): Promise<string> };
  getTicket(): { getTicket(): Promise<string> };
  getUtils(): { buildJsSdkConfig(url: string): Promise<JssdkConfig> };
  getClient(): HttpClient;
}

export const createEasyWechat: CreateClient = ({ url, appid, secret }, folder) => {
  const { OfficialAccount } = require('node-easywechat') as {
    OfficialAccount: new (config: object) => App;
  };
  const app = new OfficialAccount({
    app_id: appid,
    secret,
    use_stable_access_token: true,
    file_cache: { path: folder },
    ...(new Function(`return { ${recipeOf('node-easywechat', url)} }`)() as object),
  });
  return wrap(app, url);
};

function wrap(app: App, url: string): Client {
  const get = async (path: string, params: object = {}): Promise<unknown> =>
    judge((await app.getClient().get(`/cgi-bin/${path}`, { params })).toObject());
  const post = async (path: string, body: object): Promise<unknown> =>
    judge((await app.getClient().postJson(`/cgi-bin/${path}`, body)).toObject());
  const upload = async (path: string, file: string, params: object = {}): Promise<unknown> => {
    const formData = { media: createReadStream(file) };
    return judge((await app.getClient().post(`/cgi-bin/${path}`, { params, formData })).toObject());
  };
  const download = async (method: 'get' | 'post', path: string, payload: object): Promise<Uint8Array> => {
    const raw = { ...payload, responseType: 'arraybuffer' };
    return judgeBytes((await app.getClient()[method](`/cgi-bin/${path}`, raw)).getContent());
  };
  const send = (touser: string, msgtype: string, content: object): Promise<unknown> =>
    post('message/custom/send', { touser, msgtype, [msgtype]: content });
  return {
    token: () => app.getAccessToken().getToken(),
    createMenu: (menu) => post('menu/create', menu),
    menu: () => get('menu/get'),
    liveMenu: () => get('get_current_selfmenu_info'),
    deleteMenu: () => get('menu/delete'),
    addConditionalMenu: (menu) => post('menu/addconditional', menu),
    tryMenu: (userId) => post('menu/trymatch', { user_id: userId }),
    deleteConditionalMenu: (menuid) => post('menu/delconditional', { menuid }),
    temporaryCode: (scene, expireSeconds) =>
      post('qrcode/create', { expire_seconds: expireSeconds, ...sceneBody(scene, '') }),
    permanentCode: (scene) => post('qrcode/create', sceneBody(scene, '_LIMIT')),
    codePicture: (ticket) => `${url}/cgi-bin/showqrcode?${new URLSearchParams({ ticket })}`,
    jsapiTicket: () => app.getTicket().getTicket(),
    jssdkConfig: (page) => app.getUtils().buildJsSdkConfig(page),
    followers: () => get('user/get'),
    user: (openid) => get('user/info', { openid, lang: 'zh_CN' }),
    users: (openids) =>
      post('user/info/batchget', { user_list: openids.map((openid) => ({ openid, lang: 'zh_CN' })) }),
    remark: (openid, remark) => post('user/info/updateremark', { openid, remark }),
    createTag: (name) => post('tags/create', { tag: { name } }),
    tags: () => get('tags/get'),
    renameTag: (id, name) => post('tags/update', { tag: { id, name } }),
    deleteTag: (id) => post('tags/delete', { tag: { id } }),
    tag: (id, openids) => post('tags/members/batchtagging', { tagid: id, openid_list: openids }),
    untag: (id, openids) => post('tags/members/batchuntagging', { tagid: id, openid_list: openids }),
    taggedUsers: (id) => post('user/tag/get', { tagid: id, next_openid: '' }),
    tagsOf: (openid) => post('tags/getidlist', { openid }),
    sendText: (openid, content) => send(openid, 'text', { content }),
    sendImage: (openid, mediaId) => send(openid, 'image', { media_id: mediaId }),
    sendMusic: (openid, music) => send(openid, 'music', music),
    sendNews: (openid, articles) => send(openid, 'news', { articles }),
    callbackIps: () => get('getcallbackip'),
    uploadMedia: (file, type) => upload('media/upload', file, { type }),
    media: (mediaId) => download('get', 'media/get', { params: { media_id: mediaId } }),
    uploadArticlePicture: (file) => upload('media/uploadimg', file),
    addMaterial: (file, type) => upload('material/add_material', file, { type }),
    material: (mediaId) => download('post', 'material/get_material', { json: { media_id: mediaId } }),
    materials: (type, offset, count) => post('material/batchget_material', { type, offset, count }),
    materialCount: () => get('material/get_materialcount'),
    deleteMaterial: (mediaId) => post('material/del_material', { media_id: mediaId }),
    addTemplate: (shortId) => post('template/api_add_template', { template_id_short: shortId }),
    templates: () => get('template/get_all_private_template'),
    sendTemplate: (touser, templateId, page, data) =>
      post('message/template/send', { touser, template_id: templateId, url: page, data }),
    deleteTemplate: (templateId) => post('template/del_private_template', { template_id: templateId }),
    massText: (content, tagId) =>
      post('message/mass/sendall', {
        filter: { is_to_all: false, tag_id: tagId },
        text: { content },
        msgtype: 'text',
      }),
    previewText: (touser, content) =>
      post('message/mass/preview', { touser, text: { content }, msgtype: 'text' }),
    figures: async (begin, end) =>
      judge(
        (
          await app.getClient().postJson('/datacube/getusercumulate', { begin_date: begin, end_date: end })
        ).toObject(),
      ),
    autoReplies: () => get('get_current_autoreply_info'),
  };
}

function sceneBody(scene: number | string, limit: '' | '_LIMIT'): object {
  return typeof scene === 'number'
    ? { action_name: `QR${limit}_SCENE`, action_info: { scene: { scene_id: scene } } }
    : { action_name: `QR${limit}_STR_SCENE`, action_info: { scene: { scene_str: scene } } };
}
