import { describe, expect, test } from 'vitest';
import { forPlatform, forTag, menuText, menuWorld, type MenuWorld } from '../../../helpers/menu-world.ts';

const files = { 'menu.json': menuText('d', forPlatform(2, 'android'), forPlatform(3, 'd')) };

async function withMenu(): Promise<MenuWorld> {
  const world = menuWorld({ files });
  expect((await world.run('menu', 'push', '--yes')).code).toBe(0);
  return world;
}

async function follow(world: MenuWorld, platform: number): Promise<string> {
  const body = { client_platform_type: platform, wechat_id: `person-${platform}` };
  return String((await world.elsewhere('/_ctl/followers', body))['openid']);
}

describe('menu try', () => {
  test('shows the conditional menu that a follower sees, and its rule', async () => {
    const world = await withMenu();
    const openId = await follow(world, 2);
    const run = await world.run('menu', 'try', openId, '-q');
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout.replace(/menuid \d+/, 'menuid 7')).toBe(
      [
        `${openId} sees the conditional menu for Android (menuid 7)`,
        '',
        '┌───────────────────┐',
        '│         a         │',
        '└───────────────────┘',
        '',
        'a  click  android',
        '',
      ].join('\n'),
    );
    expect((await world.run('menu', 'try', 'person-2', '--lang', 'zh')).stdout).toMatch(
      /^person-2 看到的是个性化菜单：Android（menuid \d+）\n/,
    );
  });

  test('shows the default menu to those whom no rule matches', async () => {
    const world = menuWorld({ files: { 'menu.json': menuText('d', forTag(1, 'x')) } });
    await world.run('menu', 'push', '--yes');
    const openId = await follow(world, 1);
    expect((await world.run('menu', 'try', openId)).stdout).toContain(`${openId} sees the default menu\n`);
    expect(JSON.parse((await world.run('menu', 'try', openId, '--json')).stdout)).toEqual({
      user_id: openId,
      button: [{ name: 'a', type: 'click', key: 'd' }],
      matches: [{ menuid: null, matchrule: null }],
    });
  });

  test('names all menus with that content where the answer does not tell which it is', async () => {
    const world = await withMenu();
    const openId = await follow(world, 3);
    expect((await world.run('menu', 'try', openId)).stdout).toMatch(
      /sees the conditional menu for other systems \(menuid \d+\), or the default menu\n/,
    );
    expect(JSON.parse((await world.run('menu', 'try', openId, '--json')).stdout)).toMatchObject({
      matches: [
        { menuid: expect.stringMatching(/^\d+$/) as string, matchrule: { client_platform_type: '3' } },
        { menuid: null, matchrule: null },
      ],
    });
  });

  test('says so where menu/get does not list what is shown', async () => {
    const world = await withMenu();
    const shown = { button: [{ type: 'click', name: 'x', key: 'x', sub_button: [] }] };
    await world.fault({ path: '/cgi-bin/menu/trymatch', body: JSON.stringify(shown) });
    expect((await world.run('menu', 'try', 'anybody')).stdout).toContain(
      'anybody sees a menu that menu/get does not list\n',
    );
  });

  test('refuses strangers, and changes nothing', async () => {
    const world = await withMenu();
    const writes = world.writes.length;
    const run = await world.run('menu', 'try', 'nobody');
    expect([run.code, run.stdout, world.writes.length]).toEqual([4, '', writes]);
    expect(run.stderr).toContain('(65302)');
    expect((await world.run('menu', 'try')).code).toBe(2);
  });
});
