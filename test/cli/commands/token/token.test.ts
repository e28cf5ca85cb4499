import { describe, expect, test } from 'vitest';
import { fakeWorld, type FakeWorld } from '../../../helpers/fake-io.ts';
import { simulatorBase } from '../../../helpers/through-simulator.ts';

const note = `Using the simulator at ${simulatorBase} (from WECHAT_MP_API_BASE)\n`;
const asked = 'POST 127.0.0.1:8090/cgi-bin/stable_token';

const json = (text: string) => JSON.parse(text) as Record<string, unknown>;
const errorOf = (stderr: string) =>
  (json(stderr.trim().split('\n').at(-1) ?? '') as { error: Record<string, unknown> }).error;

async function warm(
  options: Parameters<typeof fakeWorld>[0] = {},
): Promise<FakeWorld & { readonly token: string }> {
  const world = fakeWorld(options);
  const { stdout } = await world.run('token');
  return { ...world, token: stdout.trim() };
}

describe('token', () => {
  test('prints the bare token, and fetches it once', async () => {
    const world = fakeWorld();
    const first = await world.run('token');
    expect(first.stdout).toMatch(/^SIM_[\w-]+\n$/);
    expect({ ...first, stdout: '' }).toEqual({ code: 0, stdout: '', stderr: note });
    // The second one talks to nobody.
    expect(await world.run('token')).toEqual({ ...first, stderr: '' });
    expect(world.requests).toEqual([asked]);
  });

  test('--json has the fields of the contract', async () => {
    const world = fakeWorld();
    const value = json((await world.run('token', '--json')).stdout);
    expect(value).toEqual({
      access_token: expect.stringMatching(/^SIM_/) as string,
      expires_at: '2026-01-15T06:00:00.000Z',
      expires_in: 7200,
      appid: world.simulator.account.appId,
      endpoint: 'stable_token',
      source: 'platform',
    });
    expect(json((await world.run('token', '--json')).stdout)).toEqual({ ...value, source: 'cache' });
  });

  test('--classic asks cgi-bin/token and says once what that does to others', async () => {
    const world = fakeWorld();
    const run = await world.run('token', '--classic', '--json');
    expect(json(run.stdout)['endpoint']).toBe('token');
    expect(run.stderr).toBe(
      `Note: a token from cgi-bin/token ends the one that others got the same way, after 5 minutes\n${note}`,
    );
    expect((await world.run('token', '--classic')).stderr).toBe('');
    expect(world.requests).toEqual(['GET 127.0.0.1:8090/cgi-bin/token']);
  });

  test.each([
    ['plain', (token: string) => token],
    ['shell', (token: string) => `export WECHAT_MP_ACCESS_TOKEN='${token}'`],
    ['fish', (token: string) => `set -gx WECHAT_MP_ACCESS_TOKEN '${token}'`],
    ['powershell', (token: string) => `$env:WECHAT_MP_ACCESS_TOKEN = '${token}'`],
    ['cmd', (token: string) => `set "WECHAT_MP_ACCESS_TOKEN=${token}"`],
    ['dotenv', (token: string) => `WECHAT_MP_ACCESS_TOKEN=${token}`],
  ])('--format %s', async (format, wanted) => {
    const world = await warm();
    expect((await world.run('token', '--format', format)).stdout).toBe(`${wanted(world.token)}\n`);
  });

  test('a format that cannot hold the token refuses, and the token stays good', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_ACCESS_TOKEN: 'SIM_a"%b' } });
    const run = await world.run('token', '--format', 'cmd');
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toBe(
      '✗ Cannot write the value with --format cmd: it holds ", which no spelling brings through its readers\n  Fix: Use --format json\n  More: wechat-mp token --help\n',
    );
    expect((await world.run('token', '--format', 'shell', '--name', 'T')).stdout).toBe(
      `export T='SIM_a"%b'\n`,
    );
  });

  test('--status says what is cached and never the token', async () => {
    const world = fakeWorld();
    const { appId } = world.simulator.account;
    expect(await world.run('token', '--status')).toEqual({
      code: 1,
      stdout: `${appId}: nothing good is cached\n`,
      stderr: '',
    });
    const token = (await world.run('token')).stdout.trim();
    const run = await world.run('token', '--status', '--json');
    expect(run.code).toBe(0);
    expect(run.stdout).not.toContain(token);
    expect(json(run.stdout)).toEqual({
      cached: true,
      appid: appId,
      endpoint: 'stable_token',
      obtained_at: '2026-01-15T04:00:00.000Z',
      expires_at: '2026-01-15T06:00:00.000Z',
      expires_in: 7200,
      history: [
        {
          at: '2026-01-15T04:00:00.000Z',
          endpoint: 'stable_token',
          host: 'test-host',
          pid: 4321,
          token: `${token.slice(0, 4)}…${token.slice(-4)}`,
        },
      ],
    });
    expect((await world.run('token', '--status', '--lang', 'zh')).stdout).toContain(
      `${appId}: 已缓存，2 小时后失效\n`,
    );
  });

  test.each([
    [1, '1 h 59 min'],
    [3600, '1 h'],
    [3601, '59 min'],
    [7080, '2 min'],
    [7081, '119 s'],
  ])('--status says after %i s what is left: %s', async (seconds, left) => {
    const world = fakeWorld();
    await world.run('token');
    await world.clock.advance(seconds * 1000);
    const { stdout } = await world.run('token', '--status');
    expect(stdout.split('\n')[0]).toBe(`${world.simulator.account.appId}: cached, expires in ${left}`);
  });

  test('--offline takes the cache or says no', async () => {
    const world = fakeWorld();
    expect(await world.run('token', '--offline')).toEqual({
      code: 1,
      stdout: '',
      stderr: `✗ There is no good token in the cache\n  Fix: Run it without --offline\n  More: wechat-mp explain not_cached\n`,
    });
    expect(world.requests).toEqual([]);
    const { stdout } = await world.run('token');
    expect((await world.run('token', '--offline')).stdout).toBe(stdout);
  });

  test('--clear forgets, and --dry-run only says so', async () => {
    const world = await warm();
    const appid = world.simulator.account.appId;
    expect(json((await world.run('token', '--clear', '--dry-run', '--json')).stdout)).toEqual({
      cleared: false,
      dry_run: true,
      appid,
    });
    expect((await world.run('token', '--offline')).code).toBe(0);
    expect(json((await world.run('token', '--clear', '--json')).stdout)).toEqual({
      cleared: true,
      dry_run: false,
      appid,
    });
    expect((await world.run('token', '--offline')).code).toBe(1);
    expect((await world.run('token', '--clear')).stdout).toBe('Nothing was cached\n');
  });

  test('--min-ttl is content with what is long enough, and says no to what is not', async () => {
    const world = await warm();
    expect((await world.run('token', '--min-ttl', '2h')).code).toBe(0);
    const run = await world.run('token', '--min-ttl', '7201s', '--json');
    expect([run.code, run.stdout]).toEqual([1, '']);
    expect(errorOf(run.stderr)).toMatchObject({ type: 'token_too_short', expires_in: 7200 });
  });

  test('--force asks, replaces on yes, and leaves everything on no', async () => {
    const person = { tty: ['stdin', 'stderr'] as const };
    const yes = await warm({ ...person, answers: [true] });
    const run = await yes.run('token', '--force', '--quiet');
    expect(run.code).toBe(0);
    expect(run.stdout.trim()).not.toBe(yes.token);
    const no = await warm({ ...person, answers: [false] });
    expect((await no.run('token', '--force')).code).toBe(1);
    expect((await no.run('token')).stdout.trim()).toBe(no.token);
    expect((await (await warm()).run('token', '--force')).code).toBe(2);
  });

  test('--force --dry-run sends nothing, leaves stdout to tokens, and is JSON with --json', async () => {
    const world = fakeWorld();
    expect(await world.run('token', '--force', '--dry-run')).toEqual({
      code: 0,
      stdout: '',
      stderr: `Would replace the token; nothing was sent\n`,
    });
    expect(json((await world.run('token', '--force', '--dry-run', '--json')).stdout)).toEqual({
      dry_run: true,
      replaced: false,
    });
    expect(world.requests).toEqual([]);
  });

  test.each([
    [['--force', '--status'], 'flags_conflict'],
    [['--offline', '--clear'], 'flags_conflict'],
    [['--format', 'shell'], 'flags_conflict'],
    [['--dry-run'], 'flags_conflict'],
    [['--name', 'A-B'], 'variable_name_invalid'],
    [['--name', '1A'], 'variable_name_invalid'],
    [['--name', 'LD_PRELOAD'], 'variable_name_reserved'],
    [['--format', 'xml'], 'option_value_invalid'],
    [['--min-ttl', '5'], 'duration_invalid'],
  ])('%j is refused before anything is sent', async (words, type) => {
    const world = fakeWorld();
    const run = await world.run('token', '--json', ...words);
    expect([run.code, run.stdout, errorOf(run.stderr)['type'], world.requests]).toEqual([2, '', type, []]);
  });

  test('a token given by hand is printed, and nothing else can be done with it', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_ACCESS_TOKEN: 'SIM_given' } });
    expect(json((await world.run('token', '--json')).stdout)).toMatchObject({
      access_token: 'SIM_given',
      source: 'given',
      expires_at: null,
      expires_in: null,
    });
    expect((await world.run('token', '--status')).code).toBe(2);
    expect((await world.run('token', '--clear')).code).toBe(2);
    expect(world.requests).toEqual([]);
    const piped = fakeWorld({ stdin: 'SIM_piped\n' });
    expect((await piped.run('token', '--access-token-stdin')).stdout).toBe('SIM_piped\n');
  });

  test.each([
    ['a whole answer', '{\n  "access_token": "SIM_given",\n  "expires_in": 7200\n}\n', 'a JSON answer'],
    ['quotes', '"SIM_given"', 'quotes'],
    ['an invisible character', 'SIM_given\u{200b}\n', 'invisible characters'],
  ])('a token given by hand is taken out of %s', async (_, stdin, found) => {
    const world = fakeWorld({ stdin });
    expect(await world.run('token', '--access-token-stdin')).toEqual({
      code: 0,
      stdout: 'SIM_given\n',
      stderr: `! Took the access_token in --access-token-stdin out of ${found}\n`,
    });
    const variable = fakeWorld({ environment: { WECHAT_MP_ACCESS_TOKEN: stdin } });
    expect((await variable.run('token')).stdout).toBe('SIM_given\n');
  });

  test.each(['{"ticket":"SIM_ticket"}', '{"errcode":40013,"errmsg":"invalid appid"}', '{"access_token":"SI'])(
    'an answer without a token is refused: %j',
    async (stdin) => {
      const run = await fakeWorld({ stdin }).run('token', '--access-token-stdin', '--json');
      expect([run.code, run.stdout, errorOf(run.stderr)['type']]).toEqual([2, '', 'pasted_answer']);
    },
  );

  test('a refusal of the platform is exit 3, with its number, words and rid', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_APPSECRET: '0'.repeat(32) } });
    const run = await world.run('token', '--json');
    expect([run.code, run.stdout]).toEqual([3, '']);
    expect(errorOf(run.stderr)).toMatchObject({
      code: 3,
      errcode: 40125,
      rid: expect.stringMatching(/^[0-9a-f-]+$/) as string,
    });
    expect(run.stderr).not.toContain('characters');
  });

  test.each([
    ['c4f1e09b7a2d4c6e8f0a1b2c3d4e5f6', '31 characters'],
    ['c4f1e09b7a2d4c6e8f0a1b2c3d4e5f600', '33 characters'],
    ['C4F1E09B7A2D4C6E8F0A1B2C3D4E5F60', '32 characters, some of them capital letters'],
    ['c4f1e09b7a2d4c6e8f0a1b2c3d4e5f6z', '32 characters, some of them letters after f'],
    [
      'c4f1e09b-7a2d-4c6e-8f0a-1b2c3d4e5',
      '33 characters, among them something that is neither a letter nor a digit',
    ],
  ])('a refused AppSecret of odd form is told by its form alone: %s', async (secret, form) => {
    const world = fakeWorld({ environment: { WECHAT_MP_APPSECRET: secret } });
    const details = `The AppSecret that was sent has ${form}; one from the console has 32, digits and a to f`;
    for (const _ of ['asked', 'remembered']) {
      const run = await world.run('token');
      expect(run.code).toBe(3);
      expect(run.stderr).toContain(`  ${details}\n`);
      expect(run.stderr).not.toMatch(/c4f1e09b/i);
    }
  });
});

