import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';

const click = { type: 'click', name: 'a', key: 'k' };
const live = { is_menu_open: 1, selfmenu_info: { button: [{ name: 'p', sub_button: { list: [click] } }] } };

/** What reached the platform after a push of this text. */
async function pushed(text: string): Promise<unknown> {
  const world = fakeWorld({ files: { 'menu.json': text } });
  const run = await world.run('menu', 'push', '--yes', '--no-verify');
  expect({ code: run.code, stderr: run.code === 0 ? '' : run.stderr }).toEqual({ code: 0, stderr: '' });
  const log = await world.simulator.fetch(new Request('http://127.0.0.1:8090/_ctl/requests'));
  const requests = (await log.json()) as readonly { readonly path: string; readonly body: unknown }[];
  const body = requests.find(({ path }) => path.endsWith('/menu/create'))?.body;
  return typeof body === 'string' ? JSON.parse(body) : body;
}

describe('readMenuFile()', () => {
  test.each<readonly [string, string, object]>([
    ['the body itself', JSON.stringify({ button: [click] }), { button: [click] }],
    ['a $schema', JSON.stringify({ $schema: './menu.schema.json', button: [click] }), { button: [click] }],
    ['a wrapper and a menuid', JSON.stringify({ menu: { button: [click], menuid: 1 } }), { button: [click] }],
    [
      'a byte order mark and comments',
      `\u{feff}// 菜单\n{"button":[${JSON.stringify(click)},]}`,
      { button: [click] },
    ],
    [
      'empty lists of sub-buttons',
      JSON.stringify({ button: [{ ...click, sub_button: [] }] }),
      { button: [{ ...click, sub_button: [] }] },
    ],
    [
      'fields that are null',
      JSON.stringify({
        button: [{ ...click, sub_button: null, url: null }],
        matchrule: null,
        conditional: null,
      }),
      { button: [click] },
    ],
    [
      'what get_current_selfmenu_info answers',
      JSON.stringify(live),
      { button: [{ name: 'p', sub_button: [click] }] },
    ],
  ])('readMenuFile() makes of %s what menu/create takes', async (_, text, body) => {
    expect(await pushed(text)).toEqual(body);
  });

  test('readMenuFile() throws all errors with their places, and prints the warnings', async () => {
    const text = `{ "button": [\n  { "type": "view", "name": "a", "url": "http://localhost" },\n  { "type": "Click" } ] }`;
    const world = fakeWorld({ files: { 'menu.json': text } });
    const run = await world.run('menu', 'push', '--yes', '--lang', 'zh');
    expect([run.code, run.stdout, world.requests]).toEqual([2, '', []]);
    expect(run.stderr.split('\n')).toEqual([
      '! menu.json:2:41: 警告 “localhost”是内网或本机地址，手机无法打开  [url-private]',
      expect.stringContaining('微信会拒绝，共 2 处错误') as string,
      '  menu.json:3:3: 错误 按钮必须有名称（name）  [name-missing]  (40018)',
      '  menu.json:3:13: 错误 微信没有“Click”这种按钮类型  [type-case]  (40017)',
      expect.stringMatching(/^ {2}解决：/) as string,
      '  更多：wechat-mp explain menu_invalid',
      '',
    ]);
    const json = await world.run('menu', 'push', '--yes', '--json');
    expect(JSON.parse(json.stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
      error: {
        code: 2,
        type: 'menu_invalid',
        file: 'menu.json',
        problems: [
          { rule: 'name-missing', path: '/button/1', line: 3, column: 3, errcode: 40018 },
          { rule: 'type-case', path: '/button/1/type', line: 3, column: 13, errcode: 40017 },
        ],
      },
    });
  });
});
