/** What bin/wechat-mp.js keeps of what was compiled, with a tool behind it that only says which file spoke. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findDirectory } from '../../src/cli/settings/directories.ts';
import { root } from '../e2e/project.ts';
import { temporaryFolder } from '../helpers/command.ts';

const builds = { b1: '0123456789abcdef', b2: 'fedcba9876543210' } as const;

const files = {
  'start.js': `// ${builds.b1}\nPromise.resolve().then(() => process.argv[2] && require('./command.js').run());`,
  'command.js': `const { say } = require('./shared.js');
exports.run = () => (process.argv[2] === 'more' ? require('./more.js').run() : say('command'));`,
  'shared.js': `exports.say = (word) => require('node:fs').writeSync(1, word);`,
  'more.js': `exports.run = () => require('./shared.js').say('more');`,
};

function createTool() {
  const folder = temporaryFolder();
  const cache = path.join(folder, 'cache');
  for (const name of ['bin', 'dist', 'cache']) mkdirSync(path.join(folder, name), { mode: 0o700 });
  copyFileSync(path.join(root, 'bin/wechat-mp.js'), path.join(folder, 'bin/wechat-mp.js'));
  const write = (name: string, text: string): void => {
    const [head = '', code = text] = text.startsWith('//') ? text.split('\n') : [];
    const wrapped = `${head}\n(function (exports, require, module, __filename, __dirname) { ${code}\n})`;
    writeFileSync(path.join(folder, 'dist', name), wrapped);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const run = (words: string, environment: Readonly<Record<string, string>> = {}): string => {
    const [bin, env] = [
      path.join(folder, 'bin/wechat-mp.js'),
      { WECHAT_MP_CACHE_DIR: cache, ...environment },
    ];
    const { stdout, stderr } = spawnSync(process.execPath, [bin, ...words.split(' ').filter(Boolean)], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    return stdout + stderr;
  };
  return { cache, write, run, kept: () => path.join(cache, 'compiled', firstBuild) };
}

const firstBuild = `${process.version}-${process.arch}-${builds.b1}`;
const modeOf = (file: string): number => statSync(file).mode & 0o777;
/** A rewritten file is another one. */
const inodes = (folder: string): readonly number[] =>
  readdirSync(folder).map((name) => statSync(path.join(folder, name)).ino);

test.each([
  ['WECHAT_MP_CACHE_DIR', ''],
  ['XDG_CACHE_HOME', 'wechat-mp'],
  ['HOME', '.cache/wechat-mp'],
])('compiled code is kept beside the tokens of %s, where they have a folder', (name, below) => {
  const { run } = createTool();
  const environment = { WECHAT_MP_CACHE_DIR: '', [name]: temporaryFolder() };
  const cache = path.join(environment[name] ?? '', below);
  expect(findDirectory('cache', environment, 'linux')).toBe(cache);
  if (below !== '') {
    expect(run('command', environment)).toBe('command');
    expect(existsSync(cache)).toBe(false);
  }
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  expect(run('command', environment)).toBe('command');
  const kept = path.join(cache, 'compiled', firstBuild);
  expect(readdirSync(kept)).toEqual(['command.js', 'start.js']);
  if (process.platform === 'win32') return;
  expect([modeOf(path.dirname(kept)), modeOf(kept), modeOf(path.join(kept, 'start.js'))]).toEqual([
    0o700, 0o700, 0o600,
  ]);
});

test('what is kept is run, only for the build that it was compiled from', () => {
  const { run, write } = createTool();
  run('command');
  // Shows what was run: a real build would have another name.
  write('command.js', files['command.js'].replace("'command'", "'COMMAND'"));
  expect(run('command')).toBe('command');
  write('start.js', files['start.js'].replace(builds.b1, builds.b2));
  expect(run('command')).toBe('COMMAND');
});

test('what a later run loads besides is added, and then nothing is written', () => {
  const { run, kept } = createTool();
  run('command');
  const first = inodes(kept());
  expect(run('command')).toBe('command');
  expect(inodes(kept())).toEqual(first);
  expect(run('more')).toBe('more');
  const second = inodes(kept());
  expect(second).not.toEqual(first);
  for (const word of ['command', 'more']) expect(run(word)).toBe(word);
  expect(inodes(kept())).toEqual(second);
});

test.each([
  ['cut', (file: string) => truncateSync(file, statSync(file).size - 1)],
  ['emptied', (file: string) => truncateSync(file, 0)],
  ['another kind of file', (file: string) => writeFileSync(file, 'x'.repeat(500))],
  [
    'from another V8',
    (file: string) => {
      const bytes = readFileSync(file);
      const at = bytes.indexOf('\n') + 1;
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      writeFileSync(file, bytes);
    },
  ],
])('a kept file that is %s is replaced', (_, spoil) => {
  const { run, kept } = createTool();
  run('command');
  const file = path.join(kept(), 'command.js');
  const { size } = statSync(file);
  spoil(file);
  const spoilt = readFileSync(file);
  expect(run('command')).toBe('command');
  expect(readFileSync(file)).not.toEqual(spoilt);
  expect(Math.abs(statSync(file).size - size)).toBeLessThan(500);
});

test.runIf(process.getuid !== undefined).each([
  ['their folder', ''],
  ['its own', 'compiled'],
])('compiled code that others could write into %s is not run', (_, below) => {
  const { cache, run, write } = createTool();
  run('command');
  write('command.js', files['command.js'].replace("'command'", "'COMMAND'"));
  for (const [mode, told] of [
    [0o755, 'command'],
    [0o720, 'COMMAND'],
    [0o702, 'COMMAND'],
  ] as const) {
    chmodSync(path.join(cache, below), mode);
    expect(run('command')).toBe(told);
  }
});

test.each([
  ['it is turned off', 'command', { NODE_DISABLE_COMPILE_CACHE: '1' }],
  ['coverage is counted', 'command', { NODE_V8_COVERAGE: 'coverage' }],
  ['no command was run', '', {}],
])('nothing is kept where %s', (_, words, environment) => {
  const { cache, run } = createTool();
  expect(run(words, environment)).toBe(words);
  expect(existsSync(path.join(cache, 'compiled'))).toBe(false);
});

test('nothing is kept where the folder cannot be made', () => {
  const { cache, run } = createTool();
  writeFileSync(path.join(cache, 'compiled'), '');
  expect(run('command')).toBe('command');
  expect(readdirSync(cache)).toEqual(['compiled']);
});

test('nothing is kept of a build that was replaced meanwhile', () => {
  const { run, write, kept } = createTool();
  const start = JSON.stringify(files['start.js'].replace(builds.b1, builds.b2));
  write(
    'shared.js',
    `exports.say = () => require('node:fs').writeFileSync(__dirname + '/start.js', ${start});`,
  );
  expect(run('command')).toBe('');
  expect(existsSync(kept())).toBe(false);
});

test('builds that were not used for 30 days are removed by a new one', () => {
  const { cache, run } = createTool();
  const day = 24 * 3600;
  const now = Date.now() / 1000;
  for (const [name, days] of [
    ['old', 30.1],
    ['young', 29.9],
  ] as const) {
    mkdirSync(path.join(cache, 'compiled', name), { recursive: true });
    utimesSync(path.join(cache, 'compiled', name), now, now - days * day);
  }
  run('command');
  expect(readdirSync(path.join(cache, 'compiled')).toSorted()).toEqual([firstBuild, 'young'].toSorted());
});
