import { chmodSync, existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFiles } from '../../../../src/io/files/files.ts';
import { createLocks } from '../../../../src/io/files/locks.ts';
import { networkError } from '../../../helpers/fake-fetch.ts';
import { temporaryFolder } from '../../../helpers/command.ts';
import { fakeWorld } from '../../../helpers/fake-io.ts';
import { throughSimulator } from '../../../helpers/through-simulator.ts';

interface Row {
  readonly name: string;
  readonly status: string;
  readonly message: string;
}

const rowsOf = (stdout: string): readonly Row[] =>
  (JSON.parse(stdout) as { readonly checks: readonly Row[] }).checks;
const rowOf = (stdout: string, name: string): Row | undefined =>
  rowsOf(stdout).find((row) => row.name === name);

describe('doctor', () => {
  test('prints a mark, a name and a finding a line, and what it comes to', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_APPSECRET: '0'.repeat(32) } });
    const { code, stdout, stderr } = await world.run('doctor');
    expect(code).toBe(1);
    expect(stderr).toBe('Using the simulator at http://127.0.0.1:8090 (from WECHAT_MP_API_BASE)\n');
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines).toContain('✓ node              Node.js 24.1.0');
    expect(stdout).toMatch(/\n✗ token +WeChat refused .*\n(?: .*\n)*? +Fix: /);
    // One line for all that wait for the same.
    expect(stdout.replaceAll(/\n +/g, ' ')).toContain(
      '\n– …                 Nothing can be told before "token" is well: token_history, egress, rights, quota, callback_check\n\n',
    );
    expect(stdout).toMatch(/\n\nNot well: token\n$/);
    expect((await fakeWorld().run('doctor', '--lang', 'zh')).stdout).toMatch(/\n\n一切正常\n$/);
  });

  test('--json has the keys of the contract and no error object', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_APPID: 'wx' } });
    const { code, stdout, stderr } = await world.run('doctor', '--json');
    expect(code).toBe(1);
    expect(stderr).not.toContain('"error"');
    const value = JSON.parse(stdout) as { readonly ok: boolean; readonly checks: readonly object[] };
    expect(Object.keys(value)).toEqual(['ok', 'checks']);
    for (const row of value.checks)
      expect(Object.keys(row)).toEqual(['name', 'status', 'message', 'hint', 'next']);
  });

  test('names commands for the profile that was asked about', async () => {
    const config = { profiles: { shop: { appid: 'wx0123456789abcdef' } } };
    const lock = `/home/me/.cache/wechat-mp/tokens/${'a'.repeat(64)}.lock`;
    const files = { '/home/me/.config/wechat-mp/config.json': JSON.stringify(config), [lock]: '{}' };
    const { stdout } = await fakeWorld({ files }).run('doctor', '-p', 'shop', '--offline', '--json');
    expect(rowOf(stdout, 'locks')).toMatchObject({
      next: [{ command: 'wechat-mp doctor --fix --profile shop', why: 'removes it' }],
    });
  });

  test('--offline sends nothing and tells who fetched the token', async () => {
    const world = fakeWorld();
    await world.run('token');
    await world.clock.advance(60_000);
    const before = world.requests.length;
    const { code, stdout } = await world.run('doctor', '--offline', '--json');
    expect([code, world.requests.length]).toEqual([0, before]);
    expect(rowOf(stdout, 'token')).toMatchObject({
      status: 'skip',
      message: 'Not asked, because of --offline',
    });
    expect(rowOf(stdout, 'token_history')).toMatchObject({
      status: 'pass',
      message: 'The token in the cache was fetched 1 min ago by process 4321 on "test-host"',
    });
  });

  test('asks afresh what was remembered of an outage and of a refusal', async () => {
    let isDown = true;
    const world = fakeWorld({
      fetch: async (request) => {
        if (isDown) throw networkError('refused', false, false);
        return await throughSimulator(world.simulator)(request);
      },
    });
    expect((await world.run('token')).code).toBe(5);
    isDown = false;
    await world.clock.advance(1000);
    expect((await world.run('token')).stderr).toContain('remembered');
    const { stdout } = await world.run('doctor', '--json');
    expect(rowOf(stdout, 'token')).toMatchObject({ status: 'pass' });
    const refused = fakeWorld();
    await refused.fault({ path: '/cgi-bin/stable_token', errcode: 40243 });
    expect((await refused.run('token')).code).toBe(3);
    await refused.clock.advance(1000);
    expect(rowOf((await refused.run('doctor', '--json')).stdout, 'token')?.status).toBe('pass');
  });

  test('fetches no classic token, and proves the account with the other endpoint', async () => {
    const world = fakeWorld();
    const { code, stdout } = await world.run('doctor', '--classic', '--json');
    expect(code).toBe(0);
    expect(rowOf(stdout, 'token')?.message).toContain('stable_token proves AppID and AppSecret');
    expect(rowOf(stdout, 'token_history')).toMatchObject({ status: 'skip' });
    expect(world.requests).not.toContain('GET 127.0.0.1:8090/cgi-bin/token');
    const { secret } = world.simulator.account;
    const piped = fakeWorld({ stdin: secret, fetch: throughSimulator(world.simulator) });
    expect(
      (await piped.run('doctor', '--classic', '--secret-stdin', '--appid', world.simulator.account.appId))
        .code,
    ).toBe(0);
  });

  test('never forces a refresh, and changes nothing', async () => {
    const world = fakeWorld();
    const token = (await world.run('token')).stdout;
    await world.run('doctor');
    await world.run('doctor', '--url', 'http://127.0.0.1:9/wechat');
    expect((await world.run('token')).stdout).toBe(token);
    const written = /(?:token|get|check|get_api_domain_ip|wechat)$/;
    expect(world.requests.filter((request) => !written.test(request))).toEqual([]);
  });

  test('with a token given by hand says so, and whether WeChat takes it', async () => {
    const world = fakeWorld();
    const token = (await world.run('token')).stdout.trim();
    const environment = { WECHAT_MP_ACCESS_TOKEN: token, WECHAT_MP_APPSECRET: undefined };
    const given = fakeWorld({ environment, fetch: throughSimulator(world.simulator) });
    const { code, stdout } = await given.run('doctor', '--json');
    expect(code).toBe(0);
    expect(rowOf(stdout, 'token')?.message).toBe(
      'Given by the variable WECHAT_MP_ACCESS_TOKEN; none is fetched',
    );
    expect(rowOf(stdout, 'token_history')?.message).toBe('WeChat accepts the token that was given');
    const dead = fakeWorld({ environment: { ...environment, WECHAT_MP_ACCESS_TOKEN: 'SIM_dead' } });
    const refused = await dead.run('doctor', '--json');
    expect(refused.code).toBe(1);
    expect(rowsOf(refused.stdout).flatMap(({ name, status }) => (status === 'fail' ? [name] : []))).toEqual([
      'token_history',
    ]);
  });

  test('with a token service asks that for the token, and shows no key of its address', async () => {
    const own = fakeWorld();
    const token = (await own.run('token')).stdout.trim();
    const service = 'http://127.0.0.1:3001/token?key=0123456789';
    const world = fakeWorld({
      environment: { WECHAT_MP_TOKEN_URL: service, WECHAT_MP_APPSECRET: undefined },
      fetch: async (request) => {
        if (new URL(request.url).port !== '3001') return await throughSimulator(own.simulator)(request);
        const body = Buffer.from(JSON.stringify({ access_token: token, expires_in: 7200 }));
        return { status: 200, headers: {}, body };
      },
    });
    const { code, stdout } = await world.run('doctor', '--json');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.not.stringContaining('0123456789') });
    expect(rowOf(stdout, 'account')?.message).toBe(
      'Tokens of the service http://127.0.0.1:3001/token, from the variable WECHAT_MP_TOKEN_URL',
    );
    expect(rowOf(stdout, 'token')?.message).toBe('Given by the service');
  });

  test.each([
    ['76001', 'rid not found'],
    ['76022', 'no permission'],
  ])('passes where WeChat does not tell the address (%s)', async (errcode) => {
    const world = fakeWorld({ timePasses: true });
    await world.fault({ path: '/cgi-bin/openapi/rid/get', errcode: Number(errcode), times: 5 });
    const { code, stdout } = await world.run('doctor', '--json');
    expect(code).toBe(0);
    expect(rowOf(stdout, 'egress')?.message).toBe(
      'Calls pass the whitelist; WeChat does not tell which address it sees',
    );
  });

  test('warns where WeChat does not want to tell the quotas, and tells nothing of them', async () => {
    const world = fakeWorld();
    // The first one is the question for the address.
    await world.fault({ path: '/cgi-bin/openapi/quota/get', errcode: 48001, skip: 1, times: 12 });
    const { code, stdout } = await world.run('doctor', '--json');
    expect(code).toBe(0);
    expect(rowOf(stdout, 'rights')?.status).toBe('warn');
    expect(rowOf(stdout, 'quota')).toMatchObject({ status: 'skip' });
  });

  test('leaves a server of development that does not run alone, but not one that was named', async () => {
    const files = { '/desk/wechat-mp.json': '{"trigger":{"to":"http://127.0.0.1:3000/wechat"}}' };
    const world = fakeWorld({
      files,
      fetch: async (request) => {
        if (new URL(request.url).port === '3000') throw networkError('refused', false);
        return await throughSimulator(world.simulator)(request);
      },
    });
    const { code, stdout } = await world.run('doctor', '--json');
    expect([code, rowOf(stdout, 'callback')?.message]).toEqual([
      0,
      'Nothing listens at http://127.0.0.1:3000/wechat',
    ]);
    expect((await world.run('doctor', '--url', 'http://127.0.0.1:3000/wechat')).code).toBe(1);
  });

  test('refuses --url with --offline, and what is no URL', async () => {
    const world = fakeWorld();
    expect((await world.run('doctor', '--offline', '--url', 'http://h/')).code).toBe(2);
    expect((await world.run('doctor', '--url', 'h/wechat')).code).toBe(2);
    expect(world.requests).toEqual([]);
  });
});

