// Builds src/ into a folder of CommonJS files: `node test/tools/build.mjs [folder]`, by default dist.
// esbuild splits only ES modules, and Node starts CommonJS faster than ES modules. So there are two steps:
// bundle and split as ES modules, then rewrite each file as CommonJS. Cold code stays in files of its own.
import { build } from 'esbuild';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = fileURLToPath(new URL('../..', import.meta.url));
const output = path.resolve(process.argv[2] ?? path.join(root, 'dist'));
const modules = path.join(output, 'esm');

const common = {
  platform: 'node',
  target: 'node20',
  charset: 'utf8',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // jsonc-parser's CommonJS build cannot be bundled.
  mainFields: ['module', 'main'],
  logLevel: 'warning',
  absWorkingDir: root,
};

rmSync(output, { recursive: true, force: true });
mkdirSync(modules, { recursive: true });
await build({
  ...common,
  entryPoints: { start: 'src/cli/start.ts' },
  bundle: true,
  splitting: true,
  format: 'esm',
  outdir: modules,
  chunkNames: 'c-[hash]',
  // commander loads node:child_process (3 ms of every start) for a feature that is not used here.
  alias: { 'node:child_process': './src/cli/no-child-process.ts' },
});
await build({
  ...common,
  entryPoints: readdirSync(modules).map((name) => path.join(modules, name)),
  format: 'cjs',
  supported: { 'dynamic-import': false },
  outdir: output,
});
rmSync(modules, { recursive: true, force: true });
