import { describe, expect, test } from 'vitest';
import { consolePlaces } from '../../../src/core/account/console-places.ts';
import { terminalWidth } from '../../../src/core/text/terminal-width.ts';
import { fakeWorld, startMs } from '../../helpers/fake-io.ts';

const sample =
  'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6650d0c1-1a2b3c4d-5e6f7a8b';
const nobody = { WECHAT_MP_APPID: undefined, WECHAT_MP_APPSECRET: undefined };

async function explained(...words: readonly string[]) {
  const world = fakeWorld({ environment: nobody });
  const { code, stdout, stderr } = await world.run('explain', ...words, '--json');
  expect([stderr, world.requests]).toEqual(['', []]);
  const found: Record<string, unknown> = { exit: code, ...(JSON.parse(stdout) as object) };
  return found;
}

describe('explain of a code', () => {
  test('is meaning, causes, what to do, the place and the page', async () => {
    expect(await explained('40164')).toEqual({
      exit: 0,
      ok: true,
      kind: 'errcode',
      code: 40164,
      names: {
        type: 'ip_not_allowed',
        en: "this machine's IP is not in the whitelist",
        zh: '本机 IP 不在白名单中',
        errmsg: 'invalid ip, not in whitelist',
        official: '调用接口的 IP 地址不在白名单中',
      },
      causes: expect.arrayContaining([expect.stringMatching(/not in the whitelist of the account$/)]),
      fixes: expect.arrayContaining([expect.stringContaining(consolePlaces.ipWhitelist.en)]),
      where: consolePlaces.ipWhitelist.en,
      docs: ['https://developers.weixin.qq.com/doc/oplatform/developers/basic_func/ip_whitelist.html'],
      exit_code: 3,
      next: [{ command: 'wechat-mp ip', why: expect.any(String) }],
    });
  });

  test.each(['en', 'zh'])('reads well within 80 columns in %s', async (lang) => {
    for (const code of [
      '40164',
      '40001',
      '-40001',
      '48001',
      '48001 /cgi-bin/menu/create',
      '48001 /cgi-bin/user/info/updateremark',
      'no_account option_unknown',
      'no_account',
      '3',
      '412',
      '85015',
      'config:invalid signature',
    ]) {
      const { stdout, code: exit } = await fakeWorld({ environment: nobody }).run(
        'explain',
        code,
        '--lang',
        lang,
      );
      expect(exit).toBe(0);
      const wide = stdout.split('\n').filter((line) => terminalWidth(line) > 80 && !/^ +https:/.test(line));
      expect(wide).toEqual([]);
    }
  });

  test('begins with the code, and ends with the commands that help', async () => {
    const { stdout } = await fakeWorld({ environment: nobody }).run('explain', '40001', '--lang', 'zh');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, 2)).toEqual([
      '40001  access_token 不是最新的，或属于其他公众号',
      '  invalid_token，退出码 3',
    ]);
    expect(lines.at(-1)).toMatch(/^ {2}wechat-mp doctor /);
  });

  test('takes a negative number, and words without quotes', async () => {
    expect(await explained('-1')).toMatchObject({ code: -1, exit_code: 5 });
    expect(await explained('errcode', '40013')).toMatchObject({ code: 40013 });
  });

  test('of types, exit codes and statuses says what they are', async () => {
    expect(await explained('option_unknown')).toMatchObject({ kind: 'error_type', exit_code: 2 });
    expect(await explained('130')).toMatchObject({ kind: 'exit_code', exit_code: 130 });
    expect(await explained('HTTP', '502')).toMatchObject({ kind: 'http', code: 502, exit_code: 5 });
  });
});

