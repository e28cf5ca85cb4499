/** What is published: the tarball by itself, and the menus in it. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { builtDist, startSimulator, temporaryFolder } from '../helpers/command.ts';
import { runHere } from '../helpers/in-process.ts';
import { createProject, root } from './project.ts';

/** The repository as it is packed: the sources are there, so that leaving them out is the manifest's work. */
function copyRepository(): string {
  const folder = temporaryFolder();
  const left = new Set(['node_modules', '.git', 'dist', 'test']);
  for (const name of readdirSync(root).filter((each) => !left.has(each))) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  cpSync(path.join(root, 'test/tools'), path.join(folder, 'test/tools'), { recursive: true });
  cpSync(builtDist(), path.join(folder, 'dist'), { recursive: true });
  return folder;
}

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: unknown;
  readonly optionalDependencies?: unknown;
  readonly peerDependencies?: unknown;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}

interface Packed {
  /** The folder `package` of the tarball, unpacked where no library is near. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly bytes: number;
}

const place = mkdtempSync(path.join(tmpdir(), 'wechat-mp-package-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));
let packedOnce: Packed | undefined;

/** Packed once for all tests, which only read it. */
function pack(): Packed {
  return (packedOnce ??= packAnew());
}

function packAnew(): Packed {
  const repository = copyRepository();
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
        ...['api', 'server', 'simulator'].flatMap((name) => [
          `src/${name}/README.md`,
          `src/${name}/README.zh-CN.md`,
        ]),
        ...menus,
      ].toSorted(),
    );
    expect(files).toContain('dist/start.js');
    // Besides programs: the types of the library, the page, schemas, the manual, what completion knows, and the licences of what is in the programs.
    const others = files.filter((file) => /^dist\/(?!.*\.js$)/.test(file));
    const expected =
      /^dist\/(?:library\/.*\.d\.ts|page\/[\w-]+\.(?:html|css|svg)|schemas\/(?:output\/)?[\w-]+\.schema\.json|wechat-mp\.1|completion\.json|THIRD_PARTY_LICENSES\.txt)$/;
    expect(others.filter((file) => !expected.test(file))).toEqual([]);
    expect(statSync(path.join(folder, 'bin/wechat-mp.js')).mode & 0o111).toBe(0o111);
  });

  test('brings the manual page, and the schemas that files name', () => {
    const { folder, files } = pack();
    const { man } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { man: string };
    expect(readFileSync(path.join(folder, man), 'utf8')).toMatch(/^\.TH WECHAT\\-MP 1 /);
    const schemas = files.filter((file) => file.startsWith('dist/schemas/') && !file.includes('/output/'));
    expect(schemas.map((file) => path.basename(file, '.schema.json')).toSorted()).toEqual([
      'error',
      'qr-batch',
      'rules',
      'scenario',
      'state',
      'wechat-mp',
    ]);
    expect(files).toContain('dist/schemas/output/menu-push.schema.json');
  });

  test('carries the licence of every library whose code is in it', () => {
    const { folder } = pack();
    const notices = readFileSync(path.join(folder, 'dist/THIRD_PARTY_LICENSES.txt'), 'utf8');
    const names = Array.from(
      notices.matchAll(/^((?:@[\w.-]+\/)?[\w.-]+) \d+\.\d+\.\d+\S* \(/gm),
      ([, name]) => name,
    );
    // Of the tool, of the page, and of what is only in a chunk of the page.
    for (const name of ['commander', 'hono', 'undici', 'preact', '@preact/signals', 'jsqr']) {
      expect(names).toContain(name);
    }
    expect(names).toEqual([...new Set(names)]);
    expect(notices).toContain('Copyright (c) 2015-present Jason Miller');
    expect(notices).toContain('Apache License');
    // What only builds and tests is not in it.
    for (const name of ['vitest', 'rolldown', 'axe-core']) expect(names).not.toContain(name);
  });

  test('needs no library beside it: the version, a token, a menu and a code', async () => {
    const { folder } = pack();
    for (let above = folder; above !== path.dirname(above); above = path.dirname(above)) {
      expect(existsSync(path.join(above, 'node_modules'))).toBe(false);
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
    const chunks = files.filter((file) => /^dist\/(?!start\.js$|page\/).*\.js$/.test(file));
    expect(chunks.length).toBeGreaterThan(10);
    const program = `for (const file of ${JSON.stringify(chunks)}) require(${JSON.stringify(folder)} + '/' + file);`;
    const { status, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8', cwd: '/' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('is a library of one function, with types, for both kinds of modules', { timeout: 30_000 }, () => {
    const { folder } = pack();
    const project = temporaryFolder();
    const target = path.join(project, 'node_modules/wechat-mp-cli');
    mkdirSync(path.dirname(target), { recursive: true });
    cpSync(folder, target, { recursive: true });
    const use = `
      const push = await simulator.push('text');
      console.log(push.state, push.skipped);
      await simulator.close();`;
    const programs = {
      'a.mjs': `import { createSimulator } from 'wechat-mp-cli'; const simulator = await createSimulator();${use}`,
      'b.cjs': `const all = require('wechat-mp-cli'); (async () => { const simulator = await all.createSimulator();${use} console.log(Object.keys(all).join()); })();`,
      'c.mts': `import { createSimulator, type PushView } from 'wechat-mp-cli';
        const simulator = await createSimulator({ scenario: 'callback-down' });
        const { attempts }: PushView = await simulator.push('text');
        export const count: number = attempts.length;
        // @ts-expect-error There is no such option.
        await createSimulator({ colour: 'red' });
        // @ts-expect-error A button is a list of numbers.
        await simulator.phone('o1').tap('1');`,
    };
    for (const [name, text] of Object.entries(programs)) writeFileSync(path.join(project, name), text);
    const runNode = (...words: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, words, {
        encoding: 'utf8',
        cwd: project,
      });
      return { status, stdout, stderr };
    };
    expect(runNode('a.mjs')).toEqual({ status: 0, stdout: 'skipped no_server\n', stderr: '' });
    expect(runNode('b.cjs')).toEqual({
      status: 0,
      stdout: 'skipped no_server\ncreateSimulator\n',
      stderr: '',
    });
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    const flags = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'];
    expect(runNode(compiler, ...flags, 'c.mts')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('runs from where an install puts it, by its own first line', () => {
    const { folder } = pack();
    // No registry is at hand, so this is what an install does, without the libraries: unpack, and start the command.
    const project = temporaryFolder();
    const target = path.join(project, 'node_modules/wechat-mp-cli');
    mkdirSync(path.dirname(target), { recursive: true });
    cpSync(folder, target, { recursive: true });
    const { bin } = readManifest(target);
    // The second name is the package's own, so that npx finds it by the package alone.
    expect(Object.keys(bin)).toEqual(['wechat-mp', 'wechat-mp-cli']);
    for (const file of Object.values(bin)) {
      const { status, stdout } = spawnSync(path.join(target, file), ['--version'], {
        cwd: project,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] },
      });
      expect({ status, stdout }).toEqual({
        status: 0,
        stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      });
    }
  });

  test('brings no other package, and runs nothing when it is installed', () => {
    const { dependencies, optionalDependencies, peerDependencies, scripts } = readManifest(pack().folder);
    expect({ dependencies, optionalDependencies, peerDependencies }).toEqual({});
    // npm warns of `prepare`, too, although it would not run it.
    const atInstall = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(Object.keys(scripts).filter((name) => atInstall.includes(name))).toEqual([]);
  });
});

describe('menus/', () => {
  const menus = readdirSync(path.join(root, 'menus')).filter((name) => /(?<!schema)\.json$/.test(name));

  test.each(menus)('menus/%s is the same after push and pull', async (name) => {
    const simulator = await startSimulator();
    const file = path.join(root, 'menus', name);
    const pushed = await runHere(['menu', 'push', file, '--yes', '--quiet'], { env: simulator.env });
    expect(pushed.code).toBe(0);
    const pulled = await runHere(['menu', 'pull', '--quiet'], { env: simulator.env });
    const { $schema: _, ...content } = JSON.parse(readFileSync(file, 'utf8')) as { $schema?: string };
    expect(JSON.parse(pulled.stdout)).toEqual(content);
    // What was pulled is a file that changes nothing.
    const again = await runHere(['menu', 'push', '-', '--dry-run', '--json', '--quiet'], {
      env: simulator.env,
      input: pulled.stdout,
    });
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: false });
  });
});
