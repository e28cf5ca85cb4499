import { beforeAll, describe, expect, test } from 'vitest';
import { encodeBlackWhiteJpeg } from '../../../../src/simulator/pictures/jpeg.ts';
import type {
  ApiAnswer,
  CatalogueEntry,
  TemplatesView,
} from '../../../../src/simulator/control/types/index.ts';
import {
  prefillBody,
  prefillParameter,
  secretPlaceholder,
  type Known,
} from '../../../../src/simulator/page/api/prefill.ts';
import type { RequestRecord } from '../../../../src/simulator/control/types/index.ts';
import { phoned, type Phoned } from '../../control/phoned.ts';
import { startMs } from '../../simulated.ts';

const nothing: Known = {
  appid: 'wx1',
  openids: [],
  templates: null,
  tagIds: [],
  menuId: undefined,
  qrTicket: undefined,
  requests: [],
  nowMs: startMs,
};

/** One call of the log with its answer. */
function logged(path: string, response: unknown, errcode: number | null = null): RequestRecord {
  return {
    id: 1,
    at: '',
    method: 'POST',
    path,
    query: {},
    status: 200,
    errcode,
    body: null,
    ms: 1,
    user_agent: '',
    response,
  };
}

describe('prefillBody()', () => {
  test('leaves an example as it is where nothing is known', () => {
    const example = {
      touser: 'OPENID',
      media_id: 'MEDIA_ID',
      articles: [{ title: 'T' }],
      tagid: 134,
      n: null,
    };
    expect(prefillBody({}, example, nothing)).toEqual(example);
    expect(prefillBody({}, null, nothing)).toBeNull();
  });

  test('takes people, at most two where a list is wanted', () => {
    const known = { ...nothing, openids: ['o1', 'o2', 'o3'] };
    const example = {
      touser: 'X',
      openid: 'X',
      user_id: 'X',
      openid_list: ['X'],
      user_list: [{ openid: 'X' }],
    };
    expect(prefillBody({}, example, known)).toEqual({
      touser: 'o1',
      openid: 'o1',
      user_id: 'o1',
      openid_list: ['o1', 'o2'],
      user_list: [
        { openid: 'o1', lang: 'zh_CN' },
        { openid: 'o2', lang: 'zh_CN' },
      ],
    });
    expect(prefillBody({}, { touser: ['X', 'Y'] }, known)).toEqual({ touser: ['o1', 'o2'] });
  });

  test('takes the newest answer that made an id', () => {
    const requests = [
      logged('/cgi-bin/draft/add', { media_id: 'draft-1' }),
      logged('/cgi-bin/draft/add', { media_id: 'draft-2' }),
      logged('/cgi-bin/draft/add', { errcode: 40007, media_id: 'never' }, 40007),
      logged('/cgi-bin/material/add_material', { media_id: 'material-1' }),
      logged('/cgi-bin/media/upload', { media_id: 'media-1' }),
      logged('/cgi-bin/media/upload', null),
    ];
    const known = { ...nothing, requests };
    const example = { media_id: 'X', thumb_media_id: 'Y' };
    const draft = {
      media_id: { answer: 'media_id', of: ['/cgi-bin/draft/add'] },
      thumb_media_id: { answer: 'media_id', of: ['/cgi-bin/material/add_material'] },
    };
    const material = { media_id: { answer: 'media_id', of: ['/cgi-bin/material/add_material'] } };
    const medium = { media_id: { answer: 'media_id', of: ['/cgi-bin/media/upload'] } };
    expect(prefillBody(draft, example, known)).toEqual({
      media_id: 'draft-2',
      thumb_media_id: 'material-1',
    });
    expect(prefillBody(material, example, known)).toMatchObject({
      media_id: 'material-1',
    });
    expect(prefillParameter(medium, 'media_id', known)).toBe('media-1');
    expect(prefillParameter(medium, 'media_id', nothing)).toBe('');
    const old = logged('/cgi-bin/x', { errcode: 1, errmsg: 'no rid: 6b01-2' }, 1);
    const refusals = [
      old,
      logged('/cgi-bin/x', { errcode: 1, errmsg: 'no rid: 6b01-3' }, 1),
      logged('/x', 'text'),
    ];
    expect(prefillBody({}, { rid: 'X' }, { ...nothing, requests: refusals })).toEqual({
      rid: '6b01-3',
    });
  });

  test('asks for yesterday in Beijing, also in the first hours of its day', () => {
    const example = { begin_date: 'X', end_date: 'X' };
    const at = (nowMs: number): unknown => prefillBody({}, example, { ...nothing, nowMs });
    expect(at(Date.UTC(2026, 0, 14, 15, 59, 59))).toEqual({
      begin_date: '2026-01-13',
      end_date: '2026-01-13',
    });
    expect(at(Date.UTC(2026, 0, 14, 16))).toEqual({ begin_date: '2026-01-14', end_date: '2026-01-14' });
  });

  test('asks for what was said in the last hour', () => {
    expect(prefillBody({}, { starttime: 1, endtime: 2 }, nothing)).toEqual({
      starttime: startMs / 1000 - 3600,
      endtime: startMs / 1000,
    });
  });

  test('leaves out ids that let a form be sent only once', () => {
    expect(prefillBody({}, { client_msg_id: 'a', clientmsgid: 'b', text: 'c' }, nothing)).toEqual({
      text: 'c',
    });
  });

  test('writes a word in the place of the AppSecret', () => {
    expect(prefillBody({}, { appid: 'APPID', secret: 'S' }, nothing)).toEqual({
      appid: 'wx1',
      secret: secretPlaceholder,
    });
    // A mini program's AppID is another one.
    expect(prefillBody({}, { appid: 'wx286b93c14bbf93aa' }, nothing)).toEqual({
      appid: 'wx286b93c14bbf93aa',
    });
  });
});