describe('explain of a text', () => {
  test('gives the address, where to add it and the time of the request', async () => {
    expect(await explained(sample)).toMatchObject({
      code: 40164,
      ip: '203.0.113.7',
      rid: '6650d0c1-1a2b3c4d-5e6f7a8b',
      at: '2024-05-24T17:39:13.000Z',
      fixes: expect.arrayContaining([
        `Add 203.0.113.7 at ${consolePlaces.ipWhitelist.en}; it takes effect within minutes`,
      ]),
    });
    const { stdout } = await fakeWorld({ environment: nobody }).run('explain', sample);
    expect(stdout).toContain('\n  IP    203.0.113.7\n  Time  2024-05-24 17:39:13 UTC\n');
  });

  test('comes through a pipe, and our own errors are understood', async () => {
    const world = fakeWorld({ environment: nobody });
    const failed = await world.run('token', '--json');
    const piped = await fakeWorld({ stdin: failed.stderr, environment: nobody }).run('explain', '--json');
    expect(JSON.parse(piped.stdout)).toMatchObject({ code: 'no_account', exit_code: 3 });
    for (const dash of [[], ['-']])
      expect(
        (await fakeWorld({ stdin: '40164', environment: nobody }).run('explain', ...dash)).stdout,
      ).toMatch(/^40164 /);
  });

  test('names each code once, the first one first', async () => {
    const found = await explained('errcode: 40001 then errcode: 42001, errcode: 40001');
    expect(found).toMatchObject({ code: 40001, others: [{ code: 42001 }] });
    expect(found['others']).toHaveLength(1);
  });

  test('says who may make the call whose path it has', async () => {
    const path = '/cgi-bin/user/info/updateremark';
    const callers = ['verified_subscription', 'verified_service', 'test'];
    const error = { code: 3, type: 'no_permission', errcode: 48001, path, next: [] };
    for (const text of [`48001 ${path}`, JSON.stringify({ error }), `POST ${path}?x=1 {"errcode":48001}`])
      expect(await explained(text)).toMatchObject({
        code: 48001,
        path,
        callers,
        next: [{ command: `wechat-mp api --describe ${path}` }, { command: 'wechat-mp quota' }],
      });
    const run = async (...words: readonly string[]) =>
      (await fakeWorld({ environment: nobody }).run('explain', '48001', path, ...words)).stdout;
    const english = await run();
    expect(english).toContain(
      `\n  Path     ${path}\n  Who may  Only verified accounts may use users, tags and remarks\n`,
    );
    expect(english).toContain(`\n  wechat-mp api --describe ${path}\n    shows what the call takes`);
    expect(await run('--lang', 'zh')).toContain(
      `\n  接口  ${path}\n  权限  仅已认证的账号可使用用户、标签与备注名\n`,
    );
  });

  test('says nothing about a path that is none of WeChat’s', async () => {
    const found = await explained('errcode 48001 at /cgi-bin/my/own');
    expect([found['path'], found['callers'], found['next']]).toEqual([
      undefined,
      undefined,
      [expect.objectContaining({ command: 'wechat-mp quota' })],
    ]);
  });

  test('leads to the call where it is the path alone', async () => {
    expect(await explained('/cgi-bin/tags/create')).toMatchObject({
      exit: 1,
      ok: false,
      code: null,
      callers: ['verified_subscription', 'verified_service', 'test'],
      next: [{ command: 'wechat-mp api --describe /cgi-bin/tags/create' }],
    });
    const { stdout } = await fakeWorld({ environment: nobody }).run('explain', '/cgi-bin/tags/create');
    expect(stdout.split('\n').slice(1, 3)).toEqual([
      '  /cgi-bin/tags/create  Only verified accounts may use users, tags and remarks',
      '  wechat-mp api --describe /cgi-bin/tags/create',
    ]);
  });

  test('takes several names at once, and explains each', async () => {
    const codesOf = ({ code, others = [] }: { code?: unknown; others?: unknown }) => [
      code,
      ...(others as { code: unknown }[]).map((one) => one.code),
    ];
    expect(codesOf(await explained('no_account', 'option_unknown'))).toEqual([
      'no_account',
      'option_unknown',
    ]);
    expect(codesOf(await explained('no_account, dns, 40164'))).toEqual(['no_account', 'dns', 40164]);
    expect(codesOf(await explained('first no_account, and then option_unknown!'))).toEqual([
      'no_account',
      'option_unknown',
    ]);
    const line = (type: string) => JSON.stringify({ error: { code: 3, type, next: [{ command: 'x' }] } });
    for (const between of ['\n', ' ', ''])
      expect(codesOf(await explained(line('no_account') + between + line('option_unknown')))).toEqual([
        'no_account',
        'option_unknown',
      ]);
    // Words of a sentence are no names, and a number behind its label is itself.
    expect(codesOf(await explained('errcode 40013'))).toEqual([40013]);
    expect(codesOf(await explained('access_token', '40001'))).toEqual([40001]);
  });

  test('names on stderr what of several nobody knows', async () => {
    const words = ['explain', 'no_account', 'no_such_thing'];
    const { code, stdout, stderr } = await fakeWorld({ environment: nobody }).run(...words);
    expect([code, stdout.slice(0, 10), stderr]).toEqual([
      0,
      'no_account',
      'Nobody knows no_such_thing here\n',
    ]);
    const { stderr: zh } = await fakeWorld({ environment: nobody }).run(...words, '--lang', 'zh');
    expect(zh).toBe('没有 no_such_thing 的资料\n');
  });

  test('is limited to the first eight codes', async () => {
    const many = Array.from({ length: 20 }, (_, index) => `errcode: ${40001 + index}`).join(' ');
    expect((await explained(many))['others']).toHaveLength(7);
  });

  test('lets no control character out of it', async () => {
    const { stdout } = await fakeWorld({ environment: nobody }).run('explain', '\u{1b}[2Jnothing\u{202e}');
    expect(stdout.split('\n')[0]).toBe('There is no code in “nothing”');
  });

  test('that is empty is a mistake, also on a terminal', async () => {
    for (const options of [{ stdin: ' \n' }, { tty: ['stdin'] as const }]) {
      const run = await fakeWorld({ ...options, environment: nobody }).run('explain');
      expect([run.code, run.stdout]).toEqual([2, '']);
      expect(run.stderr).toContain('✗ There is nothing to explain\n');
    }
  });
});

