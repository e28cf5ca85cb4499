import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../../src/core/errors.ts';
import type { Fetch, HttpResponse } from '../../../../src/io/ports.ts';
import type { Simulator } from '../../../../src/simulator/simulator.ts';
import { type FakeIoOptions, fakeWorld, type FakeWorld } from '../../../helpers/fake-io.ts';
import { throughSimulator } from '../../../helpers/through-simulator.ts';
import { againstSchema } from '../../../helpers/output-schema.ts';

type Json = Readonly<Record<string, unknown>>;
type Found = Readonly<Record<'path' | 'case' | 'kind' | 'at' | 'platform' | 'simulator', unknown>>;
interface Answered {
  readonly ok: boolean;
  readonly calls: number;
  readonly differences: readonly Found[];
  readonly skipped: readonly Json[];
}

/** Alters what the second simulator answers to a call; the JSON is `undefined` for anything else. */
type Wrong = (path: string, json: Json, body: Json, response: HttpResponse) => Json | HttpResponse;

/** A world whose platform is a simulator that this function makes wrong. */
function worldWith(wrong?: Wrong, options: FakeIoOptions = {}): FakeWorld {
  const fetch: Fetch = async (request) => {
    const response = await throughSimulator(world.simulator)(request);
    const url = new URL(request.url);
    const text = Buffer.from(response.body).toString();
    if (wrong === undefined || url.pathname === '/cgi-bin/stable_token' || !text.startsWith('{'))
      return response;
    const sent = parse(String(request.body ?? '')) ?? Object.fromEntries(url.searchParams);
    const altered = wrong(url.pathname, parse(text) ?? {}, sent, response);
    return 'headers' in altered && 'body' in altered
      ? (altered as HttpResponse)
      : { ...response, body: Buffer.from(JSON.stringify(altered)) };
  };
  const world = fakeWorld({ ...options, fetch });
  return world;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const control = async ({ fetch }: Simulator, path: string, body: unknown): Promise<Json> =>
  (await (
    await fetch(
      new Request(`http://127.0.0.1:8090/_ctl/${path}`, { method: 'POST', body: JSON.stringify(body) }),
    )
  ).json()) as Json;

/** Calls the API of the platform by hand. */
const call = async (world: FakeWorld, path: string, body: unknown): Promise<Json> =>
  (await control(world.simulator, 'call', { method: 'POST', path: `/cgi-bin/${path}`, body }))[
    'body'
  ] as Json;

async function compare(
  world: FakeWorld,
  ...words: readonly string[]
): Promise<Answered & { code: number; stderr: string }> {
  const { code, stdout, stderr } = await world.run('simulator', 'compare', ...words, '--json');
  const answer = parse(stdout) ?? expect.fail(`${stdout}${stderr}`);
  expect(againstSchema('simulator compare', answer)).toEqual([]);
  return { ...(answer as unknown as Answered), code, stderr };
}

const button = [{ type: 'click', name: 'Shop', key: 'SHOP' }];

/** Followers, a tag, menus, replies, somebody who is blacklisted, media and articles. */
async function furnish(world: FakeWorld): Promise<void> {
  const { simulator } = world;
  await control(simulator, 'settings', { open_platform: true });
  await control(simulator, 'followers', { openid: 'oAlice', tag_ids: [100, 2], remark: '老客户' });
  await control(simulator, 'followers', { blacklisted: true });
  await call(world, 'menu/create', { button });
  await call(world, 'menu/addconditional', {
    button,
    matchrule: { client_platform_type: '1', tag_id: '100' },
  });
  await control(simulator, 'autoreply', {
    is_add_friend_reply_open: 1,
    is_autoreply_open: 1,
    add_friend_autoreply_info: { type: 'text', content: '欢迎' },
  });
}

describe('simulator compare', () => {
  test('finds nothing between two simulators, one of them new', async () => {
    const world = worldWith();
    const { code, ok, calls, differences, skipped } = await compare(world);
    expect(differences).toEqual([]);
    expect([code, ok, calls]).toEqual([0, true, 47]);
    // Nobody follows, and there is no tag.
    expect(skipped.map(({ reason, path }) => [reason, path])).toEqual([
      ['no_facts', '/cgi-bin/menu/trymatch'],
      ['no_facts', '/cgi-bin/user/info'],
      ['no_facts', '/cgi-bin/user/info/batchget'],
      ['no_facts', '/cgi-bin/user/tag/get'],
      ['no_facts', '/cgi-bin/tags/getidlist'],
      ['no_facts', '/customservice/kfsession/getsession'],
    ]);
  });

  test('finds nothing where the account has people, menus and replies', async () => {
    const world = worldWith();
    await furnish(world);
    const { code, differences, skipped } = await compare(world);
    expect([differences, skipped, code]).toEqual([[], [], 0]);
  });

  test('finds nothing where a tag has nobody', async () => {
    const world = worldWith();
    await control(world.simulator, 'followers', { openid: 'oAlice' });
    await call(world, 'tags/create', { tag: { name: 'vip' } });
    expect(await compare(world)).toMatchObject({ differences: [], skipped: [], calls: 53 });
  });

  test('finds nothing where the menu was made on the web console', async () => {
    const world = worldWith();
    await control(world.simulator, 'menu', { button: [{ type: 'text', name: '关于', value: '你好' }] });
    expect(await compare(world)).toMatchObject({ ok: true, differences: [] });
  });

  test('only reads: the account is as before, and nothing was written', async () => {
    const world = worldWith();
    await furnish(world);
    const kept = (): unknown => {
      const { tokens, tickets, quota, ...nouns } = world.simulator.save().accounts[0]?.platform.nouns ?? {};
      expect([tokens, tickets, quota]).not.toContain(undefined);
      return structuredClone(nouns);
    };
    const before = kept();
    await compare(world);
    const paths = new Set(world.requests.map((line) => line.replace(/^(\w+) [^/]+/, '$1 ')));
    expect([...paths].filter((line) => /create$|update$|delete$|add/.test(line))).toEqual([
      'GET /cgi-bin/tags/create',
    ]);
    expect(kept()).toEqual(before);
  });
});

/** Twelve ways to be wrong, each with what is found of it. */
const wrongs: readonly (readonly [string, Wrong, Partial<Found>])[] = [
  [
    'another status',
    (path, json, _body, response) => (path === '/cgi-bin/tags/get' ? { ...response, status: 500 } : json),
    { path: '/cgi-bin/tags/get', kind: 'status', platform: 500, simulator: 200 },
  ],
  [
    'another kind of content',
    (path, json, _body, response) =>
      path === '/cgi-bin/draft/count' ? { ...response, headers: { 'content-type': 'text/html' } } : json,
    { path: '/cgi-bin/draft/count', kind: 'content_type', platform: 'text/html' },
  ],
  [
    'another errcode',
    (_path, json) => (json['errcode'] === 40003 ? { ...json, errcode: 46004 } : json),
    {
      path: '/cgi-bin/user/info',
      case: 'an id that nobody has',
      kind: 'errcode',
      platform: 46004,
      simulator: 40003,
    },
  ],
  [
    'a success that should be refused',
    (_path, json) => (json['errcode'] === 41001 ? { ip_list: ['127.0.0.1'] } : json),
    {
      path: '/cgi-bin/getcallbackip',
      case: 'without a token',
      kind: 'errcode',
      platform: 0,
      simulator: 41001,
    },
  ],
  [
    'a refusal that should be a success',
    (path, json) =>
      path === '/cgi-bin/get_api_domain_ip'
        ? { errcode: 48001, errmsg: 'api unauthorized rid: 1-2-3' }
        : json,
    { path: '/cgi-bin/get_api_domain_ip', kind: 'errcode', platform: 48001, simulator: 0 },
  ],
  [
    'other words',
    (_path, json) =>
      json['errcode'] === 46003
        ? { ...json, errmsg: String(json['errmsg']).replace('menu no exist', 'no menu') }
        : json,
    {
      path: '/cgi-bin/menu/get',
      kind: 'errmsg',
      platform: 'no menu rid: <rid>',
      simulator: 'menu no exist rid: <rid>',
    },
  ],
  [
    'words without a rid',
    (_path, json) => (json['errcode'] === 43001 ? { ...json, errmsg: 'require GET method' } : json),
    { path: '/cgi-bin/user/get', kind: 'errmsg', platform: 'require GET method' },
  ],
  [
    'a field too few',
    (path, json) => {
      const { next_openid: _gone, ...rest } = json;
      return path === '/cgi-bin/user/get' && json['errcode'] === undefined ? rest : json;
    },
    { path: '/cgi-bin/user/get', kind: 'extra', at: 'next_openid', platform: null, simulator: 'string' },
  ],
  [
    'a field too many',
    (path, json) => (path === '/cgi-bin/material/get_materialcount' ? { ...json, thumb_count: 0 } : json),
    { path: '/cgi-bin/material/get_materialcount', kind: 'missing', at: 'thumb_count', platform: 'number' },
  ],
  [
    'a number for a text',
    (path, json) =>
      path === '/cgi-bin/ticket/getticket' && json['errcode'] === 0 ? { ...json, expires_in: '7200' } : json,
    {
      path: '/cgi-bin/ticket/getticket',
      kind: 'type',
      at: 'expires_in',
      platform: 'string',
      simulator: 'number',
    },
  ],
  [
    'a field too few in the entries of a list',
    (path, json) =>
      path === '/cgi-bin/tags/get'
        ? { tags: (json['tags'] as readonly Json[]).map(({ count: _gone, ...tag }) => tag) }
        : json,
    { path: '/cgi-bin/tags/get', kind: 'extra', at: 'tags[].count' },
  ],
  [
    'an object for a list, deep inside',
    (path, json) =>
      path === '/cgi-bin/template/get_all_private_template'
        ? { template_list: { 0: json['template_list'] } }
        : json,
    {
      path: '/cgi-bin/template/get_all_private_template',
      kind: 'type',
      at: 'template_list',
      platform: 'object',
      simulator: 'list',
    },
  ],
];

describe('a platform that differs', () => {
  test.each(wrongs)('by %s is found out', async (_name, wrong, found) => {
    const { code, ok, differences } = await compare(worldWith(wrong));
    expect([code, ok]).toEqual([1, false]);
    expect(differences).toContainEqual(expect.objectContaining(found));
    // And nothing else of it.
    expect(new Set(differences.map(({ kind }) => kind))).toEqual(new Set([found.kind]));
  });

  test('in all twelve ways at once is told each of them', async () => {
    const all: Wrong = (path, json, body, response) => {
      let answer: Json | HttpResponse = json;
      for (const [, wrong] of wrongs) {
        if (answer !== json && 'headers' in answer && 'body' in answer) continue;
        answer = wrong(path, answer as Json, body, response);
      }
      return answer;
    };
    const { differences } = await compare(worldWith(all));
    // Two of them alter the same answer, of which the status comes first.
    for (const [, , found] of wrongs.filter(([, , { at }]) => at !== 'tags[].count'))
      expect(differences).toContainEqual(expect.objectContaining(found));
  });

  test('is told in words, in both languages, and never as more than was seen', async () => {
    const [, wrong] = wrongs[2] ?? expect.fail();
    const english = await worldWith(wrong).run('simulator', 'compare');
    expect(english.stdout).toContain(
      'GET /cgi-bin/user/info (an id that nobody has)\n  errcode: platform 46004, simulator 40003\n',
    );
    expect(english.stderr).toContain('This is what these calls answered now, for this account, and no more');
    const chinese = await worldWith(wrong).run('simulator', 'compare', '--lang', 'zh');
    expect(chinese.stdout).toContain(
      'GET /cgi-bin/user/info（不存在的 ID）\n'.replace('（', ' (').replace('）', ')'),
    );
    expect(chinese.stdout).toContain('errcode: 平台 46004, 模拟器 40003');
  });

  test('by being busy is not compared there', async () => {
    const world = worldWith((path, json) =>
      path === '/cgi-bin/tags/get'
        ? { errcode: 45009, errmsg: 'reach max api daily quota limit rid: 1-2-3' }
        : json,
    );
    const { ok, skipped } = await compare(world);
    expect(ok).toBe(true);
    expect(skipped).toContainEqual({
      method: 'GET',
      path: '/cgi-bin/tags/get',
      case: null,
      reason: 'of_the_moment',
    });
  });
});

describe('simulator compare --record', () => {
  test('keeps all answers, with nothing of anybody in them', async () => {
    const world = worldWith();
    await furnish(world);
    await compare(world, '--record', 'report.json');
    const text = String(world.files.contents.get('/desk/report.json'));
    const { account_type: type, pairs } = JSON.parse(text) as {
      account_type: string;
      pairs: readonly Json[];
    };
    expect(type).toBe('verified_service');
    expect(pairs).toHaveLength(53);
    expect(pairs.find(({ path }) => path === '/cgi-bin/user/info')).toMatchObject({
      query: { openid: '<text>' },
      platform: { status: 200, body: { subscribe: 1, openid: '<text>', remark: '<text>' } },
      differences: [],
    });
    const { appId } = world.simulator.account;
    for (const secret of ['oAlice', '老客户', 'Shop', '欢迎', appId, 'SIM_'])
      expect(text).not.toContain(secret);
  });

  test('refuses a file of somebody else before anything is sent', async () => {
    const world = worldWith(undefined, { files: { '/desk/report.json': 'mine' } });
    const { code } = await world.run('simulator', 'compare', '--record', 'report.json');
    expect([code, world.requests]).toEqual([2, []]);
    expect((await world.run('simulator', 'compare', '--record', '-')).code).toBe(2);
  });
});

const stopped = new WechatMpError({
  family: 'interrupted',
  type: 'interrupted',
  text: { en: 'Interrupted', zh: '已中断' },
});

describe('simulator compare --write', () => {
  const tags = async (world: FakeWorld): Promise<unknown> =>
    (await call(world, 'tags/get', undefined))['tags'];
  const menu = async ({ simulator }: FakeWorld): Promise<unknown> =>
    await (await simulator.fetch(new Request('http://127.0.0.1:8090/_ctl/menu'))).json();
  const confirm = (world: FakeWorld): readonly string[] => [
    '--write',
    '--confirm',
    world.simulator.account.appId,
  ];

  test('finds nothing between two simulators, and leaves the account as it was', async () => {
    const world = worldWith();
    await furnish(world);
    const before = [await tags(world), await menu(world)];
    const { code, differences, calls, stderr } = await compare(world, ...confirm(world));
    expect([differences, code, calls]).toEqual([[], 0, 69]);
    expect([await tags(world), await menu(world)]).toEqual(before);
    expect(stderr).toContain('to undo: wechat-mp menu push /home/me/');
    expect(stderr).toContain(
      'To undo the tag, should this be stopped: wechat-mp api tags/delete -F tag[id]=',
    );
    expect(stderr).toContain('Restored: the account is as it was');
  });

  test('takes the menu away again where there was none', async () => {
    const world = worldWith();
    const before = await menu(world);
    const { code, stderr } = await compare(world, ...confirm(world));
    expect([code, await menu(world)]).toEqual([0, before]);
    expect(stderr).toContain('to undo: wechat-mp menu delete');
  });

  test('finds out a platform that takes what it should refuse, and deletes that, too', async () => {
    const world = worldWith((path, json, body) =>
      path === '/cgi-bin/tags/create' &&
      String((body['tag'] as Json | undefined)?.['name']).length > 10 &&
      json['errcode'] === 45158
        ? { tag: { id: 9, name: 'x' } }
        : json,
    );
    const { code, differences } = await compare(world, ...confirm(world));
    expect(code).toBe(1);
    expect(differences).toMatchObject([
      {
        path: '/cgi-bin/tags/create',
        case: 'beyond the limit',
        kind: 'errcode',
        platform: 0,
        simulator: 45158,
      },
    ]);
  });

  test('restores after a failure, and after Ctrl-C', async () => {
    for (const stop of ['fail', 'interrupt'] as const) {
      const world: FakeWorld = worldWith((path, json, body) => {
        if (path !== '/cgi-bin/menu/create' || json['errcode'] !== 0 || JSON.stringify(body).includes('SHOP'))
          return json;
        if (stop === 'fail') throw new Error('the line is dead');
        world.interruption.abort(stopped);
        return json;
      });
      await furnish(world);
      const before = [await tags(world), await menu(world)];
      const { code, stdout, stderr } = await world.run('simulator', 'compare', ...confirm(world));
      expect([stop, code === 0, stdout]).toEqual([stop, false, '']);
      expect(stderr).toContain('Restored: the account is as it was');
      expect([await tags(world), await menu(world)]).toEqual(before);
    }
  });

  test('says what it could not restore', async () => {
    const world = worldWith();
    await world.fault({ path: '/cgi-bin/tags/delete', errcode: 45057, times: 9 });
    const { code, stderr } = await world.run('simulator', 'compare', ...confirm(world));
    expect(code).toBeGreaterThan(1);
    expect(stderr).toContain('Could not restore: tag 100');
    expect(await menu(world)).toMatchObject({ default: null });
  });

  test('writes no menu where that of the web console could not be restored', async () => {
    const world = worldWith();
    await control(world.simulator, 'menu', { button: [{ type: 'text', name: '关于', value: '你好' }] });
    const before = await menu(world);
    const { code, calls, stderr } = await compare(world, ...confirm(world));
    expect([code, await menu(world)]).toEqual([0, before]);
    expect(calls).toBe(57);
    expect(stderr).toContain('nothing is written to it');
  });

  test('wants the AppID, typed or given', async () => {
    const asked = (answer: string) => {
      const world = worldWith(undefined, { tty: ['stdin', 'stdout', 'stderr'], answers: [answer] });
      return world;
    };
    const wrong = asked('wx0000000000000000');
    expect((await wrong.run('simulator', 'compare', '--write')).code).toBe(1);
    expect(wrong.requests).toEqual([]);
    const right = asked(fakeWorld().simulator.account.appId);
    expect((await right.run('simulator', 'compare', '--write')).code).toBe(0);
    const nobody = worldWith();
    expect((await nobody.run('simulator', 'compare', '--write')).code).toBe(2);
    expect(
      (await nobody.run('simulator', 'compare', '--write', '--confirm', 'wx0000000000000000')).code,
    ).toBe(2);
    expect((await nobody.run('simulator', 'compare', '--confirm', 'wx0000000000000000')).code).toBe(2);
    expect(nobody.requests).toEqual([]);
  });
});
