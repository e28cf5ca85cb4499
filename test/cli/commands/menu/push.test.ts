import { describe, expect, test } from 'vitest';
import { fakeWorld, type FakeIoOptions, type FakeWorld } from '../../../helpers/fake-io.ts';
import { menuWorld } from '../../../helpers/menu-world.ts';
import { throughSimulator } from '../../../helpers/through-simulator.ts';

const menuOf = (name: string) => JSON.stringify({ button: [{ type: 'click', name, key: 'k' }] });
const files = { 'menu.json': menuOf('一'), 'next.json': menuOf('二') };
const person: FakeIoOptions = { files, tty: ['stdin', 'stderr'] };

/** A world whose account has the menu of menu.json. */
async function withMenu(options: FakeIoOptions = { files }): Promise<FakeWorld> {
  const world = fakeWorld(options);
  const run = await world.run('menu', 'push', '--yes');
  expect(run.code).toBe(0);
  return world;
}

const writes = (world: FakeWorld) =>
  world.requests.filter((request) => request.includes('/menu/create')).length;
const backups = (world: FakeWorld) =>
  [...world.files.contents.keys()].filter((name) => name.includes('menu-backups'));
const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

describe('menu push', () => {
  test('makes the file the menu and reads it back', async () => {
    const world = fakeWorld({ files });
    const { appId } = world.simulator.account;
    expect(await world.run('menu', 'push', 'menu.json', '--yes', '--quiet')).toEqual({
      code: 0,
      stdout: `Pushed 1 button to ${appId}; read back and equal\n`,
      stderr: '',
    });
    expect(json((await world.run('menu', 'pull', '--json')).stdout)).toEqual(json(menuOf('一')));
  });

  test('sends nothing where there is no change', async () => {
    const world = await withMenu();
    const run = await world.run('menu', 'push', '--json');
    expect(json(run.stdout)).toMatchObject({ changed: false, dry_run: false, verified: false, backup: null });
    expect([run.code, writes(world)]).toEqual([0, 1]);
  });

  test('--dry-run says what would happen and sends nothing', async () => {
    const world = await withMenu();
    const { appId } = world.simulator.account;
    expect(await world.run('menu', 'push', 'next.json', '--dry-run', '--quiet')).toMatchObject({
      code: 0,
      stdout: `~ 一  name: 一 → 二\nWould replace the menu of ${appId}\n`,
    });
    expect(await fakeWorld({ files }).run('menu', 'push', '--dry-run', '--lang', 'zh', '-q')).toMatchObject({
      stdout: `+ 一  click  k\n将为 ${appId} 创建菜单\n`,
    });
    expect([writes(world), backups(world)]).toEqual([1, []]);
  });

  test('asks, and leaves everything as it is on no', async () => {
    const world = await withMenu({ ...person, answers: [false] });
    const run = await world.run('menu', 'push', 'next.json');
    expect([run.code, run.stdout, world.shown, writes(world)]).toEqual([
      1,
      '',
      [`Replace the menu of ${world.simulator.account.appId}?`],
      1,
    ]);
  });

  test('asks nothing where no menu is replaced', async () => {
    const world = fakeWorld({ ...person, answers: [] });
    expect([(await world.run('menu', 'push')).code, world.shown, writes(world)]).toEqual([0, [], 1]);
  });

  test('saves the live menu before it is replaced, as a file that can be pushed', async () => {
    const world = await withMenu();
    const run = await world.run('menu', 'push', 'next.json', '--yes', '--json');
    const [backup = ''] = backups(world);
    expect(json(run.stdout)).toMatchObject({ changed: true, verified: true, backup });
    expect(run.stderr).toContain(`wechat-mp menu push ${backup}\n`);
    expect((await world.run('menu', 'push', backup, '--yes')).code).toBe(0);
    expect((await world.run('menu', 'push', 'menu.json', '--dry-run', '--json')).stdout).toContain(
      '"changed":false',
    );
  });

  test('--backup chooses the place, --no-backup does without, and both are a mistake', async () => {
    const world = await withMenu();
    expect((await world.run('menu', 'push', 'next.json', '--yes', '--backup', 'old.json')).code).toBe(0);
    expect(json(world.files.contents.get('/desk/old.json')?.toString() ?? '')).toMatchObject(
      json(menuOf('一')),
    );
    expect((await world.run('menu', 'push', 'menu.json', '--yes', '--no-backup')).code).toBe(0);
    expect(backups(world)).toEqual([]);
    expect((await world.run('menu', 'push', '--yes', '--no-backup', '--backup', 'x')).code).toBe(2);
  });

  test.each([
    [
      'over another file',
      'next.json',
      2,
      /^✗ Cannot write "next.json": it exists already\n {2}Fix: Choose another name for --backup\n/m,
    ],
    ['into a missing folder', 'no/old.json', 7, /^✗ Cannot write "no\/old.json"/m],
  ])('--backup %s stops before anything is asked', async (_, place, code, words) => {
    const world = await withMenu();
    const asked = world.requests.length;
    const run = await world.run('menu', 'push', 'next.json', '--yes', '--backup', place);
    expect([run.code, run.stdout, world.requests.length]).toEqual([code, '', asked]);
    expect(run.stderr).toMatch(words);
    expect(world.files.contents.get('/desk/next.json')?.toString()).toBe(menuOf('二'));
  });

  test('goes on where the state directory cannot be written, with the old menu on stderr', async () => {
    const world = await withMenu();
    const cached = '/home/me/.local/state/wechat-mp/menu-backups';
    const name = `${world.simulator.account.appId}-2026-01-15T04-00-00-000Z.json`;
    world.files.fail('write', `${cached}/${name}`, 'EROFS');
    const run = await world.run('menu', 'push', 'next.json', '--yes', '--json');
    expect([run.code, json(run.stdout)['backup']]).toEqual([0, null]);
    expect(run.stderr).toContain(
      `! Cannot write "${cached}/${name}": the file system is read-only (EROFS)\n` +
        `! There is no place for a backup of the live menu; it is `,
    );
    const [, menu = ''] = / it is (\{.*\})\n/.exec(run.stderr) ?? [];
    world.files.write('/desk/old.json', menu);
    expect((await world.run('menu', 'push', 'old.json', '--yes')).code).toBe(0);
    const pulled = json((await world.run('menu', 'pull')).stdout);
    expect(pulled).toEqual({ button: [{ type: 'click', name: '一', key: 'k' }] });
  });

  describe('and the backups that earlier versions kept in the cache', () => {
    const old = '/home/me/.cache/wechat-mp/menu-backups';
    const now = '/home/me/.local/state/wechat-mp/menu-backups';
    const name = 'wx1234567890abcdef-2025-01-01T00-00-00-000Z.json';

    test('moves them out of it and says so, once', async () => {
      const world = await withMenu();
      world.files.makeFolder(old);
      world.files.write(`${old}/${name}`, menuOf('old'));
      world.files.write(`${old}/notes.txt`, 'mine');
      const run = await world.run('menu', 'push', 'next.json', '--yes');
      expect(run.stderr).toContain(
        `Moved 1 earlier backup out of the cache, which is cleaned away: from ${old} to ${now}\n`,
      );
      expect(world.files.read(`${now}/${name}`)?.toString()).toBe(menuOf('old'));
      expect(world.files.list(old)).toEqual(['notes.txt']);
      expect((await world.run('menu', 'push', 'menu.json', '--yes')).stderr).not.toContain('Moved');
    });

    test('lets the line that named one go on to work', async () => {
      const world = fakeWorld({ files: { ...files, [`${now}/${name}`]: menuOf('old') } });
      const run = await world.run('menu', 'push', `${old}/${name}`, '--yes');
      expect([run.code, run.stderr]).toEqual([
        0,
        expect.stringContaining(`Using ${now}/${name}, where that backup is now\n`),
      ]);
      expect((await world.run('menu', 'push', `${old}/other.json`, '--yes')).code).toBe(2);
    });

    test.each([
      ['read', `${old}/${name}`, 'EACCES'],
      ['write', `${now}/${name}`, 'ENOSPC'],
    ] as const)('leaves one that it cannot %s, and pushes', async (operation, file, code) => {
      const world = await withMenu();
      world.files.makeFolder(old);
      world.files.write(`${old}/${name}`, menuOf('old'));
      world.files.fail(operation, file, code);
      const run = await world.run('menu', 'push', 'next.json', '--yes');
      expect([run.code, world.files.list(old)]).toEqual([0, [name]]);
      expect(run.stderr).toContain(`! Earlier backups stay in ${old}: `);
    });

    test('keeps both where the state directory has another of that name', async () => {
      const world = await withMenu();
      for (const folder of [old, now]) {
        world.files.makeFolder(folder);
        world.files.write(`${folder}/${name}`, folder);
      }
      await world.run('menu', 'push', 'next.json', '--yes');
      expect([old, now].map((folder) => world.files.read(`${folder}/${name}`)?.toString())).toEqual([
        old,
        now,
      ]);
    });
  });

  test('--no-verify does not read back', async () => {
    const world = fakeWorld({ files });
    const run = await world.run('menu', 'push', '--yes', '--no-verify', '--json');
    expect(json(run.stdout)).toMatchObject({ changed: true, verified: false });
    expect(world.requests.at(-1)).toContain('/menu/create');
    expect((await withMenu()).requests.at(-1)).toContain('/menu/get');
  });

  test('tells every mistake of the file at once, and sends nothing', async () => {
    const bad = JSON.stringify({
      button: [
        { type: 'click', name: '很长很长很长', key: 'k' },
        { type: 'view', name: 'x' },
      ],
    });
    const world = fakeWorld({ files: { 'menu.json': bad } });
    const run = await world.run('menu', 'push', '--yes');
    expect([run.code, run.stdout, world.requests]).toEqual([2, '', []]);
    expect(run.stderr).toMatch(/^✗ Cannot use "menu.json": WeChat would refuse it, 2 errors\n/);
    expect(run.stderr).toContain('menu.json:1:35: error   top-level name is 18 bytes');
    expect(run.stderr).toContain('menu.json:1:55: error   ');
  });

  test('says how to undo what nobody could be asked about', async () => {
    const world = await withMenu();
    const run = await world.run('menu', 'push', 'next.json');
    expect([run.code, writes(world)]).toEqual([0, 2]);
    const [backup = ''] = backups(world);
    expect(run.stderr).toContain('~ 一  name: 一 → 二\n');
    expect(run.stderr).toContain(`to undo: wechat-mp menu push ${backup}\n`);
  });

  test.each(['--no-backup', '--no-verify', '--prune'])(
    '%s needs --yes where nobody can be asked',
    async (flag) => {
      const world = await withMenu();
      const run = await world.run('menu', 'push', 'next.json', flag);
      expect([run.code, run.stdout, writes(world)]).toEqual([2, '', 1]);
      expect(run.stderr).toContain('  Fix: Add --yes, or --dry-run to see what would happen\n');
      expect((await world.run('menu', 'push', 'next.json', flag, '--yes')).code).toBe(0);
      expect((await fakeWorld({ files }).run('menu', 'push', flag)).code).toBe(0);
    },
  );

  test.each([
    ['text', 2],
    ['view', 0],
  ])('a button of the web console of type %s is replaced with exit code %i', async (type, code) => {
    const world = menuWorld({ files });
    const button = {
      type,
      name: '问候',
      ...(type === 'view' ? { url: 'https://example.com/' } : { value: '你好' }),
    };
    await world.elsewhere('/_ctl/menu', { is_menu_open: 1, selfmenu_info: { button: [button] } });
    expect((await world.run('menu', 'push')).code).toBe(code);
    expect((await world.run('menu', 'push', '--yes')).code).toBe(0);
  });

  test('works with a token given by hand and no AppID, as in CI', async () => {
    const first = await withMenu();
    const token = (await first.run('token')).stdout.trim();
    const options = { ...files, 'menu.json': menuOf('三') };
    const world = fakeWorld({
      files: options,
      fetch: throughSimulator(first.simulator),
      environment: {
        WECHAT_MP_ACCESS_TOKEN: token,
        WECHAT_MP_APPID: undefined,
        WECHAT_MP_APPSECRET: undefined,
      },
    });
    const run = await world.run('menu', 'push', '--yes');
    expect([run.code, run.stdout]).toEqual([0, 'Pushed 1 button to the account; read back and equal\n']);
    expect(JSON.parse((await world.run('menu', 'push', '--json')).stdout)).toMatchObject({
      changed: false,
      appid: null,
    });
    expect(backups(world)).toEqual([
      '/home/me/.local/state/wechat-mp/menu-backups/menu-2026-01-15T04-00-00-000Z.json',
    ]);
    const pinned = fakeWorld({ files: { ...options, 'wechat-mp.json': '{"appid":"wx1234567890abcdef"}' } });
    expect((await pinned.run('menu', 'push', '--yes')).code).toBe(3);
  });
});
