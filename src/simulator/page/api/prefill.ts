/** Fills the example of a call with what this account really has, so that it can be sent as it stands. */
import type { TemplatesView } from '../../control/types/index.ts';
import type { RequestRecord } from '../../server/requests.ts';

export interface Known {
  readonly appid: string;
  /** Who holds the phone first. */
  readonly openids: readonly string[];
  readonly templates: TemplatesView | null;
  /** Tags that were made, oldest first. */
  readonly tagIds: readonly number[];
  readonly menuId: string | undefined;
  /** Of the newest code. */
  readonly qrTicket: string | undefined;
  /** The log, oldest first: what calls have answered. */
  readonly requests: readonly RequestRecord[];
  /** By the simulated clock. */
  readonly nowMs: number;
}

/** Stands in forms for the AppSecret, which is put in when the call is sent. */
export const secretPlaceholder = 'APPSECRET';

/** Which member of an example, in the calls of which paths, is what an earlier call has answered. */
const answered: readonly (readonly [paths: RegExp, member: string, source: RegExp, answer: string])[] = [
  [/\/draft\/|freepublish\/submit|mass\/sendall/, 'media_id', /\/draft\/add$/, 'media_id'],
  [/\/material\//, 'media_id', /\/material\/add_material$/, 'media_id'],
  [/\/media\//, 'media_id', /\/media\/upload$/, 'media_id'],
  [/./, 'thumb_media_id', /\/material\/add_material$/, 'media_id'],
  [/./, 'publish_id', /\/freepublish\/submit$/, 'publish_id'],
  [/./, 'article_id', /\/freepublish\/get$/, 'article_id'],
  [/./, 'msg_id', /\/mass\/send(?:all)?$/, 'msg_id'],
  [/./, 'short_key', /\/shorten\/gen$/, 'short_key'],
  [/./, 'priTmplId', /\/newtmpl\/addtemplate$/, 'priTmplId'],
];

/** Members that would make the second sending of the same form a different thing. */
const left = new Set(['client_msg_id', 'clientmsgid']);

/** The value of a parameter of the query; empty where nothing is known. */
export function prefillParameter(path: string, name: string, known: Known): string {
  const value = valueOf(path, name, '', known);
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return usual(path, name);
}

/** What most people send. */
function usual(path: string, name: string): string {
  if (name === 'grant_type' && path.startsWith('/sns/oauth2/')) {
    return path.endsWith('/access_token') ? 'authorization_code' : 'refresh_token';
  }
  if (name === 'type') return path.endsWith('/getticket') ? 'jsapi' : 'image';
  return usualValues[name] ?? '';
}

const usualValues: Readonly<Record<string, string>> = {
  grant_type: 'client_credential',
  ids: '307,402,616',
  kf_account: 'test1@test',
  lang: 'zh_CN',
  limit: '10',
  start: '0',
  tid: '99',
};

/** The same example with what is known of the account in the place of what is made up. */
export function prefillBody(path: string, example: unknown, known: Known): unknown {
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([name]) => !left.has(name));
    return Object.fromEntries(
      entries.map(([name, member]) => [name, valueOf(path, name, member, known) ?? fill(member)]),
    );
  };
  return withTemplate(path, fill(example), known);
}

function valueOf(path: string, name: string, example: unknown, known: Known): unknown {
  const { openids } = known;
  const rule = answered.find(([paths, member]) => member === name && paths.test(path));
  if (rule !== undefined) return latest(known.requests, rule[2], rule[3]);
  switch (name) {
    case 'appid':
      return example === '' || example === 'APPID' ? known.appid : undefined;
    case 'secret':
    case 'appsecret':
      return secretPlaceholder;
    case 'ticket':
      return known.qrTicket;
    case 'rid':
      return latestRid(known.requests);
    case 'begin_openid':
    case 'next_openid':
      return '';
    case 'count':
      return example === 0 ? 20 : undefined;
    case 'article_idx':
      return 0;
    case 'openid':
    case 'user_id':
      return openids[0];
    case 'touser':
      return Array.isArray(example) ? someOf(openids) : openids[0];
    case 'openid_list':
      return someOf(openids);
    case 'user_list':
      return someOf(openids)?.map((openid) => ({ openid, lang: 'zh_CN' }));
    case 'tagid':
    case 'tag_id':
      return known.tagIds.at(-1);
    case 'id':
      return path.includes('/tags/') ? known.tagIds.at(-1) : undefined;
    case 'menuid':
      return known.menuId;
    case 'begin_date':
    case 'end_date':
      return yesterday(known.nowMs);
    default:
      return undefined;
  }
}

function someOf(openids: readonly string[]): readonly string[] | undefined {
  return openids.length === 0 ? undefined : openids.slice(0, 2);
}

/** What the newest answer of a call has in this member. */
function latest(requests: readonly RequestRecord[], source: RegExp, member: string): unknown {
  const answers = requests.filter(({ path, errcode }) => source.test(path) && (errcode ?? 0) === 0);
  const found = answers.map(
    ({ response }) => (response as Readonly<Record<string, unknown>> | null)?.[member],
  );
  return found.findLast((value) => typeof value === 'string' || typeof value === 'number');
}

/** The request id of the newest refusal, out of its `errmsg`. */
function latestRid(requests: readonly RequestRecord[]): string | undefined {
  const messages = requests.map(({ response }) => (response as { readonly errmsg?: unknown } | null)?.errmsg);
  const rids = messages.map((text) => (typeof text === 'string' ? /rid: (\S+)/.exec(text)?.[1] : undefined));
  return rids.findLast((rid) => rid !== undefined);
}

/** Figures end with the day before, in Beijing. */
function yesterday(nowMs: number): string {
  return new Date(nowMs + (8 - 24) * 3_600_000).toISOString().slice(0, 10);
}

/** A template of the account, with a value for each of its keywords. */
function withTemplate(path: string, body: unknown, { templates }: Known): unknown {
  if (templates === null || typeof body !== 'object' || body === null) return body;
  if (path.endsWith('/template/subscribe')) {
    const { url: _url, ...rest } = body as Readonly<Record<string, unknown>>;
    return { ...rest, template_id: templates.one_time.template_id, scene: '1000' };
  }
  if (path.endsWith('/del_private_template')) {
    const newest = templates.template.at(-1)?.template_id;
    return newest === undefined ? body : { template_id: newest };
  }
  const kind = { send: templates.template, bizsend: templates.subscription }[path.split('/').at(-1) ?? ''];
  const template = kind?.[0];
  if (template === undefined || !('template_id' in body)) return body;
  const { miniprogram: _program, ...rest } = body as Readonly<Record<string, unknown>>;
  const data = template.keywords.map((keyword) => [keyword, { value: sampleOf(keyword) }]);
  return { ...rest, template_id: template.template_id, data: Object.fromEntries(data) };
}

/** A value that a keyword of this kind may have: its name says which, `time7`. */
function sampleOf(keyword: string): string {
  const samples: Readonly<Record<string, string>> = {
    amount: '39.80元',
    car_number: '粤A8Z888',
    character_string: 'A17-2026',
    const: '已发货',
    date: '2026年1月15日',
    letter: 'A',
    name: '小明',
    number: '3',
    phone_number: '020-81167888',
    phrase: '已备好',
    symbol: '+',
    time: '2026年1月15日 12:30',
  };
  return samples[keyword.replace(/\d+$/, '')] ?? '示例内容';
}
