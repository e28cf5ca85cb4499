import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';
import { click, forTag, menuText, menuWorld } from '../../../helpers/menu-world.ts';

const menu = { button: [{ type: 'click', name: 'a\u{202e}\u{9b}b', key: 'k' }] };
const files = { 'menu.json': JSON.stringify(menu), 'other.json': '{}' };

async function withMenu() {
  const world = fakeWorld({ files });
  expect((await world.run('menu', 'push', '--yes')).code).toBe(0);
  return world;
}

describe('menu pull', () => {
  test('says no where there is no menu', async () => {
    const run = await fakeWorld().run('menu', 'pull', '--quiet');
    expect(run).toEqual({
      code: 1,
      stdout: '',
      stderr:
        '✗ The account has no menu that was made by API\n  Fix: Make one: wechat-mp menu push menu.json\n  More: wechat-mp explain 46003\n',
    });
  });

  test('writes what can be pushed back', async () => {
    const world = await withMenu();
    expect(await world.run('menu', 'pull', '--out', 'got.json', '-q')).toEqual({
      code: 0,
      stdout: 'got.json\n',
      stderr: '',
    });
    const again = await world.run('menu', 'push', 'got.json', '--dry-run', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: false });
  });

  test('is JSON on stdout, one line with --json, and steers no terminal', async () => {
    const world = await withMenu();
    for (const words of [[], ['--json'], ['--out', '-'], ['--out', '/dev/stdout']]) {
      const { stdout } = await world.run('menu', 'pull', ...words);
      expect(JSON.parse(stdout)).toEqual(menu);
      // oxlint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\x7f-\x9f\u202e]/);
      expect(stdout.trimEnd().split('\n').length === 1).toBe(words[0] === '--json');
    }
    expect(JSON.parse((await world.run('menu', 'pull', '--out', 'x.json', '--json')).stdout)).toEqual({
      file: 'x.json',
      buttons: 1,
      conditional: 0,
    });
  });

  test('replaces the file that it wrote, once the menu has changed', async () => {
    const world = await withMenu();
    expect((await world.run('menu', 'pull', '--out', 'pulled.json')).code).toBe(0);
    const before = world.files.contents.get('/desk/pulled.json');
    expect((await world.run('menu', 'pull', '--out', 'pulled.json', '--format', 'tree')).code).toBe(0);
    expect(world.files.contents.get('/desk/pulled.json')).not.toEqual(before);
  });

  test('leaves a file with other content alone without --force', async () => {
    const world = await withMenu();
    const run = await world.run('menu', 'pull', '--out', 'other.json');
    expect([run.code, run.stdout, world.files.contents.get('/desk/other.json')?.toString()]).toEqual([
      2,
      '',
      '{}',
    ]);
    expect((await world.run('menu', 'pull', '--out', 'other.json', '--force')).code).toBe(0);
    expect((await world.run('menu', 'pull', '--out', 'other.json')).code).toBe(0);
  });

  test('asks nobody where a file is in the way that can never be the same', async () => {
    const world = fakeWorld({ files });
    expect((await world.run('menu', 'pull', '--out', 'other.json')).code).toBe(2);
    expect(world.requests).toEqual([]);
  });

  test('takes a file that holds the same menu for done, whoever wrote it', async () => {
    const world = await withMenu();
    await world.run('menu', 'pull', '--out', 'got.json');
    const got = world.files.contents.get('/desk/got.json') ?? '';
    const other = fakeWorld({ files: { ...files, 'theirs.json': got } });
    await other.run('menu', 'push', '--yes');
    expect((await other.run('menu', 'pull', '--out', 'theirs.json')).code).toBe(0);
    await other.run('menu', 'push', 'next.json', '--yes');
    const changed = fakeWorld({ files: { 'theirs.json': got, 'menu.json': menuText('other') } });
    await changed.run('menu', 'push', '--yes');
    const refused = await changed.run('menu', 'pull', '--out', 'theirs.json');
    expect([refused.code, changed.files.contents.get('/desk/theirs.json')]).toEqual([2, got]);
  });

  test('finds out before it asks that the place does not exist', async () => {
    const world = fakeWorld();
    expect((await world.run('menu', 'pull', '--out', 'no/x.json')).code).toBe(7);
    expect(world.requests).toEqual([]);
  });
});

