import { describe, expect, test } from 'vitest';
import { fakeWorld, type FakeIoOptions, type FakeWorld } from '../../../helpers/fake-io.ts';
import { simulatorBase } from '../../../helpers/through-simulator.ts';

interface Call {
  readonly path: string;
  readonly remain: number | null;
  readonly [name: string]: unknown;
}

const callsOf = (stdout: string): readonly Call[] =>
  (JSON.parse(stdout) as { readonly calls: readonly Call[] }).calls;
const errorOf = (stderr: string): Readonly<Record<string, unknown>> =>
  (JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { readonly error: Record<string, unknown> }).error;
const asked = ({ requests }: FakeWorld): readonly string[] =>
  requests.map((request) => request.replace('127.0.0.1:8090/cgi-bin', ''));

/** A world in which the calls of a path have these figures. */
async function worldOf(
  quotas: Readonly<Record<string, number>>,
  options: FakeIoOptions = {},
): Promise<FakeWorld> {
  const world = fakeWorld(options);
  await inConsole(world, { quotas });
  return world;
}

async function inConsole(
  { simulator }: FakeWorld,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const init = { method: 'POST', body: JSON.stringify(settings) };
  expect((await simulator.fetch(new Request(`${simulatorBase}/_ctl/settings`, init))).status).toBe(200);
}

describe('quota', () => {
  test('tells what is left of the usual calls, and uses none of them', async () => {
    const world = fakeWorld();
    const { code, stdout } = await world.run('quota');
    expect(code).toBe(0);
    expect(stdout.split('\n')).toHaveLength(13);
    expect(stdout).toMatch(/^\/cgi-bin\/menu\/create +1000 +of 1000 a day\n/);
    expect((await world.run('quota')).stdout).toBe(stdout);
    expect(new Set(asked(world))).toEqual(new Set(['POST /stable_token', 'POST /openapi/quota/get']));
  });

  test('--json has the figures as numbers, and the limit a minute where there is one', async () => {
    const { stdout } = await fakeWorld().run('quota', '/cgi-bin/stable_token', '/cgi-bin/menu/get', '--json');
    expect(callsOf(stdout)).toEqual([
      {
        path: '/cgi-bin/stable_token',
        daily_limit: 500_000,
        used: 1,
        remain: 499_999,
        rate_limit: { call_count: 10_000, refresh_second: 60 },
      },
      { path: '/cgi-bin/menu/get', daily_limit: 10_000, used: 0, remain: 10_000, rate_limit: null },
    ]);
  });

  test.each([
    ['menu/get', '/cgi-bin/menu/get'],
    ['/menu/get', '/cgi-bin/menu/get'],
    ['cgi-bin/menu/get?access_token=x', '/cgi-bin/menu/get'],
    ['https://api.weixin.qq.com/cgi-bin/menu/get?access_token=x#y', '/cgi-bin/menu/get'],
    ['customservice/kfaccount/add', '/customservice/kfaccount/add'],
  ])('takes %s for the path that is meant', async (given, path) => {
    const { stdout } = await fakeWorld().run('quota', given, '--json');
    expect(callsOf(stdout).map((call) => call.path)).toEqual([path]);
  });

  test('asks once for a path that is given twice, and refuses what is none', async () => {
    const world = fakeWorld();
    const { stdout } = await world.run('quota', 'menu/get', '/cgi-bin/menu/get', '--json');
    expect(callsOf(stdout)).toHaveLength(1);
    expect(errorOf((await world.run('quota', 'menu get', '--json')).stderr)).toMatchObject({
      code: 2,
      type: 'path_invalid',
    });
  });

  test('is exit 4 with what WeChat tells where it tells nothing of a path that was given', async () => {
    const world = fakeWorld();
    const { code, stdout } = await world.run('quota', 'menu/get', '/sns/userinfo', '--json');
    expect(code).toBe(4);
    expect(callsOf(stdout)).toMatchObject([
      { path: '/cgi-bin/menu/get', remain: 10_000 },
      { path: '/sns/userinfo', daily_limit: null, remain: null, errcode: 76022 },
    ]);
    const alone = await world.run('quota', '/cgi-bin/nope', '--json');
    expect({ code: alone.code, stdout: alone.stdout }).toEqual({ code: 4, stdout: '' });
    expect(errorOf(alone.stderr)['errcode']).toBe(76021);
    const misspelt = await world.run('quota', '/cgi-bin/menu/craete', '--json');
    expect(errorOf(misspelt.stderr)['hint']).toBe('Did you mean /cgi-bin/menu/create?');
  });

  test.each([
    [9, 'Less than a tenth is left today of /cgi-bin/menu/get: 0 of 9\n'],
    [90, ''],
  ])('notes on stderr where less than a tenth of %i is left', async (limit, note) => {
    const world = await worldOf({ '/cgi-bin/menu/get': limit });
    const token = (await world.run('token')).stdout.trim();
    const url = `${simulatorBase}/cgi-bin/menu/get?access_token=${token}`;
    for (let call = 0; call < 9; call += 1) await world.simulator.fetch(new Request(url));
    const { stderr } = await world.run('quota', 'menu/get');
    expect(stderr.split('\n').slice(1).join('\n')).toBe(note);
    expect((await world.run('quota', 'menu/get', '-q')).stderr).not.toContain('tenth');
  });

  test('says that a call without any a day is not open', async () => {
    const world = fakeWorld();
    await inConsole(world, { account_type: 'personal' });
    const { code, stdout, stderr } = await world.run('quota', 'menu/create');
    expect(code).toBe(0);
    expect(stdout).toBe('/cgi-bin/menu/create  0  not open to this account\n');
    expect(stderr).not.toContain('tenth');
  });
});