describe('token in GitHub Actions', () => {
  const actions = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: '/desk/output' };

  test('is masked on stderr before it is printed', async () => {
    const world = await warm({ environment: { GITHUB_ACTIONS: 'true' } });
    expect(await world.run('token')).toEqual({
      code: 0,
      stdout: `${world.token}\n`,
      stderr: `::add-mask::${world.token}\n`,
    });
    const given = fakeWorld({ environment: { GITHUB_ACTIONS: 'true', WECHAT_MP_ACCESS_TOKEN: 'SIM_a%0Ab' } });
    expect((await given.run('token')).stderr).toBe('::add-mask::SIM_a%250Ab\n');
    for (const value of [undefined, '', 'false']) {
      const elsewhere = await warm({ environment: { GITHUB_ACTIONS: value } });
      expect((await elsewhere.run('token')).stderr).toBe('');
    }
  });

  test.each([
    ['no file yet', {}, ''],
    ['a file', { output: 'a=1\n' }, 'a=1\n'],
    ['a file without its last line ending', { output: 'a=1' }, 'a=1\n'],
  ])('--format github appends to %s', async (_, files, before) => {
    const world = await warm({ environment: actions, files });
    const run = await world.run('token', '--format', 'github', '--name', 'token');
    expect([run.code, run.stdout]).toEqual([0, '']);
    expect(world.files.contents.get('/desk/output')?.toString()).toBe(`${before}token=${world.token}\n`);
  });

  test('--format github says why it cannot write', async () => {
    const run = await fakeWorld().run('token', '--format', 'github');
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('✗ Format github needs $GITHUB_OUTPUT, which is not set\n');
    const world = fakeWorld({ environment: actions });
    world.files.fail('append', '/desk/output', 'EACCES');
    expect(await world.run('token', '--format', 'github')).toMatchObject({ code: 7, stdout: '' });
  });
});