describe('menu pull and conditional menus', () => {
  test('writes them, the oldest first, and draws them below their rules', async () => {
    const file = menuText('d', forTag(2, 'x'), forTag(1, 'y'));
    const world = menuWorld({ files: { 'menu.json': file } });
    await world.run('menu', 'push', '--yes');
    expect(JSON.parse((await world.run('menu', 'pull')).stdout)).toEqual(JSON.parse(file));
    const { stdout } = await world.run('menu', 'pull', '--format', 'tree');
    expect(stdout.replaceAll(/menu \d+/g, 'menu 7')).toContain(
      [
        'a  click  d',
        '',
        'Conditional menu 7: tag 2',
        '┌───────────────────┐',
        '│         a         │',
        '└───────────────────┘',
        '',
        'a  click  x',
      ].join('\n'),
    );
  });

  test('leaves out rules that WeChat takes no longer', async () => {
    const world = menuWorld({ files: { 'menu.json': menuText('d', forTag(2, 'x')) } });
    await world.run('menu', 'push', '--yes');
    const past = { button: [click('a')], matchrule: { sex: 1, country: '中国' }, menuid: 5 };
    const live = { button: [click('a', 'd')], matchrule: { group_id: 2 }, menuid: 6 };
    const answer = { menu: { button: [click('a', 'd')], menuid: 4 }, conditionalmenu: [live, past] };
    await world.fault({ path: '/cgi-bin/menu/get', body: JSON.stringify(answer), times: 2 });
    const run = await world.run('menu', 'pull', '--out', 'got.json');
    expect(run.stderr).toContain(
      '! Left out conditional menus whose rules WeChat accepts no longer (65320) and nobody matches: 1\n',
    );
    expect(JSON.parse(world.files.contents.get('/desk/got.json')?.toString() ?? '')).toEqual(
      JSON.parse(menuText('d', forTag(2, 'd'))),
    );
    const again = await world.run('menu', 'push', 'got.json', '--dry-run', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: false, conditional: [{ op: 'keep' }] });
  });

  test('--format tree and --json are a mistake', async () => {
    const world = menuWorld();
    expect((await world.run('menu', 'pull', '--format', 'tree', '--json')).code).toBe(2);
    expect(world.requests).toEqual([]);
  });
});

describe('menu pull --source live', () => {
  const shown = (...button: object[]) => ({ is_menu_open: 1, selfmenu_info: { button } });

  test('takes a menu of the web console as a file to push', async () => {
    const world = menuWorld();
    const view = { type: 'view', name: '店', url: 'https://a.cn/' };
    await world.elsewhere('/_ctl/menu', shown({ name: '更多', sub_button: { list: [view] } }, view));
    const run = await world.run('menu', 'pull', '--source', 'live', '--out', 'got.json');
    expect([run.code, JSON.parse(world.files.contents.get('/desk/got.json')?.toString() ?? '')]).toEqual([
      0,
      { button: [{ name: '更多', sub_button: [view] }, view] },
    ]);
    const again = await world.run('menu', 'push', 'got.json', '--dry-run', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: false });
    const api = await world.run('menu', 'pull');
    expect([api.code, api.stdout]).toEqual([1, '']);
    expect(api.stderr).toContain('  Fix: It has one of the web console: wechat-mp menu pull --source live\n');
  });

  test('refuses buttons that only the web console makes, and names what can stand in', async () => {
    const world = menuWorld();
    const list = ['text', 'img', 'voice', 'video'].map((type) => ({ type, name: type, value: 'v' }));
    const news = { type: 'news', name: '新闻', value: 'x', news_info: { list: [] } };
    await world.elsewhere('/_ctl/menu', shown({ name: '更多', sub_button: { list } }, news));
    const run = await world.run('menu', 'pull', '--source', 'live', '--out', 'got.json');
    expect([run.code, run.stdout, world.files.contents.has('/desk/got.json')]).toEqual([1, '', false]);
    expect(run.stderr.slice(run.stderr.indexOf('✗')).split('\n')).toEqual([
      '✗ Cannot write this menu as a file: 5 buttons can only be made on the web console',
      '  更多 › text (text): use "click", and let your server answer',
      ...['img', 'voice', 'video'].map(
        (type) =>
          `  更多 › ${type} (${type}): use "media_id" with a permanent material; the id of this answer ends after 3 days`,
      ),
      '  新闻 (news): use "article_id" with a published article',
      '  Fix: Look at all of it with --format tree; keep it on the web console, or write a file with the types above',
      '  More: wechat-mp explain menu_web_only',
      '',
    ]);
    const tree = await world.run('menu', 'pull', '--source', 'live', '--format', 'tree');
    expect([tree.code, tree.stdout.split('\n').at(-2)]).toEqual([0, '新闻      news   x']);
  });
});
