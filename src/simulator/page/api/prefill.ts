/** Fills the example of a call with what this account really has, so that it can be sent as it stands. */
import type {
  CatalogueEntry,
  FormFill,
  RequestRecord,
  TemplateView,
  TemplatesView,
} from '../../control/types/index.ts';

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

/** How the form of a call fills its fields in: what its record says, then what its name alone says. */
type Fills = CatalogueEntry['fills'];

/** Members that would make the second sending of the same form a different thing. */
const left = new Set(['client_msg_id', 'clientmsgid']);

/** The value of a parameter of the query; empty where nothing is known. */
export function prefillParameter(fills: Fills, name: string, known: Known): string {
  const value = valueOf(fills, name, '', known);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The same example with what is known of the account in the place of what is made up. */
export function prefillBody(fills: Fills, example: unknown, known: Known): unknown {
  const isLeftOut = (name: string): boolean => {
    const fill = fillOf(fills, name);
    return left.has(name) || (fill !== undefined && 'left_out' in fill);
  };
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([name]) => !isLeftOut(name));
    return Object.fromEntries(
      entries.map(([name, member]) => [name, valueOf(fills, name, member, known) ?? fill(member)]),
    );
  };
  return withKeywords(fills, fill(example), known);
}

function fillOf(fills: Fills, name: string): FormFill | undefined {
  return Object.hasOwn(fills, name) ? fills[name] : undefined;
}

function valueOf(fills: Fills, name: string, example: unknown, known: Known): unknown {
  const fill = fillOf(fills, name);
  return fill === undefined ? valueByName(name, example, known) : filled(fill, known);
}

function filled(fill: FormFill, known: Known): unknown {
  if ('value' in fill) return fill.value;
  if ('answer' in fill) return latest(known.requests, fill.of, fill.answer);
  if (!('known' in fill)) return undefined;
  return fill.known === 'tag' ? known.tagIds.at(-1) : templateOf(fill.known, known)?.template_id;
}

type KnownTemplate = Exclude<Extract<FormFill, { readonly known: string }>['known'], 'tag'>;

function templateOf(
  which: KnownTemplate,
  { templates }: Known,
): (Pick<TemplateView, 'template_id'> & Partial<TemplateView>) | undefined {
  switch (which) {
    case 'newest_template':
      return templates?.template.at(-1);
    case 'template':
      return templates?.template[0];
    case 'subscription_template':
      return templates?.subscription[0];
    case 'one_time_template':
      return templates?.one_time;
  }
}

/** What a field of this name is in every call. */
function valueByName(name: string, example: unknown, known: Known): unknown {
  const { openids } = known;
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
    case 'menuid':
      return known.menuId;
    case 'begin_date':
    case 'end_date':
      return yesterday(known.nowMs);
    case 'starttime':
      return Math.floor(known.nowMs / 1000) - 3600;
    case 'endtime':
      return Math.floor(known.nowMs / 1000);
    default:
      return undefined;
  }
}

function someOf(openids: readonly string[]): readonly string[] | undefined {
  return openids.length === 0 ? undefined : openids.slice(0, 2);
}

/** What the newest answer of a call has in this member. */
function latest(requests: readonly RequestRecord[], paths: readonly string[], member: string): unknown {
  const answers = requests.filter(({ path, errcode }) => paths.includes(path) && (errcode ?? 0) === 0);
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

/** The data of a message: a value for each keyword of the template that it is sent with. */
function withKeywords(fills: Fills, body: unknown, known: Known): unknown {
  const fill = fillOf(fills, 'template_id');
  if (fill === undefined || !('known' in fill)) return body;
  if (fill.known !== 'template' && fill.known !== 'subscription_template') return body;
  const template = templateOf(fill.known, known);
  if (template === undefined || typeof body !== 'object' || body === null) return body;
  const data = (template.keywords ?? []).map((keyword) => [keyword, { value: sampleOf(keyword) }]);
  return { ...body, data: Object.fromEntries(data) };
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
