/** What bin/wechat-mp.js keeps of what was compiled, with a tool behind it that only says which file spoke. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
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

const files = {
  'start.js': `Promise.resolve().then(() => process.argv[2] && require('./command.js').run());`,
  'command.js': `const { say } = require('./shared.js');
exports.run = () => (process.argv[2] === 'more' ? require('./more.js').run() : say('command!'));`,
  'shared.js': `exports.say = (word) => require('node:fs').writeSync(1, word);`,
  'more.js': `exports.run = () => require('./shared.js').say('more');`,
};

function createTool() {
  const folder = temporaryFolder();
  const cache = path.join(folder, 'cache');
  for (const name of ['bin', 'dist', 'cache']) mkdirSync(path.join(folder, name), { mode: 0o700 });
  copyFileSync(path.join(root, 'bin/wechat-mp.js'), path.join(folder, 'bin/wechat-mp.js'));
  const write = (name: string, text: string): void => {
    const wrapped = `(function (exports, require, module, __filename, __dirname) { ${text}\n})`;
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
  const ofThis = `${process.version}-${process.arch}-${statSync(path.join(folder, 'dist')).ino.toString(16)}`;
  return { folder, cache, write, run, kept: path.join(cache, 'compiled', ofThis) };
}

const modeOf = (file: string): number => statSync(file).mode & 0o777;
/** A rewritten file is another one. */
const inodes = (folder: string): readonly number[] =>
  readdirSync(folder).map((name) => statSync(path.join(folder, name)).ino);

/** Another text in the kept code, as nobody should do: it shows what was run. */
function forge(file: string, copies: 1 | 2): void {
  const bytes = readFileSync(file);
  let at = -1;
  for (let copy = 0; copy < copies; copy += 1) {
    at = bytes.indexOf('command!', at + 1);
    bytes.write('COMMAND!', at);
  }
  writeFileSync(file, bytes);
}

test.each([
  ['WECHAT_MP_CACHE_DIR', ''],
  ['XDG_CACHE_HOME', 'wechat-mp'],
  ['HOME', '.cache/wechat-mp'],
])('compiled code is kept beside the tokens of %s, where they have a folder', (name, below) => {
  const { run, kept } = createTool();
  const environment = { WECHAT_MP_CACHE_DIR: '', [name]: temporaryFolder() };
  const cache = path.join(environment[name] ?? '', below);
  expect(findDirectory('cache', environment, 'linux')).toBe(cache);
  if (below !== '') {
    expect(run('command', environment)).toBe('command!');
    expect(existsSync(cache)).toBe(false);
  }
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  expect(run('command', environment)).toBe('command!');
  const folder = path.join(cache, 'compiled', path.basename(kept));
  expect(readdirSync(folder)).toEqual(['command.js', 'start.js']);
  if (process.platform === 'win32') return;
  const modes = [path.dirname(folder), folder, path.join(folder, 'start.js')].map(modeOf);
  expect(modes).toEqual([0o700, 0o700, 0o600]);
});

test('what is kept is run, until its file changes', () => {
  const { run, write, kept } = createTool();
  run('command');
  forge(path.join(kept, 'command.js'), 2);
  expect(run('command')).toBe('COMMAND!');
  write('command.js', files['command.js'].replace('command!', 'kommand!'));
  expect(run('command')).toBe('kommand!');
  expect(run('command')).toBe('kommand!');
});

test('each installation keeps its own', () => {
  const { folder, cache, run, write } = createTool();
  run('command');
  cpSync(path.join(folder, 'dist'), path.join(folder, 'copy'), { recursive: true });
  rmSync(path.join(folder, 'dist'), { recursive: true });
  renameSync(path.join(folder, 'copy'), path.join(folder, 'dist'));
  write('command.js', files['command.js'].replace('command!', 'kommand!'));
  expect(run('command')).toBe('kommand!');
  expect(readdirSync(path.join(cache, 'compiled'))).toHaveLength(2);
});

test('what a later run loads besides is added, and then nothing is written', () => {
  const { run, kept } = createTool();
  run('command');
  const first = inodes(kept);
  expect(run('command')).toBe('command!');
  expect(inodes(kept)).toEqual(first);
  expect(run('more')).toBe('more');
  const second = inodes(kept);
  expect(second).not.toEqual(first);
  for (const [word, said] of [
    ['command', 'command!'],
    ['more', 'more'],
  ] as const)
    expect(run(word)).toBe(said);
  expect(inodes(kept)).toEqual(second);
});

