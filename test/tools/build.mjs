// Builds src/ into a folder of CommonJS files: `node test/tools/build.mjs [folder [entry]]`, by default dist and the tool.
// Node starts CommonJS faster than ES modules, and every file costs a third of a millisecond. So what every start
// needs is one file (start.js), what the quick commands need besides is another (credentials.js), what
// every call needs is a third (client.js), and each command and each library that only some need is a file of its own.
import { rolldown } from 'rolldown';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { formatNotices } from './notices.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [folder = path.join(root, 'dist'), entry = 'src/cli/start.ts'] = process.argv.slice(2);
const output = path.resolve(folder);
/** Every module that went into a file, by its path. */
const modules = [];

/** What is signed with the callback Token, the hashes of all secrets, and small readers that tokens need as well. */
const signatures =
  /cli[\\/](settings[\\/]callback-secrets|frame[\\/]duration)\.ts$|core[\\/](callback[\\/](aes-key|mode|server-url|push-query|signature)|text[\\/](digest|duration|system-reason))\.ts$/;
/** Tokens and tickets, with all that they import. */
const credentials = /cli[\\/]settings[\\/]platform\.ts$|core[\\/]jssdk[\\/]jssdk\.ts$/;
/** What every call of the API needs, without the HTTP library. */
const client = /src[\\/](api[\\/](answer|client|repeat|simulator-token)|core[\\/]errcode[\\/]errcode)\.ts$/;
/** What the simulator needs to listen; the calls of its nouns, what sends pushes and the control side come later. */
const simulated = anyOf(
  String.raw`hono/dist/utils/url\.js`,
  String.raw`src/simulator/(simulator|push/outbox|(account|random)/(?!scenarios)[\w-]+)\.ts`,
  String.raw`src/simulator/server/(?!routes|examples|variables)(faults/)?[\w-]+\.ts`,
  String.raw`src/simulator/control/(callback-config|control|input|jssdk-page|pusher|session/journal|texts|turns|waiting)\.ts`,
  String.raw`src/simulator/nouns/(index|[\w-]+/(state|library|button|format|forms|uploads))\.(ts|json)`,
  String.raw`src/simulator/nouns/(comment|draft|kfsession|media|user)/view\.ts`,
);
/** Small files that are nearly always wanted with each other. */
const together = {
  lines: /(get-east-asian-width[\\/].*|core[\\/]text[\\/]terminal-width|cli[\\/]frame[\\/]fold)\.[jt]s$/,
  suggest: /(fastest-levenshtein[\\/].*|cli[\\/]frame[\\/]suggest)\.[jt]s$/,
  'json-file': /(jsonc-parser[\\/].*|cli[\\/]files[\\/]json-file)\.[jt]s$/,
  'text-input': /cli[\\/]files[\\/](text-input|plain-json)\.ts$/,
  lint: /commands[\\/]menu[\\/](lint|lint-print|file)\.ts$/,
  linter:
    /commands[\\/]menu[\\/](linter|lint-problems)\.ts$|core[\\/]menu[\\/](tree|rules[\\/](conditional-)?texts)\.ts$/,
  menu: /core[\\/](menu[\\/](menu|limits|rules[\\/](problem|level))|text[\\/]phone-width)\.ts$/,
  'menu-rules': /core[\\/](menu[\\/]rules[\\/](?!problem|level)[\w-]+|account[\\/]authorize-url)\.ts$/,
  body: /core[\\/](message[\\/](json-fields|xml)|callback[\\/](base64|body))\.ts$/,
  message: /core[\\/]message[\\/](message|event)\.ts$/,
  callback: /core[\\/]callback[\\/](callback|cbc-chain|message-crypto|message-signature)\.ts$/,
  decrypt:
    /commands[\\/]crypto[\\/]decrypt\.ts$|core[\\/]diagnosis[\\/]decryption[\\/](envelope|layout|step|steps|texts)\.ts$/,
  'live-state': /live-menu[\\/]live-state\.ts$|src[\\/]api[\\/]menu\.ts$/,
  diagnosis: /core[\\/]diagnosis[\\/](callback|callback-texts|search|variants)\.ts$/,
  qrcode: /(core|api)[\\/](qrcode[\\/])?qrcode\.ts$|commands[\\/]qr[\\/]drawing\.ts$/,
  listen: /io[\\/]net[\\/](listen|start-server)\.ts$/,
  fetch: /io[\\/]net[\\/](fetch|direct|exchange)\.ts$/,
  simulated,
};
const shared = [
  { name: 'start', tags: ['$initial'], priority: 5 },
  { name: 'signatures', test: signatures, priority: 4 },
  { name: 'credentials', test: credentials, priority: 3 },
  { name: 'client', test: client, priority: 2, includeDependenciesRecursively: false },
  ...Object.entries(together).map(([name, test]) => ({
    name,
    test,
    priority: 1,
    includeDependenciesRecursively: false,
  })),
];

