import { describe, expect, test } from 'vitest';
import { networkError } from '../../../helpers/fake-fetch.ts';
import { forPlatform, forTag, menuText, menuWorld, type Meddle } from '../../../helpers/menu-world.ts';
import { fakeWorld, type FakeIoOptions, type FakeWorld } from '../../../helpers/fake-io.ts';

const files = { 'menu.json': JSON.stringify({ button: [{ type: 'click', name: 'shop', key: 'k' }] }) };

async function withMenu(options: FakeIoOptions = {}): Promise<FakeWorld & { readonly appId: string }> {
  const world = fakeWorld({ files, ...options });
  expect((await world.run('menu', 'push', '--yes')).code).toBe(0);
  return { ...world, appId: world.simulator.account.appId };
}

const deletions = (world: FakeWorld) =>
  world.requests.filter((request) => request.includes('/menu/delete')).length;
const person = { tty: ['stdin', 'stderr'] as const };

describe('menu delete', () => {
  test('says what goes, saves it, deletes it, and says how to undo that', async () => {
    const world = await withMenu();
    const run = await world.run('menu', 'delete', '--confirm', world.appId);
    const [backup = ''] = [...world.files.contents.keys()].filter((name) => name.includes('menu-backups'));
    expect([run.code, run.stdout, deletions(world)]).toEqual([
      0,
      `Deleted the menu of ${world.appId}: shop\n`,
      1,
    ]);
    expect(run.stderr).toContain(`to undo: wechat-mp menu push ${backup}\n`);
    expect((await world.run('menu', 'pull')).code).toBe(1);
    expect((await world.run('menu', 'push', backup, '--yes')).code).toBe(0);
  });

  test('takes the AppID that is typed, and no other', async () => {
    const { appId } = fakeWorld().simulator.account;
    const right = await withMenu({ ...person, answers: [` ${appId} `] });
    expect((await right.run('menu', 'delete')).code).toBe(0);
    const wrong = await withMenu({ ...person, answers: ['yes'] });
    const run = await wrong.run('menu', 'delete', '--yes');
    expect([run.code, run.stdout, deletions(wrong)]).toEqual([1, '', 0]);
    expect(run.stderr).toContain('This deletes: shop\n');
  });

  test('--yes is no confirmation, and another AppID is a mistake', async () => {
    const world = await withMenu();
    for (const words of [['--yes'], [], ['--confirm', 'wx1234567890abcdef'], ['--confirm', '']]) {
      const run = await world.run('menu', 'delete', ...words);
      expect([run.code, run.stdout]).toEqual([2, '']);
    }
    expect(deletions(world)).toBe(0);
  });

  test('--dry-run deletes nothing', async () => {
    const world = await withMenu();
    expect((await world.run('menu', 'delete', '--dry-run')).stdout).toBe(
      `Would delete the menu of ${world.appId}: shop\n`,
    );
    expect(JSON.parse((await world.run('menu', 'delete', '--dry-run', '--json')).stdout)).toEqual({
      deleted: false,
      dry_run: true,
      appid: world.appId,
      menuid: null,
      buttons: 1,
      conditional: 0,
      backup: null,
    });
    expect(deletions(world)).toBe(0);
  });

  test('is content where there is no menu', async () => {
    const world = fakeWorld();
    const { appId } = world.simulator.account;
    expect(await world.run('menu', 'delete', '--confirm', appId, '-q')).toEqual({
      code: 0,
      stdout: `${appId} has no menu\n`,
      stderr: '',
    });
    expect(deletions(world)).toBe(0);
  });

  test('deletes nothing that it cannot save, unless --no-backup says so', async () => {
    const world = await withMenu();
    const place = `/home/me/.local/state/wechat-mp/menu-backups/${world.appId}-2026-01-15T04-00-00-000Z.json`;
    world.files.fail('write', place, 'ENOSPC');
    const run = await world.run('menu', 'delete', '--confirm', world.appId);
    expect([run.code, run.stdout, deletions(world)]).toEqual([7, '', 0]);
    expect(run.stderr).toContain('  Fix: Name a place with --backup <file>, or do without: --no-backup\n');
    expect((await world.run('menu', 'delete', '--confirm', world.appId, '--no-backup')).code).toBe(0);
    expect(deletions(world)).toBe(1);
  });

  test('shows names from the platform without what could steer a terminal', async () => {
    const world = fakeWorld();
    const names = ['shop\u{1b}[2J\u{7}', '\u{202e}x\u{9b}31m\n✗ forged'];
    const menu = { button: names.map((name) => ({ type: 'click', name, key: 'k', sub_button: [] })) };
    await world.fault({ path: '/cgi-bin/menu/get', body: JSON.stringify({ menu }), times: 2 });
    const { appId } = world.simulator.account;
    const run = await world.run('menu', 'delete', '--dry-run');
    expect(run.stdout).toBe(`Would delete the menu of ${appId}: shop, x ✗ forged\n`);
  });
});

