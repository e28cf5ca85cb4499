import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSimulator, temporaryFolder } from '../../../helpers/command.ts';
import { fakeWorld, type FakeIoOptions, type FakeWorld } from '../../../helpers/fake-io.ts';
import { runHere } from '../../../helpers/in-process.ts';

const config = JSON.stringify({ profiles: { shop: { appid: 'wx0123456789abcdef' }, test: {} } });
/** Nothing in the environment says which account. */
const noAccount = { WECHAT_MP_APPID: undefined, WECHAT_MP_APPSECRET: undefined };

function project(options: FakeIoOptions = {}): FakeWorld {
  return fakeWorld({
    ...options,
    environment: { ...noAccount, ...options.environment },
    files: { '/home/me/.config/wechat-mp/config.json': config, ...options.files },
  });
}

const textOf = ({ files }: FakeWorld, name: string): string =>
  files.contents.get(`/desk/${name}`)?.toString('utf8') ?? '';
const filesOf = ({ files }: FakeWorld): readonly string[] =>
  [...files.contents.keys()].filter((file) => file.startsWith('/desk/')).map((file) => file.slice(6));

describe('init --simulator', () => {
  test('writes a project for the simulator, and ends with three commands to try', async () => {
    const world = project();
    const { code, stdout, stderr } = await world.run('init', '--simulator');
    expect([code, stdout]).toEqual([
      0,
      'wechat-mp.json  created\nmenu.json       created\n.gitignore      created\n',
    ]);
    expect(stderr).toBe(`Try next:
  wechat-mp simulator --open --to http://127.0.0.1:8080/wechat  # in a terminal of its own
  wechat-mp serve  # answers messages, in a second one
  wechat-mp menu push menu.json  # the menu appears on the phone
`);
    expect(JSON.parse(textOf(world, 'wechat-mp.json'))).toEqual({
      $schema: './node_modules/wechat-mp-cli/dist/schemas/wechat-mp.schema.json',
      profile: 'simulator',
      serve: { port: 8080, path: '/wechat' },
      trigger: { to: 'http://127.0.0.1:8080/wechat' },
    });
    expect(textOf(world, '.gitignore')).toBe(
      '# wechat-mp: secrets, and messages of people\n.env\nsecret.txt\nsim.json\npushes/\n',
    );
    expect(world.requests).toEqual([]);
  });

  test.each(['en', 'zh'])('writes a menu in "%s" that has no fault at all', async (language) => {
    const world = project();
    await world.run('init', '--simulator', '--lang', language);
    expect(textOf(world, 'menu.json')).toContain(language === 'zh' ? '你好' : 'Hello');
    expect(await world.run('menu', 'lint', 'menu.json', '--strict', '-q')).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  test('a second time changes nothing', async () => {
    const world = project();
    await world.run('init', '--simulator', '--agent');
    const before = new Map(world.files.contents);
    const { code, stdout } = await world.run('init', '--agent', '--json');
    expect(code).toBe(0);
    const { account, files } = JSON.parse(stdout) as {
      account: string;
      files: readonly { action: string }[];
    };
    // The project says which profile it is for.
    expect(account).toBe('simulator');
    expect(files.map(({ action }) => action)).toEqual(['keep', 'keep', 'keep', 'keep', 'keep']);
    expect(new Map(world.files.contents)).toEqual(before);
  });

  test.each([
    ['a name', ['shop']],
    ['the page of the test account', ['--test-account']],
  ])('excludes %s', async (_, words) => {
    expect(await project().run('init', '--simulator', ...words)).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('files that are there', () => {
  const mine = { '/desk/menu.json': '{"button":[]}', '/desk/.gitignore': 'node_modules\n/.env' };

  test('stay, and get only the lines that they lack', async () => {
    const world = project({ files: mine });
    const { stdout } = await world.run('init', 'shop', '--lang', 'zh');
    expect(stdout).toBe('wechat-mp.json  已创建\nmenu.json       保持不变\n.gitignore      已追加内容\n');
    expect(textOf(world, 'menu.json')).toBe('{"button":[]}');
    expect(textOf(world, '.gitignore')).toBe(
      'node_modules\n/.env\n\n# wechat-mp：密钥，以及用户的消息\nsecret.txt\nsim.json\npushes/\n',
    );
  });

  test('are replaced with --force, but never what others write as well', async () => {
    const world = project({ files: mine });
    const { stdout } = await world.run('init', 'shop', '--force');
    expect(stdout).toContain('menu.json       replaced\n.gitignore      new lines added\n');
    expect(textOf(world, '.gitignore')).toMatch(/^node_modules\n/);
  });

  test('in a folder above are in force here too', async () => {
    const world = project({ files: { '/wechat-mp.json': '{"profile":"test"}' } });
    const { stdout } = await world.run('init', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      profile: 'test',
      account: 'keep',
      files: [{ path: '/wechat-mp.json', action: 'keep' }, { path: 'menu.json' }, { path: '.gitignore' }],
    });
    expect(filesOf(world)).not.toContain('wechat-mp.json');
  });

  test('that name another profile are told', async () => {
    const world = project({ files: { '/desk/wechat-mp.json': '{}' } });
    const { stderr } = await world.run('init', 'shop', '-q');
    expect(stderr).toBe(
      '! "/desk/wechat-mp.json" was there and does not name this profile: write "profile": "shop" into it\n',
    );
  });

  test('the schema is where the package is, also in a folder above', async () => {
    const world = project({ files: { '/node_modules/wechat-mp-cli/menus/menu.schema.json': '{}' } });
    await world.run('init', 'shop');
    expect(textOf(world, 'menu.json')).toContain('"../node_modules/wechat-mp-cli/menus/menu.schema.json"');
  });
});

describe('--dry-run', () => {
  test('says what would be written, and neither asks nor writes', async () => {
    const world = project({ tty: ['stdin', 'stderr'] });
    const before = filesOf(world);
    const { code, stdout, stderr } = await world.run('init', 'new', '--agent', '--dry-run');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`wechat-mp.json                     would be created
menu.json                          would be created
.gitignore                         would be created
.agents/skills/wechat-mp/SKILL.md  would be created
AGENTS.md                          would be created
`);
    expect([filesOf(world), world.requests, world.shown]).toEqual([before, [], []]);
  });
});

describe('--agent', () => {
  test('adds the guide, and one line to AGENTS.md', async () => {
    const world = project({ files: { '/desk/AGENTS.md': '# Rules\n\n- Be kind.' } });
    expect((await world.run('init', '--simulator', '--agent')).code).toBe(0);
    expect(textOf(world, 'AGENTS.md')).toBe(
      '# Rules\n\n- Be kind.\n\n- WeChat Official Account (公众号): use the command wechat-mp; read `.agents/skills/wechat-mp/SKILL.md` first.\n',
    );
    expect(textOf(world, '.agents/skills/wechat-mp/SKILL.md')).toMatch(/^---\nname: wechat-mp\n/);
  });

  test('is not there unless it is asked for', async () => {
    const world = project();
    await world.run('init', '--simulator');
    expect(filesOf(world)).toEqual(['wechat-mp.json', 'menu.json', '.gitignore']);
  });

  test('renews a guide that nobody has touched, and leaves one that somebody has', async () => {
    const world = project();
    await world.run('init', '--simulator', '--agent', '--lang', 'zh');
    const guide = '.agents/skills/wechat-mp/SKILL.md';
    expect((await world.run('init', '--agent')).stdout).toContain(`${guide}  replaced`);
    world.files.append(guide, 'and more\n');
    expect((await world.run('init', '--agent', '--lang', 'zh')).stdout).toContain(`${guide}  保持不变`);
    expect(textOf(world, guide)).toMatch(/and more\n$/);
  });
});

describe('the account', () => {
  test('is asked about where this machine has some', async () => {
    const world = project({ tty: ['stdin', 'stderr'], answers: ['shop'] });
    const { code, stdout } = await world.run('init');
    expect([code, world.shown]).toEqual([0, ['For which account?']]);
    expect(stdout).toContain('wechat-mp.json  created');
    expect(JSON.parse(textOf(world, 'wechat-mp.json'))).toMatchObject({ profile: 'shop' });
  });

  test('is the one that the project names, also where nobody can be asked', async () => {
    const world = project({ files: { '/desk/wechat-mp.json': '{"profile":"shop"}' } });
    const { stdout } = await world.run('init', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ profile: 'shop', account: 'keep' });
  });

  test('that is missing is exit 2, which names the flags, and nothing is written', async () => {
    const world = project();
    const { code, stderr } = await world.run('init', 'new');
    expect([code, filesOf(world)]).toEqual([2, []]);
    expect(stderr).toContain('--appid');
    expect(stderr).toContain('wechat-mp init --simulator');
  });

  test('of a name that is taken by another AppID is refused', async () => {
    const world = project();
    const { code, stderr } = await world.run('init', 'shop', '--appid', 'wxaaaaaaaaaaaaaaaa');
    expect([code, filesOf(world)]).toEqual([2, []]);
    expect(stderr).toContain('wx0123456789abcdef');
  });

  test('that is new is proved and saved, under the name of the folder', async () => {
    const simulator = await startSimulator();
    const folder = temporaryFolder();
    const first = await runHere(['init', '--json'], { env: simulator.env, cwd: folder });
    const name = path.basename(folder);
    expect({ ...first, stdout: JSON.parse(first.stdout) as unknown }).toMatchObject({
      code: 0,
      stdout: { profile: name, account: 'add', dry_run: false },
    });
    const listed = await runHere(['profile', 'list', '--json'], { env: simulator.env });
    expect(JSON.parse(listed.stdout)).toMatchObject([{ name, appid: simulator.appid, secret: 'file' }]);
    // In the project the profile is the account, without a variable.
    const env = { HOME: simulator.env['HOME'], WECHAT_MP_STATE_DIR: temporaryFolder() };
    const pushed = await runHere(['menu', 'push', 'menu.json', '--dry-run', '--json'], { env, cwd: folder });
    expect(pushed.code).toBe(0);
    expect(JSON.parse(pushed.stdout)).toMatchObject({ changed: true, appid: simulator.appid });
    const again = await runHere(['init', '--json'], { env: simulator.env, cwd: folder });
    expect(JSON.parse(again.stdout)).toMatchObject({ account: 'keep' });
  });

  test('that the whitelist keeps out is saved with its files, and the whitelist explained', async () => {
    const simulator = await startSimulator(['--scenario', 'ip-not-allowed']);
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'menu.json'), '{}');
    const { code, stdout, stderr } = await runHere(['init', 'far'], { env: simulator.env, cwd: folder });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('Written: wechat-mp.json, .gitignore');
    expect(stderr).toContain('40164');
    expect(readFileSync(path.join(folder, 'wechat-mp.json'), 'utf8')).toContain('"profile": "far"');
  });

  test('that the platform calls wrong leaves nothing behind', async () => {
    const simulator = await startSimulator();
    const folder = temporaryFolder();
    const env = { ...simulator.env, WECHAT_MP_APPSECRET: '0'.repeat(32) };
    expect((await runHere(['init', 'wrong'], { env, cwd: folder })).code).toBe(3);
    expect(existsSync(path.join(folder, 'wechat-mp.json'))).toBe(false);
  });
});
