import { describe, expect, test } from 'vitest';
import { click, forPlatform, forTag, menuText, menuWorld } from '../../../helpers/menu-world.ts';

const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

/** A world whose account has what `menu.json` says; `next.json` is what comes. */
async function pushed(menu: string, next: string) {
  const world = menuWorld({ files: { 'menu.json': menu, 'next.json': next } });
  expect((await world.run('menu', 'push', '--yes')).code).toBe(0);
  const before = world.writes.length;
  return { ...world, newWrites: () => world.writes.slice(before) };
}

describe('menu push with conditional menus', () => {
  test('asks for one token, although it reads two things at the same time', async () => {
    const world = menuWorld({ files: { 'menu.json': menuText('d') } });
    await world.run('menu', 'push', '--dry-run');
    expect(world.requests.map((request) => request.replace(/^.*\/cgi-bin/, '')).toSorted()).toEqual([
      '/get_current_selfmenu_info',
      '/menu/get',
      '/stable_token',
    ]);
  });

  test('adds them in the order of the file', async () => {
    const world = menuWorld({ files: { 'menu.json': menuText('d', forTag(2, 'x'), forPlatform(1, 'y')) } });
    const run = await world.run('menu', 'push', '--yes', '-q');
    expect(run).toEqual({
      code: 0,
      stdout: `Pushed 1 button and 2 conditional menus to ${world.simulator.account.appId}; read back and equal\n`,
      stderr: '',
    });
    expect(await world.live()).toEqual(['d', '{"group_id":2} x', '{"client_platform_type":1} y']);
    expect((await world.run('menu', 'push', '--json')).stdout).toContain('"changed":false');
    const other = menuWorld({ files: { 'menu.json': menuText('d', forTag(2, 'x')) } });
    expect((await other.run('menu', 'push', '--yes', '--lang', 'zh')).stdout).toBe(
      `已向 ${other.simulator.account.appId} 发布 1 个按钮和 1 个个性化菜单，回读一致\n`,
    );
  });

  test('never makes those again that are the same, and tells what becomes of the others', async () => {
    const world = await pushed(
      menuText('d', forTag(1, 'x'), forTag(2, 'x'), forTag(3, 'x')),
      menuText('d', forTag(4, 'x'), forTag(2, 'x'), forTag(1, 'y')),
    );
    const run = await world.run('menu', 'push', 'next.json', '--yes', '--json');
    expect(world.newWrites()).toEqual([
      'addconditional {"tag_id":"4"}',
      'addconditional {"tag_id":"1"}',
      'delconditional',
    ]);
    expect(json(run.stdout)).toMatchObject({
      changed: true,
      changes: [],
      conditional: [
        { op: 'add', path: '/conditional/0', menuid: null, matchrule: { tag_id: '4' }, changes: [] },
        {
          op: 'change',
          path: '/conditional/2',
          menuid: expect.stringMatching(/^\d+$/) as string,
          matchrule: { tag_id: '1' },
          changes: [{ op: 'change', path: '/button/0/key', from: 'x', to: 'y' }],
        },
        { op: 'keep', path: null, matchrule: { tag_id: '3' } },
      ],
    });
    expect(await world.live()).toEqual([
      'd',
      '{"group_id":2} x',
      '{"group_id":3} x',
      '{"group_id":4} x',
      '{"group_id":1} y',
    ]);
  });

  test('makes one again where it has to be shown before another, and only that one', async () => {
    const world = await pushed(
      menuText('d', forTag(1, 'x'), forPlatform(1, 'y'), forPlatform(2, 'z')),
      menuText('d', forPlatform(2, 'z'), forPlatform(1, 'y'), forTag(1, 'x')),
    );
    expect((await world.run('menu', 'push', 'next.json', '--yes')).stderr).toContain(
      '> conditional menu: tag 1  is made again: the newest that matches is shown\n',
    );
    expect(world.newWrites()).toEqual(['addconditional {"tag_id":"1"}', 'delconditional']);
  });

  test('--prune deletes what the file does not have; without it that stays and is told', async () => {
    const menu = menuText('d', forTag(1, 'x'), forTag(2, 'x'));
    const world = await pushed(menu, menuText('d', forTag(1, 'x')));
    const kept = await world.run('menu', 'push', 'next.json', '-q');
    expect([kept.code, kept.stdout, world.newWrites()]).toEqual([
      0,
      `No change: ${world.simulator.account.appId} already has this menu; conditional menus that are live only: 1 (--prune deletes them)\n`,
      [],
    ]);
    expect((await world.run('menu', 'push', 'next.json', '--prune')).code).toBe(2);
    expect((await world.run('menu', 'push', 'next.json', '--prune', '--yes')).code).toBe(0);
    expect([world.newWrites(), await world.live()]).toEqual([['delconditional'], ['d', '{"group_id":1} x']]);
  });

  test('a dry run and a file with mistakes change nothing', async () => {
    const world = await pushed(menuText('d', forTag(1, 'x')), menuText('e', forTag(2, 'x')));
    const run = await world.run('menu', 'push', 'next.json', '--prune', '--dry-run', '-q');
    expect([run.code, world.newWrites()]).toEqual([0, []]);
    expect(run.stdout.replace(/menuid \d+/, 'menuid 1')).toBe(
      [
        '~ a  key: d → e',
        '+ conditional menu: tag 2  is new',
        '    + a  click  x',
        '- conditional menu: tag 1 (menuid 1)  is not in the file',
        '    - a  click  x',
        `Would replace the menu of ${world.simulator.account.appId}\n`,
      ].join('\n'),
    );
    const bad = menuText('d', { ...forTag(1, 'x'), button: [{ type: 'nope', name: 'a' }] });
    const wrong = menuWorld({ files: { 'menu.json': bad } });
    expect((await wrong.run('menu', 'push', '--yes')).code).toBe(2);
    expect(wrong.requests).toEqual([]);
  });

  test('deletes first where both together would link to too many domains', async () => {
    const linked = (tag: number, ...hosts: string[]) => ({
      button: hosts.map((host) => ({ type: 'view', name: 'a', url: `https://${host}/` })),
      matchrule: { tag_id: String(tag) },
    });
    const world = await pushed(
      menuText('d', linked(1, 'a.cn', 'b.cn', 'c.cn')),
      menuText('d', linked(1, 'd.cn', 'e.cn')),
    );
    expect((await world.run('menu', 'push', 'next.json', '--yes')).code).toBe(0);
    expect(world.newWrites()).toEqual(['delconditional', 'addconditional {"tag_id":"1"}']);
  });

  test('makes everything again where menu/create has removed them, in the order in which they were', async () => {
    const menu = menuText('d', forTag(1, 'x'), forPlatform(1, 'y'));
    const first = menuWorld({ files: { 'menu.json': menu } });
    await first.run('menu', 'push', '--yes');
    await first.elsewhere('/cgi-bin/menu/addconditional', forTag(9, 'theirs'));
    const world = menuWorld({
      simulator: first.simulator,
      files: { 'menu.json': menuText('e', forTag(1, 'x'), forPlatform(1, 'z')) },
      meddle: async (name, _count, send) => {
        if (name === 'create') await first.elsewhere('/cgi-bin/menu/delete');
        return await send();
      },
    });
    const run = await world.run('menu', 'push', '--yes');
    expect([run.code, await world.live()]).toEqual([
      0,
      ['e', '{"group_id":1} x', '{"group_id":9} theirs', '{"client_platform_type":1} z'],
    ]);
    expect(run.stderr).toContain(
      '! WeChat removed conditional menus with menu/create, which are made again now: 2\n',
    );
  });
});

