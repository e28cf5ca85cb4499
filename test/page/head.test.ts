import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { startSimulator, temporaryFolder } from '../helpers/command.ts';
import { closeBrowserAfterwards, needsChromium, openPage, startConfigured, until } from './browser.ts';
import { findCutTexts, seriousFaults } from './looks.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

const menuGet = '/cgi-bin/menu/get';

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

  test('tell after a restart what is still in force, and end it', async () => {
    const state = path.join(temporaryFolder(), 'state.json');
    const words = ['--state', state];
    const first = await startSimulator(words);
    await first.control('scenario', { name: 'ip-not-allowed' });
    await first.control('faults', { path: menuGet, errcode: -1 });
    await first.control('clock', { advance: '2h' });
    await expect.poll(() => readFileSync(state, 'utf8')).toContain('"offsetMs":7200000');
    await first.kill();
    const simulator = await startSimulator(words);
    const page = await openPage(simulator.url);
    await page.getByRole('button', { name: 'Scenario ip-not-allowed: end it' }).click();
    await page.getByRole('button', { name: '1 fault: clear' }).click();
    await page.getByRole('button', { name: 'Clock +2 h: back to real time' }).click();
    await expect.poll(() => page.locator('.head-chip').count()).toBe(0);
    expect(await simulator.control('settings')).toMatchObject({ whitelist: null });
    expect(await simulator.control('faults')).toEqual([]);
    expect(await simulator.control('clock')).toMatchObject({ offset_ms: 0 });
  });

  test('follow the clock of another account: it is the same', async () => {
    const simulator = await startSimulator(['--accounts', '2']);
    const page = await openPage(simulator.url);
    const [, second] = (await simulator.control('accounts')) as readonly { readonly appid: string }[];
    await simulator.control(`clock?account=${second?.appid}`, { advance: '1d' });
    await page.getByRole('button', { name: 'Clock +1 d: back to real time' }).waitFor();
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
