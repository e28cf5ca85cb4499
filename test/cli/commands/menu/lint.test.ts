import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';
import { rounds } from '../../../helpers/rounds.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const menus = readdirSync(path.join(root, 'menus')).filter((name) => /(?<!schema)\.json$/.test(name));
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const samples = JSON.parse(read('test/fixtures/menu-samples.json')) as Record<string, unknown>;

const good = '{ "button": [{ "type": "click", "name": "歌曲", "key": "K" }] }';
const warned = '{ "button": [{ "type": "view", "name": "a", "url": "https://localhost" }] }';
/** The name stands at line 12, column 17. */
const long = `{
  "$schema": "./menu.schema.json",
  "button": [
    {
      "type": "click",
      "name": "a",
      "key": "k"
    },
    {
      "type": "click",
      "key": "l",
        "name": "十八个字节的"
    }
  ]
}
`;

const lint = async (text: string, ...words: string[]) =>
  await fakeWorld({ files: { 'menu.json': text } }).run('menu', 'lint', ...words);

describe('menu lint', () => {
  test('paints the severity where stdout has colour', async () => {
    expect((await lint(long, '--color')).stdout).toContain(
      '\u001B[2mmenu.json:12:17:\u001B[22m \u001B[31merror\u001B[39m   top-level name',
    );
    expect((await lint(warned, '--color', '--lang', 'zh')).stdout).toMatch(
      // oxlint-disable-next-line no-control-regex
      /^\u001B\[2mmenu\.json:1:\d+:\u001B\[22m \u001B\[33m警告\u001B\[39m /,
    );
  });

  test('folds a way out in a narrow terminal, and never the line of a problem', async () => {
    const world = fakeWorld({ files: { 'menu.json': long }, tty: ['stdout'] });
    Object.assign(world.io.terminal, { columns: 40 });
    expect((await world.run('menu', 'lint', '--no-color')).stdout).toBe(
      'menu.json:12:17: error   top-level name is 18 bytes; WeChat allows 16  [name-bytes]  (40018)\n' +
        '  Fix: Shorten it; a Chinese\n    character has 3 bytes\n',
    );
  });

  test('prints each problem with its place, rule and code, and ends with 1', async () => {
    expect(await lint(long)).toEqual({
      code: 1,
      stdout:
        'menu.json:12:17: error   top-level name is 18 bytes; WeChat allows 16  [name-bytes]  (40018)\n' +
        '  Fix: Shorten it; a Chinese character has 3 bytes\n',
      stderr: 'menu.json: 1 error, 0 warnings\n',
    });
    expect(await lint(long, '--lang', 'zh')).toEqual({
      code: 1,
      stdout:
        'menu.json:12:17: 错误 一级菜单名称为 18 字节；微信最多允许 16 字节  [name-bytes]  (40018)\n' +
        '  解决：请缩短名称；一个汉字占 3 字节\n',
      stderr: 'menu.json：1 个错误，0 个警告\n',
    });
  });

  test('gives both codes of a mistake, and what was probably meant', async () => {
    const text = '{"button":[{"name":"p","sub_button":[{"type":"veiw","name":"a","url":"https://a.com"}]}]}';
    expect((await lint(text)).stdout).toBe(
      'menu.json:1:46: error   WeChat has no button type "veiw"; did you mean "view"?  [type-unknown]  (40024/40017)\n',
    );
  });

  test('--json describes every problem', async () => {
    const run = await lint(
      long.replace('"type": "click",\n      "name": "a"', '"type": "click", "nmae": 1'),
      '--json',
    );
    expect([run.code, run.stderr]).toEqual([1, '']);
    expect(JSON.parse(run.stdout)).toEqual({
      file: 'menu.json',
      ok: false,
      errors: 2,
      warnings: 1,
      problems: [
        {
          rule: 'name-missing',
          severity: 'error',
          path: '/button/0',
          line: 4,
          column: 5,
          errcode: 40018,
          message: 'A button must have a name',
        },
        {
          rule: 'unknown-key',
          severity: 'warning',
          path: '/button/0/nmae',
          line: 5,
          column: 24,
          errcode: null,
          message: 'A button has no key "nmae"; did you mean "name"?',
        },
        {
          rule: 'name-bytes',
          severity: 'error',
          path: '/button/1/name',
          line: 11,
          column: 17,
          errcode: 40018,
          message: 'Top-level name is 18 bytes; WeChat allows 16',
        },
      ],
    });
    expect(await lint(long, '--format', 'json')).toMatchObject({ code: 1, stderr: '' });
  });

  test('says that there is nothing to say', async () => {
    expect(await lint(good)).toEqual({ code: 0, stdout: 'menu.json: no problems\n', stderr: '' });
    expect(JSON.parse((await lint(good, '--json')).stdout)).toEqual({
      file: 'menu.json',
      ok: true,
      errors: 0,
      warnings: 0,
      problems: [],
    });
    expect(await lint(good, '--format', 'github')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'menu.json: no problems\n',
    });
  });

  test('--strict fails on warnings, which are no failure otherwise', async () => {
    expect([(await lint(warned)).code, (await lint(warned, '--strict')).code]).toEqual([0, 1]);
    expect(JSON.parse((await lint(warned, '--strict', '--json')).stdout)).toMatchObject({
      ok: false,
      errors: 0,
      warnings: 1,
    });
    expect((await lint(good, '--strict')).code).toBe(0);
  });

  test('--strict passes the sample of the documentation, whose links are http', async () => {
    const text = JSON.stringify(samples['official']);
    expect((await lint(text, '--strict')).code).toBe(0);
    expect(JSON.parse((await lint(text, '--strict', '--json')).stdout)).toMatchObject({
      ok: true,
      errors: 0,
      warnings: 0,
      problems: [
        { rule: 'url-http', severity: 'notice' },
        { rule: 'url-http', severity: 'notice' },
      ],
    });
  });

  test('notices of one rule stand in one line', async () => {
    const view = (index: number) => `{ "type": "view", "name": "n${index}", "url": "http://a.com/${index}" }`;
    const text = (count: number) =>
      `{ "button": [{ "name": "p", "sub_button": [\n${Array.from({ length: count }, (_, index) => view(index)).join(',\n')}\n] }] }`;
    const start = 'menu.json:2:40: notice  the URL begins with "http://", so the page opens unencrypted';
    const end = '  [url-http]\n  Fix: Use "https://" if the page has it\n';
    expect(await lint(text(1))).toEqual({
      code: 0,
      stdout: `${start}${end}`,
      stderr: 'menu.json: no errors or warnings\n',
    });
    expect((await lint(text(2))).stdout).toBe(`${start}; so does 1 more (line 3)${end}`);
    expect((await lint(text(5))).stdout).toBe(`${start}; so do 4 more (lines 3, 4, 5, 6)${end}`);
    expect((await lint(text(5), '--format', 'github')).stdout).toMatch(
      /^::notice file=menu\.json,line=2,[^\n]*\n$/,
    );
  });

  test('--format github escapes what would end a command or a property', async () => {
    const name = 'a,b:c%.json';
    const text = good.replace('] }', '],"100%\\n::x":1 }');
    const world = fakeWorld({ files: { [name]: text } });
    expect((await world.run('menu', 'lint', name, '--format', 'github', '-q')).stdout).toBe(
      `::warning file=a%2Cb%3Ac%25.json,line=1,col=${text.indexOf('"100') + 1}::A menu has no key "100%25 ::x" [unknown-key]\n`,
    );
    expect((await lint(long, '--format', 'github', '-q')).stdout).toBe(
      '::error file=menu.json,line=12,col=17::Top-level name is 18 bytes; WeChat allows 16 [name-bytes] (40018)%0AShorten it; a Chinese character has 3 bytes\n',
    );
  });

  test('annotates in GitHub Actions whatever is printed, on stderr', async () => {
    const options = { files: { 'menu.json': warned }, environment: { GITHUB_ACTIONS: 'true' } };
    const run = await fakeWorld(options).run('menu', 'lint', '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({ warnings: 1 });
    const column = warned.indexOf('"https') + 1;
    expect(run.stderr).toMatch(new RegExp(`^::warning file=menu\\.json,line=1,col=${column}::.*\\n$`));
    const github = await fakeWorld(options).run('menu', 'lint', '--format', 'github', '-q');
    expect([github.stdout, github.stderr]).toEqual([run.stderr, '']);
  });

  test('--format tree draws the menu and its conditional menus, with the problems on stderr', async () => {
    const run = await lint(
      `{"button":[{"type":"view","name":"主页","url":"http://a.com"}],
        "conditional":[{"button":[{"type":"click","name":"会员","key":"VIP"}],"matchrule":{"tag_id":"2"}}]}`,
      '--format',
      'tree',
      '-q',
    );
    expect(run.stdout.split('\n')).toEqual([
      '┌───────────────────┐',
      '│       主页        │',
      '└───────────────────┘',
      '',
      '主页  view  http://a.com',
      '',
      'tag_id=2',
      '┌───────────────────┐',
      '│       会员        │',
      '└───────────────────┘',
      '',
      '会员  click  VIP',
      '',
    ]);
    expect(run.stderr).toMatch(
      /^! menu.json:1:\d+: notice  the URL begins with "http:\/\/".*\[url-http\]\n$/,
    );
    expect(await lint('[]', '--format', 'tree')).toMatchObject({ code: 1, stdout: '' });
  });

  test('--json and another --format exclude each other', async () => {
    expect((await lint(good, '--json', '--format', 'tree')).code).toBe(2);
    expect((await lint(good, '--json', '--format', 'json')).code).toBe(0);
    expect((await lint(good, '--format', 'xml')).code).toBe(2);
  });
});

describe('menu lint: files', () => {
  test('asks nobody and needs no account', async () => {
    const world = fakeWorld({
      files: { 'menu.json': good },
      environment: { WECHAT_MP_APPID: undefined, WECHAT_MP_APPSECRET: undefined, HOME: undefined },
    });
    expect((await world.run('menu', 'lint')).code).toBe(0);
    expect(world.requests).toEqual([]);
  });

  test('reads stdin for "-"', async () => {
    const run = await fakeWorld({ stdin: long }).run('menu', 'lint', '-');
    expect(run.stdout).toMatch(/^stdin:12:17: error /);
  });

  test.each([
    ['a byte order mark', `\u{feff}${long}`, 12, 17],
    ['comments', `// 菜单\n/* 两行\n注释 */ ${long}`, 14, 17],
    ['Windows line ends', long.replaceAll('\n', '\r\n'), 12, 17],
    ['tabs', long.replace('        "name"', '\t\t"name"'), 12, 11],
    ['emoji before it', long.replace('        "name"', '/*😀*/ "name"'), 12, 16],
    ['a comma at the end', long.replace('"\n    }\n', '",\n    },\n'), 12, 17],
    ['a wrapper', `{"menu":\n${long}}`, 13, 17],
  ])('counts lines and columns right with %s', async (_, text, line, column) => {
    expect(JSON.parse((await lint(text, '--json')).stdout)).toMatchObject({
      problems: [{ rule: 'name-bytes', line, column }],
    });
  });

  test.each([
    ['is not JSON', '{\n  "button": [,]\n}', 'json_invalid', /at line 2, column 14/],
    ['ends too early', '{\n  "button": [', 'json_invalid', /line 2, column 14/],
    ['is YAML', 'button:\n  - name: a\n    __proto__: {}\n', 'json_invalid', /it looks like YAML$/],
    ['is empty', '', 'json_invalid', /line 1, column 1/],
  ])('a file that %s is exit 2 with its place, also as an annotation', async (_, text, type, place) => {
    const run = await lint(text, '--json');
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(JSON.parse(run.stderr)).toMatchObject({
      error: { type, message: expect.stringMatching(place) as string },
    });
    const { line, column } = (JSON.parse(run.stderr) as { error: { line: number; column: number } }).error;
    const github = await lint(text, '--format', 'github');
    expect(github.code).toBe(2);
    expect(github.stdout).toMatch(
      new RegExp(`^::error file=menu\\.json,line=${line},col=${column}::Cannot read `),
    );
  });

  test('names GBK, and a file that is not there', async () => {
    // "歌曲" in GBK.
    const gbk = Buffer.concat([
      Buffer.from('{"button":[{"name":"'),
      Buffer.from('b8e8c7fa', 'hex'),
      Buffer.from('"}]}'),
    ]);
    const run = await fakeWorld({ files: { 'menu.json': gbk } }).run('menu', 'lint', '--lang', 'zh');
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('看起来是 GBK') as string]);
    expect((await fakeWorld().run('menu', 'lint', 'no.json')).code).toBe(2);
  });

  test('finds an end in a file full of mistakes', async () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => `"k${index}":0`).join(',\n');
    const run = await lint(`{"button":[],${keys}}`, '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({ errors: 1, warnings: 10_000 });
    const count = rounds(20_000, 150_000);
    const tree = await lint(`{"button":[${'0,'.repeat(count)}]}`, '--format', 'tree');
    expect(tree.stderr).toContain(`menu.json: ${count + 1} errors, 0 warnings\n`);
  });

  test('lets nothing of the file steer the terminal', async () => {
    const run = await lint(
      '{"button":[],"a\\u001b[31m\\n::error::b\\u202e":1,"type":[{"type":"\\u009b2J"}]}',
    );
    // oxlint-disable-next-line no-control-regex
    expect(run.stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(run.stdout).not.toMatch(/^::/m);
  });
});

describe('the menus that come with the tool', () => {
  test('are one of each kind that people need first', () => {
    expect(menus).toEqual([
      'all-types.json',
      'basic.json',
      'conditional.json',
      'media.json',
      'service.json',
      'shop.json',
    ]);
  });

  test.each(menus)(
    'menus/%s passes, without a warning but for types that it is there to show',
    async (name) => {
      const run = await lint(read(`menus/${name}`), '--json');
      const { problems } = JSON.parse(run.stdout) as { problems: readonly { rule: string }[] };
      expect(run.code).toBe(0);
      expect(problems.map(({ rule }) => rule)).toEqual(name === 'all-types.json' ? ['type-retired'] : []);
      expect(JSON.parse(read(`menus/${name}`))).toMatchObject({ $schema: './menu.schema.json' });
    },
  );
});

describe('the samples of the documentation', () => {
  test.each(Object.entries(samples).filter(([name]) => name !== 'body of addconditional'))(
    '%s passes',
    async (_, menu) => {
      const run = await lint(JSON.stringify(menu), '--json');
      expect(JSON.parse(run.stdout)).toMatchObject({ ok: true, errors: 0 });
    },
  );

  test('the body of addconditional is no menu of everybody, as push says, too', async () => {
    const files = { 'menu.json': JSON.stringify(samples['body of addconditional']) };
    const run = await fakeWorld({ files }).run('menu', 'lint', '--json');
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ problems: [{ rule: 'match-rule-place', errcode: null }] });
    const world = fakeWorld({ files });
    const push = await world.run('menu', 'push', '-y');
    expect([push.code, world.requests]).toEqual([2, []]);
    expect(push.stderr).toContain('Cannot use "menu.json": 1 error\n');
    expect(push.stderr).toContain(
      '"conditional": [{"button": […], "matchrule": {"tag_id":"2","client_platform_type":"2"}}]',
    );
  });

  test('what the web console made is read, and its types are refused by name', async () => {
    const run = await lint(read('test/fixtures/menu-of-the-web-console.json'), '--json');
    const { problems } = JSON.parse(run.stdout) as { problems: readonly Record<string, unknown>[] };
    const refused = ['text', 'img', 'voice', 'news'].map((type, index) => ({
      rule: 'type-web-only',
      path: `/selfmenu_info/button/1/sub_button/list/${index + 1}/type`,
      message: `Only the web console makes buttons of type "${type}"`,
    }));
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject(refused);
    expect(problems.filter(({ severity }) => severity === 'notice')).toMatchObject([{ rule: 'url-http' }]);
  });
});