describe('menu push and a menu of the web console', () => {
  const console = {
    is_menu_open: 1,
    selfmenu_info: { button: [{ type: 'text', name: '问候', value: '你好' }] },
  };

  test('notices it before it is replaced, and saves it in its own shape', async () => {
    const world = menuWorld({ files: { 'menu.json': menuText('d', forTag(1, 'x')) } });
    await world.elsewhere('/_ctl/menu', console);
    const run = await world.run('menu', 'push', '--yes', '--backup', 'old.json');
    expect([run.code, world.writes]).toEqual([0, ['create', 'addconditional {"tag_id":"1"}']]);
    expect(run.stderr).toContain('! The live menu was made on the web console (mp.weixin.qq.com);');
    expect(run.stderr).toContain('- 问候  text  你好\n');
    expect(run.stderr).toContain(
      '! Saved what was live in old.json; some of its buttons can only be made on the web console\n',
    );
    expect(json(world.files.contents.get('/desk/old.json')?.toString() ?? '')).toEqual(console);
  });

  test('says so in a dry run, too', async () => {
    const world = menuWorld({ files: { 'menu.json': menuText('d') } });
    await world.elsewhere('/_ctl/menu', console);
    const run = await world.run('menu', 'push', '--dry-run', '--lang', 'zh');
    expect(run.stderr).toContain('! 线上菜单是在公众平台网页（mp.weixin.qq.com）上设置的，发布后会被替换\n');
    expect(world.writes).toEqual([]);
  });

  test('makes the same menu by API where conditional menus need it', async () => {
    const view = { type: 'view', name: '店', url: 'https://a.cn/' };
    const file = { button: [view], conditional: [forTag(1, 'x')] };
    const world = menuWorld({
      files: { 'same.json': JSON.stringify({ button: [view] }), 'menu.json': JSON.stringify(file) },
    });
    await world.elsewhere('/_ctl/menu', { is_menu_open: 1, selfmenu_info: { button: [view] } });
    expect((await world.run('menu', 'push', 'same.json', '--json')).stdout).toContain('"changed":false');
    expect((await world.run('menu', 'push', '--yes')).code).toBe(0);
    expect(world.writes).toEqual(['create', 'addconditional {"tag_id":"1"}']);
  });

  test('says where the menu is switched off', async () => {
    const world = menuWorld({ files: { 'menu.json': menuText('d') } });
    const shown = { is_menu_open: 0, selfmenu_info: { button: [click('b')] } };
    await world.fault({ path: '/cgi-bin/get_current_selfmenu_info', body: JSON.stringify(shown), times: 1 });
    const run = await world.run('menu', 'push', '--yes');
    expect(run.stderr).toContain('! The menu was switched off on the web console');
  });
});

