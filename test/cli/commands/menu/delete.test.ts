import { describe, expect, test } from 'vitest';
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
    expect(run.stderr).toContain(`To undo: wechat-mp menu push ${backup}\n`);
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
    const place = `/home/me/.cache/wechat-mp/menu-backups/${world.appId}-2026-01-15T04-00-00-000Z.json`;
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
