import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { allLeaves, sections } from '../src/cli/commands/index.ts';
import { runHere } from './helpers/in-process.ts';

const root = path.resolve(import.meta.dirname, '..');
const readmes = ['README.md', 'README.zh-CN.md'] as const;

const leaves = allLeaves().map(({ words, leaf }) => ({ path: words.join(' '), load: leaf.load }));

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
    const prose = ['itself', 'or', 'is', 'and', 'on', 'as', 'wechat-mp-cli'];
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
    const { stdout, code } = await runHere(['--help']);
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
        const { stdout, code } = await runHere([...words.split(' '), '--help', '--lang', lang]);
        expect(code).toBe(0);
        expect(stdout.split('\n').filter((line) => terminalWidth(line) > 80)).toEqual([]);
      }
    });
  }

  for (const topic of ['exit-codes', 'environment', 'config', 'output', 'ci', 'scenario', 'topics']) {
    test(`help ${topic} fits 80 columns in both languages`, async () => {
      const { terminalWidth } = await import('../src/core/text/terminal-width.ts');
      for (const lang of ['en', 'zh']) {
        const { stdout, code } = await runHere(['help', topic, '--lang', lang]);
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