describe('menu push --expect-remote', () => {
  const files = { 'menu.json': menuText('d'), 'next.json': menuText('e', forTag(1, 'x')) };
  const hashOf = async (world: ReturnType<typeof menuWorld>) =>
    String(json((await world.run('menu', 'diff', 'next.json', '--json')).stdout)['remote_hash']);

  test('stops where another menu is live than was expected', async () => {
    const world = menuWorld({ files });
    await world.run('menu', 'push', '--yes');
    const hash = await hashOf(world);
    await world.elsewhere('/cgi-bin/menu/addconditional', forTag(2, 'theirs'));
    const run = await world.run('menu', 'push', 'next.json', '--yes', '--expect-remote', hash, '--json');
    expect([run.code, run.stdout]).toEqual([1, '']);
    expect(json(run.stderr.trim().split('\n').at(-1) ?? '')['error']).toMatchObject({
      type: 'remote_changed',
      expected_hash: hash,
      remote_hash: await hashOf(world),
    });
    expect(await world.live()).toEqual(['d', '{"group_id":2} theirs']);
    const now = await hashOf(world);
    expect((await world.run('menu', 'push', 'next.json', '--yes', '--expect-remote', now)).code).toBe(0);
  });

  test('goes on with remote_hash_after, which is what menu diff has then', async () => {
    const world = menuWorld({ files });
    const push = async (...words: readonly string[]) =>
      json((await world.run('menu', 'push', ...words, '--yes', '--json')).stdout);
    await push();
    const before = await hashOf(world);
    const first = await push('next.json', '--expect-remote', before);
    expect(first).toMatchObject({ verified: true, remote_hash: before });
    const after = await hashOf(world);
    expect(after).not.toBe(before);
    expect(first['remote_hash_after']).toBe(after);
    // The menu is there already: what was read first is what is live.
    expect(await push('next.json')).toMatchObject({ changed: false, remote_hash_after: after });
    // The conditional menu stays, although the file has none.
    const kept = await push('menu.json', '--expect-remote', after);
    expect(kept['remote_hash_after']).toBe(await hashOf(world));
    // What was not read is not told.
    for (const flags of [['--dry-run'], ['--no-verify']])
      expect(await push('next.json', ...flags)).not.toHaveProperty('remote_hash_after');
  });

  test('looks again right before the first write: a change between plan and write stops it', async () => {
    const world = menuWorld({ files, tty: ['stdin', 'stderr'] });
    await world.run('menu', 'push', '--yes');
    const hash = await hashOf(world);
    const other = menuWorld({ simulator: world.simulator });
    for (const flags of [['--expect-remote', hash], []]) {
      const asking = menuWorld({ simulator: world.simulator, files, tty: ['stdin', 'stderr'] });
      const ask = asking.io.terminal.ask;
      const terminal = {
        ...asking.io.terminal,
        ask: async () => {
          await other.elsewhere('/cgi-bin/menu/addconditional', forTag(7, `theirs${flags.length}`));
          return { ...(await ask()), confirm: async () => true };
        },
      };
      const { main } = await import('../../../../src/cli/main.ts');
      const before = (await world.live()).length;
      const words = ['menu', 'push', 'next.json', ...(before === 1 ? flags : [])];
      expect(await main(words, { ...asking.io, terminal })).toBe(1);
      expect([asking.writes, (await world.live()).length]).toEqual([[], before + 1]);
    }
  });

  test.each(['', 'abc', 'A'.repeat(64), '0'.repeat(63), '0'.repeat(65)])('%j is no hash', async (hash) => {
    const world = menuWorld({ files });
    expect((await world.run('menu', 'push', '--yes', `--expect-remote=${hash}`)).code).toBe(2);
    expect(world.requests).toEqual([]);
  });
});

