import { describe, expect, test } from 'vitest';
import { click, forPlatform, forTag, menuText, menuWorld } from '../../../helpers/menu-world.ts';

const person = { tty: ['stdout'] as const };
const longUrl = `https://shop.example/${'x'.repeat(60)}`;
const old = {
  button: [
    click('歌曲', 'A'),
    { name: '菜单', sub_button: [click('搜索', 'B'), { type: 'view', name: '店', url: 'https://a.cn/' }] },
  ],
  conditional: [forTag(1, 'x'), forTag(2, 'x')],
};
const next = {
  button: [
    { name: '菜单', sub_button: [{ type: 'view', name: '店', url: longUrl }, click('新', 'N')] },
    click('每日', 'A'),
    click('搜索', 'B'),
  ],
  conditional: [forTag(1, 'y'), forPlatform(3, 'z')],
};
const files = { 'menu.json': JSON.stringify(old), 'next.json': JSON.stringify(next) };
const summary = { GITHUB_STEP_SUMMARY: '/desk/summary.md' };

async function withMenu(options: Parameters<typeof menuWorld>[0] = {}) {
  const world = menuWorld({ files, ...options });
  expect((await world.run('menu', 'push', '--yes')).code).toBe(0);
  return world;
}

const withoutIds = (text: string) => text.replaceAll(/menuid \d+/g, 'menuid 7');

