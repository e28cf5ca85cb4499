// `npm run test:mutation [folder…]`, by default all of src/core, src/api and src/server: breaks each line in turn and
// runs the tests of the mirrored folder, which have to notice. Prints what lives and the score of each folder. A mutant
// with which a test file cannot even be loaded counts as alive: look before you believe it. It takes hours for
// everything, so it is no part of CI; Stryker is fetched for the run and stands in no lock file.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = path.join(root, 'node_modules/.cache/mutation');
const packages = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@9.5.1`);

run('npm', ['install', '--no-save', '--no-audit', '--no-fund', ...packages]);
mkdirSync(work, { recursive: true });
const scores = (process.argv.length > 2 ? process.argv.slice(2) : allFolders()).map(mutate);
for (const { folder, killed, alive } of scores) {
  const percent = killed + alive === 0 ? '–' : `${Math.round((100 * killed) / (killed + alive))} %`;
  console.log(`${folder.padEnd(24)} ${percent.padStart(6)}  ${killed} noticed, ${alive} alive`);
}

/** Nouns of core, and the other two layers as they are. */
function allFolders() {
  const nouns = readdirSync(path.join(root, 'src/core'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(root, 'test/core', entry.name)))
    .map(({ name }) => `core/${name}`);
  return [...nouns, 'api', 'server'];
}

function mutate(folder) {
  const report = path.join(work, 'report.json');
  const settings = path.join(work, 'settings.json');
  rmSync(report, { force: true });
  writeFileSync(
    settings,
    JSON.stringify({
      testRunner: 'vitest',
      plugins: ['@stryker-mutator/vitest-runner'],
      vitest: { configFile: 'test/tools/mutation.config.mts', related: false },
      // Another way to write a text is no mistake, and there is no compiler API for the preparation of tsconfig.json.
      mutate: [`src/${folder}/**/*.ts`, '!src/**/texts.ts', '!src/**/index.ts'],
      mutator: { excludedMutations: ['StringLiteral'] },
      tsconfigFile: 'none',
      ignorePatterns: ['dist', '.ci'],
      coverageAnalysis: 'all',
      concurrency: 2,
      tempDirName: path.join(work, 'sandbox'),
      reporters: ['json', 'clear-text'],
      jsonReporter: { fileName: report },
      clearTextReporter: { allowColor: false, reportTests: false, skipFull: true },
    }),
  );
  run('npx', ['stryker', 'run', settings], { MUTATED_FOLDER: folder });
  const mutants = Object.values(JSON.parse(readFileSync(report, 'utf8')).files).flatMap(
    (file) => file.mutants,
  );
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  return { folder, killed: count('Killed', 'Timeout'), alive: count('Survived', 'NoCoverage') };
}

function run(command, words, environment = {}) {
  const { status } = spawnSync(command, words, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) process.exit(status ?? 1);
}
