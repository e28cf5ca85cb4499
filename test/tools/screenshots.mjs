// Pictures of the simulator's page, made by test/page/pictures.test.ts. Needs Chromium and a font with Chinese.
// `node test/tools/screenshots.mjs` makes those of the READMEs again, `… <folder>` all panels in all sizes, to look at.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [folder] = process.argv.slice(2);
const wanted =
  folder === undefined
    ? { WECHAT_MP_PICTURES: path.join(root, 'test/page/pictures'), WECHAT_MP_PICTURES_OF: 'readme' }
    : { WECHAT_MP_PICTURES: path.resolve(folder), WECHAT_MP_PICTURES_OF: 'all' };
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--config', 'test/vitest.config.mts', 'test/page/pictures.test.ts'],
  { cwd: root, env: { ...process.env, ...wanted }, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
