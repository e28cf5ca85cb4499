#!/usr/bin/env node
// Node 22 and later can keep what they have compiled, which saves a tenth of a start. It is kept beside the tokens, as
// src/cli/settings/directories.ts finds their place, and only where that place is there already: no command makes a folder
// for it. It is code that will be run, so nobody else may be able to put it there. Node itself does without where the place
// cannot be written, and where NODE_DISABLE_COMPILE_CACHE is set.
const { statSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');

function findCache({ WECHAT_MP_CACHE_DIR: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: windows, HOME: home }) {
  const base = xdg || (process.platform === 'win32' && windows) || (home && join(home, '.cache'));
  return own || (base && join(base, 'wechat-mp'));
}

/** Whether what is at the path belongs to this user alone; `ifMissing` where nothing is. */
function isOwn(path, ifMissing) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return ifMissing;
  return process.platform === 'win32' || (found.uid === process.getuid() && (found.mode & 0o022) === 0);
}

function keepCompiled(cache) {
  const folder = join(cache, 'compiled');
  try {
    if (isOwn(cache, false) && isOwn(folder, true)) enableCompileCache(folder);
  } catch {
    // A place that cannot be looked at keeps nothing.
  }
}

if (enableCompileCache !== undefined) {
  const cache = findCache(process.env);
  if (cache) keepCompiled(cache);
}

require('../dist/start.js');
