// `npm run test:mutation -- [folder or file…] [--sample 60] [--apart 20]`, by default all of src/core, src/api,
// src/server and src/relay: breaks each place of the code in turn, and the tests of the mirrored folder have to notice.
// Prints what lives and the score of each place; with --sample an even part of its mutants, the same part in every run.
//
// Stryker makes the mutants, all of a place in one text in which a number switches one on; it is fetched for the run and
// stands in no lock file. mutation-runner.ts lets each test run again with each mutant that it reaches, in one warm
// process: about 8 ms of CPU for a mutant of core, more where a test starts servers. What is reached only while a module
// is loaded, or by a test that does not pass twice in a row, costs a process of its own, 1.3 s and more; with --apart
// only so many of them are asked. A noun of core takes a minute or a few of CPU, api and relay half an hour each, or two
// minutes with --sample 80: no part of CI.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = path.join(root, 'node_modules/.cache/mutation');
const log = path.join(work, 'log.txt');
const config = 'test/tools/mutation.config.mts';
const instrumenter = '@stryker-mutator/instrumenter';
/** Nothing was begun for so long: a mutant runs for ever. */
const stalledMs = 90_000;
const slowMs = 50;
/** The process group of the tests: a signal from the terminal does not reach it. */
let running;

for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }))
  process.on(signal, () => {
    endTests();
    process.exit(128 + number);
  });

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string' }, apart: { type: 'string' } },
});
const npm = ['install', '--no-save', '--no-audit', '--no-fund', `${instrumenter}@9.5.1`];
if (spawnSync('npm', npm, { cwd: root, stdio: 'inherit' }).status !== 0) process.exit(1);
const { Instrumenter } = await import(instrumenter);

const scores = [];
for (const place of positionals.length > 0 ? positionals : allFolders()) scores.push(await mutate(place));
for (const { place, all, ran, alive } of scores) {
  const percent = ran === 0 ? '–' : `${Math.round((100 * (ran - alive)) / ran)} %`;
  const sample = ran < all ? `, a sample of ${ran} of ${all}` : '';
  console.log(`${place.padEnd(28)} ${percent.padStart(6)}  ${ran - alive} noticed, ${alive} alive${sample}`);
}

/** Nouns of core, and the other layers as they are. */
function allFolders() {
  const nouns = readdirSync(path.join(root, 'src/core'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(root, 'test/core', entry.name)))
    .map(({ name }) => `core/${name}`);
  return [...nouns, 'api', 'server', 'relay'];
}

/** `place` is a folder, or one file of it: the tests are those of the folder. */
async function mutate(place) {
  const isFile = place.endsWith('.ts');
  rmSync(work, { recursive: true, force: true });
  const all = await instrument(isFile ? [place] : sourcesOf(place));
  const chosen = evenly(all, Number(values.sample ?? all.length));
  const folder = isFile ? path.dirname(place) : place;
  const files = new Set(all.map(({ fileName }) => path.join(root, 'src', fileName)));
  const { noticed, unasked } = await runMutants(folder, chosen, [...files].join(path.delimiter));
  const ran = chosen.filter(({ id }) => !unasked.has(id));
  const alive = ran.filter(({ id }) => !noticed.has(id));
  console.log(`\n${place}`);
  for (const mutant of alive) console.log(`  ${told(mutant)}`);
  return { place, all: all.length, ran: ran.length, alive: alive.length };
}

/** Another way to write a text is no mistake: texts stay as they are. */
function sourcesOf(folder) {
  return readdirSync(path.join(root, 'src', folder), { recursive: true })
    .filter((name) => name.endsWith('.ts') && !/(?:^|[/-])(?:texts|index)\.ts$/.test(name))
    .toSorted()
    .map((name) => `${folder}/${name}`);
}

