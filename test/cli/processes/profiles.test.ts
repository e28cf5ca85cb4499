import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  builtFile,
  cleanEnvironment,
  ended,
  startSimulator,
  temporaryFolder,
} from '../../helpers/command.ts';
import { runHere } from '../../helpers/in-process.ts';
import { addAtOnce, appIdOf, profileWorld, secretOf, type ProfileWorld } from '../../helpers/profiles.ts';

const [one, two] = [appIdOf(1), appIdOf(2)];
const both = ['config.json', 'secrets.json'];

describe('profile add', () => {
  test('by six processes at once leaves six accounts and nothing else', { timeout: 60_000 }, async () => {
    const world = await profileWorld();
    expect(await addAtOnce(world, 6)).toEqual({ failed: [], kept: 6 });
    expect(readdirSync(world.folder).toSorted()).toEqual(both);
  });

  test('keeps secrets beside the preferences, and the first profile is the default', async () => {
    const world = await profileWorld();
    expect(await world.add('shop', one, '--timeout', '3s', '--lang', 'zh')).toMatchObject({
      code: 0,
      stdout: `已保存配置档案 "shop"（${one}）\n`,
    });
    expect(JSON.parse((await world.add('two', two, '--classic', '--json')).stdout)).toEqual({
      profile: 'two',
      appid: two,
      api_base: world.url,
      verified: true,
    });
    expect(world.config()).toEqual({
      default: 'shop',
      profiles: {
        shop: { appid: one, apiBase: world.url, timeout: '3s', lang: 'zh' },
        two: { appid: two, apiBase: world.url, tokenEndpoint: 'classic' },
      },
    });
    expect(world.secrets()).toEqual({
      [`${world.url} ${one}`]: { secret: secretOf(one) },
      [`${world.url} ${two}`]: { secret: secretOf(two) },
    });
  });

  test('does not replace a profile without --force', async () => {
    const world = await profileWorld();
    await world.add('shop', one);
    const refused = await world.add('shop', two);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('✗ There is already a profile "shop"\n');
    expect(world.config().profiles['shop']?.['appid']).toBe(one);
    expect((await world.add('shop', two, '--force')).code).toBe(0);
    expect(world.config().profiles['shop']?.['appid']).toBe(two);
    // The secret of the account that no profile names any more is gone.
    expect(Object.keys(world.secrets())).toEqual([`${world.url} ${two}`]);
  });

  test('does not save a proxy with its password', async () => {
    const world = await profileWorld();
    expect((await world.add('shop', one, '--proxy', 'http://me:canary-pass@127.0.0.1:9')).code).toBe(0);
    expect(readFileSync(path.join(world.folder, 'config.json'), 'utf8')).not.toContain('canary-pass');
  });

  test.each([
    ['a path', '../x'],
    ['a leading dash of its own', '_x'],
    ['65 characters', 'x'.repeat(65)],
    ['nothing', ''],
  ])('refuses %s as a name', async (_, name) => {
    const world = await profileWorld();
    expect((await world.add(name, one)).code).toBe(2);
    expect((await world.add('x'.repeat(64), one)).code).toBe(0);
  });

  test('names what is missing where nobody can be asked', async () => {
    const world = await profileWorld();
    const noAppId = await world.run('profile', 'add', 'shop');
    expect([noAppId.code, noAppId.stderr]).toEqual([
      2,
      '✗ There is no AppID, and nobody can be asked here\n  Fix: Give it with --appid or the environment\n  More: wechat-mp profile add --help\n',
    ]);
    const noSecret = await world.run('profile', 'add', 'shop', '--appid', one);
    expect(noSecret.stderr).toContain(
      '  Fix: Give it with --secret-stdin, --secret-file or the environment\n',
    );
  });

  test('keeps the profile on 40164 and says so, and no other refusal is kept', async () => {
    const simulator = await startSimulator();
    const { env } = simulator;
    const profiles = async () =>
      JSON.parse((await runHere(['profile', 'list', '--json'], { env })).stdout) as unknown[];
    await simulator.control('faults', { path: '/cgi-bin/stable_token', errcode: 40125 });
    expect((await runHere(['profile', 'add', 'a'], { env })).code).toBe(3);
    expect(await profiles()).toEqual([]);
    await simulator.control('reset', {});
    await simulator.control('faults', {
      path: '/cgi-bin/stable_token',
      errcode: 40164,
      errmsg: 'invalid ip 203.0.113.7, not in whitelist',
    });
    const other = { ...env, WECHAT_MP_CACHE_DIR: temporaryFolder() };
    const run_ = await runHere(['profile', 'add', 'a', '--json'], { env: other });
    expect([run_.code, run_.stdout]).toEqual([3, '']);
    expect(run_.stderr).toContain('! Profile "a" is saved, but not proved yet\n');
    expect(JSON.parse(run_.stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
      error: { errcode: 40164, ip: '203.0.113.7' },
    });
    expect(await profiles()).toMatchObject([{ name: 'a', secret: 'file', default: true }]);
  });
});

