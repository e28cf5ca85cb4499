import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isGroup, sections } from '../src/cli/commands/index.ts';
import { startServing } from './e2e/serving.ts';
import {
  builtFile,
  cleanEnvironment,
  ended,
  firstLine,
  run,
  startSimulator,
  temporaryFolder,
} from './helpers/command.ts';

const root = path.resolve(import.meta.dirname, '..');
const readmes = ['README.md', 'README.zh-CN.md'] as const;

const leaves = sections
  .flatMap((section) => section.entries)
  .flatMap((entry) =>
    isGroup(entry)
      ? entry.verbs.map((verb) => ({ path: `${entry.name} ${verb.name}`, load: verb.load }))
      : [{ path: entry.name, load: entry.load }],
  );

/** Lines of the `sh` blocks that run the tool. */
function commandsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return Array.from(text.matchAll(/```sh\n([\s\S]*?)```/g), (match) => match[1] ?? '')
    .flatMap((block) => block.split('\n'))
    .filter((line) => /^(?:npx )?wechat-mp /.test(line));
}

/** The code in each row of the table of libraries. */
function settingsOfLibraries(file: string): readonly (readonly string[])[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  const table = /\n(\| co-wechat-api [\s\S]*?)\n\n/.exec(text)?.[1] ?? '';
  return table
    .split('\n')
    .map((row) => Array.from(row.matchAll(/`([^`]+)`/g), ([, code = '']) => code).toSorted());
}

/** A folder like a project that has the package: `wechat-mp` and `npx wechat-mp` run the tool as built. */
function createProject(): { readonly folder: string; readonly bin: string } {
  const folder = temporaryFolder();
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'wechat-mp'), `#!/bin/sh\nexec '${process.execPath}' '${builtFile()}' "$@"\n`);
  writeFileSync(path.join(bin, 'npx'), '#!/bin/sh\nexec "$@"\n');
  for (const name of ['wechat-mp', 'npx']) chmodSync(path.join(bin, name), 0o755);
  cpSync(path.join(root, 'menus'), path.join(folder, 'menus'), { recursive: true });
  return { folder, bin };
}

function isServer(line: string): boolean {
  return /^(?:npx )?wechat-mp (?:serve|simulator)\b/.test(line) && !line.includes(' -- ');
}

/** Files below a folder that hold texts for people. */
function textsBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:tsx?|json|md)$/.test(name))
    .map((name) => path.join(folder, name));
}

test('nothing advises a forced refresh, which ends everybody’s token', () => {
  const files = [...readmes, ...textsBelow('src'), ...textsBelow('menus')];
  const advice = /wechat-mp token (?:\S+ )*--force\b/;
  expect(files.filter((file) => advice.test(readFileSync(path.join(root, file), 'utf8')))).toEqual([]);
});

test('令牌 is the callback Token, and access_token keeps its name', () => {
  const about = /access_token.*令牌(?!（Token）)|令牌(?!（Token）).*access_token|令牌(?:缓存|接口)/;
  const folders = ['src/api', 'src/cli/commands/token', 'src/simulator/page'];
  const bare = /令牌(?!（Token）)/;
  const texts = ['README.zh-CN.md', ...textsBelow('src')].filter((file) => {
    const rule = folders.some((folder) => file.startsWith(path.join(folder, ''))) ? bare : about;
    return rule.test(readFileSync(path.join(root, file), 'utf8'));
  });
  expect(texts).toEqual([]);
});

describe('README', () => {
  // README.zh-CN.md has the same ones, see below.
  test('README.md shows commands that all work', { timeout: 60_000 }, async () => {
    const simulator = await startSimulator();
    // The developer's own server that some commands ask.
    const server = await startServing([], { env: simulator.env });
    const { folder, bin } = createProject();
    writeFileSync(path.join(folder, 'secret.txt'), simulator.secret);
    writeFileSync(path.join(folder, 'menu.json'), readFileSync(path.join(root, 'menus/basic.json')));
    const environment = cleanEnvironment({ ...simulator.env, PATH: `${bin}:${process.env['PATH']}` });
    const lines = commandsOf('README.md');
    expect(lines.length).toBeGreaterThan(15);
    for (const line of lines) {
      // The example's account is the simulator's here; a free port stands for the fixed one.
      const words = line
        .replaceAll('wx1234567890abcdef', simulator.appid)
        .replace('--out menu.json', '--out pulled.json')
        .replaceAll('http://localhost:3000/wechat', server.url)
        .replace(/^(wechat-mp (?:serve|simulator))(?: --port \d+)?(?=$| --\w)/, '$1 --port 0');
      const child = spawn('sh', ['-c', isServer(line) ? `exec ${words}` : words], {
        env: environment,
        cwd: folder,
      });
      child.stdin.end();
      if (isServer(line)) {
        expect(await firstLine(child), line).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+/);
        child.kill('SIGTERM');
        expect((await ended(child)).code, line).toBe(143);
        continue;
      }
      const { code, stdout, stderr } = await ended(child);
      expect({ line, code, stderr: code === 0 ? '' : stderr }).toEqual({ line, code: 0, stderr: '' });
      expect(stdout, line).not.toBe('');
    }
  });

  for (const readme of readmes) {
    test(`${readme} has a row for every command and no other`, () => {
      const rows = Array.from(
        readFileSync(path.join(root, readme), 'utf8').matchAll(/^\| `([a-z -]+)` +\|/gm),
        (match) => match[1],
      );
      expect(rows).toEqual(leaves.map((leaf) => leaf.path));
    });

    test(`${readme} has the two set-up commands as they are run by CI`, () => {
      const lines = readFileSync(path.join(root, readme), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('npm ci && '));
      expect(lines).toEqual(['npm ci && npm run demo', 'npm ci && npm test']);
    });
  }

  test('both languages show the same commands', () => {
    expect(commandsOf('README.zh-CN.md')).toEqual(commandsOf('README.md'));
  });

  test('both languages give the same settings for other libraries', () => {
    const [english = [], chinese = []] = readmes.map(settingsOfLibraries);
    expect(english).toHaveLength(10);
    expect(chinese).toEqual(english);
  });
});

