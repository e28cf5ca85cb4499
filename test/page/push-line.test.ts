import { beforeEach, expect, test } from 'vitest';
import {
  closeBrowserAfterwards,
  follow,
  needsChromium,
  openPage,
  startConfigured,
  until,
  write,
} from './browser.ts';
import { startSimulator } from '../helpers/command.ts';
import { seriousFaults } from './looks.ts';

closeBrowserAfterwards();
beforeEach(needsChromium);

const menu = { button: [{ type: 'click', name: 'Today', key: 'V1001' }] };

test('a tap on a click button leaves a line that leads to its push', async () => {
  const simulator = await startConfigured();
  await simulator.control('call', { method: 'POST', path: '/cgi-bin/menu/create', body: menu });
  const page = await openPage(simulator.url);
  await follow(page);
  await page.getByRole('button', { name: 'Today', exact: true }).click();
  await page.getByRole('button', { name: 'CLICK V1001 → received, no reply' }).click();
  await page.locator('.row-push .row-detail').waitFor();
  // What was accepted and is shown as a message needs no line.
  await expect.poll(() => page.locator('.push-line').count()).toBe(1);
  expect(await seriousFaults(page)).toEqual([]);
});

test('without a server the phone says that a message went nowhere, and where to set one', async () => {
  const simulator = await startSimulator();
  const page = await openPage(simulator.url);
  await follow(page);
  await write(page, 'hello');
  await page.getByRole('button', { name: 'text → went nowhere: no server is set' }).waitFor();
  const texts = await page.getByRole('log').locator('li').allInnerTexts();
  const place = (word: string): number => texts.findIndex((text) => text.includes(word));
  expect(place('subscribe →')).toBeLessThan(place('hello'));
  expect(place('hello')).toBeLessThan(place('text →'));
  await page.getByRole('button', { name: 'Set your server' }).last().click();
  await page.getByLabel("My server's URL").waitFor();
});

test("a code's end is told in local time", async () => {
  const simulator = await startSimulator();
  const page = await openPage(simulator.url, { timezone: 'Asia/Shanghai' });
  await simulator.control('call', {
    method: 'POST',
    path: '/cgi-bin/qrcode/create',
    body: { expire_seconds: 600, action_name: 'QR_SCENE', action_info: { scene: { scene_id: 5 } } },
  });
  const end = await until(async () => {
    const { qrcodes } = (await simulator.control('state')) as {
      qrcodes: { newest: { expires_at: string }[] };
    };
    return qrcodes.newest[0]?.expires_at;
  });
  await page.getByRole('button', { name: 'Scan', exact: true }).click();
  // Eight hours ahead, and never behind.
  const local = new Date(Date.parse(end) + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ');
  await page.getByText(`until ${local}`).waitFor();
});