describe('menu diff', () => {
  test('is exit 0 for the same, 1 for another, 2 for no menu', async () => {
    const world = await withMenu();
    const { appId } = world.simulator.account;
    expect(await world.run('menu', 'diff', '-q')).toEqual({
      code: 0,
      stdout: `No difference between menu.json and ${appId}\n`,
      stderr: '',
    });
    const different = await world.run('menu', 'diff', 'next.json');
    expect([different.code, different.stderr.split('\n').at(-2)]).toEqual([
      1,
      `next.json differs from what ${appId} has`,
    ]);
    expect((await world.run('menu', 'diff', 'missing.json')).code).toBe(2);
    expect(world.writes).toHaveLength(3);
  });

  test('shows what moved, changed, came and went, in both languages', async () => {
    const world = await withMenu();
    expect(withoutIds((await world.run('menu', 'diff', 'next.json')).stdout)).toBe(
      [
        '~ 菜单 › 店  url',
        '  - https://a.cn/',
        `  + ${longUrl}`,
        '~ 歌曲  name: 歌曲 → 每日',
        '> 每日  from place 1 to 2',
        '> 搜索  from 菜单, place 1, to the menu bar, place 3',
        '+ 菜单 › 新  click  N',
        '~ conditional menu: tag 1  is replaced',
        '    ~ a  key: x → y',
        '+ conditional menu: other systems  is new',
        '    + a  click  z',
        '- conditional menu: tag 2 (menuid 7)  is not in the file',
        '    - a  click  x',
        '',
      ].join('\n'),
    );
    const { stdout } = await world.run('menu', 'diff', 'next.json', '--lang', 'zh');
    expect(withoutIds(stdout)).toContain('> 搜索  从“菜单”第 1 位移到“菜单栏”第 3 位\n');
    expect(withoutIds(stdout)).toContain('- 个性化菜单：标签 2 (menuid 7)  文件中没有\n');
  });

  test('is coloured on a terminal only, and never by what stands in a menu', async () => {
    const world = await withMenu(person);
    const { stdout } = await world.run('menu', 'diff', 'next.json');
    expect(stdout).toContain('\u{1b}[33m~\u{1b}[39m 菜单 › 店  url\n');
    expect((await world.run('menu', 'diff', 'next.json', '--no-color')).stdout).not.toContain('\u{1b}');
    const evil = {
      button: [{ type: 'click', name: '\u{1b}[2J\u{202e}a', key: '\u{9b}31mk', sub_button: [] }],
    };
    await world.fault({ path: '/cgi-bin/menu/get', body: JSON.stringify({ menu: evil }) });
    await world.fault({
      path: '/cgi-bin/get_current_selfmenu_info',
      body: JSON.stringify({ is_menu_open: 1, selfmenu_info: evil }),
    });
    const run = await world.run('menu', 'diff', 'next.json', '--no-color');
    expect(run.stdout).toMatch(/^- a {2}click {2}k$/m);
    // oxlint-disable-next-line no-control-regex
    expect(run.stdout).not.toMatch(/[\x1b\x80-\x9f\u202e]/);
  });

  test('--json has exactly the keys of the contract', async () => {
    const world = await withMenu();
    const run = await world.run('menu', 'diff', 'next.json', '--json', '-q');
    const result = JSON.parse(run.stdout) as Record<string, Record<string, unknown>[]>;
    expect([run.code, run.stderr]).toEqual([1, '']);
    expect(Object.keys(result)).toEqual(['ok', 'equal', 'remote_hash', 'changes', 'conditional']);
    expect(result).toMatchObject({
      ok: false,
      equal: false,
      remote_hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    for (const change of result['changes'] ?? []) {
      expect(Object.keys(change)).toEqual(['op', 'path', 'from', 'to']);
    }
    expect(result['conditional']?.map(({ op, path }) => [op, path])).toEqual([
      ['change', '/conditional/0'],
      ['add', '/conditional/1'],
      ['remove', null],
    ]);
    const same = JSON.parse((await world.run('menu', 'diff', '--json')).stdout) as object;
    expect(same).toEqual({
      ok: true,
      equal: true,
      remote_hash: result['remote_hash'],
      changes: [],
      conditional: [],
    });
  });

  test('is no difference where only the order of keys, {list} or the wrapper is another', async () => {
    const world = await withMenu();
    const reordered = JSON.stringify({
      conditional: old.conditional,
      menu: { button: old.button.map((button) => Object.fromEntries(Object.entries(button).toReversed())) },
    });
    const other = menuWorld({ simulator: world.simulator, files: { 'menu.json': reordered } });
    expect((await other.run('menu', 'diff')).code).toBe(0);
  });

  test('compares with a menu of the web console, and says that it is one', async () => {
    const world = menuWorld({ files: { 'menu.json': menuText('d') } });
    const shown = { button: [{ type: 'text', name: '问候', value: '你好' }] };
    await world.elsewhere('/_ctl/menu', { is_menu_open: 1, selfmenu_info: shown });
    const run = await world.run('menu', 'diff');
    expect([run.code, run.stdout]).toEqual([1, '- 问候  text  你好\n+ a  click  d\n']);
    expect(run.stderr).toContain('! The live menu was made on the web console');
  });

  test('--summary appends Markdown whose block nothing in a menu can end', async () => {
    const world = await withMenu({ environment: summary });
    const name = '```';
    const evil = menuWorld({
      simulator: world.simulator,
      environment: summary,
      files: { ...files, 'menu.json': JSON.stringify({ button: [click(name, '`\n```\n# x')] }) },
    });
    const { appId } = world.simulator.account;
    expect((await evil.run('menu', 'diff', '--summary')).code).toBe(1);
    const lines = evil.files.contents.get('/desk/summary.md')?.toString().split('\n') ?? [];
    expect(lines.slice(0, 3)).toEqual([`### \`menu.json\` differs from what ${appId} has`, '', '```diff']);
    expect(lines.slice(-2)).toEqual(['```', '']);
    expect(lines.filter((line) => /^ {0,3}`{3}/.test(line))).toEqual(['```diff', '```']);
    expect((await world.run('menu', 'diff', '--summary', '--lang', 'zh')).code).toBe(0);
    expect(world.files.contents.get('/desk/summary.md')?.toString()).toBe(
      `### \`menu.json\` 与 ${appId} 没有差异\n`,
    );
  });

  test('--summary outside of GitHub Actions is a mistake, before anything is sent', async () => {
    const world = menuWorld({ files });
    const run = await world.run('menu', 'diff', '--summary');
    expect([run.code, run.stdout, world.requests]).toEqual([2, '', []]);
    expect(run.stderr).toContain('✗ Flag --summary needs $GITHUB_STEP_SUMMARY, which is not set\n');
  });
});
