/**
 * The calls by which two platforms are compared. Those that only read come first: good ones, and wrong ones, which the
 * platform refuses without doing anything. What the others make is taken back, or ends by itself within a minute.
 */
import type { Text } from '../text/text.ts';

/** What is known of an account, to ask about; a call that needs more is left out. */
export interface Facts {
  readonly openid?: string | undefined;
  readonly tagid?: number | undefined;
}

export interface ComparedCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** What is special about it; an ordinary call has nothing. */
  readonly case?: Text;
  readonly query?: Readonly<Record<string, string>>;
  /** A value is sent as JSON, a text as it is. `{openid}` and `{tagid}` stand for facts. */
  readonly body?: unknown;
  /** Instead of the account's own. */
  readonly token?: 'none' | 'wrong';
}

const nobody = 'oNobody_has_this_openid_00000';
const noMedia = 'no_such_media_id_0000000000000000000000000000000000000000000000';

const get = (path: string, query?: ComparedCall['query'], text?: Text): ComparedCall =>
  call('GET', path, text, { query });
const post = (path: string, body?: unknown, text?: Text): ComparedCall => call('POST', path, text, { body });

function call(
  method: ComparedCall['method'],
  path: string,
  text: Text | undefined,
  { query, body }: Pick<ComparedCall, 'body'> & { readonly query?: ComparedCall['query'] | undefined },
): ComparedCall {
  return {
    method,
    path: `/cgi-bin/${path}`.replace(/^\/cgi-bin\/(?=customservice\/kfsession|datacube)/, '/'),
    ...(text !== undefined && { case: text }),
    ...(query !== undefined && { query }),
    ...(body !== undefined && { body }),
  };
}

const unknown: Text = { en: 'an id that nobody has', zh: '不存在的 ID' };
const missing: Text = { en: 'without what it needs', zh: '缺少必填参数' };
const tooMany: Text = { en: 'beyond the limit', zh: '超出限制' };
const otherMethod: Text = { en: 'by the other method', zh: '请求方法不对' };

/** `user/get` and `tags/get` are first: they tell the facts that others need. */
export const readCalls: readonly ComparedCall[] = [
  get('user/get'),
  get('tags/get'),
  get('user/get', { next_openid: nobody }, unknown),
  post('user/get', {}, otherMethod),
  get('tags/create', {}, otherMethod),
  get('no/such/call', {}, { en: 'a path that is no call', zh: '不存在的路径' }),
  { ...get('getcallbackip', {}, { en: 'without a token', zh: '不带 access_token' }), token: 'none' },
  { ...get('getcallbackip', {}, { en: 'with a wrong token', zh: '错误的 access_token' }), token: 'wrong' },
  get('getcallbackip'),
  get('get_api_domain_ip'),
  get('menu/get'),
  get('get_current_selfmenu_info'),
  post('menu/trymatch', { user_id: '{openid}' }),
  post('menu/trymatch', { user_id: nobody }, unknown),
  get('user/info', { openid: '{openid}', lang: 'zh_CN' }),
  get('user/info', { openid: nobody }, unknown),
  get('user/info', {}, missing),
  post('user/info/batchget', { user_list: [{ openid: '{openid}' }] }),
  post('user/info/batchget', { user_list: [] }, { en: 'of nobody', zh: '空列表' }),
  post('user/info/batchget', '{"user_list":', { en: 'no JSON', zh: '非 JSON' }),
  post('user/info/batchget', '', { en: 'an empty body', zh: '空请求体' }),
  post('user/tag/get', { tagid: '{tagid}', next_openid: '' }),
  post('user/tag/get', { tagid: 2_000_000_000, next_openid: '' }, unknown),
  post('tags/getidlist', { openid: '{openid}' }),
  post('tags/getidlist', { openid: nobody }, unknown),
  post('tags/members/getblacklist', { begin_openid: '' }),
  get('get_current_autoreply_info'),
  get('material/get_materialcount'),
  post('material/batchget_material', { type: 'image', offset: 0, count: 20 }),
  post('material/batchget_material', { type: 'image', offset: 0, count: 21 }, tooMany),
  post(
    'material/batchget_material',
    { type: 'none', offset: 0, count: 1 },
    { en: 'a type that is none', zh: '不存在的类型' },
  ),
  post('material/get_material', { media_id: noMedia }, unknown),
  get('media/get', { media_id: noMedia }, unknown),
  get('draft/count'),
  post('draft/batchget', { offset: 0, count: 20, no_content: 1 }),
  post('draft/get', { media_id: noMedia }, unknown),
  post('freepublish/batchget', { offset: 0, count: 20, no_content: 1 }),
  post('freepublish/getarticle', { article_id: 'no_such_article' }, unknown),
  post('comment/list', { msg_data_id: 1, index: 0, begin: 0, count: 1, type: 0 }, unknown),
  post('message/mass/get', { msg_id: '1' }, unknown),
  get('template/get_industry'),
  get('template/get_all_private_template'),
  get('customservice/getkflist'),
  get('customservice/getonlinekflist'),
  get('customservice/kfsession/getwaitcase'),
  get('customservice/kfsession/getsession', { openid: '{openid}' }),
  post('openapi/quota/get', { cgi_path: '/cgi-bin/menu/create' }),
  post('openapi/quota/get', { cgi_path: '/cgi-bin/no/such/call' }, unknown),
  post('openapi/rid/get', { rid: 'no rid' }, unknown),
  get('ticket/getticket', { type: 'jsapi' }),
  get('ticket/getticket', { type: 'other' }, { en: 'a type that is none', zh: '不存在的类型' }),
  post('shorten/fetch', { short_key: 'nosuchkey000000' }, unknown),
  post(
    'datacube/getusersummary',
    { begin_date: '2020-01-02', end_date: '2020-01-01' },
    { en: 'an end before its beginning', zh: '结束早于开始' },
  ),
];

