import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const source = path.resolve(import.meta.dirname, '../src');
/** Data, styles and pages of documentation included. */
const everything = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(source, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
const files = everything.filter((name) => /\.tsx?$/.test(name));

/** What a layer may import of ours: folders, or single files. */
const ours: Readonly<Record<string, readonly string[]>> = {
  core: ['core/'],
  io: ['core/', 'io/'],
  api: ['core/', 'api/', 'io/ports.ts', 'io/http.ts'],
  server: ['core/', 'server/', 'io/ports.ts', 'io/http.ts'],
  relay: ['core/', 'api/', 'relay/', 'io/ports.ts', 'io/http.ts'],
  simulator: ['core/', 'simulator/', 'io/ports.ts', 'io/http.ts'],
  library: ['core/', 'io/', 'simulator/', 'library/'],
  cli: ['core/', 'io/', 'api/', 'server/', 'relay/', 'simulator/', 'cli/', '../package.json'],
};

/** What a layer may import of Node. Paths are arithmetic, so the terminal may join them. */
const nodes: Readonly<Record<string, readonly string[] | 'all'>> = {
  core: ['crypto'],
  io: 'all',
  api: ['crypto'],
  server: ['crypto'],
  relay: ['crypto'],
  simulator: ['crypto'],
  library: ['path'],
  cli: ['path', 'os', 'util', 'crypto'],
};

/** Libraries in the pure layers, each with its reason; elsewhere any library may be used. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  // Hashes where loading `node:crypto` costs too much, Unicode's table of widths, and the distance between two words are
  // jobs for libraries; all are pure.
  core: ['@noble/hashes/legacy.js', '@noble/hashes/sha2.js', 'get-east-asian-width', 'fastest-levenshtein'],
  api: [],
  server: [],
  relay: [],
};

/** Everything a file imports, types included, as it stands between the quotes. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const pattern = /(?:(?<!')\bfrom\s*|\bimport\s*\(\s*|\brequire\(\s*|^import\s+)'([^']+)'/gm;
  return Array.from(text.matchAll(pattern), (match) => match[1] ?? '');
}

/** The files of ours that are loaded with a file, types included. */
function staticImportsOf(file: string): string[] {
  const text = readFileSync(path.join(source, file), 'utf8');
  return Array.from(text.matchAll(/^(?:import|export) [^;]*?from '(\.[^']+)';/gm), ([, name = '']) =>
    path.posix.normalize(path.posix.join(path.posix.dirname(file), name)),
  );
}

function offences(file: string): string[] {
  const layer = file.split('/')[0] ?? '';
  return importsOf(file).filter((name) => {
    if (name.startsWith('.')) {
      const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), name));
      return !(ours[layer] ?? []).some((allowed) =>
        allowed.endsWith('/') ? target.startsWith(allowed) : target === allowed,
      );
    }
    const bare = name.replace(/^node:/, '');
    if (builtinModules.includes(bare)) {
      const allowed = nodes[layer] ?? [];
      return allowed !== 'all' && !allowed.includes(bare);
    }
    return layer in libraries && !libraries[layer]?.includes(name);
  });
}

