import { beforeEach, describe, expect, test } from 'vitest';
import {
  closeBrowserAfterwards,
  follow,
  needsChromium,
  openPage,
  startConfigured,
  until,
} from './browser.ts';
import { findCutTexts, seriousFaults } from './looks.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

const menuGet = '/cgi-bin/menu/get';

describe('the rows of the requests', () => {
  test('say what a call does, how long it took and who asked', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await simulator.control('faults', { path: menuGet, delay: '120ms' });
    await fetch(`${simulator.url}${menuGet}`, { headers: { 'user-agent': 'curl/8.5.0' } });
    const row = page.getByRole('button', { name: /menu\/get/ });
    await row.getByText('Read API-made menus (default and conditional)').waitFor();
    await row.getByText('curl/8.5.0').waitFor();
    const ms = /(\d+) ms/.exec(await row.innerText())?.[1];
    expect(Number(ms)).toBeGreaterThanOrEqual(120);
    await page.getByRole('button', { name: '中文' }).click();
    await row.getByText('获取自定义菜单配置').waitFor();
  });

  test('put repeated calls together, which a count opens', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    for (let call = 0; call < 4; call += 1) await fetch(`${simulator.url}${menuGet}`);
    const rows = page.locator('.row');
    const count = page.getByRole('button', { name: '×4 the same: show all' });
    await count.waitFor();
    await expect.poll(() => rows.count()).toBe(1);
    await count.click();
    await until(async () => (await rows.count()) === 4);
    await fetch(`${simulator.url}${menuGet}`);
    await until(async () => (await rows.count()) === 5);
    await page.getByRole('button', { name: '×5 the same: show all' }).click();
    await until(async () => (await rows.count()) === 1);
  });

  test('mark what came while nobody looked, and count it on the tab', async () => {
    const simulator = await startConfigured();
    await fetch(`${simulator.url}/cgi-bin/token`);
    const page = await openPage(simulator.url);
    await page.getByRole('button', { name: /cgi-bin\/token/ }).waitFor();
    await expect.poll(() => page.locator('.row-new').count()).toBe(0);
    await page.locator('#tab-api').click();
    await fetch(`${simulator.url}${menuGet}`);
    await page.locator('#tab-requests .count').getByText('1', { exact: true }).waitFor();
    await page.locator('#tab-requests').click();
    await page.locator('.row').filter({ hasText: menuGet }).locator('.row-new').waitFor();
    await expect.poll(() => page.locator('.row-new').count()).toBe(1);
    await expect.poll(() => page.locator('#tab-requests .count').count()).toBe(0);
    await page.locator('#tab-api').click();
    await page.locator('#tab-requests').click();
    await page.locator('.row').first().waitFor();
    await expect.poll(() => page.locator('.row-new').count()).toBe(0);
  });

  test('are walked and searched with single keys, but not while somebody writes', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    for (const path of ['/cgi-bin/token', menuGet, '/cgi-bin/getcallbackip'])
      await fetch(simulator.url + path);
    await until(async () => (await page.locator('.row').count()) === 3);
    await page.keyboard.press('j');
    await page.locator('.row-head:focus', { hasText: 'getcallbackip' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.row-detail').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.locator('.row-head:focus', { hasText: '/cgi-bin/token' }).waitFor();
    await page.keyboard.press('k');
    await page.locator('.row-head:focus', { hasText: menuGet }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('jk/');
    expect(await page.getByRole('searchbox', { name: 'Search the requests' }).inputValue()).toBe('jk/');
  });

  test('are cleared without a reset', async () => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url);
    await follow(page);
    await fetch(`${simulator.url}${menuGet}`);
    await until(async () => (await page.locator('.row').count()) === 2);
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByText('No requests yet').waitFor();
    await page.getByRole('button', { name: 'Unfollow' }).waitFor();
    expect(await simulator.control('requests')).toEqual([]);
    expect(await simulator.control('pushes')).toEqual([]);
  });
});

describe('the chips in the head', () => {
  test.each(['phone', 'desktop'] as const)('end faults, scenario and moved clock on a %s', async (size) => {
    const simulator = await startConfigured();
    const page = await openPage(simulator.url, { size });
    await simulator.control('scenario', { name: 'quota-used-up' });
    await simulator.control('faults', { path: menuGet, errcode: -1 });
    await simulator.control('clock', { advance: '36h' });
    await page.getByRole('button', { name: 'Scenario quota-used-up: end it' }).waitFor();
    await page.getByRole('button', { name: 'Clock +1.5 d: back to real time' }).waitFor();
    expect(await findCutTexts(page)).toEqual([]);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: '1 fault: clear' }).focus();
    await page.keyboard.press('Enter');
    await until(async () => (await page.locator('.head-chip').count()) === 2);
    await page.getByRole('button', { name: /^Scenario/ }).click();
    await page.getByRole('button', { name: /^Clock/ }).click();
    await until(async () => (await page.locator('.head-chip').count()) === 0);
    expect(await simulator.control('state')).toMatchObject({
      faults: [],
      scenario: [],
      settings: { quotas: {} },
    });
    expect(await simulator.control('clock')).toMatchObject({ offset_ms: 0 });
  });
});

describe('a notice', () => {
  test.each(['phone', 'desktop'] as const)('does not cover the tabs on a %s', async (size) => {
    const simulator = await startConfigured();
    await simulator.control('clock', { advance: '2h' });
    const page = await openPage(simulator.url, { size });
    await page.getByRole('button', { name: /^Clock/ }).click();
    const toast = await page.locator('.toast').boundingBox();
    const tabs = await page.getByRole('tablist', { name: 'Panels' }).boundingBox();
    expect(toast?.y).toBeGreaterThanOrEqual((tabs?.y ?? 0) + (tabs?.height ?? 0));
    expect((toast?.y ?? 0) + (toast?.height ?? 0)).toBeLessThanOrEqual(size === 'phone' ? 844 : 800);
  });
});

describe('the faults in the settings', () => {
  test('are sentences, each with a button that removes it', async () => {
    const simulator = await startConfigured();
    for (const errcode of [45009, 40001]) await simulator.control('faults', { path: menuGet, errcode });
    const page = await openPage(simulator.url, { panel: 'settings' });
    await page.getByRole('button', { name: `Remove: Next call of ${menuGet}: errcode 45009` }).click();
    await until(async () => (await page.locator('.faults li').count()) === 1);
    expect(await simulator.control('faults')).toMatchObject([{ errcode: 40001 }]);
  });
});

describe('the form of the API', () => {
  test('marks an injected fault, and shows no answer under another call', async () => {
    const simulator = await startConfigured();
    await simulator.control('faults', { path: menuGet, errcode: 45009 });
    const page = await openPage(simulator.url, { panel: 'api' });
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('region', { name: 'Answer' }).getByText('injected fault').waitFor();
    await page.getByLabel('Search', { exact: true }).fill('/cgi-bin/user/info');
    await page.locator('form .mono', { hasText: '/cgi-bin/user/info' }).waitFor();
    await expect.poll(() => page.getByRole('region', { name: 'Answer' }).count()).toBe(0);
  });
});
