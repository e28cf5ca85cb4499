/** What is published: the tarball by itself, and the menus in it. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { beforeAll, describe, expect, test } from 'vitest';
import { buttonFields, normaliseMenu } from '../../src/core/menu.ts';
import { validateMenu } from '../../src/core/menu-rules.ts';
import { builtFile, run, startSimulator, temporaryFolder } from '../helpers/command.ts';
import { createProject, root } from './project.ts';

/** The repository as it is packed: the sources are there, so that leaving them out is the manifest's work. */
function copyRepository(): string {
  const folder = temporaryFolder();
  const left = new Set(['node_modules', '.git', 'dist']);
  for (const name of readdirSync(root).filter((each) => !left.has(each))) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  cpSync(path.dirname(builtFile()), path.join(folder, 'dist'), { recursive: true });
  return folder;
}

interface Packed {
  /** The folder `package` of the tarball, unpacked where no library is near. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly bytes: number;
}

function pack(): Packed {
  const repository = copyRepository();
  const place = temporaryFolder();
  // `npm pack` would build first; the build of this run is there already.
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', place], {
    cwd: repository,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: place, npm_config_offline: 'true' },
  });
  expect({ status: packed.status, stderr: packed.stderr }).toEqual({ status: 0, stderr: '' });
  const tarball = path.join(place, packed.stdout.trim());
  expect(spawnSync('tar', ['-xzf', tarball, '-C', place]).status).toBe(0);
  const folder = path.join(place, 'package');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  return { folder, files, bytes: statSync(tarball).size };
}

describe('the tarball', () => {
  test('holds the command, the menus and the documents, and nothing else', () => {
    const { files, folder } = pack();
    const outside = files.filter((file) => !file.startsWith('dist/')).toSorted();
    const menus = readdirSync(path.join(root, 'menus')).map((name) => `menus/${name}`);
    expect(outside).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'README.zh-CN.md',
        'bin/wechat-mp.js',
        'package.json',
        ...menus,
      ].toSorted(),
    );
    expect(files).toContain('dist/start.js');
    expect(files.filter((file) => /^dist\/(?!.*\.js$)/.test(file))).toEqual([]);
    expect(statSync(path.join(folder, 'bin/wechat-mp.js')).mode & 0o111).toBe(0o111);
  });

  test('needs no library beside it: the version, a token, a menu and a code', async () => {
    const { folder } = pack();
    for (let place = folder; place !== path.dirname(place); place = path.dirname(place)) {
      expect(existsSync(path.join(place, 'node_modules'))).toBe(false);
    }
    const project = createProject([process.execPath, path.join(folder, 'bin/wechat-mp.js')]);
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await project.exec(['wechat-mp', '--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
    const script = [
      'set -e',
      'wechat-mp token',
      `wechat-mp menu push ${folder}/menus/basic.json --yes`,
      'wechat-mp menu pull --out pulled.json',
      'wechat-mp qr create --scene 123 --out qr.jpg',
      "wechat-mp sign-url 'https://example.com/'",
      'wechat-mp help > help.txt',
    ].join('\n');
    const { code, stdout } = await project.exec(['wechat-mp', 'simulator', '--', 'sh', '-c', script]);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.replace(/[ =].*/, '').slice(0, 9))).toEqual([
      expect.stringMatching(/^SIM_/),
      'Pushed',
      'pulled.js',
      'http://we',
      'appId',
      'timestamp',
      'nonceStr',
      'signature',
      'url',
      '',
    ]);
  });

  test('loads every file of dist without a library near it', async () => {
    const { folder, files } = pack();
    // A chunk that only a rare path loads would otherwise break on a user's machine.
    const chunks = files.filter((file) => file.startsWith('dist/') && file !== 'dist/start.js');
    expect(chunks.length).toBeGreaterThan(10);
    const program = `for (const file of ${JSON.stringify(chunks)}) require(${JSON.stringify(folder)} + '/' + file);`;
    const { status, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8', cwd: '/' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('runs from where an install puts it, by its own first line', () => {
    const { folder } = pack();
    // No registry is at hand, so this is what an install does, without the libraries: unpack, and start the command.
    const project = temporaryFolder();
    const target = path.join(project, 'node_modules/wechat-mp-cli');
    mkdirSync(path.dirname(target), { recursive: true });
    cpSync(folder, target, { recursive: true });
    const { bin } = JSON.parse(readFileSync(path.join(target, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
    };
    expect(Object.keys(bin)).toEqual(['wechat-mp']);
    const { status, stdout } = spawnSync(path.join(target, bin['wechat-mp'] ?? ''), ['--version'], {
      cwd: project,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

interface Branch {
  readonly required?: readonly string[];
  readonly properties?: Readonly<
    Record<string, { readonly const?: string; readonly enum?: readonly string[] }>
  >;
  readonly oneOf?: readonly Branch[];
  readonly else?: Branch;
}

describe('menus/menu.schema.json', () => {
  const schema = JSON.parse(readFileSync(path.join(root, 'menus/menu.schema.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const menus = readdirSync(path.join(root, 'menus')).filter((name) => !name.includes('schema'));
  const readMenu = (name: string): unknown =>
    JSON.parse(readFileSync(path.join(root, 'menus', name), 'utf8'));
  let accepts: ValidateFunction;
  beforeAll(() => {
    accepts = new Ajv({ strict: false }).compile(schema);
  });

  test.each(menus)('accepts menus/%s', (name) => {
    expect(accepts(readMenu(name)) ? [] : accepts.errors).toEqual([]);
  });

  const click = { type: 'click', name: '歌曲', key: 'SONG' };
  const parent = (count: number, child: object = click): object => ({
    name: '菜单',
    sub_button: Array.from({ length: count }, () => child),
  });

  test.each<readonly [string, object]>([
    ['one button', { button: [click] }],
    ['three buttons', { button: [click, click, click] }],
    ['five sub-buttons', { button: [parent(5)] }],
    ['a button with an empty list, as menu/get answers', { button: [{ ...click, sub_button: [] }] }],
  ])('accepts %s, as the command does', (_, menu) => {
    expect(accepts(menu) ? [] : accepts.errors).toEqual([]);
    expect(validateMenu(menu).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test.each<readonly [string, object]>([
    ['no button', { button: [] }],
    ['four buttons', { button: [click, click, click, click] }],
    ['six sub-buttons', { button: [parent(6)] }],
    ['an unknown type', { button: [{ ...click, type: 'tap' }] }],
    ['a type in capitals', { button: [{ ...click, type: 'CLICK' }] }],
    ['no type', { button: [{ name: '歌曲', key: 'SONG' }] }],
    ['no name', { button: [{ type: 'click', key: 'SONG' }] }],
    ['no key', { button: [{ type: 'click', name: '歌曲' }] }],
    ['a view without url', { button: [{ type: 'view', name: '搜索' }] }],
    ['a third level', { button: [parent(1, parent(1))] }],
    ['an unknown type on the second level', { button: [parent(1, { ...click, type: 'tap' })] }],
    ['a missing key on the second level', { button: [parent(1, { type: 'click', name: '歌曲' })] }],
  ])('refuses %s, as the command does', (_, menu) => {
    expect(accepts(menu)).toBe(false);
    expect(validateMenu(menu).filter(({ severity }) => severity === 'error')).not.toEqual([]);
  });

  /** Types and their required keys, from every list of alternatives in the schema. */
  function typesIn(
    value: unknown,
    found: Record<string, readonly string[]>[] = [],
  ): Record<string, readonly string[]>[] {
    if (typeof value !== 'object' || value === null) return found;
    const branches = (value as Branch).oneOf;
    if (branches !== undefined) {
      found.push(
        Object.fromEntries(
          branches.map(({ properties = {}, required = [] }) => [
            properties['type']?.const ?? '',
            required.filter((key) => key !== 'type' && key !== 'name'),
          ]),
        ),
      );
    }
    for (const inner of Object.values(value)) typesIn(inner, found);
    return found;
  }

  test('lists the types and required keys of the platform, on both levels', () => {
    const lists = typesIn(schema);
    expect(lists.length).toBeGreaterThanOrEqual(2);
    for (const list of lists) expect(list).toEqual(buttonFields);
  });

  test.each(menus)('menus/%s can be pushed, and what is pulled is the same', async (name) => {
    const simulator = await startSimulator();
    const file = path.join(root, 'menus', name);
    const pushed = await run(['menu', 'push', file, '--yes', '--quiet'], { env: simulator.env });
    expect(pushed.code).toBe(0);
    const pulled = await run(['menu', 'pull', '--quiet'], { env: simulator.env });
    expect(JSON.parse(pulled.stdout)).toEqual(normaliseMenu(readMenu(name)));
    const { $schema: _, ...content } = readMenu(name) as { $schema?: string };
    expect(JSON.parse(pulled.stdout)).toEqual(content);
    // What was pulled is a file that changes nothing.
    const again = await run(['menu', 'push', '-', '--dry-run', '--json', '--quiet'], {
      env: simulator.env,
      input: pulled.stdout,
    });
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: false });
  });
});
