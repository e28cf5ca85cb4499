import { beforeEach, describe, expect, test } from 'vitest';
import {
  closeBrowserAfterwards,
  follow,
  needsChromium,
  openPage,
  redPicture,
  startConfigured,
} from './browser.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

describe('the API form', () => {
  test('fills in the token and explains the errcode', async () => {
    const simulator = await startConfigured();
    const page = await openPage(`${simulator.url}/#api`);
    await page.getByLabel('Search', { exact: true }).fill('menu/create');
    const body = page.getByLabel('Body (JSON)');
    await body.fill('{"button":[]}');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const answer = page.getByRole('region', { name: 'Answer', exact: true });
    await answer.getByText('errcode 40016').waitFor();
    expect(await answer.locator('.explained').innerText()).toMatch(/^40016 .{10,}/);

    await body.fill('{"button":[{"type":"click","name":"Menu","key":"K"}]}');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await answer.getByText('errcode 0').waitFor();
    await expect.poll(() => answer.locator('.explained').count()).toBe(0);
  });

  test('explains parameters', async () => {
    const simulator = await startConfigured();
    const page = await openPage(`${simulator.url}/#api`);
    await page.getByLabel('Search', { exact: true }).fill('qrcode/create');
    await page.getByText('Seconds until a temporary code expires, at most 2592000 (30 days)').waitFor();
  });

  test('uploads a file, and knows its id in the next call', async () => {
    const simulator = await startConfigured();
    const page = await openPage(`${simulator.url}/#api`);
    const search = page.getByLabel('Search', { exact: true });
    await search.fill('/cgi-bin/media/upload ');
    await page.getByLabel(/^Call/).selectOption('media.upload');
    expect(await page.getByLabel('type', { exact: true }).inputValue()).toBe('image');
    await page.getByLabel('media', { exact: true }).setInputFiles({
      name: '店.png',
      mimeType: 'image/png',
      buffer: redPicture,
    });
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const answer = page.getByRole('region', { name: 'Answer', exact: true });
    const text = await answer.locator('pre').innerText();
    const { media_id: mediaId } = JSON.parse(text) as { readonly media_id: string };
    await search.fill('/cgi-bin/media/get');
    await page.getByLabel(/^Call/).selectOption('media.get');
    await expect.poll(() => page.getByLabel('media_id', { exact: true }).inputValue()).toBe(mediaId);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const picture = page.getByRole('img', { name: 'The file in the answer' });
    await picture.waitFor();
    expect(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(2);
  });

  test('fills in the person and a template, so that the example can be sent as it stands', async () => {
    const simulator = await startConfigured();
    const page = await openPage(`${simulator.url}/#api`);
    await follow(page);
    await page.getByLabel('Search', { exact: true }).fill('message/template/send');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('region', { name: 'Answer', exact: true }).getByText('errcode 0').waitFor();
    await page.getByRole('log').locator('.template').waitFor();
  });

  test('sends the AppSecret where it is needed, and shows it nowhere', async () => {
    const simulator = await startConfigured();
    const page = await openPage(`${simulator.url}/#api`);
    await page.getByLabel('Search', { exact: true }).fill('stable_token');
    expect(await page.getByLabel('Body (JSON)').inputValue()).toContain('"secret": "APPSECRET"');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('region', { name: 'Answer', exact: true }).getByText('expires_in').waitFor();
    expect(await page.content()).not.toContain(simulator.secret);
  });

  test('marks an injected fault, and shows no answer under another call', async () => {
    const simulator = await startConfigured();
    const path = '/cgi-bin/menu/get';
    await simulator.control('faults', { path, errcode: 45009 });
    await simulator.control('faults', { path, drop: true });
    const page = await openPage(simulator.url, { panel: 'api' });
    const send = page.getByRole('button', { name: 'Send', exact: true });
    const answer = page.getByRole('region', { name: 'Answer', exact: true });
    await send.click();
    await answer.locator('.verdict-bad', { hasText: '200 · errcode 45009' }).waitFor();
    await answer.getByText('injected fault').waitFor();
    await send.click();
    await answer.locator('.verdict-bad', { hasText: 'dropped' }).waitFor();
    await answer.getByText('injected fault').waitFor();
    await send.click();
    await answer.getByText('errcode 46003').waitFor();
    await expect.poll(() => answer.getByText('injected fault').count()).toBe(0);
    await page.getByLabel('Search', { exact: true }).fill('/cgi-bin/user/info');
    await page.locator('form .mono', { hasText: '/cgi-bin/user/info' }).waitFor();
    await expect.poll(() => answer.count()).toBe(0);
  });

  test('says how often a call may be made: a day or a month, by the account’s own figure', async () => {
    const simulator = await startConfigured();
    await simulator.control('settings', { quotas: { '/cgi-bin/menu/get': 7 } });
    const page = await openPage(simulator.url, { panel: 'api' });
    const choose = async (name: string): Promise<unknown> => page.getByLabel(/^Call/).selectOption(name);
    const about = page.locator('form > .hint');
    await about.getByText(/ · 7 calls a day · /).waitFor();
    await choose('menu.create');
    await about.getByText(/ · 1000 calls a day · /).waitFor();
    await choose('quota.clearAll');
    await about.getByText(/ · 10 calls a month · /).waitFor();
    await choose('callback.ips');
    await expect.poll(() => about.getByText(/calls a/).count()).toBe(0);
    await choose('quota.clear');
    await page.getByRole('button', { name: '中文' }).click();
    await about.getByText(/ · 每月 50 次 · /).waitFor();
  });
});
