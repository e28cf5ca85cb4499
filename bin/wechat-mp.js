#!/usr/bin/env node
// Most of a start is compiling. So what was compiled once is kept, with all functions that ran (those are what Node's own
// cache lacks): beside the tokens, as src/cli/settings/directories.ts finds their place, and only where that place is there
// already, as no command makes a folder for it. It is code that will be run: nobody else may be able to put it there.
const fs = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');

const dist = `${path.dirname(__dirname)}/dist/`;
const unusedAfterMs = 30 * 24 * 3_600_000;
/** Characters of the list in a kept file. */
const longestList = 8192;

function findCache({ WECHAT_MP_CACHE_DIR: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: windows, HOME: home }) {
  const base = xdg || (process.platform === 'win32' && windows) || (home && `${home}/.cache`);
  return own || (base && `${base}/wechat-mp`);
}

/** Whether what is at the path belongs to this user alone; `ifMissing` where nothing is. */
function isOwn(file, ifMissing) {
  const found = fs.statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return ifMissing;
  return process.platform === 'win32' || (found.uid === process.getuid() && (found.mode & 0o022) === 0);
}

/** The folder for what all builds have compiled, where there may be one. */
function findFolder({ NODE_DISABLE_COMPILE_CACHE: isOff, NODE_V8_COVERAGE: coverage }) {
  const cache = isOff || coverage ? undefined : findCache(process.env);
  if (!cache) return undefined;
  const folder = `${cache}/compiled`;
  try {
    return isOwn(cache, false) && isOwn(folder, true) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Opens a file of what is kept: a line that lists names and sizes, then the bytes of each, which are read when they are
 * wanted. One that is not whole is as good as none.
 */
function openKept(file) {
  let descriptor;
  try {
    descriptor = fs.openSync(file, 'r');
    const places = readPlaces(descriptor);
    if (places !== undefined) return { descriptor, places };
  } catch {
    // Whatever it is, it is replaced.
  }
  if (descriptor !== undefined) fs.closeSync(descriptor);
  return undefined;
}

function readPlaces(descriptor) {
  const head = Buffer.alloc(longestList);
  fs.readSync(descriptor, head, 0, longestList, 0);
  const places = new Map();
  let at = head.indexOf(10) + 1;
  for (const [name, size] of JSON.parse(head.latin1Slice(0, at))) {
    places.set(name, { at, size });
    at += size;
  }
  return at === fs.fstatSync(descriptor).size ? places : undefined;
}

/** Writes it as a whole, or leaves what is there. */
function writeKept(file, parts) {
  const folder = path.dirname(file);
  const draft = `${file}.${process.pid}`;
  const list = `${JSON.stringify(Array.from(parts, ([name, { length }]) => [name, length]))}\n`;
  if (list.length > longestList) return;
  try {
    if (fs.mkdirSync(folder, { recursive: true, mode: 0o700 })) removeUnused(path.dirname(folder));
    const content = Buffer.concat([Buffer.from(list), ...parts.values()]);
    fs.writeFileSync(draft, content, { flag: 'wx', mode: 0o600, flush: true });
    fs.renameSync(draft, file);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  }
}

/** What other builds and other versions of Node have left. */
function removeUnused(folder) {
  for (const name of fs.readdirSync(folder)) {
    const entry = path.join(folder, name);
    if (Date.now() - fs.statSync(entry).mtimeMs > unusedAfterMs) fs.rmSync(entry, { recursive: true });
  }
}

/** Files that are loaded together, and what is kept of them. */
class Group {
  #file;
  #kept;
  #scripts = new Map();
  isNew = false;

  /** Without a file nothing is kept. */
  constructor(file) {
    this.#file = file;
    this.#kept = file && openKept(file);
  }

  compile(name, source) {
    const script = new Script(source, { filename: dist + name, cachedData: this.#read(name) });
    this.isNew ||= this.#file !== undefined && script.cachedDataRejected !== false;
    this.#scripts.set(name, script);
    return script.runInThisContext();
  }

  #read(name) {
    const place = this.#kept?.places.get(name);
    if (place === undefined) return undefined;
    const bytes = Buffer.allocUnsafeSlow(place.size);
    fs.readSync(this.#kept.descriptor, bytes, 0, place.size, place.at);
    return bytes;
  }

  /** What was kept and not used stays. */
  keep() {
    const parts = new Map();
    for (const name of this.#kept?.places.keys() ?? [])
      if (!this.#scripts.has(name)) parts.set(name, this.#read(name));
    for (const [name, script] of this.#scripts) parts.set(name, script.createCachedData());
    writeKept(this.#file, parts);
  }
}

const read = (name) => fs.readFileSync(dist + name, 'utf8');

/** Runs start.js, which makes a group with what it imports, as does what it loads first, a command. */
function start(folder) {
  const source = read('start.js');
  // Its first line is a comment with the name of the build, which comes from the content of all files.
  const build = folder && `${folder}/${process.version}-${process.arch}-${source.slice(3, 19)}`;
  const openGroup = (name) => new Group(build && `${build}/${name}`);
  const groups = [openGroup('start.js')];
  const modules = new Map();
  let isStarted = false;

  function load(name, text) {
    const module = { exports: {} };
    modules.set(name, module);
    groups.at(-1).compile(name, text)(module.exports, requireOurs, module, dist + name, dist);
  }
  function requireOurs(id) {
    if (!id.startsWith('./')) return require(id);
    const name = id.slice(2);
    if (!modules.has(name)) {
      if (isStarted && groups.length === 1) groups.push(openGroup(name));
      load(name, read(name));
    }
    return modules.get(name).exports;
  }

  process.on('exit', () => {
    const changed = groups.filter(({ isNew }) => isNew);
    // Without a command little has run, and another build may have come meanwhile.
    if (changed.length === 0 || groups.length === 1) return;
    try {
      if (read('start.js') === source) for (const group of changed) group.keep();
    } catch {
      // The next start compiles as this one did.
    }
  });
  load('start.js', source);
  isStarted = true;
}

start(findFolder(process.env));