describe('menu push and reserved names', () => {
  const names = ['__proto__', 'constructor', 'prototype'];
  const places = [
    (bad: string) => `{${bad},"button":[]}`,
    (bad: string) => `{"button":[{"type":"click","name":"a","key":"k",${bad}}]}`,
    (bad: string) => `{"button":[{"name":"a","sub_button":[{"type":"click","name":"a","key":"k",${bad}}]}]}`,
    (bad: string) => `{"menu":{"button":[],${bad}}}`,
    (bad: string) => `{"button":[{"type":"click","name":"a","key":{${bad}}}]}`,
    (bad: string) => `{"button":[],"conditional":[{${bad}}]}`,
    (bad: string) => `{"button":[],"conditional":[{"button":[],"matchrule":{${bad}}}]}`,
  ];
  const values = ['{"polluted":true}', '1'];
  const payloads = names.flatMap((name) =>
    places.flatMap((place) => values.map((value) => [name, place(`"${name}":${value}`)] as const)),
  );

  test('are at least forty payloads', () => {
    expect(payloads.length).toBeGreaterThanOrEqual(40);
  });

  test.each(payloads)('%s is refused with its place, and pollutes nothing: %s', async (name, text) => {
    const world = menuWorld({ files: { 'menu.json': text } });
    const run = await world.run('menu', 'push', '--yes', '--json');
    const error = json(run.stderr.trim().split('\n').at(-1) ?? '')['error'] as {
      problems?: { path: string }[];
    };
    expect([run.code, world.requests]).toEqual([2, []]);
    expect(error.problems?.some(({ path }) => path.endsWith(`/${name}`))).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