describe('profile use, list and remove', () => {
  async function twoProfiles(): Promise<ProfileWorld> {
    const world = await profileWorld();
    await world.add('shop', one);
    await world.add('two', two);
    return world;
  }

  test('use changes the default, list marks it', async () => {
    const world = await twoProfiles();
    expect((await world.run('profile', 'use', 'two')).stdout).toBe('Default profile: two\n');
    expect((await world.run('profile', 'list')).stdout).toBe(
      `  shop  ${one}  ${world.url}\n* two   ${two}  ${world.url}\n`,
    );
    const unknown = await world.run('profile', 'use', 'twoo');
    expect([unknown.code, unknown.stderr]).toEqual([
      3,
      '✗ There is no profile "twoo"\n  Fix: Did you mean: wechat-mp profile use two\n  More: wechat-mp explain profile_unknown\n',
    ]);
    expect((await world.run('profile', 'remove', 'shpo', '-y')).stderr).toContain(
      'Did you mean: wechat-mp profile remove shop',
    );
    expect(world.config().default).toBe('two');
  });

  test('use warns where something else stays in force', async () => {
    const world = await twoProfiles();
    const env = { ...world.env, WECHAT_MP_PROFILE: 'shop' };
    expect((await runHere(['profile', 'use', 'two'], { env })).stderr).toBe(
      '! Here "shop" stays in force: WECHAT_MP_PROFILE\n',
    );
  });

  test('remove forgets the profile, its secret and that it was the default', async () => {
    const world = await twoProfiles();
    expect((await world.run('profile', 'remove', 'shop')).code).toBe(2);
    expect((await world.run('profile', 'remove', 'shop', '--yes')).stdout).toBe('Removed profile "shop"\n');
    expect(world.config()).toEqual({ profiles: { two: { appid: two, apiBase: world.url } } });
    expect(Object.keys(world.secrets())).toEqual([`${world.url} ${two}`]);
    expect((await world.run('profile', 'remove', 'shop', '--yes')).code).toBe(3);
  });

  test('remove of the last leaves no secrets file, of another the default', async () => {
    const world = await twoProfiles();
    await world.run('profile', 'remove', 'two', '-y');
    expect(world.config().default).toBe('shop');
    await world.run('profile', 'remove', 'shop', '-y');
    expect([world.config(), readdirSync(world.folder)]).toEqual([{ profiles: {} }, ['config.json']]);
  });

  test('the secret of one API base goes with its profile, that of another stays', async () => {
    const world = await profileWorld();
    const other = await profileWorld();
    await world.add('here', one);
    await world.add('there', one, '--api-base', other.url);
    await world.run('profile', 'remove', 'there', '-y');
    expect(Object.keys(world.secrets())).toEqual([`${world.url} ${one}`]);
  });

  test('remove takes the cached tokens of the account along, and leaves those of others', async () => {
    const world = await twoProfiles();
    await world.run('token', '--classic', '-p', 'shop');
    const tokens = () => readdirSync(path.join(world.home, '.cache/wechat-mp/tokens'));
    expect(tokens().length).toBe(3);
    await world.run('profile', 'remove', 'shop', '--yes');
    expect(tokens().length).toBe(1);
    expect(await world.run('token', '--offline', '-p', 'two')).toMatchObject({ code: 0 });
  });

  test('remove keeps the cached token of an account that another profile has', async () => {
    const world = await profileWorld();
    await world.add('shop', one);
    await world.add('again', one);
    await world.run('profile', 'remove', 'again', '--yes');
    expect((await world.run('token', '--offline', '-p', 'shop')).code).toBe(0);
    await world.run('profile', 'remove', 'shop', '--yes');
    expect(readdirSync(path.join(world.home, '.cache/wechat-mp/tokens'))).toEqual([]);
  });

  test('preferences of other versions stay', async () => {
    const world = await profileWorld();
    await world.add('shop', one);
    writeFileSync(
      path.join(world.folder, 'config.json'),
      JSON.stringify({ ...world.config(), later: { a: [1] } }),
    );
    await world.run('profile', 'use', 'shop');
    await world.add('two', two);
    expect(world.config()).toMatchObject({ later: { a: [1] }, default: 'shop' });
  });
});