/** A door (`core/<noun>/index.ts`, `simulator/push/index.ts`) leads to the whole folder; only what is used comes along, as no module acts when it is loaded. */
const treeshake = {
  moduleSideEffects: [{ test: /[\\/]src[\\/](core|simulator[\\/]push)[\\/]/, sideEffects: false }],
};

await bundleTool(entry, output, entry === 'src/cli/start.ts' ? shared : []);
if (entry === 'src/cli/start.ts') {
  finishFiles();
  // The library has files of its own: the tool's are laid out for a fast start of the tool.
  await bundleTool('src/library/index.ts', path.join(output, 'library'));
  declareLibrary(path.join(output, 'library'));
  await buildPage(path.join(output, 'page'));
  writeFileSync(path.join(output, 'THIRD_PARTY_LICENSES.txt'), formatNotices(modules));
  await writeTexts(output);
}

/** Paths on any system. */
function anyOf(...patterns) {
  return new RegExp(`(${patterns.join('|').replaceAll('/', String.raw`[\\/]`)})$`);
}

/** Writes a bundle and notes what it is made of. One that lacks a library would only fail when it runs: it is no build. */
async function writeBundle(input, options) {
  const missing = new Map();
  const bundle = await rolldown({
    ...input,
    cwd: root,
    treeshake,
    onLog(level, log, print) {
      if (log.code === 'UNRESOLVED_IMPORT') missing.set(log.exporter, path.relative(root, log.id));
      else print(level, log);
    },
  });
  const { output: files } = await bundle.write(options);
  await bundle.close();
  for (const { modules: taken = {} } of files) modules.push(...Object.keys(taken));
  if (missing.size === 0) return;
  rmSync(output, { recursive: true, force: true });
  for (const [name, file] of missing)
    console.error(`error: Cannot find the library "${name}", which ${file} imports`);
  console.error('Install all libraries of package-lock.json, then build again: npm ci');
  process.exit(1);
}

async function bundleTool(input, dir, groups = []) {
  rmSync(dir, { recursive: true, force: true });
  await writeBundle(
    {
      input: { [path.basename(input, '.ts')]: input },
      platform: 'node',
      // What the tool's files share may stand in its first one; whoever imports the library sees what it promises alone.
      preserveEntrySignatures: groups.length > 0 ? 'allow-extension' : 'strict',
      transform: { target: 'node20' },
      resolve: {
        // commander loads node:child_process (3 ms of every start) for a feature that is not used here.
        alias: { 'node:child_process': path.join(root, 'src/cli/shared/no-child-process.ts') },
        // jsonc-parser's CommonJS build cannot be bundled.
        mainFields: ['module', 'main'],
      },
    },
    {
      dir,
      format: 'cjs',
      dynamicImportInCjs: false,
      exports: 'named',
      chunkFileNames: '[name].js',
      codeSplitting: { groups },
      comments: false,
      minify: true,
    },
  );
}

/**
 * Makes each file the function that bin/wechat-mp.js calls. What is not ASCII is escaped, for V8 keeps such a text in one
 * byte a character instead of two.
 */
