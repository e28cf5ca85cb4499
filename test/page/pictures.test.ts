/**
 * Everything that the page shows, looked at: nothing is cut, and nothing keeps people out. The pictures go nowhere unless `test/tools/screenshots.mjs` asks for
 * them: for the READMEs, or all of them to be looked at.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { closeBrowserAfterwards, needsChromium, openPage, sizes } from './browser.ts';
import { findCutTexts, seriousFaults } from './looks.ts';
import { startScene, stopTheWallClock, type Scene } from './scene.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

const folder = process.env['WECHAT_MP_PICTURES'];
const isEverything = process.env['WECHAT_MP_PICTURES_OF'] === 'all';
/** A README is read over slow lines, too. */
const maxBytes = 150_000;

/** Which pictures the READMEs show, by `<what>-<size>`. */
const inReadme = new Set(['push-desktop', 'api-desktop', 'menu-phone']);

type Size = keyof typeof sizes;

async function showPanel(page: Page, name: string): Promise<void> {
  await page.locator(`#tab-${name}`).click();
  await page.locator(`.panel-${name} > *`).first().waitFor();
}

/** What each picture shows, in the order in which the page comes to it. */
const pictures: Readonly<Record<string, (page: Page, scene: Scene, size: Size) => Promise<unknown>>> = {
  start: (page) => showPanel(page, 'start'),
  async requests(page) {
    await showPanel(page, 'requests');
    // What a call does is read last.
    await page.locator('.row-title').first().waitFor();
  },
  async push(page, { simulator, openid }) {
    await simulator.control('callback', { mode: 'safe', check: false });
    await simulator.control(`phone/${openid}/tap`, { button: [2] });
    await simulator.control('callback', { mode: 'plain', check: false });
    await showPanel(page, 'requests');
    await page.locator('.row-push .row-head').first().click();
    await page.locator('.row-detail .columns').first().waitFor();
  },
  async api(page) {
    await showPanel(page, 'api');
    await page.locator('#api-search').fill('menu/create');
    await page.locator('#api-body').fill('{"button":[{"type":"click","name":"A","key":""}]}');
    await page.locator('form .primary').first().click();
    await page.locator('.answer .explained').waitFor();
    await page.locator('.panel').evaluate((panel) => panel.scrollTo(0, panel.scrollHeight));
  },
  async settings(page) {
    await showPanel(page, 'settings');
    await page.locator('#callback-token').fill('WRONG');
    await page.locator('.settings .primary').first().click();
    await page.locator('.checks').waitFor();
  },
  async account(page) {
    await page.locator('#account-title').evaluate((title) => title.scrollIntoView());
  },
  async more(page) {
    await showPanel(page, 'settings');
    await page.locator('.templates').first().waitFor();
    await page.locator('.panel').evaluate((panel) => panel.scrollTo(0, panel.scrollHeight));
  },
  async jssdk(page, { simulator }) {
    await showPanel(page, 'jssdk');
    await page.locator('summary').click();
    const values = [
      simulator.appid,
      '1414587457',
      'Wm3WZYTPz0wzccnW',
      'a'.repeat(40),
      'http://localhost/#top',
    ];
    for (const [index, name] of ['appId', 'timestamp', 'nonceStr', 'signature', 'url'].entries()) {
      await page.locator(`#hand-${name}`).fill(values[index] ?? '');
    }
    await page.locator('details button').click();
    await page.locator('details .explained').waitFor();
    await page.locator('.panel').evaluate((panel) => panel.scrollTo(0, panel.scrollHeight));
  },
  async phone(page, { last }, size) {
    if (size === 'phone') await showPanel(page, 'phone');
    else await showPanel(page, 'requests');
    await page.getByRole('log').getByText(last).waitFor();
  },
  async menu(page) {
    await page.locator('.menu-top > button[aria-expanded]').click();
    await page.locator('.sub-menu').waitFor();
  },
  async kinds(page) {
    await page.keyboard.press('Escape');
    await page.locator('.switch').click();
    await page.locator('.composer .round').click();
    await page.locator('.kinds').waitFor();
  },
  async scan(page) {
    await page.locator('.screen-head button').first().click();
    await page.locator('dialog .codes').waitFor();
  },
  async person(page) {
    await page.keyboard.press('Escape');
    await page.locator('.people .round').click();
    await page.locator('dialog .pairs').waitFor();
  },
};

describe.each(['en', 'zh'] as const)('the page in %s', (language) => {
  test.each(Object.keys(sizes) as Size[])(
    'is whole and accessible in a window of the size of a %s',
    { timeout: 60_000 },
    async (size) => {
      const scene = await startScene(language);
      const page = await openPage(scene.simulator.url, { language, size });
      await stopTheWallClock(page);
      for (const [name, show] of Object.entries(pictures)) {
        await show(page, scene, size);
        expect({ name, cut: await findCutTexts(page) }).toEqual({ name, cut: [] });
        await take(page, `${name}-${size}`, language);
        // The Chinese page has other words in the same elements.
        if (language === 'zh') continue;
        expect({ name, faults: await seriousFaults(page) }).toEqual({ name, faults: [] });
        // In the dark only the colours are others, and they do not depend on the size.
        if (size === 'phone') continue;
        await page.emulateMedia({ colorScheme: 'dark' });
        const faults = await seriousFaults(page, 'color-contrast');
        await page.emulateMedia({ colorScheme: 'light' });
        expect({ name, faults }).toEqual({ name, faults: [] });
      }
    },
  );
});

async function take(page: Page, name: string, language: string): Promise<void> {
  if (!inReadme.has(name) && !(folder !== undefined && isEverything)) return;
  const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  if (isEverything) {
    save(`${name}-${language}.png`, picture);
    return;
  }
  const small = await toWebp(page, picture);
  expect({ name, isSmall: small.length <= maxBytes }).toEqual({ name, isSmall: true });
  save(`${name}-${language}.webp`, small);
}

function save(name: string, picture: Uint8Array): void {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), picture);
}

/** The same pixels in half the bytes. */
async function toWebp(page: Page, picture: Buffer): Promise<Buffer> {
  const blank = await page.context().newPage();
  const base64 = await blank.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (character) => character.codePointAt(0) ?? 0);
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    // Quirk: Chromium takes quality 1 as "without loss".
    const webp = await canvas.convertToBlob({ type: 'image/webp', quality: 1 });
    return await new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.addEventListener('load', () => resolve(String(reader.result).replace(/^.*,/, '')));
      reader.readAsDataURL(webp);
    });
  }, picture.toString('base64'));
  await blank.close();
  return Buffer.from(base64, 'base64');
}