describe('the files of the configuration directory', () => {
  test.each(['000', '022', '077'])('are private under umask %s', async (umask) => {
    const world = await profileWorld('deep/config');
    const line = `umask ${umask}; exec '${process.execPath}' '${builtFile()}' profile add shop --appid ${one} --secret-stdin`;
    const child = spawn('sh', ['-c', line], { env: cleanEnvironment(world.env), stdio: 'pipe' });
    child.stdin.end(secretOf(one));
    expect((await ended(child)).code).toBe(0);
    expect(['.', ...both].map((name) => world.mode(name))).toEqual(['700', '600', '600']);
  });

  test('are repaired where others could read them, and that is told', async () => {
    const world = await profileWorld();
    await world.add('shop', one);
    chmodSync(path.join(world.folder, 'secrets.json'), 0o644);
    chmodSync(world.folder, 0o755);
    const { stderr } = await world.run('profile', 'use', 'shop');
    expect(stderr).toContain(`"${world.folder}": it was 0755 and is now 0700\n`);
    expect(stderr).toContain(`"${path.join(world.folder, 'secrets.json')}": it was 0644 and is now 0600\n`);
    expect(['.', ...both].map((name) => world.mode(name))).toEqual(['700', '600', '600']);
  });

  test.each([
    ['config.json', '{"profiles":'],
    ['config.json', ''],
    ['secrets.json', '{"canary'],
    ['secrets.json', '[]'],
  ])('a broken %s (%j) is never overwritten', async (name, text) => {
    const world = await profileWorld();
    await world.add('shop', one);
    const before = Object.fromEntries(
      both.map((each) => [each, readFileSync(path.join(world.folder, each), 'utf8')]),
    );
    writeFileSync(path.join(world.folder, name), text);
    for (const words of [
      ['add', 'two', '--appid', two, '--secret-stdin'],
      ['remove', 'shop', '-y'],
    ]) {
      const { code, stdout, stderr } = await runHere(['profile', ...words], {
        env: world.env,
        input: secretOf(two),
      });
      expect([code, stdout]).toEqual([7, '']);
      expect(stderr).not.toContain('canary"');
    }
    const after = Object.fromEntries(
      both.map((each) => [each, readFileSync(path.join(world.folder, each), 'utf8')]),
    );
    expect(after).toEqual({ ...before, [name]: text });
    expect(readdirSync(world.folder).toSorted()).toEqual(both);
  });

  test('stay as they are when the disk is full, both of them', async (context) => {
    const folder = mountTiny();
    if (folder === undefined) return context.skip('mounting is not allowed here');
    const world = await profileWorld();
    const env = { ...world.env, WECHAT_MP_CONFIG_DIR: path.join(folder, 'config') };
    const add = async (name: string, appId: string, ...words: string[]) =>
      await runHere(['profile', 'add', name, '--appid', appId, '--secret-stdin', ...words], {
        env,
        input: secretOf(appId),
      });
    expect((await add('shop', one)).code).toBe(0);
    const read = () => both.map((name) => readFileSync(path.join(folder, 'config', name), 'utf8'));
    const before = read();
    // From no free page to some: each is another point at which the write ends.
    const outcomes = [];
    for (let free = 0; free <= 5; free += 1) {
      rmSync(path.join(folder, 'config/config.lock'), { force: true });
      fill(folder, free);
      const failed = await add('two', two, '--force');
      outcomes.push(failed.code);
      if (failed.code === 0) break;
      expect({ free, stdout: failed.stdout, files: read() }).toEqual({ free, stdout: '', files: before });
      expect(failed.stderr).toMatch(
        /✗ Cannot write to ".*": .+ \((ENOSPC|EIO)\); what was there is untouched\n/,
      );
      // The lock may stay, since its removal takes a file; nothing else does.
      const left = readdirSync(path.join(folder, 'config')).filter((name) => name !== 'config.lock');
      expect(left.toSorted()).toEqual(both);
    }
    expect(outcomes[0]).toBe(7);
    expect(outcomes.length).toBeGreaterThan(3);
    expect(outcomes.at(-1)).toBe(0);
  });
});

/** A file system of 16 pages, gone after the test; `undefined` where mounting is not allowed. */
function mountTiny(): string | undefined {
  const folder = path.join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'tmpfs', folder]);
  if (status !== 0) return undefined;
  onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  return folder;
}

/** Fills the file system but for so many pages of 4 KiB. */
function fill(folder: string, free: number): void {
  const ballast = path.join(folder, 'ballast');
  spawnSync('sh', ['-c', `rm -f '${ballast}'; dd if=/dev/zero of='${ballast}' bs=4096 2>/dev/null`]);
  const { size } = JSON.parse(
    spawnSync('stat', ['-c', '{"size":%s}', ballast], { encoding: 'utf8' }).stdout,
  ) as { size: number };
  spawnSync('truncate', ['-s', String(Math.max(0, size - free * 4096)), ballast]);
}