describe('doctor --fix', () => {
  const mode = (file: string): number => statSync(file).mode & 0o777;

  /** On the disk of this machine, whose clock the locks go by. */
  function onDisk() {
    const home = temporaryFolder();
    const world = fakeWorld({ environment: { HOME: home } });
    const clock = { ...world.clock, now: () => Date.now() };
    Object.assign(world.io, { files: createFiles(), locks: async () => createLocks(), clock });
    return { home, world };
  }

  test('takes from others what they could read or replace, and touches nothing else', async () => {
    const { home, world } = onDisk();
    const [cache, config] = ['.cache/wechat-mp', '.config/wechat-mp'].map((name) => path.join(home, name));
    for (const folder of [path.join(cache ?? '', 'tokens'), config ?? ''])
      mkdirSync(folder, { recursive: true });
    const [entry, secrets, foreign] = [
      path.join(cache ?? '', 'tokens', `${'a'.repeat(64)}.json`),
      path.join(config ?? '', 'secrets.json'),
      path.join(config ?? '', 'of-another-program'),
    ];
    for (const file of [entry, secrets, foreign]) writeFileSync(file, '{}', { mode: 0o644 });
    chmodSync(cache ?? '', 0o777);
    const report = await world.run('doctor', '--offline', '--fix', '--json');
    expect(report.code).toBe(0);
    expect(rowOf(report.stdout, 'config_folder')?.message).toMatch(
      /^Repaired the mode of .* 0700; Repaired the mode of .* 0600$/,
    );
    expect([cache ?? '', entry, secrets, foreign].map(mode)).toEqual([0o700, 0o600, 0o600, 0o644]);
    expect((await world.run('doctor', '--offline')).code).toBe(0);
  });

  test('removes the lock of a dead holder, and not that of a living one', async () => {
    const { home, world } = onDisk();
    const folder = path.join(home, '.cache/wechat-mp/tokens');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const [dead, living] = ['a', 'b'].map((letter) => path.join(folder, `${letter.repeat(64)}.lock`));
    writeFileSync(dead ?? '', '{"host":"laptop","pid":77}', { mode: 0o600 });
    utimesSync(dead ?? '', Date.now() / 1000 - 60, Date.now() / 1000 - 60);
    createLocks().tryLock(living ?? '');
    expect(rowOf((await world.run('doctor', '--offline', '--json')).stdout, 'locks')).toMatchObject({
      status: 'warn',
      message: `A lock of process 77 on "laptop" has been silent for 1 min: "${dead}"`,
    });
    expect(existsSync(dead ?? '')).toBe(true);
    const { stdout } = await world.run('doctor', '--offline', '--fix', '--json');
    expect(rowOf(stdout, 'locks')).toMatchObject({
      status: 'pass',
      message: `Removed a lock that was left behind: "${dead}"`,
    });
    expect([existsSync(dead ?? ''), existsSync(living ?? '')]).toEqual([false, true]);
  });
});
