import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { ended, firstLine, start, temporaryFolder } from '../helpers/command.ts';
import { closeBrowserAfterwards, needsChromium, openPage, startConfigured } from './browser.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

describe('the language', () => {
  test("is the browser's, can be switched, and stays", async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url, { language: 'zh' });
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('tab', { name: 'Requests' }).waitFor();
    await page.reload();
    await page.getByRole('tab', { name: 'Requests' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  });
});

describe('the keyboard', () => {
  test('moves between the tabs with arrows, and leaves a dialog with Escape to where it was', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await page.locator('#tab-requests').focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('#tab-api:focus[aria-selected="true"]').waitFor();
    for (let pressed = 0; pressed < 3; pressed += 1) await page.keyboard.press('ArrowLeft');
    await page.locator('#tab-jssdk:focus[aria-selected="true"]').waitFor();
    const scan = page.getByRole('button', { name: 'Scan', exact: true });
    await scan.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Scan a code' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await scan.evaluate((element) => element === document.activeElement)).toBe(true);
  });
});

describe('the focus', () => {
  test('stays on the phone when what was pressed disappears', async () => {
    const simulator = await startConfigured();
    await simulator.control('call', {
      method: 'POST',
      path: '/cgi-bin/menu/create',
      body: { button: [{ name: 'More', sub_button: [{ type: 'click', name: 'One', key: 'A' }] }] },
    });
    const page = await openPage(simulator.url);
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
    const press = async (name: string): Promise<void> => {
      await page.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
    };
    await press('Follow');
    await page.locator('.chat:focus').waitFor();
    await press('More');
    await press('One');
    await page.locator('.menu-top > button:focus').waitFor();
    await press('Write a message instead');
    await press('More message types');
    await press('Location');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.composer .round:focus').waitFor();
    await press('Unfollow');
    await page.locator('.chat:focus').waitFor();
  });
});

/** A simulator that the test stops itself. */
async function startOn(port: string): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const child = start(['simulator', '--port', port, '--json'], { env: { HOME: temporaryFolder() } });
  const gone = ended(child);
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(stop);
  const { url } = JSON.parse(await firstLine(child)) as { url: string };
  return { url, stop };
}

describe('the connection', () => {
  test('comes back by itself and catches up', async () => {
    const first = await startOn('0');
    const page = await openPage(first.url, { breaks: true });
    await first.stop();
    await page.getByText('Reconnecting').waitFor();
    const second = await startOn(new URL(first.url).port);
    await fetch(`${second.url}/cgi-bin/menu/get?access_token=none`);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('button', { name: /menu\/get/ }).waitFor();
  });
});

describe('the answer to GET /', () => {
  test('forbids every script but its own, and frames', async () => {
    const simulator = await startConfigured();
    const response = await fetch(simulator.url);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    const outside = await fetch(`${simulator.url}/_page/..%2fstart.js`);
    expect(outside.status).toBe(404);
  });
});
