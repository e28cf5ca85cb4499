/** The example of the READMEs for a test suite, run in a project that has the package as it is published. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSimulator } from '../../src/library/index.ts';
import { builtFile, cleanEnvironment, ended, temporaryFolder } from '../helpers/command.ts';
import { root } from './project.ts';
import { startServing } from './serving.ts';

function exampleOf(readme: string): string {
  const text = readFileSync(path.join(root, readme), 'utf8');
  const [example, ...others] = Array.from(text.matchAll(/```ts\n([\s\S]*?)```/g), (match) => match[1] ?? '');
  expect(others).toEqual([]);
  return example ?? '';
}

/** A project with the package and Vitest in its `node_modules`. */
function createProject(): string {
  const folder = temporaryFolder();
  const modules = path.join(folder, 'node_modules');
  const target = path.join(modules, 'wechat-mp-cli');
  mkdirSync(target, { recursive: true });
  cpSync(path.join(root, 'package.json'), path.join(target, 'package.json'));
  cpSync(path.dirname(builtFile()), path.join(target, 'dist'), { recursive: true });
  symlinkSync(path.join(root, 'node_modules/vitest'), path.join(modules, 'vitest'));
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  return folder;
}

/** A server that greets, with the secrets that the example's seed makes. */
async function startGreeter(greeting: string): Promise<string> {
  const twin = await createSimulator({ seed: 1 });
  onTestFinished(() => twin.close());
  const rules = path.join(temporaryFolder(), 'rules.json');
  writeFileSync(rules, JSON.stringify([{ event: 'subscribe', reply: greeting }]));
  const { url } = await startServing(['--mode', 'safe', '--rules', rules], { env: twin.env });
  return url;
}

describe.each([
  ['README.md', 'Welcome'],
  ['README.zh-CN.md', '欢迎'],
])('the example of %s', (readme, greeting) => {
  /** As it stands there, with a free port and with what "your code" may be. */
  async function runExample(greeted: string) {
    const folder = createProject();
    const example = exampleOf(readme)
      .replace('http://localhost:3000/wechat', await startGreeter(greeted))
      .replace(
        / {2}\/\/ … .* simulator\.url .*…\n/,
        "  await fetch(`${simulator.url}/cgi-bin/stable_token`, { method: 'POST', body: '{}' });\n",
      );
    expect(example).not.toContain('localhost');
    expect(example).toContain('/cgi-bin/stable_token`');
    writeFileSync(path.join(folder, 'example.test.ts'), example);
    const words = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter', 'json'];
    const child = spawn(process.execPath, words, { cwd: folder, env: cleanEnvironment({ HOME: folder }) });
    const { code, stdout } = await ended(child);
    const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      readonly testResults: readonly {
        readonly assertionResults: readonly { readonly status: string }[];
      }[];
    };
    const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    return { code, statuses: results.map(({ status }) => status) };
  }

  test('passes against a server that greets', async () => {
    expect(await runExample(greeting)).toEqual({ code: 0, statuses: ['passed', 'passed'] });
  });

  // The other example differs in its words only.
  test.runIf(readme === 'README.md')('fails against a server with another greeting', async () => {
    expect(await runExample('Go away')).toEqual({ code: 1, statuses: ['failed', 'passed'] });
  });
});
