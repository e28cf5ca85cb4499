// Builds src/ into a folder of CommonJS files: `node test/tools/build.mjs [folder [entry]]`, by default dist and the tool.
// Node starts CommonJS faster than ES modules, and every file costs a third of a millisecond. So what every start
// needs is one file (start.js), and each command and each library that only some need is a file of its own.
import { rolldown } from 'rolldown';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [folder = path.join(root, 'dist'), entry = 'src/cli/start.ts'] = process.argv.slice(2);
const output = path.resolve(folder);

const bundle = await rolldown({
  input: { [path.basename(entry, '.ts')]: entry },
  cwd: root,
  platform: 'node',
  transform: { target: 'node20' },
  resolve: {
    // commander loads node:child_process (3 ms of every start) for a feature that is not used here.
    alias: { 'node:child_process': path.join(root, 'src/cli/no-child-process.ts') },
    // jsonc-parser's CommonJS build cannot be bundled.
    mainFields: ['module', 'main'],
  },
});
rmSync(output, { recursive: true, force: true });
await bundle.write({
  dir: output,
  format: 'cjs',
  dynamicImportInCjs: false,
  exports: 'named',
  chunkFileNames: '[name].js',
  comments: false,
  minify: true,
});
await bundle.close();