test.each([
  ['cut', (file: string) => truncateSync(file, statSync(file).size - 1)],
  ['emptied', (file: string) => truncateSync(file, 0)],
  ['another kind of file', (file: string) => writeFileSync(file, 'x'.repeat(500))],
  ['damaged in one place', (file: string) => forge(file, 1)],
  [
    'from another V8',
    (file: string) => {
      const bytes = readFileSync(file);
      const begin = bytes.indexOf('\n') + 1;
      for (const at of [begin, begin + (bytes.length - begin) / 2])
        bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      writeFileSync(file, bytes);
    },
  ],
])('a kept file that is %s is not run, and replaced', (_, spoil) => {
  const { run, kept } = createTool();
  run('command');
  const file = path.join(kept, 'command.js');
  const whole = readFileSync(file);
  spoil(file);
  const spoilt = readFileSync(file);
  expect(run('command')).toBe('command!');
  const replaced = readFileSync(file);
  expect(replaced).not.toEqual(spoilt);
  expect(Math.abs(replaced.length - whole.length)).toBeLessThan(500);
});

test.runIf(process.getuid !== undefined).each([
  ['their folder', ''],
  ['its own', 'compiled'],
])('compiled code that others could write into %s is not run', (_, below) => {
  const { cache, run, kept } = createTool();
  run('command');
  forge(path.join(kept, 'command.js'), 2);
  for (const [mode, said] of [
    [0o755, 'COMMAND!'],
    [0o720, 'command!'],
    [0o702, 'command!'],
  ] as const) {
    chmodSync(path.join(cache, below), mode);
    expect(run('command')).toBe(said);
  }
});

test.each([
  ['it is turned off', 'command', { NODE_DISABLE_COMPILE_CACHE: '1' }],
  ['coverage is counted', 'command', { NODE_V8_COVERAGE: 'coverage' }],
  ['no command was run', '', {}],
])('nothing is kept where %s', (_, words, environment) => {
  const { cache, run } = createTool();
  expect(run(words, environment)).toBe(words === '' ? '' : 'command!');
  expect(existsSync(path.join(cache, 'compiled'))).toBe(false);
});

test('nothing is kept where a file is in the place of the folder', () => {
  const { cache, run } = createTool();
  writeFileSync(path.join(cache, 'compiled'), '');
  expect(run('command')).toBe('command!');
  expect(readdirSync(cache)).toEqual(['compiled']);
});

test('nothing is kept of a file that was changed while it was run', () => {
  const { run, write } = createTool();
  const text = JSON.stringify('(function (exports) { exports.run = () => {} })');
  write(
    'shared.js',
    `exports.say = () => require('node:fs').writeFileSync(__dirname + 'command.js', ${text});`,
  );
  expect(run('command')).toBe('');
  write('shared.js', files['shared.js']);
  expect(run('command')).toBe('');
});

test('installations that were not used for 30 days are removed by a new one, and nothing else', () => {
  const { cache, run, kept } = createTool();
  const [old, young, foreign] = ['v20.1.0-x64-1a', 'v20.1.0-x64-1b', 'report-2025'];
  for (const [name, days] of [
    [old, 30.1],
    [young, 29.9],
    [foreign, 30.1],
  ] as const)
    makeOld(path.join(cache, 'compiled', name), days * 24 * 3600);
  run('command');
  expect(readdirSync(path.join(cache, 'compiled')).toSorted()).toEqual(
    [foreign, young, path.basename(kept)].toSorted(),
  );
});

test('what was killed while it wrote is removed a minute later', () => {
  const { run, kept } = createTool();
  for (const [name, seconds] of [
    ['start.js.1', 61],
    ['start.js.2', 50],
    ['other', 61],
  ] as const)
    makeOld(path.join(kept, name), seconds);
  run('command');
  expect(readdirSync(kept).toSorted()).toEqual(['command.js', 'other', 'start.js', 'start.js.2']);
});

function makeOld(folder: string, seconds: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const now = Date.now() / 1000;
  utimesSync(folder, now, now - seconds);
}

test.each([
  ['en', 'is not built'],
  ['zh_CN.UTF-8', '尚未构建'],
])('a tool without its build says so in %s', (language, said) => {
  const { folder, run } = createTool();
  for (const name of ['start.js', '']) {
    rmSync(path.join(folder, 'dist', name), { recursive: true });
    expect(run('command', { LANG: language })).toContain(said);
  }
});