describe('menu delete whose answer proves nothing', () => {
  const answering =
    (status: number, body: string, arrives: boolean): Meddle =>
    async (name, _count, send) => {
      if (name !== 'delete' && name !== 'delconditional') return await send();
      if (arrives) await send();
      return { status, headers: {}, body: Buffer.from(body) };
    };
  const answers = [
    [200, '{}'],
    [200, '{"errcode":null}'],
    [200, '{"a":1}'],
    [200, '{"errcode":-1,"errmsg":"system error"}'],
    [502, '{"errcode":0}'],
    [404, '{"errcode":0,"errmsg":"ok"}'],
  ] as const;

  async function attempt(meddle: Meddle, conditional: boolean) {
    const first = menuWorld({ files: { 'menu.json': menuText('d', forTag(1, 'x')) } });
    expect((await first.run('menu', 'push', '--yes')).code).toBe(0);
    const before = (await first.elsewhere('/_ctl/menu')) as { conditional: { menuid: number }[] };
    const one = conditional ? ['--conditional', String(before.conditional[0]?.menuid)] : [];
    const world = menuWorld({ simulator: first.simulator, meddle });
    const { appId } = first.simulator.account;
    const run = await world.run('menu', 'delete', ...one, '--confirm', appId, '--json');
    return { run, writes: world.writes.length, live: await world.live() };
  }

  test.each(answers)('%i %s: is exit 0 where reading back shows no menu', async (...answer) => {
    for (const conditional of [false, true]) {
      const { run, writes, live } = await attempt(answering(...answer, true), conditional);
      expect([run.code, writes, live]).toEqual([0, 1, conditional ? ['d'] : []]);
      expect(JSON.parse(run.stdout)).toMatchObject({ deleted: true });
      expect(run.stderr).toContain('The answer was unclear (');
    }
  });

  test.each(answers)('%i %s: is exit 5 where it is still there, and sent once', async (...answer) => {
    for (const conditional of [false, true]) {
      const { run, writes, live } = await attempt(answering(...answer, false), conditional);
      expect([run.code, run.stdout, writes, live]).toEqual([5, '', 1, ['d', '{"group_id":1} x']]);
      const { error } = JSON.parse(run.stderr.trim().split('\n').at(-1) ?? '') as { error: object };
      expect(error).toMatchObject({
        outcome: 'unknown',
        retryable: false,
        steps: [{ status: 'unknown' }, { step: 'verify', status: 'not_done' }],
      });
    }
  });

  test('is exit 5 where reading back fails, too', async () => {
    const first = menuWorld({ files });
    expect((await first.run('menu', 'push', '--yes')).code).toBe(0);
    const meddle: Meddle = async (_name, _count, send) => {
      await send();
      await first.fault({ path: '/cgi-bin/menu/get', status: 404, times: 9 });
      throw networkError('reset', true);
    };
    const world = menuWorld({ simulator: first.simulator, meddle });
    const run = await world.run('menu', 'delete', '--confirm', first.simulator.account.appId);
    expect([run.code, run.stdout]).toEqual([5, '']);
    expect(run.stderr).toContain('  Reading back failed, too: "127.0.0.1:8090" answered with HTTP 404\n');
  });

  test('is exit 1 where WeChat confirms it and still has it', async () => {
    const { run } = await attempt(answering(200, '{"errcode":0,"errmsg":"ok"}', false), false);
    expect([run.code, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toContain('"type":"menu_differs"');
  });
});

describe('menu delete and conditional menus', () => {
  const conditionalFiles = { 'menu.json': menuText('d', forTag(1, 'x'), forPlatform(2, 'y')) };

  async function withConditional() {
    const world = menuWorld({ files: conditionalFiles });
    expect((await world.run('menu', 'push', '--yes')).code).toBe(0);
    const { conditional } = (await world.elsewhere('/_ctl/menu')) as { conditional: { menuid: number }[] };
    const ids = conditional.map(({ menuid }) => String(menuid));
    return { ...world, appId: world.simulator.account.appId, ids };
  }

  test('deletes all of them with the menu, and the backup brings all back', async () => {
    const world = await withConditional();
    const run = await world.run('menu', 'delete', '--confirm', world.appId, '--backup', 'old.json');
    expect([run.stdout, await world.live()]).toEqual([
      `Deleted the menu of ${world.appId}: a, and 2 conditional menus\n`,
      [],
    ]);
    expect((await world.run('menu', 'push', 'old.json', '--yes')).code).toBe(0);
    expect(await world.live()).toEqual(['d', '{"group_id":1} x', '{"client_platform_type":2} y']);
  });

  test('--conditional deletes that one, after a backup, and nothing else', async () => {
    const world = await withConditional();
    const [first = ''] = world.ids;
    const words = ['menu', 'delete', '--conditional', first];
    expect((await world.run(...words, '--dry-run', '-q')).stdout).toBe(
      `Would delete from ${world.appId}: the conditional menu ${first} for tag 1: a\n`,
    );
    expect((await world.run(...words, '--dry-run', '-q', '--lang', 'zh')).stdout).toBe(
      `将从 ${world.appId} 删除：个性化菜单 ${first}（标签 1）：a\n`,
    );
    const run = await world.run(...words, '--confirm', world.appId, '--backup', 'old.json', '--json');
    expect(JSON.parse(run.stdout)).toEqual({
      deleted: true,
      dry_run: false,
      appid: world.appId,
      menuid: first,
      buttons: 0,
      conditional: 1,
      backup: 'old.json',
    });
    expect([world.writes.slice(3), await world.live()]).toEqual([
      ['delconditional'],
      ['d', '{"client_platform_type":2} y'],
    ]);
    expect((await world.run('menu', 'push', 'old.json', '--yes')).code).toBe(0);
    expect((await world.run('menu', 'diff')).code).toBe(0);
  });

  test('--conditional with an unknown id is exit 1 and names those there are', async () => {
    const world = await withConditional();
    const run = await world.run('menu', 'delete', '--conditional', '5', '--confirm', world.appId);
    expect([run.code, run.stdout, world.writes.length]).toEqual([1, '', 3]);
    expect(run.stderr).toContain(`✗ There is no conditional menu 5, only ${world.ids.join(', ')}\n`);
  });

  test("saves the API's menu under one of the web console", async () => {
    const world = await withConditional();
    const shown = {
      is_menu_open: 1,
      selfmenu_info: { button: [{ type: 'text', name: '问候', value: '你好' }] },
    };
    await world.fault({ path: '/cgi-bin/get_current_selfmenu_info', body: JSON.stringify(shown) });
    const run = await world.run('menu', 'delete', '--confirm', world.appId, '--backup', 'old.json');
    expect(run.stdout).toBe(`Deleted the menu of ${world.appId}: a, and 2 conditional menus\n`);
    expect(run.stderr).toContain('! The menu that people see was made on the web console; remove it there');
    expect(JSON.parse(world.files.contents.get('/desk/old.json')?.toString() ?? '')).toMatchObject({
      button: [{ key: 'd' }],
    });
  });

  test('leaves a menu of the web console alone, and says where it can be removed', async () => {
    const world = menuWorld();
    const shown = { button: [{ type: 'text', name: '问候', value: '你好' }] };
    await world.elsewhere('/_ctl/menu', { is_menu_open: 1, selfmenu_info: shown });
    const run = await world.run('menu', 'delete', '--confirm', world.simulator.account.appId);
    expect([run.code, run.stdout, world.writes]).toEqual([
      0,
      `${world.simulator.account.appId} has no menu\n`,
      [],
    ]);
    expect(run.stderr).toContain('! The menu that people see was made on the web console; remove it there');
  });
});
