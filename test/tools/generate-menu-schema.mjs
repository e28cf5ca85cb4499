// Writes menus/menu.schema.json from the tables of the rules: `node test/tools/generate-menu-schema.mjs`.
// A test fails when the file is not what this writes. The tables are TypeScript, which Node 20 does not read by itself.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = path.join(root, 'menus/menu.schema.json');
const folder = mkdtempSync(path.join(tmpdir(), 'menu-schema-'));
const bundle = await rolldown({ input: path.join(root, 'test/tools/menu-schema.ts'), platform: 'node' });
try {
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: 'menu-schema.mjs' });
  const { createMenuSchema } = await import(pathToFileURL(path.join(folder, 'menu-schema.mjs')).href);
  const settings = await resolveConfig(target);
  writeFileSync(target, await format(JSON.stringify(createMenuSchema()), { ...settings, filepath: target }));
} finally {
  await bundle.close();
  rmSync(folder, { recursive: true, force: true });
}