describe('quota --reset', () => {
  const menuGet = '/cgi-bin/menu/get';

  /** A world in which the only call of the day is used. */
  async function spent(options: FakeIoOptions = {}): Promise<FakeWorld & { left(): Promise<unknown> }> {
    const world = await worldOf({ [menuGet]: 1 }, options);
    expect((await world.run('menu', 'diff', '/desk/menu.json')).code).not.toBe(6);
    const left = async (): Promise<unknown> =>
      callsOf((await world.run('quota', 'menu/get', '--json')).stdout)[0]?.remain;
    expect(await left()).toBe(0);
    return { ...world, left };
  }
  const files = { '/desk/menu.json': '{"button":[{"type":"click","name":"a","key":"k"}]}' };

  test('sets all counts back after a yes, and says how few resets there are', async () => {
    const world = await spent({ files, tty: ['stdin', 'stderr'], answers: [true] });
    const { code, stdout } = await world.run('quota', '--reset');
    expect([code, stdout]).toEqual([0, "Today's counts of all calls begin at 0 again\n"]);
    expect(world.shown.at(-1)).toMatch(/An account has 10 such resets a month\.$/);
    expect(await world.left()).toBe(1);
  });

  test('sets back one call where it is named, with the count of its own', async () => {
    const world = await spent({ files });
    const { code, stdout } = await world.run('quota', 'menu/get', '--reset', '-y', '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, { reset: true, dry_run: false, paths: [menuGet] }]);
    expect(asked(world)).toContain('POST /openapi/quota/clear');
    expect(await world.left()).toBe(1);
  });

  test.each([
    ['without a terminal', {}, ['--json'], 2, 'confirmation_missing'],
    ['after a no', { tty: ['stdin', 'stderr'], answers: [false] }, [], 1, ''],
  ] as const)('sends nothing %s', async (_name, options, words, code, type) => {
    const world = fakeWorld(options);
    const run = await world.run('quota', '--reset', ...words);
    expect(run.code).toBe(code);
    if (type !== '') expect(errorOf(run.stderr)['type']).toBe(type);
    expect(world.requests).toEqual([]);
  });

  test('--dry-run says what would be set back, and needs --reset', async () => {
    const world = fakeWorld();
    const { code, stdout } = await world.run('quota', '--reset', '--dry-run', '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, { reset: false, dry_run: true, paths: null }]);
    expect((await world.run('quota', '--dry-run')).code).toBe(2);
    expect(world.requests).toEqual([]);
  });

  test('takes the AppSecret where no token can be had any more today', async () => {
    const world = await worldOf({ '/cgi-bin/token': 0 });
    expect((await world.run('token', '--classic')).code).toBe(6);
    await world.clock.advance(5000);
    const { code, stdout, stderr } = await world.run('quota', '--reset', '-y', '--classic', '--debug');
    expect([code, stdout]).toEqual([0, "Today's counts of all calls begin at 0 again\n"]);
    expect(asked(world).at(-1)).toBe('POST /clear_quota/v2');
    expect(stderr).not.toContain(world.simulator.account.secret);
  });

  test('is exit 6 where the resets of the month are used up', async () => {
    const world = fakeWorld();
    for (let reset = 0; reset < 10; reset += 1) await world.run('quota', '--reset', '-y');
    const { code, stderr } = await world.run('quota', '--reset', '-y', '--json');
    expect([code, errorOf(stderr)['errcode']]).toEqual([6, 48006]);
  });

  test('says that it may have happened where the answer is lost', async () => {
    const world = fakeWorld();
    await world.fault({ path: '/cgi-bin/clear_quota', drop: true, after: true });
    const { code, stderr } = await world.run('quota', '--reset', '-y', '--json');
    expect([code, errorOf(stderr)['outcome']]).toEqual([5, 'unknown']);
    expect(asked(world).filter((request) => request.includes('clear_quota'))).toHaveLength(1);
  });
});
