/** Runs each test as it is, and then with each mutant that it reached, until one of them is noticed: see `mutation.mjs`. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { TestRunner, type RunnerTestCase, type RunnerTestFile, type RunnerTestSuite } from 'vitest';

const { getTestFn: getFn, getSuiteHooks: getHooks } = TestRunner;

type Hits = Record<string, number>;

/** What the switches that Stryker writes read and count. */
interface Switches {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number;
  hitLimit?: number;
  mutantCoverage: { static: Hits; perTest: Record<string, Hits> };
}

/** What a test itself asked for with onTestFinished(). */
type Finished = RunnerTestCase & { onFinished?: ((context: unknown) => unknown)[] };

const left = new Set((process.env['MUTANTS'] ?? '').split(','));
const [fromMs = 0, toMs = 0] = (process.env['MUTATION_MS'] ?? '').split(' ').map(Number);
const switches: Switches = { mutantCoverage: { static: {}, perTest: {} } };
Object.assign(globalThis, { __stryker__: switches });
let hasLooseEnd = false;
process.removeAllListeners('unhandledRejection').on('unhandledRejection', () => (hasLooseEnd = true));

function note(what: string, about: string): void {
  appendFileSync(process.env['MUTATION_LOG'] ?? '', `${what} ${about}\n`);
}

export default class MutationRunner extends TestRunner {
  /** What is loaded lazily would be loaded by the first test that needs it, and seem to be reached by that alone. */
  async onBeforeRunFiles(): Promise<void> {
    for (const file of (process.env['MUTATED_FILES'] ?? '').split(path.delimiter))
      await this.importFile(file, 'collect');
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const begun = performance.now();
    try {
      switches.currentTestId = test.id;
      await getFn(test)();
    } catch (error) {
      note('failed', nameOf(test));
      throw error;
    } finally {
      switches.currentTestId = undefined;
    }
    const took = performance.now() - begun;
    if (took < fromMs || took >= toMs) return;
    const reached = Object.entries(switches.mutantCoverage.perTest[test.id] ?? {}).filter(([id]) =>
      left.has(id),
    );
    if (reached.length === 0) return;
    if (!(await this.passes(test))) return giveUp(test, reached);
    for (const [id, hits] of reached) {
      note('begun', id);
      Object.assign(switches, { activeMutant: id, hitCount: 0, hitLimit: hits * 100 });
      const isNoticed = !(await this.passes(test));
      switches.activeMutant = undefined;
      if (!isNoticed) continue;
      // Only what passes again without the mutant was broken by it.
      if (!(await this.passes(test))) return giveUp(test, reached);
      left.delete(id);
      note('noticed', id);
    }
  }

  override onAfterRunFiles(): void {
    super.onAfterRunFiles();
    for (const id of Object.keys(switches.mutantCoverage.static)) if (left.has(id)) note('loading', id);
  }

  private async passes(test: RunnerTestCase): Promise<boolean> {
    hasLooseEnd = false;
    try {
      for (const hook of hooksOf(test, 'beforeEach').toReversed())
        await hook(test.context, test.suite ?? test.file);
      this.onBeforeTryTask(test);
      await getFn(test)();
      this.onAfterTryTask(test);
      await new Promise((resolve) => void setImmediate(resolve));
      return !hasLooseEnd;
    } catch {
      return false;
    } finally {
      for (const hook of hooksOf(test, 'afterEach')) await hook(test.context, test.suite ?? test.file);
      for (const end of (test as Finished).onFinished?.splice(0).toReversed() ?? []) await end(test.context);
    }
  }
}

/** Whatever it reached is looked at in a process of its own. */
function giveUp(test: RunnerTestCase, reached: [string, number][]): void {
  note('once', nameOf(test));
  for (const [id] of reached) if (left.has(id)) note('apart', id);
}

function hooksOf(test: RunnerTestCase, name: 'beforeEach' | 'afterEach') {
  const hooks = [];
  let suite: RunnerTestSuite | RunnerTestFile | undefined = test.suite ?? test.file;
  while (suite) {
    hooks.push(...getHooks(suite)[name]);
    suite = 'filepath' in suite ? undefined : (suite.suite ?? suite.file);
  }
  return hooks;
}

function nameOf(test: RunnerTestCase): string {
  return `${path.relative(process.cwd(), test.file.filepath)} > ${test.name}`;
}