/** Calls whose example cannot be right by itself, each with why. */
const notAsTheyStand: Readonly<Record<string, { readonly errcode: number; readonly reason: string }>> = {
  'template.add': { errcode: 40247, reason: 'the library with TM numbers is closed' },
  'mass.uploadVideo': { errcode: 40007, reason: 'no video has been uploaded' },
  'oneTime.send': { errcode: 43101, reason: 'nobody has agreed on /mp/subscribemsg' },
  'user.changeOpenid': { errcode: 63183, reason: 'no account was migrated here' },
  'kfSession.create': { errcode: 65402, reason: 'nobody serves in its name' },
  'kfSession.close': { errcode: 65413, reason: 'nobody is served' },
  'media.getHighQualityVoice': { errcode: 41006, reason: 'no page has recorded a voice' },
  'comment.elect': { errcode: 88008, reason: 'nobody has commented' },
  'comment.unelect': { errcode: 88008, reason: 'nobody has commented' },
  'comment.reply': { errcode: 88008, reason: 'nobody has commented' },
  'comment.delete': { errcode: 88001, reason: 'the article has been deleted by then' },
  'comment.deleteReply': { errcode: 88001, reason: 'the article has been deleted by then' },
};

describe('the examples of the catalogue', () => {
  let world: Phoned;
  let entries: readonly CatalogueEntry[];

  beforeAll(async () => {
    world = await phoned();
    await world.call('POST', '/_ctl/followers', { nickname: 'Bob' });
    entries = (await world.ask('GET', '/_ctl/catalogue')) as unknown as readonly CatalogueEntry[];
  });

  async function send({
    method,
    path,
    query,
    fills,
    body_example: example,
  }: CatalogueEntry): Promise<ApiAnswer> {
    const followers = (await world.ask('GET', '/_ctl/followers')) as unknown as readonly { openid: string }[];
    const state = await world.ask('GET', '/_ctl/state');
    const tags = state['tags'] as readonly { readonly id: number }[];
    const { conditional } = state['menu'] as { readonly conditional: readonly { readonly menuid: number }[] };
    const menuId = conditional.at(-1)?.menuid;
    const known: Known = {
      appid: world.account.appId,
      openids: followers.map(({ openid }) => openid),
      templates: (await world.ask('GET', '/_ctl/templates')) as unknown as TemplatesView,
      tagIds: tags.map(({ id }) => id).filter((id) => id >= 100),
      menuId: menuId === undefined ? undefined : String(menuId),
      qrTicket: undefined,
      requests: (await world.ask('GET', '/_ctl/requests')) as unknown as readonly RequestRecord[],
      nowMs: startMs,
    };
    const names = query.filter((name) => !name.includes('='));
    const values = names.map((name) => [name, prefillParameter(fills, name, known)]);
    const filled = values.filter(([, value]) => value !== '' && value !== undefined);
    const text = JSON.stringify(prefillBody(fills, example, known)).replace(
      secretPlaceholder,
      world.account.secret,
    );
    return (await world.ask('POST', '/_ctl/call', {
      method,
      path,
      query: Object.fromEntries(filled),
      ...(method === 'POST' && { body: text }),
    })) as unknown as ApiAnswer;
  }

  async function upload(path: string): Promise<void> {
    const form = new FormData();
    form.set('call', JSON.stringify({ method: 'POST', path, query: { type: 'image' } }));
    form.set(
      'media',
      new File([encodeBlackWhiteJpeg(8, new Uint8Array(64))], 'a.jpg', { type: 'image/jpeg' }),
    );
    const sent = new Request('http://127.0.0.1:8090/_ctl/call', { method: 'POST', body: form });
    expect(await (await world.fetch(sent)).json()).toMatchObject({ status: 200, errcode: null });
  }

  test('can be sent as the form fills them in', { timeout: 60_000 }, async () => {
    const ranks = [
      /set_industry/,
      /tags\/create|shorten\/gen|menu\/create|api_add_template|addtemplate|kfaccount\/add|draft\/add$/,
      /addconditional|draft\/(?:get|update)$|mass\/send/,
      /freepublish\/submit$/,
      /freepublish\/get$/,
      /draft\/delete$/,
      /^(?!.*(?:del|clear_quota|blacklist|changeopenid))/,
      /menu\/delconditional|^(?!.*menu\/delete)/,
      /./,
    ];
    const rank = ({ path }: CatalogueEntry): number => ranks.findIndex((paths) => paths.test(path));
    const calls = entries
      .filter(({ simulated, body, needs_token: token }) => simulated && token && body !== 'multipart')
      .toSorted((one, other) => rank(one) - rank(other));
    expect(calls.length).toBeGreaterThan(60);
    await world.act('send', { type: 'text', text: 'hello' });
    const templates = (await world.ask('GET', '/_ctl/templates')) as unknown as TemplatesView;
    await world.act('subscribe', { accept: templates.subscription.map(({ template_id: id }) => id) });
    await upload('/cgi-bin/media/upload');
    await upload('/cgi-bin/material/add_material');
    // A refusal, for its rid.
    await world.ask('POST', '/_ctl/call', { path: '/cgi-bin/menu/get' });
    const refused: Record<string, number> = {};
    const draft = calls.find(({ name }) => name === 'draft.add');
    for (const call of calls) {
      // Publishing takes the draft away.
      if (call.name === 'draft.delete' && draft !== undefined) await send(draft);
      const { errcode, status } = await send(call);
      if ((errcode ?? 0) !== 0 || status !== 200) refused[call.name] = errcode ?? status ?? -1;
    }
    expect(refused).toEqual(
      Object.fromEntries(Object.entries(notAsTheyStand).map(([name, { errcode }]) => [name, errcode])),
    );
  });
});