const click = { type: 'click', name: 'compare', key: 'COMPARE' };

/** Each thing that they make is `{made}` afterwards; `{name}` is a name that nobody else has. */
export const writeCalls: { readonly tags: readonly ComparedCall[]; readonly menu: readonly ComparedCall[] } =
  {
    tags: [
      post('tags/create', { tag: { name: '' } }, missing),
      post('tags/create', { tag: { name: '一二三四五六七八九十十' } }, tooMany),
      post('tags/create', { tag: { name: '{name}' } }),
      post('tags/create', { tag: { name: '{name}' } }, { en: 'a name that is taken', zh: '名称已存在' }),
      post('tags/update', { tag: { id: '{made}', name: '{name}2' } }),
      post('tags/delete', { tag: { id: '{made}' } }),
      post('tags/delete', { tag: { id: '{made}' } }, unknown),
      post('qrcode/create', {
        action_name: 'QR_SCENE',
        action_info: { scene: { scene_id: 1 } },
        expire_seconds: 60,
      }),
      post(
        'qrcode/create',
        { action_name: 'QR_NONE', action_info: { scene: { scene_id: 1 } } },
        { en: 'an action that is none', zh: '不存在的类型' },
      ),
      post('shorten/gen', { long_data: 'compare', expire_seconds: 60 }),
    ],
    menu: [
      post('menu/create', { button: [] }, missing),
      post('menu/create', { button: [click, click, click, click] }, tooMany),
      post(
        'menu/create',
        { button: [{ ...click, name: 'x'.repeat(61) }] },
        { en: 'a name that is too long', zh: '名称过长' },
      ),
      post(
        'menu/create',
        { button: [{ ...click, type: 'none' }] },
        { en: 'a type that is none', zh: '不存在的类型' },
      ),
      post('menu/create', { button: [click] }),
      get('menu/get'),
    ],
  };

/** The call with the facts in it; `undefined` where one is not known. */
export function fillCall(
  wanted: ComparedCall,
  facts: Readonly<Record<string, string | number | undefined>>,
): ComparedCall | undefined {
  let isWhole = true;
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fill(each)]));
    const [, fact, rest = ''] = typeof value === 'string' ? (/^\{(\w+)\}(\d?)$/.exec(value) ?? []) : [];
    if (fact === undefined) return value;
    const known = facts[fact];
    if (known === undefined) isWhole = false;
    return rest === '' ? known : `${known}${rest}`;
  };
  const { query, body } = wanted;
  const filled = {
    ...wanted,
    ...(query !== undefined && { query: fill(query) as Readonly<Record<string, string>> }),
    ...(body !== undefined && { body: fill(body) }),
  };
  return isWhole ? filled : undefined;
}
