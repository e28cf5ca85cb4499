import { beforeEach, describe, expect, test } from 'vitest';
import { closeBrowserAfterwards, needsChromium, openUnread, startConfigured } from './browser.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

describe('before the account is known', () => {
  test('the settings show no form that could be saved', async () => {
    const simulator = await startConfigured();
    await simulator.control('settings', { whitelist: ['203.0.113.7'] });
    const { page, release } = await openUnread(`${simulator.url}/#settings`, 'state');
    await page.locator('.panel-settings').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
    release();
    expect(await page.getByLabel(/^Addresses/).inputValue()).toBe('203.0.113.7');
  });

  test('a form of the API waits for what it is filled in with', async () => {
    const simulator = await startConfigured();
    const { openid } = (await simulator.control('followers', { nickname: 'Li Lei' })) as { openid: string };
    const { page, release } = await openUnread(`${simulator.url}/#api`, 'followers', 'requests');
    await page.locator('.panel-api').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Send', exact: true }).count()).toBe(0);
    release();
    await page.getByLabel('Search', { exact: true }).fill('/cgi-bin/user/info');
    expect(await page.getByLabel('openid', { exact: true }).inputValue()).toBe(openid);
  });

  test('nobody can be asked about, and then somebody can', async () => {
    const simulator = await startConfigured();
    const { page, release } = await openUnread(simulator.url, 'followers');
    const about = page.getByRole('button', { name: 'About this person' });
    expect(await about.isDisabled()).toBe(true);
    release();
    await about.click();
    await page.getByRole('dialog', { name: 'Xiao Ming 小明' }).waitFor();
  });

  test('nothing says that there is no code and no request', async () => {
    const simulator = await startConfigured();
    const { page, release } = await openUnread(`${simulator.url}/#requests`, 'state');
    await page.getByRole('button', { name: 'Scan', exact: true }).click();
    await page.getByRole('dialog', { name: 'Scan a code' }).waitFor();
    await expect.poll(() => page.getByText(/^No codes yet|^No requests yet/).count()).toBe(0);
    release();
    await page.getByText(/^No codes yet/).waitFor();
    await page.getByText('No requests yet').waitFor();
  });
});

test('a reset while somebody is asked about opens the next one', async () => {
  const simulator = await startConfigured();
  const { page, release } = await openUnread(simulator.url);
  release();
  await page.getByRole('button', { name: 'About this person' }).click();
  const first = page.getByRole('dialog', { name: 'Xiao Ming 小明' });
  await first.waitFor();
  const openid = (await first.getByText(/^o[\w-]{27}$/).innerText()).trim();
  await simulator.control('reset', {});
  await first.getByText(openid).waitFor({ state: 'detached' });
  await first.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'About this person' }).click();
  await first.waitFor();
});
