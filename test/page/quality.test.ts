import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { ended, firstLine, start, temporaryFolder } from '../helpers/command.ts';
import {
  closeBrowserAfterwards,
  needsChromium,
  openPage,
  sizes,
  startConfigured,
  textReply,
  type ConfiguredSimulator,
} from './browser.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

const panels = ['phone', 'traffic', 'api', 'settings', 'jssdk'] as const;

/** An account with something in every panel. */
async function startFilled(): Promise<ConfiguredSimulator> {
  const simulator = await startConfigured(({ body }, response) =>
    response.end(textReply(body, 'A long answer <a href="https://example.com/">with a link</a> '.repeat(4))),
  );
  const call = (path: string, body: unknown): Promise<unknown> =>
    simulator.control('call', { method: 'POST', path, body });
  await call('/cgi-bin/menu/create', {
    button: [
      { type: 'click', name: '今日歌曲', key: 'A' },
      { name: '菜单更多', sub_button: [{ type: 'click', name: '赞一下我们吧朋友', key: 'B' }] },
      { type: 'view', name: 'Shop', url: 'https://example.com/' },
    ],
  });
  await call('/cgi-bin/menu/create', { button: [] });
  const { openid } = (await simulator.control('followers', {
    nickname: 'Xiao Ming 小明',
    subscribed: false,
  })) as {
    openid: string;
  };
  await simulator.control(`phone/${openid}/follow`, {});
  await simulator.control(`phone/${openid}/send`, { type: 'text', text: '你好，在吗？'.repeat(10) });
  await simulator.control('faults', { path: '/cgi-bin/menu/get', errcode: 45009 });
  return simulator;
}

/** Texts that leave their box, and boxes that leave the window. */
function findCutTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push('the window scrolls sideways');
    for (const element of document.querySelectorAll<HTMLElement>(
      'button, label, h1, h2, h3, p, summary, .badge, dd, dt',
    )) {
      if (element.closest('.sr') !== null || element.offsetParent === null) continue;
      const { left, right, width } = element.getBoundingClientRect();
      const name = `${element.tagName} "${element.textContent.slice(0, 30)}"`;
      if (width > 0 && (left < -0.5 || right > innerWidth + 0.5)) found.push(`${name} leaves the window`);
      if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
        found.push(`${name} is cut`);
    }
    return found;
  });
}

async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] })',
  )) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

describe.each(['en', 'zh'] as const)('in %s', (language) => {
  test.each(Object.keys(sizes) as (keyof typeof sizes)[])(
    'a window of the size of a %s shows every panel whole and without a serious fault of accessibility',
    { timeout: 60_000 },
    async (size) => {
      const simulator = await startFilled();
      for (const dark of [false, true]) {
        const page = await openPage(simulator.url, { language, size, dark });
        for (const panel of panels) {
          if (panel === 'phone' && size === 'desktop') continue;
          await page.locator(`#tab-${panel}`).click();
          await page.locator(`.panel-${panel} > *`).first().waitFor();
          if (panel === 'api') await page.locator('.card-box').first().waitFor();
          if (panel === 'traffic') {
            await page.locator('.row-push .row-head').first().click();
            await page.locator('.row-detail').waitFor();
          }
          expect({ panel, dark, cut: await findCutTexts(page) }).toEqual({ panel, dark, cut: [] });
          expect({ panel, dark, faults: await seriousFaults(page) }).toEqual({ panel, dark, faults: [] });
        }
      }
    },
  );
});

describe('the language', () => {
  test("is the browser's, can be switched, and stays", async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url, { language: 'zh' });
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('tab', { name: 'Traffic' }).waitFor();
    await page.reload();
    await page.getByRole('tab', { name: 'Traffic' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  });
});

describe('the keyboard', () => {
  test('moves between the tabs with arrows, and leaves a dialog with Escape to where it was', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await page.locator('#tab-traffic').focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('#tab-api:focus[aria-selected="true"]').waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
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