describe('explain of what nobody knows', () => {
  test('is exit 1 with the nearest, and no error object', async () => {
    expect(await explained('401640')).toMatchObject({
      exit: 1,
      ok: false,
      kind: 'errcode',
      code: 401640,
      causes: [],
      docs: ['https://developers.weixin.qq.com/doc/oplatform/developers/errCode/'],
      nearest: expect.arrayContaining([expect.objectContaining({ code: 40164 })]),
    });
    expect(await explained('option_unknwon')).toMatchObject({
      exit: 1,
      nearest: [expect.objectContaining({ code: 'option_unknown' })],
    });
    expect(await explained('no', 'code', 'here')).toMatchObject({
      exit: 1,
      ok: false,
      code: null,
      nearest: [],
    });
  });
});

describe('explain --list', () => {
  test('finds codes by words in both languages', async () => {
    const found = await explained('--list', '白名单');
    expect(found).toMatchObject({ exit: 0, ok: true });
    expect(found['codes']).toContainEqual({
      kind: 'errcode',
      code: 40164,
      names: expect.objectContaining({ type: 'ip_not_allowed' }),
    });
    const { stdout } = await fakeWorld().run('explain', '--list', 'whitelist', 'ip');
    expect(stdout).toMatch(/^40164 +ip_not_allowed +this machine's IP is not in the whitelist$/m);
  });

  test('without words is everything, and without a find exit 1', async () => {
    const all = await explained('--list');
    expect((all['codes'] as unknown[]).length).toBeGreaterThan(2100);
    expect(await explained('--list', 'qqqq')).toEqual({ exit: 1, ok: false, codes: [] });
  });
});

describe('explain of a rid', () => {
  const old = '6650d0c1-1a2b3c4d-5e6f7a8b';

  /** A call that the simulator refuses, and its rid. */
  async function refused() {
    const world = fakeWorld();
    await world.fault({ path: '/cgi-bin/menu/get', errcode: 45009 });
    const { stderr } = await world.run('menu', 'pull', '--json');
    const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: { rid: string } };
    return { world, rid: error.rid };
  }

  test('asks WeChat what became of the request, and explains its code', async () => {
    const { world, rid } = await refused();
    const { code, stdout } = await world.run('explain', rid, '--json', '-q');
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({
        code: 45009,
        rid,
        at: new Date(startMs).toISOString(),
        request: expect.objectContaining({
          ip: expect.any(String),
          response: expect.stringContaining('45009'),
        }),
      }),
    ]);
    expect(stdout).not.toMatch(/SIM_\w{20}/);
    expect(world.requests.at(-1)).toMatch(/openapi\/rid\/get$/);
    const text = (await world.run('explain', rid, '-q')).stdout;
    expect(text).toMatch(/^45009 .*\n(?:.*\n)+ {2}Answer +\{"errcode":45009/);
  });

  test('asks nobody with --offline or --classic, about an old one, without an account or where the code is known', async () => {
    const { world, rid } = await refused();
    const before = world.requests.length;
    for (const words of [
      [rid, '--offline'],
      [rid, '--classic'],
      [old],
      [`errcode: 45009 rid: ${rid}`],
      [`rid: ${rid.slice(0, 20)}`],
    ])
      expect((await world.run('explain', ...words)).code).toBe(0);
    expect(world.requests).toHaveLength(before);
    expect((await explained(rid)).exit).toBe(0);
  });

  test('without a code it is the time and the place to look', async () => {
    expect(await explained(old)).toMatchObject({
      exit: 0,
      ok: true,
      kind: 'rid',
      code: old,
      at: '2024-05-24T17:39:13.000Z',
      where: consolePlaces.ridDiagnosis.en,
      docs: [expect.stringContaining('api_getridinfo')],
    });
  });

  test('is explained as well where the network fails or WeChat refuses, with a note', async () => {
    const { rid } = await refused();
    const broken = fakeWorld({ fetch: () => Promise.reject(new Error('no network')) });
    await expect(broken.run('explain', old)).resolves.toMatchObject({ code: 0 });
    const unknown = fakeWorld();
    const run = await unknown.run('explain', rid);
    expect([run.code, run.stdout.includes(rid)]).toEqual([0, true]);
    expect(run.stderr).toContain('WeChat could not be asked about the rid: ');
  });
});
