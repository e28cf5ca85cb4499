/** The two sides of a comparison: the platform of the account in force, and a fresh simulator in the same situation. */
import { formatForm } from '../../../api/any-call.ts';
import { checkTokenOrigin } from '../../../api/simulator-token.ts';
import { type ComparedCall, errcodeOf, type Facts, type Seen } from '../../../core/compare/index.ts';
import { DEAD_TOKEN_CODES } from '../../../core/errcode/index.ts';
import { defined } from '../../../core/text/defined.ts';
import { own, parseJson } from '../../../core/text/json-value.ts';
import { decodeUtf8 } from '../../../core/text/utf8.ts';
import { createSimulator } from '../../../simulator/simulator.ts';
import type { Context } from '../../context.ts';
import { tellSimulator } from '../../shared/outgoing.ts';
import { openPlatformFetch, openRelay, openTokens } from '../../settings/platform.ts';

/** Sends a call and tells what came; `signal` ends it. */
export type Side = (call: ComparedCall, signal?: AbortSignal) => Promise<Seen>;

export interface PlatformSide {
  readonly ask: Side;
  /** Whether a relay stands between, which puts in its own token and passes on known calls only. */
  readonly isRelayed: boolean;
}

/** Lists of twenty come; whoever sends more than this is no platform. */
const maxBytes = 4 * 1024 * 1024;
const wrongToken = 'WRONG_TOKEN_of_a_comparison';

/** Throws what stops a comparison: no account, no token, no network. A dead token is replaced once. */
export async function openPlatformSide(context: Context): Promise<PlatformSide> {
  const { settings } = context;
  const relay = await openRelay(context);
  const fetch = relay?.fetch ?? (await openPlatformFetch(context));
  const base = relay?.apiBase ?? settings.apiBase.value;
  const tokens = relay === undefined ? await openTokens(context) : undefined;
  const timeoutMs = (await settings.timeoutMs()).value;
  const ask = async (call: ComparedCall, token: string | undefined, signal?: AbortSignal): Promise<Seen> => {
    const url = addressOf(base, call, token);
    const { status, headers, body } = await fetch({
      method: call.method,
      url: url.href,
      headers: { 'user-agent': 'wechat-mp-cli', ...contentOf(call) },
      ...defined({ body: bodyOf(call) }),
      timeoutMs,
      maxBytes,
      signal,
    });
    if (headers['server'] === 'wechat-mp-simulator') tellSimulator(context, settings.apiBase, relay?.name);
    return { status, contentType: mimeOf(headers['content-type']), json: parseJson(decodeUtf8(body) ?? '') };
  };
  const askWithToken: Side = async (call, signal) => {
    signal?.throwIfAborted();
    const token = (await tokens?.get())?.value;
    if (token !== undefined) checkTokenOrigin(token, base);
    const seen = await ask(call, token, signal);
    if (tokens === undefined || token === undefined || call.token !== undefined) return seen;
    if (!DEAD_TOKEN_CODES.has(errcodeOf(seen))) return seen;
    return await ask(call, (await tokens.renew(token)).value, signal);
  };
  return { ask: askWithToken, isRelayed: relay !== undefined };
}

export interface SimulatorSide {
  readonly ask: Side;
  /** Drives it; `false` where it does not take that. */
  readonly control: (path: string, body: unknown) => Promise<boolean>;
  /** Uploads a small picture; gives the answer. */
  readonly upload: (path: string) => Promise<unknown>;
  readonly close: () => void;
}

const origin = 'http://127.0.0.1';

export async function openSimulatorSide(context: Context, accountType: string): Promise<SimulatorSide> {
  const { clock, random } = context.io;
  const simulator = createSimulator({
    clock,
    random,
    // Nobody but this process reaches it.
    seed: 1,
    openFetch: () => Promise.reject(new Error('a comparison pushes nothing')),
  });
  const { appId: appid, secret } = simulator.account;
  const send = async (path: string, init: RequestInit): Promise<Response> =>
    await simulator.fetch(new Request(`${origin}${path}`, init));
  const post = async (path: string, body: unknown): Promise<Response> =>
    await send(path, { method: 'POST', body: JSON.stringify(body) });
  const grant = { grant_type: 'client_credential', appid, secret };
  const token = own(await (await post('/cgi-bin/stable_token', grant)).json(), 'access_token');
  const control: SimulatorSide['control'] = async (path, body) => (await post(`/_ctl/${path}`, body)).ok;
  await control('settings', { account_type: accountType });
  return {
    control,
    ask: async (call) => {
      const url = addressOf(origin, call, String(token));
      const init = { method: call.method, headers: contentOf(call), ...defined({ body: bodyOf(call) }) };
      const response = await send(`${url.pathname}${url.search}`, init);
      return {
        status: response.status,
        contentType: mimeOf(response.headers.get('content-type') ?? undefined),
        json: parseJson(await response.text()),
      };
    },
    upload: async (path) => {
      const content = { path: 'a.jpg', fileName: 'a.jpg', bytes: new Uint8Array([0xff, 0xd8, 0xff, 0xe0]) };
      const form = await formatForm([{ name: 'media', content }]);
      const init = { method: 'POST', headers: { 'content-type': form.contentType } };
      const body = new Uint8Array(form.body);
      return await (await send(`${path}&access_token=${String(token)}`, { ...init, body })).json();
    },
    close: () => simulator.close(),
  };
}

