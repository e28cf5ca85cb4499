import { describe, expect, test } from 'vitest';
import type { CatalogueEntry } from '../../src/simulator/console-types.ts';
import { simulate, type Simulated } from './simulated.ts';

const button = [{ type: 'click', name: 'a', key: 'K' }];
const conditional = { button, matchrule: { tag_id: '100', client_platform_type: '1' } };

interface Sample {
  readonly query?: string;
  readonly body?: unknown;
  /** What has to be there first. */
  readonly before?: (world: Simulated) => Promise<unknown>;
}

const post =
  (path: string, body: unknown) =>
  async ({ ask, path: withToken }: Simulated): Promise<unknown> =>
    ask('POST', await withToken(path), body);
const pushMenu = post('/cgi-bin/menu/create', { button });
const addMenu = post('/cgi-bin/menu/addconditional', conditional);

/** One good call of every path that the simulator answers; a follower `o1` with tag 100 is there. */
const samples: Readonly<Record<string, Sample>> = {
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
};

/** Paths whose good call needs a credential or an id of this simulator; built in `call`. */
const special = [
  '/cgi-bin/token',
  '/cgi-bin/stable_token',
  '/cgi-bin/menu/delconditional',
  '/cgi-bin/shorten/fetch',
  '/cgi-bin/clear_quota',
  '/cgi-bin/clear_quota/v2',
  '/cgi-bin/openapi/rid/get',
  // A picture, see qrcode.test.ts.
  '/cgi-bin/showqrcode',
];

async function call(world: Simulated, method: string, path: string): Promise<unknown> {
  const { ask, path: withToken, account } = world;
  if (path === '/cgi-bin/token') return world.classic();
  if (path === '/cgi-bin/stable_token') return world.stable();
  if (path === '/cgi-bin/menu/delconditional') {
    await pushMenu(world);
    return ask('POST', await withToken(path), await addMenu(world));
  }
  if (path === '/cgi-bin/shorten/fetch') {
    const { short_key } = await ask('POST', await withToken('/cgi-bin/shorten/gen'), { long_data: 'd' });
    return ask('POST', await withToken(path), { short_key });
  }
  if (path === '/cgi-bin/clear_quota') return ask('POST', await withToken(path), { appid: account.appId });
  if (path === '/cgi-bin/clear_quota/v2') {
    return ask('POST', `${path}?appid=${account.appId}&appsecret=${account.secret}`);
  }
  if (path === '/cgi-bin/openapi/rid/get') {
    const { errmsg = '' } = await ask('GET', await withToken('/cgi-bin/user/info'));
    return ask('POST', await withToken(path), { rid: errmsg.split('rid: ')[1] });
  }
  const { query = '', body, before } = samples[path] ?? {};
  await before?.(world);
  return ask(method, await withToken(path + query), body);
}

/** The paths at which an answer is not like the example: a field too few or too many, or of another type. */
function differences(answer: unknown, example: unknown, at = ''): string[] {
  if (Array.isArray(example)) {
    if (!Array.isArray(answer)) return [`${at} is no list`];
    return answer.flatMap((entry, index) => {
      const found = example.map((like: unknown) => differences(entry, like, `${at}[${index}]`));
      return found.toSorted((a, b) => a.length - b.length)[0] ?? [];
    });
  }
  if (typeof example !== 'object' || example === null || typeof answer !== 'object' || answer === null) {
    return typeof answer === typeof example ? [] : [`${at} is ${typeof answer}, not ${typeof example}`];
  }
  const [has, wants] = [answer as Record<string, unknown>, example as Record<string, unknown>];
  return [
    ...Object.keys(has).flatMap((key) => (key in wants ? [] : [`${at}.${key} is too many`])),
    ...Object.keys(wants).flatMap((key) =>
      key in has ? differences(has[key], wants[key], `${at}.${key}`) : [`${at}.${key} is missing`],
    ),
  ];
}

/** The example of menu/get has a rule of the past. */
const past = ['sex', 'country', 'province', 'city'].map(
  (field) => `.conditionalmenu[0].matchrule.${field} is missing`,
);

async function simulatedPaths(): Promise<readonly { method: string; path: string; example: unknown }[]> {
  const response = await simulate().call('GET', '/_ctl/catalogue');
  const entries = (await response.json()) as readonly CatalogueEntry[];
  return entries
    .filter(({ simulated }) => simulated)
    .map(({ method, path, response_example: example }) => ({ method, path, example }));
}

const rows = await simulatedPaths();

describe('every endpoint that the simulator answers', () => {
  test('has a sample here', () => {
    expect(rows.map(({ path }) => path).toSorted()).toEqual([...Object.keys(samples), ...special].toSorted());
  });

  test.each(rows.filter(({ path }) => path !== '/cgi-bin/showqrcode'))(
    '$path answers like the platform’s example',
    async ({ method, path, example }) => {
      const world = simulate();
      await world.ask('POST', '/_ctl/followers', { openid: 'o1', tag_ids: [100] });
      await world.ask('POST', '/_ctl/followers', { openid: 'left', subscribed: false });
      await world.ask('POST', '/_ctl/phone/o1/send', { type: 'text', text: 'hi' });
      const found = differences(await call(world, method, path), example);
      expect(found.filter((difference) => !past.includes(difference))).toEqual([]);
    },
  );
});

describe('differences()', () => {
  test('finds a missing, an unknown and a changed field at any depth', () => {
    expect(differences({ a: [{ b: 1 }], c: 'x' }, { a: [{ b: 'text', d: 1 }] })).toEqual([
      '.c is too many',
      '.a[0].b is number, not string',
      '.a[0].d is missing',
    ]);
    expect(differences({ a: 1 }, { a: 2 })).toEqual([]);
  });
});