describe('layers', () => {
  test('every source file belongs to a layer', () => {
    expect(files.length).toBeGreaterThan(80);
    expect(files.filter((file) => !Object.hasOwn(ours, file.split('/')[0] ?? ''))).toEqual([]);
  });

  test('no folder holds more files than a reader takes in at a glance', () => {
    const count = new Map<string, number>();
    for (const file of everything)
      count.set(path.posix.dirname(file), (count.get(path.posix.dirname(file)) ?? 0) + 1);
    expect([...count].filter(([, size]) => size > 16)).toEqual([]);
    const loose = (folder: string): number => count.get(folder) ?? 0;
    expect([loose('core') <= 3, loose('cli') <= 4, loose('simulator') <= 3]).toEqual([true, true, true]);
  });

  test('imports point one way', () => {
    expect(files.flatMap((file) => offences(file).map((name) => `${file} imports ${name}`))).toEqual([]);
  });

  test('a folder with a door is imported through it', () => {
    const nounOf = (file: string): string =>
      /^(?:core\/(?!text\/)\w+|simulator\/push|simulator\/control\/types|simulator\/page\/(?!parts\/)\w+)\//.exec(
        file,
      )?.[0] ?? '';
    const roundTheDoor = files.flatMap((file) =>
      staticImportsOf(file)
        .filter((target) => nounOf(target) !== '' && nounOf(target) !== nounOf(file))
        .filter((target) => !/^index\.tsx?$/.test(target.slice(nounOf(target).length)))
        .map((target) => `${file} imports ${target}`),
    );
    expect(roundTheDoor).toEqual([]);
  });

  test("a noun's commands are loaded by the table of contents, and by nobody else", () => {
    const nounOf = (file: string): string => /^cli\/commands\/[\w-]+\//.exec(file)?.[0] ?? '';
    const found = files.flatMap((file) => {
      const text = readFileSync(path.join(source, file), 'utf8');
      return Array.from(text.matchAll(/(\bimport\(|\bfrom )'(\.[^']+)'/g), ([, how = '', name = '']) => ({
        how,
        target: path.posix.normalize(path.posix.join(path.posix.dirname(file), name)),
      }))
        .filter(({ target }) => nounOf(target) !== '' && nounOf(target) !== nounOf(file))
        .filter(({ how }) => how !== 'import(' || file !== 'cli/commands/index.ts')
        .map(({ target }) => `${file} imports ${target}`);
    });
    expect(found).toEqual([]);
  });

  test('a noun of the simulator has four doors', () => {
    const nounOf = (file: string): string => /^simulator\/nouns\/[\w-]+\//.exec(file)?.[0] ?? '';
    const doors = ['state.ts', 'calls.ts', 'view.ts', 'pages.ts'];
    const nouns = new Set(files.map(nounOf).filter((noun) => noun !== ''));
    expect(nouns.size).toBeGreaterThan(20);
    const roundTheDoors = files.flatMap((file) =>
      staticImportsOf(file)
        .filter((target) => nounOf(target) !== '' && nounOf(target) !== nounOf(file))
        .filter((target) => !doors.includes(target.slice(nounOf(target).length)))
        .map((target) => `${file} imports ${target}`),
    );
    expect(roundTheDoors).toEqual([]);
    // The folder itself has what joins them, and nothing else.
    expect(files.filter((file) => /^simulator\/nouns\/[\w-]+\.ts$/.test(file))).toEqual([
      'simulator/nouns/index.ts',
    ]);
  });

  test('the page takes nothing from the simulator but types: it runs in a browser', () => {
    const taken = files
      .filter((file) => file.startsWith('simulator/page/'))
      .flatMap((file) => {
        const text = readFileSync(path.join(source, file), 'utf8');
        return Array.from(text.matchAll(/^import (?!type )[^;]*?from '(\.[^']+)';/gm), ([, name = '']) =>
          path.posix.normalize(path.posix.join(path.posix.dirname(file), name)),
        );
      })
      .filter((target) => !target.startsWith('simulator/page/'));
    const expected = ['core/account/index.ts', 'core/text/phone-width.ts', 'core/text/shell-word.ts'];
    expect([...new Set(taken)].toSorted()).toEqual(expected);
  });

  test('core has no clock, no randomness, no process and prints nothing', () => {
    const forbidden = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomBytes\(|\bprocess\.|\bconsole\./;
    const found = files
      .filter((file) => file.startsWith('core/'))
      .filter((file) =>
        forbidden.test(
          readFileSync(path.join(source, file), 'utf8').replaceAll(
            /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'/g,
            '',
          ),
        ),
      );
    expect(found).toEqual([]);
  });

  test('only io and the start file touch process', () => {
    const found = files
      .filter((file) => !file.startsWith('io/') && file !== 'cli/start.ts')
      .filter((file) =>
        /\bprocess\.[a-z]/.test(
          readFileSync(path.join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''),
        ),
      );
    expect(found).toEqual([]);
  });
});

describe('hygiene', () => {
  const root = path.resolve(source, '..');

  test('the lock file names no download address', () => {
    expect(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved": "http');
  });

  test('the lock file holds the parts of every platform, without which npm ci refuses it', () => {
    const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${place}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  test('no dependency runs a script when it is installed', () => {
    const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean; optional?: boolean }>;
    };
    const scripts = Object.entries(packages).filter(
      ([name, { hasInstallScript }]) => hasInstallScript === true && !name.endsWith('fsevents'),
    );
    expect(scripts).toEqual([]);
  });

  test('what ships is what the manifest lists', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { files: string[] };
    expect(manifest.files).toEqual([
      'bin',
      'dist',
      'menus',
      'src/api/README.md',
      'src/api/README.zh-CN.md',
      'src/server/README.md',
      'src/server/README.zh-CN.md',
      'src/simulator/README.md',
      'src/simulator/README.zh-CN.md',
      'CHANGELOG.md',
      'LICENSE',
    ]);
  });
});