async function instrument(names) {
  const quiet = { debug() {}, info() {}, isDebugEnabled: () => false };
  const files = names.map((name) => ({
    name,
    mutate: true,
    content: readFileSync(path.join(root, 'src', name), 'utf8'),
  }));
  const { files: written, mutants } = await new Instrumenter(quiet).instrument(files, {
    plugins: null,
    excludedMutations: ['StringLiteral'],
    ignorers: [],
  });
  const unusable = mutants.filter(isNoRegExp);
  for (const { name, content } of written) {
    const text = unusable.reduce(
      (whole, { id, replacement }) => whole.replace(`("${id}") ? ${replacement}`, `("${id}") ? undefined`),
      content,
    );
    const file = path.join(work, 'src', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return mutants.filter((mutant) => !mutant.status && !unusable.includes(mutant) && !isText(mutant));
}

/** A pair of texts. */
function isText(mutant) {
  return mutant.mutatorName === 'ObjectLiteral' && /^\{\s*en\b/.test(originalOf(mutant));
}

/** Stryker turns `\v` into `\V`, with which the whole file cannot be read: all its tests would be gone unseen. */
function isNoRegExp({ mutatorName, replacement }) {
  if (mutatorName !== 'Regex') return false;
  const end = replacement.lastIndexOf('/');
  try {
    return !RegExp(replacement.slice(1, end), replacement.slice(end + 1));
  } catch {
    return true;
  }
}

function evenly(mutants, count) {
  const share = Math.max(1, mutants.length / count);
  const chosen = [];
  for (let at = (share - 1) / 2; at < mutants.length; at += share) chosen.push(mutants[Math.round(at)]);
  return chosen;
}

async function runMutants(folder, chosen, files) {
  const noticed = new Set();
  const atRunTime = new Set();
  const apart = new Set();
  const failed = new Set();
  let left = chosen.map(({ id }) => id);
  // Slow tests are asked only about what all others left alive.
  const rounds = [`0 ${slowMs}`, `${slowMs} Infinity`];
  while (rounds.length > 0) {
    writeFileSync(log, '');
    const switches = {
      MUTANTS: left.join(','),
      MUTATION_LOG: log,
      MUTATION_MS: rounds[0],
      MUTATED_FILES: files,
    };
    const result = await runTests(folder, [], switches);
    const begun = linesOf('begun');
    for (const id of linesOf('noticed')) noticed.add(id);
    for (const id of begun) atRunTime.add(id);
    for (const id of linesOf('apart')) apart.add(id);
    const isStalled = result === 'stalled' && begun.length > 0;
    if (isStalled) noticed.add(begun.at(-1));
    const before = left.length;
    left = left.filter((id) => !noticed.has(id));
    // A mutant may leave something broken for the tests behind it: in a new process, without those noticed, they pass.
    const isSpoiled = linesOf('failed').length > 0 && left.length < before;
    if (!isStalled && !isSpoiled) {
      for (const test of linesOf('failed')) failed.add(test);
      for (const test of linesOf('once')) console.log(`does not pass twice in a row: ${test}`);
      rounds.shift();
    }
  }

  for (const id of linesOf('loading')) if (!atRunTime.has(id)) apart.add(id);

  for (const test of failed) console.log(`left out, for it fails without a mutant: ${test}`);
  const words = ['--bail', '1', ...[...failed].flatMap((test) => ['--exclude', test.split(' > ')[0]])];
  left = left.filter((id) => apart.has(id));
  const unasked = new Set(left);
  left = evenly(left, Number(values.apart ?? left.length));
  if (left.length > 0 && (await runTests(folder, words)) !== 0) {
    console.log(`${left.length} not asked, for tests fail without a mutant: ${byHand(folder)}`);
    return { noticed, unasked };
  }
  for (const id of left) {
    unasked.delete(id);
    if ((await runTests(folder, words, { __STRYKER_ACTIVE_MUTANT__: id })) !== 0) noticed.add(id);
  }
  return { noticed, unasked };
}

function linesOf(what) {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${what} `))
    .map((line) => line.slice(what.length + 1));
}

const byHand = (folder) => `MUTATED_FOLDER=${folder} npx vitest run --config ${config}`;

/** Exit code of the tests, or `stalled`. */
async function runTests(folder, words, environment = {}) {
  const child = spawn('npx', ['vitest', 'run', '--config', config, ...words], {
    cwd: root,
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, ...environment, MUTATED_FOLDER: folder },
  });
  running = child.pid;
  let code;
  child.on('exit', (status) => {
    code = status ?? 1;
    running = undefined;
  });
  for (const begun = Date.now(); code === undefined; await wait(200)) {
    const last = environment.MUTATION_LOG === undefined ? begun : Math.max(begun, statSync(log).mtimeMs);
    if (Date.now() - last < stalledMs) continue;
    endTests();
    return 'stalled';
  }
  return code;
}

function endTests() {
  if (running !== undefined) process.kill(-running, 'SIGKILL');
  running = undefined;
}

function originalOf({ fileName, location: { start, end } }) {
  const lines = readFileSync(path.join(root, 'src', fileName), 'utf8')
    .split('\n')
    .slice(start.line, end.line + 1);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column);
  return lines.join('\n').slice(start.column);
}

function told(mutant) {
  const { line, column } = mutant.location.start;
  const short = (text) => (text.length > 160 ? `${text.slice(0, 160)}…` : text).replaceAll(/\s+/g, ' ');
  const change = `${short(originalOf(mutant))}  →  ${short(mutant.replacement)}`;
  return `${mutant.fileName}:${line + 1}:${column + 1} ${mutant.mutatorName}: ${change}`;
}