function finishFiles() {
  for (const name of readdirSync(output).filter((each) => each.endsWith('.js'))) {
    const file = path.join(output, name);
    const code = readFileSync(file, 'utf8').replaceAll(/[^\0-\x7f]/g, escapeUnit);
    writeFileSync(file, `(function (exports, require, module, __filename, __dirname) { ${code}\n})`);
  }
}

function escapeUnit(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The library's types in one file: everything that `types.ts` leads to, which is types alone, and what `index.js` exports. */
function declareLibrary(target) {
  const parts = path.join(target, 'parts');
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const base = '--ignoreConfig --module nodenext --target es2023 --strict --types node --skipLibCheck';
  const flags = `${base} --declaration --emitDeclarationOnly --rootDir src`.split(' ');
  execFileSync(process.execPath, [compiler, ...flags, '--outDir', parts, 'src/library/types.ts'], {
    cwd: root,
    stdio: 'inherit',
  });
  const texts = readdirSync(parts, { recursive: true })
    .filter((name) => name.endsWith('.d.ts'))
    .toSorted()
    .map((name) => readFileSync(path.join(parts, name), 'utf8'));
  rmSync(parts, { recursive: true });
  const start = `/** Starts a simulated WeChat platform inside this process, on a free port of 127.0.0.1. */
export declare const createSimulator: CreateSimulator;
`;
  writeFileSync(path.join(target, 'index.d.ts'), rollUp(texts) + start);
}

/** What one file takes from another stands beside it here. A name must be the only one of its kind, and nothing a value. */
function rollUp(texts) {
  const imports = /^(?:(?:import|export) type (?:\{[^}]*\}|\*) from '\.[^']*'|export \{\});\n/gm;
  const all = texts.join('').replaceAll(imports, '');
  const names = Array.from(all.matchAll(/^(?:export )?(?:type|interface) (\w+)/gm), ([, name]) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const values = all.match(/^(?:import|export (?:declare|default|\{|\*)|declare).*/gm) ?? [];
  if (twice.length + values.length > 0)
    throw new Error(`The library's types cannot be one file: ${[...twice, ...values].join(', ')}`);
  return all;
}

/** Schemas and the manual page, which the definitions of the commands say themselves: they are bundled, run and thrown away. */
async function writeTexts(target) {
  const place = mkdtempSync(path.join(tmpdir(), 'wechat-mp-texts-'));
  try {
    await bundleTool('test/tools/shipped.ts', place);
    const { shippedTexts } = createRequire(import.meta.url)(path.join(place, 'shipped.js'));
    for (const [name, text] of Object.entries(await shippedTexts())) {
      mkdirSync(path.dirname(path.join(target, name)), { recursive: true });
      writeFileSync(path.join(target, name), text);
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** The simulator's page: static files that the simulator hands out as they are. */
async function buildPage(target) {
  const source = path.join(root, 'src/simulator/page');
  mkdirSync(target, { recursive: true });
  for (const name of ['index.html', 'icon.svg'])
    copyFileSync(path.join(source, name), path.join(target, name));
  const styles = path.join(source, 'styles');
  const css = readdirSync(styles)
    .toSorted()
    .map((name) => readFileSync(path.join(styles, name), 'utf8'));
  writeFileSync(path.join(target, 'page.css'), css.join('').replaceAll(/\/\*[\s\S]*?\*\/|^\s+/gm, ''));
  await bundlePage({ page: 'src/simulator/page/page.tsx' }, target, 'es');
  // A script of developers' own pages, which load it as they load the official one: no module.
  await bundlePage({ jweixin: 'src/simulator/page/jssdk/jweixin.ts' }, target, 'iife');
}

async function bundlePage(input, dir, format) {
  // The simulator hands out names in small letters alone.
  const chunkFileNames = ({ name }) => `${name.toLowerCase()}.js`;
  await writeBundle(
    {
      input,
      platform: 'browser',
      transform: { target: 'es2023', jsx: { runtime: 'automatic', importSource: 'preact' } },
      resolve: { mainFields: ['module', 'browser', 'main'] },
    },
    { dir, format, chunkFileNames, comments: false, minify: true },
  );
}