describe('hints', () => {
  test('name commands that exist', () => {
    const known = new Set(leaves.map((leaf) => leaf.path));
    const words = new Set(leaves.map((leaf) => leaf.path.split(' ')[0]));
    const named = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|json)$/.test(name))
      .flatMap((name) =>
        Array.from(
          readFileSync(path.join(root, 'src', name), 'utf8').matchAll(
            /\bwechat-mp ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?/g,
          ),
          ([text, first = '', second = '']) => ({ name, text, first, second }),
        ),
      );
    expect(named.length).toBeGreaterThan(50);
    // Prose such as "wechat-mp itself" is told from a command by these few words.
    const prose = ['itself', 'or', 'is', 'and', 'on', 'as'];
    const wrong = named.filter(
      ({ first, second }) =>
        !prose.includes(first) &&
        !known.has(first) &&
        !known.has(`${first} ${second}`) &&
        !(words.has(first) && second === ''),
    );
    expect(wrong).toEqual([]);
  });
});

describe('help', () => {
  test('the root names every command', async () => {
    const { stdout, code } = await run(['--help']);
    expect(code).toBe(0);
    const names = sections.flatMap((section) => section.entries.map((entry) => entry.name));
    for (const name of names) expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  });

  for (const { path: words, load } of leaves) {
    test(`${words} has examples that name it, an output and texts in both languages`, async () => {
      const { command } = await load();
      expect(command.examples.length).toBeGreaterThanOrEqual(2);
      expect(command.examples.length).toBeLessThanOrEqual(4);
      for (const example of command.examples) expect(example.command).toContain(`wechat-mp ${words}`);
      const texts = [
        command.output,
        ...command.examples.map((example) => example.text),
        ...command.arguments.map((argument) => argument.text),
        ...Object.values(command.options).map((option) => option.text),
        ...Object.values(command.exitCodes),
      ];
      for (const { en, zh } of texts) {
        expect(en).not.toBe('');
        expect(zh).not.toBe('');
      }
    });

    test(`${words} --help fits 80 columns in both languages`, async () => {
      const { terminalWidth } = await import('../src/core/text/terminal-width.ts');
      for (const lang of ['en', 'zh']) {
        const { stdout, code } = await run([...words.split(' '), '--help', '--lang', lang]);
        expect(code).toBe(0);
        const examples = (await load()).command.examples.map((example) => `  ${example.command}`);
        const wide = stdout
          .split('\n')
          .filter((line) => terminalWidth(line) > 80 && !examples.includes(line));
        expect(wide).toEqual([]);
      }
    });
  }

  for (const topic of ['exit-codes', 'environment', 'config', 'output', 'ci']) {
    test(`help ${topic} fits 80 columns in both languages`, async () => {
      const { terminalWidth } = await import('../src/core/text/terminal-width.ts');
      for (const lang of ['en', 'zh']) {
        const { stdout, code } = await run(['help', topic, '--lang', lang]);
        expect(code).toBe(0);
        expect(stdout.split('\n').filter((line) => terminalWidth(line) > 80)).toEqual([]);
      }
    });
  }
});

describe('src/README.md', () => {
  const filesOf = (name: string): readonly string[] => {
    const text = readFileSync(path.join(root, 'src', name), 'utf8');
    const files = text.matchAll(/`((?:cli|core|api|io|server|simulator|library)\/[\w/.-]+\.(?:ts|json))`/g);
    return [...new Set(Array.from(files, ([, file = '']) => file))].toSorted();
  };

  test('names files that are there, the same in both languages', () => {
    const named = filesOf('README.md');
    expect(named.length).toBeGreaterThan(25);
    expect(named.filter((file) => !existsSync(path.join(root, 'src', file)))).toEqual([]);
    expect(filesOf('README.zh-CN.md')).toEqual(named);
  });
});
