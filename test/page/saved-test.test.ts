/** A session on the page, saved and run as a test of the project that it is about. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { beforeEach, describe, expect, test } from 'vitest';
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

/** Runs the code in a project that has the package and Vitest. */
async function runTest(code: string): Promise<{ readonly exit: number | null; readonly said: string }> {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules/wechat-mp-cli'));
  symlinkSync(path.join(root, 'node_modules/vitest'), path.join(folder, 'node_modules/vitest'));
  writeFileSync(path.join(folder, 'session.test.ts'), code);
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--root', folder], { cwd: folder });
  const { code: exit, stdout, stderr } = await ended(child);
  return { exit, said: stdout + stderr };
}

describe('a session that was saved as a test', () => {
  test(
    'passes against the same server, and fails against one that says something else',
    { timeout: 120_000 },
    async () => {
      let welcome = 'Welcome, it\'s "you" \\o/ 欢迎';
      const simulator = await startConfigured(({ body }, response) => {
        if (body.includes('[SCAN]') || body.includes('qrscene_')) response.end(textReply(body, 'Table 12'));
        else if (body.includes('[subscribe]')) response.end(textReply(body, welcome));
        else if (body.includes('[V1001_TODAY]')) response.end(textReply(body, 'Coffee'));
        else response.end('success');
      });
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
      const passed = await runTest(code);
      expect(passed).toMatchObject({ exit: 0, said: expect.stringContaining('1 passed') });
      welcome = 'Something else';
      expect(await runTest(code)).toMatchObject({ exit: 1, said: expect.stringContaining('Something else') });
    },
  );
});
