import { post, type Samples } from './sample.ts';

const button = [{ type: 'click', name: 'a', key: 'K' }];
const conditional = { button, matchrule: { tag_id: '100', client_platform_type: '1' } };

const pushMenu = post('/cgi-bin/menu/create', { button });
const addMenu = post('/cgi-bin/menu/addconditional', conditional);

/** Menus, codes, people, tags, custom messages, quotas. */
export const basicSamples: Samples = {
  '/cgi-bin/ticket/getticket': { query: '?type=jsapi' },
  '/cgi-bin/menu/create': { body: { button } },
  '/cgi-bin/menu/get': { before: async (world) => [await pushMenu(world), await addMenu(world)] },
  '/cgi-bin/menu/delete': {},
  '/cgi-bin/menu/addconditional': { before: pushMenu, body: conditional },
  '/cgi-bin/menu/trymatch': {
    before: post('/cgi-bin/menu/create', { button: [{ type: 'view', name: 'tx', url: 'http://a.b/' }] }),
    body: { user_id: 'o1' },
  },
  '/cgi-bin/get_current_selfmenu_info': { before: pushMenu },
  '/cgi-bin/qrcode/create': {
    body: { expire_seconds: 60, action_name: 'QR_SCENE', action_info: { scene: { scene_id: 1 } } },
  },
  '/cgi-bin/shorten/gen': { body: { long_data: 'd' } },
  '/cgi-bin/user/get': {},
  '/cgi-bin/user/info': { query: '?openid=o1' },
  '/cgi-bin/user/info/batchget': { body: { user_list: [{ openid: 'o1' }, { openid: 'left' }] } },
  '/cgi-bin/user/info/updateremark': { body: { openid: 'o1', remark: 'r' } },
  '/cgi-bin/changeopenid': {
    before: ({ ask }) =>
      ask('POST', '/_ctl/migrations', { from_appid: 'wx0123456789abcdef', openids: ['oBefore'] }),
    body: { from_appid: 'wx0123456789abcdef', openid_list: ['oBefore', 'oNobody'] },
  },
  '/cgi-bin/tags/create': { body: { tag: { name: '广东' } } },
  '/cgi-bin/tags/get': {},
  '/cgi-bin/tags/update': { body: { tag: { id: 100, name: '广东人' } } },
  '/cgi-bin/tags/delete': { body: { tag: { id: 100 } } },
  '/cgi-bin/user/tag/get': { body: { tagid: 100, next_openid: '' } },
  '/cgi-bin/tags/members/batchtagging': { body: { openid_list: ['o1'], tagid: 2 } },
  '/cgi-bin/tags/members/batchuntagging': { body: { openid_list: ['o1'], tagid: 100 } },
  '/cgi-bin/tags/getidlist': { body: { openid: 'o1' } },
  '/cgi-bin/tags/members/getblacklist': {
    before: post('/cgi-bin/tags/members/batchblacklist', { openid_list: ['o1'] }),
    body: {},
  },
  '/cgi-bin/tags/members/batchblacklist': { body: { openid_list: ['o1'] } },
  '/cgi-bin/tags/members/batchunblacklist': { body: { openid_list: ['o1'] } },
  '/cgi-bin/message/custom/send': { body: { touser: 'o1', msgtype: 'text', text: { content: 'hi' } } },
  '/cgi-bin/message/custom/typing': { body: { touser: 'o1', command: 'Typing' } },
  '/cgi-bin/getcallbackip': {},
  '/cgi-bin/get_api_domain_ip': {},
  '/cgi-bin/openapi/quota/get': { body: { cgi_path: '/cgi-bin/menu/create' } },
  '/cgi-bin/openapi/quota/clear': { body: { cgi_path: '/cgi-bin/menu/create' } },
  '/cgi-bin/token': { call: (world) => world.classic() },
  '/cgi-bin/stable_token': { call: (world) => world.stable() },
  '/cgi-bin/menu/delconditional': {
    before: pushMenu,
    call: async (world) =>
      world.ask('POST', await world.path('/cgi-bin/menu/delconditional'), await addMenu(world)),
  },
  '/cgi-bin/shorten/fetch': {
    call: async ({ ask, path }) => {
      const { short_key } = await ask('POST', await path('/cgi-bin/shorten/gen'), { long_data: 'd' });
      return ask('POST', await path('/cgi-bin/shorten/fetch'), { short_key });
    },
  },
  '/cgi-bin/clear_quota': {
    call: async ({ ask, path, account }) =>
      ask('POST', await path('/cgi-bin/clear_quota'), { appid: account.appId }),
  },
  '/cgi-bin/clear_quota/v2': {
    call: ({ ask, account }) =>
      ask('POST', `/cgi-bin/clear_quota/v2?appid=${account.appId}&appsecret=${account.secret}`),
  },
  '/cgi-bin/openapi/rid/get': {
    call: async ({ ask, path }) => {
      const { errmsg = '' } = await ask('GET', await path('/cgi-bin/user/info'));
      return ask('POST', await path('/cgi-bin/openapi/rid/get'), { rid: errmsg.split('rid: ')[1] });
    },
  },
  '/cgi-bin/showqrcode': { isBinary: true },
};
