import { beforeEach, describe, expect, test } from 'vitest';
import { closeBrowserAfterwards, follow, needsChromium, openPage, startConfigured } from './browser.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

/** A red picture of 2 × 2 pixels. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==',
  'base64',
);

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
    await page.getByText('Life of a temporary code, at most 2592000 (30 days)').waitFor();
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
      buffer: png,
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
});
