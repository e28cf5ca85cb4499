import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { findDirectory } from '../../src/cli/settings/directories.ts';
import { root } from '../e2e/project.ts';
import { temporaryFolder } from '../helpers/command.ts';

const require = createRequire(import.meta.url);
const nodeModule = require('node:module') as { enableCompileCache?: ((folder: string) => void) | undefined };
const { enableCompileCache } = nodeModule;

afterEach(() => {
  nodeModule.enableCompileCache = enableCompileCache;
  vi.unstubAllEnvs();
});

/** What Node is told by the command's first file, with a tool behind it that does nothing. */
function told(environment: Readonly<Record<string, string>>, canKeep = true): readonly string[] {
  const folder = temporaryFolder();
  for (const name of ['bin', 'dist']) mkdirSync(path.join(folder, name));
  copyFileSync(path.join(root, 'bin/wechat-mp.js'), path.join(folder, 'bin/wechat-mp.js'));
  writeFileSync(path.join(folder, 'dist/start.js'), '');
  for (const name of ['WECHAT_MP_CACHE_DIR', 'XDG_CACHE_HOME', 'LOCALAPPDATA', 'HOME'])
    vi.stubEnv(name, environment[name]);
  const folders: string[] = [];
  nodeModule.enableCompileCache = canKeep ? (name) => void folders.push(name) : undefined;
  require(path.join(folder, 'bin/wechat-mp.js'));
  return folders;
}

test.each([
  ['WECHAT_MP_CACHE_DIR', ''],
  ['XDG_CACHE_HOME', 'wechat-mp'],
  ['HOME', '.cache/wechat-mp'],
])('compiled code is kept beside the tokens of %s, where they have a folder', (name, below) => {
  const environment = { HOME: '/nowhere', [name]: temporaryFolder() };
  const cache = path.join(environment[name] ?? '', below);
  expect(findDirectory('cache', environment, 'linux')).toBe(cache);
  if (below !== '') expect(told(environment)).toEqual([]);
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  expect(told(environment)).toEqual([path.join(cache, 'compiled')]);
});

test.runIf(process.getuid !== undefined).each([
  ['their folder', ''],
  ['its own', 'compiled'],
])('compiled code that others could write into %s is not run', (_, below) => {
  const cache = temporaryFolder();
  mkdirSync(path.join(cache, 'compiled'), { mode: 0o755 });
  const kept = [path.join(cache, 'compiled')];
  chmodSync(cache, 0o700);
  expect(told({ WECHAT_MP_CACHE_DIR: cache })).toEqual(kept);
  for (const mode of [0o720, 0o702]) {
    chmodSync(path.join(cache, below), mode);
    expect(told({ WECHAT_MP_CACHE_DIR: cache })).toEqual([]);
  }
  chmodSync(path.join(cache, below), 0o755);
  expect(told({ WECHAT_MP_CACHE_DIR: cache })).toEqual(kept);
});

test('a Node that cannot keep compiled code starts without', () => {
  expect(told({ WECHAT_MP_CACHE_DIR: temporaryFolder() }, false)).toEqual([]);
});
