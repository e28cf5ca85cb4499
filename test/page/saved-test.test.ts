/** A session on the page, saved and run as a test of the project that it is about. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { beforeEach, describe, expect, test } from 'vitest';
import { startCallbackServer, type Answering } from '../helpers/callback-server.ts';
import { ended, temporaryFolder } from '../helpers/command.ts';
import {
  closeBrowserAfterwards,
  follow,
  needsChromium,
  openPage,
  startConfigured,
  textReply,
  until,
  write,
} from './browser.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

const root = path.join(import.meta.dirname, '../..');

/** Runs the codes, by the names of their files, in a project that has the package and Vitest. */
async function runTests(codes: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules/wechat-mp-cli'));
  symlinkSync(path.join(root, 'node_modules/vitest'), path.join(folder, 'node_modules/vitest'));
  for (const [name, code] of Object.entries(codes)) writeFileSync(path.join(folder, `${name}.test.ts`), code);
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const results = path.join(folder, 'results.json');
  const words = ['--reporter', 'default', '--reporter', 'json', '--outputFile', results];
  const once = ['run', '--root', folder, '--pool', 'threads', '--no-isolate'];
  const { stdout, stderr } = await ended(
    spawn(process.execPath, [vitest, ...once, ...words], { cwd: folder }),
  );
  const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as {
    readonly testResults: readonly { readonly name: string; readonly status: string }[];
  };
  return {
    said: stdout + stderr,
    status: Object.fromEntries(
      testResults.map(({ name, status }) => [path.basename(name, '.test.ts'), status]),
    ),
  };
}

describe('a session that was saved as a test', () => {
  test(
    'passes against the same server, and fails against one that says something else',
    { timeout: 120_000 },
    async () => {
      const welcome = 'Welcome, it\'s "you" \\o/ 欢迎';
      let host = '';
      const welcoming =
        (words: string): Answering =>
        ({ body, headers }, response) => {
          host ||= headers.host ?? '';
          if (body.includes('[SCAN]') || body.includes('qrscene_')) response.end(textReply(body, 'Table 12'));
          else if (body.includes('[subscribe]')) response.end(textReply(body, words));
          else if (body.includes('[V1001_TODAY]')) response.end(textReply(body, 'Coffee'));
          else response.end('success');
        };
      const simulator = await startConfigured(welcoming(welcome));
      const page = await openPage(simulator.url, { panel: 'start' });
      await page.getByRole('button', { name: 'Push the sample menu' }).click();
      await follow(page);
      await page.getByRole('log').getByText(welcome).waitFor();
      await page.getByRole('button', { name: 'Today', exact: true }).click();
      await page.getByRole('log').getByText('Coffee').waitFor();
      await page.getByRole('button', { name: 'Write a message instead' }).click();
      await write(page, 'hello');
      await until(() => simulator.pushed().some((push) => push.includes('hello')));
      await simulator.control('call', {
        method: 'POST',
        path: '/cgi-bin/qrcode/create',
        body: {
          expire_seconds: 600,
          action_name: 'QR_STR_SCENE',
          action_info: { scene: { scene_str: 'table-12' } },
        },
      });
      await page.getByRole('button', { name: 'Scan', exact: true }).click();
      await page.getByRole('button', { name: 'Scan table-12' }).click();
      await page.getByRole('log').getByText('Table 12').waitFor();
      await simulator.control('faults', { path: '/cgi-bin/menu/get', errcode: 45009 });
      await simulator.control('clock', { advance: '2h' });

      await page.locator('#tab-requests').click();
      await page.getByRole('button', { name: 'Save as a test' }).click();
      await page.getByRole('region', { name: 'Test code' }).getByText('makeCode').first().waitFor();
      await page.getByRole('button', { name: 'Copy the test' }).click();
      const code = await until(async () => {
        const text = await page.evaluate(() => navigator.clipboard.readText());
        return text.includes('createSimulator') && text;
      });
      expect(code.split('\n')).toEqual(
        expect.arrayContaining([
          "  await simulator.advance('2h');",
          "  await simulator.fault({ path: '/cgi-bin/menu/get', errcode: 45009 });",
          "  expect(said(await person.tap([0]))).toMatchObject([{ type: 'text', text: 'Coffee' }]);",
          "  expect(said(await person.send('hello'))).toMatchObject([]);",
        ]),
      );
      const other = await startCallbackServer(welcoming('Something else'));
      expect(code).toContain(host);
      expect(await runTests({ same: code, other: code.replaceAll(host, new URL(other.url).host) })).toEqual({
        said: expect.stringContaining('Something else'),
        status: { same: 'passed', other: 'failed' },
      });
    },
  );
});