function addressOf(
  base: string,
  { path, query = {}, token: other }: ComparedCall,
  token: string | undefined,
): URL {
  const url = new URL(`${base}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const sent = other === undefined ? token : { none: undefined, wrong: wrongToken }[other];
  if (sent !== undefined) url.searchParams.set('access_token', sent);
  return url;
}

function bodyOf({ body }: ComparedCall): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
}

function contentOf({ body }: ComparedCall): Record<string, string> {
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

function mimeOf(type: string | undefined): string {
  return (type ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** What answers of the platform, by path, tell of the account. */
export type Known = ReadonlyMap<string, Seen>;

export function factsOf(known: Known): Facts {
  const openids = own(own(known.get('/cgi-bin/user/get')?.json, 'data'), 'openid');
  const tags = own(known.get('/cgi-bin/tags/get')?.json, 'tags');
  const ids = (Array.isArray(tags) ? tags : []).map((tag: unknown) => own(tag, 'id'));
  const openid: unknown = Array.isArray(openids) ? openids[0] : undefined;
  return {
    openid: typeof openid === 'string' && /^[\w-]{1,64}$/.test(openid) ? openid : undefined,
    tagid: ids.find((id): id is number => typeof id === 'number' && id >= 100),
  };
}

/**
 * Brings a fresh simulator into the situation of the account: the same menu and automatic replies, a follower and a tag
 * where there are some. Lists get an entry of each kind, so that whatever the platform shows can be compared. Gives the
 * paths about which that did not work.
 */
export async function furnish(
  side: SimulatorSide,
  known: Known,
  { openid, tagid }: Facts,
): Promise<readonly string[]> {
  const { control } = side;
  const info = known.get('/cgi-bin/user/info')?.json;
  if (typeof own(info, 'unionid') === 'string') await control('settings', { open_platform: true });
  const list = own(info, 'tagid_list');
  const tag_ids = Array.isArray(list) ? list : [];
  if (openid !== undefined) await control('followers', { openid, tag_ids });
  if (tagid !== undefined) {
    const members = Number(own(known.get('/cgi-bin/user/tag/get')?.json, 'count'));
    await control('followers', { subscribed: members > 0, tag_ids: [tagid] });
  }
  const blocked = own(known.get('/cgi-bin/tags/members/getblacklist')?.json, 'total');
  if (typeof blocked === 'number' && blocked > 0) await control('followers', { blacklisted: true });
  await furnishLists(side);
  const failed = (await furnishMenu(side, known)) ? [] : menuPaths;
  const replies = known.get(replyPath);
  const hasReplies = replies !== undefined && own(replies.json, 'is_autoreply_open') !== undefined;
  return !hasReplies || (await control('autoreply', replies.json)) ? failed : [...failed, replyPath];
}

const replyPath = '/cgi-bin/get_current_autoreply_info';
const menuPaths = ['/cgi-bin/menu/get', '/cgi-bin/get_current_selfmenu_info', '/cgi-bin/menu/trymatch'];

async function furnishMenu({ ask, control }: SimulatorSide, known: Known): Promise<boolean> {
  const works = async (path: string, body: unknown): Promise<boolean> =>
    errcodeOf(await ask({ method: 'POST', path, body })) === 0;
  const made = known.get('/cgi-bin/menu/get')?.json;
  const button = own(own(made, 'menu'), 'button');
  const current = known.get('/cgi-bin/get_current_selfmenu_info')?.json;
  if (button === undefined) {
    const shown = own(own(current, 'selfmenu_info'), 'button');
    return !Array.isArray(shown) || shown.length === 0 || (await control('menu', current));
  }
  const conditional = own(made, 'conditionalmenu');
  const menus: readonly unknown[] = Array.isArray(conditional) ? conditional : [];
  let done = await works('/cgi-bin/menu/create', { button });
  for (const menu of menus) {
    const body = { button: own(menu, 'button'), matchrule: ruleOf(own(menu, 'matchrule')) };
    done = (await works('/cgi-bin/menu/addconditional', body)) && done;
  }
  return done;
}

/** Quirk: what is written as `tag_id` is read as `group_id`. */
function ruleOf(rule: unknown): Record<string, unknown> {
  const { group_id, ...rest } = rule as Readonly<Record<string, unknown>>;
  return { ...rest, ...defined({ tag_id: group_id }) };
}

/** Customer-service accounts of each kind, a picture, a draft and a publication. */
async function furnishLists({ ask, control, upload }: SimulatorSide): Promise<void> {
  const call = async (path: string, body: unknown): Promise<unknown> =>
    (await ask({ method: 'POST', path, body })).json;
  for (const name of ['a@compare', 'b@compare', 'c@compare']) {
    await call('/customservice/kfaccount/add', { kf_account: name, nickname: name });
    if (name === 'a@compare') continue;
    await call('/customservice/kfaccount/inviteworker', { kf_account: name, invite_wx: name.slice(0, 1) });
  }
  await control('kf_accounts', { kf_account: 'c@compare', invitation: 'accept' });
  await control('kf_accounts', { kf_account: 'c@compare', online: true });
  const thumb_media_id = own(await upload('/cgi-bin/material/add_material?type=image'), 'media_id');
  const article = { title: 'compare', content: '<p>compare</p>', thumb_media_id };
  await call('/cgi-bin/draft/add', { articles: [article] });
  const draft = await call('/cgi-bin/draft/add', { articles: [article] });
  await call('/cgi-bin/freepublish/submit', { media_id: own(draft, 'media_id') });
}

/** Whether an answer says something of a moment only: busy, or no calls left for today. */
export function isOfTheMoment(seen: Seen): boolean {
  return [-1, 45009, 45011].includes(errcodeOf(seen));
}
