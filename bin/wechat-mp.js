#!/usr/bin/env node
// Node 22 and later can keep what they have compiled, which saves a tenth of a start. It is kept beside the tokens, as
// src/cli/settings/directories.ts finds their place, and only where that place is there already: no command makes a folder
// for it. Node itself does without where the place cannot be written, and where NODE_DISABLE_COMPILE_CACHE is set.
const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');

function findCache({ WECHAT_MP_CACHE_DIR: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: windows, HOME: home }) {
  const base = xdg || (process.platform === 'win32' && windows) || (home && join(home, '.cache'));
  return own || (base && join(base, 'wechat-mp'));
}

if (enableCompileCache !== undefined) {
  const cache = findCache(process.env);
  if (cache && existsSync(cache)) enableCompileCache(join(cache, 'compiled'));
}

require('../dist/start.js');
