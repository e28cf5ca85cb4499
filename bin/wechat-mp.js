#!/usr/bin/env node
// Most of a start is compiling. So what was compiled once is kept, with all functions that ran (those are what Node's own
// cache lacks): beside the tokens, as src/cli/settings/directories.ts finds their place, and only where that place is there
// already, as no command makes a folder for it. It is code that will be run: nobody else may be able to put it there.
const fs = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');

const dist = `${path.dirname(__dirname)}/dist/`;
/** Characters of the list in a kept file. */
const longestList = 8192;
const comparing = Buffer.allocUnsafeSlow(32_768);
const [minuteMs, monthMs] = [60_000, 30 * 24 * 3_600_000];
const ifThere = { throwIfNoEntry: false };

function findCache({ WECHAT_MP_CACHE_DIR: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: windows, HOME: home }) {
  const base = xdg || (process.platform === 'win32' && windows) || (home && `${home}/.cache`);
  return own || (base && `${base}/wechat-mp`);
}

/** Whether it is a folder that belongs to this user alone. */
function isOwn(found) {
  if (!found.isDirectory()) return false;
  return process.platform === 'win32' || (found.uid === process.getuid() && (found.mode & 0o022) === 0);
}

/** The folder for what is compiled of all installations, where there may be one. */
function findFolder({ NODE_DISABLE_COMPILE_CACHE: isOff, NODE_V8_COVERAGE: coverage }) {
  const cache = isOff || coverage ? undefined : findCache(process.env);
  if (!cache) return undefined;
  const folder = `${cache}/compiled`;
  try {
    const above = fs.statSync(cache, ifThere);
    if (above === undefined || !isOwn(above)) return undefined;
    const found = fs.statSync(folder, ifThere);
    return found === undefined || isOwn(found) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Opens a file of what is kept: a line that lists the name, the stamp and the size of each part, then all parts, and then
 * all once more. V8 would run what is damaged, and no checksum is as fast here as comparing.
 */
function openKept(file) {
  let descriptor;
  try {
    // Nobody may ever write to a pipe.
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const head = Buffer.allocUnsafeSlow(longestList);
    const text = head.latin1Slice(0, fs.readSync(descriptor, head, 0, longestList, 0));
    const begin = text.indexOf('\n') + 1;
    const places = new Map();
    let length = 0;
    for (const [name, stamp, size] of JSON.parse(text.slice(0, begin))) {
      places.set(name, { stamp, size, at: begin + length });
      length += size;
    }
    return { descriptor, places, length };
  } catch {
    // Whatever it is, it is replaced.
    if (descriptor !== undefined) fs.closeSync(descriptor);
    return undefined;
  }
}

/** One part; nothing where its two copies differ. */
function readPart({ descriptor, length }, { size, at }) {
  const bytes = Buffer.allocUnsafeSlow(size);
  fs.readSync(descriptor, bytes, 0, size, at);
  for (let from = 0; from < size;) {
    const most = Math.min(comparing.length, size - from);
    const read = fs.readSync(descriptor, comparing, 0, most, at + length + from);
    if (read === 0 || comparing.compare(bytes, from, from + read, 0, read) !== 0) return undefined;
    from += read;
  }
  return bytes;
}

/** Writes it as a whole, or leaves what is there. */
function writeKept(file, parts) {
  const list = `${JSON.stringify(Array.from(parts, ([name, { stamp, bytes }]) => [name, stamp, bytes.length]))}\n`;
  if (list.length > longestList) return;
  const folder = path.dirname(file);
  const isNew = fs.mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined;
  // What installations and versions of Node left that are no longer used, and what was killed while it wrote.
  if (isNew) removeOld(path.dirname(folder), /^v\d+\.\d+\.\d+.*-[0-9a-f]+$/, monthMs);
  removeOld(folder, /\.js\.\d+$/, minuteMs);
  const draft = `${file}.${process.pid}`;
  try {
    const all = Array.from(parts.values(), ({ bytes }) => bytes);
    const content = Buffer.concat([Buffer.from(list), ...all, ...all]);
    fs.writeFileSync(draft, content, { flag: 'wx', mode: 0o600, flush: true });
    fs.renameSync(draft, file);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  }
}

function removeOld(folder, pattern, ageMs) {
  for (const name of fs.readdirSync(folder).filter((each) => pattern.test(each))) {
    const entry = path.join(folder, name);
    if (Date.now() - fs.lstatSync(entry).mtimeMs > ageMs) fs.rmSync(entry, { recursive: true });
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

  /** Makes the function that is the file. */
  compile(name) {
    const filename = dist + name;
    if (this.#file === undefined) return new Script(read(name), { filename }).runInThisContext();
    // Asked before it is read: who changes the file afterwards changes this, too.
    const { ino, size, ctimeMs } = fs.statSync(filename);
    const stamp = `${ino} ${size} ${ctimeMs}`;
    const place = this.#kept?.places.get(name);
    const cachedData = place?.stamp === stamp ? readPart(this.#kept, place) : undefined;
    const script = new Script(read(name), { filename, cachedData });
    this.isNew ||= script.cachedDataRejected !== false;
    this.#scripts.set(name, { script, stamp });
    return script.runInThisContext();
  }

  /** What was kept and not used stays. */
  keep() {
    const parts = new Map();
    for (const [name, place] of this.#kept?.places ?? []) {
      const bytes = this.#scripts.has(name) ? undefined : readPart(this.#kept, place);
      if (bytes !== undefined) parts.set(name, { stamp: place.stamp, bytes });
    }
    for (const [name, { script, stamp }] of this.#scripts)
      parts.set(name, { stamp, bytes: script.createCachedData() });
    writeKept(this.#file, parts);
  }
}

const read = (name) => fs.readFileSync(dist + name, 'utf8');

/** Runs start.js, which makes a group with what it imports, as does what it loads first, a command. */
function start(folder) {
  const installation = fs.statSync(dist).ino.toString(16);
  const place = folder && `${folder}/${process.version}-${process.arch}-${installation}`;
  const openGroup = (name) => new Group(place && `${place}/${name}`);
  const groups = [openGroup('start.js')];
  const modules = new Map();
  let isStarted = false;

  function load(name) {
    const run = groups.at(-1).compile(name);
    const module = { exports: {} };
    modules.set(name, module);
    run(module.exports, requireOurs, module, dist + name, dist);
  }
  function requireOurs(id) {
    if (!id.startsWith('./')) return require(id);
    const name = id.slice(2);
    if (!modules.has(name)) {
      if (isStarted && groups.length === 1) groups.push(openGroup(name));
      load(name);
    }
    return modules.get(name).exports;
  }

  process.on('exit', () => {
    // Without a command little has run.
    if (groups.length === 1) return;
    try {
      for (const group of groups) if (group.isNew) group.keep();
    } catch {
      // The next start compiles as this one did.
    }
  });
  load('start.js');
  isStarted = true;
}

/** Nothing of the tool is there that could say it better. */
function tellUnbuilt({ LC_ALL: all, LC_MESSAGES: messages, LANG: lang, WECHAT_MP_LANG: own }) {
  const isChinese = /^zh/i.test(own || all || messages || lang || '');
  const text = isChinese
    ? '✗ wechat-mp 尚未构建，或正在重新构建：缺少 dist 目录中的文件\n  解决：请在源码目录运行 npm run build，或重新安装\n'
    : '✗ wechat-mp is not built, or is just being built: files of its folder "dist" are missing\n  Fix: Run npm run build in its source, or install it again\n';
  fs.writeSync(2, text);
  process.exit(7);
}

try {
  start(findFolder(process.env));
} catch (error) {
  if (error.code !== 'ENOENT' || !`${error.path}`.startsWith(dist)) throw error;
  tellUnbuilt(process.env);
}
